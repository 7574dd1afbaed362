"""Stretches of time that a monthly report looks at: last months, the months before them, periods to date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from salesops_lib.periods import FiscalCalendar, Period

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm


def report_month(calendar: FiscalCalendar, period: Period, as_of: date) -> Period:
    """The month that a report is about: the last one of ``period`` that had begun on ``as_of``."""
    return calendar.containing(max(period.start, min(period.end, as_of)), "month")


def report_week(calendar: FiscalCalendar, month: Period, as_of: date) -> Period:
    """The last whole week that ended in the month; the week of ``as_of`` while none has."""
    week = calendar.containing(min(as_of, month.end), "week")
    before = calendar.previous(week)
    return before if week.end > as_of and before.end >= month.start else week


def months_to(calendar: FiscalCalendar, month: Period, n_months: int) -> list[Period]:
    """The ``n_months`` months that end with ``month``, oldest first."""
    return calendar.last(month, n_months)


def last_months(calendar: FiscalCalendar, month: Period, n_months: int) -> Period:
    """The ``n_months`` months that end with ``month``, as one stretch."""
    first = calendar.previous(month, n_months - 1)
    return Period(f"{first.label} to {month.label}", "month", first.start, month.end)


def months_before(calendar: FiscalCalendar, window: Period, n_months: int) -> Period:
    """The ``n_months`` months that end on the day before a stretch of months begins."""
    last = calendar.containing(window.start - timedelta(days=1), "month")
    return last_months(calendar, last, n_months)


def to_date(period: Period, as_of: date) -> Period:
    """The part of a period that was over on the evening of ``as_of``."""
    return Period(period.label, period.kind, period.start, max(period.start, min(period.end, as_of)))


def same_days_of(other: Period, period: Period, as_of: date) -> Period:
    """As much of another period as had passed of this one: all of it once this one has ended."""
    if as_of >= period.end:
        return other
    return to_date(other, other.start + (as_of - period.start))


def first_day_of_closings(crm: Crm) -> date:
    """First day of the month in which the first deal closed; periods before it are unknown, not empty."""
    deals = crm.opportunities
    first = crm.fetch(deals.filter(deals.status != "open").agg(first=deals.closed_on.min()))["first"].iloc[0]
    day = crm.as_of if first != first or first is None else first.date()
    return crm.calendar.containing(day, "month").start
