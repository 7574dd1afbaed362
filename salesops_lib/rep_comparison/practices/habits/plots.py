"""Habits beside winning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.rep_comparison.marks import correlations, nothing_to_draw
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_practices_of_top_performers(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the correlation of each habit with winning more than expected, with its interval.

    Args:
        rows: What ``practices_of_top_performers`` returns.
        ax: Axes to draw on; new ones if absent.
    """
    shown = rows.dropna(subset=["correlation"])
    if shown.empty:
        return nothing_to_draw(ax, "No habits to draw.")
    names = [theme.short(str(name), 22) if theme.is_narrow() else str(name) for name in shown["name"]]
    return correlations(shown, names, ax=ax)


def table_practices_of_top_performers(rows: pd.DataFrame) -> TableView:
    """Habits of those who win most and of the others, each in its own unit."""
    del rows
    return TableView(
        columns=("name", "n_reps", "top_value", "others_value", "correlation", "correlation_low", "correlation_high",
                 "q_value", "candidate", "reason"),
        labels={
            "name": "Habit", "n_reps": "Reps", "top_value": "Top quarter", "others_value": "Others",
            "correlation": "Correlation", "correlation_low": "Its interval", "q_value": "q",
            "candidate": "Candidate practice", "reason": "Not looked at",
        },
        formats={"correlation": "number2", "correlation_low": "number2", "q_value": "number2"},
        by_row={"top_value": "unit", "others_value": "unit"},
    )  # fmt: skip
