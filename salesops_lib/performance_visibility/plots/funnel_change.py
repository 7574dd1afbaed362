"""Charts and tables of the stages that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.plots.marks import (
    before_and_now,
    first_only,
    month_labels,
    ranges,
    rows_from_top,
    say_x,
)
from salesops_lib.reporting.formats import Format
from salesops_lib.reporting.tables import TableView
from salesops_lib.wording import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ABOVE = -0.26
"""How far above its row the grey dot of before stands where both have a range."""


def plot_stage_change(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each stage's share that goes on, now and before, with the least fall that would have shown."""
    if ax is None:
        ax = theme.axes(rows=len(rows) + 1)
    places = rows_from_top(ax, list(rows["stage"]))
    least = rows["before_rate"] + rows["least_change_rate"]
    if least.notna().any():
        ax.plot(
            least, places, "|", color=theme.MUTED, markersize=13, markeredgewidth=1.6,
            label="A fall to here shows four times in five",
        )  # fmt: skip
    before_and_now(ax, rows, "before_rate", "exit_rate", rows["is_changed"].astype(bool) & (rows["change_rate"] < 0))
    edge = 1.3 if theme.is_narrow() else 1.12
    for place, is_worst, since in zip(places, rows["is_bottleneck"], rows["since_month"], strict=True):
        if is_worst and pd.notna(since):
            ax.text(edge, place, f"since {month_labels([str(since)])[0]}", ha="right", va="center", color=theme.BAD)
    ax.set_xlim(0, edge)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    ax.set_xlabel("Went on / left the stage")
    return ax


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


def table_stage_change(rows: pd.DataFrame) -> TableView:
    """Show both rates with their numbers, the doubt in the change and what it costs."""
    columns = (
        "stage", "n_left", "exit_rate", "exit_rate_low", "exit_rate_high", "n_left_before", "before_rate",
        "change_rate", "change_rate_low", "change_rate_high", "least_change_rate", "p_value", "is_changed",
        "since_month", "since_month_low", "since_month_high", "n_wins_missing", "recoverable_amount",
        "recoverable_amount_low", "recoverable_amount_high",
    )  # fmt: skip
    labels = {
        "n_left": "Left", "exit_rate": "Share that went on", "exit_rate_low": "Interval",
        "n_left_before": "Left before", "before_rate": "Share before", "change_rate": "Change",
        "change_rate_low": "Interval", "least_change_rate": "Least fall that shows", "p_value": "p",
        "is_changed": "Beyond chance", "since_month": "Since", "since_month_low": "Or between",
        "n_wins_missing": "Wins missing", "recoverable_amount": "Worth", "recoverable_amount_low": "Between",
    }  # fmt: skip
    formats: dict[str, Format] = {
        "change_rate": "points", "least_change_rate": "points", "p_value": "number2", "exit_rate": "rate",
        "before_rate": "rate", "n_wins_missing": "count",
    }  # fmt: skip
    return TableView(columns=first_only(columns, rows), labels=labels, formats=formats)


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
