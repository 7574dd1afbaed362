"""Retention: how much of last year's recurring revenue, and how many of last year's customers, are still there?

Tables in: ``subscriptions``; segments from ``accounts`` where present.
Tables out: one row per quarter or segment. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.errors import TableError
from salesops_lib.measures import how_many, total
from salesops_lib.measures.recurring_revenue import customers_between
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.windows import last_months, report_month
from salesops_lib.periods import Period
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

ALL = "All customers"
N_MONTHS = 12
"""Retention is that of a year: customers of a year before, as they are now."""
FEW = 10
"""Customers of one size, lost or kept, below whom the scatter seen is no measure of chance (our choice)."""
AMOUNTS = ["start_amount", "contraction_amount", "churn_amount", "expansion_amount", "end_amount"]
SUMS = [
    "n_customers", "n_churned", *AMOUNTS, "kept_amount", "start_squares", "kept_squares", "kept_by_start",
    "end_squares", "end_by_start",
]  # fmt: skip


@tidy
def retention_by_quarter(crm: Crm, *, period: Period, n_quarters: int = 8, confidence: float) -> pd.DataFrame:
    """Gross and net retention and logo churn over twelve months, at the end of each of the last quarters.

    One row per quarter, oldest first, ending with the one that holds the report month, up to the evening of the
    report; quarters whose year begins before the first subscription are left out. Only customers who were there a
    year before count, new ones never; one who left and came back within the year has not left. To the cent: end =
    start - contraction - churn + expansion.

    Args:
        crm: Needs ``subscriptions``.
        period: What is reported.
        n_quarters: Most quarters shown.
        confidence: Coverage of the intervals.

    Returns:
        quarter (str): Label.
        to_on (date): Last day of the twelve months.
        n_customers (int): Customers with recurring revenue twelve months before.
        n_churned (int): Those without any at the end.
        logo_churn_rate (float, 0-1): Churned / customers.
        logo_churn_rate_low (float, 0-1): Lower end of its interval.
        logo_churn_rate_high (float, 0-1): Upper end.
        start_amount (float): Their yearly recurring revenue twelve months before.
        contraction_amount (float): What those who stayed gave up.
        churn_amount (float): What those who left took away.
        expansion_amount (float): What they added, coming back included.
        end_amount (float): Their recurring revenue at the end.
        gross_retention_rate (float, 0-1): (start - contraction - churn) / start, no customer counting below 0: who grew
            within the year and then left has lost no more than the start.
        gross_retention_rate_low (float, 0-1): Lower end of its interval.
        gross_retention_rate_high (float, 0-1): Upper end.
        net_retention_rate (float): End / start.
        net_retention_rate_low (float): Lower end of its interval.
        net_retention_rate_high (float): Upper end.
        is_partial (bool): The quarter had not ended on the day the data speaks of.

    Errors:
        TableError: The parts do not add up to the end; ``rows`` holds the quarters.

    Source:
        Logo churn: interval of Wilson (1927). Retention: linearised ratio over customers (Cochran 1977, section 6.4);
        where few were lost or kept at least the interval of Wilson (1927) over as many customers of one size.
    """
    crm.need("subscriptions")
    last = crm.calendar.containing(report_month(crm.calendar, period, crm.as_of).end, "quarter")
    quarters = crm.calendar.last(last, n_quarters)
    ends = [min(each.end, crm.as_of) for each in quarters]
    rows = pd.concat([_year_to(crm, end, []) for end in ends], ignore_index=True)
    rows = rows.assign(
        quarter=[each.label for each in quarters],
        to_on=pd.to_datetime(ends),
        is_partial=[each.end > crm.as_of for each in quarters],
    )
    rows = rows[rows["n_customers"] > 0].reset_index(drop=True)
    return with_retention(rows, confidence)


@tidy
def retention_by_segment(crm: Crm, *, period: Period, confidence: float) -> pd.DataFrame:
    """Gross and net retention and logo churn over the last twelve months by segment.

    One row over all customers, then one per segment of the account, most recurring revenue first. The first row is
    counted anew, not averaged.

    Args:
        crm: Needs ``subscriptions``; segments need ``accounts``.
        period: What is reported.
        confidence: Coverage of the intervals.

    Returns:
        segment (str): Segment of the account; all customers first.
        n_customers (int): Customers with recurring revenue twelve months before.
        n_churned (int): Those without any at the end.
        logo_churn_rate (float, 0-1): Churned / customers.
        logo_churn_rate_low (float, 0-1): Lower end of its interval.
        logo_churn_rate_high (float, 0-1): Upper end.
        start_amount (float): Their yearly recurring revenue twelve months before.
        contraction_amount (float): What those who stayed gave up.
        churn_amount (float): What those who left took away.
        expansion_amount (float): What they added, coming back included.
        end_amount (float): Their recurring revenue at the end.
        gross_retention_rate (float, 0-1): (start - contraction - churn) / start, no customer counting below 0: who grew
            within the year and then left has lost no more than the start.
        gross_retention_rate_low (float, 0-1): Lower end of its interval.
        gross_retention_rate_high (float, 0-1): Upper end.
        net_retention_rate (float): End / start.
        net_retention_rate_low (float): Lower end of its interval.
        net_retention_rate_high (float): Upper end.

    Errors:
        TableError: The parts do not add up to the end; ``rows`` holds the segments.

    Source:
        As in ``retention_by_quarter``.
    """
    crm.need("subscriptions")
    end = min(report_month(crm.calendar, period, crm.as_of).end, crm.as_of)
    parts = [_year_to(crm, end, []).assign(segment=ALL)]
    if crm.has("accounts"):
        parts.append(_year_to(crm, end, ["segment"]).sort_values(["start_amount", "segment"], ascending=[False, True]))
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["n_customers"] > 0].reset_index(drop=True)
    return with_retention(rows, confidence)


def _year_to(crm: Crm, end: date, by: Sequence[str]) -> pd.DataFrame:
    """Additive sums over the customers of a year before ``end``, per segment or in all."""
    month = crm.calendar.containing(end, "month")
    begin = last_months(crm.calendar, month, N_MONTHS).start - timedelta(days=1) if end == month.end else None
    # Within a month the year goes back to the same day of the month a year before.
    start = begin or crm.calendar.year_before(month).start + (end - month.start)
    customers = customers_between(crm, start, end)
    kept = ibis.greatest(customers.start_cents - customers.contraction_cents - customers.churn_cents, 0)
    rows = customers.mutate(
        start_value=_money(customers.start_cents), kept_value=_money(kept), end_value=_money(customers.end_cents)
    )
    sums = {
        "n_customers": _.count(),
        "n_churned": how_many(_.end_cents <= 0),
        **{f"{name}_amount": total(_[f"{name}_cents"]) / 100 for name in _PARTS},
        "kept_amount": _.kept_value.sum(),
        "start_squares": (_.start_value * _.start_value).sum(),
        "kept_squares": (_.kept_value * _.kept_value).sum(),
        "kept_by_start": (_.kept_value * _.start_value).sum(),
        "end_squares": (_.end_value * _.end_value).sum(),
        "end_by_start": (_.end_value * _.start_value).sum(),
    }
    table = rows.group_by(list(by)).agg(**sums) if by else rows.agg(**sums)
    return crm.fetch(table)[[*by, *SUMS]]


_PARTS = ("start", "contraction", "churn", "expansion", "end")


def _money(cents: ir.Value) -> ir.Value:
    return cents.cast("float64") / 100


def with_retention(rows: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Add logo churn, gross and net retention with their intervals to rows of sums; check that the parts add up."""
    left = rows["start_amount"] - rows["contraction_amount"] - rows["churn_amount"]
    apart = rows[((left + rows["expansion_amount"] - rows["end_amount"]).abs() > 0.005).to_numpy()]
    if len(apart):
        raise TableError(
            f"Recurring revenue does not add up in {len(apart)} of {len(rows)} rows: start less contraction and churn "
            "plus expansion is not the end. Look for a kind that `subscriptions` should not have; run `make check`.",
            apart,
        )
    rows = with_rate(rows, "n_churned", "n_customers", "logo_churn", confidence=confidence)
    start = rows["start_amount"].where(rows["start_amount"] > 0)
    gross, net = rows["kept_amount"] / start, rows["end_amount"] / start
    below, above = _unseen(rows, gross, confidence)
    for name, kept, prefix in (("gross", gross, "kept"), ("net", net, "end")):
        half = _half_width(rows, kept, prefix, confidence)
        # As much as may have been lost unseen may have been added unseen.
        low, high = kept - np.fmax(half, below), kept + np.fmax(half, above if name == "gross" else below)
        rows = rows.assign(
            **{
                f"{name}_retention_rate": kept,
                f"{name}_retention_rate_low": low.clip(lower=0.0).where(half.notna()),
                f"{name}_retention_rate_high": (high.clip(upper=1.0) if name == "gross" else high).where(half.notna()),
            }
        )
    return rows


