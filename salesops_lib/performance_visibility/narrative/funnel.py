"""Words for the stage funnel."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.narrative.duties import bold, due_after, owner_of, short
from salesops_lib.performance_visibility.narrative.picking import Row, least_of, most_of
from salesops_lib.wording import Action, Finding, count, listing, money, number, percent

if TYPE_CHECKING:
    from salesops_lib.parameters import Parameters
    from salesops_lib.periods import FiscalCalendar


def describe_stage_funnel(rows: pd.DataFrame, *, n_months: int = 12) -> Finding:
    """Say where most deals stop, and that every stage's sum holds."""
    entered = rows[rows["n_entered"] > 0] if len(rows) else rows
    if entered.empty:
        return Finding("No deal entered a stage in these months", "There is nothing to count.", is_headline=False)
    narrow, first = least_of(entered, "advance_rate"), entered.iloc[0]
    title = f"{short(narrow['stage'])} lets the fewest through: {percent(narrow['advance_rate'])} go on"
    text = (
        f"{number(first['n_entered'])} entries into {first['stage']} in {count(n_months, 'month')} = "
        f"{number(first['n_advanced'])} advanced + {number(first['n_lost'])} lost + "
        f"{number(first['n_moved_back'])} moved back + {number(first['n_handed_off'])} handed off + "
        f"{number(first['n_still_there'])} still there; the same sum holds for all {count(len(rows), 'stage')}. "
        f"{bold(narrow['stage'])} lets the fewest through so far: {number(narrow['n_advanced'])} of "
        f"{number(narrow['n_entered'])}, with {number(narrow['n_still_there'])} still there. "
        f"Stages were jumped over {number(rows['n_skipped'].sum())} times and deals went back "
        f"{number(rows['n_moved_back'].sum())} times."
    )
    return Finding(title, text, is_headline=False)


def describe_stage_change(
    rows: pd.DataFrame, *, parameters: Parameters, calendar: FiscalCalendar, as_of: date, n_months: int = 3
) -> Finding:
    """Say which stage lets fewer deals through than before, and what that costs."""
    judged = rows.dropna(subset="p_value") if len(rows) else rows
    if judged.empty:
        return Finding("Too few deals left a stage to compare", "Now or before, nothing ended.", is_headline=False)
    fallen = judged[judged["is_changed"].astype(bool) & (judged["change_rate"] < 0)]
    risen = judged[judged["is_changed"].astype(bool) & (judged["change_rate"] > 0)]
    also = f" Better than before: {listing(list(risen['stage']))}." if len(risen) else ""
    if fallen.empty:
        title = f"No stage lets fewer deals through than in the year before ({number(len(judged))} compared)"
        text = (
            f"Of the stays that ended in the last {count(n_months, 'month')}, every stage's share that went on is "
            f"within chance of the year before or above it.{also}"
        )
        return Finding(title, text, "good", is_headline=False)
    worst = most_of(fallen, "recoverable_amount")
    title = (
        f"{short(worst['stage'])} lets {percent(worst['exit_rate'])} through, down from {percent(worst['before_rate'])}"
    )
    text = (
        f"Of {number(worst['n_left'])} stays in {bold(worst['stage'])} that ended in the last "
        f"{count(n_months, 'month')}, {percent(worst['exit_rate'])} went on "
        f"({percent(worst['exit_rate_low'])} to {percent(worst['exit_rate_high'])}); in the year before "
        f"{percent(worst['before_rate'])} of {number(worst['n_left_before'])} did. That is beyond chance. "
        f"At its former rate the stage would have led to about {number(worst['n_wins_missing'])} more wins"
        f"{_worth(worst)}. Why it fell, the stage history does not say.{also}"
    )
    action = Action(
        f"Read the lost reasons of the deals that ended in {worst['stage']} and agree what changes there.",
        owner_of(parameters, "win_rate", "Head of sales"),
        due_after(calendar, as_of, 7),
        "A stage lets fewer deals through than in the year before, beyond chance over all stages.",
    )
    return Finding(title, text, "act", action, stake=float(max(worst["recoverable_amount"], 0.0)))


def _worth(row: Row) -> str:
    if pd.isna(row["recoverable_amount"]):
        return ""
    return f", about {money(row['recoverable_amount'])} at the average won deal"
