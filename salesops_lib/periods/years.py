"""Fiscal years: on which days do a year and its quarters, months and weeks start?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Literal, get_args

from salesops_lib.errors import PeriodError
from salesops_lib.periods.labels import Kind

Layout = Literal["month", "4-4-5", "4-5-4", "5-4-4"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
NamedBy = Literal["start", "end"]

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)

_FIRST_YEAR, _LAST_YEAR = 1900, 2199


@dataclass(frozen=True)
class FiscalYears:
    """How fiscal years are numbered and cut; ``FiscalCalendar`` adds the holidays and the questions.

    Raises:
        PeriodError: A setting is not one of its choices.
    """

    layout: Layout = "month"
    start_month: int = 1
    week_starts_on: Weekday = "monday"
    year_named_by: NamedBy = "end"

    def __post_init__(self) -> None:
        for name, value, choices in (
            ("layout", self.layout, get_args(Layout)),
            ("start_month", self.start_month, tuple(range(1, 13))),
            ("week_starts_on", self.week_starts_on, get_args(Weekday)),
            ("year_named_by", self.year_named_by, get_args(NamedBy)),
        ):
            if value not in choices:
                raise PeriodError(
                    f"The calendar's `{name}` is `{value}`. Choose one of {', '.join(map(str, choices))}."
                )

    def edges(self, kind: Kind, year: int) -> tuple[date, ...]:
        """First days of a year's periods of a kind, and the first day after the last of them.

        Raises:
            PeriodError: The year is beyond any a company plans for, as 9999 in a date that means "never".
        """
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise PeriodError(f"The year {year} is out of range: the calendar covers {_FIRST_YEAR} to {_LAST_YEAR}.")
        return _edges(self, kind, year)

    def likely_year(self, day: date) -> int:
        """The fiscal year of a day, or a neighbour of it."""
        return day.year + self._shift

    def fiscal_month(self, year: int, month: int) -> tuple[int, int]:
        """Fiscal year, and place in it (1 to 12), of the month labelled with a calendar month."""
        starts_in = year if month >= self.start_month else year - 1
        return starts_in + self._shift, (month - self.start_month) % 12 + 1

    def calendar_month(self, year: int, place: int) -> tuple[int, int]:
        """Calendar year and month that label the month at a place (1 to 13) of a fiscal year."""
        years_on, month = divmod(self.start_month - 1 + place - 1, 12)
        return year - self._shift + years_on, month + 1

    def week_one(self, year: int) -> date:
        """The ``week_starts_on`` weekday nearest to the year's nominal start."""
        latest = self._nominal_start(year) + 3 * DAY
        return latest - (latest.weekday() - get_args(Weekday).index(self.week_starts_on)) % 7 * DAY

    def month_starts(self, year: int) -> tuple[date, ...]:
        """First days of the twelve months, and of the next year."""
        if self.layout == "month":
            return tuple(date(*self.calendar_month(year, place), 1) for place in range(1, 14))
        weeks = [int(weeks) for weeks in self.layout.split("-")] * 4
        starts = (self.week_one(year) + n * WEEK for n in accumulate(weeks[:-1], initial=0))
        # A 53rd week falls to the last month because that month ends where the next year starts.
        return (*starts, self.week_one(year + 1))

    def _nominal_start(self, year: int) -> date:
        return date(year - self._shift, self.start_month, 1)

    @property
    def _shift(self) -> int:
        """The year's number less the calendar year in which it nominally starts."""
        return 1 if self.year_named_by == "end" and self.start_month > 1 else 0


@lru_cache(maxsize=1024)
def _edges(years: FiscalYears, kind: Kind, year: int) -> tuple[date, ...]:
    match kind:
        case "week":
            first, after = years.week_one(year), years.week_one(year + 1)
            return tuple(first + n * WEEK for n in range((after - first) // WEEK + 1))
        case "month":
            return years.month_starts(year)
        case "quarter":
            return years.month_starts(year)[::3]
        case "year":
            return years.month_starts(year)[::12]
