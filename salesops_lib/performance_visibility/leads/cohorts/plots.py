"""Chart and table of lead cohorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import first_only, month_labels
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_lead_cohorts(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of each month's leads that are deals by each day; hollow while young. One day on Axes given."""
    horizons = sorted(rows["days"].unique())
    if ax is not None or not horizons:
        first = theme.axes() if ax is None else ax
        _horizon(first, rows[rows["days"] == min(horizons, default=0)])
        return first
    panels = theme.panels(len(horizons), height=2.6 if theme.is_narrow() else 3.2, sharey=not theme.is_narrow())
    tops = rows[["converted_rate_high", "before_rate"]].max().dropna()
    for panel, days in zip(panels, horizons, strict=True):
        _horizon(panel, rows[rows["days"] == days])
        panel.set_ylim(0, max([0.05, *tops]) * 1.1)
    return panels[0]


def _horizon(ax: Axes, rows: pd.DataFrame) -> None:
    rows = rows.reset_index(drop=True)
    is_ripe = rows["is_mature"].astype(bool)
    compared = rows[rows["p_value"].notna()]
    for place, row in compared.iterrows():
        ax.hlines(row["before_rate"], -0.4, float(str(place)), color=theme.PREVIOUS, linewidth=2, label="Months before")
    for place, low, high in zip(rows.index, rows["converted_rate_low"], rows["converted_rate_high"], strict=True):
        if pd.notna(low):
            ax.plot([place, place], [low, high], color=theme.ACTUAL, linewidth=1.4)
    for rows_of_kind, fill, label in ((rows[is_ripe], theme.ACTUAL, "Mature"), (rows[~is_ripe], "white", "Young")):
        if rows_of_kind["converted_rate"].notna().any():
            ax.plot(rows_of_kind.index, rows_of_kind["converted_rate"], "o", color=theme.ACTUAL, markerfacecolor=fill,
                    markersize=7, label=f"{label}, with interval")  # fmt: skip
    changed = rows[rows["is_changed"].astype(bool)]
    if len(changed):
        ax.plot(changed.index, changed["converted_rate"], "D", color=theme.BAD, markersize=8, label="Beyond chance")
    labels = month_labels(list(rows["cohort"]))
    step = max(1, -(-len(labels) // 4))
    ax.set_xticks(range(0, len(labels), step), labels[::step])
    ax.set_xlim(-0.6, max(len(labels), 1) - 0.4)
    theme.grid(ax, "y")
    theme.as_percent(ax.yaxis)
    days = f"day {rows['days'].iloc[0]}" if len(rows) else "a day"
    ax.set_xlabel(f"Deals by {days} / leads of the month")


def table_lead_cohorts(rows: pd.DataFrame) -> TableView:
    """Show every month and horizon with its n, interval and comparison, the latest month last."""
    columns = (
        "cohort", "n_leads", "n_unassigned", "n_qualified", "n_converted", "n_won", "days", "n_followed",
        "converted_rate", "converted_rate_low", "converted_rate_high", "is_mature", "before_rate", "p_value",
        "is_changed",
    )  # fmt: skip
    labels = {
        "cohort": "Arrived in", "n_leads": "Leads", "n_unassigned": "Not assigned", "n_qualified": "Qualified so far",
        "n_converted": "Deals so far", "n_won": "Won so far", "days": "By day", "n_followed": "Had the time",
        "converted_rate": "Became deals", "converted_rate_low": "Interval", "is_mature": "Mature",
        "before_rate": "Months before", "p_value": "p", "is_changed": "Beyond chance",
    }  # fmt: skip
    formats: dict[str, Format] = {
        "days": "count",
        "converted_rate": "rate1",
        "before_rate": "rate1",
        "p_value": "number2",
    }
    return TableView(columns=first_only(columns, rows), labels=labels, formats=formats)
