"""The comparison side by side, and who is not judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.rep_comparison.marks import first_and_last, name_rows, nothing_to_draw, with_n
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_reps_side_by_side(reps: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each rep's raw win rate and the one drawn towards the team, with its interval; best at the top.

    Args:
        reps: What ``reps_side_by_side`` returns.
        ax: Axes to draw on; new ones sized to the number of reps if absent.
    """
    rated = reps.dropna(subset=["shrunken_win_rate"])
    if rated.empty:
        return nothing_to_draw(ax, "No win rates to draw; the table has the other figures.")
    rows = first_and_last(rated.sort_values(["shrunken_win_rate", "name"], ascending=[False, True]))
    if ax is None:
        ax = theme.axes(rows=len(rows) + 1)
    shown = rows[~rows["is_gap"]]
    ax.hlines(
        shown.index, shown["shrunken_win_rate_low"], shown["shrunken_win_rate_high"],
        color=theme.ACTUAL, linewidth=1.6,
    )  # fmt: skip
    ax.plot(
        shown["win_rate"], shown.index, "o", markersize=5, markerfacecolor="none", markeredgecolor=theme.PREVIOUS,
        color=theme.PREVIOUS, label="Raw win rate",
    )  # fmt: skip
    ax.plot(
        shown["shrunken_win_rate"], shown.index, "o", markersize=6, color=theme.ACTUAL,
        label="Adjusted for luck, with its interval",
    )  # fmt: skip
    ax.plot(
        shown["expected_win_rate"], shown.index, "|", markersize=11, markeredgewidth=1.6, color=theme.MUTED,
        label="Team on the same months and segments",
    )  # fmt: skip
    name_rows(ax, rows, [with_n(row) for row in rows.itertuples()])
    theme.as_percent(ax.xaxis)
    ax.set_xlabel("Deals won / deals closed")
    return ax


def table_reps_side_by_side(reps: pd.DataFrame) -> TableView:
    """The comparison as a table, beside the chart; goals only where there are some."""
    columns = [
        "name", "team_name", "n_closed", "n_won", "win_rate", "win_rate_low", "win_rate_high", "shrunken_win_rate",
        "shrunken_win_rate_low", "shrunken_win_rate_high", "typical_deal_amount", "cycle_days", "bookings_amount",
    ]  # fmt: skip
    if reps["attainment_rate"].notna().any():
        columns.append("attainment_rate")
    return TableView(
        columns=columns,
        labels={
            "team_name": "Team", "n_closed": "Closed", "n_won": "Won", "win_rate": "Win rate, raw",
            "win_rate_low": "Raw, interval", "shrunken_win_rate": "Win rate, adjusted",
            "shrunken_win_rate_low": "Adjusted, interval", "typical_deal_amount": "Typical deal",
            "cycle_days": "Cycle, days",
            "bookings_amount": "Bookings", "attainment_rate": "Attainment",
        },
        is_open=True,
    )  # fmt: skip


def table_reps_not_judged(people: pd.DataFrame) -> TableView:
    """Who is not judged, and why."""
    has_roles = bool((people["role"] != "").any())
    return TableView(
        columns=("name", "team_name", *(("role",) if has_roles else ()), "there_rate", "n_closed", "reason"),
        labels={"team_name": "Team", "there_rate": "Time in the seat", "n_closed": "Closed", "reason": "Why"},
        formats={"there_rate": "rate"},
    )
