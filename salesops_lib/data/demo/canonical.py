"""The demo company as canonical tables, all of them or those asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pyarrow as pa

from salesops_lib.data.demo import tables_of_customers_and_tools as after_sale
from salesops_lib.data.demo import tables_of_deals as selling
from salesops_lib.data.demo import tables_of_people as people
from salesops_lib.data.demo.company import DemoCompany
from salesops_lib.data.schemas import SOURCE_TABLES

_MAKERS: dict[str, Callable[[DemoCompany], pa.Table]] = {
    "reps": people.reps_table,
    "team_members": people.team_members_table,
    "teams": people.teams_table,
    "accounts": selling.accounts_table,
    "opportunities": selling.opportunities_table,
    "credits": selling.credits_table,
    "stage_history": selling.stage_history_table,
    "leads": selling.leads_table,
    "activities": selling.activities_table,
    "quotas": people.quotas_table,
    "subscriptions": after_sale.subscriptions_table,
    "satisfaction": after_sale.satisfaction_table,
    "tools": after_sale.tools_table,
    "tool_costs": after_sale.tool_costs_table,
    "tool_seats": after_sale.tool_seats_table,
    "tool_usage": after_sale.tool_usage_table,
    "tool_survey": after_sale.tool_survey_table,
}


def canonical_tables(company: DemoCompany, names: Collection[str] | None = None) -> dict[str, pa.Table]:
    """The company's source tables by name, in the order of the schemas."""
    return {table.name: _MAKERS[table.name](company) for table in SOURCE_TABLES if names is None or table.name in names}
