"""Words for the gaps in bookings: through which part they come about, never why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib.rep_comparison.phrases import DUE_IN_SELLING_DAYS, span
from salesops_lib.wording import Action, Finding, money, percent

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties

PARTS = {"volume": "volume", "mix": "mix of deals", "win_rate": "win rate", "deal_size": "deal size"}


def describe_gap_by_rep(
    gaps: pd.DataFrame,
    *,
    duties: Duties,
    method: str = "shapley",
) -> Finding:
    """Say through which part the reps' bookings differ, and how the largest gaps are made up."""
    known = gaps.dropna(subset=["volume_amount"])
    sizes = {name: float(known[f"{name}_amount"].abs().sum()) for name in PARTS}
    if len(known) < 2 or not sum(sizes.values()):
        return Finding("No gaps to split", "Fewer than two reps have bookings to compare.", is_headline=False)
    order = sorted(PARTS, key=lambda name: -sizes[name])
    share = {name: percent(sizes[name] / sum(sizes.values())) for name in order}
    first, second = order[:2]
    others = " and ".join(f"{PARTS[name]} {share[name]}" for name in order[2:])
    lead, lag = (_row(known, known["gap_amount"].agg(end)) for end in ("idxmax", "idxmin"))
    how = "Shapley values" if method == "shapley" else "log-mean Divisia"
    text = (
        f"Of what separates the {len(known)} reps from their team's average for the same time in the seat "
        f"{span(gaps)}, **{share[first]}** is {PARTS[first]} and **{share[second]}** {PARTS[second]}; {others}. "
        f"{_made_of(lead)} {_made_of(lag)} "
        f"The parts ({how}) add up to each gap exactly; they say where to look, not why."
    )
    return Finding(
        f"Gaps in bookings come from {PARTS[first]} ({share[first]}), then {PARTS[second]} ({share[second]})",
        text,
        action=_share_out(duties) if first == "volume" else None,
    )


def _row(rows: pd.DataFrame, label: Any) -> Any:
    return rows.loc[label]


def _made_of(row: Any) -> str:
    parts = sorted(PARTS, key=lambda name: -abs(row[f"{name}_amount"]))[:2]
    side = "above" if row["gap_amount"] >= 0 else "below"
    made = " and ".join(f"{_signed(row[f'{name}_amount'])} {PARTS[name]}" for name in parts)
    gap = money(abs(row["gap_amount"]))
    return f"{row['name']} is {gap} {side} the average of {row['compared_with']}: mainly {made}."


def _signed(amount: float) -> str:
    return money(amount) if amount < 0 else f"+{money(amount)}"


def _share_out(duties: Duties) -> Action:
    return duties.action(
        "Check how leads and accounts are shared before comparing bookings.",
        kpi="bookings",
        within=DUE_IN_SELLING_DAYS,
        rule="Volume is the largest part of the gaps; how deals are shared out comes before how they are worked.",
    )
