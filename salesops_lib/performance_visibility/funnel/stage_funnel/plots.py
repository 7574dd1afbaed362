"""Charts and tables of the stage funnel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import first_only, rows_from_top, say_x
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OUTCOMES = (
    ("n_advanced", "Advanced", theme.ACTUAL),
    ("n_still_there", "Still there", theme.PALE),
    ("n_moved_back", "Moved back", theme.BAD),
    ("n_handed_off", "Handed off", theme.MUTED),
    ("n_lost", "Lost", theme.PREVIOUS),
)
"""Column, label and colour of each outcome, in the order stacked."""


def plot_stage_funnel(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw what became of the deals that entered each stage as one stacked bar a stage."""
    if ax is None:
        ax = theme.axes(rows=round(len(rows) * 1.3) + 1)
    places = rows_from_top(ax, list(rows["stage"]))
    left = pd.Series(0.0, index=rows.index)
    for name, label, colour in OUTCOMES:
        if rows[name].any():
            ax.barh(places, rows[name], left=left, height=0.62, color=colour, label=label)
        left = left + rows[name]
    for place, (n, rate) in enumerate(zip(rows["n_advanced"], rows["advance_rate"], strict=True)):
        if pd.notna(rate):
            ax.annotate(percent(rate), (0, place), xytext=(6, 0), textcoords="offset points", va="center",
                        color=theme.INSIDE if n > 0.12 * left.max() else theme.TEXT, weight="bold")  # fmt: skip
    theme.as_count(ax.xaxis)
    say_x(ax, "Entries into the stage; in the bar: advanced / entered", "Entries; in the bar: share advanced")
    return ax


def table_stage_funnel(rows: pd.DataFrame) -> TableView:
    """Show the whole sum of every stage beside the chart."""
    labels = {
        "n_entered": "Entered", "n_advanced": "= advanced", "n_lost": "+ lost", "n_moved_back": "+ moved back",
        "n_handed_off": "+ handed off", "n_still_there": "+ still there", "n_skipped": "Jumped over",
        "advance_rate": "Advanced / entered", "advance_rate_low": "Interval", "stay_days": "Median days",
    }  # fmt: skip
    return TableView(columns=first_only(list(rows.columns), rows), labels=labels, is_open=len(rows) > 0)
