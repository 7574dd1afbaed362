"""Effort and customers by rep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.rep_comparison.marks import first_and_last, name_rows, nothing_to_draw
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANELS = (
    ("activities_per_week", "Activities a week", False),
    ("shrunken_csat_rate", "Satisfied, adjusted", True),
    ("shrunken_churn_rate", "Customers lost, adjusted", True),
)


def plot_effort_and_customers_by_rep(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw activities a week, satisfaction and churn side by side, reps in one order; the raw rate as a hollow dot.

    Args:
        rows: What ``effort_and_customers_by_rep`` returns.
        ax: Axes for the first panel alone, for those who arrange their own; new ones if absent.
    """
    drawn = [panel for panel in PANELS if rows[panel[0]].notna().any()]
    if not drawn:
        return nothing_to_draw(ax, "No activities, answers or customers to draw.")
    shown = first_and_last(rows.sort_values([drawn[0][0], "name"], ascending=[False, True]), 24, 10)
    panels = [ax] if ax is not None else theme.panels(len(drawn), rows=len(shown) + 1)
    reps = shown[~shown["is_gap"]]
    for place, (panel, (name, title, is_rate)) in enumerate(zip(panels, drawn[: len(panels)], strict=True)):
        if is_rate:
            raw = "csat_rate" if "csat" in name else "logo_churn_rate"
            panel.hlines(reps.index, reps[f"{name}_low"], reps[f"{name}_high"], color=theme.ACTUAL, linewidth=1.6)
            panel.plot(reps[raw], reps.index, "o", markersize=4, markerfacecolor="none", markeredgecolor=theme.PREVIOUS)
            panel.plot(reps[name], reps.index, "o", markersize=5, color=theme.ACTUAL)
            theme.as_percent(panel.xaxis)
        else:
            panel.barh(reps.index, reps[name], height=0.62, color=theme.ACTUAL)
        is_named = place == 0 or theme.is_narrow()
        name_rows(panel, shown, [theme.short(str(row.name)) if is_named else "" for row in shown.itertuples()])
        panel.locator_params(axis="x", nbins=4)
        panel.set_title(title)
    return panels[0]


def table_effort_and_customers_by_rep(rows: pd.DataFrame) -> TableView:
    """Effort, satisfaction and churn with their intervals; columns without any data are left out."""
    columns = [
        "name", "team_name", "n_activities", "activities_per_week", "n_won", "activities_per_win",
        "activities_per_win_low", "activities_per_win_high", "n_csat", "csat_rate", "csat_rate_low", "csat_rate_high",
        "shrunken_csat_rate", "n_customers", "n_churned", "n_expected", "logo_churn_rate", "logo_churn_rate_low",
        "logo_churn_rate_high", "shrunken_churn_rate",
    ]  # fmt: skip
    return TableView(
        columns=[name for name in columns if rows.empty or rows[name].notna().any()],
        labels={
            "team_name": "Team", "n_activities": "Activities", "activities_per_week": "A week", "n_won": "Won",
            "activities_per_win": "Per win", "activities_per_win_low": "Per win, interval", "n_csat": "Answers",
            "csat_rate": "Satisfied", "csat_rate_low": "Satisfied, interval",
            "shrunken_csat_rate": "Satisfied, adjusted", "n_customers": "Customers", "n_churned": "Left",
            "n_expected": "Expected to leave", "logo_churn_rate": "Churn", "logo_churn_rate_low": "Churn, interval",
            "shrunken_churn_rate": "Churn, adjusted",
        },
        formats={
            "n_activities": "count", "activities_per_week": "score", "activities_per_win": "score",
            "activities_per_win_low": "score", "n_csat": "count", "n_customers": "count", "n_churned": "count",
            "n_expected": "score",
        },
    )  # fmt: skip
