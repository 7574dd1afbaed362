"""Recurring revenue: what changed for each customer on each day, a swapped contract taken as one change.

Tables in: ``subscriptions``. Tables out: expressions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from salesops_lib.measures import how_many

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm


def recurring_changes(crm: Crm) -> ir.Table:
    """Changes of recurring revenue: ``account_id``, ``changed_on``, ``kind``, ``change_cents``.

    One row per customer, day and kind. Where one contract ends and another starts on the same day and revenue goes
    on, nobody left and nobody came: the day is one expansion or one contraction by the difference.
    """
    changes = crm.subscriptions
    cents = (changes.change_amount * 100).round().cast("int64")
    rows = changes.mutate(cents=cents).group_by("account_id", "changed_on", "kind").agg(change_cents=_.cents.sum())
    days = rows.group_by(day_account=rows.account_id, day=rows.changed_on).agg(
        day_cents=_.change_cents.sum(), n_ends=how_many(_.kind == "churn"), n_starts=how_many(_.kind == "start")
    )
    so_far = days.day_cents.sum().over(ibis.cumulative_window(group_by="day_account", order_by="day"))
    days = days.mutate(is_swap=(days.n_ends > 0) & (days.n_starts > 0) & (so_far > 0))
    rows = rows.inner_join(days, [rows.account_id == days.day_account, rows.changed_on == days.day])
    net = ibis.ifelse(rows.day_cents < 0, "contraction", "expansion")
    rows = rows.mutate(kind=ibis.ifelse(rows.is_swap, net, rows.kind))
    sums = rows.group_by("account_id", "changed_on", "kind").agg(change_cents=_.change_cents.sum().cast("int64"))
    return sums.filter((sums.change_cents != 0) | ~sums.kind.isin(["expansion", "contraction"]))
