"""Key figures of the outlook: the next months, the quarter to land, the chance of its goal, and past accuracy.

Tables in: ``opportunities``; goals from ``quotas``. Tables out: one row per figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib.forecasting.accuracy.metrics import accuracy_by_method
from salesops_lib.forecasting.goals.metrics import goal_realism_by_period
from salesops_lib.forecasting.landing.metrics import landing_by_method
from salesops_lib.forecasting.outlook.metrics import bookings_forecast_by_month, bookings_forecast_by_span
from salesops_lib.measures.tidy import columns_of, tidy

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

SPANS = {1: "next_month", 3: "next_3_months", 12: "next_12_months"}


@tidy
def cards(crm: Crm, *, confidence: float) -> pd.DataFrame:
    """Six figures of what lies ahead, each with its 80% interval where it has one.

    One row per figure; a figure that cannot be had is missing, with the same rows.

    Args:
        crm: Needs ``opportunities``; goals come from ``quotas``.
        confidence: As for ``accuracy_by_method``.

    Returns:
        key (str): Key of the figure.
        label (str): Name.
        value (float): The figure.
        unit (str): amount or rate.
        change (float): Forecast against the same months a year before, as a share.
        change_unit (str): share.
        compared_with (str): What the change compares with.
        target (float): The goal of the same period, where there is one.
        n (int): Past month-ends tested, for the error only.
        low (float): Lower end of the 80% interval.
        high (float): Upper end.
        direction (str): Which way is good.
        series (list of float): The last eleven months and the next, for the next month only.
    """
    rows = [*_forecasts(crm), *_landing(crm), _accuracy(crm, confidence)]
    return pd.DataFrame(rows, columns=list(columns_of(cards)))


def _forecasts(crm: Crm) -> list[dict[str, Any]]:
    spans = bookings_forecast_by_span(crm).set_index("n_months")
    months = bookings_forecast_by_month(crm)
    rows = []
    for n_months, key in SPANS.items():
        label = "Next month" if n_months == 1 else f"Next {n_months} months"
        row: dict[str, Any] = {"key": key, "label": label, "unit": "amount", "change_unit": "share", "direction": "up"}
        if n_months in spans.index:
            span = spans.loc[n_months]
            goals = months.loc[months["is_forecast"], "goal_amount"].head(n_months)
            row |= {
                "value": span["forecast_amount"],
                "change": span["change_rate"],
                "compared_with": "a year before",
                "target": goals.sum() if goals.notna().all() else None,
                "low": span["forecast_amount_low"],
                "high": span["forecast_amount_high"],
            }
        if n_months == 1 and len(months):
            past = months.loc[~months["is_forecast"], "bookings_amount"].tail(11)
            row["series"] = [*map(float, past), float(row["value"])]
        rows.append(row)
    return rows


def _landing(crm: Crm) -> list[dict[str, Any]]:
    landings = landing_by_method(crm)
    name = landings["quarter_name"].iloc[0]
    leading = landings[landings["is_leading"]]
    best = leading.iloc[0] if len(leading) else landings.iloc[-1]
    before = best["year_before_amount"]
    realism = goal_realism_by_period(crm)
    chance = realism.loc[(realism["kind"] == "quarter") & (realism["method"] == best["method"]), "reach_rate"]
    return [
        {
            "key": "landing", "label": f"{name} lands at", "unit": "amount", "direction": "up",
            "value": best["landing_amount"], "low": best["landing_amount_low"], "high": best["landing_amount_high"],
            "change": best["landing_amount"] / before - 1 if before > 0 else None, "change_unit": "share",
            "compared_with": "a year before", "target": best["goal_amount"], "n": None,
        },
        {
            "key": "goal_chance", "label": f"Chance of the {name} goal", "unit": "rate", "direction": "up",
            "value": chance.iloc[0] if len(chance) else None, "change_unit": "rate",
        },
    ]  # fmt: skip


def _accuracy(crm: Crm, confidence: float) -> dict[str, Any]:
    row: dict[str, Any] = {
        "key": "forecast_error", "label": "Error, 1 to 3 months ahead", "unit": "rate", "direction": "down",
        "change_unit": "rate",
    }  # fmt: skip
    methods = accuracy_by_method(crm, confidence=confidence)
    if len(methods):
        shown, rival = methods[methods["is_shown"]].iloc[0], methods[methods["is_benchmark"]].iloc[0]
        row |= {
            "value": shown["near_wape_rate"],
            "change": shown["near_wape_rate"] - rival["near_wape_rate"],
            "compared_with": rival["name"],
            "n": shown["n_origins"],
        }
    return row
