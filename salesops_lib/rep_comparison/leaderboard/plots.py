"""The leaderboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.rep_comparison.marks import name_rows, nothing_to_draw
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_leaderboard(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the winners of the first board with the interval of luck, by name.

    Args:
        rows: What ``leaderboard`` returns.
        ax: Axes to draw on; new ones if absent.
    """
    shown = rows[rows["is_winner"] & (rows["board"] == "attainment")].reset_index(drop=True) if len(rows) else rows
    if shown.empty:
        return nothing_to_draw(ax, "Nobody is ahead yet.")
    if ax is None:
        ax = theme.axes(rows=len(shown) + 1)
    ax.barh(shown.index, shown["value"], height=0.6, color=theme.ACTUAL, label="Attainment")
    ax.hlines(shown.index, shown["low"], shown["high"], color=theme.PREVIOUS, linewidth=2, label="Range of luck")
    ax.axvline(1, color=theme.TARGET, linewidth=1.2, label="Goal")
    name_rows(ax, shown, [theme.short(str(name)) for name in shown["name"]])
    theme.as_percent(ax.xaxis)
    ax.set_xlabel("Bookings / goal of the quarter")
    return ax


def table_leaderboard(rows: pd.DataFrame) -> TableView:
    """Winners of both boards; the CSV has everybody."""
    return TableView(
        columns=("board_name", "name", "team_name", "n_won", "bookings_amount", "quota_amount", "value", "low", "high",
                 "n_wins"),
        labels={
            "board_name": "Board", "team_name": "Team", "n_won": "Won", "bookings_amount": "Bookings",
            "quota_amount": "Goal", "value": "Result", "low": "Its interval", "n_wins": "Among the first before",
        },
        formats={"value": "rate", "low": "rate"},
        first=max(int(rows["is_winner"].sum()) if len(rows) else 0, 1),
    )  # fmt: skip
