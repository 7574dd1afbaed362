"""Chart and table of pipeline coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import first_only, rows_from_top
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import money

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_pipeline_coverage(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the open pipeline of each quarter against what is still to book and what former quarters needed for it."""
    if ax is None:
        ax = theme.axes(rows=round(len(rows) * 2) + 1)
    places = rows_from_top(ax, list(rows["quarter_name"]))
    gap = rows["gap_amount"].where(rows["gap_amount"] > 0)
    ax.barh(
        [place - 0.18 for place in places], rows["open_amount"], height=0.34, color=theme.ACTUAL, label="Open pipeline"
    )
    if gap.notna().any():
        ax.barh(
            [place + 0.18 for place in places],
            gap.fillna(0.0),
            height=0.34,
            color=theme.PREVIOUS,
            label="Still to book",
        )
    needed = rows["needed_amount"]
    for place, amount, low, high in zip(
        places, needed, gap * rows["needed_ratio_low"], gap * rows["needed_ratio_high"], strict=True
    ):
        if pd.notna(amount):
            ax.plot(
                [low, high],
                [place - 0.4] * 2,
                color=theme.BAD,
                linewidth=2,
                label=_once(ax, "Needed by history, with range"),
            )
            ax.plot([amount], [place - 0.4], "D", color=theme.BAD, markersize=6)
    for place, amount in zip(places, rows["open_amount"], strict=True):
        ax.annotate(money(amount), (amount, place - 0.18), xytext=(6, 0), textcoords="offset points", va="center")
    tops = [rows["open_amount"].max(), gap.max(), (gap * rows["needed_ratio_high"]).max()]
    ax.set_xlim(0, max([1.0, *(float(top) for top in tops if pd.notna(top))]) * (1.3 if theme.is_narrow() else 1.12))
    ax.set_ylim(len(rows) - 0.4, -0.7)
    theme.as_money(ax.xaxis)
    return ax


def _once(ax: Axes, label: str) -> str:
    """A legend's label for its first mark only."""
    return "_nolegend_" if label in ax.get_legend_handles_labels()[1] else label


def table_pipeline_coverage(rows: pd.DataFrame) -> TableView:
    """Show coverage, what was needed before, and the history behind it."""
    columns = (
        "quarter_name", "quota_amount", "bookings_amount", "gap_amount", "n_open", "open_amount", "coverage_ratio",
        "needed_ratio", "needed_ratio_low", "needed_ratio_high", "needed_amount", "yield_rate", "from_pipeline_rate",
        "n_quarters",
    )  # fmt: skip
    labels = {
        "quarter_name": "Quarter", "quota_amount": "Goal", "bookings_amount": "Booked", "gap_amount": "Still to book",
        "n_open": "Open deals", "open_amount": "Pipeline", "coverage_ratio": "Coverage", "needed_ratio": "Needed",
        "needed_ratio_low": "Former quarters", "needed_amount": "Pipeline needed", "yield_rate": "Won of such pipeline",
        "from_pipeline_rate": "Share of bookings from it", "n_quarters": "Quarters",
    }  # fmt: skip
    formats: dict[str, Format] = {
        "coverage_ratio": "times",
        "needed_ratio": "times",
        "yield_rate": "rate",
        "from_pipeline_rate": "rate",
    }
    shown = [name for name in columns if rows[name].notna().any()]
    return TableView(columns=first_only(shown, rows), labels=labels, formats=formats, is_open=True)
