"""Chart and table of selling and keeping."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import first_only
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes

REPS_SHOWN = 20


def plot_selling_and_keeping(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each rep's new business against the share of customers kept; only those apart beyond chance have names."""
    shown = rows.dropna(subset="logo_churn_rate")
    if ax is None:
        ax = theme.axes(height=3.6)
    apart = shown["is_losing_more"].astype(bool) | shown["is_keeping_more"].astype(bool)
    for mark, colour, label in (
        (~apart, theme.ACTUAL, "Rep, within chance"),
        (apart, theme.BAD, "Rep, apart beyond chance"),
    ):
        own = shown[mark]
        if len(own):
            ax.plot(own["new_amount"], 1 - own["logo_churn_rate"], "D" if colour == theme.BAD else "o", color=colour,
                    markersize=7, alpha=0.8, label=label)  # fmt: skip
    for row in shown[apart].to_dict("records"):
        ax.annotate(theme.short(str(row["name"])), (row["new_amount"], 1 - row["logo_churn_rate"]), xytext=(6, 4),
                    textcoords="offset points")  # fmt: skip
    theme.as_money(ax.xaxis)
    theme.as_percent(ax.yaxis)
    ax.set_xlim(left=0)
    ax.set_ylim(top=1.02)
    ax.set_xlabel("New business, 12 months")
    ax.set_ylabel("Customers kept" if theme.is_narrow() else "Customers kept / customers a year before")
    return ax


def table_selling_and_keeping(rows: pd.DataFrame) -> TableView:
    """Show what was sold and what was kept side by side."""
    columns = [
        "name", "team", "n_new", "new_amount", "n_customers", "logo_churn_rate", "logo_churn_rate_low",
        "logo_churn_rate_high", "gross_retention_rate", "net_retention_rate", "n_csat", "csat_rate", "csat_rate_low",
        "csat_rate_high", "p_value",
    ]  # fmt: skip
    shown = [name for name in columns if len(rows) == 0 or rows[name].notna().any()]
    labels = {
        "name": "Rep", "n_new": "New deals", "new_amount": "New business", "n_customers": "Customers a year before",
        "logo_churn_rate": "Left", "logo_churn_rate_low": "Interval", "gross_retention_rate": "Gross",
        "net_retention_rate": "Net", "n_csat": "Answers", "csat_rate": "Satisfied", "csat_rate_low": "Interval",
        "p_value": "p",
    }  # fmt: skip
    formats: dict[str, Format] = {
        "logo_churn_rate": "rate", "gross_retention_rate": "rate", "net_retention_rate": "rate", "csat_rate": "rate",
        "p_value": "number2",
    }  # fmt: skip
    return TableView(columns=first_only(shown, rows), labels=labels, formats=formats, first=REPS_SHOWN)
