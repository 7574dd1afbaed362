"""Charts of what people say of tools and how tools rank: frames in, Axes out; nothing is counted here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.tool_evaluation.plots.rows import draw_limits, name_rows
from salesops_lib.wording import number, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from salesops_lib.parameters import Parameters

PARTS = (theme.ACTUAL, theme.PREVIOUS, theme.PALE, theme.MUTED)
"""Colours of the criteria, in the order of the file; from the fifth on they repeat with a hatch."""


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
        here = rows[(rows["verdict"] == "too few to judge") == is_few]
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


def plot_ranking_by_tool(ranking: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each tool's place, and the places it takes under other weights and methods.

    Args:
        ranking: What ``ranking_by_tool`` returns.
        ax: Axes to draw on; new ones in the report's width if absent.
    """
    rows = ranking[::-1].reset_index(drop=True)
    ax = ax or theme.axes(rows=len(rows))
    ax.hlines(rows.index, rows["rank_low"], rows["rank_high"], color=theme.PREVIOUS, lw=3)
    ax.plot(rows["rank"], rows.index, "o", color=theme.ACTUAL, label="Place by the stated weights, with interval")
    ax.plot(rows["topsis_rank"], rows.index, "|", color=theme.TEXT, ms=11, label="Place by TOPSIS")
    for place, share in enumerate(rows["first_rate"]):
        if share >= 0.005:
            text = f"first in {percent(share)}"
            at = (rows["rank_high"].iloc[place], place)
            ax.annotate(text, at, (9, 0), textcoords="offset points", va="center", color=theme.TEXT)
    name_rows(ax, rows["name"].map(theme.short))
    ax.set(xlim=(0.6, len(rows) + 1.2), xlabel="Place among the ranked tools (1 is best)")
    ax.set_xticks(range(1, len(rows) + 1))
    theme.grid(ax, "x")
    return ax
