"""Chart and table of what people say of tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.tool_evaluation.marks import draw_limits, name_rows
from salesops_lib.tool_evaluation.vocabulary import TOO_FEW

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from salesops_lib.parameters import Parameters


def plot_survey_by_tool(survey: pd.DataFrame, *, parameters: Parameters, ax: Axes | None = None) -> Axes:
    """Draw the usability of each tool with its interval, the best at the top.

    Args:
        survey: What ``survey_by_tool`` returns; tools without an answer are left out. Too few answers are hollow.
        parameters: Thresholds of ``tools.yaml``, drawn as lines.
        ax: Axes to draw on; new ones in the report's width if absent.
    """
    rows = survey.dropna(subset="sus_score")[::-1].reset_index(drop=True)
    ax = ax or theme.axes(rows=len(rows))
    ax.hlines(rows.index, rows["sus_score_low"], rows["sus_score_high"], color=theme.PREVIOUS, lw=3)
    for is_few, face, label in (
        (False, theme.ACTUAL, "Usability now, with interval"),
        (True, "none", "Too few answers"),
    ):
        here = rows[(rows["verdict"] == TOO_FEW) == is_few]
        if len(here):
            ax.plot(here["sus_score"], here.index, "o", mfc=face, mec=theme.ACTUAL, color=theme.ACTUAL, label=label)
    before = (rows["sus_score"] - rows["sus_change_score"]).dropna()
    ax.plot(before, before.index, "|", color=theme.TEXT, ms=11, label="The survey before")
    if parameters.tools:
        limits = parameters.tools.thresholds
        draw_limits(ax, ((limits.sus_low, "low"), (limits.sus_good, "good")))
    names = rows["name"].map(theme.short)
    name_rows(ax, [f"{name} (n={n})" for name, n in zip(names, rows["n_sus"], strict=True)])
    ax.set(xlim=(0, 100), xlabel="System usability scale (0 to 100)")
    theme.grid(ax, "x")
    return ax


def table_survey_by_tool(survey: pd.DataFrame) -> TableView:
    """The three scores with n and interval, and the change."""
    return TableView(
        columns=(
            "name", "n_sus", "sus_score", "sus_score_low", "sus_score_high", "sus_change_score",
            "sus_change_score_low", "sus_change_score_high", "n_nps", "nps_score", "nps_score_low", "nps_score_high",
            "n_csat", "csat_rate", "csat_rate_low", "csat_rate_high",
        ),
        labels={
            "n_sus": "n, SUS", "sus_score": "SUS", "sus_change_score": "Change",
            "n_nps": "n, NPS",
            "nps_score": "NPS", "n_csat": "n, CSAT", "csat_rate": "CSAT (4 or 5)",
        },
        is_open=True,
    )  # fmt: skip
