"""Faults of open deals: what each hygiene rule looks at, whom it can judge, and how to mend what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
from ibis import _

from salesops_lib.measures import how_many, quantiles

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

STUCK_SHARE = 0.9
"""A deal is stuck once it has been in its stage for longer than this share of the stays that ended there."""
MIN_STAYS = 20
"""Fewest ended stays before a stage's usual length is known."""
MOST_PUSHES = 2
TWIN_DAYS = 14
"""Two alike deals of one account opened within so many days are taken for one."""
MOST_TWINS_RATE = 0.02
"""Where more closed deals than this have a twin, customers buy alike deals in a row and twins say nothing."""


@dataclass(frozen=True)
class Fault:
    """One thing that can be wrong with an open deal."""

    key: str
    """Column of the flag."""
    name: str
    brief: str
    """A word or two, for lists."""
    fix: str
    needs: str
    """What the data must hold for the rule to judge anything."""


FAULTS = (
    Fault("is_too_old", "Older than any win", "too old", "Close, or restart as new",
          "creation dates and a won deal"),
    Fault("is_twin", "Perhaps entered twice", "twice", "Merge with its twin",
          "accounts, and amounts that tell deals apart"),
    Fault("is_overdue", "Close date has passed", "overdue", "Agree a new date, or close",
          "expected close dates"),
    Fault("is_stuck", "Stuck in its stage", "stuck", "Agree what moves it, or close", "a stage history"),
    Fault("is_pushed", "Pushed more than twice", "pushed", "Ask when they will buy",
          "a stage history with expected close dates"),
    Fault("has_no_amount", "No amount in stage 3 on", "no amount", "Enter the amount",
          "a sales process of three stages or more"),
    Fault("has_no_next_step", "No next step", "no next step", "Write down a next step", "next steps"),
)  # fmt: skip
"""Every fault, gravest first: the first one that a deal has decides what to do about it."""


def judged_faults(crm: Crm) -> set[str]:
    """Keys of the rules that this company's data can answer."""
    rows = crm.opportunities
    is_won = (rows.status == "won") & rows.created_on.notnull() & rows.closed_on.notnull()
    counts = crm.fetch(
        rows.agg(
            is_too_old=how_many(is_won),
            is_twin=how_many((rows.status == "open") & rows.account_id.notnull() & (rows.amount > 0)),
            is_overdue=how_many((rows.status == "open") & rows.expected_close_on.notnull()),
            has_no_next_step=how_many(rows.next_step.notnull()),
        )
    ).iloc[0]
    judged = {str(key) for key in counts.index if counts[key] > 0}
    if "is_twin" in judged and _twins_are_usual(crm):
        judged.remove("is_twin")
    if crm.has("visits"):
        judged.add("is_stuck")
    if crm.has("spans") and "is_overdue" in judged:
        judged.add("is_pushed")
    if len(crm.stages) > 2:
        judged.add("has_no_amount")
    return judged


def _twins_are_usual(crm: Crm) -> bool:
    closed = crm.opportunities.filter(_.status != "open")
    counts = crm.fetch(
        closed.mutate(twin=_is_twin(closed)).agg(n=_.count(), twins=how_many(_.twin.fill_null(False)))
    ).iloc[0]
    return bool(counts["twins"] > MOST_TWINS_RATE * counts["n"])


def flagged_deals(crm: Crm, judged: set[str]) -> ir.Table:
    """Open deals with one flag per fault (``False`` where the rule cannot judge), ``n_faults`` and ``age_days``."""
    as_of = ibis.date(str(crm.as_of))
    rows = crm.opportunities.filter(_.status == "open")
    rows = rows.mutate(age_days=as_of.delta(rows.created_on, unit="day").cast("int64"))
    rows = _with_longest_cycle(crm, rows)
    rows = rows.mutate(
        is_too_old=(rows.age_days > rows.longest_days),
        is_overdue=(rows.expected_close_on < as_of),
        has_no_next_step=(rows.next_step.fill_null("").strip() == ""),
        has_no_amount=rows.stage.isin(list(crm.stages[2:])) & (rows.amount.fill_null(0) <= 0),
        is_twin=_is_twin(rows),
    )
    rows = (
        _with_stays(crm, rows) if "is_stuck" in judged else rows.mutate(is_stuck=False, stage_days=ibis.null("int64"))
    )
    rows = _with_pushes(crm, rows) if "is_pushed" in judged else rows.mutate(is_pushed=False)
    keys = [fault.key for fault in FAULTS]
    rows = rows.mutate(**{key: rows[key].fill_null(False) if key in judged else ibis.literal(False) for key in keys})
    n_faults = sum((ibis.ifelse(rows[key], 1, 0) for key in keys), ibis.literal(0))
    return rows.mutate(n_faults=n_faults.cast("int64"))


def _with_longest_cycle(crm: Crm, rows: ir.Table) -> ir.Table:
    deals = crm.opportunities
    won = deals.filter(deals.status == "won", deals.created_on.notnull(), deals.closed_on.notnull())
    longest = won.agg(longest_days=won.closed_on.delta(won.created_on, unit="day").cast("int64").max())
    return rows.cross_join(longest)


def _is_twin(rows: ir.Table) -> ir.Value:
    """Whether an alike deal of the account, with the same amount, was opened shortly before."""
    alike = ibis.window(group_by=["account_id", "product", "kind", "amount"], order_by=["created_on", "opportunity_id"])
    days = rows.created_on.delta(rows.created_on.lag().over(alike), unit="day")
    return rows.account_id.notnull() & (rows.amount > 0) & (days <= TWIN_DAYS)


def _with_stays(crm: Crm, rows: ir.Table) -> ir.Table:
    """Add ``stage_days`` so far and whether that is longer than nine in ten stays that ended in the stage."""
    visits = crm.visits
    usual = quantiles(visits.filter(visits.left_on.notnull()), "days", by=["stage"], shares=[STUCK_SHARE])
    usual = usual.filter(usual.n >= MIN_STAYS).select(usual_stage=_.stage, usual_days=_[f"q{STUCK_SHARE * 100:g}"])
    here = visits.filter(visits.left_on.isnull()).group_by(stay_deal=visits.opportunity_id)
    here = here.agg(entered_on=_.entered_on.max())
    joined = rows.left_join(here, rows.opportunity_id == here.stay_deal)
    joined = joined.left_join(usual, joined.stage == usual.usual_stage)
    joined = joined.mutate(stage_days=ibis.date(str(crm.as_of)).delta(joined.entered_on, unit="day").cast("int64"))
    return joined.mutate(is_stuck=joined.stage_days > joined.usual_days).drop(
        "stay_deal", "entered_on", "usual_stage", "usual_days"
    )


def _with_pushes(crm: Crm, rows: ir.Table) -> ir.Table:
    """Add whether the expected close date was put off more than twice while the deal was open."""
    spans = crm.spans.filter(~_.stage.isin(["won", "lost"]), _.expected_close_on.notnull())
    before = spans.expected_close_on.lag().over(ibis.window(group_by="opportunity_id", order_by="valid_from"))
    pushes = spans.mutate(is_push=(spans.expected_close_on > before).fill_null(False))
    counts = pushes.group_by(pushed_deal=pushes.opportunity_id).agg(n_pushes=how_many(_.is_push))
    joined = rows.left_join(counts, rows.opportunity_id == counts.pushed_deal)
    return joined.mutate(is_pushed=joined.n_pushes > MOST_PUSHES).drop("pushed_deal", "n_pushes")
