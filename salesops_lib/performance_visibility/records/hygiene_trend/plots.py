"""Charts and tables of hygiene over time and of the pipeline that rests on deals with a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import first_only, month_labels, rows_from_top, say_x
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import money, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NARROW_MONTHS = 6


def plot_hygiene_by_month(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the score at the end of each month with its interval; a phone shows the last six."""
    shown = rows.tail(NARROW_MONTHS) if theme.is_narrow() else rows
    shown = shown.reset_index(drop=True)
    if ax is None:
        ax = theme.axes(height=2.8)
    ax.fill_between(shown.index, shown["hygiene_score_low"], shown["hygiene_score_high"], color=theme.PALE, linewidth=0,
                    label="Interval")  # fmt: skip
    ax.plot(shown.index, shown["hygiene_score"], "o-", color=theme.ACTUAL, label="Open deals without a fault")
    for place, score in enumerate(shown["hygiene_score"]):
        if place in (0, len(shown) - 1) and pd.notna(score):
            ax.annotate(percent(score), (place, score), xytext=(0, 9), textcoords="offset points", ha="center")
    ax.set_xticks(shown.index, month_labels(list(shown["month"])))
    ax.set_ylim(0, 1.08)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
    theme.grid(ax, "y")
    theme.as_percent(ax.yaxis)
    ax.set_ylabel("Sound / open" if theme.is_narrow() else "Sound / open deals")
    return ax


def plot_pipeline_on_bad_records(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the amount due in each quarter by the gravest fault of its deals, sound deals last."""
    faults = list(rows["fault"].drop_duplicates())
    if ax is None:
        ax = theme.axes(rows=round(len(faults) * 1.6) + 1)
    names = [_brief(key) for key in faults] if theme.is_narrow() else list(rows["name"].drop_duplicates())
    rows_from_top(ax, names)
    quarters = list(rows["quarter_name"].drop_duplicates())
    for quarter, shift, colour in zip(quarters, (-0.2, 0.2), (theme.ACTUAL, theme.PREVIOUS), strict=False):
        own = rows[rows["quarter_name"] == quarter].reset_index(drop=True)
        places = own.index.to_numpy() + shift
        ax.barh(places, own["open_amount"], height=0.36, color=colour, label=f"Due in {quarter}")
        for place, amount, share in zip(places, own["open_amount"], own["amount_rate"], strict=True):
            words = percent(share) if theme.is_narrow() else f"{money(amount)}, {percent(share)}"
            ax.annotate(words, (amount, place), xytext=(5, 0), textcoords="offset points", va="center", fontsize=9)
    ax.set_xlim(0, max(1.0, float(rows["open_amount"].max())) * 1.2)
    theme.as_money(ax.xaxis)
    say_x(
        ax, "Open amount by the gravest fault of the deal; shares are of the quarter", "Open amount, share of quarter"
    )
    return ax


def _brief(key: str) -> str:
    return "Sound" if key == "is_clean" else key.partition("_")[2].replace("_", " ").capitalize()


def table_hygiene_by_month(rows: pd.DataFrame) -> TableView:
    """Show counts, score with interval and amounts, the latest month with its change."""
    columns = (
        "month", "n_open", "n_clean", "hygiene_score", "hygiene_score_low", "hygiene_score_high", "open_amount",
        "fault_amount", "change_rate", "change_rate_low", "change_rate_high", "p_value",
    )  # fmt: skip
    shown = [name for name in columns if len(rows) == 0 or rows[name].notna().any()]
    labels = {
        "n_open": "Open", "n_clean": "Sound", "hygiene_score": "Score", "hygiene_score_low": "Interval",
        "open_amount": "Amount", "fault_amount": "At fault", "change_rate": "In three months",
        "change_rate_low": "Its interval", "p_value": "p",
    }  # fmt: skip
    formats: dict[str, Format] = {"hygiene_score": "rate", "change_rate": "points", "p_value": "number2"}
    return TableView(columns=first_only(shown, rows), labels=labels, formats=formats)


def table_pipeline_on_bad_records(rows: pd.DataFrame) -> TableView:
    """Show number, amount and share by gravest fault, as stated and weighted by stage."""
    columns = (
        "quarter_name", "name", "n_open", "open_amount", "amount_rate", "weighted_amount", "weighted_rate", "fix",
    )  # fmt: skip
    shown = [name for name in columns if len(rows) == 0 or rows[name].notna().any()]
    labels = {
        "quarter_name": "Quarter", "name": "Gravest fault", "n_open": "Deals", "open_amount": "Amount",
        "amount_rate": "Of the quarter", "weighted_amount": "Weighted by stage", "weighted_rate": "Of that",
        "fix": "What mends it",
    }  # fmt: skip
    formats: dict[str, Format] = {"amount_rate": "rate", "weighted_rate": "rate"}
    return TableView(columns=first_only(shown, rows), labels=labels, formats=formats)
