"""Charts and tables of retention."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import first_only, ranges, rows_from_top, say_x
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NARROW_QUARTERS = 5
FORMATS: dict[str, Format] = dict.fromkeys(("gross_retention_rate", "net_retention_rate", "logo_churn_rate"), "rate1")
LABELS = {
    "n_customers": "Customers a year before", "start_amount": "Revenue then", "contraction_amount": "− given up",
    "churn_amount": "− left", "expansion_amount": "+ added", "end_amount": "= now", "gross_retention_rate": "Gross",
    "gross_retention_rate_low": "Interval", "net_retention_rate": "Net", "net_retention_rate_low": "Interval",
    "logo_churn_rate": "Customers lost", "logo_churn_rate_low": "Interval", "n_churned": "Lost",
}  # fmt: skip


def plot_retention_by_quarter(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw gross and net retention with their intervals, quarter by quarter."""
    rows = (rows.tail(NARROW_QUARTERS) if theme.is_narrow() else rows).reset_index(drop=True)
    if ax is None:
        ax = theme.axes(height=3.2)
    for name, colour, mark, shift, label in (
        ("net_retention_rate", theme.ACTUAL, "o", -0.08, "Net: with what customers added"),
        ("gross_retention_rate", theme.PREVIOUS, "s", 0.08, "Gross: what is still there"),
    ):
        places = rows.index + shift
        ax.vlines(places, rows[f"{name}_low"], rows[f"{name}_high"], color=colour, linewidth=1.4)
        ax.plot(places, rows[name], mark, linestyle="-", color=colour, label=label)
    ax.axhline(1.0, color=theme.TARGET, linewidth=1.0)
    if len(rows):
        ax.annotate(percent(rows["net_retention_rate"].iloc[-1]), (rows.index[-1], rows["net_retention_rate"].iloc[-1]),
                    xytext=(6, 6), textcoords="offset points", weight="bold")  # fmt: skip
    ax.set_xticks(rows.index, list(rows["quarter"]))
    theme.grid(ax, "y")
    theme.as_percent(ax.yaxis)
    ax.margins(x=0.08)
    ax.set_ylabel("Revenue now / a year before")
    return ax


def plot_retention_by_segment(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw net retention of each segment with its interval."""
    if ax is None:
        ax = theme.axes(rows=len(rows) + 1)
    places = rows_from_top(ax, [f"{row['segment']} (n = {row['n_customers']})" for row in rows.to_dict("records")])
    ranges(ax, places, rows["net_retention_rate_low"], rows["net_retention_rate_high"], theme.ACTUAL)
    ax.plot(rows["net_retention_rate"], places, "o", color=theme.ACTUAL, markersize=7, label="Net, with interval")
    ax.plot(rows["gross_retention_rate"], places, "s", color=theme.PREVIOUS, markersize=6, label="Gross")
    ax.axvline(1.0, color=theme.TARGET, linewidth=1.0)
    theme.as_percent(ax.xaxis)
    say_x(ax, "Recurring revenue now / of the same customers a year before", "Revenue now / a year before")
    return ax


def table_retention_by_quarter(rows: pd.DataFrame) -> TableView:
    """Show the sum from start to end, and the rates with their intervals."""
    columns = (
        "quarter", "n_customers", "start_amount", "contraction_amount", "churn_amount", "expansion_amount",
        "end_amount", "gross_retention_rate", "gross_retention_rate_low", "gross_retention_rate_high",
        "net_retention_rate", "net_retention_rate_low", "net_retention_rate_high", "n_churned", "logo_churn_rate",
        "logo_churn_rate_low", "logo_churn_rate_high",
    )  # fmt: skip
    return TableView(columns=first_only(columns, rows), labels=LABELS, formats=FORMATS)


def table_retention_by_segment(rows: pd.DataFrame) -> TableView:
    """Show the same by segment."""
    view = table_retention_by_quarter(rows)
    return TableView(columns=first_only(("segment", *view.columns[1:]), rows), labels=LABELS, formats=FORMATS)
