"""Bookings counted for the comparison with goals: by stretch of days, and by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import booked, booked_in, total, within
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.performance_visibility.windows import first_day_of_closings
from salesops_lib.periods import Period

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm


def amounts_booked(crm: Crm, periods: Sequence[Period]) -> list[float]:
    """Bookings of each stretch of days, missing for those that begin before the data."""
    won = booked(crm)
    sums = {
        f"booked_{place}": total(ibis.ifelse(within(won.closed_on, each), won.credited_amount, 0))
        for place, each in enumerate(periods)
    }
    row = crm.fetch(won.agg(**sums)).iloc[0]
    known_from = first_day_of_closings(crm)
    return [
        float(row[f"booked_{place}"]) if each.start >= known_from else float("nan")
        for place, each in enumerate(periods)
    ]


def squares_in(crm: Crm, periods: Sequence[Period]) -> list[float]:
    """Sum of squares of the credited amounts won in each period."""
    won = booked(crm).mutate(value=_.credited_amount.cast("float64"))
    sums = {
        f"squares_{place}": ibis.ifelse(within(won.closed_on, each), won.value * won.value, 0.0).sum()
        for place, each in enumerate(periods)
    }
    return [float(value) for value in crm.fetch(won.agg(**sums)).iloc[0].fillna(0.0)]


def monthly_bookings(crm: Crm, window: Period, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """Bookings by fiscal month: ``month``, the ``by`` columns of ``booked_in``, ``bookings_amount``, ``n_won``."""
    rows = with_fiscal(crm, booked_in(crm, window), "closed_on", month="month")
    keys = ["month", *by]
    sums = rows.group_by(keys).agg(bookings_amount=total(_.credited_amount), n_won=_.opportunity_id.nunique())
    return crm.fetch(sums.order_by(keys))
