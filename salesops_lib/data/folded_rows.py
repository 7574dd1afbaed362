"""Rows over several lines: a text with line ends, or rows that a stray quotation mark swallowed?

A cell that begins with a quotation mark runs on to the next mark, however many rows lie between. A
cell over several lines is no fault in itself, since notes and addresses have lines; but a file in
which rows may have vanished is refused, with the line on which the mark opens.

A quoted cell is *closed* where its last mark stands right before a separator or the end of the row,
and marks inside are written twice. One that is not is taken only where it can hold no row: its row is
as wide as the heading, and no separator is in it. One that is closed is a text, unless nine in ten
of its lines that are not blank would make rows: as many cells as the heading has, and nine in ten of
these of a kind (digits, letters) that their columns hold in other rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from salesops_lib.wording import listing

_LINE_END = re.compile(r"\r\n|\r|\n")
_MOST = 0.9
_ENOUGH = 5

Ending = Literal["closed", "broken", "open"]
"""How a cell ends: as a quoted cell must, with more text behind the closing mark, or not at all."""

_Kind = Literal["mark", "digits", "letters"]


@dataclass(frozen=True)
class Suspect:
    """Cells over several lines that may hold rows."""

    line: int
    """Line of the file on which the first begins."""
    last_line: int
    """Line of the file on which the last ends."""
    ending: Ending
    is_ragged: bool = False
    """Their row has another number of cells than the heading."""
    would_be: Sequence[list[str]] = ()
    """Where they are closed: the rows that their lines would make, if most are as wide as the heading."""


class FoldedRows:
    """The rows over several lines of one file: how many there are, and which of their cells may hold rows."""

    def __init__(self, separator: str) -> None:
        self.n = 0
        self.n_line_ends = 0
        self.longest = (0, 0)
        """Lines of the row with the most, and the line on which it begins."""
        self._separator = separator
        self._suspects: list[Suspect] = []

    def add(self, line: int, cells: list[str], raw: Sequence[str], *, width: int) -> None:
        """Take note of a row.

        Args:
            line: Line of the file on which the row begins.
            cells: Its cells, as read.
            raw: Its lines, as they stand in the file.
            width: Cells of the heading; 0 where the row is the heading.
        """
        self.n += 1
        self.n_line_ends += len(raw) - 1
        if len(raw) > self.longest[0]:
            self.longest = (len(raw), line)
        text = "".join(raw)
        for place, ending in self._not_closed(cells, text):
            if width < 2 or len(cells) != width or self._separator in cells[place]:
                first = line + sum(map(_n_line_ends, cells[:place]))
                self._suspects.append(Suspect(first, first + _n_line_ends(cells[place]), ending))
                return
        # Fewer separators than two rows need: most notes get no closer look.
        if text.count(self._separator) >= 2 * (width - 1):
            self._add_closed(line, cells, width)

    def swallowing(self, usual: Sequence[Sequence[str]]) -> list[Suspect]:
        """The cells noted since the last call that may hold rows; ``usual`` are rows that tell what columns hold."""
        suspects, self._suspects = self._suspects, []
        kinds = _kinds_by_column(usual) if suspects else []
        return [suspect for suspect in suspects if suspect.ending != "closed" or _holds_rows(suspect, kinds)]

    def _not_closed(self, cells: list[str], text: str) -> Iterator[tuple[int, Ending]]:
        framed = self._separator + text.rstrip("\r\n") + self._separator
        for place, cell in enumerate(cells):
            if "\n" in cell or "\r" in cell:
                quoted = '"' + cell.replace('"', '""')
                if f'{self._separator}{quoted}"{self._separator}' not in framed:
                    yield place, "open" if text.endswith(quoted) else "broken"

    def _add_closed(self, line: int, cells: list[str], width: int) -> None:
        rows = self._unfolded(cells)
        last_line = line + len(rows) - 1
        is_heading, width = not width, width or len(cells)
        # What a heading says is no data.
        rows = [row for row in rows[is_heading:] if any(row)]
        # Some exports end each row with a separator more.
        would_be = [row for row in rows if len(row) >= width and not any(row[width:])]
        if len(rows) + is_heading < 2 or len(would_be) < _MOST * len(rows):
            would_be = []
        if would_be or (is_heading and any(self._separator in cell for cell in cells)):
            self._suspects.append(Suspect(line, last_line, "closed", len(cells) != width, would_be))

    def _unfolded(self, cells: list[str]) -> list[list[str]]:
        """The rows that the lines of a row would make."""
        rows: list[list[str]] = [[]]
        for cell in cells:
            first, *others = _LINE_END.split(cell)
            rows[-1] += first.split(self._separator) if others else [cell]
            rows += [text.split(self._separator) for text in others]
        return rows


def _holds_rows(suspect: Suspect, kinds: Sequence[set[_Kind]]) -> bool:
    """Whether the lines hold what their columns hold in other rows; their number decides where there are none."""
    if suspect.is_ragged or not kinds:
        return True
    judged = [
        (kind, known)
        for row in suspect.would_be
        for cell, known in zip(row, kinds, strict=False)
        # A mark alone was an empty cell in quotation marks. A blank first is how people write, in any column.
        if cell.strip('"') and ((kind := _kind(cell)) == "mark" or known)
    ]
    return bool(suspect.would_be) and sum(kind in known for kind, known in judged) >= _MOST * len(judged)


def _n_line_ends(cell: str) -> int:
    return len(_LINE_END.findall(cell))


def _kinds_by_column(rows: Sequence[Sequence[str]]) -> list[set[_Kind]]:
    """What each column holds; nothing where too few of its cells are filled to tell."""
    columns = [[cell for cell in column if cell and not _n_line_ends(cell)] for column in zip(*rows, strict=True)]
    return [set(map(_kind, column)) if len(column) >= _ENOUGH else set() for column in columns]


def _kind(cell: str) -> _Kind:
    """What a cell looks like: begins with a blank or mark, holds digits, or letters only."""
    if not cell[0].isalnum():
        return "mark"
    return "digits" if any(map(str.isdigit, cell)) else "letters"


def refusal(name: str, suspects: Sequence[Suspect]) -> str:
    """The message for a file in which rows may have vanished."""
    first, *others = suspects
    more = f" The same holds for line {listing([f'{other.line:,}' for other in others])}." if others else ""
    if first.ending == "open":
        return (
            f"{name}: a quotation mark opened on line {first.line:,} is never closed, so the rows after it "
            f"cannot be told apart. Close it or take it out, or export the file again.{more}"
        )
    if first.ending == "broken":
        return (
            f"{name}: a quotation mark opened on line {first.line:,} runs on to line {first.last_line:,} and is closed "
            "there in the middle of a text, so the rows between cannot be told apart. Close it in its own cell or take "
            f"it out; inside a quoted text, write a quotation mark twice.{more}"
        )
    return (
        f"{name}: a quotation mark opened on line {first.line:,} is closed on line {first.last_line:,}, and the lines "
        "between look like rows, which would be lost. Close it in its own cell or take it out; if it is one text "
        f"indeed, save the file as .xlsx.{more}"
    )
