"""Chart and table of the cost of sales."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib import theme
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis


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
