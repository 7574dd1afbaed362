"""Chart and tables of concentration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import first_only, rows_from_top, say_x
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PARTS = (
    ("Largest deal", None, "top1_rate", theme.ACTUAL, theme.INSIDE),
    ("2nd to 5th", "top1_rate", "top5_rate", theme.MUTED, theme.INSIDE),
    ("6th to 10th", "top5_rate", "top10_rate", theme.PREVIOUS, theme.TEXT),
    ("All others", "top10_rate", None, theme.PALE, theme.TEXT),
)
"""Label, column where the part begins and where it ends (0 and 1 where none), its colour and that of its figure."""


def plot_pipeline_concentration(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share that the largest deal, the next ones and all others have of each pipeline, as one bar each."""
    shown = rows.dropna(subset="top1_rate").reset_index(drop=True)
    if ax is None:
        ax = theme.axes(rows=round(len(shown) * 1.3) + 1)
    places = rows_from_top(ax, list(shown["target_name"]))
    least = 0.12 if theme.is_narrow() else 0.05
    for label, start, end, colour, inside in PARTS:
        left = shown[start].astype(float) if start else pd.Series(0.0, index=shown.index)
        share = (shown[end].astype(float) if end else 1.0) - left
        ax.barh(places, share, left=left, height=0.62, color=colour, label=label, edgecolor=theme.INSIDE)
        for place, at, width in zip(places, left, share, strict=True):
            if width > least:
                ax.text(at + width / 2, place, percent(width), ha="center", va="center", color=inside)
    ax.set_xlim(0, 1)
    theme.as_percent(ax.xaxis)
    say_x(ax, "Share of the open amount", "Share of the open amount")
    return ax


def table_pipeline_concentration(rows: pd.DataFrame) -> TableView:
    """Show the shares of deals and accounts, and the coverage with and without the largest deal."""
    columns = [
        "target_name", "n_open", "n_without_amount", "open_amount", "top1_rate", "top5_rate", "top10_rate", "n_half",
        "effective_deals", "account_top1_rate", "account_top5_rate", "account_top10_rate", "n_half_accounts",
        "coverage_ratio", "coverage_without_ratio", "needed_ratio", "luck_rate",
    ]  # fmt: skip
    labels = {
        "target_name": "Pipeline", "n_open": "Open deals", "n_without_amount": "Without amount",
        "open_amount": "Amount", "top1_rate": "Largest deal", "top5_rate": "Five largest", "top10_rate": "Ten largest",
        "n_half": "Deals for half", "effective_deals": "Like so many of one size",
        "account_top1_rate": "Largest account", "account_top5_rate": "Five largest accounts",
        "account_top10_rate": "Ten largest accounts", "n_half_accounts": "Accounts for half",
        "coverage_ratio": "Coverage", "coverage_without_ratio": "Without the largest", "needed_ratio": "Needed",
        "luck_rate": "Luck alone",
    }  # fmt: skip
    rates = [name for name in columns if name.endswith("_rate")]
    formats: dict[str, Format] = {
        **dict.fromkeys(rates, "rate"), "effective_deals": "count", "coverage_ratio": "number2",
        "coverage_without_ratio": "number2", "needed_ratio": "number2",
    }  # fmt: skip
    shown = [name for name in columns if rows[name].notna().any()]
    return TableView(columns=first_only(shown or columns, rows), labels=labels, formats=formats)


def table_largest_open_deals(rows: pd.DataFrame) -> TableView:
    """Show each deal with its share, what it adds up to, and how it stands."""
    columns = [
        "opportunity_id", "account", "rep_name", "stage", "amount", "share_rate", "running_rate", "age_days",
        "expected_close_on", "n_pushes",
    ]  # fmt: skip
    labels = {
        "opportunity_id": "Deal", "rep_name": "Owner", "share_rate": "Of the pipeline", "running_rate": "Together",
        "age_days": "Age, days", "expected_close_on": "Due", "n_pushes": "Pushes",
    }  # fmt: skip
    formats: dict[str, Format] = {"amount": "amount", "share_rate": "rate1", "running_rate": "rate1"}
    shown = [name for name in columns if rows[name].notna().any()]
    return TableView(columns=first_only(shown or columns, rows), labels=labels, formats=formats, bars=("share_rate",))
