"""Charts of the playbook: frames in, Axes out; nothing is counted here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesops_lib import theme
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def plot_role_coverage(coverage: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a bar per role category, the thin ones in the colour of what is off, with its count.

    Args:
        coverage: What ``role_coverage`` returns.
        ax: Axes to draw on; new ones in the report's width if absent.
    """
    rows = coverage[::-1].reset_index(drop=True)
    ax = ax or theme.axes(rows=len(rows))
    for is_thin, colour, label in ((False, theme.ACTUAL, "Covered"), (True, theme.BAD, "Thin: one person or none")):
        here = rows[rows["is_thin"] == is_thin]
        ax.barh(here.index, here["n_people"], color=colour, label=label, height=0.6)
    for place, n in enumerate(rows["n_people"]):
        ax.text(n + 0.05, place, str(n), va="center", color=theme.TEXT)
    ax.set_yticks(rows.index, [name.capitalize() for name in rows["category"]])
    ax.set(xlabel="People who cover the category", xlim=(0, max(rows["n_people"].max(), 1) * 1.15))
    theme.grid(ax, "x")
    return ax


def plot_stage_use(stages: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of won deals that passed through each stage, in the order of the process.

    Args:
        stages: What ``stage_use`` returns; stages without a history are left out.
        ax: Axes to draw on; new ones in the report's width if absent.
    """
    rows = stages.dropna(subset="passed_rate")[::-1].reset_index(drop=True)
    ax = ax or theme.axes(rows=max(len(rows), 1))
    ax.barh(rows.index, rows["passed_rate"].astype(float), color=theme.ACTUAL, height=0.6)
    for place, rate in enumerate(rows["passed_rate"]):
        ax.text(float(rate) + 0.01, place, f"{float(rate):.0%}", va="center", color=theme.TEXT)
    ax.set_yticks(rows.index, [theme.short(name) for name in rows["stage"]])
    ax.set(xlim=(0, 1.12), xlabel="Won deals that were in the stage / deals won in the last year")
    theme.as_percent(ax.xaxis)
    theme.grid(ax, "x")
    return ax


def table_mission(statements: pd.DataFrame) -> TableView:
    """The values under the mission, plainly."""
    return TableView(is_open=False)


def table_stage_use(stages: pd.DataFrame) -> TableView:
    """The written process and its use, in the open."""
    return TableView(
        columns=("stage", "meaning", "entry", "exit", "n_open", "n_won", "passed_rate", "median_days"),
        labels={
            "entry": "Enters when", "exit": "Leaves when", "n_open": "Open now", "passed_rate": "Passed through",
            "n_won": "Won in a year", "median_days": "Median stay",
        },
        is_open=True,
    )  # fmt: skip


def table_role_coverage(coverage: pd.DataFrame) -> TableView:
    """Who covers what, beside the chart."""
    return TableView(columns=("category", "covers", "n_people", "people"), is_open=True)


def table_duties(listed: pd.DataFrame) -> TableView:
    """Who does what, in the open."""
    return TableView(columns=("area", "duty", "who", "backup"), is_open=True)


def table_kpi_dictionary(kpis: pd.DataFrame) -> TableView:
    """What leaders look up; numerators and sources stay in the full table."""
    return TableView(
        columns=("kpi", "meaning", "numerator", "denominator", "date_basis", "owner", "action"),
        labels={"kpi": "Key figure"},
        is_open=True,
    )


def table_review_cadence(reviews: pd.DataFrame) -> TableView:
    """Reviews with their due days."""
    return TableView(columns=("review", "every", "owner", "last_done_on", "due_on", "overdue_days"), is_open=True)
