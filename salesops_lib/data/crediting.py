"""Splitting a deal's amount over the reps credited, so that the parts add up to the cent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from salesops_lib.data.schemas import AMOUNT, SHARE

if TYPE_CHECKING:
    import ibis.expr.types as ir

MILLIONTHS = 1_000_000
"""Shares are held to six decimals; counted in millionths they are whole numbers."""


def full_credit(deals: ir.Table) -> ir.Table:
    """Main credit of the whole deal to its owner, for deals that the source gives no credits for."""
    return deals.select(
        "opportunity_id",
        "rep_id",
        share=ibis.literal(1).cast(SHARE),
        book=ibis.literal("main"),
    )


def credited_amounts(shares: ir.Table, deals: ir.Table) -> ir.Table:
    """Add ``amount``: each share of the deal's amount in whole cents, parts adding up to the deal.

    The cents that rounding down leaves over go to the largest fractions, ties by rep. Shares that
    do not add up to 1 are taken as they are; the data checks list them.
    """
    amounts = deals.select(deal=deals.opportunity_id, deal_amount=deals.amount)
    rows = shares.inner_join(amounts, shares.opportunity_id == amounts.deal).mutate(
        deal_cents=(_.deal_amount * 100).round().cast("int64"), millionths=(_.share * MILLIONTHS).round().cast("int64")
    )
    rows = rows.mutate(size=_.deal_cents.abs() * _.millionths)
    rows = rows.mutate(fraction=_.size % MILLIONTHS)
    # Exact division of whole numbers: every engine agrees on it.
    rows = rows.mutate(whole=((_.size - _.fraction) / MILLIONTHS).round().cast("int64"))
    a_deal = ibis.window(group_by=["opportunity_id", "book"])
    by_fraction = ibis.window(group_by=["opportunity_id", "book"], order_by=[ibis.desc("fraction"), ibis.asc("rep_id")])
    rows = rows.mutate(
        left_over=_.deal_cents.abs() - _.whole.sum().over(a_deal).cast("int64"),
        is_complete=_.millionths.sum().over(a_deal).cast("int64") == MILLIONTHS,
        place=ibis.row_number().over(by_fraction),
    )
    extra = ibis.ifelse(rows.is_complete & (rows.place < rows.left_over), 1, 0)
    cents = (rows.whole + extra) * rows.deal_cents.sign().cast("int64")
    return rows.mutate(amount=(cents.cast("decimal(18, 2)") / 100).cast(AMOUNT)).select(*shares.columns, "amount")
