"""Words for what a plan invites people to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.comp_design.phrases import each_row, has_plan, no_plan, rate
from salesops_lib.wording import Action, Finding, Status, count, listing, small

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties

DUE_IN_SELLING_DAYS = 10
SEVERE = ("fall", "whole", "sinking")
"""Kinds that make a rep's pay for one deal depend on all others, or turn it negative."""


def describe_incentive_warnings(warnings: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say what the plan in force invites people to do, and whether the other plan is better."""
    if not has_plan(duties):
        return no_plan()
    in_force = warnings[warnings["is_in_force"].astype(bool)]
    others = warnings[~warnings["is_in_force"].astype(bool)]
    if in_force.empty:
        text = f"Nobody gains by holding a deal or pulling one in.{_about_others(others)}"
        return Finding("The plan in force has no jump, cap or slower stretch", text, status="good", is_headline=False)
    jumps = in_force[in_force["kind"].isin(("jump", "fall"))]
    status = _status(in_force)
    if len(jumps):
        worst = jumps.sort_values("jump_rate", key=abs, kind="stable").iloc[-1]
        moves = "jumps" if worst["jump_rate"] > 0 else "falls"
        title = f"Pay {moves} by {rate(abs(worst['jump_rate']))} of target at {rate(worst['at_rate'])} of quota"
    else:
        title = f"No jump in pay, but {count(len(in_force), 'stretch', 'stretches')} where the next deal pays less"
    said = [
        f"At {rate(row['at_rate'])} of quota: {small(row['meaning'])}{_near(row['n_near'])}"
        for row in each_row(in_force.head(3))
    ]
    text = f"{' '.join(said)}{_about_others(others)}"
    action = None
    if len(jumps):
        action = Action(
            "Smooth the jumps in pay before the plan is signed again; price it here on the same deals first.",
            "Sales operations",
            duties.due(DUE_IN_SELLING_DAYS),
            "The payout curve of the plan in force jumps at a boundary.",
        )
    return Finding(title, text, status=status, action=action)


def _status(in_force: pd.DataFrame) -> Status:
    if in_force["kind"].isin(SEVERE).any():
        return "act"
    is_met = (in_force["n_near"].isna() | (in_force["n_near"] > 0)).any()
    return "watch" if (in_force["kind"] == "jump").any() or is_met else "note"


def _near(n: float | None) -> str:
    if pd.isna(n):
        return " (Fewer than three reps there.)"
    return f" ({count(n or 0, 'rep')} there.)" if n else " (Nobody is there.)"


def _about_others(others: pd.DataFrame) -> str:
    if others.empty:
        return ""
    places = [f"{small(row['warning'])} at {rate(row['at_rate'])}" for row in each_row(others)]
    return f" {others['title'].iloc[0]}: {listing(places, most=4)} of quota."
