"""Charts of accuracy: the shown forecast dark, the benchmark grey."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.forecasting.marks import INTERVALS, METHOD_LABELS
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LABELS = {
    **INTERVALS,
    "name": "Method",
    "is_shown": "Shown here",
    "n_origins": "Origins",
    "n_better": "Origins better than the benchmark",
    "n_months_ahead": "Months ahead",
    "near_wape_rate": "WAPE, 1 to 3 months ahead",
    "forecast_bias_rate": "Bias",
    "interval_score_amount": "Interval score, 80%",
    "n_intervals": "Intervals tested",
}


def plot_accuracy_by_horizon(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw error by months ahead, and beside it the share of months inside the shown forecast's 80% interval."""
    first, second = (ax, None) if ax is not None else theme.panels(2, height=2.7)
    for name, part in rows.groupby("name", sort=False):
        is_shown = bool(part["is_shown"].iloc[0])
        first.plot(
            part["n_months_ahead"], part["wape_rate"], "-o" if is_shown else "--", label=str(name).capitalize(),
            color=theme.ACTUAL if is_shown else theme.PREVIOUS, linewidth=2, markersize=4,
        )  # fmt: skip
    _dress(first, "Error (WAPE) by months ahead")
    if second is not None:
        own = rows[rows["is_shown"] & (rows["n_intervals"] > 0)]
        second.vlines(own["n_months_ahead"], own["covered_rate_low"], own["covered_rate_high"], color=theme.PREVIOUS,
                      linewidth=2, label="95% interval of that share")  # fmt: skip
        second.plot(own["n_months_ahead"], own["covered_rate"], "o", color=theme.ACTUAL, markersize=5,
                    label="Share inside the 80% interval")  # fmt: skip
        second.axhline(0.8, color=theme.TARGET, linewidth=1.4, label="What it promises: 80%")
        _dress(second, "Months inside the interval")
    return first


def _dress(ax: Axes, title: str) -> None:
    ax.set_title(title)
    ax.set_xlim(0.5, 12.5)
    ax.set_xticks([1, 3, 6, 9, 12])
    ax.set_ylim(0, max(ax.get_ylim()[1], 1.02 if "inside" in title else 0.2))
    theme.grid(ax, "y")
    theme.as_percent(ax.yaxis)
    ax.set_xlabel("Months ahead")


def table_accuracy_by_horizon(rows: pd.DataFrame) -> TableView:
    """Show every measure at every horizon."""
    return TableView(
        columns=(
            "n_months_ahead", "name", "n_origins", "wape_rate", "mase", "forecast_bias_rate", "n_intervals",
            "covered_rate", "covered_95_rate", "interval_score_amount",
        ),
        labels=LABELS,
        formats={"mase": "number2", "wape_rate": "rate1", "forecast_bias_rate": "rate1"},
    )  # fmt: skip


def plot_accuracy_by_method(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the error of each method over all months ahead; the shown one dark."""
    rows = rows[::-1].reset_index(drop=True)
    if ax is None:
        ax = theme.axes(rows=len(rows))
    for is_shown, label in ((True, "Shown in this report"), (False, "Compared")):
        part = rows[rows["is_shown"] == is_shown]
        if len(part):
            ax.barh(part.index, part["wape_rate"], height=0.62, color=theme.ACTUAL if is_shown else theme.PREVIOUS,
                    label=label)  # fmt: skip
    for place, error in enumerate(rows["wape_rate"]):
        at = 0.0 if pd.isna(error) else error
        ax.annotate(percent(error, 1), (at, place), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_yticks(rows.index, [METHOD_LABELS[method] for method in rows["method"]])
    most = float(rows["wape_rate"].max())
    ax.set_xlim(0, most * 1.2 if most > 0 else 1)
    theme.grid(ax, "x")
    theme.as_percent(ax.xaxis)
    return ax


def table_accuracy_by_method(rows: pd.DataFrame) -> TableView:
    """Show every measure of every method."""
    return TableView(
        columns=(
            "name", "is_shown", "n_origins", "n_better", "near_wape_rate", "wape_rate", "mase", "forecast_bias_rate",
            "n_intervals", "covered_rate", "covered_95_rate", "interval_score_amount",
        ),
        labels=LABELS,
        formats={"mase": "number2", "wape_rate": "rate1", "near_wape_rate": "rate1", "forecast_bias_rate": "rate1"},
    )  # fmt: skip
