"""Charts and tables of the lead red flag."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import before_and_now, first_only, rows_from_top, say_x
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_lead_red_flag(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the qualified share of all leads and of each source, now and before, with the volume in words."""
    shown = rows[rows["split"].isin(["all", "source"])].reset_index(drop=True)
    if ax is None:
        ax = theme.axes(rows=len(shown) + 1)
    places = rows_from_top(ax, list(shown["name"]))
    before_and_now(ax, shown, "before_rate", "lead_qualified_rate", shown["is_fallen"])
    tops = shown[["before_rate", "lead_qualified_rate_high"]].max().dropna()
    limit = max([0.1, *tops]) * (1.6 if theme.is_narrow() else 1.3)
    for place, volume, is_flag in zip(places, shown["volume_rate"], shown["is_red_flag"], strict=True):
        words = "new" if pd.isna(volume) else f"{number(volume, 1)}x leads"
        ax.text(
            limit, place, f"{words}: red flag" if is_flag and not theme.is_narrow() else words, ha="right", va="center"
        )
    ax.set_xlim(0, limit)
    say_x(ax, "Leads qualified / leads that have had their time", "Leads qualified / ripe leads")
    return ax


def plot_lead_steps(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share that passes each step, now and before."""
    if ax is None:
        ax = theme.axes(rows=len(rows) + 1)
    rows_from_top(ax, [step.partition(" to ")[2].capitalize() if theme.is_narrow() else step for step in rows["step"]])
    before_and_now(ax, rows, "before_rate", "pass_rate", rows["is_fallen"].astype(bool))
    ax.set_xlim(0, 1)
    say_x(ax, "Leads that passed the step / leads that reached it", "Passed / reached the step")
    return ax


def table_lead_red_flag(rows: pd.DataFrame) -> TableView:
    """Show volume, both shares, the yardstick and the verdict for sources and reps."""
    columns = (
        "split", "name", "n_leads", "volume_rate", "n_ripe", "lead_qualified_rate", "lead_qualified_rate_low",
        "lead_qualified_rate_high", "before_rate", "expected_rate", "n_missing", "p_value", "is_red_flag",
    )  # fmt: skip
    labels = {
        "split": "By", "name": "Source or rep", "n_leads": "Leads", "volume_rate": "Volume", "n_ripe": "Had their time",
        "lead_qualified_rate": "Qualified", "lead_qualified_rate_low": "Interval", "before_rate": "Before",
        "expected_rate": "Yardstick", "n_missing": "Short by", "p_value": "p", "is_red_flag": "Red flag",
    }  # fmt: skip
    formats: dict[str, Format] = {
        "volume_rate": "times", "p_value": "number2", "n_missing": "count", "lead_qualified_rate": "rate",
        "before_rate": "rate", "expected_rate": "rate",
    }  # fmt: skip
    return TableView(columns=first_only(columns, rows), labels=labels, formats=formats)


def table_lead_steps(rows: pd.DataFrame) -> TableView:
    """Show the steps with numbers and both shares."""
    labels = {
        "step": "Step", "n_reached": "Reached", "n_passed": "Passed", "n_left": "Did not", "pass_rate": "Share",
        "pass_rate_low": "Interval", "n_reached_before": "Reached before", "before_rate": "Share before",
        "p_value": "p", "is_fallen": "Fell beyond chance", "of_all_rate": "Of all leads",
    }  # fmt: skip
    formats: dict[str, Format] = {
        "p_value": "number2",
        "pass_rate": "rate1",
        "before_rate": "rate1",
        "of_all_rate": "rate1",
    }
    return TableView(columns=first_only(list(rows.columns), rows), labels=labels, formats=formats)
