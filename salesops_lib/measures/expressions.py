"""Pieces of expressions that every area uses, kept to what all engines do alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
from ibis import _

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period


def within(column: ir.Value, period: Period) -> ir.Value:
    """Whether a date falls inside the period, both ends included."""
    return column.between(ibis.date(str(period.start)), ibis.date(str(period.end)))


def ratio(numerator: ir.Value, denominator: ir.Value) -> ir.Value:
    """A quotient as a float; missing where the denominator is 0 or missing."""
    return numerator.cast("float64") / denominator.cast("float64").nullif(0.0)


def total(amount: ir.Value) -> ir.Value:
    """The sum of an amount as a float, 0 where there is nothing to add; exact to the cent."""
    return amount.sum().fill_null(0).cast("float64")


def how_many(condition: ir.Value) -> ir.Value:
    """Rows for which a condition holds; 0 where none does."""
    # Not a cast: PostgreSQL casts no boolean to a wide integer.
    return ibis.ifelse(condition, 1, 0).sum().fill_null(0).cast("int64")


def quantiles(table: ir.Table, column: str, *, by: Sequence[str] = (), shares: Sequence[float] = (0.5,)) -> ir.Table:
    """Quantiles of a column per group, linear between neighbours, alike on every engine.

    Returns:
        The group columns, ``n`` (rows with a value) and one ``q<share in percent>`` per share.
    """
    rows = table.filter(table[column].notnull()).select(*by, value=table[column].cast("float64"))
    group = list(by)
    rows = rows.mutate(
        place=ibis.row_number().over(ibis.window(group_by=group, order_by="value")),
        n=rows.value.count().over(ibis.window(group_by=group)),
    )
    measures = {}
    for share in shares:
        at = (rows.n - 1) * share
        # The two neighbours' weights; both are the same row where the position is whole.
        weight = ibis.greatest(1.0 - (rows.place - at).abs(), 0.0)
        measures[f"q{share * 100:g}"] = (rows.value * weight).sum()
    measures["n"] = rows.n.max()
    return rows.group_by(group).agg(**measures) if group else rows.agg(**measures)


def deals(crm: Crm) -> ir.Table:
    """Opportunities with what their account and owner add: ``segment``, ``industry`` and ``region``.

    The account's own segment and region come first, the owner's where the account has none.
    """
    return crm.kept("deals", lambda: _deals(crm))


def _deals(crm: Crm) -> ir.Table:
    return _placed(crm, crm.opportunities)


def _placed(crm: Crm, rows: ir.Table) -> ir.Table:
    columns = rows.columns
    owners = crm.reps.select(owner=_.rep_id, owner_segment=_.segment, owner_region=_.region)
    rows = rows.left_join(owners, rows.rep_id == owners.owner)
    if not crm.has("accounts"):
        added = {"segment": _.owner_segment, "region": _.owner_region, "industry": ibis.null("string")}
        return rows.select(*columns, **added)
    accounts = crm.accounts.select("industry", account=_.account_id, account_segment=_.segment, account_region=_.region)
    rows = rows.left_join(accounts, rows.account_id == accounts.account)
    return rows.select(
        *columns,
        segment=ibis.coalesce(rows.account_segment, rows.owner_segment),
        region=ibis.coalesce(rows.account_region, rows.owner_region),
        industry=rows.industry,
    )


def credited_deals(crm: Crm) -> ir.Table:
    """One row per deal and rep credited in the main book: what bookings are summed over.

    The deal's columns, but ``rep_id`` and ``team_id`` are those credited and ``credited_amount`` is their part.
    """
    return crm.kept("credited_deals", lambda: credited_deals_of(crm))


def booked(crm: Crm) -> ir.Table:
    """What bookings are summed over: the rows of ``credited_deals`` that are won, and credit notes.

    A credit note has no ``opportunity_id``, so that it lowers a sum and is in no count of deals.
    """
    won, notes = credited_deals(crm).filter(_.status == "won"), credit_notes(crm)
    return won if notes is None else won.union(notes)


def credit_notes(crm: Crm) -> ir.Table | None:
    """One row per credit note and rep credited, with the columns of ``credited_deals``; nothing where there is none.

    It has no ``opportunity_id``: a credit note is no deal and must be in no count of them.
    """
    if not crm.has("credit_notes"):
        return None
    notes = crm.kept("credited_notes", lambda: _credited(crm, _placed(crm, crm.credit_notes)))
    return notes.mutate(opportunity_id=ibis.null("string")).select(*credited_deals(crm).columns)


def booked_in(crm: Crm, period: Period) -> ir.Table:
    """What the bookings of a period are summed over, by close date."""
    rows = booked(crm)
    return rows.filter(within(rows.closed_on, period))


def credited_deals_of(crm: Crm) -> ir.Table:
    """What ``credited_deals`` stands for, spelt out."""
    return credited_in(crm, "main")


def credited_in(crm: Crm, book: str) -> ir.Table:
    """One row per deal and rep credited in a book, with the columns of ``credited_deals``."""
    return _credited(crm, deals(crm), book)


def _credited(crm: Crm, rows: ir.Table, book: str = "main") -> ir.Table:
    rows = rows.rename(owner_id="rep_id", owner_team_id="team_id")
    shares = crm.credits.filter(_.book == book).select(
        "rep_id", "team_id", credited_deal=_.opportunity_id, credited_amount=_.amount
    )
    credited = rows.inner_join(shares, rows.opportunity_id == shares.credited_deal)
    return credited.select(*rows.columns, "rep_id", "team_id", "credited_amount")


def won_in(table: ir.Table, period: Period) -> ir.Table:
    """Deals won in the period, by close date."""
    return table.filter(table.status == "won", within(table.closed_on, period))


def closed_in(table: ir.Table, period: Period) -> ir.Table:
    """Deals won or lost in the period, by close date."""
    return table.filter(table.status != "open", within(table.closed_on, period))
