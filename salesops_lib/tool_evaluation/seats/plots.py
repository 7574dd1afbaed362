"""Chart and table of who uses the tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.tool_evaluation.marks import draw_limits, name_rows

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from salesops_lib.parameters import Parameters


def plot_utilisation_by_tool(use: pd.DataFrame, *, parameters: Parameters, ax: Axes | None = None) -> Axes:
    """Draw seats paid for, held and used, and beside them the share of held seats in use with its interval.

    Args:
        use: What ``utilisation_by_tool`` returns.
        parameters: Thresholds of ``tools.yaml``, drawn as lines.
        ax: Axes for the seats alone; two panels in the report's width if absent.
    """
    rows = use[::-1].reset_index(drop=True)
    panels = [ax] if ax else theme.panels(2, rows=len(rows), sharey=True)
    seats = panels[0]
    for name, label, colour, height in (
        ("n_provisioned", "Paid for", theme.PALE, 0.7),
        ("n_assigned", "Assigned", theme.PREVIOUS, 0.5),
        ("n_active", "In use", theme.ACTUAL, 0.3),
    ):
        seats.barh(rows.index, rows[name].astype(float).fillna(0.0), color=colour, label=label, height=height)
    seats.set(xlabel="Seats")
    seats.set_title("Seats")
    theme.grid(seats, "x")
    name_rows(seats, rows["name"].map(theme.short))
    if len(panels) > 1:
        _shares(panels[1], rows, parameters)
        name_rows(panels[1], rows["name"].map(theme.short))
    return seats


def _shares(ax: Axes, rows: pd.DataFrame, parameters: Parameters) -> None:
    known = rows.dropna(subset="utilisation_rate")
    ax.hlines(known.index, known["utilisation_rate_low"], known["utilisation_rate_high"], color=theme.PREVIOUS, lw=3)
    ax.plot(known["utilisation_rate"], known.index, "o", color=theme.ACTUAL, label="Share in use, with interval")
    if parameters.tools:
        limits = parameters.tools.thresholds
        draw_limits(ax, ((float(limits.utilisation_low), "low"), (float(limits.utilisation_good), "good")))
    ax.set(xlim=(0, 1.04), xlabel="Seats in use / assigned seats")
    ax.set_title("Share in use")
    theme.as_percent(ax.xaxis)
    theme.grid(ax, "x")


def table_utilisation_by_tool(use: pd.DataFrame) -> TableView:
    """Seats in three kinds, and the share in use over both windows."""
    return TableView(
        columns=(
            "name", "n_provisioned", "n_assigned", "n_held_by_leavers", "n_active", "utilisation_rate",
            "utilisation_rate_low", "utilisation_rate_high", "utilisation_here_rate", "utilisation_90_rate",
            "utilisation_90_rate_low", "utilisation_90_rate_high",
        ),
        labels={
            "n_provisioned": "Paid for", "n_assigned": "Assigned", "n_held_by_leavers": "Held by leavers",
            "n_active": "In use", "utilisation_rate": "Share in use", "utilisation_here_rate": "Leavers left out",
            "utilisation_90_rate": "Share, 90 days",
        },
        is_open=True,
    )  # fmt: skip
