"""Marks that several charts share: labels of months, ranges, two dots on a line, boxes, heat maps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import inf
from typing import TYPE_CHECKING, Literal

import numpy as np
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


def heat_map(ax: Axes, shares: pd.DataFrame, is_final: pd.DataFrame, *, dark_is: Literal["high", "low"]) -> None:
    """Draw a table of shares, first row on top; missing shares stay blank.

    A share is dark in the upper (or lower) half of the final shares of its column; what is not final stays light.

    Args:
        ax: Axes to draw on; the caller names rows and columns.
        shares: Shares from 0 to 1 by row and column.
        is_final: Whether each share is final; the others stand in brackets.
        dark_is: Which shares are dark.
    """
    values, final = shares.to_numpy(dtype=float), is_final.to_numpy(dtype=bool)
    for column in range(values.shape[1]):
        own = values[final[:, column] & ~np.isnan(values[:, column]), column]
        middle = (own.min() + own.max()) / 2 if len(own) else 0.0
        for place, share in enumerate(values[:, column]):
            if not np.isnan(share):
                is_far = share >= middle if dark_is == "high" else share < middle
                is_dark = bool(final[place, column] and is_far and own.max() > own.min())
                _cell(ax, column, place, float(share), is_dark, bool(final[place, column]))
    ax.set_xlim(-0.5, max(values.shape[1], 1) - 0.5)
    ax.set_ylim(max(values.shape[0], 1) - 0.5, -0.5)
    ax.grid(False)


def _cell(ax: Axes, column: int, place: int, share: float, is_dark: bool, is_final: bool) -> None:
    ax.barh(place, 0.96, left=column - 0.48, height=0.92, color=theme.ACTUAL if is_dark else theme.PALE)
    words = f"{share * 100:.0f}" if is_final else f"({share * 100:.0f})"
    ax.annotate(words, (column, place), ha="center", va="center", color=theme.INSIDE if is_dark else theme.TEXT)


def boxes(ax: Axes, rows: pd.DataFrame, names: tuple[str, str, str], shift: float, colour: str, label: str) -> None:
    """Bars between the outer two of three columns, with a line and a number at the middle one."""
    first, middle, last = names
    known = rows.dropna(subset=middle)
    if known.empty:
        return
    at = known.index.to_numpy() + shift
    ax.barh(at, known[last] - known[first], left=known[first], height=0.34, color=colour, label=label)
    ax.vlines(known[middle], at - 0.17, at + 0.17, color=theme.INSIDE, linewidth=2.5)
    for place, end, value in zip(at, known[last], known[middle], strict=True):
        words = f"{value:.0f}" if theme.is_narrow() else f"median {value:.0f}"
        ax.annotate(words, (end, place), xytext=(5, 0), textcoords="offset points", va="center", fontsize=9)
