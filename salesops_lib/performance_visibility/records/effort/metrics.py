"""Effort: how much do reps do, for how many wins, and on which deals?

Tables in: ``activities``, ``reps``, ``opportunities``.
Tables out: one row per month, measure or kind of deal. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.records.effort.counts import monthly_effort, own_activities
from salesops_lib.performance_visibility.windows import last_months, months_to, report_month
from salesops_lib.performance_visibility.winning.cycle.cells import longest_won_cycle
from salesops_lib.periods import Period
from salesops_lib.statistics.changes import Change, seasonal_change
from salesops_lib.statistics.sums_and_medians import share_interval

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

YEAR = 12
"""Months of a year: the months before them that now is held against, and the pairs that tell the usual scatter."""


@tidy
def effort_by_month(crm: Crm, *, period: Period, n_months: int = 12) -> pd.DataFrame:
    """Activities of each month, per rep and week in the seat, per won deal and per open deal, beside the year before.

    One row per month, oldest first; months before the first activity on record are left out.

    Args:
        crm: Needs ``activities``, ``reps`` and ``opportunities``. Managers are left out, and reps without any activity.
        period: What is reported.
        n_months: Months shown, ending with the report month.

    Returns:
        month (str): Label of the month.
        is_partial (bool): The month had not ended on the day the data speaks of.
        n_activities (int): Activities of sellers.
        effort_hours (float): Hours of those that say how long they took; missing where none does.
        seat_weeks (float): Selling days of sellers in the seat / 5.
        activities_per_week (float): Activities / weeks in the seat.
        year_before_per_week (float): The same of that month a year before; missing where unknown.
        n_won (int): Deals won.
        activities_per_win (float): Activities / deals won; missing without any.
        n_open (int): Deals open on the last evening.
        activities_per_open (float): Activities / deals open; missing without any.
        cycle_days (float): Median days from creation to close of the deals won; missing without any.
    """
    crm.need("activities")
    rows = _two_years(crm, period, n_months)
    now, before = rows.iloc[-n_months:], rows.iloc[-n_months - YEAR : -YEAR]
    is_partial = [crm.calendar.period(str(label)).end > crm.as_of for label in now.index]
    table = now.assign(
        month=now.index,
        is_partial=is_partial,
        activities_per_week=_over(now["n_activities"], now["seat_weeks"]),
        year_before_per_week=_over(before["n_activities"], before["seat_weeks"]).to_numpy(),
        activities_per_win=_over(now["n_activities"], now["n_won"]),
        activities_per_open=_over(now["n_activities"], now["n_open"]),
    )
    return table.dropna(subset="n_activities").astype({"n_activities": int, "n_won": int, "n_open": int})


def _two_years(crm: Crm, period: Period, n_months: int) -> pd.DataFrame:
    """Monthly effort of the months asked for and of the year before them."""
    month = report_month(crm.calendar, period, crm.as_of)
    return monthly_effort(crm, months_to(crm.calendar, month, n_months + YEAR))


def _over(top: pd.Series[float], base: pd.Series[float]) -> pd.Series[float]:
    return top / base.where(base > 0)


MEASURES = (
    ("per_week", "Activities per rep-week", "n_activities", "seat_weeks", False),
    ("wins_per_week", "Wins per rep-week", "n_won", "seat_weeks", False),
    ("per_win", "Activities per won deal", "n_activities", "n_won", True),
    ("per_open", "Activities per open deal", "n_activities", "n_open", False),
)
"""Key, name, what is counted, what it is divided by, and whether that is left to chance too."""


@tidy
def effort_change(crm: Crm, *, period: Period, n_months: int = 3, confidence: float) -> pd.DataFrame:
    """Effort and wins of the last months against the same months a year before.

    One row per measure: activities and wins per rep and week, activities per won deal and per open deal; none where no
    month has activities on record.

    Args:
        crm: Needs ``activities``, ``reps`` and ``opportunities``.
        period: What is reported.
        n_months: Months that count as now, ending with the report month.
        confidence: Coverage of the interval; a change counts when chance alone would show it less often than the rest.

    Returns:
        measure (str): per_week, wins_per_week, per_win or per_open.
        name (str): Name for readers.
        n_counted (int): Activities or wins counted in the last months.
        now_value (float): The measure over the last months together; missing where it has nothing to be divided by.
        n_counted_before (int): Counted in the same months a year before; missing where unknown.
        before_value (float): The measure over them.
        change_rate (float): Change as a share of the year before.
        change_rate_low (float): Lower end of its interval, which holds for all measures at once; missing with fewer
            than six months with a year before.
        change_rate_high (float): Upper end.
        p_value (float): How often chance alone would show so large a change, adjusted over the measures.
        is_changed (bool): The change is beyond chance.

    Source:
        Quasi-Poisson rates with the scatter of successive months, see ``seasonal_change``; adjusted after Bonferroni.
    """
    crm.need("activities")
    months = _two_years(crm, period, max(n_months, YEAR))
    pairs = len(months) - YEAR
    # Four looks: each interval is that much wider, so that it and its p-value never contradict each other.
    each_at = 1 - (1 - confidence) / len(MEASURES)
    rows = [_change_row(months.iloc[-pairs:], months.iloc[:pairs], n_months, each_at, *each) for each in MEASURES]
    table = pd.DataFrame(rows)
    p_values = (table["p_value"] * len(MEASURES)).clip(upper=1.0)
    counts = ["n_counted", "n_counted_before"]
    table = table.assign(p_value=p_values, is_changed=p_values < 1 - confidence).astype(dict.fromkeys(counts, "Int64"))
    return table.head(len(table) if months["n_activities"].iloc[-n_months:].sum() > 0 else 0)


def _change_row(
    now: pd.DataFrame, before: pd.DataFrame, n_now: int, confidence: float, key: str, name: str, top: str, base: str,
    is_base_counted: bool,
) -> dict[str, object]:  # fmt: skip
    columns = [np.asarray(each[column], dtype=float) for column in (top, base) for each in (now, before)]
    change: Change = seasonal_change(*columns, n_now=n_now, is_base_counted=is_base_counted, confidence=confidence)
    sums = [float(each[-n_now:].sum()) for each in columns]
    value, value_before = (t / b if b > 0 else float("nan") for t, b in ((sums[0], sums[2]), (sums[1], sums[3])))
    rate = value / value_before - 1 if value_before else float("nan")
    return {
        "measure": key,
        "name": name,
        "n_counted": sums[0],
        "now_value": value,
        "n_counted_before": sums[1],
        "before_value": value_before,
        "change_rate": rate,
        "change_rate_low": change.low,
        "change_rate_high": change.high,
        "p_value": change.p_value,
    }


OUTCOMES = {
    "won": "Won deals", "lost": "Lost deals", "open": "Open deals", "too_old": "Open, older than any win",
    "none": "No deal",
}  # fmt: skip


@tidy
def effort_by_outcome(crm: Crm, *, period: Period, n_months: int = 12, confidence: float) -> pd.DataFrame:
    """What became of the deals that the activities of the last months went to.

    One row per kind of deal with activities: won, lost, open, open and older than the longest cycle that ever ended in
    a win, and activities for no deal. They add up to all activities of sellers.

    Args:
        crm: Needs ``activities``, ``reps`` and ``opportunities``.
        period: What is reported.
        n_months: Months in which the activity was done, ending with the report month.
        confidence: Coverage of the interval.

    Returns:
        outcome (str): won, lost, open, too_old or none.
        name (str): Name for readers.
        n_activities (int): Activities.
        activity_rate (float, 0-1): Share of all activities.
        activity_rate_low (float, 0-1): Lower end of its interval: another set of deals might have been worked.
        activity_rate_high (float, 0-1): Upper end.
        n_deals (int): Deals worked; missing for activities without a deal.
        activities_per_deal (float): Activities / deals worked.
        effort_hours (float): Hours of the activities that say how long they took; missing where none does.

    Source:
        Interval: linearised ratio with deals as clusters (Cochran 1977, section 6.4).
    """
    crm.need("activities")
    window = last_months(crm.calendar, report_month(crm.calendar, period, crm.as_of), n_months)
    cells = crm.fetch(_outcome_sums(crm, window))
    table = cells.set_index("outcome").reindex(list(OUTCOMES)).dropna(subset="n_activities").reset_index()
    n = table["n_activities"].astype(float)
    everything = {"whole": n.sum(), "whole_squares": table["squares"].sum(), "n": table["n_clusters"].sum()}
    low, high = share_interval(part=n, part_squares=table["squares"], confidence=confidence, **everything)
    n_deals = table["n_clusters"].where(table["outcome"] != "none").astype("Int64")
    table = table.assign(
        name=table["outcome"].map(OUTCOMES).astype(object), activity_rate=n / n.sum(), activity_rate_low=low,
        activity_rate_high=high, n_deals=n_deals, activities_per_deal=(n / n_deals.astype(float)).astype(float),
        effort_hours=table["minutes"].astype(float) / 60,
    )  # fmt: skip
    return table.astype({"n_activities": int})


def _outcome_sums(crm: Crm, window: Period) -> ir.Table:
    """Activities by what became of their deal, with the sum of squares per deal; one for no deal is its own cluster."""
    rows = own_activities(crm, window)
    by_deal = rows.group_by(worked_deal=rows.opportunity_id).agg(n=_.count(), minutes=_.minutes.sum())
    deals = crm.opportunities.select("opportunity_id", "status", "created_on")
    joined = by_deal.left_join(deals, by_deal.worked_deal == deals.opportunity_id)
    longest = longest_won_cycle(crm)
    age = ibis.date(str(crm.as_of)).delta(joined.created_on, unit="day").cast("int64")
    is_too_old = ibis.literal(False) if longest is None else ((joined.status == "open") & (age > longest))
    has_deal = joined.status.notnull()
    outcome = ibis.cases((~has_deal, "none"), (is_too_old.fill_null(False), "too_old"), else_=joined.status)
    n = joined.n.cast("float64")
    return joined.mutate(outcome=outcome, n=n, squares=ibis.ifelse(has_deal, n * n, n)).group_by("outcome").agg(
        n_activities=_.n.sum(), squares=_.squares.sum(), minutes=_.minutes.sum(),
        n_clusters=ibis.ifelse(_.outcome == "none", _.n, 1.0).sum(),
    )  # fmt: skip
