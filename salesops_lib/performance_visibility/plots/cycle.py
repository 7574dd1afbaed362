"""Charts and tables of cycle, age and velocity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.plots.marks import first_only, rows_from_top, say_x
from salesops_lib.reporting.tables import TableView
from salesops_lib.wording import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_cycle_by_segment(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the middle half of the cycles now and before per segment, the median a line across."""
    shown = rows.dropna(subset="cycle_days").reset_index(drop=True)
    if ax is None:
        ax = theme.axes(rows=round(len(shown) * 1.8) + 1)
    rows_from_top(ax, list(shown["segment"]))
    _boxes(
        ax,
        shown,
        ("before_quarter_days", "before_days", "before_three_quarters_days"),
        -0.2,
        theme.PREVIOUS,
        "Twelve months before",
    )
    _boxes(ax, shown, ("quarter_days", "cycle_days", "three_quarters_days"), 0.2, theme.ACTUAL, "Now")
    # Room for the words at the end of the longest bar.
    longest = shown[["before_three_quarters_days", "three_quarters_days"]].max().max()
    ax.set_xlim(0, float(longest) * 1.2 if longest > 0 else 1)
    say_x(ax, "Days from creation to win; bar: middle half, line: median", "Days to win; line: median")
    return ax


def _boxes(ax: Axes, rows: pd.DataFrame, names: tuple[str, str, str], shift: float, colour: str, label: str) -> None:
    first, middle, last = names
    known = rows.dropna(subset=middle)
    if known.empty:
        return
    at = known.index.to_numpy() + shift
    ax.barh(at, known[last] - known[first], left=known[first], height=0.34, color=colour, label=label)
    ax.vlines(known[middle], at - 0.17, at + 0.17, color=theme.INSIDE, linewidth=2.5)
    for place, end, value in zip(at, known[last], known[middle], strict=True):
        words = f"{value:.0f}" if theme.is_narrow() else f"median {value:.0f}"
        ax.annotate(words, (end, place), xytext=(5, 0), textcoords="offset points", va="center", fontsize=9)


def plot_age_of_open_deals(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the middle half of the ages per segment against the longest cycle that was ever won."""
    shown = rows.dropna(subset="age_days").reset_index(drop=True)
    if ax is None:
        ax = theme.axes(rows=max(len(shown), 1) + 1)
    if shown.empty:
        return _counts(ax, rows)
    rows_from_top(ax, list(shown["segment"]))
    _boxes(ax, shown, ("quarter_days", "age_days", "three_quarters_days"), 0.0, theme.ACTUAL, "Open deals, middle half")
    limit = float(shown["three_quarters_days"].max())
    longest = shown["longest_won_days"].iloc[0]
    edge = max(limit, 0.0 if pd.isna(longest) else float(longest)) * (1.75 if theme.is_narrow() else 1.3)
    if pd.notna(longest):
        ax.axvline(float(longest), color=theme.BAD, linewidth=1.6, linestyle="--", label="Longest cycle ever won")
        for place, n in enumerate(shown["n_older"]):
            if n:
                words = f"{n:,} older" if theme.is_narrow() else f"{count(n, 'deal')} older"
                ax.text(edge, place, words, ha="right", va="center")
    ax.set_xlim(0, edge)
    say_x(ax, "Days since creation; bar: middle half, line: median", "Days since creation; line: median")
    return ax


def _counts(ax: Axes, rows: pd.DataFrame) -> Axes:
    """Open deals as bars, where their age is not known."""
    places = rows_from_top(ax, list(rows["segment"]))
    ax.barh(places, rows["n_open"], height=0.6, color=theme.PREVIOUS, label="Open deals without a creation date")
    theme.as_count(ax.xaxis)
    ax.set_xlabel("Open deals")
    return ax


def table_cycle_by_segment(rows: pd.DataFrame) -> TableView:
    """Show median with interval and quartiles, now and before."""
    columns = (
        "segment", "n_won", "cycle_days", "cycle_days_low", "cycle_days_high", "quarter_days", "three_quarters_days",
        "n_won_before", "before_days", "change_days", "p_value", "is_changed",
    )  # fmt: skip
    labels = {
        "n_won": "Won", "cycle_days": "Median, days", "cycle_days_low": "Interval", "quarter_days": "First quartile",
        "three_quarters_days": "Third quartile", "n_won_before": "Won before", "before_days": "Median before",
        "change_days": "Change", "p_value": "p", "is_changed": "Beyond chance",
    }  # fmt: skip
    shown = [name for name in columns if len(rows) == 0 or rows[name].notna().any()]
    return TableView(columns=first_only(shown, rows), labels=labels, formats={"p_value": "number2"})


def table_age_of_open_deals(rows: pd.DataFrame) -> TableView:
    """Show counts, ages and amounts per segment."""
    labels = {
        "n_open": "Open", "open_amount": "Amount", "n_dated": "With a date", "age_days": "Median age",
        "quarter_days": "First quartile", "three_quarters_days": "Third quartile", "oldest_days": "Oldest",
        "longest_won_days": "Longest won", "n_older": "Older", "older_amount": "Amount of older",
    }  # fmt: skip
    shown = [name for name in rows.columns if rows[name].notna().any()] or ["segment"]
    return TableView(columns=shown, labels=labels)


def table_velocity_by_segment(rows: pd.DataFrame) -> TableView:
    """Show the four factors and their product."""
    labels = {
        "n_open": "Open", "n_closed": "Closed", "average_deal_amount": "Per won deal", "cycle_days": "Cycle, days",
        "velocity_amount": "A day", "win_rate": "Win rate",
    }  # fmt: skip
    return TableView(columns=first_only(list(rows.columns), rows), labels=labels)
