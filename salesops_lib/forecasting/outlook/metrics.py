"""The outlook: bookings of the next twelve months, month by month and together, with intervals.

Tables in: ``reps``, ``opportunities``; goals from ``quotas`` where present. Tables out: one row per month or
span. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.forecasting.origins import HORIZON
from salesops_lib.forecasting.outlook.forecast import forecast_bookings
from salesops_lib.measures import goals
from salesops_lib.measures.tidy import tidy

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.forecasting.outlook.forecast import Outlook

SPANS = (1, 3, 12)
"""Lengths in months that are summed up."""
MONTHS_SHOWN = 24
"""Months of history beside the forecast."""


@tidy
def bookings_forecast_by_month(crm: Crm) -> pd.DataFrame:
    """Bookings of the last 24 complete months and the forecast of the next twelve, with intervals.

    One row per month, oldest first. Empty where fewer than seven months are complete.

    Args:
        crm: Needs ``opportunities``; goals come from ``quotas`` where present.

    Returns:
        month (str): Label.
        month_start_on (date): First day.
        is_forecast (bool): The month is not over.
        is_partial (bool): The month has begun and is not over.
        bookings_amount (float): Booked in the month; so far where it is partial, missing before it begins.
        forecast_amount (float): Median forecast; missing for months that are over.
        forecast_amount_low (float): Lower end of the 80% interval.
        forecast_amount_high (float): Upper end.
        forecast_95_amount_low (float): Lower end of the 95% interval.
        forecast_95_amount_high (float): Upper end.
        year_before_amount (float): Booked in the same month a year before; missing before the data begins.
        goal_amount (float): The company's goal of the month; missing where none above 0 is set.
        method (str): Key of the method that the forecast was made with; missing for months that are over.
    """
    outlook = forecast_bookings(crm)
    if outlook is None:
        return pd.DataFrame()
    past = outlook.history[outlook.history["is_complete"].astype(bool)]
    known = dict(zip(past["month"], past["bookings_amount"], strict=True))
    periods = [crm.calendar.period(label) for label in past["month"].tail(MONTHS_SHOWN)] + list(outlook.months)
    ends = np.quantile(outlook.paths, [0.1, 0.9, 0.025, 0.975], axis=0)
    n_past = len(periods) - HORIZON
    ahead = [np.concatenate([np.full(n_past, np.nan), values]) for values in (outlook.medians, *ends)]
    table = pd.DataFrame(
        {
            "month": [each.label for each in periods],
            "month_start_on": pd.to_datetime([each.start for each in periods]),
            "is_forecast": [place >= n_past for place in range(len(periods))],
            "is_partial": [each.start <= crm.as_of < each.end for each in periods],
            "bookings_amount": [known.get(each.label) for each in periods],
            **dict(zip(_ENDS, ahead, strict=True)),
            "year_before_amount": [known.get(crm.calendar.year_before(each).label) for each in periods],
        }
    )
    table.loc[table["is_partial"], "bookings_amount"] = outlook.booked_amount
    wanted = goals(crm, periods, level="company").rename(columns={"period": "month", "quota_amount": "goal_amount"})
    wanted = wanted[wanted["goal_amount"] > 0]
    table = table.merge(wanted[["month", "goal_amount"]], on="month", how="left")
    return table.assign(method=table["is_forecast"].map({True: outlook.method, False: None}))


_ENDS = [
    "forecast_amount", "forecast_amount_low", "forecast_amount_high", "forecast_95_amount_low",
    "forecast_95_amount_high",
]  # fmt: skip


@tidy
def bookings_forecast_by_span(crm: Crm) -> pd.DataFrame:
    """Bookings of the next month, the next three and the next twelve together, with intervals.

    One row per span, shortest first. A sum's interval is narrower than the sum of the months' intervals,
    since months do not all err the same way.

    Args:
        crm: Needs ``opportunities``.

    Returns:
        span (str): next month, next 3 months or next 12 months.
        n_months (int): Months in it.
        first_month (str): Label of the first.
        last_month (str): Label of the last.
        forecast_amount (float): Median forecast of the sum.
        forecast_amount_low (float): Lower end of the 80% interval.
        forecast_amount_high (float): Upper end.
        forecast_95_amount_low (float): Lower end of the 95% interval.
        forecast_95_amount_high (float): Upper end.
        year_before_amount (float): Booked in the same months a year before; missing where one is unknown.
        change_rate (float): Forecast against the year before, as a share of it; missing where that is not above 0.
        n_history (int): Complete months that the forecast learnt from.
        method (str): Key of the method.
    """
    outlook = forecast_bookings(crm)
    rows = []
    for n_months in SPANS:
        if outlook is None:
            break
        sums = outlook.paths[:, :n_months].sum(axis=1)
        before = _year_before(crm, outlook, n_months)
        middle = float(np.median(sums)) if n_months > 1 else float(outlook.medians[0])
        ends = np.quantile(sums, [0.1, 0.9, 0.025, 0.975])
        rows.append(
            {
                "span": "next month" if n_months == 1 else f"next {n_months} months",
                "n_months": n_months,
                "first_month": outlook.months[0].label,
                "last_month": outlook.months[n_months - 1].label,
                **dict(zip(_ENDS, (middle, *ends), strict=True)),
                "year_before_amount": before,
                "change_rate": middle / before - 1 if before is not None and before > 0 else None,
                "n_history": len(outlook.series),
                "method": outlook.method,
            }
        )
    return pd.DataFrame(rows)


def _year_before(crm: Crm, outlook: Outlook, n_months: int) -> float | None:
    past = outlook.history[outlook.history["is_complete"].astype(bool)]
    known = dict(zip(past["month"], past["bookings_amount"], strict=True))
    labels = [crm.calendar.year_before(each).label for each in outlook.months[:n_months]]
    return sum(known[label] for label in labels) if all(label in known for label in labels) else None
