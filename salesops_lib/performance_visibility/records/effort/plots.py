"""Charts and tables of effort."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import first_only, month_labels, ranges, rows_from_top, say_x
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import percent, signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NARROW_MONTHS = 6


def plot_effort_by_month(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw activities per rep and week, and those of the same month a year before; a phone shows the last six."""
    shown = (rows.tail(NARROW_MONTHS) if theme.is_narrow() else rows).reset_index(drop=True)
    if ax is None:
        ax = theme.axes(height=2.8)
    if shown["year_before_per_week"].notna().any():
        ax.bar(shown.index - 0.2, shown["year_before_per_week"].fillna(0.0), width=0.38, color=theme.PREVIOUS,
               label="Same month a year before")  # fmt: skip
    bars = ax.bar(shown.index + 0.2, shown["activities_per_week"].fillna(0.0), width=0.38, color=theme.ACTUAL,
                  label="Activities per rep and week")  # fmt: skip
    for bar, is_partial in zip(bars, shown["is_partial"], strict=True):
        if is_partial:
            bar.set(hatch=theme.HATCH, edgecolor=theme.INSIDE)
    ax.set_xticks(shown.index, month_labels(list(shown["month"])))
    theme.grid(ax, "y")
    ax.set_ylabel("Activities / week")
    return ax


def plot_effort_change(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each measure's change against a year before with its interval; those beyond chance have another mark."""
    if ax is None:
        ax = theme.axes(rows=len(rows) + 1)
    brief = ["Per rep-week", "Wins, rep-week", "Per win", "Per open deal"]
    places = rows_from_top(ax, brief if theme.is_narrow() and len(rows) == len(brief) else list(rows["name"]))
    ranges(ax, places, rows["change_rate_low"], rows["change_rate_high"], theme.ACTUAL)
    is_changed = rows["is_changed"].astype(bool)
    for mark, shape, label in ((~is_changed, "o", "Within chance"), (is_changed, "D", "Changed beyond chance")):
        if mark.any():
            at = [place for place, is_one in zip(places, mark, strict=True) if is_one]
            ax.plot(rows.loc[mark, "change_rate"], at, shape, color=theme.ACTUAL, markersize=8, label=label)
    ax.axvline(0, color=theme.TARGET, linewidth=1)
    for place, rate in zip(places, rows["change_rate"], strict=True):
        if pd.notna(rate):
            ax.annotate(f"{signed(100 * rate)}%", (rate, place), xytext=(0, 8), textcoords="offset points", ha="center",
                        fontsize=9)  # fmt: skip
    ax.margins(x=0.12)
    theme.as_percent(ax.xaxis)
    say_x(ax, "Change against the same months a year before", "Change in a year")
    return ax


def plot_effort_by_outcome(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of activity that went to each kind of deal."""
    if ax is None:
        ax = theme.axes(rows=len(rows) + 1)
    brief = {"too_old": "Open, too old"}
    names = [brief.get(key, name) if theme.is_narrow() else name for key, name in
             zip(rows["outcome"], rows["name"], strict=True)]  # fmt: skip
    places = rows_from_top(ax, names)
    ax.barh(places, rows["activity_rate"], height=0.6, color=theme.ACTUAL, label="Share of activity")
    ranges(ax, places, rows["activity_rate_low"], rows["activity_rate_high"], theme.PREVIOUS)
    ends = rows["activity_rate_high"].fillna(rows["activity_rate"])
    for place, share, end in zip(places, rows["activity_rate"], ends, strict=True):
        ax.annotate(percent(share, 1), (end, place), xytext=(6, 0), textcoords="offset points", va="center")
    ax.set_xlim(0, max(0.05, float(ends.max())) * (1.3 if theme.is_narrow() else 1.15))
    theme.as_percent(ax.xaxis)
    say_x(ax, "Activities for such deals / all activities", "Share of activities")
    return ax


def table_effort_by_month(rows: pd.DataFrame) -> TableView:
    """Show activities, time in the seat, wins and the three ratios."""
    labels = {
        "n_activities": "Activities", "effort_hours": "Hours", "seat_weeks": "Weeks in seat",
        "activities_per_week": "Per rep and week", "year_before_per_week": "Year before", "n_won": "Won",
        "activities_per_win": "Per win", "n_open": "Open", "activities_per_open": "Per open deal",
        "cycle_days": "Cycle, days",
    }  # fmt: skip
    columns = [name for name in rows.columns if name != "is_partial" and (len(rows) == 0 or rows[name].notna().any())]
    formats: dict[str, Format] = {
        "effort_hours": "count", "activities_per_win": "score", "activities_per_week": "score",
        "year_before_per_week": "score", "activities_per_open": "score",
    }  # fmt: skip
    return TableView(columns=first_only(columns, rows), labels=labels, formats=formats)


def table_effort_change(rows: pd.DataFrame) -> TableView:
    """Show each measure now and a year before with its change."""
    labels = {
        "name": "Measure", "n_counted": "Counted", "now_value": "Now", "n_counted_before": "Year before",
        "before_value": "Then", "change_rate": "Change", "change_rate_low": "Interval", "p_value": "p",
        "is_changed": "Beyond chance",
    }  # fmt: skip
    formats: dict[str, Format] = {"change_rate": "rate1", "p_value": "number2"}
    return TableView(columns=first_only([*rows.columns[1:]], rows), labels=labels, formats=formats)


def table_effort_by_outcome(rows: pd.DataFrame) -> TableView:
    """Show activities, share with interval, deals and activities per deal."""
    labels = {
        "name": "Deals", "n_activities": "Activities", "activity_rate": "Share", "activity_rate_low": "Interval",
        "n_deals": "Deals worked", "activities_per_deal": "Per deal", "effort_hours": "Hours",
    }  # fmt: skip
    shown = [name for name in rows.columns[1:] if len(rows) == 0 or rows[name].notna().any()]
    formats: dict[str, Format] = {"activity_rate": "rate1", "effort_hours": "count", "activities_per_deal": "score"}
    return TableView(columns=first_only(shown, rows), labels=labels, formats=formats)
