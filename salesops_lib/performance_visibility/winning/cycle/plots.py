"""Charts and tables of cycle and velocity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import boxes, first_only, rows_from_top, say_x
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_cycle_by_segment(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the middle half of the cycles now and before per segment, the median a line across."""
    shown = rows.dropna(subset="cycle_days").reset_index(drop=True)
    if ax is None:
        ax = theme.axes(rows=round(len(shown) * 1.8) + 1)
    rows_from_top(ax, list(shown["segment"]))
    boxes(
        ax,
        shown,
        ("before_quarter_days", "before_days", "before_three_quarters_days"),
        -0.2,
        theme.PREVIOUS,
        "Twelve months before",
    )
    boxes(ax, shown, ("quarter_days", "cycle_days", "three_quarters_days"), 0.2, theme.ACTUAL, "Now")
    # Room for the words at the end of the longest bar.
    longest = shown[["before_three_quarters_days", "three_quarters_days"]].max().max()
    ax.set_xlim(0, float(longest) * 1.2 if longest > 0 else 1)
    say_x(ax, "Days from creation to win; bar: middle half, line: median", "Days to win; line: median")
    return ax


def table_cycle_by_segment(rows: pd.DataFrame) -> TableView:
    """Show median with interval and quartiles, now and before."""
    columns = (
        "segment", "n_won", "cycle_days", "cycle_days_low", "cycle_days_high", "quarter_days", "three_quarters_days",
        "n_won_before", "before_days", "change_days", "p_value", "is_changed",
    )  # fmt: skip
    labels = {
        "n_won": "Won", "cycle_days": "Median, days", "cycle_days_low": "Interval", "quarter_days": "First quartile",
        "three_quarters_days": "Third quartile", "n_won_before": "Won before", "before_days": "Median before",
        "change_days": "Change", "p_value": "p", "is_changed": "Beyond chance",
    }  # fmt: skip
    shown = [name for name in columns if len(rows) == 0 or rows[name].notna().any()]
    return TableView(columns=first_only(shown, rows), labels=labels, formats={"p_value": "number2"})


def table_velocity_by_segment(rows: pd.DataFrame) -> TableView:
    """Show the four factors and their product."""
    labels = {
        "n_open": "Open", "n_closed": "Closed", "average_deal_amount": "Per won deal", "cycle_days": "Cycle, days",
        "velocity_amount": "A day", "win_rate": "Win rate",
    }  # fmt: skip
    return TableView(columns=first_only(list(rows.columns), rows), labels=labels)
