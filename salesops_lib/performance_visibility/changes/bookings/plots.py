"""Charts and tables of the change in bookings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import MOST_ROWS, first_only, ranges, rows_from_top, say_x
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PARTS = {
    "volume_amount": "Volume",
    "mix_amount": "Mix",
    "win_rate_amount": "Win rate",
    "deal_size_amount": "Deal size",
}


def plot_bookings_change(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the company's way from then to now, part by part; beside it the change of each team or else segment."""
    groups = rows[rows["group"] == "team"]
    groups = groups if len(groups) > 1 else rows[rows["group"] == "segment"]
    has_both = ax is None and len(groups) > 1 and bool(rows["change_amount"].notna().any())
    if has_both:
        first, second = theme.panels(2, rows=max(len(PARTS) + 2, _n_shown(groups)) + 1)
        _change_bars(second, groups)
        by = str(groups["group"].iloc[0])
        say_x(second, f"Change by {by}; thin line: range of chance", f"Change by {by}; thin: chance")
    else:
        first = theme.axes(rows=len(PARTS) + 3) if ax is None else ax
    return _waterfall(first, rows[rows["group"] == "company"].iloc[0])


def plot_bookings_change_by_rep(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each rep's change with the range of chance; with many reps those who moved most either way."""
    if ax is None:
        ax = theme.axes(rows=_n_shown(rows) + 1)
    _change_bars(ax, rows)
    say_x(ax, "Change of bookings; thin line: range of chance", "Change; thin: range of chance")
    return ax


def _waterfall(ax: Axes, row: pd.Series[float]) -> Axes:
    """Bars from zero for then and now, and between them each part from where the one before it ended."""
    bars = [(str(row["period"]), 0.0, float(row["bookings_amount"]), theme.ACTUAL, "Bookings now")]
    if pd.notna(row["change_amount"]):
        bars = [*_steps(row), *bars]
    places = rows_from_top(ax, [label for label, *_ in bars])
    ends = []
    for place, (_label, left, width, colour, legend) in zip(places, bars, strict=True):
        ax.barh(place, width, left=left, height=0.6, color=colour, label=legend)
        ends += [left, left + width]
        is_part = 0 < place < places[-1]
        if is_part:
            ax.plot([left, left], [place - 1, place], color=theme.MUTED, linewidth=0.8)
        figure = _signed(width) if is_part else money(width)
        ax.annotate(figure, (max(ends[-2:]), place), xytext=(5, 0), textcoords="offset points", va="center",
                    fontsize=9.5)  # fmt: skip
    ax.set_xlim(min(0.0, *ends), max(1.0, *ends) * 1.28)
    ax.locator_params(axis="x", nbins=4)
    theme.as_money(ax.xaxis)
    is_cut = row["is_partial"] and row["compared_with"]
    say_x(ax, "Bookings, the same days of both" if is_cut else "Bookings", "Bookings")
    return ax


def _steps(row: pd.Series[float]) -> list[tuple[str, float, float, str, str]]:
    """The bar of then and the parts, each with label, start, length, colour and legend."""
    reached = float(row["before_amount"])
    steps = [(str(row["compared_with"]), 0.0, reached, theme.PREVIOUS, "Bookings then")]
    for name, label in PARTS.items():
        if name != "win_rate_amount" or pd.notna(row["before_rate"]):
            part = float(row[name])
            colour, legend = (theme.GOOD, "Adds to bookings") if part >= 0 else (theme.BAD, "Takes from bookings")
            steps.append((label, reached, part, colour, legend))
            reached += part
    return steps


def _n_shown(rows: pd.DataFrame) -> int:
    """Rows drawn: all, or both ends and a row that says how many stand between them."""
    return len(rows) if len(rows) <= MOST_ROWS else 2 * (MOST_ROWS // 3) + 1


def _change_bars(ax: Axes, rows: pd.DataFrame) -> None:
    """One bar a row from zero to its change, most added on top; the figures stand in a column on the right."""
    amount = "change_amount" if rows["change_amount"].notna().any() else "bookings_amount"
    shown = rows.sort_values(amount, ascending=False, kind="stable").reset_index(drop=True)
    if len(shown) > MOST_ROWS:
        end = _n_shown(rows) // 2
        between = pd.DataFrame({"name": [f"… {len(shown) - 2 * end} more …"]})
        shown = pd.concat([shown.head(end), between, shown.tail(end)], ignore_index=True)
    places = rows_from_top(ax, list(shown["name"]))
    change = shown[amount].astype(float).fillna(0.0)
    for mark, colour, label in ((change >= 0, theme.GOOD, "More than then"), (change < 0, theme.BAD, "Less than then")):
        if mark.any():
            at = [place for place, is_marked in zip(places, mark, strict=True) if is_marked]
            ax.barh(at, change[mark], height=0.6, color=colour, label=label)
    ranges(ax, places, shown["change_amount_low"], shown["change_amount_high"], theme.MUTED)
    ax.axvline(0, color=theme.TARGET, linewidth=1)
    low = min(0.0, float(shown[["change_amount_low", amount]].min().min()))
    high = max(1.0, float(shown[["change_amount_high", amount]].max().max()))
    limit = high + (high - low) * (0.42 if theme.is_narrow() else 0.28)
    for place, value, is_beyond in zip(places, shown[amount], shown["is_beyond_chance"], strict=True):
        if pd.notna(value):
            weight = "bold" if is_beyond is True else "normal"
            ax.text(limit, place, _signed(value), ha="right", va="center", fontsize=9.5, weight=weight)
    ax.set_xlim(low * 1.03, limit)
    ax.locator_params(axis="x", nbins=4)
    theme.as_money(ax.xaxis)


def _signed(amount: float) -> str:
    return money(amount) if amount <= 0 else f"+{money(amount)}"


_LABELS = {
    "group": "By", "before_amount": "Then", "bookings_amount": "Now", "change_amount": "Change",
    "volume_amount": "= volume", "mix_amount": "+ mix", "win_rate_amount": "+ win rate",
    "deal_size_amount": "+ deal size", "change_amount_low": "Range of chance", "is_beyond_chance": "Beyond chance",
    "closed": "Decided", "closed_before": "Decided then", "win_rate": "Win rate", "win_rate_low": "Interval",
    "before_rate": "Win rate then", "average_deal_amount": "Average deal", "average_before_amount": "Average then",
}  # fmt: skip
_FORMATS: dict[str, Format] = {"closed": "count", "closed_before": "count", "win_rate": "rate", "before_rate": "rate"}
_CHANGE = ("before_amount", "bookings_amount", "change_amount", *PARTS)
_BASE = (
    "closed", "closed_before", "win_rate", "win_rate_low", "win_rate_high", "before_rate", "average_deal_amount",
    "average_before_amount", "change_amount_low", "change_amount_high", "is_beyond_chance",
)  # fmt: skip


def table_bookings_change(rows: pd.DataFrame) -> TableView:
    """Show the sum of every team and segment, then what it rests on."""
    columns = ("name", "group", *_CHANGE, *_BASE)
    return TableView(columns=first_only(columns, rows), labels={**_LABELS, "name": "Who"}, formats=_FORMATS)


def table_bookings_change_by_rep(rows: pd.DataFrame) -> TableView:
    """Show the sum of every rep, those who moved most first."""
    columns = ("name", "team", *_CHANGE, *_BASE)
    return TableView(
        columns=first_only(columns, rows), labels={**_LABELS, "name": "Rep"}, formats=_FORMATS, first=MOST_ROWS
    )
