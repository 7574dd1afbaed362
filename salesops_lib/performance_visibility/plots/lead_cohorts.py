"""Heat map and table of lead cohorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.plots.heat import heat_map
from salesops_lib.performance_visibility.plots.marks import first_only, month_labels, say_x
from salesops_lib.reporting.formats import Format
from salesops_lib.reporting.tables import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_lead_cohorts(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of each month's leads that became deals by each day; shares of young months in brackets."""
    months, days = list(rows["month"].unique()), sorted(rows["days"].unique())
    if ax is None:
        ax = theme.axes(height=0.8 + 0.3 * max(len(months), 1))
    shares = rows.pivot(index="month", columns="days", values="converted_rate").reindex(index=months, columns=days)
    ripe = rows.pivot(index="month", columns="days", values="is_mature").reindex(index=months, columns=days)
    heat_map(ax, shares, ripe.fillna(False).astype(bool), dark_is="low")
    ax.set_yticks(range(len(months)), month_labels(months))
    ax.set_xticks(range(len(days)), [f"{day} days" for day in days])
    say_x(ax, "Percent of the month's leads that were deals by then; in brackets: not final", "% deals; (not final)")
    return ax


def table_lead_cohorts(rows: pd.DataFrame) -> TableView:
    """Show every month and horizon with n and interval."""
    columns = (
        "month", "days", "n_leads", "n_unassigned", "n_followed", "converted_rate", "converted_rate_low",
        "converted_rate_high", "is_mature", "before_rate", "p_value",
    )  # fmt: skip
    labels = {
        "month": "Arrived in", "days": "Days", "n_leads": "Leads", "n_unassigned": "No owner", "n_followed": "Followed",
        "converted_rate": "Deals by then", "converted_rate_low": "Interval", "is_mature": "Mature",
        "before_rate": "Earlier months", "p_value": "p",
    }  # fmt: skip
    formats: dict[str, Format] = {"converted_rate": "rate1", "before_rate": "rate1", "p_value": "number2"}
    return TableView(columns=first_only(columns, rows), labels=labels, formats=formats, first=36)
