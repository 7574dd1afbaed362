"""Chart and tables of the ranking and its robustness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.tool_evaluation.marks import name_rows
from salesops_lib.wording import percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


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


def table_ranking_by_tool(ranking: pd.DataFrame) -> TableView:
    """Places, scores and how often the tool comes first."""
    return TableView(
        columns=("name", "category", "rank", "rank_low", "rank_high", "score", "topsis_rank", "first_rate"),
        labels={"name": "Tool", "rank": "Place", "topsis_rank": "Place by TOPSIS", "first_rate": "Comes first"},
        formats={"rank": "count", "topsis_rank": "count", "score": "number2", "first_rate": "rate"},
    )


def table_ranking_by_method(methods: pd.DataFrame) -> TableView:
    """One line per way to compute it."""
    return TableView(
        columns=("method", "normalisation", "is_stated", "first_name", "first_rate", "n_moved"),
        labels={
            "is_stated": "Ours", "first_name": "Comes first", "first_rate": "Stays first",
            "n_moved": "At another place",
        },
    )  # fmt: skip


def table_ranking_without_one(left_out: pd.DataFrame) -> TableView:
    """One line per tool left out; which pairs, where there are any."""
    which = ("swapped",) if (left_out["n_swapped"] > 0).any() else ()
    return TableView(
        columns=("name", "first_name", "n_swapped", *which, "n_swapped_topsis", "n_pairs"),
        labels={
            "name": "Left out", "first_name": "Then first", "n_swapped": "Pairs turned", "swapped": "Which",
            "n_swapped_topsis": "Pairs turned, TOPSIS", "n_pairs": "Pairs",
        },
    )  # fmt: skip
