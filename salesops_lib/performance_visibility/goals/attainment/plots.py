"""Charts and tables of the attainment of teams and reps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import MOST_ROWS, first_only, ranges, rows_from_top, say_x
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import money, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OFF = 0.9
"""Pace below which a bar is marked."""


def plot_attainment_by_team(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each team's bookings as a bar of its goal, with what luck alone could have made of it."""
    teams = rows[~rows["is_group"].astype(bool)].reset_index(drop=True)
    if ax is None:
        ax = theme.axes(rows=len(teams) + 1)
    return _bars(ax, teams, marks_off=True)


def plot_attainment_by_rep(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each rep's bookings as a bar of the goal; with many reps the first and the last ones with a goal."""
    judged = rows.dropna(subset="attainment_rate")
    shown = (judged if len(judged) else rows).reset_index(drop=True)
    if len(shown) > MOST_ROWS:
        end = MOST_ROWS // 3
        between = pd.DataFrame({"name": [f"… {len(shown) - 2 * end} more …"]})
        shown = pd.concat([shown.head(end), between, shown.tail(end)], ignore_index=True)
    if ax is None:
        ax = theme.axes(rows=len(shown) + 1)
    return _bars(ax, shown, marks_off=False)


def _bars(ax: Axes, rows: pd.DataFrame, *, marks_off: bool) -> Axes:
    """Bars of attainment with their range of luck; the figures stand in a column of their own on the right."""
    places = rows_from_top(ax, list(rows["name"]))
    if rows["attainment_rate"].isna().all():
        return _money_bars(ax, rows, places)
    attained = rows["attainment_rate"].astype(float).fillna(0.0)
    is_off = (rows["pace_rate"].astype(float) < OFF) & marks_off
    for mark, colour, label in ((~is_off, theme.ACTUAL, "Bookings / goal"), (is_off, theme.BAD, "Below 90% of pace")):
        if mark.any():
            at = [place for place, is_marked in zip(places, mark, strict=True) if is_marked]
            ax.barh(at, attained[mark], height=0.6, color=colour, label=label)
    edge = max(1.1, float(attained.max()) * 1.08)
    ranges(ax, places, rows["attainment_rate_low"], rows["attainment_rate_high"], theme.PREVIOUS, most=edge)
    ax.axvline(1.0, color=theme.TARGET, linewidth=1.6, label="Goal")
    is_partial = rows["is_partial"].fillna(False).astype(bool)
    if "elapsed_rate" in rows and is_partial.any():
        ax.axvline(float(rows["elapsed_rate"].max()), color=theme.MUTED, linewidth=1.2, linestyle="--",
                   label="Selling days over")  # fmt: skip
    limit = edge * (1.22 if theme.is_narrow() else 1.2 if marks_off else 1.08)
    for place, (_, row) in zip(places, rows.iterrows(), strict=True):
        ax.text(limit, place, _figure(row, with_gap=marks_off), ha="right", va="center", fontsize=9.5)
    ax.set_xlim(0, limit)
    theme.as_percent(ax.xaxis)
    say_x(ax, "Bookings / goal; thin line: what luck alone leaves open", "Bookings / goal; thin: luck alone")
    return ax


def _figure(row: pd.Series[float], *, with_gap: bool) -> str:
    if pd.isna(row["bookings_amount"]):
        return ""
    if pd.isna(row["attainment_rate"]):
        return money(row["bookings_amount"]) + (", no goal" if pd.isna(row["quota_amount"]) else "")
    words = percent(row["attainment_rate"])
    if with_gap and not theme.is_narrow():
        gap = -row["gap_amount"]
        words += f"  {'+' if gap > 0 else ''}{money(gap)}"
    return words


def _money_bars(ax: Axes, rows: pd.DataFrame, places: list[int]) -> Axes:
    ax.barh(places, rows["bookings_amount"], height=0.6, color=theme.ACTUAL, label="Bookings")
    for place, amount in zip(places, rows["bookings_amount"], strict=True):
        ax.annotate(money(amount), (amount, place), xytext=(6, 0), textcoords="offset points", va="center")
    ax.set_xlim(0, max(1.0, float(rows["bookings_amount"].max())) * (1.4 if theme.is_narrow() else 1.15))
    theme.as_money(ax.xaxis)
    ax.set_xlabel("Bookings; no goal is set")
    return ax


def table_attainment_by_team(rows: pd.DataFrame) -> TableView:
    """Show bookings, goal, attainment with its range, gap and pace."""
    columns = (
        "name", "bookings_amount", "n_won", "quota_amount", "attainment_rate", "attainment_rate_low",
        "attainment_rate_high", "gap_amount", "pace_rate", "reach_rate",
    )  # fmt: skip
    labels = {"name": "Team", "n_won": "Deals won", "quota_amount": "Goal", "attainment_rate_low": "Luck alone",
        "reach_rate": "Odds at this pace",
    }  # fmt: skip
    formats: dict[str, Format] = {"attainment_rate": "rate", "pace_rate": "rate", "reach_rate": "rate"}
    return TableView(columns=first_only(columns, rows), labels=labels, formats=formats)


def table_attainment_by_rep(rows: pd.DataFrame) -> TableView:
    """Show every rep with bars and trend; beside the chart where they are few."""
    columns = [
        "name", "team", "bookings_amount", "quota_amount", "attainment_rate", "attainment_rate_low",
        "attainment_rate_high", "n_won", "win_rate", "win_rate_low", "win_rate_high", "trend",
    ]  # fmt: skip
    shown = [name for name in columns if len(rows) == 0 or rows[name].notna().any()]
    labels = {
        "name": "Rep", "bookings_amount": "Bookings", "quota_amount": "Goal", "attainment_rate_low": "Luck alone",
        "n_won": "Deals won", "win_rate": "Win rate, 12 months", "trend": "Bookings by month",
    }  # fmt: skip
    bars = ("attainment_rate",) if "attainment_rate" in shown else ("bookings_amount",)
    return TableView(
        columns=first_only(shown, rows), labels=labels, formats={"attainment_rate": "rate", "win_rate": "rate"},
        bars=bars, below={"attainment_rate": 0.5}, is_open=len(rows) <= MOST_ROWS,
    )  # fmt: skip
