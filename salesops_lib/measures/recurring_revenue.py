"""Recurring revenue: what changed for each customer, what became of it between two evenings, and who won it first.

Tables in: ``subscriptions``; ``accounts`` for segments and ``opportunities`` for winners. Tables out: expressions.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import ibis
from ibis import _

from salesops_lib.measures.expressions import how_many

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


def customers_between(crm: Crm, start: date, end: date) -> ir.Table:
    """One row per customer with recurring revenue on the evening of ``start``: what became of it by ``end``, in cents.

    Columns: account_id, segment, ``started_on`` (first change), ``start_cents``, ``contraction_cents``,
    ``churn_cents``, ``expansion_cents`` (coming back included) and ``end_cents``.
    """
    changes = recurring_changes(crm).filter(_.changed_on <= ibis.date(str(end)))
    cents = changes.change_cents
    is_old = changes.changed_on <= ibis.date(str(start))
    kinds = {
        "start": ibis.ifelse(is_old, cents, 0),
        "contraction": ibis.ifelse(~is_old & (changes.kind == "contraction"), -cents, 0),
        "churn": ibis.ifelse(~is_old & (changes.kind == "churn"), -cents, 0),
        "expansion": ibis.ifelse(~is_old & changes.kind.isin(["start", "expansion"]), cents, 0),
        "end": cents,
    }
    rows = changes.mutate(**{f"{name}_part": part for name, part in kinds.items()})
    sums = {f"{name}_cents": rows[f"{name}_part"].sum().cast("int64") for name in kinds}
    customers = rows.group_by("account_id").agg(started_on=_.changed_on.min(), **sums).filter(_.start_cents > 0)
    if not crm.has("accounts"):
        return customers.mutate(segment=ibis.literal("No segment"))
    accounts = crm.accounts.select(account=_.account_id, segment=_.segment.fill_null("No segment"))
    joined = customers.left_join(accounts, customers.account_id == accounts.account)
    return joined.mutate(segment=joined.segment.fill_null("No segment")).drop("account")


def first_winners(crm: Crm) -> ir.Table:
    """The owner of each account's first won deal: ``account_id``, ``rep_id``."""
    won = crm.opportunities.filter(_.status == "won", _.account_id.notnull(), _.closed_on.notnull())
    order = ibis.window(group_by="account_id", order_by=["closed_on", "opportunity_id"])
    first = won.mutate(place=ibis.row_number().over(order)).filter(_.place == 0)
    return first.select(winner_account=_.account_id, rep_id=_.rep_id)
