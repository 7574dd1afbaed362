"""Chart and table of renewals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.tool_evaluation.marks import name_rows
from salesops_lib.tool_evaluation.vocabulary import DUE, LATER, OVERDUE
from salesops_lib.wording import money

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def plot_renewal_calendar(renewals: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the stretch from notice day to renewal for each contract, the next notice day at the top.

    Args:
        renewals: What ``renewal_calendar`` returns; contracts without a renewal to come are left out.
        ax: Axes to draw on; new ones in the report's width if absent.
    """
    rows = renewals[renewals["standing"].isin([OVERDUE, DUE, LATER])][::-1].reset_index(drop=True)
    ax = ax or theme.axes(rows=max(len(rows), 1))
    ax.hlines(rows.index, rows["notice_on"], rows["renewal_on"], color=theme.PREVIOUS, lw=3)
    for standing, colour, mark in ((OVERDUE, theme.BAD, "X"), (DUE, theme.BAD, "D"), (LATER, theme.ACTUAL, "o")):
        here = rows[rows["standing"] == standing]
        if len(here):
            ax.plot(here["notice_on"], here.index, mark, color=colour, label=f"Last day of notice: {standing}")
    ax.plot(rows["renewal_on"], rows.index, "|", color=theme.TEXT, ms=11, label="Renewal")
    for place, amount in enumerate(rows["yearly_licence_amount"]):
        if pd.notna(amount):
            at = (rows["renewal_on"].iloc[place], place)
            ax.annotate(money(amount), at, (6, 0), textcoords="offset points", va="center", color=theme.TEXT)
    name_rows(ax, rows["name"].map(theme.short))
    _months(ax, rows)
    theme.grid(ax, "x")
    return ax


def _months(ax: Axes, rows: pd.DataFrame) -> None:
    """Ticks at the first of months, the year in the first and each January."""
    if rows.empty:
        return
    first, last = rows["notice_on"].min(), rows["renewal_on"].max()
    starts = pd.date_range(first.replace(day=1), last + pd.Timedelta(days=31), freq="MS")
    most = 5 if theme.is_narrow() else 12
    starts = starts[:: -(-len(starts) // most)]
    years = [None, *(day.year for day in starts[:-1])]
    labels = [f"{day:%b}" if day.year == year else f"{day:%b %y}" for day, year in zip(starts, years, strict=True)]
    ax.set_xticks(starts.to_numpy(), labels)
    room = (last - first) * (0.3 if theme.is_narrow() else 0.1)
    ax.set_xlim(min(first, starts[0]) - pd.Timedelta(days=5), last + room)


def table_renewal_calendar(renewals: pd.DataFrame) -> TableView:
    """Dates, days left and money."""
    return TableView(
        columns=(
            "name", "owner", "decision", "notice_on", "left_days", "standing", "renewal_on", "yearly_licence_amount",
        ),
        labels={
            "name": "Tool", "notice_on": "Notice by", "left_days": "Days left", "renewal_on": "Renews",
            "yearly_licence_amount": "At stake, a year",
        },
        is_open=True,
    )  # fmt: skip
