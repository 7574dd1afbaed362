"""Activities, the time of those who did them, and what became of deals, by month; and a test that knows the season.

Tables in: ``activities``, ``reps``, ``opportunities``, ``periods``. Tables out: one row per month.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import quantiles, within
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.measures.managers import managers
from salesops_lib.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

WEEK_DAYS = 5
"""Selling days of a week in the seat."""


def sellers(crm: Crm) -> ir.Table:
    """Reps whose effort counts: those with an activity on record, managers left out."""
    active = crm.activities.select(active_rep=_.rep_id).distinct()
    reps = crm.reps.semi_join(active, crm.reps.rep_id == active.active_rep).anti_join(managers(crm), "rep_id")
    return reps.select("rep_id", "name", "started_on", "ended_on")


def own_activities(crm: Crm, window: Period) -> ir.Table:
    """Activities of sellers done in the window, with their day ``done_on``."""
    rows = crm.activities.mutate(done_on=_.done_at.date())
    return rows.filter(within(rows.done_on, window)).semi_join(sellers(crm), "rep_id")


def seat_days(crm: Crm, window: Period) -> ir.Table:
    """One row per seller and selling day in the seat up to ``as_of``: ``rep_id``, ``name``, ``date``, ``month``."""
    days = crm.periods.filter(within(_.date, window), _.is_selling_day, _.date <= ibis.date(str(crm.as_of)))
    reps = sellers(crm)
    rows = days.inner_join(
        reps,
        [
            reps.started_on.isnull() | (reps.started_on <= days.date),
            reps.ended_on.isnull() | (reps.ended_on >= days.date),
        ],
    )
    return rows.select("rep_id", "name", "date", "month")


def monthly_effort(crm: Crm, months: Sequence[Period]) -> pd.DataFrame:
    """Effort and results of each month, by label, in the order given.

    Returns:
        index (str): Label of the month; all columns are missing for months before the first activity on record.
        n_activities (float): Activities of sellers.
        effort_hours (float): Hours of those activities that say how long they took; missing where none does.
        seat_weeks (float): Selling days of sellers in the seat / 5.
        n_won (float): Deals won.
        n_open (float): Deals open on the month's last evening, or on ``as_of``.
        cycle_days (float): Median days from creation to close of the deals won; missing without any.
    """
    window = Period("months", "month", months[0].start, months[-1].end)
    table = _activity_sums(crm, window).join(_seat_weeks(crm, window), how="outer")
    table = table.join([_wins(crm, window), _cycles(crm, window)], how="outer").join(_open(crm, months), how="outer")
    table = table.reindex([month.label for month in months]).astype(float)
    counts = ["n_activities", "seat_weeks", "n_won", "n_open"]
    table = table.assign(**{name: table[name].fillna(0.0) for name in counts})
    first = crm.fetch(crm.activities.agg(first=_.done_at.date().min()))["first"].iloc[0]
    # What came before the first activity on record, give or take a weekend, is unknown and not idle.
    is_known = [pd.notna(first) and month.start >= first.date() - pd.Timedelta(days=4) for month in months]
    return table.where(pd.Series(is_known, index=table.index))


def _activity_sums(crm: Crm, window: Period) -> pd.DataFrame:
    rows = with_fiscal(crm, own_activities(crm, window), "done_on", month="month")
    sums = rows.group_by("month").agg(n_activities=_.count(), minutes=_.minutes.sum())
    table = crm.fetch(sums.order_by("month")).set_index("month")
    return table.assign(effort_hours=table["minutes"] / 60)[["n_activities", "effort_hours"]]


def _seat_weeks(crm: Crm, window: Period) -> pd.DataFrame:
    days = seat_days(crm, window).group_by("month").agg(days=_.count())
    table = crm.fetch(days.order_by("month")).set_index("month")
    return pd.DataFrame({"seat_weeks": table["days"] / WEEK_DAYS})


def _wins(crm: Crm, window: Period) -> pd.DataFrame:
    won = crm.opportunities.filter(_.status == "won", within(_.closed_on, window))
    return crm.fetch(
        with_fiscal(crm, won, "closed_on", month="month").group_by("month").agg(n_won=_.count())
    ).set_index("month")


def _cycles(crm: Crm, window: Period) -> pd.DataFrame:
    won = crm.opportunities.filter(_.status == "won", within(_.closed_on, window), _.created_on.notnull())
    won = won.mutate(cycle=won.closed_on.delta(won.created_on, unit="day").cast("int64"))
    table = crm.fetch(quantiles(with_fiscal(crm, won, "closed_on", month="month"), "cycle", by=["month"])).set_index(
        "month"
    )
    return table[["q50"]].rename(columns={"q50": "cycle_days"})


def _open(crm: Crm, months: Sequence[Period]) -> pd.DataFrame:
    """Deals open on the last evening of each month."""
    ends = {min(month.end, crm.as_of): month.label for month in months}
    evenings = crm.periods.filter(_.date.isin([ibis.date(str(day)) for day in ends])).select(evening=_.date)
    deals = crm.opportunities.mutate(known_from=ibis.coalesce(_.created_on, _.closed_on))
    rows = evenings.inner_join(
        deals,
        [
            deals.known_from.isnull() | (deals.known_from <= evenings.evening),
            (deals.status == "open") | (deals.closed_on > evenings.evening).fill_null(False),
        ],
    )
    table = crm.fetch(rows.group_by("evening").agg(n_open=_.count()))
    return pd.DataFrame({"n_open": table["n_open"].to_numpy()}, index=[ends[day.date()] for day in table["evening"]])
