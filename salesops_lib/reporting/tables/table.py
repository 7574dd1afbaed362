"""Frames as HTML tables: real headers, one figure width, nothing that needs a script.

Columns are labelled and written by their names (``formats``); ``TableView`` says otherwise where a
table needs it. An interval's two ends share a column, a key hides behind the name it stands for, a
list of numbers becomes a sparkline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from salesops_lib import wording
from salesops_lib.reporting.tables.formats import NUMERIC, Format, format_of, label_of, written
from salesops_lib.reporting.tables.sparkline import sparkline
from salesops_lib.reporting.templates.markup import escape

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 100
"""Rows a page shows; the CSV has them all."""
LONG_TEXT = 48
"""Characters from which a text is broken into lines instead of widening the table."""


@dataclass(frozen=True)
class TableView:
    """What a table shows and how; everything left out follows from the columns' names."""

    columns: Sequence[str] = ()
    """Columns shown, in order; all but hidden keys where empty. The CSV always has every column."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Headings that differ from the usual."""
    formats: Mapping[str, Format] = field(default_factory=dict)
    """Formats that differ from the usual."""
    by_row: Mapping[str, str] = field(default_factory=dict)
    """Column to the column that holds each row's own format, where rows differ in unit."""
    bars: Sequence[str] = ()
    """Columns with a bar behind their figure, from zero to the largest."""
    below: Mapping[str, float] = field(default_factory=dict)
    """Column and value: figures below it are marked as off, by weight and sign as well as colour."""
    first: int = MOST_ROWS
    """Rows shown."""
    is_open: bool = False
    """Stands beside the chart instead of folded behind it."""


@dataclass(frozen=True)
class _Shown:
    """One displayed column: a column of the frame, or the two ends of an interval."""

    name: str
    label: str
    form: Format
    high: str = ""
    """The upper end, where the column is an interval and ``name`` is its lower end."""

    @property
    def is_number(self) -> bool:
        return self.form in NUMERIC


def write_table(
    frame: pd.DataFrame, *, caption: str, name: str, view: TableView | None = None, csv_href: str = ""
) -> str:
    """Write a frame as a table inside a frame of its own that scrolls sideways where it is too wide.

    Args:
        frame: The rows, in the order shown.
        caption: What the table shows; read out first by a screen reader.
        name: Unique on the page; part of ids.
        view: What differs from the usual.
        csv_href: Where the whole table is; no link if empty.
    """
    view = view or TableView()
    shown = _shown_columns(frame, view)
    rows = frame.head(view.first)
    tops = {column: _top(rows, column) for column in view.bars if column in frame.columns}
    head = "".join(f'<th scope="col">{escape(column.label)}</th>' for column in shown)
    body = "".join(
        "<tr>" + "".join(_cell(row, column, place == 0, view, tops) for place, column in enumerate(shown)) + "</tr>"
        for row in rows.to_dict("records")
    )
    label = f"{name}-caption"
    numbers = "".join(f" so-n{place}" for place, column in enumerate(shown, start=1) if column.is_number)
    # The page's filter says how many rows it cannot see.
    cut = f' data-rows="{len(frame)}"' if len(rows) < len(frame) else ""
    return (
        f'<div class="so-scroll" tabindex="0" role="region" aria-labelledby="{escape(label)}">'
        f'<table class="so-table{numbers}"{cut}><caption id="{escape(label)}"><span>{escape(caption)}</span></caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{_foot(frame, rows, csv_href)}"
    )


def _foot(frame: pd.DataFrame, rows: pd.DataFrame, csv_href: str) -> str:
    notes = []
    if frame.empty:
        notes.append("No rows.")
    elif len(rows) < len(frame):
        notes.append(f"First {len(rows):,} of {len(frame):,} rows.")
    if csv_href:
        words = "All rows and columns as CSV" if notes else "Download CSV"
        notes.append(f'<a href="{escape(csv_href)}" download>{words}</a>')
    return f'<p class="so-foot">{" ".join(notes)}</p>' if notes else ""


def shown_names(frame: pd.DataFrame, view: TableView | None = None) -> list[str]:
    """Names of the frame's columns that the table shows, interval ends included."""
    view = view or TableView()
    return [name for column in _shown_columns(frame, view) for name in (column.name, column.high) if name]


def _shown_columns(frame: pd.DataFrame, view: TableView) -> list[_Shown]:
    names = [name for name in (view.columns or _without_keys(list(frame.columns))) if name in frame.columns]
    shown = []
    for name in names:
        base = name.removesuffix("_low")
        if name.endswith("_high") and f"{name.removesuffix('_high')}_low" in names:
            continue
        form = view.formats.get(name) or view.formats.get(base) or format_of(name, frame[name])
        if name.endswith("_low") and f"{base}_high" in frame.columns:
            label = view.labels.get(name) or f"{view.labels.get(base) or label_of(base)}, interval"
            shown.append(_Shown(name, label, form, high=f"{base}_high"))
        else:
            shown.append(_Shown(name, view.labels.get(name) or label_of(name), form))
    return shown


def _without_keys(names: list[str]) -> list[str]:
    """Leave out a key where the name it stands for is there too."""

    def is_named(name: str) -> bool:
        bare = name.removesuffix("_id")
        return name.endswith("_id") and (f"{bare}_name" in names or bare in names or "name" in names)

    return [name for name in names if not is_named(name)]


def _class(names: str) -> str:
    return f' class="{names.strip()}"' if names.strip() else ""


def _cell(row: Mapping[Any, Any], column: _Shown, is_first: bool, view: TableView, tops: Mapping[str, float]) -> str:
    value = row[column.name]
    if column.form == "spark":
        return f"<td>{sparkline(value, _trend(value))}</td>"
    form = row[view.by_row[column.name]] if column.name in view.by_row else column.form
    text = _interval(value, row[column.high], form) if column.high else escape(written(value, form))
    if text == wording.UNDEFINED:
        text = f'<span title="undefined">{text}</span>'
    classes, style = "", ""
    limit = view.below.get(column.name)
    if limit is not None and not wording.is_undefined(value) and value < limit:
        classes += " so-off"
    if column.name in tops and not wording.is_undefined(value):
        classes += " so-bar"
        style = f' style="--b:{max(0.0, min(1.0, float(value) / tops[column.name])):.2f}"'
    if column.form == "text" and len(text) > LONG_TEXT:
        classes += " so-long"
    if is_first:
        return f'<th scope="row"{_class(classes)}{style}>{text}</th>'
    return f"<td{_class(classes)}{style}>{text}</td>"


def _trend(values: Sequence[float | None] | None) -> str:
    """What a sparkline shows, in words."""
    present = [value for value in (values if values is not None else []) if not wording.is_undefined(value)]
    if not present:
        return ""
    return f"{len(present)} periods, from {written(present[0], 'number')} to {written(present[-1], 'number')}"


def _interval(low: object, high: object, form: Format) -> str:
    if wording.is_undefined(low) and wording.is_undefined(high):
        return wording.UNDEFINED
    return f"{escape(written(low, form))} to {escape(written(high, form))}"


def _top(rows: pd.DataFrame, column: str) -> float:
    """The value whose bar fills the cell."""
    top = rows[column].astype(float).max()
    return float(top) if top > 0 else 1.0
