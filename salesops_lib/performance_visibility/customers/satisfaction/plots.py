"""Charts and tables of satisfaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import first_only, ranges, rows_from_top, say_x
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LABELS = {
    "n_csat": "Answers", "csat_rate": "Satisfied", "csat_rate_low": "Interval", "n_nps": "Answers, 0 to 10",
    "nps": "Net promoter score", "nps_low": "Interval", "before_rate": "Four quarters before", "p_value": "p",
    "name": "Team", "is_different": "Beyond chance",
}  # fmt: skip
FORMATS: dict[str, Format] = {"csat_rate": "rate", "before_rate": "rate", "nps": "points", "p_value": "number2"}


def plot_satisfaction_by_quarter(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of satisfied customers with its interval, quarter by quarter."""
    return _shares(rows, [f"{row['quarter']} (n = {row['n_csat']})" for row in rows.to_dict("records")], ax)


def plot_satisfaction_by_team(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of satisfied customers with its interval, team by team."""
    return _shares(rows, [f"{row['name']} (n = {row['n_csat']})" for row in rows.to_dict("records")], ax)


def _shares(rows: pd.DataFrame, labels: list[str], ax: Axes | None) -> Axes:
    if ax is None:
        ax = theme.axes(rows=len(rows) + 1)
    places = rows_from_top(ax, labels)
    ranges(ax, places, rows["csat_rate_low"], rows["csat_rate_high"], theme.ACTUAL)
    ax.plot(rows["csat_rate"], places, "o", color=theme.ACTUAL, markersize=7, label="Satisfied, with interval")
    ax.set_xlim(0, 1.02)
    theme.as_percent(ax.xaxis)
    say_x(ax, "Answers of 4 or 5 / answers from 1 to 5", "4 or 5 / all answers")
    return ax


def table_satisfaction_by_quarter(rows: pd.DataFrame) -> TableView:
    """Show both scores with n and interval, and the four quarters before."""
    columns = (
        "quarter", "n_csat", "csat_rate", "csat_rate_low", "csat_rate_high", "before_rate", "p_value", "n_nps", "nps",
        "nps_low", "nps_high",
    )  # fmt: skip
    return TableView(columns=first_only(columns, rows), labels=LABELS, formats=FORMATS)


def table_satisfaction_by_team(rows: pd.DataFrame) -> TableView:
    """Show both scores with n and interval by team."""
    columns = (
        "name", "n_csat", "csat_rate", "csat_rate_low", "csat_rate_high", "p_value", "is_different", "n_nps", "nps",
        "nps_low", "nps_high",
    )  # fmt: skip
    return TableView(columns=first_only(columns, rows), labels=LABELS, formats=FORMATS)
