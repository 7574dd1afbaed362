"""Charts and tables of another plan on the same deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.comp_design.marks import CURVE_LABELS, curve_end, draw_curve, finish_curve, rows_fit
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def plot_payout_curves(curves: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw both plans' payout curves, the plan in force solid and the other dashed."""
    ax = ax or theme.axes(height=3.4)
    looks = ((theme.ACTUAL, "-"), (theme.BAD, "--"))
    for name, (colour, line) in zip(dict.fromkeys(curves["plan"]), looks, strict=False):
        one = curves[curves["plan"] == name]
        draw_curve(ax, one, colour, line, str(one["title"].iloc[0]), curve_end(curves))
    finish_curve(ax)
    return ax


def plot_plan_comparison(plans: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw for each plan the payout of the rep in the middle, and of the low and high tenth where there are enough."""
    rows = plans.iloc[::-1].reset_index(drop=True)
    ax = ax or theme.axes(rows=len(rows))
    ax.hlines(
        rows.index, rows["low_payout_rate"], rows["high_payout_rate"], color=theme.PREVIOUS, linewidth=5,
        label="Between the lowest and the highest tenth of reps",
    )  # fmt: skip
    ax.plot(rows["median_payout_rate"], rows.index, "o", color=theme.ACTUAL, markersize=9, label="Rep in the middle")
    ax.axvline(1, color=theme.TARGET, linewidth=0.8, linestyle="--", label="Target pay")
    ax.set_yticks(rows.index, [theme.short(title) for title in rows["title"]])
    rows_fit(ax, len(rows))
    ax.set(xlim=(0, None), xlabel="Pay / target pay")
    theme.as_percent(ax.xaxis)
    theme.grid(ax, "x")
    return ax


def plot_winners_by_attainment(bands: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw for each band of attainment the reps who would earn more to the right, less to the left."""
    rows = bands.iloc[::-1].reset_index(drop=True)
    ax = ax or theme.axes(rows=len(rows))
    ax.barh(rows.index, rows["n_more"], 0.7, color=theme.GOOD, label="Would earn more")
    ax.barh(rows.index, -rows["n_less"], 0.7, color=theme.BAD, label="Would earn less")
    for place, row in enumerate(rows.to_dict("records")):
        for n, end, side in ((row["n_more"], row["n_more"], 5), (row["n_less"], -row["n_less"], -5)):
            if n:
                ax.annotate(
                    f"{'+' if side > 0 else '−'}{n}", (end, place), (side, 0), textcoords="offset points", va="center",
                    ha="left" if side > 0 else "right", color=theme.TEXT,
                )  # fmt: skip
    ax.axvline(0, color=theme.TARGET, linewidth=0.8)
    ax.set_yticks(rows.index, list(rows["band"]))
    most = max([1, *rows["n_more"], *rows["n_less"]]) * (1.6 if theme.is_narrow() else 1.25)
    rows_fit(ax, len(rows))
    ax.set(xlim=(-most, most), xlabel="Reps who would earn less | more")
    theme.as_count(ax.xaxis)
    ax.xaxis.set_major_formatter(lambda value, _position: f"{abs(value):.0f}")
    theme.grid(ax, "x")
    return ax


def table_payout_curves(curves: pd.DataFrame) -> TableView:
    """The stretches, plan by plan."""
    del curves
    return TableView(
        columns=("title", "from_rate", "to_rate", "multiplier", "pay_from_rate", "pay_to_rate", "jump_rate"),
        labels={**CURVE_LABELS, "title": "Plan"},
        formats={"multiplier": "number2", "from_rate": "rate", "to_rate": "rate", "jump_rate": "rate"},
    )


def table_plan_comparison(plans: pd.DataFrame) -> TableView:
    """Both plans side by side."""
    del plans
    return TableView(
        columns=(
            "title", "incentive_amount", "cost_amount", "cost_of_sales_rate", "next_unit_cost_rate",
            "median_payout_rate", "low_payout_rate", "high_payout_rate", "gini", "pay_slope", "pay_correlation",
            "at_quota_rate", "n_reps",
        ),
        labels={
            "title": "Plan", "incentive_amount": "Incentives", "cost_amount": "Base and incentives",
            "next_unit_cost_rate": "Next unit", "payout_rate": "Pay / target", "median_payout_rate": "Middle rep",
            "low_payout_rate": "Lowest tenth below", "high_payout_rate": "Highest tenth above", "gini": "Gini",
            "pay_slope": "Slope", "pay_correlation": "Correlation", "at_quota_rate": "At or above quota",
        },
        formats={
            "cost_of_sales_rate": "rate1", "next_unit_cost_rate": "rate1", "gini": "number2", "pay_slope": "number2",
            "pay_correlation": "number2", "at_quota_rate": "rate",
        },
        is_open=True,
    )  # fmt: skip


def table_winners_by_attainment(bands: pd.DataFrame) -> TableView:
    """Bands with reps and sums."""
    del bands
    return TableView(
        columns=(
            "band", "n_reps", "n_more", "n_same", "n_less", "in_force_amount", "alternative_amount", "change_amount",
            "change_rate",
        ),
        labels={
            "band": "Attainment", "n_more": "Would earn more", "n_same": "the same", "n_less": "less",
            "in_force_amount": "Pay, plan in force", "alternative_amount": "Pay, other plan",
            "change_amount": "Change", "change_rate": "Change in %",
        },
        formats={"change_rate": "rate1"},
    )  # fmt: skip
