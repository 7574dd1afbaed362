"""Where each joiner stands on the curve of the average hire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib import theme
from salesops_lib.rep_comparison.marks import first_and_last, name_rows, nothing_to_draw
from salesops_lib.rep_comparison.vocabulary import AHEAD, AS_EXPECTED, BEHIND, TOO_EARLY
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STANDINGS = {
    AHEAD: ("^", theme.GOOD, "▲ Ahead"),
    AS_EXPECTED: ("o", theme.ACTUAL, "As expected"),
    BEHIND: ("v", theme.BAD, "▼ Behind"),
    TOO_EARLY: ("s", theme.PREVIOUS, "Too early to tell"),
}
"""Marker, colour and label of each standing: shape and colour say the same."""


def plot_ramp_by_rep(reps: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw what each joiner booked so far over the range of luck around the other joiners' curve.

    Args:
        reps: What ``ramp_by_rep`` returns.
        ax: Axes to draw on; new ones sized to the number of joiners if absent.
    """
    known = reps.dropna(subset=["expected_amount"])
    if known.empty:
        return nothing_to_draw(ax, "No joiner to hold against a curve.")
    rows = first_and_last(known.sort_values(["tenure_months", "name"], ascending=[False, True]))
    if ax is None:
        ax = theme.axes(rows=len(rows) + 1)
    shown = rows[~rows["is_gap"]]
    low, high = shown["luck_amount_low"].fillna(0.0), shown["luck_amount_high"].fillna(0.0)
    ax.barh(shown.index, high - low, left=low, height=0.62, color=theme.PALE, label="Range of luck and usual spread")
    ax.plot(shown["expected_amount"], shown.index, "|", color=theme.TARGET, markersize=12, label="Other joiners' curve")
    for standing, (marker, colour, label) in STANDINGS.items():
        those = shown[shown["standing"] == standing]
        if len(those):
            ax.plot(those["bookings_amount"], those.index, marker, color=colour, markersize=6, label=label)
    name_rows(ax, rows, [_with_tenure(row) for row in rows.itertuples()])
    ax.set_xlim(left=min(0.0, float(shown["bookings_amount"].min())))
    ax.margins(x=0.05)
    ax.locator_params(axis="x", nbins=4)
    theme.as_money(ax.xaxis)
    ax.set_xlabel("Bookings since the start")
    return ax


def _with_tenure(row: Any) -> str:
    name = theme.short(row.name)
    return name if row.is_gap or theme.is_narrow() else f"{name} ({count(round(row.tenure_months), 'month')})"


def table_ramp_by_rep(reps: pd.DataFrame) -> TableView:
    """Bookings so far beside what the other joiners' curve gives."""
    del reps
    return TableView(
        columns=(
            "name", "team_name", "started_on", "tenure_months", "held_against", "bookings_amount", "expected_amount",
            "luck_amount_low", "luck_amount_high", "expected_deals", "q_value", "standing",
        ),
        labels={
            "team_name": "Team", "started_on": "Started", "tenure_months": "Months in the seat",
            "held_against": "Held against", "bookings_amount": "Booked so far", "expected_amount": "By the curve",
            "luck_amount_low": "Range of luck", "expected_deals": "Deals expected", "q_value": "q",
        },
        formats={"tenure_months": "score", "expected_deals": "score", "q_value": "number2"},
    )  # fmt: skip
