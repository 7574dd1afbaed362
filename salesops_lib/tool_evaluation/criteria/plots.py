"""Chart and table of the criteria."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.tool_evaluation.marks import name_rows
from salesops_lib.wording import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

PARTS = (theme.ACTUAL, theme.PREVIOUS, theme.PALE, theme.MUTED)
"""Colours of the criteria, in the order of the file; from the fifth on they repeat with a hatch."""


def plot_criteria_by_tool(criteria: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each ranked tool's score as the sum of what its criteria add, the best at the top.

    Args:
        criteria: What ``criteria_by_tool`` returns; tools that are not ranked are left out.
        ax: Axes to draw on; new ones in the report's width if absent.
    """
    ranked = criteria.dropna(subset="score").dropna(subset="contribution")
    tools = ranked.drop_duplicates("tool_id")[::-1].reset_index(drop=True)
    ax = ax or theme.axes(rows=max(len(tools), 1))
    start = pd.Series(0.0, index=tools.index)
    for place, (_key, here) in enumerate(ranked.groupby("criterion_id", sort=False)):
        part = tools["tool_id"].map(here.set_index("tool_id")["contribution"]).astype(float)
        hatch = theme.HATCH if place >= len(PARTS) else None
        label = str(here["criterion"].iloc[0])
        ax.barh(tools.index, part, left=start, color=PARTS[place % len(PARTS)], hatch=hatch, label=label, height=0.6)
        start = start + part
    for place, score in enumerate(tools["score"]):
        ax.annotate(number(score, 2), (score, place), (4, 0), textcoords="offset points", va="center", color=theme.TEXT)
    name_rows(ax, tools["name"].map(theme.short))
    ax.set(xlim=(0, 1.08), xlabel="Score: scaled values times weights")
    theme.grid(ax, "x")
    return ax


def table_criteria_by_tool(criteria: pd.DataFrame) -> TableView:
    """Values with their weights."""
    return TableView(
        columns=("name", "criterion", "basis", "weight_rate", "value", "scaled_value", "contribution"),
        labels={"name": "Tool", "weight_rate": "Weight", "scaled_value": "Scaled"},
        formats={"scaled_value": "number2", "contribution": "number2", "weight_rate": "rate"},
    )
