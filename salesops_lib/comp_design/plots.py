"""Plots and table views of comp design: frames in, Axes out. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib import theme
from salesops_lib.reporting.tables import TableView
from salesops_lib.wording import money, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

REACH = 0.3
"""How far beyond its last boundary a curve is drawn, in attainment."""
LEAST_REACH = 1.5
"""Attainment up to which a curve is drawn at least."""


def plot_plan_in_force(curve: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the payout curve: a line per stretch, a dotted line where pay jumps."""
    ax = ax or theme.axes(height=3.2)
    _draw_curve(ax, curve, theme.ACTUAL, "-", str(curve["title"].iloc[0]), _end(curve))
    _finish_curve(ax)
    return ax


def plot_payout_curves(curves: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw both plans' payout curves, the plan in force solid and the other dashed."""
    ax = ax or theme.axes(height=3.4)
    looks = ((theme.ACTUAL, "-"), (theme.BAD, "--"))
    for name, (colour, line) in zip(dict.fromkeys(curves["plan"]), looks, strict=False):
        one = curves[curves["plan"] == name]
        _draw_curve(ax, one, colour, line, str(one["title"].iloc[0]), _end(curves))
    _finish_curve(ax)
    return ax


def _end(curve: pd.DataFrame) -> float:
    return max(LEAST_REACH, float(curve["from_rate"].max()) + REACH)


def _draw_curve(ax: Axes, curve: pd.DataFrame, colour: str, line: str, label: str, end: float) -> None:
    for place, row in enumerate(curve.to_dict("records")):
        start, pay, is_last = row["from_rate"], row["pay_from_rate"], pd.isna(row["to_rate"])
        to, reached = (
            (end, pay + row["multiplier"] * (end - start)) if is_last else (row["to_rate"], row["pay_to_rate"])
        )
        ax.plot(
            [start, to], [pay, reached], line, color=colour, linewidth=2, label=label if place == 0 else "_stretch"
        )  # fmt: skip
        if row["jump_rate"]:
            ax.plot([start] * 2, [pay - row["jump_rate"], pay], ":", color=colour, linewidth=1.6, label="_jump")


def _finish_curve(ax: Axes) -> None:
    ax.axvline(1, color=theme.TARGET, linewidth=0.8, linestyle="--", label="100% of quota")
    ax.set(xlabel="Attainment: bookings / quota", ylabel="Pay / target pay", xlim=(0, None), ylim=(0, None))
    theme.as_percent(ax.xaxis)
    theme.as_percent(ax.yaxis)


def table_plan_in_force(curve: pd.DataFrame) -> TableView:
    """The stretches, lowest first."""
    del curve
    return TableView(
        columns=("from_rate", "to_rate", "multiplier", "pay_from_rate", "pay_to_rate", "jump_rate"),
        labels=_CURVE_LABELS,
        formats={"multiplier": "number2", "from_rate": "rate", "to_rate": "rate", "jump_rate": "rate"},
    )


def table_payout_curves(curves: pd.DataFrame) -> TableView:
    """The stretches, plan by plan."""
    del curves
    return TableView(
        columns=("title", "from_rate", "to_rate", "multiplier", "pay_from_rate", "pay_to_rate", "jump_rate"),
        labels={**_CURVE_LABELS, "title": "Plan"},
        formats={"multiplier": "number2", "from_rate": "rate", "to_rate": "rate", "jump_rate": "rate"},
    )


_CURVE_LABELS = {
    "from_rate": "Attainment from",
    "to_rate": "to below",
    "multiplier": "Each 1% of quota adds, % of target pay",
    "pay_from_rate": "Pay at the start, of target",
    "pay_to_rate": "Pay at the end",
    "jump_rate": "Jump at the start",
}


def table_worked_example(steps: pd.DataFrame) -> TableView:
    """Step, calculation, result."""
    del steps
    return TableView(
        columns=("step", "worked_amount", "how"),
        labels={"how": "Calculation", "worked_amount": "Amount"},
        formats={"worked_amount": "exact"},
    )


def plot_pay_by_team(teams: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a bar per team: pay on own results, then on the team's; a mark at target pay."""
    rows = teams.dropna(subset="incentive_amount").iloc[::-1].reset_index(drop=True)
    ax = ax or theme.axes(rows=len(rows))
    ax.barh(rows.index, rows["individual_amount"], 0.6, color=theme.ACTUAL, label="On own results")
    own = rows["individual_amount"]
    ax.barh(rows.index, rows["team_amount"], 0.6, left=own, color=theme.PREVIOUS, label="On the team's")
    target, ends = rows["target_pay_amount"], (rows.index - 0.42, rows.index + 0.42)
    ax.vlines(target, *ends, color=theme.TARGET, linewidth=2, label="Target pay")
    for place, row in enumerate(rows.to_dict("records")):
        end = max(row["incentive_amount"], row["target_pay_amount"])
        ax.annotate(
            f"{money(row['incentive_amount'])}, {percent(row['payout_rate'])}", (end, place), (6, 0),
            textcoords="offset points", va="center", color=theme.TEXT,
        )  # fmt: skip
    ax.set_yticks(rows.index, [f"{theme.short(row['name'])} (n={row['n_reps']})" for row in rows.to_dict("records")])
    most = max([*rows["incentive_amount"], *rows["target_pay_amount"]], default=1.0)
    ax.set_xlim(0, most * (1.45 if theme.is_narrow() else 1.2) or 1)
    _rows_fit(ax, len(rows))
    ax.set_xlabel("Incentive pay of the quarter")
    theme.as_money(ax.xaxis)
    if theme.is_narrow():
        ax.locator_params(axis="x", nbins=4)
    theme.grid(ax, "x")
    return ax


def table_pay_by_team(teams: pd.DataFrame) -> TableView:
    """Teams with their parts."""
    del teams
    return TableView(
        columns=(
            "name", "n_reps", "attainment_rate", "target_pay_amount", "individual_amount", "team_amount",
            "incentive_amount", "payout_rate",
        ),
        labels={
            "name": "Team", "target_pay_amount": "Target pay", "individual_amount": "On own results",
            "team_amount": "On the team's", "incentive_amount": "Incentive pay", "payout_rate": "Of target",
            "attainment_rate": "Team's attainment",
        },
        formats=dict.fromkeys(("individual_amount", "team_amount", "incentive_amount"), "exact"),
    )  # fmt: skip


def plot_pay_distribution(bands: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a bar per band of payout with its number of reps, the lowest band at the top."""
    rows = bands.iloc[::-1].reset_index(drop=True)
    ax = ax or theme.axes(rows=len(rows))
    ax.barh(rows.index, rows["n_reps"], 0.7, color=theme.ACTUAL, label="Reps")
    for place, row in enumerate(rows.to_dict("records")):
        ax.annotate(
            str(row["n_reps"]), (row["n_reps"], place), (5, 0), textcoords="offset points", va="center",
            color=theme.TEXT,
        )  # fmt: skip
    ax.set_yticks(rows.index, list(rows["band"]))
    _rows_fit(ax, len(rows))
    ax.set_xlabel("Reps, by pay / target pay")
    theme.as_count(ax.xaxis)
    theme.grid(ax, "x")
    return ax


def table_pay_distribution(bands: pd.DataFrame) -> TableView:
    """Bands with their reps."""
    del bands
    return TableView(
        columns=("band", "n_reps", "share_rate", "incentive_amount"),
        labels={"band": "Pay / target pay", "share_rate": "Of all reps", "incentive_amount": "Their incentive pay"},
    )


def table_pay_spread(quantiles: pd.DataFrame) -> TableView:
    """Quantiles, lowest first."""
    del quantiles
    return TableView(
        columns=("quantile", "payout_rate", "incentive_amount", "n_reps"),
        labels={"quantile": "Place", "payout_rate": "Pay / target pay", "incentive_amount": "Incentive pay"},
    )


def table_reps_not_paid(reasons: pd.DataFrame) -> TableView:
    """Reasons, most people first."""
    del reasons
    return TableView(
        columns=("reason", "who", "n_people", "bookings_amount", "what_to_do"),
        labels={"n_people": "People", "what_to_do": "What to do", "who": "Who"},
    )


def plot_cost_of_sales(quarters: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the cost of sales as a bar per quarter, pale while it runs, with a mark at the cost of the next unit."""
    rows = quarters.dropna(subset="cost_of_sales_rate").reset_index(drop=True)
    ax = ax or theme.axes(height=3.2)
    colours = [theme.PALE if is_partial else theme.ACTUAL for is_partial in rows["is_partial"]]
    ax.bar(rows.index, rows["cost_of_sales_rate"], 0.6, color=colours, edgecolor=theme.ACTUAL, label="Cost of sales")
    ax.hlines(
        rows["next_unit_cost_rate"], rows.index - 0.38, rows.index + 0.38, color=theme.BAD, linewidth=2.4,
        label="Cost of the next unit",
    )  # fmt: skip
    for place, row in enumerate(rows.to_dict("records")):
        ax.annotate(
            percent(row["cost_of_sales_rate"], 1), (place, row["cost_of_sales_rate"]), (0, 3),
            textcoords="offset points", ha="center", va="bottom", color=theme.TEXT, weight="bold",
        )  # fmt: skip
    names = [_quarter(row) + (" to date" if row["is_partial"] else "") for row in rows.to_dict("records")]
    ax.set_xticks(rows.index, names)
    ax.set_ylabel("Pay / bookings")
    ax.set_ylim(0, None)
    ax.margins(y=0.12)
    theme.as_percent(ax.yaxis)
    _whole_percents(ax.yaxis)
    theme.grid(ax, "y")
    return ax


def _quarter(row: Mapping[Any, Any]) -> str:
    """``Q3 2026``; ``Q3 26`` on a phone."""
    label = str(row["period"])
    return f"{label[5:]} {label[2:4]}" if theme.is_narrow() else str(row["period_name"])


def _whole_percents(axis: Axis) -> None:
    """Ticks that a whole percentage says exactly: 5% and 10%, not 7.5%."""
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))


def _rows_fit(ax: Axes, n: int) -> None:
    """The same room above the first bar as below the last."""
    ax.set_ylim(-0.6, n - 0.4)


def table_cost_of_sales(quarters: pd.DataFrame) -> TableView:
    """Quarters with the parts of the cost."""
    del quarters
    return TableView(
        columns=(
            "period_name", "plan", "n_reps", "bookings_amount", "base_amount", "incentive_amount",
            "lead_incentive_amount", "cost_amount", "cost_of_sales_rate", "next_unit_cost_rate", "is_partial",
        ),
        labels={
            "period_name": "Quarter", "base_amount": "Base pay", "incentive_amount": "Incentives",
            "lead_incentive_amount": "Of it managers'", "cost_amount": "Base and incentives",
            "next_unit_cost_rate": "Next unit", "is_partial": "To date",
        },
        formats={"cost_of_sales_rate": "rate1", "next_unit_cost_rate": "rate1"},
    )  # fmt: skip


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
    _rows_fit(ax, len(rows))
    ax.set(xlim=(0, None), xlabel="Pay / target pay")
    theme.as_percent(ax.xaxis)
    theme.grid(ax, "x")
    return ax


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
    _rows_fit(ax, len(rows))
    ax.set(xlim=(-most, most), xlabel="Reps who would earn less | more")
    theme.as_count(ax.xaxis)
    ax.xaxis.set_major_formatter(lambda value, _position: f"{abs(value):.0f}")
    theme.grid(ax, "x")
    return ax


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


def table_incentive_warnings(warnings: pd.DataFrame) -> TableView:
    """Warnings, plan by plan."""
    del warnings
    return TableView(
        columns=("title", "warning", "at_rate", "jump_rate", "jump_amount", "n_near"),
        labels={
            "title": "Plan", "warning": "From there on", "at_rate": "Attainment", "jump_rate": "Jump, of target",
            "jump_amount": "Jump in money", "n_near": "Reps there",
        },
        formats={"at_rate": "rate", "jump_rate": "rate"},
        is_open=True,
    )  # fmt: skip
