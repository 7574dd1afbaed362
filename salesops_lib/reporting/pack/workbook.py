"""Every table of a month in one Excel workbook, one sheet a table, an index in front.

Cells hold what the CSV files hold. A column becomes numbers or dates only where its name says so or
every cell is one; all else is written as text, so that nothing from a CRM is ever run as a formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

Kind = Literal["text", "number", "date", "moment", "yes_no"]

MOST_ROWS = 1_048_575
"""Rows of data a sheet holds below its header."""
MOST_CHARACTERS = 32_767
"""Characters a cell holds."""
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_FORMATS = {
    "amount": "#,##0.00",
    "rate": "0.0%",
    "days": "0.0",
    "count": "#,##0",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}


@dataclass(frozen=True)
class SheetTable:
    """One table of the workbook."""

    notebook: str
    """Notebook that shows it, for instance ``02_rep_comparison``."""
    name: str
    title: str
    """The finding that it stands behind."""
    csv_text: str


def write_workbook(path: Path, tables: Iterable[SheetTable], *, title: str, made_on: date) -> None:
    """Write the tables into an Excel workbook.

    Args:
        path: The file to write.
        tables: In the order of the reports.
        title: Heading of the index sheet, for instance ``Sales reports, September 2026``.
        made_on: Date that the file carries, so that the same tables give the same bytes.
    """
    import xlsxwriter

    tables = list(tables)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": title, "created": datetime.combine(made_on, time())})
        formats = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
        header = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        index = book.add_worksheet("Index")
        names = sheet_names(tables)
        lengths = [
            _write_table(book.add_worksheet(name), table, header, formats)
            for name, table in zip(names, tables, strict=True)
        ]
        _write_index(book, index, title, list(zip(names, tables, lengths, strict=True)))


def sheet_names(tables: Sequence[SheetTable]) -> list[str]:
    """A name for each sheet: at most 31 characters, none of Excel's forbidden ones, no two alike.

    The notebook's number stands in front, so that the tables of one report stay together.
    """
    taken = {"index", "history"}  # Excel keeps the second for itself
    names = []
    for table in tables:
        number = table.notebook.split("_")[0]
        plain = _FORBIDDEN.sub(" ", f"{number} {table.name}".replace("_", " ")).strip(" '") or "table"
        name, copy = plain[:31].strip(" '"), 1
        while name.casefold() in taken:
            copy += 1
            name = f"{plain[: 31 - len(f' {copy}')].strip()} {copy}"
        taken.add(name.casefold())
        names.append(name)
    return names


def column_kind(name: str, values: Sequence[str]) -> Kind:
    """What a column holds, judged by the unit in its name and by every value that is not empty."""
    filled = [value for value in values if value != ""]
    if not filled or name.endswith("_id"):
        return "text"
    if name.endswith("_on") and all(_read_date(value) for value in filled):
        return "date"
    if name.endswith("_at") and all(_read_moment(value) for value in filled):
        return "moment"
    if name.startswith(("is_", "has_")) and all(value in ("True", "False") for value in filled):
        return "yes_no"
    return "number" if all(_is_number(value) for value in filled) else "text"


def _write_table(sheet: Worksheet, table: SheetTable, header: Format, formats: dict[str, Format]) -> int:
    """Write one table with its header frozen and filters on; returns its number of rows."""
    rows = list(csv.reader(io.StringIO(table.csv_text.removeprefix("\ufeff"))))
    if not rows:
        return 0
    names, rows = rows[0], rows[1:]
    for place, name in enumerate(names):
        values = [row[place] if place < len(row) else "" for row in rows[:MOST_ROWS]]
        kind = column_kind(name, values)
        sheet.write_string(0, place, name[:MOST_CHARACTERS], header)
        sheet.set_column(place, place, _width(name, values), _format(name, kind, formats))
        for line, value in enumerate(values, start=1):
            _write_cell(sheet, line, place, value, kind)
    sheet.freeze_panes(1, 0)
    if rows and names:
        sheet.autofilter(0, 0, min(len(rows), MOST_ROWS), len(names) - 1)
    return len(rows)


def _write_cell(sheet: Worksheet, line: int, place: int, value: str, kind: Kind) -> None:
    """Write one cell; an empty one stays empty, for it is missing and not 0."""
    if value == "":
        return
    if kind == "number":
        sheet.write_number(line, place, float(value))
    elif kind in ("date", "moment"):
        moment = _read_moment(value) or _read_date(value)
        sheet.write_datetime(line, place, moment)
    elif kind == "yes_no":
        sheet.write_boolean(line, place, value == "True")
    else:
        # Always as text: `=cmd(...)` of a CRM stays the characters it is made of.
        sheet.write_string(line, place, value if len(value) <= MOST_CHARACTERS else f"{value[: MOST_CHARACTERS - 1]}…")


def _write_index(book: Workbook, sheet: Worksheet, title: str, entries: list[tuple[str, SheetTable, int]]) -> None:
    """List the sheets with a link to each."""
    strong, link = book.add_format({"bold": True}), book.add_format({"font_color": "#1f4e79", "underline": 1})
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    for place, (heading, width) in enumerate(
        (("Sheet", 34), ("Report", 28), ("Table", 36), ("Rows", 8), ("Finding", 90))
    ):
        sheet.set_column(place, place, width)
        sheet.write_string(2, place, heading, strong)
    for line, (name, table, length) in enumerate(entries, start=3):
        quoted = name.replace("'", "''")
        sheet.write_url(line, 0, f"internal:'{quoted}'!A1", link, name)
        sheet.write_string(line, 1, table.notebook)
        sheet.write_string(line, 2, table.name)
        sheet.write_number(line, 3, length)
        note = "" if length <= MOST_ROWS else f" (first {MOST_ROWS:,} rows here; the CSV file has all)"
        sheet.write_string(line, 4, table.title[:30_000] + note)
    sheet.freeze_panes(3, 0)


def _format(name: str, kind: Kind, formats: dict[str, Format]) -> Format | None:
    """The number format that a column's name asks for."""
    if kind in ("date", "moment"):
        return formats[kind]
    if kind != "number":
        return None
    units = {"_amount": "amount", "_rate": "rate", "_days": "days"}
    for ending, unit in units.items():
        if name.removesuffix("_low").removesuffix("_high").endswith(ending):
            return formats[unit]
    return formats["count"] if name.startswith("n_") else None


def _width(name: str, values: Sequence[str]) -> float:
    """A width that shows most values, between 9 and 50 characters."""
    longest = max((len(value) for value in values[:200]), default=0)
    return float(min(max(len(name) * 0.9, longest, 9) + 2, 50))


def _is_number(value: str) -> bool:
    """A plain number that Excel holds without loss of digits; ``007`` and card numbers stay text."""
    whole = value.lstrip("-").split(".")[0].split("e")[0].split("E")[0]
    return bool(_NUMBER.fullmatch(value)) and len(whole) <= 15 and abs(float(value)) < 1e300


def _read_date(value: str) -> date | None:
    try:
        day = date.fromisoformat(value[:10]) if len(value) == 10 or value[10:] in (" 00:00:00", "T00:00:00") else None
    except ValueError:
        return None
    return day if day and day.year >= 1900 else None


def _read_moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=None) if moment.year >= 1900 else None
