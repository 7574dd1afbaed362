"""What checks share: the import they look at, and how they report.

A detail says what a check found, and may quote the source to help whoever mends it: values, headings, names of files.
Whatever is quoted passes through ``from_source``, so that a company that shows no names has every detail without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from salesops_lib.data.quarantine import n_set_aside, set_aside
from salesops_lib.data.schemas import TABLES

if TYPE_CHECKING:
    from salesops_lib.data.conversion import Conversion
    from salesops_lib.data.mapping import MappedTable
    from salesops_lib.data.store import Workshop
    from salesops_lib.parameters import Parameters

Severity = Literal["error", "warning", "pass"]

MOST = 0.5
"""A share of bad rows above which a column is not dirty but wrong."""

MANY = 0.05
"""A share of bad rows above which a figure built on them would mislead."""

_OPEN, _OR, _CLOSE = "\ue000", "\ue001", "\ue002"
"""Marks around a quotation while a detail is put together: letters of Unicode's private area, which mean nothing."""
_QUOTATION = re.compile(f"{_OPEN}([^{_OR}]*){_OR}([^{_CLOSE}]*){_CLOSE}")
_NO_MARKS = dict.fromkeys(map(ord, (_OPEN, _OR, _CLOSE)))


def from_source(words: object, otherwise: str = "") -> str:
    """Words of a detail that quote the source, and what stands there where nobody may be named."""
    return f"{_OPEN}{str(words).translate(_NO_MARKS)}{_OR}{otherwise}{_CLOSE}"


def instance(value: object) -> str:
    """A value of the source as the example that ends a clause."""
    return from_source(f", for instance `{value}`")


@dataclass(frozen=True)
class Check:
    """What one check found."""

    check: str
    severity: Severity
    table: str
    column: str
    n_rows: int
    detail: str
    discreet: str
    """The detail without anything that the source says: numbers and the kit's own words."""
    what_to_do: str = ""


@dataclass
class Import:
    """The tables being imported, as ``rows_<table>`` in the workshop, and what was counted on the way."""

    workshop: Workshop
    parameters: Parameters
    mapped: dict[str, MappedTable] = field(default_factory=dict)
    converted: dict[str, Conversion] = field(default_factory=dict)
    added: dict[str, int] = field(default_factory=dict)
    """Rows that a check put in, by table."""
    as_of: date = date.min
    checks: list[Check] = field(default_factory=list)

    def add(self, mapped: MappedTable, converted: Conversion) -> None:
        """Take in a table that was mapped and converted."""
        name = mapped.source.table.name
        self.mapped[name], self.converted[name] = mapped, converted
        for number, file in enumerate(mapped.files):
            for row in file.ragged:
                self.workshop.run(
                    "INSERT INTO quarantine "
                    "VALUES ($table_, $number, $file, $line, '', $text, $reason, 'row set aside')",
                    {
                        "table_": name,
                        "number": number,
                        "file": file.name,
                        "line": row.line,
                        "text": row.text,
                        "reason": f"{row.n_cells} cells where the heading has {len(file.headings)}",
                    },
                )

    @property
    def tables(self) -> list[str]:
        """Names of the tables imported, in the order of the schemas."""
        return [name for name in TABLES if name in self.mapped]

    def has(self, *names: str) -> bool:
        """Whether the source provides all of these tables, or columns as ``table.column``."""
        for name in names:
            table, _, column = name.partition(".")
            if table not in self.mapped or (column and not self.mapped[table].of(column)):
                return False
        return True

    def n(self, table: str, condition: str = "true", values: dict[str, object] | None = None) -> int:
        """Rows of a table for which a condition on ``r`` holds."""
        return self.workshop.number(f"SELECT count(*) FROM rows_{table} r WHERE {condition}", values)

    def example(self, table: str, column: str, condition: str, values: dict[str, object] | None = None) -> str:
        """The smallest value of a column among the rows for which a condition on ``r`` holds, as ``instance``."""
        return instance(self.workshop.row(f"SELECT min({column}) FROM rows_{table} r WHERE {condition}", values)[0])

    def place(
        self, table: str, condition: str, values: dict[str, object] | None = None, *, newest: str = "line"
    ) -> str:
        """File and line of a row for which a condition on ``r`` holds: the first, or the one newest by a column."""
        order = "r.file_no, r.line" if newest == "line" else f"r.{newest} DESC, r.file_no, r.line"
        file, line = self.workshop.row(
            f"SELECT f.file, r.line FROM rows_{table} r JOIN files_{table} f USING (file_no) WHERE {condition} "
            f"ORDER BY {order} LIMIT 1",
            values,
        )
        return from_source(f"{file}, line {line:,}", "the source")

    def set_aside(
        self, table: str, condition: str, column: str, reason: str, values: dict[str, object] | None = None
    ) -> int:
        """Set rows of a table aside; return how many."""
        shown = f"CAST(r.{column} AS VARCHAR)" if column else "''"
        return set_aside(self.workshop, table, condition, column=column, value=shown, reason=reason, values=values)

    def report(
        self,
        check: str,
        severity: Severity,
        table: str,
        column: str,
        n_rows: int,
        detail: str,
        what_to_do: str = "",
    ) -> None:
        """Note what a check found; what the detail quotes has passed through ``from_source``."""
        full, discreet = (_QUOTATION.sub(rf"\{group}", detail) for group in (1, 2))
        self.checks.append(Check(check, severity, table, column, n_rows, full, discreet, what_to_do))

    def final_rows(self, table: str) -> str:
        """SQL of a table's rows as they are written: its source columns, in the order of files and lines."""
        columns = ", ".join(column.name for column in TABLES[table].source_columns)
        return f"SELECT {columns} FROM rows_{table} ORDER BY file_no < 0, file_no, line"

    def counts(self) -> list[dict[str, str | int]]:
        """Where the rows of every table went."""
        return list(self._counts())

    def _counts(self) -> Iterator[dict[str, str | int]]:
        for name in self.tables:
            tally = self.mapped[name].tally
            yield {
                "table": name,
                "rows_in": tally.rows_in,
                "rows_used": self.n(name),
                "rows_set_aside": n_set_aside(self.workshop, name),
                "rows_left_out": tally.left_out,
                "rows_repeated": tally.repeated,
                "rows_added": self.added.get(name, 0),
            }
