"""Lead cohorts: of the leads of a month, how many have become deals so soon, and which months are too young?

Tables in: ``leads`` and the ``opportunities`` they became.
Tables out: one row per month and horizon. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import how_many, within
from salesops_lib.performance_visibility.chance import adjusted, two_rates
from salesops_lib.performance_visibility.survival import life_table, staying_at
from salesops_lib.performance_visibility.windows import months_to, report_month
from salesops_lib.periods import Period

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

HORIZONS = (30, 60, 90)
"""Days after arrival at which a cohort is looked at."""


def lead_cohorts(crm: Crm, *, period: Period, n_months: int = 12, confidence: float = 0.95) -> pd.DataFrame:
    """Share of each month's leads that became a deal within 30, 60 and 90 days, young leads counted as far as they go.

    One row per month of arrival and horizon that some of its leads have reached, oldest month first. A lead that is no
    deal yet may become one: it is followed until now and no longer. A month is mature for a horizon once all its leads
    have had the time; only mature months are held against one another.

    Args:
        crm: Needs ``leads`` and the ``opportunities`` they became.
        period: What is reported.
        n_months: Months of arrival, ending with the report month; those before the first lead are left out.
        confidence: Coverage of the intervals; a change counts when chance alone would show it less often than the rest.

    Returns:
        month (str): Month of arrival.
        days (int): Days after arrival.
        n_leads (int): Leads that arrived in the month.
        n_unassigned (int): Those of them that nobody owns.
        n_deals (int): Those that have become a deal so far.
        n_followed (int): Those that were followed up to the day without becoming a deal before.
        converted_rate (float, 0-1): Share that became a deal by the day.
        converted_rate_low (float, 0-1): Lower end of its interval.
        converted_rate_high (float, 0-1): Upper end.
        is_mature (bool): All leads of the month have had that many days.
        before_rate (float, 0-1): Share over the earlier mature months; on the latest mature month of a horizon only.
        p_value (float): How often chance alone would set the two this far apart, adjusted over the horizons.
        is_changed (bool): It is beyond chance.

    Source:
        Kaplan and Meier (1958), interval on the scale log(-log). Change: pooled z-test, adjusted after Holm (1979).
    """
    crm.need("leads")
    months = months_to(crm.calendar, report_month(crm.calendar, period, crm.as_of), n_months)
    cells = _cells(crm, months)
    rows = [row for month in months for row in _month_rows(crm, month, cells, confidence)]
    table = pd.DataFrame(rows, columns=_COLUMNS[:10])
    kinds = dict.fromkeys(("days", "n_leads", "n_unassigned", "n_deals", "n_followed"), int)
    table = table.astype(kinds).astype({"month": "str", "is_mature": bool})
    return _with_change(table, confidence)[_COLUMNS]


_COLUMNS = [
    "month", "days", "n_leads", "n_unassigned", "n_deals", "n_followed", "converted_rate", "converted_rate_low",
    "converted_rate_high", "is_mature", "before_rate", "p_value", "is_changed",
]  # fmt: skip


def _cells(crm: Crm, months: list[Period]) -> pd.DataFrame:
    """Leads counted by month of arrival and ``age`` in days: ``n_to``, ``n_left`` (became a deal), ``n_unassigned``."""
    span = Period("all", "month", months[0].start, min(months[-1].end, crm.as_of))
    deals = crm.opportunities.select(deal=_.opportunity_id, deal_on=ibis.coalesce(_.created_on, _.closed_on))
    leads = crm.leads.filter(within(crm.leads.created_at.date(), span)).mutate(arrived=_.created_at.date())
    rows = leads.left_join(deals, leads.converted_opportunity_id == deals.deal)
    days = crm.periods.select(day_arrived=_.date, month=_.month)
    rows = rows.inner_join(days, rows.arrived == days.day_arrived)
    until = ibis.coalesce(rows.deal_on, ibis.date(str(crm.as_of)))
    # Where a deal is older than its lead, the lead was one on arrival.
    rows = rows.mutate(wait=ibis.greatest(until.delta(rows.arrived, unit="day").cast("int64"), 0))
    most = HORIZONS[-1] + 1
    cells = rows.group_by("month", age=ibis.least(rows.wait, most)).agg(
        n_to=_.count(),
        n_left=how_many(rows.deal_on.notnull() & (rows.wait < most)),
        n_deals=how_many(rows.deal_on.notnull()),
        n_unassigned=how_many(rows.rep_id.isnull()),
    )
    return crm.fetch(cells.order_by(["month", "age"]))


def _month_rows(crm: Crm, month: Period, cells: pd.DataFrame, confidence: float) -> list[tuple[object, ...]]:
    own = cells[cells["month"] == month.label]
    n = int(own["n_to"].sum())
    if not n:
        return []
    begins = pd.DataFrame({"age": [0], "n_from": [n], "n_to": [0], "n_left": [0]})
    ages = pd.concat([own[["age", "n_to", "n_left"]].assign(n_from=0), begins]).groupby("age").sum().reset_index()
    table = life_table(ages)
    youngest = (crm.as_of - min(month.end, crm.as_of)).days
    shares = staying_at(table, HORIZONS, confidence=confidence)
    return [
        (
            month.label, horizon, n, int(own["n_unassigned"].sum()), int(own["n_deals"].sum()),
            int(table["at_risk"].get(horizon, 0)), 1 - share, 1 - high, 1 - low, youngest >= horizon,
        )
        for horizon, (share, low, high) in zip(HORIZONS, shares, strict=True)
        if share == share
    ]  # fmt: skip


def _with_change(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Hold the latest mature month of each horizon against the earlier mature ones; no younger month is judged."""
    table = table.assign(before_rate=float("nan"), p_value=float("nan"))
    places, p_values = [], []
    for _horizon, own in table[table["is_mature"]].groupby("days"):
        hits = (own["converted_rate"] * own["n_leads"]).round()
        if len(own) > 1:
            last, n_before, before = own.index[-1], own["n_leads"].iloc[:-1].sum(), hits.iloc[:-1].sum()
            table.loc[last, "before_rate"] = before / n_before
            sides = (hits.tail(1), own["n_leads"].tail(1), pd.Series([before], [last]), pd.Series([n_before], [last]))
            places.append(last)
            p_values.append(float(two_rates(*sides).iloc[0]))
    table.loc[places, "p_value"] = adjusted(p_values)
    return table.assign(is_changed=(table["p_value"] < 1 - confidence).astype(bool))
