"""Plots of comp design: frames in, Axes out. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib import theme
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
