"""Customer cohorts: of those who began in a quarter, how many are still there, and which cohort leaves faster?

Tables in: ``subscriptions``. Tables out: one row per cohort and age.
Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.measures.recurring_revenue import recurring_changes
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.windows import first_day_of_closings, report_month
from salesops_lib.periods import Period
from salesops_lib.statistics.differences import false_discovery
from salesops_lib.statistics.intervals import count_interval
from salesops_lib.statistics.survival import expected_endings, life_table, log_rank, staying_at

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

AGES = (3, 6, 9, 12, 15, 18, 21, 24)
"""Months after the start at which a cohort is looked at."""
DAYS_A_MONTH = 365.25 / 12
FEWEST = 20
"""Customers that a cohort needs before it is held against the others."""


@tidy
def customer_cohorts(crm: Crm, *, period: Period, n_quarters: int = 10, confidence: float) -> pd.DataFrame:
    """Share of the customers of each starting quarter who are still there after so many months.

    One row per cohort and age that some of it have reached, cohorts oldest first. Customers who are still there are
    counted for as long as they have been customers, and no longer: a young cohort is no worse for being young. Each
    cohort is held against all other customers of the same age, those who began before the data included from the day
    the data begins.

    Args:
        crm: Needs ``subscriptions``.
        period: What is reported.
        n_quarters: Most quarters of start shown, ending with the one that holds the report month.
        confidence: Coverage of the intervals; a cohort counts as leaving faster when chance alone would show it less
            often than the rest.

    Returns:
        cohort (str): Quarter of the first start.
        n_customers (int): Customers who began in it.
        n_left (int): Those who have left since.
        months (int): Months after the start.
        n_followed (int): Those still there and followed at that age.
        kept_rate (float, 0-1): Share still there at that age.
        kept_rate_low (float, 0-1): Lower end of its interval.
        kept_rate_high (float, 0-1): Upper end.
        is_mature (bool): All of the cohort have had the time; else the share rests on its oldest members.
        n_expected (float): How many would have left at the pace of the others at the same age.
        leave_ratio (float): Left / expected; above 1 is faster.
        leave_ratio_low (float): Lower end of its interval, before any adjustment over the cohorts.
        leave_ratio_high (float): Upper end.
        p_value (float): How often chance alone would show such a difference, adjusted over the cohorts; missing for
            fewer than 20 customers.
        is_leaving_faster (bool): The cohort leaves faster than the others beyond chance.

    Source:
        Kaplan and Meier (1958), interval on the scale log(-log); log-rank test of Mantel (1966) with customers entering
        late, adjusted after Benjamini and Hochberg (1995) over the cohorts; exact Poisson interval of left / expected.
    """
    crm.need("subscriptions")
    last = crm.calendar.containing(report_month(crm.calendar, period, crm.as_of).end, "quarter")
    quarters = crm.calendar.last(last, n_quarters)
    known_from = first_day_of_closings(crm)
    quarters = [each for each in quarters if each.start >= known_from]
    cells = cohort_cells(crm, known_from)
    rows = [row for each in quarters for row in _cohort_rows(crm, each, cells, confidence)]
    return _judged(pd.DataFrame(rows), confidence) if rows else pd.DataFrame()


def cohort_cells(crm: Crm, known_from: object) -> pd.DataFrame:
    """Customers counted by quarter of start (``cohort``) and ``age`` in weeks: ``n_from``, ``n_to``, ``n_left``.

    Customers who began before ``known_from`` are followed from then on: those who had left by then are not known.
    """
    rows = with_fiscal(crm, _customers(crm), "started_on", keep_undated=True, cohort="quarter")
    begin, end = ibis.date(str(known_from)), ibis.date(str(crm.as_of))
    has_left = rows.left_on.notnull() & (rows.left_on <= end)
    until = ibis.ifelse(has_left, rows.left_on, end)
    rows = rows.filter(until >= begin).mutate(
        cohort=rows.cohort.fill_null(""),
        first_age=_weeks(rows.started_on, ibis.greatest(rows.started_on, begin)),
        last_age=_weeks(rows.started_on, until),
        has_left=has_left,
    )
    begins = rows.group_by("cohort", age=rows.first_age).agg(n_from=_.count())
    ends = rows.group_by("cohort", age=rows.last_age).agg(
        n_to=_.count(), n_left=ibis.ifelse(_.has_left, 1, 0).sum().cast("int64")
    )
    cells = pd.concat([crm.fetch(begins), crm.fetch(ends)], ignore_index=True)
    return cells.groupby(["cohort", "age"])[["n_from", "n_to", "n_left"]].sum().astype(int).reset_index()


def _customers(crm: Crm) -> ir.Table:
    """One row per customer: first start, and the day of leaving where the last thing that happened was churn."""
    changes = recurring_changes(crm)
    spans = changes.group_by("account_id").agg(
        started_on=_.changed_on.min(), last_on=_.changed_on.max(),
        churned_on=ibis.ifelse(_.kind == "churn", _.changed_on, ibis.null("date")).max(),
    )  # fmt: skip
    # A customer who came back has not left.
    return spans.mutate(left_on=ibis.ifelse(spans.churned_on == spans.last_on, spans.churned_on, ibis.null("date")))


def _weeks(first: ir.Value, last: ir.Value) -> ir.Value:
    days = last.delta(first, unit="day").cast("int64")
    return ((days - days % 7) / 7).round().cast("int64")


def _cohort_rows(crm: Crm, quarter: Period, cells: pd.DataFrame, confidence: float) -> list[dict[str, object]]:
    own, others = cells[cells["cohort"] == quarter.label], cells[cells["cohort"] != quarter.label]
    n = int(own["n_from"].sum())
    if not n:
        return []
    table = life_table(own)
    n_left = int(own["n_left"].sum())
    expected, p_value, ratio = np.nan, np.nan, (np.nan, np.nan, np.nan)
    if n >= FEWEST:
        rest = life_table(others.groupby("age")[["n_from", "n_to", "n_left"]].sum().reset_index())
        expected = expected_endings(table, rest)
        ratio = _ratio(n_left, expected, confidence)
        p_value = log_rank(table, rest, confidence=confidence)[3]
    weeks = [round(months * DAYS_A_MONTH / 7) for months in AGES]
    youngest = (crm.as_of - min(quarter.end, crm.as_of)).days
    kept = staying_at(table, weeks, confidence=confidence)
    return [
        {
            "cohort": quarter.label, "n_customers": n, "n_left": n_left, "months": months,
            "n_followed": int(table["at_risk"].get(week, 0)), "kept_rate": rate, "kept_rate_low": low,
            "kept_rate_high": high, "is_mature": youngest >= months * DAYS_A_MONTH, "n_expected": expected,
            "leave_ratio": ratio[0], "leave_ratio_low": ratio[1], "leave_ratio_high": ratio[2], "p_value": p_value,
        }
        for months, week, (rate, low, high) in zip(AGES, weeks, kept, strict=True)
        if not np.isnan(rate)
    ]  # fmt: skip


def _ratio(left: int, expected: float, confidence: float) -> tuple[float, float, float]:
    """Left / expected with its interval; missing where none were expected."""
    if expected <= 0:
        return (float("nan"),) * 3
    low, high = count_interval(left, confidence=confidence)
    return left / expected, float(low) / expected, float(high) / expected


def _judged(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """P-values adjusted over the cohorts, each counted once however many ages it shows."""
    once = table.drop_duplicates("cohort").set_index("cohort")["p_value"].astype(float)
    adjusted: Sequence[float] = list(false_discovery(once))
    p_value = table["cohort"].map(dict(zip(once.index, adjusted, strict=True))).astype(float)
    is_faster = (p_value < 1 - confidence) & (table["leave_ratio"].astype(float) > 1)
    return table.assign(p_value=p_value, is_leaving_faster=is_faster.astype(bool))
