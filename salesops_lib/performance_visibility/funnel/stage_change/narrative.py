"""Words for the stages that let fewer deals through, or more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row, least_of, most_of, rows_of
from salesops_lib.wording import Finding, bold, count, interval, listing, money, month_name, number, percent, short

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties


def describe_stage_change(
    rows: pd.DataFrame, *, duties: Duties, n_months: int = 3,
    baseline_months: int = 12, confidence: float,
) -> Finding:  # fmt: skip
    """Say which stage lets fewer deals through than before, since when, and what that costs."""
    judged = rows.dropna(subset="p_value") if len(rows) else rows
    if judged.empty:
        return Finding("Too few deals left a stage to compare", "Now or before, nothing ended.", is_headline=False)
    before = f"the {count(baseline_months, 'month')} before"
    fallen = judged[judged["is_changed"].astype(bool) & (judged["change_rate"] < 0)]
    if fallen.empty:
        return Finding(
            f"No stage lets fewer deals through than in {before} ({number(len(judged))} compared)",
            f"Of the stays that ended in the last {count(n_months, 'month')}, every stage's share that went on is "
            f"within chance of {before} or above it.{_least_falls(judged)}{_others(judged, '')}",
            "good",
            is_headline=False,
        )
    worst = most_of(fallen, "n_wins_missing")
    title = (
        f"{short(worst['stage'])} lets {percent(worst['exit_rate'])} through, down from {percent(worst['before_rate'])}"
    )
    between = interval(percent(worst["exit_rate_low"]), percent(worst["exit_rate_high"]), confidence)
    text = (
        f"Of {count(worst['n_left'], 'stay')} in {bold(worst['stage'])} that ended in the last "
        f"{count(n_months, 'month')}, **{percent(worst['exit_rate'])}** went on ({between}); in {before} "
        f"{percent(worst['before_rate'])} of {number(worst['n_left_before'])} did, so the fall is beyond chance. "
        f"At its former rate the stage would have led to about {number(worst['n_wins_missing'])} more wins"
        f"{_worth(worst)}. {_since(worst)}{_others(judged, worst['stage'])}"
    )
    action = duties.action(
        f"Read the lost reasons of the deals that ended in {worst['stage']} and agree what changes there.",
        kpi="win_rate",
        within=7,
        rule=f"A stage lets fewer deals through than in {before}, beyond chance over all stages.",
    )
    stake = worst["recoverable_amount"]
    return Finding(title, text, "act", action, stake=0.0 if pd.isna(stake) else max(float(stake), 0.0))


def _since(row: Row) -> str:
    """When the fall began, and what else fits."""
    if pd.isna(row["since_month"]):
        return "The stage history does not say why."
    first, last = row["since_month_low"], row["since_month_high"]
    others = "no other month fits nearly as well"
    if first != last:
        others = f"any month from {month_name(first)} to {month_name(last)} fits nearly as well"
    began = month_name(row["since_month"])
    return f"The fall most likely began in {began} ({others}); why, the stage history does not say."


def _worth(row: Row) -> str:
    if pd.isna(row["recoverable_amount"]):
        return ""
    ends = f"{money(row['recoverable_amount_low'])} to {money(row['recoverable_amount_high'])}"
    return f", about **{money(row['recoverable_amount'])}** at the average won deal ({ends})"


def _least_falls(judged: pd.DataFrame) -> str:
    """What could have been missed: the smallest falls that these numbers show."""
    known = judged.dropna(subset="least_change_rate")
    if known.empty:
        return " The numbers are too small for any fall to show."
    fine, coarse = most_of(known, "least_change_rate"), least_of(known, "least_change_rate")
    words = f" A fall of {_size(fine)} percentage points in {fine['stage']} would have shown four times in five"
    if len(known) == 1:
        return f"{words}; a smaller one may have gone unseen."
    return f"{words}, in {coarse['stage']} only one of {_size(coarse)}; smaller ones may have gone unseen."


def _size(row: Row) -> str:
    return number(-100 * row["least_change_rate"], 1)


def _others(judged: pd.DataFrame, told: str) -> str:
    """What else changed beyond chance."""
    changed = judged[judged["is_changed"].astype(bool) & (judged["stage"] != told)]
    each = [f"{row.stage} ({percent(row.before_rate)} to {percent(row.exit_rate)})" for row in rows_of(changed)]
    return f" Beyond chance changed {'also ' if told else ''}{listing(each)}." if each else ""
