"""Chart and table of the age of open deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import boxes, rows_from_top, say_x
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_age_of_open_deals(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the middle half of the ages per segment against the longest cycle that was ever won."""
    shown = rows.dropna(subset="age_days").reset_index(drop=True)
    if ax is None:
        ax = theme.axes(rows=max(len(shown), 1) + 1)
    if shown.empty:
        return _counts(ax, rows)
    rows_from_top(ax, list(shown["segment"]))
    boxes(ax, shown, ("quarter_days", "age_days", "three_quarters_days"), 0.0, theme.ACTUAL, "Open deals, middle half")
    limit = float(shown["three_quarters_days"].max())
    longest = shown["longest_won_days"].iloc[0]
    edge = max(limit, 0.0 if pd.isna(longest) else float(longest)) * (1.75 if theme.is_narrow() else 1.3)
    if pd.notna(longest):
        ax.axvline(float(longest), color=theme.BAD, linewidth=1.6, linestyle="--", label="Longest cycle ever won")
        for place, n in enumerate(shown["n_older"]):
            if n:
                words = f"{n:,} older" if theme.is_narrow() else f"{count(n, 'deal')} older"
                ax.text(edge, place, words, ha="right", va="center")
    ax.set_xlim(0, edge)
    say_x(ax, "Days since creation; bar: middle half, line: median", "Days since creation; line: median")
    return ax


def _counts(ax: Axes, rows: pd.DataFrame) -> Axes:
    """Open deals as bars, where their age is not known."""
    places = rows_from_top(ax, list(rows["segment"]))
    ax.barh(places, rows["n_open"], height=0.6, color=theme.PREVIOUS, label="Open deals without a creation date")
    theme.as_count(ax.xaxis)
    ax.set_xlabel("Open deals")
    return ax


def table_age_of_open_deals(rows: pd.DataFrame) -> TableView:
    """Show counts, ages and amounts per segment."""
    labels = {
        "n_open": "Open", "open_amount": "Amount", "n_dated": "With a date", "age_days": "Median age",
        "quarter_days": "First quartile", "three_quarters_days": "Third quartile", "oldest_days": "Oldest",
        "longest_won_days": "Longest won", "n_older": "Older", "older_amount": "Amount of older",
    }  # fmt: skip
    shown = [name for name in rows.columns if rows[name].notna().any()] or ["segment"]
    return TableView(columns=shown, labels=labels)
