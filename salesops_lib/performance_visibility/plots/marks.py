"""Marks that several charts share: labels of months and quarters, ranges, two dots on a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import inf
from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_ROWS = 24
"""Rows of a horizontal chart; with more, the ends are drawn and the table has the rest."""


def month_labels(months: Sequence[str]) -> list[str]:
    """Short names of months; the first and each January carry the year."""
    labels = []
    for place, label in enumerate(months):
        year, month = map(int, label.split("-"))
        day = date(year, month, 1)
        labels.append(f"{day:%b} {day:%y}" if place == 0 or month == 1 else f"{day:%b}")
    return labels


def rows_from_top(ax: Axes, labels: Sequence[str]) -> list[int]:
    """Name the rows of a horizontal chart, the first one on top; returns their places."""
    places = list(range(len(labels)))
    ax.set_yticks(places, [theme.short(label) for label in labels])
    ax.set_ylim(len(labels) - 0.4, -0.6)
    theme.grid(ax, "x")
    return places


def ranges(
    ax: Axes, places: Sequence[float], low: pd.Series[float], high: pd.Series[float], colour: str, *, most: float = inf
) -> None:
    """Thin lines from low to high, one a row, cut at ``most``; rows without a range are left out."""
    for place, start, end in zip(places, low, high, strict=True):
        if pd.notna(start) and pd.notna(end):
            ax.plot([start, min(end, most)], [place, place], color=colour, linewidth=1.4, solid_capstyle="butt")


def say_x(ax: Axes, words: str, narrow: str) -> None:
    """Name the x-axis, in fewer words on a phone."""
    ax.set_xlabel(narrow if theme.is_narrow() else words)


def before_and_now(ax: Axes, rows: pd.DataFrame, before: str, now: str, flagged: pd.Series[bool]) -> None:
    """Two dots a row, before and now, with the range of now; flagged rows are marked and not by colour alone."""
    places = list(range(len(rows)))
    ranges(ax, places, rows[f"{now}_low"], rows[f"{now}_high"], theme.ACTUAL)
    ax.plot(rows[before], places, "o", color=theme.PREVIOUS, markersize=7, label="Before")
    ax.plot(rows[now], places, "o", color=theme.ACTUAL, markersize=7, label="Now, with interval")
    worse = [place for place, is_flagged in zip(places, flagged, strict=True) if is_flagged]
    if worse:
        ax.plot(rows[now].iloc[worse], worse, "D", color=theme.BAD, markersize=8, label="Fell beyond chance")
    theme.as_percent(ax.xaxis)


def first_only(columns: Sequence[str], rows: pd.DataFrame) -> Sequence[str]:
    """The columns a table shows; only the first one where there are no rows to fill them."""
    return columns if len(rows) else columns[:1]
