"""From columns of numbers to Arrow tables with exactly the names and types of the schemas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from salesops_lib.data.demo.days import DAY, NEVER, Array
from salesops_lib.data.schemas import TABLES, Column

Values: TypeAlias = Array | Sequence[Any] | pa.Array

_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "decimal(18, 2)": pa.decimal128(18, 2),
    "decimal(9, 6)": pa.decimal128(9, 6),
}


def arrow_table(name: str, columns: Mapping[str, Values]) -> pa.Table:
    """The canonical table ``name`` from its source columns, in the order of the schema.

    Days are whole numbers and moments microseconds (``NEVER`` is missing), amounts are cents, shares millionths.
    """
    wanted = TABLES[name].source_columns
    fields = pa.schema([pa.field(column.name, _TYPES[column.type]) for column in wanted])
    return pa.Table.from_arrays([_arrow(column, columns[column.name]) for column in wanted], schema=fields)


def _arrow(column: Column, values: Values) -> pa.Array:
    kind = _TYPES[column.type]
    if isinstance(values, pa.Array):
        return values.cast(kind)
    if pa.types.is_decimal(kind):
        return _decimals(np.asarray(values, dtype=np.int64), kind)
    if pa.types.is_date(kind):
        days = np.asarray(values, dtype=np.int64)
        return pa.array(days.astype(np.int32), mask=days >= NEVER).cast(kind)
    if pa.types.is_timestamp(kind):
        moments = np.asarray(values, dtype=np.int64)
        return pa.array(moments, mask=moments >= NEVER * DAY).cast(kind)
    return pa.array(values, type=kind)


def _decimals(units: Array, kind: pa.DataType) -> pa.Array:
    """Whole units to decimals: a decimal is stored as a 128-bit whole number, low half first."""
    halves = np.empty((len(units), 2), dtype=np.int64)
    halves[:, 0] = units
    halves[:, 1] = np.where(units < 0, -1, 0)
    return pa.Array.from_buffers(kind, len(units), [None, pa.py_buffer(halves.tobytes())])


def words(vocabulary: Sequence[str] | Array, codes: Array) -> pa.Array:
    """The word for each code; a negative code is missing."""
    codes = np.asarray(codes)
    return pa.array(list(vocabulary), pa.string()).take(pa.array(codes, mask=codes < 0))


def keys(prefix: str, n: int, width: int) -> list[str]:
    """Keys of ``n`` rows: ``D000001`` and so on."""
    return [f"{prefix}{i + 1:0{width}d}" for i in range(n)]


def day_numbers(days: Sequence[date | None]) -> Array:
    """Dates as day numbers; ``None`` becomes ``NEVER``."""
    return np.array([NEVER if day is None else (day - date(1970, 1, 1)).days for day in days], dtype=np.int64)
