"""Fiscal periods in expressions: the month, quarter or year of the company in which a day lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Kind


def with_fiscal(crm: Crm, rows: ir.Table, day: str, *, keep_undated: bool = False, **periods: Kind) -> ir.Table:
    """Add the labels of the fiscal periods that a column's days lie in.

    ``with_fiscal(crm, rows, "closed_on", month="month", quarter="quarter")`` adds two columns.

    Args:
        crm: Whose calendar it is.
        rows: The rows.
        day: Their column of days.
        keep_undated: Keeps rows without a day, or with one outside the calendar of the data; their labels are missing.
        periods: New column and the kind of period that it holds.
    """
    days = crm.periods.select(
        fiscal_day=crm.periods.date, **{name: crm.periods[kind] for name, kind in periods.items()}
    )
    join = rows.left_join if keep_undated else rows.inner_join
    return join(days, rows[day] == days.fiscal_day).drop("fiscal_day")
