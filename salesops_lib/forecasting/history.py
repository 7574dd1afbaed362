"""The history that a forecast learns from: bookings of complete fiscal months.

Tables in: ``reps``, ``opportunities`` and their credits. Tables out: one row per month.
The month that runs on ``as_of`` never enters: half a month would read as a slump.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import booked, total
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.measures.tidy import tidy
from salesops_lib.statistics.series import Series

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import FiscalCalendar, Period

LATE_START_DAYS = 10
"""A first month whose first win comes later than this is taken for half a month and left out."""
MOST_MONTHS = 72
"""Months that a forecast looks back at most."""


@tidy
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
    won = booked(crm).filter(_.closed_on <= ibis.date(str(crm.as_of)))
    rows = with_fiscal(crm, won, "closed_on", month="month")
    sums = crm.fetch(
        rows.group_by("month").agg(
            bookings_amount=total(_.credited_amount), n_won=_.opportunity_id.nunique(), first=_.closed_on.min()
        )
    )
    if sums.empty:
        return pd.DataFrame()
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
    return table.fillna({"bookings_amount": 0.0, "n_won": 0}).assign(is_complete=complete)


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
