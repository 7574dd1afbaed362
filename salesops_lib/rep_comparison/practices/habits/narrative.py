"""Words for habits that go with winning: worth a look, never a cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib.rep_comparison.phrases import DUE_IN_SELLING_DAYS, NO_CAUSE, span
from salesops_lib.wording import Finding, count, listing, number, percent, signed

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties


def describe_practices_of_top_performers(
    rows: pd.DataFrame,
    *,
    duties: Duties,
    confidence: float,
) -> Finding:
    """Say which habits go with winning more than expected, and that this is no proof."""
    looked = rows[rows["p_value"].notna()]
    if looked.empty:
        text = f"None of {count(len(rows), 'habit')} can be looked at: {listing(list(dict.fromkeys(rows['reason'])))}."
        return Finding("No habits to look at yet", text, is_headline=False)
    found = looked[looked["is_worth_a_look"]]
    n = int(looked["n_reps"].max())
    base = (
        f"{count(len(looked), 'habit')} of {count(n, 'rep')} {span(rows)} stand beside winning more or less than "
        f"expected, within teams; all {len(looked)} are allowed for (false discovery rate {percent(1 - confidence)})."
    )
    each: list[Any] = list((found if len(found) else looked.head(1)).itertuples())
    parts = [base, *(_told(row, is_found=len(found) > 0) for row in each)]
    left = rows[rows["p_value"].isna()]
    if len(left):
        parts.append(f"Not looked at: {listing([str(name).lower() for name in left['name']], most=6)}.")
    if found.empty:
        title = f"No habit goes with winning more, beyond chance ({len(looked)} looked at)"
        return Finding(title, " ".join(parts), is_headline=False)
    parts.append(NO_CAUSE)
    title = f"Worth a look: {listing([str(name).lower() for name in found['name']])}"
    action = duties.action(
        f"Add to the playbook as candidates, and try with a few reps: {listing(list(found['candidate']))}.",
        kpi="win_rate",
        within=DUE_IN_SELLING_DAYS,
        rule=f"A habit goes with winning more than expected at a false discovery rate of {percent(1 - confidence)}.",
    )
    return Finding(title, " ".join(parts), action=action)


def _told(row: Any, *, is_found: bool) -> str:
    write = percent if row.unit == "rate" else number
    lead = f"**{row.name}**" if is_found else f"Nearest to it comes {str(row.name).lower()}, within chance"
    return (
        f"{lead}: {write(row.top_value, 1)} for the quarter who win most beside what is expected, "
        f"{write(row.others_value, 1)} for the others (rank correlation {signed(row.correlation, 2)}, "
        f"{signed(row.correlation_low, 2)} to {signed(row.correlation_high, 2)}; n = {row.n_reps})."
    )
