"""Who does something about a finding and by when, and how findings name months and intervals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from salesops_lib.wording import interval, money

if TYPE_CHECKING:
    pass

LOW_CHANCE, EVEN_CHANCE = 0.25, 0.5
"""Chance of a goal below which action is due, and below which it is watched (our choice)."""


def month_name(label: str) -> str:
    """``2026-09`` for readers: September 2026."""
    year, month = map(int, label.split("-"))
    return f"{date(year, month, 1):%B %Y}"


def span_name(first: str, last: str) -> str:
    """``October to December 2026``, ``October 2026 to September 2027``."""
    if first == last:
        return month_name(first)
    start, end = month_name(first), month_name(last)
    return f"{start.split()[0] if start.split()[1] == end.split()[1] else start} to {end}"


def range_of(row: Any, column: str, coverage: float = 0.8) -> str:
    """``80% interval $5.43M to $8.38M`` from a column's two ends."""
    return interval(money(row[f"{column}_low"]), money(row[f"{column}_high"]), coverage)


def upper(text: str) -> str:
    """A sentence's first letter in capitals, the rest as it is."""
    return text[:1].upper() + text[1:]
