"""Chart and tables of the plan in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.comp_design.marks import CURVE_LABELS, curve_end, draw_curve, finish_curve
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def plot_plan_in_force(curve: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the payout curve: a line per stretch, a dotted line where pay jumps."""
    ax = ax or theme.axes(height=3.2)
    draw_curve(ax, curve, theme.ACTUAL, "-", str(curve["title"].iloc[0]), curve_end(curve))
    finish_curve(ax)
    return ax


def table_plan_in_force(curve: pd.DataFrame) -> TableView:
    """The stretches, lowest first."""
    del curve
    return TableView(
        columns=("from_rate", "to_rate", "multiplier", "pay_from_rate", "pay_to_rate", "jump_rate"),
        labels=CURVE_LABELS,
        formats={"multiplier": "number2", "from_rate": "rate", "to_rate": "rate", "jump_rate": "rate"},
    )


def table_worked_example(steps: pd.DataFrame) -> TableView:
    """Step, calculation, result."""
    del steps
    return TableView(
        columns=("step", "worked_amount", "how"),
        labels={"how": "Calculation", "worked_amount": "Amount"},
        formats={"worked_amount": "exact"},
    )
