"""Words for leads by source."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.narrative.duties import bold, due_after, owner_of, short
from salesops_lib.performance_visibility.narrative.picking import Row, least_of, most_of
from salesops_lib.wording import Action, Finding, count, days, money, number, percent

if TYPE_CHECKING:
    from salesops_lib.parameters import Parameters
    from salesops_lib.periods import FiscalCalendar


def describe_leads_by_source(
    rows: pd.DataFrame, *, parameters: Parameters, calendar: FiscalCalendar, as_of: date, n_months: int = 3
) -> Finding:
    """Say how many leads arrive, how soon they hear from us, where they wait longer, and what sources are worth."""
    if rows.empty:
        return Finding("No lead arrived in these months", "There is nothing to count.", is_headline=False)
    whole, parts = rows.iloc[0], rows.iloc[1:]
    text = (
        f"{count(whole['n_leads'], 'lead')} arrived in {count(n_months, 'month')}, {number(whole['leads_per_day'], 1)} "
        f"a selling day after {number(whole['before_per_day'], 1)}. {_speed(whole)}{_waiting(whole)}"
    )
    slower = rows[rows["is_slower"].astype(bool)]
    worth = f" {_worth(parts)}" if len(parts) > 1 else ""
    if slower.empty:
        title = f"Half of the leads hear from us within {_hours(whole['first_touch_hours'])}"
        if pd.isna(whole["first_touch_hours"]):
            title = "Fewer than half of the leads hear from us within ten days"
        return Finding(title, f"{text} No source waits longer than before, beyond chance.{worth}", is_headline=False)
    worst = most_of(slower, "first_touch_hours")
    text += (
        f" {bold(worst['source'])} waits longer than before, beyond chance: {_hours(worst['first_touch_hours'])} after "
        f"{_hours(worst['before_hours'])}.{worth}"
    )
    action = Action(
        f"Check who works the leads of {worst['source']} and whether they have time for them.",
        owner_of(parameters, "first_touch_hours", "Sales managers"),
        due_after(calendar, as_of, 5),
        "Leads of a source wait longer for the first touch than before, beyond chance over all sources.",
    )
    return Finding(
        f"Leads of {short(worst['source'])} wait longer than before", text, "watch", action, is_headline=False
    )


def _hours(value: float) -> str:
    return "more than ten days" if pd.isna(value) else count(value, "hour")


def _speed(row: Row) -> str:
    within = f"{percent(row['touched_in_a_day_rate'])} within a day"
    ends = f"({percent(row['touched_in_a_day_rate_low'])} to {percent(row['touched_in_a_day_rate_high'])})"
    return f"Half of them hear from us within **{_hours(row['first_touch_hours'])}**, {within} {ends}."


def _waiting(row: Row) -> str:
    if not row["n_untouched"]:
        return ""
    return (
        f" {count(row['n_untouched'], 'lead')} of these months {'has' if row['n_untouched'] == 1 else 'have'} heard "
        f"nothing yet, the oldest for {days(row['oldest_untouched_days'])}."
    )


def _worth(parts: pd.DataFrame) -> str:
    known = parts.dropna(subset="worth_amount")
    if len(known) < 2:
        return ""
    best, least = most_of(known, "worth_amount"), least_of(known, "worth_amount")
    return (
        f"A lead of {best['source']} has brought {money(best['worth_amount'])} so far (n = "
        f"{number(best['n_ripe_before'])}), one of {least['source']} {money(least['worth_amount'])} (n = "
        f"{number(least['n_ripe_before'])}); a few large deals can make such a difference."
    )
