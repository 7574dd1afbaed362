"""Terms in the notes beside winning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.rep_comparison.marks import correlations, nothing_to_draw
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_DRAWN = 20
"""Terms drawn, the strongest first; half of them on a phone. The table has all."""


def plot_terms_of_top_performers(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the correlation of the strongest terms with winning more than expected, with its interval.

    Args:
        rows: What ``terms_of_top_performers`` returns.
        ax: Axes to draw on; new ones if absent.
    """
    shown = rows.dropna(subset=["correlation"]).head(MOST_DRAWN // 2 if theme.is_narrow() else MOST_DRAWN)
    if shown.empty:
        return nothing_to_draw(ax, "No terms to draw.")
    return correlations(shown, [f"“{theme.short(str(term), 22)}”" for term in shown["term"]], ax=ax)


def table_terms_of_top_performers(rows: pd.DataFrame) -> TableView:
    """Each term with its share of notes, its log-odds and its correlation."""
    del rows
    return TableView(
        columns=("term", "n_deals_with_term", "top_rate", "others_rate", "log_odds", "log_odds_low", "log_odds_high",
                 "z_score", "correlation", "correlation_low", "correlation_high", "q_value", "candidate"),
        labels={
            "term": "Term", "n_deals_with_term": "Deals", "top_rate": "Notes, top quarter",
            "others_rate": "Notes, others", "log_odds": "Log-odds", "log_odds_low": "Its interval", "z_score": "z",
            "correlation": "Correlation", "correlation_low": "Its interval", "q_value": "q",
            "candidate": "Candidate practice",
        },
        formats={
            "top_rate": "rate1", "others_rate": "rate1", "log_odds": "number2", "log_odds_low": "number2",
            "z_score": "score", "correlation": "number2", "correlation_low": "number2", "q_value": "number2",
        },
    )  # fmt: skip
