"""Chart and table of the leads of each source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import MOST_ROWS, first_only, ranges, rows_from_top
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MEASURES = (
    ("daily_leads", "before_daily_leads", "Leads / selling day"),
    ("first_touch_hours", "before_touch_hours", "Hours to first touch"),
    ("lead_qualified_rate", "before_rate", "Qualified / ripe leads"),
    ("worth_amount", "", "Won / earlier lead"),
)
"""Measure, its value of before and its name, in the order drawn."""


def plot_leads_by_source(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw volume, speed, quality and worth of each source side by side, now and before; speed alone on Axes given."""
    shown = rows if len(rows) <= MOST_ROWS else pd.concat([rows.head(MOST_ROWS // 2), rows.tail(MOST_ROWS // 2)])
    shown = shown.reset_index(drop=True)
    if ax is not None:
        _measure(ax, shown, *MEASURES[1])
        return ax
    panels = theme.panels(len(MEASURES), rows=len(shown) + 2, sharey=not theme.is_narrow())
    for panel, measure in zip(panels, MEASURES, strict=True):
        _measure(panel, shown, *measure)
    return panels[0]


def _measure(ax: Axes, rows: pd.DataFrame, name: str, before: str, words: str) -> None:
    """One measure as dots with intervals; what is beyond chance is marked by shape as well as colour."""
    places = rows_from_top(ax, [str(source) for source in rows["source"]])
    ranges(ax, places, rows[f"{name}_low"], rows[f"{name}_high"], theme.ACTUAL)
    if before:
        ax.plot(rows[before], places, "o", color=theme.PREVIOUS, markersize=7, label="Before")
    ax.plot(rows[name], places, "o", color=theme.ACTUAL, markersize=7, label="With interval")
    for flag, colour, shape, label in _flags(name):
        at = [place for place, is_flagged in zip(places, rows[flag], strict=True) if is_flagged]
        if at:
            ax.plot(rows[name].iloc[at], at, shape, color=colour, markersize=8, label=label)
    values = rows[[name, f"{name}_high", *([before] if before else [])]].astype(float)
    most = float(values.max().max())
    ax.set_xlim(0, most * 1.08 if most > 0 else 1)
    ax.locator_params(axis="x", nbins=3 if name.endswith("_amount") else 4)
    if name.endswith("_rate"):
        theme.as_percent(ax.xaxis)
    elif name.endswith("_amount"):
        theme.as_money(ax.xaxis)
    ax.set_xlabel(words)


def _flags(name: str) -> list[tuple[str, str, str, str]]:
    if name == "first_touch_hours":
        return [
            ("is_slower", theme.BAD, "D", "Waits longer beyond chance"),
            ("is_faster", theme.GOOD, "s", "Touched sooner beyond chance"),
        ]
    if name == "worth_amount":
        return [
            ("is_worth_more", theme.GOOD, "^", "Worth more beyond chance"),
            ("is_worth_less", theme.BAD, "v", "Worth less beyond chance"),
        ]
    return []


def table_leads_by_source(rows: pd.DataFrame) -> TableView:
    """Show volume, speed, waiting, quality and worth; the rest is in the CSV."""
    columns = (
        "source", "n_leads", "daily_leads", "before_daily_leads", "first_touch_hours", "first_touch_hours_low",
        "first_touch_hours_high", "before_touch_hours", "touched_in_day_rate", "is_slower", "n_waiting",
        "n_waiting_week", "n_ripe", "lead_qualified_rate", "before_rate", "converted_rate", "n_leads_before",
        "n_won_before", "worth_amount", "worth_amount_low", "worth_amount_high", "worth_p_value",
    )  # fmt: skip
    labels = {
        "source": "Source", "n_leads": "Leads", "daily_leads": "A selling day", "before_daily_leads": "Before",
        "first_touch_hours": "First touch", "first_touch_hours_low": "Interval", "before_touch_hours": "Before",
        "touched_in_day_rate": "Within 24 h", "is_slower": "Waits longer", "n_waiting": "Untouched",
        "n_waiting_week": "For over a week", "n_ripe": "Had their time", "lead_qualified_rate": "Qualified",
        "before_rate": "Before", "converted_rate": "Deals by day 30", "n_leads_before": "Leads before",
        "n_won_before": "Won of these", "worth_amount": "Won per lead", "worth_amount_low": "Interval",
        "worth_p_value": "p",
    }  # fmt: skip
    formats: dict[str, Format] = {
        "daily_leads": "number", "before_daily_leads": "number", "first_touch_hours": "hours",
        "before_touch_hours": "hours", "lead_qualified_rate": "rate", "before_rate": "rate", "converted_rate": "rate",
        "touched_in_day_rate": "rate", "worth_p_value": "number2",
    }  # fmt: skip
    return TableView(columns=first_only(columns, rows), labels=labels, formats=formats)