def _unseen(rows: pd.DataFrame, kept: pd.Series[float], confidence: float) -> tuple[pd.Series[float], pd.Series[float]]:
    """How far below and above a share may lie where few customers were lost or kept; missing where many were.

    Of five customers who all stayed none shows how often such customers leave. A customer counts by the square of its
    revenue, as one of half the company's tells little more than itself.
    """
    n = rows["start_amount"] ** 2 / rows["start_squares"].where(rows["start_squares"] > 0)
    share = kept.clip(0, 1)
    few = pd.DataFrame({"n": n.where(n * np.minimum(share, 1 - share) < FEW), "hits": share * n})
    ends = with_rate(few, "hits", "n", "kept", confidence=confidence)
    return share - ends["kept_rate_low"], ends["kept_rate_high"] - share


def _half_width(rows: pd.DataFrame, rate: pd.Series[float], prefix: str, confidence: float) -> pd.Series[float]:
    """Half an interval of a ratio of sums over customers: the customers are drawn, not the money."""
    from scipy.stats import norm

    squares = rows[f"{prefix}_squares"] - 2 * rate * rows[f"{prefix}_by_start"] + rate**2 * rows["start_squares"]
    n = rows["n_customers"].where(rows["n_customers"] > 1)
    half: pd.Series[float] = (
        norm.ppf(0.5 + confidence / 2) * np.sqrt(squares.clip(lower=0.0) * n / (n - 1)) / rows["start_amount"]
    )
    return half
