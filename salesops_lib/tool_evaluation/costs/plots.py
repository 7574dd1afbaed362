"""Chart and table of what tools cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.tool_evaluation.marks import name_rows
from salesops_lib.wording import money

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

COST_PARTS = (
    ("Licences", ("licence_amount",), theme.ACTUAL),
    ("Our own time", ("internal_time_amount",), theme.PREVIOUS),
    ("One-off: set-up, training, links, exit",
     ("implementation_amount", "training_amount", "integration_amount", "exit_amount"), theme.PALE),
)  # fmt: skip


def plot_cost_by_tool(costs: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw what each tool cost, by what for, the dearest at the top.

    Args:
        costs: What ``cost_by_tool`` returns; tools without a recorded cost are left out.
        ax: Axes to draw on; new ones in the report's width if absent.
    """
    rows = costs.dropna(subset="cost_amount")[::-1].reset_index(drop=True)
    ax = ax or theme.axes(rows=len(rows))
    start = pd.Series(0.0, index=rows.index)
    for label, names, colour in COST_PARTS:
        part = rows[list(names)].sum(axis=1)
        ax.barh(rows.index, part, left=start, color=colour, label=label, height=0.6)
        start = start + part
    for place, total in enumerate(rows["cost_amount"]):
        ax.annotate(money(total), (total, place), (4, 0), textcoords="offset points", va="center", color=theme.TEXT)
    name_rows(ax, rows["name"].map(theme.short))
    most = max([*rows["cost_amount"], 1.0])
    ax.set(xlabel="Cost of the last twelve months", xlim=(0, most * 1.15))
    theme.as_money(ax.xaxis)
    theme.grid(ax, "x")
    return ax


def table_cost_by_tool(costs: pd.DataFrame) -> TableView:
    """What a seat in use costs, and what is paid for nothing."""
    return TableView(
        columns=(
            "name", "category", "cost_amount", "yearly_licence_amount", "n_provisioned", "n_active",
            "cost_per_active_amount", "idle_licence_amount",
        ),
        labels={
            "cost_amount": "Cost, 12 months", "yearly_licence_amount": "Licence, a year",
            "n_provisioned": "Seats paid for", "n_active": "In use",
            "cost_per_active_amount": "Cost per seat in use", "idle_licence_amount": "Unused licence",
        },
        is_open=True,
    )  # fmt: skip
