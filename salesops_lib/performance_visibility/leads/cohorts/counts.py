"""Leads by month or source of arrival, counted by the days they took to become deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import how_many, within
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.measures.leads import leads_and_deals
from salesops_lib.periods import Period

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

HORIZONS = (30, 60, 90)
"""Days after arrival at which a cohort is looked at (our choice)."""


def _arrivals(crm: Crm, window: Period) -> ir.Table:
    """Leads that arrived in a window, with the fiscal month of their arrival as ``month``."""
    return with_fiscal(crm, leads_and_deals(crm).filter(within(_.arrived_on, window)), "arrived_on", month="month")


def conversion_cells(crm: Crm, window: Period, *, by: str, most_days: int = max(HORIZONS)) -> pd.DataFrame:
    """Leads that arrived in a window, counted by ``by`` (month or source) and ``age`` in days, for a life table.

    Returns:
        The key; ``age``, ``n_from`` (all at age 0), ``n_to`` (followed to it) and ``n_left`` (of those, became deals).
    """
    rows = _arrivals(crm, window)
    last = ibis.coalesce(rows.converted_on, _day(crm.as_of))
    # A deal older than its lead was one on arrival. What comes after the last horizon is not asked: such leads are
    # followed to the day after it.
    age = ibis.least(ibis.greatest(_days(rows.arrived_on, last), 0), most_days + 1)
    rows = rows.mutate(age=age, is_deal=rows.converted_on.notnull() & (age <= most_days))
    counts = rows.group_by([by, "age"]).agg(n_to=_.count(), n_left=how_many(_.is_deal))
    return followed_from_arrival(crm.fetch(counts.order_by([by, "age"])), [by])


def followed_from_arrival(cells: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Add to cells with ``n_to`` and ``n_left`` by age that all of them are followed from age 0 on."""
    entered = cells.groupby(keys)[["n_to"]].sum().rename(columns={"n_to": "n_from"}).reset_index().assign(age=0)
    all_cells = pd.concat([entered, cells], ignore_index=True).groupby([*keys, "age"])
    return all_cells[["n_from", "n_to", "n_left"]].sum().astype(int).reset_index()


def arrival_counts(crm: Crm, window: Period) -> pd.DataFrame:
    """Leads by month of arrival: how far they got so far, how many have had each horizon and were deals by then."""
    rows = _arrivals(crm, window)
    age, taken = _days(rows.arrived_on, _day(crm.as_of)), _days(rows.arrived_on, rows.converted_on)
    measures = {
        "n_leads": rows.count(),
        "n_unassigned": how_many(rows.rep_id.isnull()),
        "n_qualified": how_many(rows.qualified_at.notnull()),
        "n_converted": how_many(rows.deal.notnull()),
        "n_won": how_many((rows.deal_status == "won").fill_null(False)),
    }
    for days in HORIZONS:
        measures[f"n_followed_{days}"] = how_many(age >= days)
        measures[f"n_by_{days}"] = how_many((age >= days) & (taken <= days).fill_null(False))
    return crm.fetch(rows.group_by("month").agg(**measures).order_by("month"))


def _day(day: date) -> ir.Value:
    return ibis.date(str(day))


def _days(first: ir.Value, last: ir.Value) -> ir.Value:
    return last.delta(first, unit="day").cast("int64")
