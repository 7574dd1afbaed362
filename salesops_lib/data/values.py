"""A value of the source as SQL, before it is converted: which column it is in, and what it holds there."""

from __future__ import annotations

from dataclasses import dataclass

from salesops_lib.data.schemas import Column
from salesops_lib.data.source_file import Kind, SourceFile
from salesops_lib.parameters.source import ColumnMapping

BLANKS = " \t\r\n\u00a0\u202f\ufeff"
"""What is trimmed from the ends of a text; bound as ``$blanks``."""


@dataclass(frozen=True)
class Value:
    """A value as SQL, and what it holds."""

    sql: str
    kind: Kind


@dataclass(frozen=True)
class Branch:
    """One way in which a canonical column is made."""

    name: str
    """Column of the mapped table."""
    column: Column
    how: ColumnMapping
    kind: Kind
    place: int = 0
    """0 for the column's first choice, 1 for what stands in where that is missing, and so on."""


def column_value(alias: str, place: int, file: SourceFile) -> Value:
    """A source column as a value; blank text is missing."""
    kind = file.kinds[place]
    sql = f"{alias}.c{place}"
    return Value(f"nullif(trim({sql}, $blanks), '')" if kind == "text" else sql, kind)


def spoken(text: str) -> str:
    """SQL of a text as people mean it: without regard to case and spaces, and 0.00 as 0.

    Declared words are compared so: `TRUE` is `true`, `Closed  won` is `closed won`. A part of a number is kept; a
    thousands mark is none of this function's business, so that three zeros after a mark stay as they are.
    """
    bare = f"lower(regexp_replace(trim(CAST({text} AS VARCHAR), $blanks), '\\s+', ' ', 'g'))"
    return f"regexp_replace({bare}, '^([+-]?\\d+)[.,]0{{1,2}}$', '\\1')"


def text_of(value: Value) -> str:
    """A value as text; whole numbers without a decimal mark."""
    if value.kind == "text":
        return value.sql
    if value.kind == "number":
        whole = f"{value.sql} = trunc({value.sql}) AND abs({value.sql}) < 1e15"
        return (
            f"CASE WHEN {whole} THEN CAST(CAST({value.sql} AS BIGINT) AS VARCHAR) ELSE CAST({value.sql} AS VARCHAR) END"
        )
    return f"CAST({value.sql} AS VARCHAR)"
