"""Lead cells: what the engine counts of the leads, and all that the comparison of leads ever sees of them.

Tables in: ``leads``; ``opportunities`` for what they became. Tables out: counts by rep, fiscal month, source and band
of the score at arrival. A lead counts on the day it was assigned, or arrived where that day is not recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import how_many, quantiles, total, within
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.measures.leads import leads_and_deals
from salesops_lib.rep_comparison.cells import MONTH

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

NO_SCORE = -1
"""Band of the leads without a score."""
WAIT_SHARES = tuple(step / 10 for step in range(1, 10))
"""Waits are told apart by tenths of all waits of the window, whatever the company's pace."""
AGE_BANDS = {"0-1 day": 1, "2-7 days": 7, "8-30 days": 30}
"""Name and last day of each band of age; older leads are ``OLDER``."""
OLDER = "More than 30 days"


def lead_cells(crm: Crm, window: Period) -> pd.DataFrame:
    """Leads by rep, month, source and score band, with how far they got so far.

    Returns:
        rep_id (str): Rep the leads were assigned to.
        month (str): Fiscal month.
        source (str): Source.
        band (int): Third of the score at arrival, 0 the lowest; -1 without a score.
        n_leads (int): Leads.
        n_qualified (int): Leads accepted as qualified.
        n_won (int): Deals won from them.
        won_amount (float): Amount of these deals.
    """
    rows = _assigned(crm, window)
    rows = rows.mutate(band=_place(rows.score, _ends(crm, rows, "score", (1 / 3, 2 / 3))))
    is_won = (_.deal_status == "won").fill_null(False)
    keys = ["rep_id", MONTH, "source", "band"]
    cells = rows.group_by(keys).agg(
        n_leads=_.count(),
        n_qualified=how_many(_.qualified_at.notnull()),
        n_won=how_many(is_won),
        won_amount=total(ibis.ifelse(is_won, _.deal_amount, 0)),
    )
    return crm.fetch(cells.order_by(keys))


def wait_cells(crm: Crm, window: Period) -> pd.DataFrame:
    """Leads whose arrival and assignment are both known, by rep, month and tenth of the wait between the two.

    Returns:
        rep_id (str): Rep.
        month (str): Fiscal month.
        band (int): Tenth of the waits, 0 the shortest.
        n_leads (int): Leads.
    """
    rows = _waited(crm, window)
    rows = rows.mutate(band=_place(rows.hours, _ends(crm, rows, "hours", WAIT_SHARES)))
    keys = ["rep_id", MONTH, "band"]
    return crm.fetch(rows.group_by(keys).agg(n_leads=_.count()).order_by(keys))


def median_waits(crm: Crm, window: Period) -> tuple[pd.Series[float], float]:
    """Median hours from arrival to assignment: of each rep's leads, and of all."""
    rows = _waited(crm, window)
    by_rep = crm.fetch(quantiles(rows, "hours", by=["rep_id"]).order_by("rep_id")).set_index("rep_id")["q50"]
    return by_rep.astype(float), float(crm.fetch(quantiles(rows, "hours"))["q50"].astype(float).iloc[0])


def _assigned(crm: Crm, window: Period) -> ir.Table:
    """Leads with a rep by the day they were assigned, with month and source."""
    rows = leads_and_deals(crm).filter(_.rep_id.notnull())
    rows = rows.mutate(given_on=ibis.coalesce(rows.assigned_at, rows.created_at).date())
    return with_fiscal(crm, rows.filter(within(rows.given_on, window)), "given_on", month="month")


def _waited(crm: Crm, window: Period) -> ir.Table:
    rows = _assigned(crm, window).filter(_.assigned_at.notnull())
    seconds = rows.assigned_at.epoch_seconds().cast("int64") - rows.created_at.epoch_seconds().cast("int64")
    # An assignment noted before the arrival was one on arrival.
    return rows.mutate(hours=ibis.greatest(seconds, 0).cast("float64") / 3600)


def _ends(crm: Crm, rows: ir.Table, column: str, shares: tuple[float, ...]) -> list[float]:
    """Values that cut a column in parts of alike size; none where it is missing throughout."""
    ends = crm.fetch(quantiles(rows, column, shares=shares).drop("n")).to_numpy(dtype=float).ravel()
    return sorted({float(end) for end in ends if end == end})  # a missing value differs from itself


def _place(value: ir.Value, ends: list[float]) -> ir.Value:
    """The place of a value among the ends."""
    place = ibis.literal(0)
    for end in ends:
        place = place + ibis.ifelse(value >= end, 1, 0)
    return ibis.ifelse(value.isnull(), NO_SCORE, place).cast("int64")


def unassigned_cells(crm: Crm) -> pd.DataFrame:
    """Leads that arrived by ``as_of``, by source and age, and those of them without a rep.

    Returns:
        source (str): Source.
        age_band (str): Days since arrival.
        n_arrived (int): Leads of that age.
        n_unassigned (int): Those of them without a rep.
        oldest_days (float): Age of the oldest without a rep; missing without one.
    """
    rows = leads_and_deals(crm)
    rows = rows.mutate(age=_age(rows.created_at, crm.as_of)).filter(_.age >= 0)
    band: ir.Value = ibis.literal(OLDER)
    for name, last in reversed(AGE_BANDS.items()):
        band = ibis.ifelse(rows.age <= last, name, band)
    rows = rows.mutate(age_band=band, waits=rows.rep_id.isnull())
    keys = ["source", "age_band"]
    counts = rows.group_by(keys).agg(
        n_arrived=_.count(),
        n_unassigned=how_many(_.waits),
        oldest_days=ibis.ifelse(_.waits, _.age, None).max().cast("float64"),
    )
    return crm.fetch(counts.order_by(keys))


def _age(moment: ir.Value, as_of: date) -> ir.Value:
    return ibis.date(str(as_of)).delta(moment.date(), unit="day").cast("int64")
