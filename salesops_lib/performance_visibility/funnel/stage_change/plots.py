"""Chart and table of the stages that let fewer deals through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import before_and_now, first_only, month_labels, rows_from_top
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
