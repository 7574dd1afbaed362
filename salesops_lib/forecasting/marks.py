"""Labels that the charts of an outlook share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date


def month_labels(months: Sequence[str]) -> list[str]:
    """``Oct``, ``Nov``, and the year in place of January: short enough for two years of months side by side."""
    days = [date.fromisoformat(f"{label}-01") for label in months]
    return [f"{day.year}" if day.month == 1 else f"{day:%b}" for day in days]


METHOD_LABELS = {
    "chosen": "Chosen model",
    "combination": "Combination",
    "damped_trend": "Damped trend",
    "steady_level": "Steady level",
    "average": "12-month average",
    "last_year": "Last year's value",
    "last_month": "Last month's value",
}
"""Methods in the room that a chart has."""

INTERVALS = {
    "forecast_amount": "Forecast",
    "forecast_amount_low": "80% interval",
    "forecast_95_amount_low": "95% interval",
    "landing_amount": "Landing",
    "landing_amount_low": "80% interval",
    "landing_95_amount_low": "95% interval",
    "covered_rate": "In the 80% interval",
    "covered_95_rate": "In the 95% interval",
    "covered_rate_low": "Its 95% interval",
    "year_before_amount": "A year before",
    "goal_amount": "Goal",
    "reach_rate": "Chance of the goal",
}
"""Headings of figures and intervals in the tables of an outlook."""
