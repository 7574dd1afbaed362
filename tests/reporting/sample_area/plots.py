"""Plots and table views of the sample area."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from salesops_lib import theme
from salesops_lib.reporting.tables.table import TableView


def plot_bookings_by_month(bookings: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Bars of bookings and the year before, goals as lines, the next month as a forecast."""
    rows = bookings.tail(7) if theme.is_narrow() else bookings
    ax = ax or theme.axes(height=3.4)
    place = np.arange(len(rows))
    ax.bar(place - 0.2, rows["year_before_amount"], 0.4, color=theme.PREVIOUS, label="Same month last year")
    ax.bar(place + 0.2, rows["bookings_amount"], 0.4, color=theme.ACTUAL, label="Bookings")
    ax.hlines(rows["quota_amount"], place - 0.45, place + 0.45, color=theme.TARGET, linewidth=1.6, label="Target")
    ax.bar([len(rows)], [1.8e6], 0.5, facecolor="none", edgecolor=theme.ACTUAL, hatch=theme.HATCH, label="Forecast")
    ax.set_xticks(
        [*place, len(rows)],
        [pd.Period(month, "M").strftime("%b %y" if i == 0 else "%b") for i, month in enumerate(rows["month"])]
        + ["next"],
    )
    theme.as_money(ax.yaxis)
    theme.grid(ax, "y")
    last = rows["bookings_amount"].iloc[-1]
    ax.annotate("$2.03M", (len(rows) - 0.8, last), ha="center", va="bottom", weight="bold", color=theme.ACTUAL)
    ax.set_title("Bookings")
    return ax


def plot_win_rate_by_rep(win_rates: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """A dot and its interval per rep, best at the top."""
    rows = win_rates.dropna(subset="win_rate").sort_values("win_rate").reset_index(drop=True)
    ax = ax or theme.axes(rows=len(rows))
    ax.hlines(rows.index, rows["win_rate_low"], rows["win_rate_high"], color=theme.TEAM, linewidth=2, label="Interval")
    ax.plot(rows["win_rate"], rows.index, "o", color=theme.REP, label="Win rate")
    ax.axvline(0.3, color=theme.TARGET, linestyle="--", linewidth=1, label="Team")
    ax.set_yticks(rows.index, [f"{theme.short(row['name'])} (n={row['n_closed']})" for _, row in rows.iterrows()])
    ax.set(xlim=(0, 1), xlabel="Deals won / deals closed")
    theme.as_percent(ax.xaxis)
    theme.grid(ax, "x")
    return ax


def table_rep_table(reps: pd.DataFrame) -> TableView:
    """What the table of reps shows."""
    return TableView(bars=("attainment_rate",), below={"attainment_rate": 0.75})
