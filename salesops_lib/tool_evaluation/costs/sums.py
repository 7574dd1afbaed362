"""Costs added up: of a year, of licences, of all tools."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from ibis import _

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

DAY = timedelta(days=1)


def cost_items(crm: Crm) -> pd.DataFrame:
    """Cost items of tools in use that had begun by the report's evening: tool, kind, first and last day, amount."""
    items = crm.tool_costs.filter(_.from_on <= crm.as_of).select(
        "tool_id", "kind", "from_on", "to_on", amount=_.amount.cast("float64")
    )
    return crm.fetch(items.order_by("tool_id", "kind", "from_on"))


def year_to(day: date) -> date:
    """First day of the twelve months that end on ``day``."""
    before = date(day.year - 1, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
    return before + DAY


def spread(items: pd.DataFrame, start: date, end: date) -> pd.DataFrame:
    """Cost items with ``part``: what of each falls on the days from ``start`` to ``end``, both included."""
    n_days = (items["to_on"] - items["from_on"]).dt.days + 1
    first = items["from_on"].where(items["from_on"] > pd.Timestamp(start), pd.Timestamp(start))
    last = items["to_on"].where(items["to_on"] < pd.Timestamp(end), pd.Timestamp(end))
    inside = ((last - first).dt.days + 1).clip(lower=0)
    return items.assign(part=items["amount"] * inside / n_days.clip(lower=1))


def yearly_licences(items: pd.DataFrame, on: date) -> dict[str, float]:
    """Licence cost by tool of the twelve months that end with the licence in force on a day.

    A contract year is its own amount, a longer contract one year of it, monthly bills the last twelve: nothing is
    extrapolated from a bill for a few days.
    """
    licences = items[items["kind"] == "licence"]
    in_force = licences[licences["to_on"] >= pd.Timestamp(on)]
    ends = in_force.groupby("tool_id")["to_on"].max()
    return {
        str(tool_id): float(
            spread(licences[licences["tool_id"] == tool_id], year_to(end.date()), end.date())["part"].sum()
        )
        for tool_id, end in ends.items()
    }


def total_cost(items: pd.DataFrame, end: date) -> float:
    """Cost of all tools in the twelve months to ``end``; missing where no item reaches back to their first day."""
    start = year_to(end)
    if items.empty or items["from_on"].min() > pd.Timestamp(start):
        return float(np.nan)
    return float(spread(items, start, end)["part"].sum())
