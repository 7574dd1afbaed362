"""Convert mapped values to the canonical types, column by column, and set aside what does not convert.

A row goes when a date, an amount or a value that every row needs cannot be read; any other value
that cannot be read is left empty and counted. Amounts become amounts in the report currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from salesops_lib.data import amounts, dates
from salesops_lib.data.mapping import MappedTable
from salesops_lib.data.quarantine import EMPTIED, SET_ASIDE, set_aside
from salesops_lib.data.schemas import AMOUNT, SHARE, Column
from salesops_lib.data.store import Workshop
from salesops_lib.data.typed_columns import Money, TypedColumns, Zones
from salesops_lib.data.values import Branch, Value, text_of

_NOT_A = {
    "date": "not a date",
    "timestamp": "not a date and time",
    AMOUNT: "not an amount",
    SHARE: "not a share",
    "int64": "not a whole number",
    "float64": "not a number",
}


@dataclass
class Conversion:
    """What converting a table counted."""

    emptied: list[tuple[str, str, int, str]] = field(default_factory=list)
    """Column, reason, values left empty, an example."""
    failed: list[tuple[str, str, int, str]] = field(default_factory=list)
    """Column, reason, rows set aside, an example."""
    stand_ins: list[tuple[str, str, int]] = field(default_factory=list)
    """Column, where the value was taken from instead, rows."""
    nobodys: list[tuple[str, str, int]] = field(default_factory=list)
    """Column, the key that stands where none is named, rows."""
    dates: list[tuple[str, dates.DateReading]] = field(default_factory=list)
    """Column, how it writes dates."""


def prepare(workshop: Workshop) -> None:
    """Teach the workshop to read dates and numbers."""
    dates.prepare(workshop)
    amounts.prepare(workshop)


def convert(
    workshop: Workshop, mapped: MappedTable, *, money: Money, zones: Zones, problems: list[str]
) -> Conversion | None:
    """Convert a mapped table into ``rows_<table>``; note in ``problems`` what holds for a whole column."""
    before = len(problems)
    maker = TypedColumns(workshop, mapped, money, zones, problems)
    made = {column.name: maker.column(column) for column in mapped.source.table.source_columns}
    maker.check_currencies()
    if len(problems) > before:
        return None
    table = mapped.source.table.name
    kept = [branch.name for branch in mapped.branches]
    listed = ", ".join(
        ["m.file_no", "m.line", *(f"m.{name}" for name in kept), *(f"{sql} AS {name}" for name, sql in made.items())]
    )
    workshop.run(
        f"CREATE TABLE rows_{table} AS SELECT {listed} FROM {maker.prepared()} m {maker.joined}",
        maker.bound,
    )
    workshop.run(f"DROP TABLE {mapped.relation}")
    name_files(workshop, table, [file.name for file in mapped.files])
    conversion = Conversion(dates=maker.dates)
    for column in mapped.source.table.source_columns:
        _judge(workshop, mapped, column, conversion)
    for branch in kept:
        workshop.run(f"ALTER TABLE rows_{table} DROP COLUMN {branch}")
    return conversion


def name_files(workshop: Workshop, table: str, names: Sequence[str]) -> None:
    """Keep the names of a table's files beside its rows."""
    workshop.run(f"CREATE TABLE files_{table} (file_no INTEGER, file VARCHAR)")
    for number, name in enumerate(names):
        workshop.run(f"INSERT INTO files_{table} VALUES ($number, $name)", {"number": number, "name": name})


def _judge(workshop: Workshop, mapped: MappedTable, column: Column, conversion: Conversion) -> None:
    """Set aside rows whose value did not convert or is missing though needed; count stand-ins."""
    table = mapped.source.table.name
    branches = mapped.of(column.name)
    is_currency = column.name == "currency"
    if branches and (column.type != "string" or column.choices or is_currency):
        raw = f"coalesce({', '.join(text_of(Value('r.' + branch.name, branch.kind)) for branch in branches)})"
        reason = _NOT_A.get(column.type) or f"not one of {', '.join(column.choices)}"
        reason = "not a currency code" if is_currency else reason
        loses_row = column.required or is_currency or column.type in ("date", "timestamp", AMOUNT)
        unread = f"{raw} IS NOT NULL AND r.{column.name} IS NULL"
        example = workshop.row(f"SELECT min({raw}) FROM rows_{table} r WHERE {unread}")[0]
        if example is not None:
            effect = SET_ASIDE if loses_row else EMPTIED
            n = set_aside(workshop, table, unread, column=column.name, value=raw, reason=reason, effect=effect)
            (conversion.failed if loses_row else conversion.emptied).append((column.name, reason, n, example))
    if column.stand_in:
        _stand_in(workshop, table, column, conversion)
    elif column.required:
        n = set_aside(
            workshop,
            table,
            f"r.{column.name} IS NULL",
            column=column.name,
            value="''",
            reason="missing, and every row needs it",
        )
        if n:
            conversion.failed.append((column.name, "missing", n, ""))
    for place in sorted({branch.place for branch in branches if branch.place}):
        earlier = " AND ".join(f"{branch.name} IS NULL" for branch in branches if branch.place < place)
        here = [branch for branch in branches if branch.place == place]
        taken = " OR ".join(f"{branch.name} IS NOT NULL" for branch in here)
        n = workshop.number(f"SELECT count(*) FROM rows_{table} WHERE {earlier} AND ({taken})")
        conversion.stand_ins.append((column.name, _origin(here[0]), n))


def _stand_in(workshop: Workshop, table: str, column: Column, conversion: Conversion) -> None:
    """A row that names nobody still counts: setting it aside would lose bookings."""
    n = workshop.number(f"SELECT count(*) FROM rows_{table} WHERE {column.name} IS NULL")
    if n:
        workshop.run(
            f"UPDATE rows_{table} SET {column.name} = $key WHERE {column.name} IS NULL", {"key": column.stand_in}
        )
        conversion.nobodys.append((column.name, column.stand_in, n))


def _origin(branch: Branch) -> str:
    how = branch.how
    if how.lookup:
        return f"column `{how.lookup.column}` of {how.lookup.file}"
    return f"column `{how.column}`" if how.column else "a constant" if how.constant else "joined columns"
