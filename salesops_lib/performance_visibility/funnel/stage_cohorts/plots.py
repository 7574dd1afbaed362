"""Heat map and table of stage cohorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import first_only, heat_map, month_labels, say_x
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_stage_cohorts(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of each month's deals that got to each stage as numbers on a tint; young months in brackets."""
    months, stages = list(rows["month"].unique()), list(rows["stage"].unique())
    if ax is None:
        ax = theme.axes(height=0.8 + 0.3 * max(len(months), 1))
    shares = rows.pivot(index="month", columns="stage", values="reached_rate").reindex(index=months, columns=stages)
    ripe = rows.pivot(index="month", columns="stage", values="is_mature").reindex(index=months, columns=stages)
    heat_map(ax, shares, ripe.fillna(False).astype(bool), dark_is="low")
    ax.set_yticks(range(len(months)), month_labels(months))
    ax.set_xticks(range(len(stages)), [theme.short(stage, 9 if theme.is_narrow() else 20) for stage in stages])
    say_x(ax, "Percent of the deals created in the month; in brackets: may rise", "% of deals created; (may rise)")
    return ax


def table_stage_cohorts(rows: pd.DataFrame) -> TableView:
    """Show every month and stage with n and interval."""
    columns = (
        "month", "stage", "n_created", "n_reached", "reached_rate", "reached_rate_low", "reached_rate_high",
        "is_mature",
    )  # fmt: skip
    labels = {
        "month": "Created in", "n_created": "Created", "n_reached": "Got there", "reached_rate": "Share",
        "reached_rate_low": "Interval", "is_mature": "Mature",
    }  # fmt: skip
    formats: dict[str, Format] = {"reached_rate": "rate"}
    return TableView(columns=first_only(columns, rows), labels=labels, formats=formats)
