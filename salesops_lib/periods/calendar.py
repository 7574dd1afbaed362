"""The fiscal calendar: which period holds a day, what comes before it, how far along is it?"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from salesops_lib.errors import PeriodError
from salesops_lib.periods.labels import KINDS, Kind, Period, read_label, write_label
from salesops_lib.periods.years import DAY, FiscalYears

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class FiscalCalendar(FiscalYears):
    """A company's calendar: layout of the year, start of the week, holidays.

    Args:
        layout: ``month`` for calendar months, or the weeks of a quarter's months.
        start_month: Calendar month in which the fiscal year nominally starts, 1 to 12.
        week_starts_on: First day of the week, as ``monday``.
        year_named_by: Whether a year takes the number of the calendar year it starts or ends in.
        holidays: Days without selling, besides Saturdays and Sundays.

    Raises:
        PeriodError: A setting is not one of the choices.
    """

    holidays: frozenset[date] = frozenset()

    def period(self, label: str) -> Period:
        """Find the period that a label names.

        Raises:
            PeriodError: The label is not written as one, or the year has no such week.
        """
        kind, year, number = read_label(label)
        if kind == "month":
            year, number = self.fiscal_month(year, number)
        n_periods = len(self.edges(kind, year)) - 1
        if not 1 <= number <= n_periods:
            raise PeriodError(
                f"`{label}` does not exist: the weeks of {year} run from {year}-W01 to {year}-W{n_periods}."
            )
        return self._numbered(kind, year, number)

    def containing(self, day: date, kind: Kind) -> Period:
        """Find the one period of a kind that holds a day."""
        year = self.likely_year(day)
        edges = self.edges(kind, year)
        if not edges[0] <= day < edges[-1]:
            year += 1 if day >= edges[-1] else -1
            edges = self.edges(kind, year)
        return self._numbered(kind, year, bisect_right(edges, day))

    def previous(self, period: Period, n: int = 1) -> Period:
        """Go ``n`` periods of the same kind back."""
        return self.next(period, -n)

    def next(self, period: Period, n: int = 1) -> Period:
        """Go ``n`` periods of the same kind on."""
        for _ in range(abs(n)):
            period = self.containing(period.end + DAY if n > 0 else period.start - DAY, period.kind)
        return period

    def last(self, period: Period, n: int) -> list[Period]:
        """The last ``n`` periods of the kind, the earliest first and ``period`` itself at the end."""
        return [self.previous(period, back) for back in reversed(range(n))]

    def year_before(self, period: Period) -> Period:
        """Find the same period of the year before; week 53 falls back on that year's last week."""
        kind, year, number = read_label(period.label)
        if kind == "month":
            return self.period(write_label(kind, year - 1, number))
        return self._numbered(kind, year - 1, min(number, len(self.edges(kind, year - 1)) - 1))

    def within(self, period: Period, kind: Kind) -> list[Period]:
        """List the shorter periods that make up a period, in order.

        Weeks of layout ``month`` reach across the ends of months: the first and the last week listed
        may start before or end after the period.
        """
        if KINDS.index(kind) < KINDS.index(period.kind):
            raise PeriodError(f"The {period.kind} {period.label} is shorter than a {kind}, so it holds none.")
        return self.between(period.start, period.end, kind)

    def between(self, start: date, end: date, kind: Kind) -> list[Period]:
        """List every period of a kind that has a day from ``start`` to ``end``, in order."""
        periods = []
        while start <= end:
            periods.append(self.containing(start, kind))
            start = periods[-1].end + DAY
        return periods

    def selling_days(self, start: date, end: date) -> int:
        """Count the weekdays that are no holidays, both ends included; 0 when ``end`` is before ``start``."""
        if end < start:
            return 0
        weeks, rest = divmod((end - start).days + 1, 7)
        weekdays = 5 * weeks + sum((start.weekday() + offset) % 7 < 5 for offset in range(rest))
        return weekdays - sum(start <= holiday <= end and holiday.weekday() < 5 for holiday in self.holidays)

    def after_selling_days(self, day: date, n_days: int) -> date:
        """The day on which so many selling days after ``day`` are over."""
        end = day + n_days * DAY
        while self.selling_days(day + DAY, end) < n_days:
            end += DAY
        return end

    def elapsed_share(self, period: Period, as_of: date) -> float:
        """Share of a period's selling days that are over on the evening of ``as_of``, 0 to 1.

        It is missing (nan) only while a period without any selling day is under way.
        """
        if as_of >= period.end:
            return 1.0
        if as_of < period.start:
            return 0.0
        selling_days = self.selling_days(period.start, period.end)
        return self.selling_days(period.start, as_of) / selling_days if selling_days else math.nan

    def frame(self, start: date, end: date) -> pd.DataFrame:
        """Lay out the calendar as the ``periods`` table.

        One row per day from ``start`` to ``end``, both included, by ``date``.

        Returns:
            date (datetime64): Key; the day.
            week (str): Label of the fiscal week.
            month (str): Label of the fiscal month.
            quarter (str): Label of the fiscal quarter.
            year (str): Label of the fiscal year.
            is_selling_day (bool): A weekday that is not a holiday.
        """
        import pandas as pd

        dates = pd.date_range(start, end, unit="us")
        table = pd.DataFrame({"date": dates})
        for kind in reversed(KINDS):
            periods = self.between(start, end, kind)
            days = [(min(each.end, end) - max(each.start, start)).days + 1 for each in periods]
            table[kind] = pd.Series([each.label for each in periods], dtype="str").repeat(days).array
        holidays = pd.DatetimeIndex(sorted(self.holidays))
        return table.assign(is_selling_day=(dates.day_of_week < 5) & ~dates.isin(holidays))

    def title(self, period: Period) -> str:
        """Write a period for readers: ``September 2026``, ``Q3 2026``, ``FY 2026``, ``week 36 of 2026``.

        Where the fiscal year is not the calendar year, quarters and weeks say so: ``Q1 FY 2027``.
        """
        kind, year, number = read_label(period.label)
        fiscal = f"{year}" if self.start_month == 1 else f"FY {year}"
        match kind:
            case "month":
                return f"{date(year, number, 1):%B} {year}"
            case "quarter":
                return f"Q{number} {fiscal}"
            case "week":
                return f"week {number} of {fiscal}"
            case _:
                return f"FY {year}"

    def _numbered(self, kind: Kind, year: int, number: int) -> Period:
        """The period of a kind at a place of a fiscal year, counted from 1."""
        start, after = self.edges(kind, year)[number - 1 : number + 1]
        label_of = self.calendar_month(year, number) if kind == "month" else (year, number)
        return Period(write_label(kind, *label_of), kind, start, after - DAY)
