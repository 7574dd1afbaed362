"""Charts and tables of win rates, three ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import first_only, ranges, rows_from_top
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WAYS = (
    ("win_rate", "By count", theme.ACTUAL, "o"),
    ("value_win_rate", "By value", theme.PREVIOUS, "s"),
    ("cohort_win_rate", "Created cohort", theme.GOOD, "D"),
)
"""Column, label, colour and marker of each way."""
NARROW_QUARTERS = 5


def plot_win_rate_by_quarter(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the three rates side by side in each quarter with their intervals; immature cohorts are hollow."""
    rows = rows.tail(NARROW_QUARTERS) if theme.is_narrow() else rows
    rows = rows.reset_index(drop=True)
    if ax is None:
        ax = theme.axes(height=3.2)
    for shift, (name, label, colour, marker) in zip((-0.22, 0.0, 0.22), WAYS, strict=True):
        known = rows.dropna(subset=name)
        ax.vlines(known.index + shift, known[f"{name}_low"], known[f"{name}_high"], color=colour, linewidth=1.4)
        is_hollow = ~known["is_mature"].astype(bool) & (name == "cohort_win_rate")
        for part, fill, words in ((known[~is_hollow], colour, label), (known[is_hollow], theme.INSIDE, "_nolegend_")):
            if len(part):
                ax.plot(part.index + shift, part[name], marker, color=colour, markerfacecolor=fill, markersize=7,
                        label=words)  # fmt: skip
    ax.set_xticks(rows.index, [_short_quarter(label, place) for place, label in enumerate(rows["quarter"])])
    theme.grid(ax, "y")
    theme.as_percent(ax.yaxis)
    ax.set_ylabel("Won / closed or created")
    return ax


def _short_quarter(label: str, place: int) -> str:
    year, quarter = label.split("-")
    return f"{quarter} {year[2:]}" if place == 0 or quarter == "Q1" else quarter


def plot_win_rate_by_group(rows: pd.DataFrame, *, min_closed: int, ax: Axes | None = None) -> Axes:
    """Draw the three rates of the company, its teams and segments; groups with few closed deals are left out."""
    shown = rows[(rows["group"] == "company") | (rows["n_closed"] >= min_closed)].reset_index(drop=True)
    if ax is None:
        ax = theme.axes(rows=round(len(shown) * 1.5) + 1)
    labels = [_group_label(*each) for each in zip(shown["group"], shown["name"], strict=True)]
    places = rows_from_top(ax, labels)
    for shift, (name, label, colour, marker) in zip((-0.24, 0.0, 0.24), WAYS, strict=True):
        at = [place + shift for place in places]
        ranges(ax, at, shown[f"{name}_low"], shown[f"{name}_high"], colour)
        if shown[name].notna().any():
            ax.plot(shown[name], at, marker, color=colour, markersize=6, label=label)
    ax.axvline(
        float(shown["win_rate"].iloc[0]), color=theme.TARGET, linewidth=1, linestyle="--", label="Company by count"
    )
    theme.as_percent(ax.xaxis)
    ax.set_xlabel("Deals won / deals closed or created")
    return ax


def _group_label(group: object, name: object) -> str:
    prefix = "" if theme.is_narrow() or group == "company" else f"{str(group).capitalize()} "
    return theme.short(f"{prefix}{name}")


_SHOWN = (
    "n_closed", "n_won", "win_rate", "win_rate_low", "win_rate_high", "value_win_rate", "value_win_rate_low",
    "value_win_rate_high", "n_created", "n_created_open", "cohort_win_rate", "cohort_win_rate_low",
    "cohort_win_rate_high", "is_mature",
)  # fmt: skip
_LABELS = {
    "n_closed": "Closed", "n_won": "Won", "win_rate": "By count", "value_win_rate": "By value", "n_created": "Created",
    "n_created_open": "Still open", "cohort_win_rate": "Cohort", "is_mature": "Mature", "name": "Group",
    "win_rate_low": "95% interval", "value_win_rate_low": "95% interval", "cohort_win_rate_low": "95% interval",
}  # fmt: skip


def table_win_rate_by_quarter(rows: pd.DataFrame, *, confidence: float) -> TableView:
    """Show the three rates of each quarter with n and interval."""
    return _table(("quarter", *_SHOWN), rows, confidence)


def table_win_rate_by_group(rows: pd.DataFrame, *, confidence: float) -> TableView:
    """Show the three rates of each group with n and interval."""
    return _table(("group", "name", *_SHOWN), rows, confidence)


def _table(columns: tuple[str, ...], rows: pd.DataFrame, confidence: float) -> TableView:
    shown = [name for name in columns if len(rows) == 0 or rows[name].notna().any()]
    words = f"{confidence * 100:.0f}% interval"
    labels = {name: words if label == "95% interval" else label for name, label in _LABELS.items()}
    return TableView(columns=first_only(shown, rows), labels=labels)
