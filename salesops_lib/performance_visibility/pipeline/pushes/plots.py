"""Charts and tables of pushed deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import MOST_ROWS, first_only, ranges, rows_from_top, say_x
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NARROW_QUARTERS = 5
DEALS_SHOWN = 20
SO_FAR = "Quarter so far"


def plot_push_rate_by_quarter(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of each quarter's due deals that was put off, by count with interval and by value."""
    shown = (rows.tail(NARROW_QUARTERS) if theme.is_narrow() else rows).reset_index(drop=True)
    if ax is None:
        ax = theme.axes(height=3.2)
    is_partial = shown["is_partial"].astype(bool)
    for part, colour, label in (
        (shown[~is_partial], theme.ACTUAL, "Pushed / due"),
        (shown[is_partial], theme.PALE, SO_FAR),
    ):
        if len(part):
            ax.bar(part.index, part["push_rate"].fillna(0.0), width=0.62, color=colour, edgecolor=theme.ACTUAL,
                   label=label)  # fmt: skip
    for place, low, high in zip(shown.index, shown["push_rate_low"], shown["push_rate_high"], strict=True):
        if pd.notna(low):
            ax.plot([place, place], [low, high], color=theme.PREVIOUS, linewidth=1.6)
    if shown["value_push_rate"].notna().any():
        ax.plot(shown.index + 0.2, shown["value_push_rate"], "s", color=theme.PREVIOUS, markersize=7, label="By value")
    top = shown[["push_rate_high", "value_push_rate"]].max().max()
    limit = 1.18 * float(top) if pd.notna(top) and top > 0 else 1.0
    of = "/" if theme.is_narrow() else " of "
    for place, pushed, due in zip(shown.index, shown["n_pushed"], shown["n_due"], strict=True):
        ax.text(place, limit, f"{number(pushed)}{of}{number(due)}", ha="center", va="top", fontsize=8.5)
    ax.set_xticks(list(shown.index), [_quarter(each, place) for place, each in enumerate(shown["quarter"])])
    ax.set_ylim(0, limit)
    theme.grid(ax, "y")
    ax.locator_params(axis="y", nbins=5, steps=[1, 2, 5, 10])
    theme.as_percent(ax.yaxis)
    ax.set_ylabel("Pushed / due when the quarter began")
    return ax


def _quarter(label: str, place: int) -> str:
    year, quarter = label.split("-")
    return f"{quarter} {year[2:]}" if place == 0 or quarter == "Q1" else quarter


