"""Chart and table of the time that deals stay in a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import first_only, ranges, rows_from_top, say_x
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ABOVE = -0.26
"""How far above its row the grey dot of before stands where both have a range."""


def plot_stage_time(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the median days of each stage, now below before, each with its interval."""
    if ax is None:
        ax = theme.axes(rows=round(len(rows) * 1.5) + 1)
    places = rows_from_top(ax, list(rows["stage"]))
    above = [place + ABOVE for place in places]
    ranges(ax, above, rows["before_days_low"], rows["before_days_high"], theme.PREVIOUS)
    ranges(ax, places, rows["stay_days_low"], rows["stay_days_high"], theme.ACTUAL)
    ax.plot(rows["before_days"], above, "o", color=theme.PREVIOUS, markersize=7, label="Before, with interval")
    ax.plot(rows["stay_days"], places, "o", color=theme.ACTUAL, markersize=7, label="Now, with interval")
    slower = rows["is_slower"].astype(bool).to_numpy()
    if slower.any():
        ax.plot(rows["stay_days"][slower], [place for place, is_slow in zip(places, slower, strict=True) if is_slow],
                "D", color=theme.BAD, markersize=8, label="Slower beyond chance")  # fmt: skip
    tops = rows[["stay_days", "before_days", "stay_days_high", "before_days_high"]].max().dropna()
    edge = max([1.0, *tops]) * (1.45 if theme.is_narrow() else 1.15)
    for place, now, before, is_slow in zip(places, rows["stay_days"], rows["before_days"], slower, strict=True):
        if pd.notna(now) and pd.notna(before):
            ax.text(edge, place, f"{number(before)} → {number(now)}", ha="right", va="center",
                    color=theme.BAD if is_slow else theme.TEXT)  # fmt: skip
    ax.set_xlim(0, edge)
    say_x(ax, "Days until half of the stays in the stage have ended", "Days until half have left")
    return ax


def table_stage_time(rows: pd.DataFrame) -> TableView:
    """Show both medians with their numbers, the pace and what the change adds up to."""
    labels = {
        "n_left": "Left", "n_still_there": "Still there", "stay_days": "Median days", "stay_days_low": "Interval",
        "n_left_before": "Left before", "before_days": "Median before", "before_days_low": "Interval",
        "change_days": "Change", "pace_ratio": "Pace", "pace_ratio_low": "Interval", "p_value": "p",
        "is_changed": "Beyond chance", "is_slower": "Slower",
        "n_entered_per_month": "Enter a month", "extra_days": "Extra days a month",
    }  # fmt: skip
    formats: dict[str, Format] = {
        "p_value": "number2",
        "pace_ratio": "number2",
        "pace_ratio_low": "number2",
        "n_entered_per_month": "count",
    }
    return TableView(columns=first_only(list(rows.columns), rows), labels=labels, formats=formats)
