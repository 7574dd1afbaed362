"""Tool evaluation: who has a seat, and who uses it?

Tables in: ``tools``, ``tool_seats``, ``tool_usage`` and ``reps`` of a ``Crm``. Provisioned (paid for), assigned
(held by someone) and active (used lately by its holder) are three numbers and stay three.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.tool_evaluation.seats.counts import active_days, seat_counts, tools_in_use, with_shares

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters

LONG_DAYS = 90
"""The longer of the two windows in which a seat is looked at."""


@tidy
def utilisation_by_tool(crm: Crm, *, parameters: Parameters, confidence: float) -> pd.DataFrame:
    """Share of each tool's assigned seats that were used lately.

    One row per tool in use, the least used first. Use is recorded by week: a week counts by its first day.

    Args:
        crm: Needs ``tools``, ``tool_seats`` and ``tool_usage``.
        parameters: How many days back a seat must have been used: ``active_within_days`` of ``tools.yaml``, else 30.
        confidence: Coverage of the intervals.

    Returns:
        tool_id (str): Key.
        name (str): Name of the tool.
        category (str): What it is for.
        owner (str): Who looks after it.
        n_provisioned (int): Seats paid for on the report's evening.
        n_assigned (int): Of these, seats held by someone.
        n_active (int): Of these, seats whose holder used the tool lately; missing where the tool's use is not recorded.
        utilisation_rate (float, 0-1): Active over assigned seats; missing without assigned seats.
        utilisation_rate_low (float, 0-1): Lower end of the interval.
        utilisation_rate_high (float, 0-1): Upper end of the interval.
        n_active_90 (int): Assigned seats used within 90 days.
        utilisation_90_rate (float, 0-1): The same share over 90 days.
        utilisation_90_rate_low (float, 0-1): Lower end of the interval.
        utilisation_90_rate_high (float, 0-1): Upper end of the interval.
        n_held_by_leavers (int): Assigned seats whose holder has left the company.
        n_active_here (int): Active seats held by people who are still here.
        utilisation_here_rate (float, 0-1): Active over assigned seats, those of leavers left out.

    Source:
        Interval of Wilson (1927), JASA 22(158), 209-212.
    """
    crm.need("tools", "tool_seats", "tool_usage")
    tools = tools_in_use(crm)[["tool_id", "name", "category", "owner"]]
    lately = seat_counts(crm, on=crm.as_of, days=active_days(parameters))
    longer = seat_counts(crm, on=crm.as_of, days=LONG_DAYS)[["tool_id", "n_active"]]
    rows = tools.merge(lately, on="tool_id", how="left")
    rows = rows.merge(longer.rename(columns={"n_active": "n_active_90"}), on="tool_id", how="left")
    held = ["n_provisioned", "n_assigned", "n_held_by_leavers"]
    rows[held] = rows[held].fillna(0)
    rows = with_shares(rows, "n_active", "utilisation", confidence)
    rows = with_shares(rows, "n_active_90", "utilisation_90", confidence)
    here = (rows["n_assigned"] - rows["n_held_by_leavers"]).astype(float)
    rows["utilisation_here_rate"] = rows["n_active_here"].astype(float) / here.where(here > 0)
    return rows.sort_values(["utilisation_rate", "tool_id"])
