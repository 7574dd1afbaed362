"""Charts and tables of losses and of what is won."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import MOST_ROWS, first_only, ranges, rows_from_top
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_losses_by_reason(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each reason's share of the losses, now as a bar with its interval, before as a mark; stages below."""
    ax = _shares(rows, "loss_rate", ax)
    ax.set_xlabel("Share of lost deals")
    return ax


def plot_win_rate_by_offer(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each product's, kind's and source's win rate, now as a bar with its interval, before as a mark."""
    ax = _shares(rows, "win_rate", ax)
    ax.set_xlabel("Won / closed")
    return ax


def _shares(rows: pd.DataFrame, rate: str, ax: Axes | None) -> Axes:
    """A bar a row under the name of its kind; what changed beyond chance is marked by shape as well as colour."""
    shown = rows.head(MOST_ROWS)
    kinds = [own for _, own in shown.groupby("by", sort=False)]
    labels = [label for own in kinds for label in (f"By {own['by'].iloc[0]}", *own["name"])]
    if ax is None:
        ax = theme.axes(rows=len(labels) + 2)
    rows_from_top(ax, labels)
    shown = shown.set_index(shown.groupby("by", sort=False).ngroup().to_numpy() + np.arange(1, len(shown) + 1))
    places = list(shown.index)
    ax.barh(places, shown[rate], height=0.6, color=theme.ACTUAL, label="Last months")
    ranges(ax, places, shown[f"{rate}_low"], shown[f"{rate}_high"], theme.TARGET)
    ax.plot(shown["before_rate"], places, "D", color=theme.PREVIOUS, markersize=6, label="Twelve months before")
    changed = list(shown.index[shown["is_changed"].astype(bool)])
    if changed:
        ax.plot([0.0] * len(changed), changed, ">", color=theme.BAD, markersize=7, label="Changed beyond chance")
    theme.as_percent(ax.xaxis)
    return ax


_LABELS = {
    "by": "By", "name": "Name", "n_lost": "Lost", "loss_rate": "Share", "loss_rate_low": "Interval",
    "lost_amount": "Amount lost", "n_lost_before": "Lost before", "before_rate": "Before", "p_value": "p",
    "is_changed": "Beyond chance", "n_closed": "Closed", "n_won": "Won", "win_rate": "Win rate",
    "win_rate_low": "Interval", "won_amount": "Amount won", "n_closed_before": "Closed before",
}  # fmt: skip


def table_losses_by_reason(rows: pd.DataFrame) -> TableView:
    """Show count, share with interval, amount and the share of before."""
    return TableView(columns=first_only(list(rows.columns), rows), labels=_LABELS, formats={"p_value": "number2"})


def table_win_rate_by_offer(rows: pd.DataFrame) -> TableView:
    """Show rate with n and interval, amounts and the rate of before."""
    return TableView(columns=first_only(list(rows.columns), rows), labels=_LABELS, formats={"p_value": "number2"})
