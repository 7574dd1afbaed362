"""Cycles of won deals, counted by segment and length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from ibis import _

from salesops_lib.measures import deals, how_many, within
from salesops_lib.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

ALL = "All deals"
"""Name of the row over all segments."""


def cycle_cells(crm: Crm, *windows: Period) -> pd.DataFrame:
    """Won deals with a creation date, counted by ``segment`` and ``cycle_days`` and by window: ``n_0``, ``n_1`` ..."""
    rows = deals(crm)
    rows = rows.filter(rows.status == "won", rows.created_on.notnull(), rows.closed_on.notnull())
    rows = rows.mutate(cycle_days=days_between(rows.created_on, rows.closed_on))
    counts = {f"n_{place}": how_many(within(rows.closed_on, each)) for place, each in enumerate(windows)}
    cells = rows.group_by(["segment", "cycle_days"]).agg(n_won=_.count(), **counts)
    return crm.fetch(cells.order_by(["segment", "cycle_days"]))


def days_between(first: ir.Value, last: ir.Value) -> ir.Value:
    """Whole days from one day to another."""
    return last.delta(first, unit="day").cast("int64")


def longest_won_cycle(crm: Crm) -> int | None:
    """Days of the longest cycle that ever ended in a win; nothing where no win has a creation date."""
    rows = crm.opportunities
    won = rows.filter(rows.status == "won", rows.created_on.notnull(), rows.closed_on.notnull())
    longest = crm.fetch(won.agg(days=days_between(won.created_on, won.closed_on).max()))["days"].iloc[0]
    return None if pd.isna(longest) else int(longest)
