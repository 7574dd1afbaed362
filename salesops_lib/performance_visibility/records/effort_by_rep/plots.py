"""Chart and table of effort and result by rep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import first_only, say_x
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes

REPS_SHOWN = 15


def plot_effort_by_rep(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each compared rep as a dot without a name: activities per week against result."""
    shown = rows[rows["is_compared"].astype(bool)]
    if ax is None:
        ax = theme.axes(height=3.2)
    by_goal = bool((shown["result"] == "attainment").all())
    result = shown["attainment_rate"] if by_goal else shown["bookings_amount"] / shown["seat_weeks"]
    ax.plot(shown["activities_per_week"], result, "o", color=theme.REP, markersize=7, label="A rep")
    ax.set_xlim(left=0)
    ax.set_ylim(bottom=0)
    if by_goal:
        theme.as_percent(ax.yaxis)
    else:
        theme.as_money(ax.yaxis)
    ax.set_ylabel("Attainment" if by_goal else "Bookings per week")
    say_x(ax, "Activities per week in the seat", "Activities per week")
    return ax


def table_effort_by_rep(rows: pd.DataFrame) -> TableView:
    """Show effort beside result, by name; the CSV has every rep."""
    columns = [
        "name", "team", "seat_weeks", "n_activities", "activities_per_week", "n_deals", "n_won", "bookings_amount",
        "attainment_rate", "wins_per_100", "wins_per_100_low", "wins_per_100_high",
    ]  # fmt: skip
    labels = {
        "name": "Rep", "seat_weeks": "Weeks in seat", "n_activities": "Activities", "activities_per_week": "Per week",
        "n_deals": "Deals", "n_won": "Won", "attainment_rate": "Attainment", "wins_per_100": "Wins per 100",
        "wins_per_100_low": "Interval",
    }  # fmt: skip
    shown = [name for name in columns if len(rows) == 0 or rows[name].notna().any()]
    formats: dict[str, Format] = {"activities_per_week": "score", "wins_per_100": "score", "seat_weeks": "score"}
    return TableView(columns=first_only(shown, rows), labels=labels, formats=formats, first=REPS_SHOWN)
