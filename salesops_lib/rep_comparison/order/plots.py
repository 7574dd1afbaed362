"""Orders that turn round within segments: both sides' rates over all, and in each segment below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib import theme
from salesops_lib.rep_comparison.marks import name_rows, nothing_to_draw
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_COMPARISONS = 5
MOST_ON_A_PHONE = 3
MOST_REPS = 3
"""Reps beside all others that are drawn where pairs wait for the room."""
MOST_SEGMENTS = 6
"""Segments drawn of a comparison, those with most deals; the table has all."""


def plot_order_within_segments(orders: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw both sides' win rates with their intervals, over all and by segment, for the most striking comparisons.

    The full dot is the rep named first. Where it lies to the right of the hollow one over all (shaded), it lies to the
    left in each segment, or the other way round.

    Args:
        orders: What ``order_within_segments`` returns.
        ax: Axes to draw on; new ones sized to the number of rows if absent.
    """
    rows = _shown(orders)
    if rows.empty:
        return nothing_to_draw(ax, "No order turns round.")
    if ax is None:
        ax = theme.axes(rows=len(rows) + 1)
    dots = rows[~rows["is_heading"]]
    for place in dots.index[dots["is_over_all"].astype(bool)]:
        ax.axhspan(place - 0.38, place + 0.38, color=theme.PALE, linewidth=0)
    for end, up, marker, fill, label in (
        ("", -0.13, "o", theme.ACTUAL, "Rep named first"),
        ("other_", 0.13, "o", "none", "The other rep, or all others"),
    ):
        colour = theme.PREVIOUS if end else theme.ACTUAL
        ax.hlines(dots.index + up, dots[f"{end}win_rate_low"], dots[f"{end}win_rate_high"], color=colour, linewidth=1.4)
        ax.plot(
            dots[f"{end}win_rate"], dots.index + up, marker, color=colour, markerfacecolor=fill,
            markeredgecolor=colour, markeredgewidth=1.4, markersize=6, label=label,
        )  # fmt: skip
    name_rows(ax, rows, [_label(row) for row in rows.itertuples()])
    for tick, is_heading in zip(ax.get_yticklabels(), rows["is_heading"], strict=True):
        tick.set_fontweight("bold" if is_heading else "normal")
    ax.set_xlim(0, 1)
    theme.as_percent(ax.xaxis)
    ax.set_xlabel("Deals won / deals closed" if theme.is_narrow() else "Deals won / deals closed, with its interval")
    return ax


def _shown(orders: pd.DataFrame) -> pd.DataFrame:
    """The rows drawn: of each comparison a heading, then over all, then its largest segments."""
    numbered = orders.assign(at=orders["is_over_all"].astype(int).cumsum(), is_heading=False)
    firsts = numbered[numbered["is_over_all"].astype(bool)]
    is_rep = firsts["is_with_others"].astype(bool)
    most = MOST_ON_A_PHONE if theme.is_narrow() else MOST_COMPARISONS
    reps, pairs = firsts[is_rep], firsts[~is_rep]
    reps = reps.head(max(most - len(pairs), min(MOST_REPS, most - 1)))
    parts: list[pd.DataFrame] = []
    for at in [*reps["at"], *pairs["at"]][:most]:
        own = numbered[numbered["at"] == at]
        size = own["n_closed"] + own["other_n_closed"]
        kept = own.loc[size.sort_values(ascending=False, kind="stable").index[: MOST_SEGMENTS + 1]].sort_index()
        parts += [own.head(1).assign(is_heading=True), kept]
    return pd.concat(parts, ignore_index=True) if parts else numbered


def _label(row: Any) -> str:
    if row.is_heading:
        most = 12 if theme.is_narrow() else 24
        other = "all others" if row.is_with_others else theme.short(str(row.other_name), most)
        return f"{theme.short(str(row.name), most)} / {other}"
    split = theme.short(str(row.split))
    if theme.is_narrow():
        return split
    return f"{split} (n = {row.n_closed:,} / {row.other_n_closed:,})"


def table_order_within_segments(orders: pd.DataFrame) -> TableView:
    """Both sides over all and in each segment, with what they rest on."""
    del orders
    return TableView(
        columns=(
            "name", "other_name", "split", "n_closed", "n_won", "win_rate", "win_rate_low", "win_rate_high",
            "other_n_closed", "other_n_won", "other_win_rate", "other_win_rate_low", "other_win_rate_high",
            "difference_rate", "within_rate", "within_rate_low", "within_rate_high", "q_value",
        ),
        labels={
            "name": "Rep", "other_name": "Beside", "split": "Deals", "n_closed": "Closed", "n_won": "Won",
            "win_rate": "Win rate", "win_rate_low": "Its interval", "other_n_closed": "Closed, other",
            "other_n_won": "Won, other", "other_win_rate": "Win rate, other", "other_win_rate_low": "Interval, other",
            "difference_rate": "Difference", "within_rate": "Within segments",
            "within_rate_low": "Within, interval", "q_value": "q",
        },
        formats={
            "difference_rate": "points", "within_rate": "points", "within_rate_low": "points", "q_value": "number2",
        },
    )  # fmt: skip
