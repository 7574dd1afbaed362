"""Marks that several charts of pay share: payout curves, and how many rows fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

REACH = 0.3
"""How far beyond its last boundary a curve is drawn, in attainment."""
LEAST_REACH = 1.5
"""Attainment up to which a curve is drawn at least."""
CURVE_LABELS = {
    "from_rate": "Attainment from",
    "to_rate": "to below",
    "multiplier": "Each 1% of quota adds, % of target pay",
    "pay_from_rate": "Pay at the start, of target",
    "pay_to_rate": "Pay at the end",
    "jump_rate": "Jump at the start",
}


def curve_end(curve: pd.DataFrame) -> float:
    """Attainment up to which a curve is drawn."""
    return max(LEAST_REACH, float(curve["from_rate"].max()) + REACH)


def draw_curve(ax: Axes, curve: pd.DataFrame, colour: str, line: str, label: str, end: float) -> None:
    """Draw the stretches of a payout curve, and its jumps dotted."""
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


def finish_curve(ax: Axes) -> None:
    """Both axes in percent, and a line at 100% of quota."""
    ax.axvline(1, color=theme.TARGET, linewidth=0.8, linestyle="--", label="100% of quota")
    ax.set(xlabel="Attainment: bookings / quota", ylabel="Pay / target pay", xlim=(0, None), ylim=(0, None))
    theme.as_percent(ax.xaxis)
    theme.as_percent(ax.yaxis)


def rows_fit(ax: Axes, n: int) -> None:
    """The same room above the first bar as below the last."""
    ax.set_ylim(-0.6, n - 0.4)
