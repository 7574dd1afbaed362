"""Words for what tools cost; every number is from the frame's own rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesops_lib.tool_evaluation.phrases import NO_TOOLS
from salesops_lib.wording import Finding, Status, count, money, percent

if TYPE_CHECKING:
    import pandas as pd

IDLE_TO_WATCH = 0.15
"""Share of the licences that may pay for unused seats before the report says so (our choice)."""


def describe_cost_by_tool(costs: pd.DataFrame) -> Finding:
    """What the tools cost, the dearest, and what pays for seats that nobody uses."""
    known = costs.dropna(subset="cost_amount")
    if known.empty:
        return NO_TOOLS if costs.empty else Finding("No tool has a cost on record", "Costs are unknown.", "watch")
    total, licences = known["cost_amount"].sum(), known["yearly_licence_amount"].sum()
    dearest = known.iloc[0]
    sentences = [
        f"The dearest is {dearest['name']} with **{money(dearest['cost_amount'])}**, "
        f"{percent(dearest['cost_amount'] / total)} of it."
        if total
        else "No cost item covers these months."
    ]
    seats = known.dropna(subset="cost_per_active_amount").sort_values("cost_per_active_amount", kind="stable")
    if len(seats) > 1:
        low, high = seats.iloc[0], seats.iloc[-1]
        sentences.append(
            f"A seat in use costs from {money(low['cost_per_active_amount'])} ({low['name']}) to "
            f"**{money(high['cost_per_active_amount'])}** ({high['name']}) a year."
        )
    idle = known["idle_licence_amount"].sum()
    if idle > 0:
        most = known.sort_values("idle_licence_amount", ascending=False, kind="stable").iloc[0]
        sentences.append(
            f"Of {money(licences)} for licences a year, **{money(idle)}** pay for seats that nobody used lately, "
            f"{money(most['idle_licence_amount'])} of it for {most['name']}."
        )
    status: Status = "watch" if licences and idle > licences * IDLE_TO_WATCH else "note"
    title = f"{count(len(known), 'tool')} cost {money(total)} in twelve months"
    return Finding(title, " ".join(sentences), status, stake=float(idle))
