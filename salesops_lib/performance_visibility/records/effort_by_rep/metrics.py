"""Effort and result of each rep: do those who do more also attain more?

Tables in: ``activities``, ``reps``, ``opportunities``; ``quotas`` and teams where present.
Tables out: one row per rep. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from ibis import _

from salesops_lib.measures import attainment
from salesops_lib.measures.names import teams_of_reps
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.records.effort.counts import WEEK_DAYS, own_activities, seat_days
from salesops_lib.performance_visibility.windows import last_months, report_month, to_date
from salesops_lib.periods import Period
from salesops_lib.statistics.intervals import FEWEST_PAIRS, count_interval, rank_correlation

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

MIN_WEEKS = 13
"""Fewest weeks in the seat before a rep's effort and result are compared with others'."""


@tidy
def effort_by_rep(crm: Crm, *, period: Period, n_months: int = 12, confidence: float) -> pd.DataFrame:
    """Each seller's activities per week beside bookings and attainment, and whether the two go together.

    One row per seller in the seat in the last months, by name: this is no ranking. Managers are left out.

    Args:
        crm: Needs ``activities``, ``reps`` and ``opportunities``; attainment needs ``quotas``.
        period: What is reported.
        n_months: Months looked at, ending with the report month.
        confidence: Coverage of the intervals.

    Returns:
        rep_id (str): Key.
        name (str): Name of the rep.
        team (str): Name of the rep's team; missing without one.
        seat_weeks (float): Selling days in the seat / 5.
        n_activities (int): Activities.
        activities_per_week (float): Activities / weeks in the seat.
        n_deals (int): Deals they went to.
        n_won (int): Deals with credit won.
        bookings_amount (float): Credited amount won.
        attainment_rate (float): Bookings / goal of the same days; missing without a goal.
        wins_per_100 (float): Deals won per 100 activities; missing without activities.
        wins_per_100_low (float): Lower end of its interval.
        wins_per_100_high (float): Upper end.
        is_compared (bool): Thirteen weeks in the seat or more, and a result: part of the correlation.
        result (str): What effort is correlated with: attainment, or bookings per week where fewer than five have goals.
        n_compared (int): Reps compared.
        correlation (float): Rank correlation of activities per week and result; missing below five reps.
        correlation_low (float): Lower end of its interval.
        correlation_high (float): Upper end.

    Source:
        Exact Poisson interval (Garwood 1936); rank correlation of Spearman with the interval of Bonett and Wright
        (2000), Psychometrika 65, 23-28.
    """
    crm.need("activities")
    window = last_months(crm.calendar, report_month(crm.calendar, period, crm.as_of), n_months)
    rows = _seller_sums(crm, window)
    booked = attainment(crm, [to_date(window, crm.as_of)], level="rep")
    rows = rows.merge(booked[["rep_id", "bookings_amount", "n_won", "attainment_rate"]], on="rep_id", how="left")
    rows = rows.fillna({"bookings_amount": 0.0, "n_won": 0, "n_activities": 0, "n_deals": 0})
    rows = rows.astype({"n_won": int, "n_activities": int, "n_deals": int, "bookings_amount": float})
    low, high = count_interval(rows["n_won"], confidence=confidence)
    hundreds = rows["n_activities"].where(rows["n_activities"] > 0) / 100
    rows = rows.assign(
        team=rows["rep_id"].map(teams_of_reps(crm, crm.as_of)["team_name"]).astype(object),
        activities_per_week=rows["n_activities"] / rows["seat_weeks"],
        attainment_rate=rows["attainment_rate"].astype(float),
        wins_per_100=rows["n_won"] / hundreds, wins_per_100_low=low / hundreds, wins_per_100_high=high / hundreds,
    )  # fmt: skip
    rows = _with_correlation(rows, confidence)
    return rows.sort_values(["name", "rep_id"], kind="stable")


def _seller_sums(crm: Crm, window: Period) -> pd.DataFrame:
    """Weeks in the seat, activities and deals worked of each seller in the seat in the window."""
    seat = seat_days(crm, window).group_by(["rep_id", "name"]).agg(days=_.count())
    done = own_activities(crm, window).group_by(active_rep=_.rep_id)
    done = done.agg(n_activities=_.count(), n_deals=_.opportunity_id.nunique())
    table = crm.fetch(seat.left_join(done, seat.rep_id == done.active_rep).order_by("rep_id"))
    return table.assign(seat_weeks=table["days"] / WEEK_DAYS)[
        ["rep_id", "name", "seat_weeks", "n_activities", "n_deals"]
    ]


def _with_correlation(rows: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Add the rank correlation of effort and result over those long enough in the seat."""
    is_settled = rows["seat_weeks"] >= MIN_WEEKS
    by_goal = int((is_settled & rows["attainment_rate"].notna()).sum()) >= FEWEST_PAIRS
    result = rows["attainment_rate"] if by_goal else rows["bookings_amount"] / rows["seat_weeks"]
    is_compared = is_settled & result.notna()
    r, low, high = rank_correlation(rows.loc[is_compared, "activities_per_week"], result[is_compared], confidence)
    return rows.assign(
        is_compared=is_compared, result="attainment" if by_goal else "bookings per week",
        n_compared=int(is_compared.sum()), correlation=r, correlation_low=low, correlation_high=high,
    )  # fmt: skip
