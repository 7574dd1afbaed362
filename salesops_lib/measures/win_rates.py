"""Win rates: won out of closed, by count and by value, always with n and an interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
from ibis import _

from salesops_lib.measures.expressions import closed_in, deals, ratio, total
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period


def win_rates(crm: Crm, period: Period, *, by: Sequence[str] = (), confidence: float) -> pd.DataFrame:
    """Share of the deals closed in the period that were won, by count and by value.

    One row per value of ``by`` (columns of ``deals``); one row in all without. A roll-up is counted
    over its deals, never averaged over the rows below it.

    Returns:
        the ``by`` columns: Keys.
        n_closed (int): Deals won or lost in the period.
        n_won (int): Deals won.
        won_amount (float): Their amounts.
        closed_amount (float): Amounts of deals won or lost, where stated.
        value_win_rate (float, 0-1): won amount / closed amount; missing when nothing closed.
        win_rate (float, 0-1): n_won / n_closed; missing when nothing closed.
        win_rate_low (float, 0-1): Lower end of the Wilson interval.
        win_rate_high (float, 0-1): Upper end.
    """
    rows = closed_in(deals(crm), period)
    is_won = rows.status == "won"
    measures = {
        "n_closed": _.count(),
        "n_won": is_won.sum().fill_null(0).cast("int64"),
        "won_amount": total(is_won.ifelse(rows.amount, 0)),
        "closed_amount": total(rows.amount),
    }
    table = rows.agg(**measures) if not by else rows.group_by(list(by)).agg(**measures)
    table = table.mutate(value_win_rate=ratio(_.won_amount, _.closed_amount))
    counts = crm.fetch(table.order_by(list(by)) if by else table)
    return with_rate(counts, "n_won", "n_closed", "win", confidence=confidence)
