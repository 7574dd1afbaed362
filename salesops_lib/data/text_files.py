"""Text files (CSV and its kin): find the separator, then stream rows with their line numbers.

A file is read twice: once to find its encoding, once for its rows, a block at a time, so that a
large export never has to fit in memory.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from salesops_lib.data.source_file import TEXT, RaggedRow, SourceFile, parquet_relation, tidy_headings
from salesops_lib.data.text_encodings import find_encoding, known_encoding
from salesops_lib.errors import SourceError

if TYPE_CHECKING:
    import pyarrow as pa

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
"""Separators that are looked for, with their names."""

_SAMPLE = 262_144
_BLOCK = 50_000
_LONGEST_CELL = 16_777_216


def read_text_file(path: Path, name: str, *, separator: str | None, encoding: str | None, raw: Path) -> SourceFile:
    """Read a text file into a Parquet file of text columns.

    Args:
        path: The file.
        name: What messages call it.
        separator: Declared separator; found by itself where absent.
        encoding: Declared encoding; found by itself where absent.
        raw: Parquet file to write.

    Raises:
        SourceError: The file cannot be read as text with a heading and rows.
    """
    encoding, encoding_notes = (known_encoding(encoding, name), ()) if encoding else find_encoding(path, name)
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding=encoding, newline="") as file:
            sample = file.read(_SAMPLE)
        mark, skipped = _separator(sample, separator, name)
        with path.open(encoding=encoding, newline="") as file:
            rows = _Rows(file, mark, skipped)
            heading = next(rows, None)
            if heading is None:
                raise SourceError(f"{name}: the file is empty. Export it again; it needs a heading and rows.")
            headings, heading_notes = tidy_headings(heading[1])
            n_rows, ragged = _write(rows, headings, raw)
    except UnicodeError:
        raise SourceError(
            f"{name}: the file is not text in the encoding {encoding}. Name the encoding it was saved with under "
            "`encoding:` of its table in company.yaml, or save it again as UTF-8."
        ) from None
    except csv.Error as error:
        raise SourceError(
            f"{name}, near line {rows.line}: the row cannot be read ({error}). Export the file again."
        ) from None
    _refuse_open_quote(path, encoding, rows, name)
    if len(ragged) > n_rows:
        raise SourceError(
            f"{name}: {len(ragged):,} of {n_rows + len(ragged):,} rows have another number of cells than line "
            f"{heading[0]}, which has {len(headings)}. The first line must be the heading, and cells be separated by "
            "one mark: take lines above the heading out, or name the mark under `separator:` in company.yaml."
        )
    kinds = (TEXT,) * len(headings)
    notes = (*encoding_notes, *heading_notes)
    return SourceFile(name, headings, kinds, parquet_relation(raw), n_rows, tuple(ragged), notes)


def _separator(sample: str, declared: str | None, name: str) -> tuple[str, int]:
    """The separator, and how many lines stand before the heading (Excel's ``sep=;``)."""
    first, _, _ = sample.lstrip("\ufeff").partition("\n")
    told = first.strip().strip('"')
    skipped = 1 if told.lower().startswith("sep=") and len(told) == 5 else 0
    if declared:
        mark = {"tab": "\t", "\\t": "\t"}.get(declared.lower(), declared)
        if len(mark) != 1:
            raise SourceError(f"{name}: the separator `{declared}` is not one mark. Write `,` `;` `|` or tab.")
        return mark, skipped
    if skipped:
        return told[4], 1
    return find_separator(sample), 0


def find_separator(sample: str) -> str:
    """The separator that cuts most rows of the sample into as many cells as its heading."""
    whole = len(sample) < _SAMPLE
    best, best_score = ",", (0.0, 1)
    for mark in SEPARATORS:
        try:
            rows = [row for row in csv.reader(StringIO(sample, newline=""), delimiter=mark) if row]
        except csv.Error:
            continue
        rows = rows if whole or len(rows) < 3 else rows[:-1]
        if not rows or len(rows[0]) < 2:
            continue
        alike = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
        if (alike, len(rows[0])) > best_score:
            best, best_score = mark, (alike, len(rows[0]))
    return best


class _Rows(Iterator[tuple[int, list[str]]]):
    """Rows that are not blank, each with the line it starts on."""

    def __init__(self, file: IO[str], separator: str, skipped: int) -> None:
        self._separator = separator
        self._skipped = skipped
        list(islice(file, skipped))
        self._reader = csv.reader(file, delimiter=separator)
        self.line = 1
        self.last_line = 1

    @property
    def separator(self) -> str:
        return self._separator

    @property
    def ended_on(self) -> int:
        """Last line read."""
        return self._reader.line_num + self._skipped

    def __next__(self) -> tuple[int, list[str]]:
        while True:
            self.line = self.ended_on + 1
            cells = next(self._reader)
            if any(cell and not cell.isspace() for cell in cells):
                self.last_line = self.line
                return self.line, cells


def _write(rows: _Rows, headings: tuple[str, ...], raw: Path) -> tuple[int, list[RaggedRow]]:
    """Write the rows as Parquet, a block at a time; return their number and those that do not fit."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    width = len(headings)
    schema = pa.schema([("line", pa.int64()), *((f"c{place}", pa.string()) for place in range(width))])
    ragged: list[RaggedRow] = []
    n_rows = 0
    with pq.ParquetWriter(raw, schema) as writer:
        while block := list(islice(rows, _BLOCK)):
            fitting = []
            for line, cells in block:
                if len(cells) > width and not any(cells[width:]):
                    del cells[width:]
                if len(cells) == width:
                    fitting.append((line, *cells))
                else:
                    ragged.append(RaggedRow(line, len(cells), rows.separator.join(cells)[:200]))
            n_rows += len(fitting)
            writer.write_table(_table(fitting, schema))
    return n_rows, ragged


def _table(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.table(arrays, schema=schema)


def _refuse_open_quote(path: Path, encoding: str, rows: _Rows, name: str) -> None:
    """A quotation mark that is never closed swallows the rest of the file: the last row tells."""
    if rows.ended_on == rows.last_line:
        return
    with path.open(encoding=encoding, newline="") as file:
        tail = list(islice(file, rows.last_line - 1, None))
    try:
        list(csv.reader(tail, delimiter=rows.separator, strict=True))
    except csv.Error as error:
        if "end of data" in str(error):
            raise SourceError(
                f"{name}: a quotation mark opened on line {rows.last_line} is never closed, so the rows after it "
                "cannot be told apart. Close it or take it out, or export the file again."
            ) from None
