"""Losses: why and where deals are lost, which kinds of deals are won, and what of it has changed.

Tables in: ``opportunities``. Tables out: one row per reason, stage, product, kind or source.
Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.winning.losses.counts import closed_cells, now_and_before
from salesops_lib.statistics.differences import adjusted, two_rates
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

LOST_BY = {"reason": "lost_reason", "stage": "stage"}
OFFERED = {"product": "product", "kind": "kind", "source": "source"}
"""What deals are told apart by, and the column that says so."""


@tidy
def losses_by_reason(crm: Crm, *, period: Period, n_months: int = 3, confidence: float) -> pd.DataFrame:
    """Why deals were lost in the last months, and in which stage, against the twelve months before.

    One row per reason on record, then one per stage, the most frequent first; none of a kind that the data never
    states, and none where it records no lost deal.

    Args:
        crm: Needs ``opportunities``; reasons from ``lost_reason``.
        period: What is reported.
        n_months: Months that count as now, ending with the report month.
        confidence: Coverage of the intervals; a change counts when chance alone would show it less often than the rest.

    Returns:
        by (str): reason or stage.
        name (str): The reason or the stage; ``Not recorded`` where a deal states none.
        n_lost (int): Deals lost in the months.
        loss_rate (float, 0-1): Share of all deals lost in the months; missing where none was.
        loss_rate_low (float, 0-1): Lower end of its interval.
        loss_rate_high (float, 0-1): Upper end.
        lost_amount (float): Amount of these deals.
        n_lost_before (int): Deals lost in the twelve months before.
        before_rate (float, 0-1): Their share; missing where none was lost.
        p_value (float): How often chance alone would move the share this far, adjusted over the rows of a kind.
        is_changed (bool): The change is beyond chance.

    Source:
        Interval of Wilson (1927); exact test of Fisher (1922), adjusted after Holm (1979).
    """
    now, before = now_and_before(crm, period, n_months)
    kinds = []
    for by, column in LOST_BY.items():
        cells = closed_cells(crm, now, before, column)
        cells = cells[cells["n_lost"] + cells["n_lost_before"] > 0]
        rows = cells.assign(by=by, n=cells["n_lost"].sum(), n_before=cells["n_lost_before"].sum())
        rows = _compared(rows, ("n_lost", "n"), ("n_lost_before", "n_before"), "loss", confidence)
        kinds.append(rows.sort_values(["n_lost", "n_lost_before", "name"], ascending=[False, False, True]))
    return pd.concat(kinds, ignore_index=True)


@tidy
def win_rate_by_offer(crm: Crm, *, period: Period, n_months: int = 3, confidence: float) -> pd.DataFrame:
    """How often each product, kind of business and source is won, against the twelve months before.

    One row per product, then per kind and per source, the most often closed first; none of what has a single value,
    and none at all where the data records no lost deal, as every rate would be 100% by construction.

    Args:
        crm: Needs ``opportunities``.
        period: What is reported.
        n_months: Months that count as now, ending with the report month.
        confidence: Coverage of the intervals; a change counts when chance alone would show it less often than the rest.

    Returns:
        by (str): product, kind or source.
        name (str): Which one; ``Not recorded`` where a deal states none.
        n_closed (int): Deals won or lost in the months.
        n_won (int): Deals won.
        win_rate (float, 0-1): Won / closed; missing when nothing closed.
        win_rate_low (float, 0-1): Lower end of its interval.
        win_rate_high (float, 0-1): Upper end.
        won_amount (float): Amount of the deals won.
        lost_amount (float): Amount of the deals lost.
        n_closed_before (int): Deals won or lost in the twelve months before.
        before_rate (float, 0-1): Won / closed then; missing when nothing closed.
        p_value (float): How often chance alone would move the rate this far, adjusted over all rows.
        is_changed (bool): The change is beyond chance.

    Source:
        Interval of Wilson (1927); exact test of Fisher (1922), adjusted after Holm (1979).
    """
    now, before = now_and_before(crm, period, n_months)
    kinds = []
    for by, column in OFFERED.items():
        rows = closed_cells(crm, now, before, column).assign(by=by)
        rows = rows.sort_values(["n_closed", "n_closed_before", "name"], ascending=[False, False, True])
        kinds.append(rows if len(rows) > 1 else rows.head(0))
    cells = pd.concat(kinds, ignore_index=True)
    has_losses = cells[["n_lost", "n_lost_before"]].to_numpy().any()
    return _compared(
        cells if has_losses else cells.head(0), ("n_won", "n_closed"), ("n_won_before", "n_closed_before"), "win",
        confidence,
    )  # fmt: skip


def _compared(
    rows: pd.DataFrame, now: tuple[str, str], before: tuple[str, str], name: str, confidence: float
) -> pd.DataFrame:
    """Add the rate of now with its interval, that of before, and whether chance alone explains the change."""
    rows = with_rate(rows, *now, name, confidence=confidence)
    p_values = adjusted(two_rates(rows[now[0]], rows[now[1]], rows[before[0]], rows[before[1]]))
    n_before = rows[before[1]].astype(float)
    return rows.assign(
        before_rate=rows[before[0]] / n_before.where(n_before > 0),
        p_value=p_values,
        is_changed=p_values < 1 - confidence,
    )
