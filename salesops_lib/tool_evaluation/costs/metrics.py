"""Tool evaluation: what do the tools cost, and what does a seat in use cost?

Tables in: ``tools`` and ``tool_costs`` of a ``Crm``, with ``tool_seats`` and ``tool_usage`` where present.
A cost item is spread evenly over the days it covers, so that a bill for three years does not fall on one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.tool_evaluation.costs.sums import cost_items, spread, year_to, yearly_licences
from salesops_lib.tool_evaluation.seats.counts import active_days, seat_counts, tools_in_use

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters

KINDS = ("licence", "implementation", "training", "integration", "internal_time", "exit")
"""What money is spent for, in the order shown."""


@tidy
def cost_by_tool(crm: Crm, *, parameters: Parameters) -> pd.DataFrame:
    """What each tool cost in the last twelve months, and what a seat in use costs.

    One row per tool in use, the most expensive first.

    Args:
        crm: Needs ``tools`` and ``tool_costs``; seats and use come from ``tool_seats`` and ``tool_usage``.
        parameters: How many days back a seat must have been used: ``active_within_days`` of ``tools.yaml``, else 30.

    Returns:
        tool_id (str): Key.
        name (str): Name of the tool.
        category (str): What it is for.
        licence_amount (float): Licences, their part that falls into the twelve months to the report's evening.
        implementation_amount (float): Setting it up, likewise.
        training_amount (float): Training, likewise.
        integration_amount (float): Connecting it to other tools, likewise.
        internal_time_amount (float): Our own people's time, likewise.
        exit_amount (float): Leaving it, likewise.
        cost_amount (float): All of these together; missing where no cost is on record.
        yearly_licence_amount (float): Licences of the twelve months that end with the licence now in force; what
            a renewal puts at stake. Missing where none is in force.
        n_provisioned (int): Seats paid for.
        n_active (int): Seats used lately by those who hold them.
        cost_per_active_amount (float): Cost of twelve months over active seats; missing without any.
        idle_licence_amount (float): Part of the yearly licence that pays for seats nobody uses.
    """
    crm.need("tools", "tool_costs")
    tools = tools_in_use(crm)[["tool_id", "name", "category"]]
    items = cost_items(crm)
    start = year_to(crm.as_of)
    spent = spread(items, start, crm.as_of).groupby(["tool_id", "kind"])["part"].sum().unstack("kind")
    spent = spent.reindex(columns=list(KINDS))
    is_known = tools["tool_id"].isin(items["tool_id"])
    rows = tools.merge(spent.fillna(0.0).add_suffix("_amount"), on="tool_id", how="left")
    names = [f"{kind}_amount" for kind in KINDS]
    # No item in these months is no cost; no item at all means that nobody recorded the costs.
    rows[names] = rows[names].fillna(0.0).where(is_known)
    rows["cost_amount"] = rows[names].sum(axis=1).where(is_known)
    rows["yearly_licence_amount"] = rows["tool_id"].map(yearly_licences(items, crm.as_of)).astype(float)
    seats = seat_counts(crm, on=crm.as_of, days=active_days(parameters))[["tool_id", "n_provisioned", "n_active"]]
    rows = rows.merge(seats, on="tool_id", how="left")
    active = rows["n_active"].astype(float)
    rows["cost_per_active_amount"] = rows["cost_amount"] / active.where(active > 0)
    provisioned = rows["n_provisioned"].astype(float)
    unused = (provisioned - active) / provisioned.where(provisioned > 0)
    rows["idle_licence_amount"] = rows["yearly_licence_amount"] * unused
    return rows.sort_values(["cost_amount", "tool_id"], ascending=[False, True], ignore_index=True)
