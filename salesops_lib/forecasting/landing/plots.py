"""Charts of the landing: what is won solid, what is still to come hatched, the goal a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib import theme
from salesops_lib.forecasting.marks import INTERVALS
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NARROW_QUARTERS = 5
DUE_LABELS = {"due in the quarter": "due", "due later": "later"}


def plot_landing_by_method(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each landing as a bar of its parts with its 80% interval."""
    landed = rows.dropna(subset="landing_amount")[::-1].reset_index(drop=True)
    if ax is None:
        ax = theme.axes(rows=2 * max(len(landed), 1))
    if landed.empty:
        return ax
    won, coming = landed["won_so_far_amount"], landed["open_amount"]
    ax.barh(landed.index, won, height=0.5, color=theme.ACTUAL, label="Won so far")
    ax.barh(landed.index, coming, left=won, height=0.5, facecolor="none", edgecolor=theme.ACTUAL, hatch=theme.HATCH,
            label="Open deals that will be won")  # fmt: skip
    ax.barh(landed.index, landed["new_amount"], left=won + coming, height=0.5, facecolor=theme.PALE,
            edgecolor=theme.ACTUAL, label="Deals not yet created")  # fmt: skip
    ax.hlines(landed.index + 0.34, landed["landing_amount_low"], landed["landing_amount_high"], color=theme.TEXT,
              linewidth=1.6, label="80% interval")  # fmt: skip
    goal = float(rows["goal_amount"].iloc[0])
    if goal > 0:
        ax.axvline(goal, color=theme.TARGET, linewidth=1.8, label="Goal")
    ends = landed["landing_amount_high"].clip(lower=goal if goal > 0 else 0.0)
    # To the right of interval and goal, where no line runs through the words.
    for place, (amount, end) in enumerate(zip(landed["landing_amount"], ends, strict=True)):
        ax.annotate(money(amount), (end, place), xytext=(6, 0), textcoords="offset points", va="center", weight="bold")
    ax.set_yticks(landed.index, [name.capitalize() for name in landed["name"]])
    ax.set_ylim(-0.5, len(landed) - 0.4)
    ax.set_xlim(0, max(1.0, float(ends.max())) * (1.35 if theme.is_narrow() else 1.12))
    theme.grid(ax, "x")
    theme.as_money(ax.xaxis)
    ax.locator_params(axis="x", nbins=4 if theme.is_narrow() else 7)
    return ax


def table_landing_by_method(rows: pd.DataFrame) -> TableView:
    """Show the parts, the interval and the past accuracy of both landings."""
    return TableView(
        columns=(
            "name", "won_so_far_amount", "open_amount", "new_amount", "landing_amount", "landing_amount_low",
            "landing_amount_high", "landing_95_amount_low", "landing_95_amount_high", "reach_rate", "n_tested",
            "wape_rate",
        ),
        labels={
            **INTERVALS, "name": "Method", "open_amount": "Open deals", "new_amount": "Not yet created",
            "n_tested": "Quarters tested",
        },
        formats={"wape_rate": "rate1", "forecast_bias_rate": "rate1"},
        is_open=True,
    )  # fmt: skip


