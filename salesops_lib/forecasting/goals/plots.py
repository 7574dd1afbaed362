"""Chart of goal realism: forecasts as shares of their goals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.forecasting.marks import INTERVALS
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_goal_realism_by_period(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each forecast with its 80% interval as a share of the goal; periods without either are left out."""
    judged = rows.dropna(subset=["goal_amount", "forecast_amount"])[::-1].reset_index(drop=True)
    if ax is None:
        ax = theme.axes(rows=max(len(judged), 1) + 1)
    if judged.empty:
        return ax
    goal = judged["goal_amount"]
    shares = {
        name: judged[f"forecast_amount{end}"] / goal for name, end in (("mid", ""), ("low", "_low"), ("high", "_high"))
    }
    ax.hlines(judged.index, shares["low"], shares["high"], color=theme.PREVIOUS, linewidth=2.4, label="80% interval")
    ax.plot(shares["mid"], judged.index, "o", color=theme.ACTUAL, markersize=7, label="Median forecast / goal")
    ax.axvline(1.0, color=theme.TARGET, linewidth=1.8, label="Goal")
    for place, (end, chance) in enumerate(zip(shares["high"], judged["reach_rate"], strict=True)):
        words = percent(chance) if theme.is_narrow() else f"{percent(chance)} chance"
        ax.annotate(words, (max(float(end), 1.0), place), xytext=(6, 0), textcoords="offset points", va="center")
    ax.set_yticks(judged.index, [_label(row) for row in judged.itertuples()])
    lowest, highest = min([*shares["low"], 1.0]), max([*shares["high"], 1.0])
    room = highest - lowest
    ax.set_xlim(lowest - 0.06 * room, highest + room * (0.3 if theme.is_narrow() else 0.22))
    ax.set_ylim(-0.6, len(judged) - 0.4)
    theme.grid(ax, "x")
    theme.as_percent(ax.xaxis)
    ax.locator_params(axis="x", nbins=4 if theme.is_narrow() else 8)
    ax.set_xlabel("Forecast / goal")
    return ax


def _label(row: object) -> str:
    period, method, name = (str(getattr(row, each)) for each in ("period_name", "method", "name"))
    if theme.is_narrow():
        return period if method == "monthly" else f"{period}, {method}"
    return f"{period}, {name}"


def table_goal_realism_by_period(rows: pd.DataFrame) -> TableView:
    """Show forecast, goal, stretch and chance of each period."""
    return TableView(
        columns=(
            "period_name", "name", "won_so_far_amount", "forecast_amount", "forecast_amount_low",
            "forecast_amount_high", "goal_amount", "gap_amount", "stretch_ratio", "reach_rate",
        ),
        labels={**INTERVALS, "period_name": "Period", "name": "Forecast by", "stretch_ratio": "Stretch"},
        formats={"stretch_ratio": "number2", "reach_rate": "rate"},
        is_open=True,
    )  # fmt: skip
