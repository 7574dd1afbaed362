"""Words for effort and customers."""

from __future__ import annotations

import pandas as pd

from salesops_lib.rep_comparison.phrases import span
from salesops_lib.wording import Finding, count, number, percent


def describe_effort_and_customers_by_rep(rows: pd.DataFrame) -> Finding:
    """Say what a win takes, how content and how loyal customers are, and how far reps lie apart once luck is out."""
    said = [part for part in (_effort(rows), _answers(rows), _customers(rows)) if part]
    if not said:
        return Finding("No effort or customers to compare", "There is nothing on record.", is_headline=False)
    activities, won = rows["n_activities"].sum(), rows["n_won"].sum()
    title = f"{count(len(rows), 'rep')} beside one another: effort, answers of customers and who left"
    if activities and won:
        title = f"A win takes {number(activities / won)} activities"
    text = " ".join([*said, "More effort is no merit of its own, and none of this is held against anybody."])
    return Finding(title, text, is_headline=False)


def _effort(rows: pd.DataFrame) -> str:
    known = rows.dropna(subset=["activities_per_week"])
    activities, won = known["n_activities"].sum(), known["n_won"].sum()
    if not activities:
        return ""
    per_win = f", **{number(activities / won, 1)}** for each of {number(won)} wins" if won else ""
    week = known["activities_per_week"]
    return (
        f"{count(len(known), 'rep')} did {number(activities)} activities {span(rows)}{per_win}; from "
        f"{number(week.min(), 1)} to {number(week.max(), 1)} a week in the seat."
    )


def _answers(rows: pd.DataFrame) -> str:
    known = rows[rows["n_csat"] > 0]
    n = known["n_csat"].sum()
    if not n:
        return ""
    satisfied = (known["csat_rate"] * known["n_csat"]).sum() / n
    return (
        f"**{percent(satisfied)}** of {number(n)} answers are satisfied; raw, reps run from "
        f"{_range(known['csat_rate'])}, drawn towards the team by what luck can do, from "
        f"{_range(known['shrunken_csat_rate'])}."
    )


def _customers(rows: pd.DataFrame) -> str:
    known = rows[rows["n_customers"] > 0]
    n, left = known["n_customers"].sum(), known["n_churned"].sum()
    if not n:
        return ""
    return (
        f"Of {number(n)} customers won before, **{number(left)}** left ({percent(left / n, 1)}); adjusted for segment, "
        f"year of start and luck, reps run from {_range(known['shrunken_churn_rate'])}."
    )


def _range(rates: pd.Series[float]) -> str:
    return f"{percent(rates.min())} to {percent(rates.max())}"
