"""Goal realism: how likely are the goals of the month, the quarter and the year under the forecasts?

Tables in: ``opportunities``, ``quotas`` (and those of the quarters' parameters). Tables out: one row per period
and forecast. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from salesops_lib.forecasting.landing.metrics import goal_of, landing_by_method
from salesops_lib.forecasting.outlook.forecast import Outlook, forecast_bookings
from salesops_lib.measures.tidy import columns_of, tidy

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

KINDS: tuple[Literal["month", "quarter", "year"], ...] = ("month", "quarter", "year")


@tidy
def goal_realism_by_period(crm: Crm) -> pd.DataFrame:
    """Chance of reaching the goal of the month, quarter and year that come next, and how far the goal stretches.

    One row per period and forecast: the monthly forecast for all three, the landings for the quarter.
    A period without a goal, or without a forecast, keeps its row.

    Args:
        crm: Needs ``opportunities``; goals come from ``quotas``.

    Returns:
        kind (str): month, quarter or year.
        period (str): Label: the first of its kind that is not over on ``as_of``.
        period_name (str): As readers say it.
        method (str): monthly, stage, pace or both.
        name (str): What the forecast is called.
        is_leading (bool): The forecast that the words go by: for the quarter the leading landing where there is
            one, else the monthly forecast.
        won_so_far_amount (float): Won in the period so far.
        forecast_amount (float): Median forecast of the whole period, what is won so far included.
        forecast_amount_low (float): Lower end of the 80% interval.
        forecast_amount_high (float): Upper end.
        goal_amount (float): The company's goal; missing where none above 0 is set.
        gap_amount (float): Goal less median forecast; negative when the forecast is above.
        stretch_ratio (float): Goal / median forecast; 1.10 asks for 10% more than the forecast.
        reach_rate (float): Probability of reaching the goal under the forecast.
    """
    outlook = forecast_bookings(crm)
    landings = landing_by_method(crm)
    rows: list[dict[str, Any]] = []
    for kind in KINDS:
        period = crm.calendar.containing(crm.as_of + timedelta(days=1), kind)
        shared = {
            "kind": kind,
            "period": period.label,
            "period_name": crm.calendar.title(period),
            "goal_amount": goal_of(crm, period),
        }
        monthly = {**shared, **_monthly(crm, outlook, period, shared["goal_amount"]), "is_leading": True}
        rows.append(monthly)
        if kind == "quarter":
            landed = [{**shared, **_landed(row)} for row in landings.to_dict("records")]
            monthly["is_leading"] = not any(row["is_leading"] for row in landed)
            rows += landed
    table = pd.DataFrame(rows, columns=list(columns_of(goal_realism_by_period)))
    goal, forecast = table["goal_amount"].astype(float), table["forecast_amount"].astype(float)
    goal = goal.where(goal > 0)
    return table.assign(
        gap_amount=goal - forecast,
        stretch_ratio=goal / forecast.where(forecast > 0),
    )


def _monthly(crm: Crm, outlook: Outlook | None, period: Period, goal: Any) -> dict[str, Any]:
    """The period under the monthly forecast: what its complete months brought plus futures of the others."""
    row: dict[str, Any] = {"method": "monthly", "name": "monthly forecast"}
    if outlook is None:
        return row
    history = outlook.history
    inside = history[history["month_start_on"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))]
    booked = float(inside["bookings_amount"].sum())
    complete = float(inside.loc[inside["is_complete"].astype(bool), "bookings_amount"].sum())
    ahead = [place for place, month in enumerate(outlook.months) if period.contains(month.start)]
    n_months = len(crm.calendar.within(period, "month"))
    if not ahead or int(inside["is_complete"].sum()) + len(ahead) < n_months:
        # A period that began before the data did cannot be summed up.
        return {**row, "won_so_far_amount": booked}
    sums = complete + outlook.paths[:, ahead].sum(axis=1)
    middle = float(np.median(sums)) if len(ahead) > 1 else complete + float(outlook.medians[ahead[0]])
    low, high = np.quantile(sums, [0.1, 0.9])
    return {
        **row,
        "won_so_far_amount": booked,
        "forecast_amount": middle,
        "forecast_amount_low": low,
        "forecast_amount_high": high,
        "reach_rate": float(np.mean(sums >= goal)) if goal > 0 else None,
    }


def _landed(landing: dict[Any, Any]) -> dict[str, Any]:
    same = {name: landing[f"landing_amount{end}"] for name, end in zip(_FORECAST, ("", "_low", "_high"), strict=True)}
    return {
        "method": landing["method"],
        "name": "average of the two landings" if landing["method"] == "both" else f"landing {landing['name']}",
        "is_leading": landing["is_leading"],
        "won_so_far_amount": landing["won_so_far_amount"],
        "reach_rate": landing["reach_rate"],
        **same,
    }


_FORECAST = ("forecast_amount", "forecast_amount_low", "forecast_amount_high")
