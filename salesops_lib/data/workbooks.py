"""Workbooks (Excel, OpenDocument): one sheet, its first used row as the heading.

The sheet types its own cells, so numbers and dates arrive as such; a column that mixes them with
text arrives as text, in plain notation. Lines count from the first used row of the sheet.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesops_lib.data.source_file import Kind, SourceFile, parquet_relation, tidy_headings
from salesops_lib.errors import SourceError
from salesops_lib.parameters.wording import did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa

# fastexcel announces on standard error that an empty column became text.
logging.getLogger("fastexcel").setLevel(logging.ERROR)


def read_workbook(path: Path, name: str, *, sheet: str | None, raw: Path) -> SourceFile:
    """Read one sheet into a Parquet file.

    Raises:
        SourceError: The workbook is damaged or protected, the sheet absent or empty.
    """
    import fastexcel
    import pyarrow.parquet as pq

    try:
        book = fastexcel.read_excel(path)
        chosen = _sheet(book.sheet_names, sheet, name)
        heading = book.load_sheet(chosen, header_row=None, n_rows=1, dtypes="string").to_arrow()
        cells = [str(column[0].as_py() or "") for column in heading.columns] if heading.num_rows else []
        if not any(cells):
            raise SourceError(f"{name}: the sheet `{chosen}` is empty. Name the sheet with the rows under `sheet:`.")
        # Without all rows as the sample, a text far down in a column of numbers would become empty.
        loaded = book.load_sheet(
            chosen, schema_sample_rows=None, skip_whitespace_tail_rows=True, whitespace_as_null=True
        )
        rows, unread = loaded.to_arrow_with_errors()
    except fastexcel.FastExcelError as error:
        reason = str(error).splitlines()[0]
        raise SourceError(
            f"{name}: the workbook cannot be read ({reason}). "
            "Open it in Excel and save it again as .xlsx without a password."
        ) from None
    headings, notes = tidy_headings(cells)
    table, kinds = _numbered(rows)
    pq.write_table(table, raw)
    if sheet is None and len(book.sheet_names) > 1:
        notes = (*notes, f"Read sheet `{chosen}`, the first of {len(book.sheet_names)}; name another under `sheet:`.")
    if unread and unread.errors:
        notes = (*notes, f"{len(unread.errors):,} cells hold a formula's error such as #N/A and are read as empty.")
    return SourceFile(name, headings, kinds, parquet_relation(raw), table.num_rows, (), notes)


def _sheet(sheets: list[str], wanted: str | None, name: str) -> str:
    if not sheets:
        raise SourceError(f"{name}: the workbook has no sheet.")
    if wanted is None:
        return sheets[0]
    if wanted not in sheets:
        listed = ", ".join(f"`{sheet}`" for sheet in sheets)
        raise SourceError(f"{name}: there is no sheet `{wanted}`. It has {listed}.{did_you_mean(wanted, sheets)}")
    return wanted


def _numbered(rows: pa.RecordBatch) -> tuple[pa.Table, tuple[Kind, ...]]:
    """The rows that are not blank, with the sheet's row number, and what each column holds."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = [f"c{place}" for place in range(rows.num_columns)]
    lines = pa.array(range(2, rows.num_rows + 2), pa.int64())
    table = pa.table([lines, *rows.columns], names=["line", *names])
    if names and rows.num_rows:
        filled = pc.is_valid(table[names[0]])
        for name in names[1:]:
            filled = pc.or_(filled, pc.is_valid(table[name]))
        table = table.filter(filled)
    return table, tuple(_kind(column.type) for column in rows.columns)


def _kind(arrow_type: Any) -> Kind:
    import pyarrow.types as types

    if types.is_boolean(arrow_type):
        return "truth"
    if types.is_integer(arrow_type) or types.is_floating(arrow_type):
        return "number"
    if types.is_date(arrow_type):
        return "date"
    return "moment" if types.is_timestamp(arrow_type) else "text"
