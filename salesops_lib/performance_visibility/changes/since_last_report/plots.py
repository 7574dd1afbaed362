"""Charts and tables of what has changed since the last report."""

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

MOST_BARS = 12


def plot_changes_since_last_report(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the largest moves of the company and its teams as bars to either side of no change."""
    shown = rows.assign(size=rows["change_amount"].abs()).nlargest(MOST_BARS, "size").reset_index(drop=True)
    if ax is None:
        ax = theme.axes(rows=max(len(shown), 1) + 1)
    labels = [f"{theme.short(str(row['name']), 12)}, {row['measure']}" for row in shown.to_dict("records")]
    places = rows_from_top(ax, labels)
    change = shown["change_amount"]
    more = change >= 0
    for mark, colour, label in ((more, theme.ACTUAL, "More than then"), (~more, theme.PREVIOUS, "Less than then")):
        if mark.any():
            ax.barh(pd.Series(places)[mark], change[mark], height=0.6, color=colour, label=label)
    for place, value in zip(places, change, strict=True):
        words = f"+{money(value)}" if value > 0 else money(value)
        ax.annotate(words, (value, place), xytext=(4 if value >= 0 else -4, 0), textcoords="offset points", va="center",
                    ha="left" if value >= 0 else "right")  # fmt: skip
    ax.axvline(0, color=theme.TARGET, linewidth=1.2)
    ax.margins(x=0.28 if theme.is_narrow() else 0.14)
    theme.as_money(ax.xaxis)
    ax.set_xlabel("Now less then")
    return ax


def table_changes_since_last_report(rows: pd.DataFrame) -> TableView:
    """Show then and now with the number of deals and how far chance alone moves it."""
    columns = (
        "name", "measure_name", "before_amount", "now_amount", "change_amount", "change_rate", "n_before", "n_now",
        "chance_amount",
    )  # fmt: skip
    labels = {"name": "Who", "measure_name": "What", "before_amount": "Then", "now_amount": "Now",
              "change_amount": "Change", "change_rate": "Change, %", "n_before": "Deals then", "n_now": "Deals now",
              "chance_amount": "Chance alone, ±"}  # fmt: skip
    formats: dict[str, Format] = {"change_rate": "rate"}
    return TableView(columns=first_only(columns, rows), labels=labels, formats=formats)
