"""Terms: words and pairs of words in the notes on closed deals, taken apart and counted in the engine.

Tables in: ``activities``, ``opportunities``, ``reps``; ``accounts`` and ``teams`` of a ``Crm`` where present.
Tables out: one row per rep, status and term, of the terms that many reps use. No note leaves the engine, and which
terms are looked at never hangs on who wins. Counted are notes that a deal's owner wrote before the day it closed: what
is written at the end says how it ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import closed_in, ratio

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

FEWEST_REPS = 8
FEWEST_REPS_SHARE = 0.5
"""Reps who use a term, at least: names of customers and colleagues, and one rep's pet words, do not show."""
FEWEST_DEALS = 20
MOST_DEALS_SHARE = 0.8
"""A term on more of the deals than this tells none of them apart."""
MOST_TERMS = 150
_READ = 2_000
"""Letters of a note that are read: further down an email stands mostly the thread that it answers."""
_LONGEST_WORD = 40

# Whatever is no letter of any script: controls, ASCII and Latin-1 marks and digits, digits and marks of other scripts,
# punctuation, symbols, emoji. Ranges of characters, as engines know different names for classes of them.
_NO_LETTERS = (
    "[[:cntrl:]!-@[-`{-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u0589-\u058a\u05be\u0600-\u061f"
    "\u0660-\u066d\u06d4\u06f0-\u06f9\u0964-\u096f\u2000-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3030\ue000-\uf8ff"
    "\ufe00-\ufe6f\ufeff-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffff\U0001f000-\U0001faff\U000e0000-\U0010ffff]+"
)
_STOP = "."
"""Stands where something other than letters stood: a pair of words does not reach across it."""


@dataclass(frozen=True)
class TermCounts:
    """What the notes hold, of reps with enough deals; rows by ``rep_id`` and ``status``, a column per term."""

    noted: pd.Series[float]
    """Deals with a note."""
    deals: pd.DataFrame
    """Deals on which a note mentions the term."""
    notes: pd.DataFrame
    """Notes that mention it."""
    shares: pd.DataFrame
    """Share of a deal's notes that mention it, summed over deals: a deal with many notes weighs as one with few."""


def term_counts(crm: Crm, window: Period, *, n_reps: int, min_closed: int) -> TermCounts:
    """Terms that at least half of the reps use, the most frequent ones, and how often each rep uses them.

    Args:
        crm: Needs ``activities`` with notes.
        window: Deals that closed in it.
        n_reps: Reps compared.
        min_closed: Fewest closed deals of a rep who counts.
    """
    cell = ["rep_id", "status"]
    notes = _notes(crm, window, min_closed)
    counts = _mentions(crm, notes).group_by([*cell, "term"])
    counts = counts.agg(n_deals=_.opportunity_id.nunique(), n_notes=_.count(), note_share=_.part_of_deal.sum())
    rows = crm.fetch(counts.inner_join(_chosen(notes, counts, n_reps), "term").order_by([*cell, "term"]))
    noted = notes.group_by(cell).agg(n_noted=_.opportunity_id.nunique()).order_by(cell)
    n_noted = crm.fetch(noted).set_index(cell)["n_noted"].astype(float)
    wide = {
        name: rows.pivot(index=cell, columns="term", values=name).reindex(n_noted.index).fillna(0.0).astype(float)
        for name in ("n_deals", "n_notes", "note_share")
    }
    kept = _one_of_each(wide["n_notes"])
    return TermCounts(n_noted, wide["n_deals"][kept], wide["n_notes"][kept], wide["note_share"][kept])


def _one_of_each(notes: pd.DataFrame) -> list[str]:
    """Terms, with the longest alone of those that always stand together: ``finance lead`` for ``finance``."""
    terms = sorted(map(str, notes.columns), key=lambda term: (-len(term), term))
    is_repeated = notes[terms].T.duplicated()
    return sorted(term for term in terms if not is_repeated[term])


def _notes(crm: Crm, window: Period, min_closed: int) -> ir.Table:
    """Notes of owners on their own closed deals, before the closing day, each with its part of the deal's notes."""
    closed = closed_in(crm.opportunities, window)
    n_closed = ibis.window(group_by="rep_id")
    closed = closed.mutate(n_closed=closed.count().over(n_closed)).filter(_.n_closed >= min_closed)
    closed = closed.select("opportunity_id", "rep_id", "status", "account_id", "closed_on")
    written = crm.activities.filter(_.note.notnull(), _.note.strip() != "").select(
        "activity_id", "note", deal=_.opportunity_id, writer=_.rep_id, written_on=_.done_at.date()
    )
    rows = closed.inner_join(written, [closed.opportunity_id == written.deal, closed.rep_id == written.writer])
    rows = rows.filter(rows.written_on < rows.closed_on)
    n_of_deal = rows.count().over(ibis.window(group_by="opportunity_id"))
    return rows.mutate(part_of_deal=ratio(ibis.literal(1), n_of_deal))


def _mentions(crm: Crm, notes: ir.Table) -> ir.Table:
    """One row per note and term in it: a thread that repeats itself mentions a term once."""
    words = _words(notes.select("activity_id", "account_id", "note"), notes.note)
    words = _without_names(crm, words)
    order = ibis.window(group_by="activity_id", order_by="place")
    words = words.mutate(next_place=words.place.lead().over(order), next_word=words.word.lead().over(order))
    pairs = words.filter(_.next_place == _.place + 1).select("activity_id", term=_.word + " " + _.next_word)
    terms = words.select("activity_id", term=_.word).union(pairs, distinct=True)
    return terms.inner_join(notes.drop("note"), "activity_id")


def _words(rows: ir.Table, text: ir.Value) -> ir.Table:
    """One row per word of a text, in lower case, with its place; words of one letter only hold theirs."""
    spaced = text.substr(0, _READ).lower().re_replace(_NO_LETTERS, f" {_STOP} ")
    parts = rows.mutate(word=spaced.split(" ")).unnest("word", offset="place")
    return parts.filter(parts.word.length().between(2, _LONGEST_WORD))


def _without_names(crm: Crm, words: ir.Table) -> ir.Table:
    """The words, less those of anybody's name in sales, and less those of the name of the deal's own customer."""
    named = [crm.reps.name, crm.reps.rep_id]
    if crm.has("teams"):
        named.append(crm.teams.manager_name)
    people = ibis.union(*(_words(name.as_table(), name).select("word") for name in named), distinct=True)
    words = words.anti_join(people, "word")
    if not crm.has("accounts"):
        return words
    customers = crm.accounts.filter(_.name.notnull()).select("account_id", "name")
    of_customers = _words(customers, customers.name).select("account_id", "word")
    return words.anti_join(of_customers, ["account_id", "word"])


def _chosen(notes: ir.Table, counts: ir.Table, n_reps: int) -> ir.Table:
    """Terms to look at, by how many use them alone; a deal has one owner and one end, so that its counts add up."""
    used = counts.group_by("term").agg(n_using=_.rep_id.nunique(), n_on=_.n_deals.sum())
    used = used.cross_join(notes.agg(n_noted=_.opportunity_id.nunique()))
    often = used.filter(
        _.n_using >= max(FEWEST_REPS, ceil(FEWEST_REPS_SHARE * n_reps)),
        _.n_on.between(FEWEST_DEALS, MOST_DEALS_SHARE * _.n_noted),
    )
    return often.order_by([_.n_on.desc(), "term"]).limit(MOST_TERMS).select("term")
