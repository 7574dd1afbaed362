"""Deals lost and closed, now and in the year before, counted by what the data says of them.

Tables in: ``opportunities``. Tables out: additive counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import closed_in, deals, how_many, total
from salesops_lib.performance_visibility.vocabulary import UNSAID
from salesops_lib.performance_visibility.windows import last_months, months_before, report_month, to_date

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

MONTHS_BEFORE = 12


def now_and_before(crm: Crm, period: Period, n_months: int) -> tuple[Period, Period]:
    """The last months, up to the evening that the data speaks of, and the twelve before them."""
    now = last_months(crm.calendar, report_month(crm.calendar, period, crm.as_of), n_months)
    return to_date(now, crm.as_of), months_before(crm.calendar, now, MONTHS_BEFORE)


def closed_cells(crm: Crm, now: Period, before: Period, by: str) -> pd.DataFrame:
    """Deals closed in both stretches by a column of ``opportunities``.

    Returns:
        name (str): What the column says, ``UNSAID`` where it says nothing; no rows where it never says anything.
        n_closed, n_won, n_lost (int): Deals of now; the same with ``_before``.
        won_amount, lost_amount (float): Amounts of now.
    """
    rows = deals(crm)
    cells = [_sums(crm, closed_in(rows, window), by, ending) for window, ending in ((now, ""), (before, "_before"))]
    both = cells[0].merge(cells[1], on="name", how="outer").fillna(0)
    if set(both["name"]) <= {UNSAID}:
        return both.head(0)
    counts = [name for name in both.columns if name.startswith("n_")]
    return both.astype(dict.fromkeys(counts, int))


def _sums(crm: Crm, rows: ir.Table, by: str, ending: str) -> pd.DataFrame:
    sums = rows.group_by(name=rows[by].fill_null(UNSAID)).agg(
        **{
            f"n_closed{ending}": _.count(),
            f"n_won{ending}": how_many(_.status == "won"),
            f"n_lost{ending}": how_many(_.status == "lost"),
            f"won_amount{ending}": total(ibis.ifelse(_.status == "won", _.amount, 0)),
            f"lost_amount{ending}": total(ibis.ifelse(_.status == "lost", _.amount, 0)),
        }
    )
    return crm.fetch(sums.order_by("name"))