def plot_pushes_by_rep(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each rep's share of due deals that was put off against the usual one; with many reps both ends."""
    shown = rows.reset_index(drop=True)
    if len(shown) > MOST_ROWS:
        end = MOST_ROWS // 3
        between = pd.DataFrame({"name": [f"… {len(shown) - 2 * end} more …"]})
        shown = pd.concat([shown.head(end), between, shown.tail(end)], ignore_index=True)
    if ax is None:
        ax = theme.axes(rows=len(shown) + 1)
    places = rows_from_top(ax, list(shown["name"]))
    is_above = shown["is_above_company"].fillna(False).astype(bool)
    ranges(ax, places, shown["push_rate_low"], shown["push_rate_high"], theme.ACTUAL)
    ax.plot(shown["usual_rate"], places, "|", color=theme.PREVIOUS, markersize=13, markeredgewidth=3,
            label="Usual for such deals")  # fmt: skip
    ax.plot(shown["push_rate"], places, "o", color=theme.ACTUAL, markersize=7, label="Pushed / due, with interval")
    if is_above.any():
        ax.plot(shown["push_rate"][is_above], [place for place, is_one in zip(places, is_above, strict=True) if is_one],
                "D", color=theme.BAD, markersize=8, label="Above the usual beyond chance")  # fmt: skip
    top = shown[["push_rate_high", "usual_rate"]].max().max()
    limit = (float(top) if pd.notna(top) and top > 0 else 1.0) * (1.5 if theme.is_narrow() else 1.16)
    for place, pushed, due in zip(places, shown["n_pushed"], shown["n_due"], strict=True):
        if pd.notna(due):
            ax.text(limit, place, f"{number(pushed)} of {number(due)}", ha="right", va="center", fontsize=9.5)
    ax.set_xlim(0, limit)
    theme.as_percent(ax.xaxis)
    say_x(ax, "Deals pushed / deals due when a quarter began", "Pushed / due")
    return ax


def table_push_rate_by_quarter(rows: pd.DataFrame) -> TableView:
    """Show what became of the deals due in each quarter, what came in, and the comparison."""
    columns = [
        "quarter_name", "n_due", "due_amount", "n_won", "n_lost", "n_pushed", "n_still_due", "pushed_amount",
        "push_rate", "push_rate_low", "push_rate_high", "value_push_rate", "value_push_rate_low",
        "value_push_rate_high", "n_pulled_in", "pulled_in_amount", "before_rate", "p_value", "is_changed",
    ]  # fmt: skip
    labels = {
        "quarter_name": "Quarter", "n_due": "Due", "due_amount": "Amount due", "n_won": "= won", "n_lost": "+ lost",
        "n_pushed": "+ pushed", "n_still_due": "+ still due", "pushed_amount": "Amount pushed",
        "push_rate": "Pushed / due", "push_rate_low": "Interval", "value_push_rate": "By value",
        "value_push_rate_low": "Interval", "n_pulled_in": "Pulled in", "pulled_in_amount": "Amount pulled in",
        "before_rate": "Before", "p_value": "p", "is_changed": "Changed beyond chance",
    }  # fmt: skip
    formats: dict[str, Format] = {
        "push_rate": "rate1", "value_push_rate": "rate1", "before_rate": "rate1", "p_value": "number2",
    }  # fmt: skip
    shown = [name for name in columns if rows[name].notna().any()]
    return TableView(columns=first_only(shown or columns, rows), labels=labels, formats=formats)


def table_pushes_by_rep(rows: pd.DataFrame) -> TableView:
    """Show each rep's share, the usual one and the verdict; the CSV has every rep."""
    columns = [
        "name", "team", "n_due", "n_pushed", "push_rate", "push_rate_low", "push_rate_high", "usual_rate", "n_extra",
        "pushed_amount", "n_to_show", "p_value", "is_above_company",
    ]  # fmt: skip
    labels = {
        "name": "Rep", "n_due": "Due", "n_pushed": "Pushed", "push_rate": "Pushed / due", "push_rate_low": "Interval",
        "usual_rate": "Usual", "n_extra": "Above usual by", "pushed_amount": "Amount pushed",
        "n_to_show": "Would stand out from", "p_value": "p", "is_above_company": "Above beyond chance",
    }  # fmt: skip
    formats: dict[str, Format] = {
        "push_rate": "rate", "usual_rate": "rate", "n_extra": "score", "p_value": "number2",
    }  # fmt: skip
    shown = [name for name in columns if name != "team" or rows[name].notna().any()]
    return TableView(columns=first_only(shown, rows), labels=labels, formats=formats, first=MOST_ROWS)


def table_most_pushed_deals(rows: pd.DataFrame) -> TableView:
    """Show the deals pushed most often with first and present date; the CSV has the whole list."""
    columns = [
        "opportunity_id", "account", "rep_name", "stage", "amount", "n_pushes", "pushed_days", "first_close_on",
        "expected_close_on", "stability_score",
    ]  # fmt: skip
    labels = {
        "opportunity_id": "Deal", "rep_name": "Owner", "n_pushes": "Pushes", "pushed_days": "Days put off",
        "first_close_on": "First due", "expected_close_on": "Now due", "stability_score": "Stability",
    }  # fmt: skip
    shown = [name for name in columns if rows[name].notna().any()]
    return TableView(
        columns=first_only(shown or columns, rows), labels=labels, formats={"amount": "amount"}, first=DEALS_SHOWN
    )
