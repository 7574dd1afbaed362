"""Charts of bookings against goal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import first_only, month_labels, rows_from_top
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import money, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NARROW_MONTHS = 7


def plot_bookings_against_goal(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw week, month, quarter and year as bars of their goal, the goal a line, time passed a mark."""
    if ax is None:
        ax = theme.axes(rows=len(rows) + 1)
    places = rows_from_top(ax, [f"{kind.capitalize()}" for kind in rows["kind"]])
    if rows["attainment_rate"].isna().all():
        return _without_goal(ax, rows, places)
    ax.barh(places, rows["attainment_rate"].fillna(0.0), height=0.6, color=theme.ACTUAL, label="Bookings / goal")
    ax.axvline(1.0, color=theme.TARGET, linewidth=1.6, label="Goal")
    running = rows.reset_index(drop=True)
    running = running[running["is_partial"] & running["quota_amount"].notna()]
    if len(running):
        ax.plot(running["elapsed_rate"], running.index, "|", color=theme.BAD, markersize=22, markeredgewidth=2.5,
                label="Share of selling days over")  # fmt: skip
    limit = max(1.05, float(rows["attainment_rate"].max())) * 1.06
    for place, share, amount in zip(
        places, rows["attainment_rate"].astype(float), rows["bookings_amount"], strict=True
    ):
        words = f"{money(amount)}, {percent(share)}" if pd.notna(share) else f"{money(amount)}, no goal"
        # Inside the bar, where neither the goal's line nor the mark of time runs through the words.
        is_long = pd.notna(share) and share > limit * (0.5 if theme.is_narrow() else 0.3)
        end, colour = (0.0, theme.INSIDE) if is_long else (share if pd.notna(share) else 0.0, theme.TEXT)
        ax.annotate(words, (end, place), xytext=(6, 0), textcoords="offset points", va="center", color=colour)
    ax.set_xlim(0, limit)
    theme.as_percent(ax.xaxis)
    ax.set_xlabel("Bookings / goal of the period")
    return ax


def _without_goal(ax: Axes, rows: pd.DataFrame, places: list[int]) -> Axes:
    ax.barh(places, rows["bookings_amount"], height=0.6, color=theme.ACTUAL, label="Bookings")
    for place, amount in zip(places, rows["bookings_amount"], strict=True):
        ax.annotate(money(amount), (amount, place), xytext=(6, 0), textcoords="offset points", va="center")
    ax.set_xlim(0, max(1.0, float(rows["bookings_amount"].max())) * (1.4 if theme.is_narrow() else 1.15))
    theme.as_money(ax.xaxis)
    ax.set_xlabel("Bookings")
    return ax


def plot_bookings_by_month(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the months as bars beside the same month a year before, their goals as lines."""
    rows = rows.tail(NARROW_MONTHS) if theme.is_narrow() else rows
    rows = rows.reset_index(drop=True)
    if ax is None:
        ax = theme.axes(height=3.4)
    has_past = rows["year_before_amount"].notna().any()
    shift = 0.21 if has_past else 0.0
    if has_past:
        ax.bar(rows.index - shift, rows["year_before_amount"].fillna(0.0), width=0.4, color=theme.PREVIOUS,
               label="Same month a year before")  # fmt: skip
    ax.bar(rows.index + shift, rows["bookings_amount"].fillna(0.0), width=0.4, color=theme.ACTUAL, label="Bookings")
    goal = rows.dropna(subset="quota_amount")
    if len(goal):
        ax.hlines(goal["quota_amount"], goal.index - 0.44, goal.index + 0.44, color=theme.TARGET, linewidth=1.8,
                  label="Goal")  # fmt: skip
    last = rows.index[-1]
    amount = rows["bookings_amount"].iloc[-1]
    if pd.notna(amount):
        words = f"{money(amount)} so far" if rows["is_partial"].iloc[-1] else money(amount)
        top = max(float(amount), *(float(v) for v in rows[["quota_amount", "year_before_amount"]].iloc[-1].fillna(0.0)))
        ax.annotate(words, (last, top), xytext=(0, 4), textcoords="offset points", ha="center", weight="bold")
    ax.set_xticks(rows.index, month_labels(list(rows["month"])))
    theme.grid(ax, "y")
    theme.as_money(ax.yaxis)
    ax.margins(y=0.14)
    theme.from_zero(ax)
    return ax


def table_bookings_against_goal(rows: pd.DataFrame) -> TableView:
    """Show the four periods with gap, pace and run rates beside the chart."""
    columns = [
        "period_name", "bookings_amount", "quota_amount", "attainment_rate", "gap_amount", "elapsed_rate", "pace_rate",
        "run_rate_amount", "run_rate_needed_amount", "reach_rate", "year_before_amount",
    ]  # fmt: skip
    shown = [name for name in columns if rows[name].notna().any()] if len(rows) else columns
    labels = {
        "period_name": "Period", "quota_amount": "Goal", "elapsed_rate": "Time over",
        "run_rate_amount": "A selling day", "run_rate_needed_amount": "Needed a selling day",
        "reach_rate": "Odds at this pace", "year_before_amount": "A year before",
    }  # fmt: skip
    return TableView(
        columns=first_only(shown, rows),
        labels=labels,
        formats={"elapsed_rate": "rate", "reach_rate": "rate"},
        is_open=True,
    )