def plot_landing_backtest_by_quarter(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how past quarters ended beside how they would have been landed, a panel for each method."""
    rows = (rows.tail(NARROW_QUARTERS) if theme.is_narrow() else rows).reset_index(drop=True)
    methods = [name for name in ("stage", "pace") if rows[f"{name}_amount"].notna().any()]
    panels = [ax] if ax is not None else theme.panels(max(len(methods), 1), height=2.7, sharey=not theme.is_narrow())
    for panel, name in zip(panels, methods, strict=False):
        panel.bar(rows.index - 0.2, rows["bookings_amount"], width=0.38, color=theme.ACTUAL, label="Booked in the end")
        landed = rows.dropna(subset=f"{name}_amount")
        panel.bar(landed.index + 0.2, landed[f"{name}_amount"], width=0.38, facecolor="none", edgecolor=theme.ACTUAL,
                  hatch=theme.HATCH, label="Landing at the same point")  # fmt: skip
        panel.vlines(landed.index + 0.2, landed[f"{name}_amount_low"], landed[f"{name}_amount_high"], color=theme.TEXT,
                     linewidth=1.4, label="80% interval")  # fmt: skip
        panel.set_title("By stage weights" if name == "stage" else "By pace")
        panel.set_xticks(rows.index, _quarter_labels(list(rows["quarter"])))
        theme.grid(panel, "y")
        theme.as_money(panel.yaxis)
    return panels[0]


def _quarter_labels(quarters: list[str]) -> list[str]:
    """``Q4 24`` for the first and each first quarter, ``Q2`` for the others."""
    pairs = [label.split("-") for label in quarters]
    return [f"{name} {year[2:]}" if place == 0 or name == "Q1" else name for place, (year, name) in enumerate(pairs)]


def table_landing_backtest_by_quarter(rows: pd.DataFrame) -> TableView:
    """Show each past quarter's landings and end."""
    return TableView(
        labels={
            "quarter_name": "Quarter", "point_on": "Landed on", "bookings_amount": "Booked in the end",
            "stage_amount": "By stage weights", "pace_amount": "By pace", "stage_amount_low": "80% interval",
            "pace_amount_low": "80% interval",
        },
        columns=(
            "quarter_name", "point_on", "won_so_far_amount", "bookings_amount", "stage_amount", "stage_amount_low",
            "stage_amount_high", "pace_amount", "pace_amount_low", "pace_amount_high",
        ),
    )  # fmt: skip


def plot_open_deals_by_stage(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw for each kind of open deal the share of such deals that was won by the quarter's end."""
    seen = rows.dropna(subset="won_in_time_rate")[::-1].reset_index(drop=True)
    if ax is None:
        ax = theme.axes(rows=len(seen))
    ax.hlines(seen.index, seen["won_in_time_rate_low"], seen["won_in_time_rate_high"], color=theme.PREVIOUS,
              linewidth=2.4, label="Interval for chance")  # fmt: skip
    ax.plot(seen["won_in_time_rate"], seen.index, "o", color=theme.ACTUAL, label="Share of deals won in time")
    ax.plot(seen["weight_rate"], seen.index, "|", color=theme.TARGET, markersize=12, markeredgewidth=2.2,
            label="Weight: share of the amount")  # fmt: skip
    has_due = seen["due"].nunique() > 1
    names = [
        f"{state}, {DUE_LABELS.get(str(due), str(due))}" if has_due else str(state)
        for state, due in zip(seen["state"], seen["due"], strict=True)
    ]
    ax.set_yticks(seen.index, [theme.short(name, 22 if theme.is_narrow() else 34) for name in names])
    ax.set_xlim(0, float(np.nanmax([*seen["won_in_time_rate_high"], *seen["weight_rate"], 0.1])) * 1.04)
    theme.grid(ax, "x")
    theme.as_percent(ax.xaxis)
    ax.set_xlabel("Won in time / open" if theme.is_narrow() else "Won by the quarter's end / open at this point")
    return ax


def table_open_deals_by_stage(rows: pd.DataFrame) -> TableView:
    """Show what is open, the weights and where they come from."""
    return TableView(
        columns=(
            "state", "due", "n_open", "open_amount", "n_past_won", "n_past", "won_in_time_rate", "won_in_time_rate_low",
            "won_in_time_rate_high", "weight_rate", "weighted_amount",
        ),
        labels={
            "state": "Stage or age", "due": "Close date", "n_open": "Open deals", "open_amount": "Open amount",
"n_past": "Such deals in past quarters", "n_past_won": "Won in time", "weight_rate": "Weight",
            "won_in_time_rate": "Share won in time", "won_in_time_rate_low": "Interval",
            "weighted_amount": "Weighted amount",
        },
        bars=("weighted_amount",),
        formats={"weight_rate": "rate", "won_in_time_rate": "rate"},
    )  # fmt: skip
