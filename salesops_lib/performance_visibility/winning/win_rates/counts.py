"""Counts and amounts behind the win rates: deals closed, deals created, and when a cohort is ripe to judge.

Tables in: ``opportunities`` with segments. Tables out: sums per key, additive, so that every roll-up is counted anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import closed_in, deals, how_many, total, within
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.performance_visibility.winning.cycle.cells import cycle_cells
from salesops_lib.periods import Period
from salesops_lib.statistics.intervals import with_rate
from salesops_lib.statistics.sums_and_medians import cell_quantile, share_interval

if TYPE_CHECKING:
    from datetime import date

    from salesops_lib.data.crm import Crm

RIPE_SHARE = 0.9
"""A cohort is mature once this share of the wins the company knows took no longer than its youngest deal is old."""

SUMS = [
    "n_closed", "n_won", "won_amount", "closed_amount", "won_squares", "closed_squares", "n_valued",
    "n_created", "n_created_won", "n_created_open",
]  # fmt: skip
"""What is summed: deals closed, their amounts and squares of amounts, deals created."""


def closed_sums(crm: Crm, window: Period, by: list[str]) -> pd.DataFrame:
    """Counts, amounts and squares of amounts of the deals closed, per key; a quarter is that of closing."""
    rows = closed_in(deals(crm), window)
    rows = with_fiscal(crm, rows, "closed_on", quarter="quarter") if by == ["quarter"] else rows
    value = rows.amount.cast("float64")
    is_won = rows.status == "won"
    rows = rows.mutate(is_won=is_won, value=value, won_value=ibis.ifelse(is_won, value, 0.0))
    sums = rows.group_by(by).agg(
        n_closed=_.count(),
        n_won=how_many(_.is_won),
        won_amount=total(ibis.ifelse(_.is_won, _.amount, 0)),
        closed_amount=total(_.amount),
        won_squares=(_.won_value * _.won_value).sum(),
        closed_squares=(_.value * _.value).sum(),
        n_valued=_.value.count(),
    )
    return crm.fetch(sums.order_by(by))


def created_sums(crm: Crm, window: Period, by: list[str]) -> pd.DataFrame:
    """How many deals were created, and how many of them are won or open by now, per key."""
    rows = deals(crm)
    rows = rows.filter(within(rows.created_on, window))
    rows = with_fiscal(crm, rows, "created_on", quarter="quarter") if by == ["quarter"] else rows
    sums = rows.group_by(by).agg(
        n_created=_.count(),
        n_created_won=how_many(_.status == "won"),
        n_created_open=how_many(_.status == "open"),
    )
    return crm.fetch(sums.order_by(by))


def with_three_rates(rows: pd.DataFrame, confidence: float, has_values: bool) -> pd.DataFrame:
    """Add the three rates with their intervals to rows of sums."""
    rows = rows.assign(**{name: rows[name].astype(float).fillna(0.0) for name in SUMS})
    rows = with_rate(rows, "n_won", "n_closed", "win", confidence=confidence)
    rows = with_rate(rows, "n_created_won", "n_created", "cohort_win", confidence=confidence)
    low, high = share_interval(
        rows["won_amount"], rows["closed_amount"], rows["won_squares"], rows["closed_squares"], rows["n_valued"],
        confidence=confidence,
    )  # fmt: skip
    value = rows["won_amount"] / rows["closed_amount"].where((rows["closed_amount"] > 0) & has_values)
    rows = rows.assign(value_win_rate=value, value_win_rate_low=low, value_win_rate_high=high)
    if not has_values:
        rows = rows.assign(value_win_rate_low=float("nan"), value_win_rate_high=float("nan"))
    return rows.astype({name: int for name in SUMS if name.startswith("n_")})


def losses_have_amounts(crm: Crm) -> bool:
    """Whether lost deals state amounts; where none does, a rate by value would be 100% by construction."""
    lost = crm.opportunities.filter(_.status == "lost")
    row = crm.fetch(lost.agg(n=_.count(), valued=ibis.ifelse(_.amount > 0, 1, 0).sum().fill_null(0))).iloc[0]
    return bool(row["valued"] > 0 or row["n"] == 0)


def n_lost(crm: Crm) -> int:
    """Lost deals in the company's data."""
    return int(crm.fetch(crm.opportunities.filter(_.status == "lost").agg(n=_.count()))["n"].iloc[0])


def ripe_after(crm: Crm) -> int | None:
    """Days in which nine of ten wins came; nothing where no win has a creation date."""
    cells = cycle_cells(crm)
    days = cell_quantile(cells["cycle_days"], cells["n_won"], RIPE_SHARE)
    return None if days != days else int(days)


def is_mature_on(youngest: date, as_of: date, days: int | None) -> bool:
    """Whether deals created up to ``youngest`` have had their ``days`` on the evening of ``as_of``."""
    return days is not None and (as_of - youngest).days >= days
