"""Chart and table of the time that wins take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import first_only, say_x
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EVERY_DAYS = 28
CURVES = (
    ("before", theme.PREVIOUS, "--", "Created in the months before"),
    ("now", theme.ACTUAL, "-", "Created in the last months"),
)


def plot_time_to_win(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share won by each day for both groups, with the range of the later one."""
    if ax is None:
        ax = theme.axes(height=3.4)
    for group, colour, line, label in CURVES:
        own = rows[rows["group"] == group]
        if len(own):
            ax.step(own["days"], own["won_rate"], line, where="post", color=colour, linewidth=2, label=label)
        if group == "now" and len(own):
            ax.fill_between(own["days"], own["won_rate_low"], own["won_rate_high"], step="post", color=theme.PALE,
                            label="Range of chance")  # fmt: skip
    ripe = rows["ripe_days"].dropna()
    if len(ripe):
        ax.axvline(ripe.iloc[0], color=theme.TARGET, linewidth=1.0)
        ax.annotate("9 of 10 wins", (ripe.iloc[0], 0), xytext=(4, 4), textcoords="offset points", color=theme.MUTED)
    theme.grid(ax, "y")
    theme.as_percent(ax.yaxis)
    ax.set_ylim(bottom=0)
    ax.set_xlim(0, 2.5 * float(ripe.iloc[0]) if len(ripe) else None)
    say_x(ax, "Days since creation; share of the deals created that are won by then", "Days since creation")
    return ax


def table_time_to_win(rows: pd.DataFrame) -> TableView:
    """Show the curve with n, intervals, and what a deal open at each day may still hope for."""
    columns = (
        "group", "days", "n_followed", "won_rate", "won_rate_low", "won_rate_high", "lost_rate", "open_rate",
        "still_win_rate", "still_win_rate_low", "still_win_rate_high",
    )  # fmt: skip
    labels = {
        "group": "Created", "days": "Days", "n_followed": "Followed", "won_rate": "Won by then",
        "won_rate_low": "Interval", "lost_rate": "Lost", "open_rate": "Open", "still_win_rate": "Open ones still won",
        "still_win_rate_low": "Interval",
    }  # fmt: skip
    formats: dict[str, Format] = dict.fromkeys(("won_rate", "lost_rate", "open_rate", "still_win_rate"), "rate1")
    return TableView(columns=first_only(columns, rows), labels=labels, formats=formats, first=40)
