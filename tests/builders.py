"""Small companies for tests: a ``Crm`` from a few tuples or dictionaries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa

from salesops_lib.data.crm import Crm
from salesops_lib.data.engines import Engine
from salesops_lib.data.loading import crm_from_tables
from salesops_lib.data.schemas import TABLES
from salesops_lib.parameters.company import GoalRules
from salesops_lib.periods import FiscalCalendar

AS_OF = date(2026, 10, 2)
CALENDAR = FiscalCalendar()

Row = Mapping[str, Any]


def make_crm(
    *,
    deals: Iterable[tuple[Any, ...] | Row] = (),
    reps: Iterable[str | Row] | None = None,
    as_of: date = AS_OF,
    calendar: FiscalCalendar = CALENDAR,
    open_stages: Iterable[str] = (),
    goal_rules: GoalRules | None = None,
    engine: Engine | None = None,
    **tables: Iterable[Row],
) -> Crm:
    """A company of these rows; what a row leaves out is missing or a plain default.

    Args:
        deals: Opportunities as ``(rep, closed_on, status)``, ``(rep, closed_on, status, amount)`` or
            dictionaries; ids, creation (60 days before closing, or before ``as_of``) and amount (1,000) are filled in.
        reps: Reps as ids or dictionaries; those named by the deals if absent.
        as_of: The evening that the data speaks of.
        calendar: The fiscal calendar.
        open_stages: Stages of the sales process, in order.
        goal_rules: How goals are phased, prorated and ramped up.
        engine: Where the tables are written; DuckDB in memory if absent.
        tables: Rows of any other canonical table, by its name.
    """
    opportunities = [_deal(number, deal, as_of) for number, deal in enumerate(deals)]
    named = sorted({deal["rep_id"] for deal in opportunities}) if reps is None else list(reps)
    rows: dict[str, list[Row]] = {
        "reps": [rep if isinstance(rep, Mapping) else {"rep_id": rep, "name": rep.title()} for rep in named],
        "opportunities": opportunities,
        **{name: list(given) for name, given in tables.items()},
    }
    return crm_from_tables(
        {name: arrow_table(name, given) for name, given in rows.items()},
        as_of=as_of,
        calendar=calendar,
        open_stages=list(open_stages),
        goal_rules=goal_rules,
        engine=engine,
    )


def _deal(number: int, deal: tuple[Any, ...] | Row, as_of: date) -> dict[str, Any]:
    if not isinstance(deal, Mapping):
        deal = dict(zip(("rep_id", "closed_on", "status", "amount"), deal, strict=False))
    closed_on = _date(deal.get("closed_on"))
    filled = {
        "opportunity_id": f"d{number:05d}",
        "amount": 1000,
        "currency": "USD",
        "created_on": date.fromordinal((closed_on or as_of).toordinal() - 60),
        "status": "open",
    }
    return {**filled, **deal}


def arrow_table(name: str, rows: list[Row]) -> pa.Table:
    """Rows of a canonical table in its types; unknown columns are an error in the test."""
    columns = TABLES[name].source_columns
    schema = ibis.schema({column.name: column.type for column in columns}).to_pyarrow()
    unknown = {key for row in rows for key in row} - set(schema.names)
    assert not unknown, f"`{name}` has no column {sorted(unknown)}"
    return pa.Table.from_pylist(
        [{field.name: _value(row.get(field.name), field.type) for field in schema} for row in rows], schema
    )


def _value(value: Any, kind: pa.DataType) -> Any:
    if value is None:
        return None
    if pa.types.is_decimal(kind):
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-kind.scale))
    if pa.types.is_date(kind):
        return _date(value)
    if pa.types.is_timestamp(kind):
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    return value


def _date(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
