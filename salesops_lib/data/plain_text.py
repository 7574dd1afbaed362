"""The fast way through plain text files: DuckDB cuts the rows, and steps back wherever two readers could differ.

Most exports are plain: UTF-8, one row a line, quotation marks only around whole cells. Such a file means the same to
every reader, and DuckDB's takes a fifth of the time. Whatever else a file holds (line ends in cells, doubled or stray
quotation marks, rows of another width, blank lines) is for the reader that goes line by line and can say where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from salesops_lib.data.source_file import LineCount

if TYPE_CHECKING:
    import pyarrow as pa

_UTF8 = {"utf-8", "utf-8-sig"}
_ODD = re.compile(rb"[\x00\x1c-\x1f]|\xc2\x85")
"""Bytes that one reader takes for a space or an end and another for text."""
_BLOCK_BYTES = 4_194_304
_BLOCK_ROWS = 50_000
_NOT_IN_NAMES = "*?[]{}"
"""What DuckDB takes for a pattern in a file's name."""
_NOT_PLAIN_MARKS = '"\r\n\\ '
"""Separators that make a file anything but plain."""


def write_plain_rows(
    path: Path, raw: Path, *, encoding: str, separator: str, width: int, skipped: int
) -> LineCount | None:
    """Write the rows of a plain text file as Parquet: ``line``, and a text column for each cell.

    Args:
        path: The file.
        raw: Parquet file to write.
        encoding: Its encoding by Python's name.
        separator: What stands between cells.
        width: Cells of the heading.
        skipped: Lines before the heading.

    Returns:
        What its lines hold; nothing where the file is not plain, and then ``raw`` holds nothing of use.
    """
    import duckdb

    if encoding not in _UTF8 or width < 2 or separator in _NOT_PLAIN_MARKS or set(_NOT_IN_NAMES) & set(str(path)):
        return None
    n_lines = _plain_lines(path, separator.encode())
    if n_lines is None:
        return None
    heading = skipped + 1
    try:
        n_rows = _copy_rows(path, raw, separator=separator, width=width, heading=heading)
    except duckdb.Error:  # a row of another width, a cell too long: the other reader says which
        return None
    if n_rows != n_lines - heading:
        return None
    return LineCount(total=n_lines, heading=heading, blank=0, inside=0, n_folded=0, longest=(0, 0))


def _plain_lines(path: Path, separator: bytes) -> int | None:
    """Lines of the file; nothing where its marks could be read in two ways."""
    n_lines = 0
    line_ends: set[bool] = set()
    with path.open("rb") as file:
        for block in _whole_lines(file):
            n_ends, n_returns = block.count(b"\n"), block.count(b"\r")
            line_ends.add(n_returns > 0)
            if _ODD.search(block) or len(line_ends) > 1 or n_returns not in (0, block.count(b"\r\n")):
                return None
            if n_returns not in (0, n_ends) or not _quotes_whole_cells(block, separator):
                return None
            n_lines += n_ends + (not block.endswith(b"\n"))
    return n_lines


def _whole_lines(file: IO[bytes]) -> Iterator[bytes]:
    """The file in blocks that end with a line, but for the last."""
    rest = b""
    while block := file.read(_BLOCK_BYTES):
        lines, end, rest_of_block = block.rpartition(b"\n")
        if end:
            yield rest + lines + end
            rest = rest_of_block
        else:
            rest += block
    if rest:
        yield rest


def _quotes_whole_cells(block: bytes, separator: bytes) -> bool:
    """Whether every quotation mark opens a cell at its first letter or closes it after its last."""
    import numpy as np

    letters = np.frombuffer(b"\n" + block + b"\n", dtype=np.uint8)
    marks = np.flatnonzero(letters == ord('"'))
    before, after = letters[marks[::2] - 1], letters[marks[1::2] + 1]
    return (
        len(marks) % 2 == 0
        and bool(np.isin(before, [*separator, *b"\n"]).all())
        and bool(np.isin(after, [*separator, *b"\r\n"]).all())
    )


def _copy_rows(path: Path, raw: Path, *, separator: str, width: int, heading: int) -> int | None:
    """Write the rows and count them; nothing where one is blank."""
    import duckdb
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = [f"c{place}" for place in range(width)]
    cells = ", ".join(f"coalesce({name}, '') AS {name}" for name in names)
    query = f"""
        SELECT row_number() OVER () + $heading AS line, {cells} FROM read_csv($path, delim = $separator,
          quote = '"', escape = '"', header = false, skip = $heading, auto_detect = false, strict_mode = true,
          null_padding = false, columns = {{{", ".join(f"'{name}': 'VARCHAR'" for name in names)}}})
    """
    schema = pa.schema([("line", pa.int64()), *((name, pa.string()) for name in names)])
    n_rows = 0
    with duckdb.connect() as connection, pq.ParquetWriter(raw, schema) as writer:
        connection.execute("SET enable_progress_bar = false")
        found = connection.sql(query, params={"path": str(path), "separator": separator, "heading": heading})
        for rows in found.to_arrow_reader(_BLOCK_ROWS):
            if _has_blank_row(rows):
                return None
            writer.write_batch(rows.cast(schema))
            n_rows += rows.num_rows
    return n_rows


def _has_blank_row(rows: pa.RecordBatch) -> bool:
    import pyarrow.compute as pc

    is_blank: pa.Array | None = None
    for cells in rows.columns[1:]:
        empty = pc.equal(pc.utf8_trim_whitespace(cells), "")
        is_blank = empty if is_blank is None else pc.and_(is_blank, empty)
        if not pc.any(is_blank).as_py():
            return False
    return True
