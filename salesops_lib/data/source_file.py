"""What reading a source file gives: its headings, where its rows are, and what was odd about it.

Columns are addressed by position (``c0``, ``c1``, ...), never by heading: headings are the source's
text and may hold anything, repeat, or differ only in case. Every row carries its ``line``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Kind = Literal["text", "number", "date", "moment", "zoned", "truth"]
"""What a column holds as read: text still to be understood, or values the file itself types."""

TEXT: Kind = "text"


@dataclass(frozen=True)
class RaggedRow:
    """A row whose number of cells is not that of the heading."""

    line: int
    n_cells: int
    text: str
    """Start of the row, to be recognised by."""


@dataclass(frozen=True)
class LineCount:
    """What the lines of a text file hold besides its rows."""

    total: int
    """Lines of the file."""
    heading: int
    """Lines that the heading takes, without line ends inside it; Excel's first line that names the separator counts."""
    blank: int
    inside: int
    """Line ends inside cells."""
    n_folded: int
    """Rows with line ends inside."""
    longest: tuple[int, int]
    """Lines of the row with the most, and the line on which it begins."""


@dataclass(frozen=True)
class SourceFile:
    """One source file, read."""

    name: str
    """The file as messages name it."""
    headings: tuple[str, ...]
    kinds: tuple[Kind, ...]
    relation: str
    """SQL that yields ``line`` and ``c0``, ``c1``, ...; made by the kit alone."""
    n_rows: int
    """Rows with as many cells as the heading."""
    ragged: tuple[RaggedRow, ...] = ()
    notes: tuple[str, ...] = field(default=())
    """What the reader should know, in sentences."""
    lines: LineCount | None = None
    """Of a text file, so that lines and rows can be reconciled."""


def tidy_headings(cells: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Headings without outer spaces, empty and repeated ones numbered; and a note where that happened."""
    bare = [" ".join(cell.split()) or f"column {place}" for place, cell in enumerate(cells, start=1)]
    seen: Counter[str] = Counter()
    headings: list[str] = []
    for name in bare:
        seen[name] += 1
        headings.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    repeated = [name for name, n in seen.items() if n > 1]
    if not repeated:
        return tuple(headings), ()
    named = ", ".join(f"`{name}`" for name in repeated)
    note = f"The heading {named} stands more than once; the later columns are read as `{repeated[0]} (2)` and so on."
    return tuple(headings), (note,)


def parquet_relation(path: Path) -> str:
    """SQL that reads a Parquet file of the kit's own making."""
    quoted = str(path).replace("'", "''")
    return f"read_parquet('{quoted}')"
