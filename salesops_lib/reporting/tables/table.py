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
from salesops_lib.reporting.templates.rendering import render

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

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
) -> Markup:
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
    return render(
        "table",
        caption=caption,
        caption_id=f"{name}-caption",
        labels=[column.label for column in shown],
        numbers="".join(f" so-n{place}" for place, column in enumerate(shown, start=1) if column.is_number),
        # The page's filter says how many rows it cannot see.
        cut=len(frame) if len(rows) < len(frame) else 0,
        rows=[[_cell(row, column, view, tops) for column in shown] for row in rows.to_dict("records")],
        note=_note(frame, rows),
        csv_href=csv_href,
    )


def _note(frame: pd.DataFrame, rows: pd.DataFrame) -> str:
    if frame.empty:
        return "No rows."
    return f"First {len(rows):,} of {len(frame):,} rows." if len(rows) < len(frame) else ""


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


def _cell(row: Mapping[Any, Any], column: _Shown, view: TableView, tops: Mapping[str, float]) -> dict[str, Any]:
    """What a cell shows, its classes and the share of it that its bar fills."""
    value = row[column.name]
    if column.form == "spark":
        return {"text": sparkline(value, _trend(value)), "classes": [], "bar": None}
    form = row[view.by_row[column.name]] if column.name in view.by_row else column.form
    text = _interval(value, row[column.high], form) if column.high else written(value, form)
    is_known = not wording.is_undefined(value)
    limit = view.below.get(column.name)
    has_bar = column.name in tops and is_known
    classes = {
        "so-off": limit is not None and is_known and value < limit,
        "so-bar": has_bar,
        "so-long": column.form == "text" and len(text) > LONG_TEXT,
    }
    return {
        "text": text,
        "classes": [name for name, applies in classes.items() if applies],
        "bar": f"{max(0.0, min(1.0, float(value) / tops[column.name])):.2f}" if has_bar else None,
    }


def _trend(values: Sequence[float | None] | None) -> str:
    """What a sparkline shows, in words."""
    present = [value for value in (values if values is not None else []) if not wording.is_undefined(value)]
    if not present:
        return ""
    return f"{len(present)} periods, from {written(present[0], 'number')} to {written(present[-1], 'number')}"


def _interval(low: object, high: object, form: Format) -> str:
    if wording.is_undefined(low) and wording.is_undefined(high):
        return wording.UNDEFINED
    return f"{written(low, form)} to {written(high, form)}"


def _top(rows: pd.DataFrame, column: str) -> float:
    """The value whose bar fills the cell."""
    top = rows[column].astype(float).max()
    return float(top) if top > 0 else 1.0
