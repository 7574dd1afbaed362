"""Who does something about a finding, and by when; and how a finding names months and shares."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salesops_lib.parameters import Parameters
    from salesops_lib.periods import FiscalCalendar

LONGEST_NAME = 24
"""Characters of a name that fit a title."""


def threshold_of(parameters: Parameters, kpi: str, otherwise: float) -> float:
    """The value at which action on a key figure is due: the company's, or else ours."""
    known = parameters.company.kpis.get(kpi)
    return otherwise if known is None or known.threshold is None else known.threshold


def due_after(calendar: FiscalCalendar, as_of: date, selling_days: int) -> date:
    """The day on which so many selling days after ``as_of`` are over."""
    day = as_of + timedelta(days=selling_days)
    while calendar.selling_days(as_of + timedelta(days=1), day) < selling_days:
        day += timedelta(days=1)
    return day


def month_name(label: str) -> str:
    """``2026-09`` for readers: September 2026."""
    year, month = map(int, label.split("-"))
    return f"{date(year, month, 1):%B %Y}"


def bold(name: object) -> str:
    """A name in bold; its own asterisks would end the bold."""
    return f"**{str(name).replace('*', '')}**"


def short(name: str) -> str:
    """A name cut to what a title has room for."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
