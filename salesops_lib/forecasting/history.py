"""The history that a forecast learns from: bookings of complete fiscal months.

Tables in: ``reps``, ``opportunities`` and their credits. Tables out: one row per month.
The month that runs on ``as_of`` never enters: half a month would read as a slump.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.forecasting.frames import frame_of
from salesops_lib.measures import credited_deals, total

if TYPE_CHECKING:
    import numpy.typing as npt

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import FiscalCalendar, Period

    Floats = npt.NDArray[np.float64]
    Places = npt.NDArray[np.int64]

LATE_START_DAYS = 10
"""A first month whose first win comes later than this is taken for half a month and left out."""
MOST_MONTHS = 72
"""Months that a forecast looks back at most."""


def bookings_by_month(crm: Crm) -> pd.DataFrame:
    """Bookings of each fiscal month since the first win.

    One row per month, oldest first; a month without a win is a 0 between others.

    Args:
        crm: Needs ``opportunities``.

    Returns:
        month (str): Label.
        month_start_on (date): First day.
        month_end_on (date): Last day.
        bookings_amount (float): Credited amount of deals won in the month, up to ``as_of``.
        n_won (int): Deals won.
        is_complete (bool): The month is over, and the data does not begin in the midst of it.
    """
    won = credited_deals(crm).filter(_.status == "won", _.closed_on <= ibis.date(str(crm.as_of)))
    days = crm.periods.select("date", "month")
    rows = won.inner_join(days, won.closed_on == days.date)
    sums = crm.fetch(
        rows.group_by("month").agg(
            bookings_amount=total(_.credited_amount), n_won=_.opportunity_id.nunique(), first=_.closed_on.min()
        )
    )
    if sums.empty:
        return frame_of([], _TYPES)
    first_day = sums["first"].min().date()
    months = crm.calendar.between(first_day, crm.as_of, "month")
    table = pd.DataFrame(
        {
            "month": [each.label for each in months],
            "month_start_on": pd.to_datetime([each.start for each in months]),
            "month_end_on": pd.to_datetime([each.end for each in months]),
        }
    ).merge(sums.drop(columns="first"), on="month", how="left")
    begins_late = (first_day - months[0].start).days >= LATE_START_DAYS
    complete = [each.end <= crm.as_of and not (begins_late and place == 0) for place, each in enumerate(months)]
    table = table.fillna({"bookings_amount": 0.0, "n_won": 0}).assign(is_complete=complete)
    return frame_of(table, _TYPES)


_TYPES = {
    "month": "str", "month_start_on": "datetime64[us]", "month_end_on": "datetime64[us]", "bookings_amount": float,
    "n_won": int, "is_complete": bool,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Series:
    """Amounts of consecutive months, and where in the fiscal year the first one stands (0 to 11)."""

    amounts: Floats
    first_place: int = 0

    def __len__(self) -> int:
        return len(self.amounts)

    def until(self, n: int) -> Series:
        """What was known after the first ``n`` months."""
        return Series(self.amounts[:n], self.first_place)

    @cached_property
    def offset(self) -> float:
        """What is added before the logarithm: nothing, or the mean where a month is without bookings."""
        return 0.0 if (self.amounts > 0).all() else max(float(self.amounts.mean()), 1.0)

    @cached_property
    def logs(self) -> Floats:
        """Amounts on the log scale, on which growth and seasons add up."""
        return np.log(np.maximum(self.amounts, 0.0) + self.offset)

    def amounts_of(self, logs: Floats) -> Floats:
        """Back from the log scale, never below 0."""
        return np.maximum(np.exp(logs) - self.offset, 0.0)

    def places(self, start: int, n: int) -> Places:
        """Places in the fiscal year of ``n`` months from month ``start`` on."""
        return (self.first_place + start + np.arange(n)) % 12


def complete_series(calendar: FiscalCalendar, months: pd.DataFrame) -> tuple[Series, list[Period]]:
    """The complete months of ``bookings_by_month`` as a series, with their periods; the latest six years."""
    rows = months[months["is_complete"].astype(bool)].tail(MOST_MONTHS)
    periods = [calendar.period(label) for label in rows["month"]]
    first = place_in_year(calendar, periods[0]) if periods else 0
    return Series(rows["bookings_amount"].to_numpy(dtype=float), first), periods


def place_in_year(calendar: FiscalCalendar, month: Period) -> int:
    """Number of a month in its fiscal year, from 0."""
    year = calendar.containing(month.start, "year")
    return [each.label for each in calendar.within(year, "month")].index(month.label)
