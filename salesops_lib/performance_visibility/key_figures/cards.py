"""Key figures of the month: the value, the month before, the target and the last twelve months.

Tables in: ``reps`` and ``opportunities``; goals from ``quotas``. Tables out: one row per figure.
Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
from ibis import _

from salesops_lib.measures import closed_in, deals, goals, quantiles, total, within, won_in
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.goals.against_goal.counts import monthly_bookings
from salesops_lib.performance_visibility.windows import (
    first_day_of_closings,
    months_to,
    report_month,
    same_days_of,
    to_date,
)
from salesops_lib.periods import Period
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

CARDS = (
    ("bookings", "Bookings", "amount", "share", "up"),
    ("attainment", "Attainment", "rate", "rate", "up"),
    ("win_rate", "Win rate", "rate", "rate", "up"),
    ("median_deal", "Median deal", "amount", "share", "up"),
    ("cycle_days", "Sales cycle", "days", "days", "down"),
    ("pipeline_created", "Pipeline created", "amount", "share", "up"),
)
"""Key, label, unit, unit of the change, and which way is good."""


@tidy
def cards(crm: Crm, *, period: Period, n_months: int = 12, confidence: float) -> pd.DataFrame:
    """The month's six key figures with the month before, the target and the last months.

    One row per figure. A month that runs on is compared with the same days of the month before.

    Args:
        crm: Needs ``reps`` and ``opportunities``; attainment needs ``quotas``, the cycle creation dates.
        period: What is reported.
        n_months: Months of the series, ending with the report month.
        confidence: Coverage of the interval.

    Returns:
        key (str): Key of the figure.
        label (str): Name.
        value (float): The month's figure; missing where it is not defined.
        unit (str): amount, rate or days.
        change (float): Against the month before, in the unit of ``change_unit``.
        change_unit (str): share, rate or days.
        compared_with (str): The month before, or its days.
        target (float): The month's goal, where the figure has one of its own.
        n (int): Deals behind the figure; missing where deals are not its base.
        low (float): Lower end of the interval of a rate.
        high (float): Upper end.
        direction (str): Which way is good.
        series (list of float): The last months, oldest first.
    """
    month = report_month(crm.calendar, period, crm.as_of)
    months = months_to(crm.calendar, month, n_months)
    figures = monthly_figures(crm, months, confidence=confidence)
    now = figures.iloc[-1]
    before = _month_before(crm, month, figures, confidence)
    rows = []
    goal = now["quota_amount"] if now["quota_amount"] > 0 else None
    targets = {"bookings": goal, "attainment": 1.0 if goal else None}
    for key, label, unit, change_unit, direction in CARDS:
        change = now[key] / before[key] - 1 if change_unit == "share" and before[key] else now[key] - before[key]
        rows.append(
            {
                "key": key,
                "label": label,
                "value": now[key],
                "unit": unit,
                "change": change,
                "change_unit": change_unit,
                "compared_with": _name(crm, month),
                "target": targets.get(key),
                "n": now[_N[key]],
                "low": now["win_rate_low"] if key == "win_rate" else None,
                "high": now["win_rate_high"] if key == "win_rate" else None,
                "direction": direction,
                "series": [float(value) for value in figures[key]],
            }
        )
    frame = pd.DataFrame(rows)
    return frame.astype({"value": float, "change": float, "target": float, "n": "Int64", "low": float, "high": float})


_N = {
    "bookings": "n_won", "attainment": "n_won", "win_rate": "n_closed", "median_deal": "n_won",
    "cycle_days": "n_dated", "pipeline_created": "n_created",
}  # fmt: skip


def monthly_figures(crm: Crm, months: list[Period], *, confidence: float) -> pd.DataFrame:
    """The key figures of each month: one row per month, missing before the data begins."""
    window = to_date(Period("months", "month", months[0].start, months[-1].end), crm.as_of)
    table = pd.DataFrame({"month": [each.label for each in months]})
    parts = [
        monthly_bookings(crm, window).rename(columns={"bookings_amount": "bookings"}),
        goals(crm, months, level="company").rename(columns={"period": "month"})[["month", "quota_amount"]],
        *_by_month(crm, window),
    ]
    for part in parts:
        table = table.merge(part, on="month", how="left")
    counts = ["bookings", "n_won", "n_closed", "n_created", "pipeline_created"]
    known = pd.Series([each.end >= first_day_of_closings(crm) for each in months])
    table = table.assign(**{name: table[name].astype(float).fillna(0.0).where(known) for name in counts})
    return _with_rates(crm, table, confidence)


def _with_rates(crm: Crm, table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    quota = table["quota_amount"].astype(float)
    table = with_rate(
        table.assign(n_dated=table["n_dated"].fillna(0)), "n_won", "n_closed", "win", confidence=confidence
    )
    rows = crm.opportunities.filter(_.status == "lost")
    if not int(crm.fetch(rows.agg(n=_.count()))["n"].iloc[0]):
        # A source that never records a loss would show 100% every month.
        table = table.assign(win_rate=float("nan"), win_rate_low=float("nan"), win_rate_high=float("nan"))
    if not table["n_created"].sum():
        table = table.assign(pipeline_created=float("nan"))
    return table.assign(quota_amount=quota, attainment=table["bookings"] / quota.where(quota > 0))


def _by_month(crm: Crm, window: Period) -> list[pd.DataFrame]:
    """Closed and won counts, median won deal, median cycle and pipeline created, by fiscal month."""
    rows = deals(crm)
    closed = with_fiscal(crm, closed_in(rows, window), "closed_on", month="month")
    won = with_fiscal(crm, won_in(rows, window), "closed_on", month="month")
    dated = won.filter(won.created_on.notnull())
    dated = dated.mutate(cycle=dated.closed_on.delta(dated.created_on, unit="day").cast("int64"))
    created = with_fiscal(crm, rows.filter(within(rows.created_on, window)), "created_on", month="month")
    return [
        crm.fetch(closed.group_by("month").agg(n_closed=_.count())),
        crm.fetch(quantiles(won, "amount", by=["month"]).select("month", median_deal=_.q50)),
        crm.fetch(quantiles(dated, "cycle", by=["month"]).select("month", cycle_days=_.q50, n_dated=_.n)),
        crm.fetch(created.group_by("month").agg(n_created=_.count(), pipeline_created=total(_.amount))),
    ]


def _month_before(crm: Crm, month: Period, figures: pd.DataFrame, confidence: float) -> pd.Series[Any]:
    """Figures of the month before: as a whole, or of its first days while the month runs."""
    if len(figures) > 1 and crm.as_of >= month.end:
        return figures.iloc[-2]
    past = same_days_of(crm.calendar.previous(month), month, crm.as_of)
    return monthly_figures(crm, [past], confidence=confidence).iloc[0]


def _name(crm: Crm, month: Period) -> str:
    past = crm.calendar.previous(month)
    same = same_days_of(past, month, crm.as_of)
    year, number = map(int, past.label.split("-"))
    name = f"{date(year, number, 1):%b %Y}"
    return name if same.end == past.end else f"first {same.n_days} days of {name}"
