"""Who does something about a finding and by when, and how findings name months and intervals."""

from __future__ import annotations

from typing import Any

from salesops_lib.wording import Finding, interval, money

LOW_CHANCE, EVEN_CHANCE = 0.25, 0.5
"""Chance of a goal below which action is due, and below which it is watched (our choice)."""
TOO_SHORT = Finding(
    "Too few complete months to forecast",
    "A forecast needs seven complete months of bookings: four to learn from and three to be tested on.",
    is_headline=False,
)


def range_of(row: Any, column: str, coverage: float = 0.8) -> str:
    """``80% interval $5.43M to $8.38M`` from a column's two ends."""
    return interval(money(row[f"{column}_low"]), money(row[f"{column}_high"]), coverage)
