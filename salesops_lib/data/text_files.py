"""Text files (CSV and its kin): find the separator, then stream rows with their line numbers.

A file is read twice: once to find its encoding, once for its rows, a block at a time, so that a
large export never has to fit in memory.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice, tee
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from salesops_lib.data.folded_rows import FoldedRows, refusal
from salesops_lib.data.plain_text import write_plain_rows
from salesops_lib.data.source_file import (
    TEXT,
    LineCount,
    RaggedRow,
    SourceFile,
    parquet_relation,
    tidy_headings,
)
from salesops_lib.data.text_encodings import find_encoding, known_encoding
from salesops_lib.errors import SourceError

if TYPE_CHECKING:
    import pyarrow as pa

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
"""Separators that are looked for, with their names."""

_SAMPLE = 262_144
_BLOCK = 50_000
_LONGEST_CELL = 16_777_216
_USUAL = 500


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
            n_rows, ragged, lines = _write(path, rows, raw, name, encoding)
    except UnicodeError:
        raise SourceError(
            f"{name}: the file is not text in the encoding {encoding}. Name the encoding it was saved with under "
            "`encoding:` of its table in company.yaml, or save it again as UTF-8."
        ) from None
    except csv.Error as error:
        raise SourceError(
            f"{name}, near line {rows.line}: the row cannot be read ({error}). A quotation mark on that line that is "
            "closed far below, or never, is a usual cause. Take it out, or export the file again."
        ) from None
    if len(ragged) > n_rows:
        raise SourceError(
            f"{name}: {len(ragged):,} of {n_rows + len(ragged):,} rows have another number of cells than line "
            f"{heading[0]}, which has {len(headings)}. The first line must be the heading, and cells be separated by "
            "one mark: take lines above the heading out, or name the mark under `separator:` in company.yaml."
        )
    kinds = (TEXT,) * len(headings)
    notes = (*encoding_notes, *heading_notes)
    return SourceFile(name, headings, kinds, parquet_relation(raw), n_rows, tuple(ragged), notes, lines)


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
    """Rows that are not blank, each with the line it starts on; the first is the heading."""

    def __init__(self, file: IO[str], separator: str, skipped: int) -> None:
        list(islice(file, skipped))
        # The lines as they stand in the file run along: once cut into cells, a row does not tell how it was quoted.
        lines, self._raw = tee(file)
        self._reader = csv.reader(lines, delimiter=separator)
        self._skipped = skipped
        self._n_blank = 0
        self.separator = separator
        self.folded = FoldedRows(separator)
        self.width = 0
        """Cells of the heading."""
        self.line = 1

    @property
    def has_plain_heading(self) -> bool:
        """Whether the heading, just read, takes one line and nothing stands above it but the line that is skipped."""
        return self.line == self._skipped + 1 and not self.folded.n

    @property
    def lines(self) -> LineCount:
        """What the lines read so far hold besides rows."""
        return LineCount(
            total=self._reader.line_num + self._skipped,
            heading=1 + self._skipped,
            blank=self._n_blank,
            inside=self.folded.n_line_ends,
            n_folded=self.folded.n,
            longest=self.folded.longest,
        )

    def __next__(self) -> tuple[int, list[str]]:
        while True:
            before = self._reader.line_num
            self.line = before + self._skipped + 1
            cells = next(self._reader)
            n_lines = self._reader.line_num - before
            raw = [next(self._raw)] if n_lines == 1 else list(islice(self._raw, n_lines))
            if any(cell and not cell.isspace() for cell in cells):
                break
            self._n_blank += n_lines
        if n_lines > 1:
            self.folded.add(self.line, cells, raw, width=self.width)
        if len(cells) > self.width and self.width and not any(cells[self.width :]):
            del cells[self.width :]
        self.width = self.width or len(cells)
        return self.line, cells


def _write(path: Path, rows: _Rows, raw: Path, name: str, encoding: str) -> tuple[int, list[RaggedRow], LineCount]:
    """Write the rows as Parquet; return their number, those that do not fit, and what the lines hold."""
    if rows.has_plain_heading:
        skipped = rows.line - 1
        plain = write_plain_rows(
            path, raw, encoding=encoding, separator=rows.separator, width=rows.width, skipped=skipped
        )
        if plain:
            return plain.total - plain.heading, [], plain
    n_rows, ragged = _write_line_by_line(rows, raw, name)
    return n_rows, ragged, rows.lines


def _write_line_by_line(rows: _Rows, raw: Path, name: str) -> tuple[int, list[RaggedRow]]:
    """Write the rows a block at a time; return their number and those that do not fit."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("line", pa.int64()), *((f"c{place}", pa.string()) for place in range(rows.width))])
    ragged: list[RaggedRow] = []
    n_rows = 0
    with pq.ParquetWriter(raw, schema) as writer:
        while block := list(islice(rows, _BLOCK)):
            fitting = []
            for line, cells in block:
                if len(cells) == rows.width:
                    fitting.append((line, *cells))
                else:
                    ragged.append(RaggedRow(line, len(cells), rows.separator.join(cells)[:200]))
            _refuse_swallowed_rows(rows, fitting, name)
            n_rows += len(fitting)
            writer.write_table(_table(fitting, schema))
        _refuse_swallowed_rows(rows, [], name)
    return n_rows, ragged


def _refuse_swallowed_rows(rows: _Rows, fitting: Sequence[tuple[Any, ...]], name: str) -> None:
    """Stop where a cell over several lines may hold rows; some rows beside it tell what the columns hold."""
    usual = [cells for _, *cells in fitting[:: 1 + len(fitting) // _USUAL]]
    if suspects := rows.folded.swallowing(usual):
        raise SourceError(refusal(name, suspects))


def _table(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.table(arrays, schema=schema)
