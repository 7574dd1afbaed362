"""Chart and table of the decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from salesops_lib import theme
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.tool_evaluation.vocabulary import KEEP, MERGE, REPLACE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from salesops_lib.parameters import Parameters


def plot_decision_by_tool(decisions: pd.DataFrame, *, parameters: Parameters, ax: Axes | None = None) -> Axes:
    """Draw where each tool stands by use and usability, with both intervals.

    Args:
        decisions: What ``decision_by_tool`` returns; tools without both figures are left out.
        parameters: Thresholds of ``tools.yaml``, drawn as lines.
        ax: Axes to draw on; new ones in the report's width if absent.
    """
    rows = decisions.dropna(subset=["utilisation_rate", "sus_score"])
    ax = ax or theme.axes(height=4.2)
    changes = rows["decision"].isin([MERGE, REPLACE])
    for is_change, colour, mark, label in (
        (False, theme.ACTUAL, "o", "Keep, fix or train"),
        (True, theme.BAD, "D", "Merge or replace"),
    ):
        here = rows[changes == is_change]
        if here.empty:
            continue
        ax.hlines(
            here["sus_score"], here["utilisation_rate_low"], here["utilisation_rate_high"], color=colour, alpha=0.35
        )
        ax.vlines(here["utilisation_rate"], here["sus_score_low"], here["sus_score_high"], color=colour, alpha=0.35)
        ax.plot(here["utilisation_rate"], here["sus_score"], mark, color=colour, label=label)
    _name_points(ax, rows)
    if parameters.tools:
        limits = parameters.tools.thresholds
        for rate in (float(limits.utilisation_low), float(limits.utilisation_good)):
            ax.axvline(rate, color=theme.TARGET, lw=1, ls="--")
        ax.axhline(limits.sus_low, color=theme.TARGET, lw=1, ls="--", label="Thresholds of tools.yaml")
    right = 1.55 if theme.is_narrow() else 1.22
    ax.set(xlim=(0, right), ylim=(0, 100), xlabel="Seats in use / assigned seats", ylabel="Usability (SUS)")
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    theme.as_percent(ax.xaxis)
    return ax


def _name_points(ax: Axes, rows: pd.DataFrame) -> None:
    """Names beside the points; where points lie close together the names move apart."""
    last = {True: -100.0, False: -100.0}
    for row in rows.sort_values("sus_score", kind="stable").to_dict("records"):
        is_far = row["utilisation_rate"] > 0.85
        height = max(row["sus_score"], last[is_far] + 5.5)
        last[is_far] = height
        at = max(row["utilisation_rate"], 1.0) + 0.02
        is_plain = row["decision"] == KEEP or theme.is_narrow()
        text = row["name"] if is_plain else f"{row['name']}: {row['decision']}"
        if is_far:
            ax.text(at, height, text, va="center", color=theme.TEXT)
        else:
            side: Literal["left", "right"] = "right" if row["utilisation_rate"] > 0.4 else "left"
            ax.text(row["utilisation_rate"], height + 1, f" {text} ", va="bottom", ha=side, color=theme.TEXT)


def table_decision_by_tool(decisions: pd.DataFrame) -> TableView:
    """The decision with its reasons; the figures stay in the full table."""
    return TableView(
        columns=(
            "name", "decision", "reason", "could_be", "would_change", "notice_on",
            "yearly_licence_amount",
        ),
        labels={
            "name": "Tool", "reason": "Why", "could_be": "Within chance also",
            "would_change": "What would change it", "notice_on": "Notice by",
            "yearly_licence_amount": "Licence, a year",
        },
        is_open=True,
    )  # fmt: skip
