"""Charts of what tools cost and who uses them: frames in, Axes out; nothing is counted here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.tool_evaluation.plots.rows import draw_limits, name_rows
from salesops_lib.wording import money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from salesops_lib.parameters import Parameters

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
