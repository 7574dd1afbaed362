"""Chart and table of leads by source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.plots.marks import first_only, ranges, rows_from_top, say_x
from salesops_lib.reporting.formats import Format
from salesops_lib.reporting.tables import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_leads_by_source(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of each source's leads touched within a day, with its interval; n beside the name."""
    if ax is None:
        ax = theme.axes(rows=len(rows) + 1)
    size = 13 if theme.is_narrow() else 24
    labels = [f"{theme.short(str(row['source']), size)} (n = {row['n_leads']:,})" for row in rows.to_dict("records")]
    places = rows_from_top(ax, labels)
    ax.set_yticks(places, labels)
    ranges(ax, places, rows["touched_in_a_day_rate_low"], rows["touched_in_a_day_rate_high"], theme.ACTUAL)
    ax.plot(rows["touched_in_a_day_rate"], places, "o", color=theme.ACTUAL, markersize=7, label="Touched within a day")
    ax.plot(rows["lead_qualified_rate"], places, "s", color=theme.PREVIOUS, markersize=6, label="Qualified in time")
    ax.set_xlim(0, 1)
    theme.as_percent(ax.xaxis)
    say_x(ax, "Share of the leads of the last months", "Share of leads")
    return ax


def table_leads_by_source(rows: pd.DataFrame) -> TableView:
    """Show volume, speed, quality and worth side by side."""
    columns = (
        "source", "n_leads", "leads_per_day", "before_per_day", "first_touch_hours", "first_touch_hours_low",
        "first_touch_hours_high", "before_hours", "touched_in_a_day_rate", "n_untouched", "lead_qualified_rate",
        "lead_qualified_rate_low", "lead_qualified_rate_high", "worth_amount", "is_slower",
    )  # fmt: skip
    labels = {
        "n_leads": "Leads", "leads_per_day": "A selling day", "before_per_day": "Before", "first_touch_hours":
        "First touch, median", "first_touch_hours_low": "Interval", "before_hours": "Before",
        "touched_in_a_day_rate": "Within a day", "n_untouched": "Untouched", "lead_qualified_rate": "Qualified",
        "lead_qualified_rate_low": "Interval", "worth_amount": "Won a lead", "is_slower": "Slower",
    }  # fmt: skip
    formats: dict[str, Format] = {
        "first_touch_hours": "hours", "before_hours": "hours", "touched_in_a_day_rate": "rate",
        "lead_qualified_rate": "rate", "leads_per_day": "score", "before_per_day": "score",
    }  # fmt: skip
    return TableView(columns=first_only(columns, rows), labels=labels, formats=formats)
