"""Words for terms in the notes that go with winning: worth a look, never a cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib.rep_comparison.phrases import DUE_IN_SELLING_DAYS, NO_CAUSE, span
from salesops_lib.wording import Finding, count, listing, number, percent, plain, signed

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties

MOST_TOLD = 5
"""Terms told one by one; the table has all."""


def describe_terms_of_top_performers(
    rows: pd.DataFrame,
    *,
    duties: Duties,
    confidence: float,
) -> Finding:
    """Say which terms in the notes go with winning more than expected, and that this is no proof."""
    looked = rows[rows["p_value"].notna()]
    if looked.empty:
        text = (
            "No word stands in the notes of enough reps and on enough deals to be looked at: half of the reps and at "
            "least eight, 20 closed deals, written by the deal's owner before the day it closed."
        )
        return Finding("No terms in notes to look at yet", text, is_headline=False)
    found = looked[looked["is_worth_a_look"]]
    first: Any = next(looked.itertuples())
    base = (
        f"{count(len(looked), 'term')} in the notes on {count(first.n_deals, 'closed deal')} of "
        f"{count(first.n_reps, 'rep')} {span(rows)} stand beside winning more or less than expected, within teams; all "
        f"{len(looked)} are allowed for (false discovery rate {percent(1 - confidence)}). "
        "Notes of the day a deal closed do not count."
    )
    if found.empty:
        title = f"No term in the notes goes with winning more, beyond chance ({len(looked)} looked at)"
        return Finding(title, f"{base} {_told(first, is_found=False)}", is_headline=False)
    fullest = found[[not _stands_in_another(term, found["term"]) for term in found["term"]]]
    parts = [base, *(_told(row, is_found=True) for row in fullest.head(MOST_TOLD).itertuples())]
    if len(found) > min(len(fullest), MOST_TOLD):
        parts.append(f"The table has all {len(found)}.")
    parts.append(f"A term stands for something done or said: ask those who write it what that is. {NO_CAUSE}")
    action = duties.action(
        f"Add to the playbook as candidates, and try with a few reps: {listing(list(fullest['candidate']))}.",
        kpi="win_rate",
        within=DUE_IN_SELLING_DAYS,
        rule=f"A term goes with winning more than expected at a false discovery rate of {percent(1 - confidence)}.",
    )
    title = f"Worth a look in the notes: {listing([f'“{term}”' for term in fullest['term']])}"
    return Finding(title, " ".join(parts), action=action)


def _stands_in_another(term: str, terms: pd.Series[str]) -> bool:
    """Whether a pair of the list says it with more: ``pilot`` where there is ``pilot scope``."""
    return any(term != other and term in other.split(" ") for other in terms)


def _told(row: Any, *, is_found: bool) -> str:
    term = f"“{plain(row.term)}”"
    lead = f"**{term}**" if is_found else f"Nearest to it comes {term}, within chance"
    return (
        f"{lead}: in {percent(row.top_rate, 1)} of a deal's notes for the quarter who win most beside what is "
        f"expected, {percent(row.others_rate, 1)} for the others (rank correlation {signed(row.correlation, 2)}, "
        f"{signed(row.correlation_low, 2)} to {signed(row.correlation_high, 2)}; n = {number(row.n_reps)}; on "
        f"{count(row.n_deals_with_term, 'deal')})."
    )
