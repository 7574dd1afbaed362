"""The funnel and the verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.rep_comparison.marks import MARKS, first_and_last, name_rows, nothing_to_draw, verdict_label, with_n
from salesops_lib.rep_comparison.vocabulary import ABOVE, BELOW
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_POINTS = 400


def plot_win_rate_funnel(funnel: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each rep's adjusted win rate against the deals it rests on, inside the limits that luck keeps to.

    Args:
        funnel: What ``win_rate_funnel`` returns.
        ax: Axes to draw on; new ones if absent.
    """
    rows = funnel.dropna(subset=["adjusted_win_rate"])
    if rows.empty:
        return nothing_to_draw(ax, "No win rates to draw.")
    if ax is None:
        ax = theme.axes(height=3.8)
    lines = rows.drop_duplicates("n_closed").sort_values("n_closed")
    for ends, style, label in (("outer", ":", "99.8% of equals"), ("inner", "--", "95% of equals")):
        ax.plot(lines["n_closed"], lines[f"{ends}_low"], style, color=theme.MUTED, linewidth=1.2, label=label)
        ax.plot(lines["n_closed"], lines[f"{ends}_high"], style, color=theme.MUTED, linewidth=1.2)
    ax.axhline(lines["company_win_rate"].iloc[0], color=theme.TARGET, linewidth=1.2, label="All reps together")
    for verdict, (marker, colour) in MARKS.items():
        those = rows[rows["verdict"] == verdict]
        if len(those):
            step = max(1, len(those) // MOST_POINTS)  # a page of thousands of points helps nobody
            ax.plot(
                those["n_closed"][::step], those["adjusted_win_rate"][::step], marker, color=colour, markersize=7,
                label=verdict_label(verdict),
            )  # fmt: skip
    for row in rows[rows["verdict"].str.startswith("stands out")].itertuples():
        is_right = row.n_closed > 0.6 * rows["n_closed"].max()
        ax.annotate(
            theme.short(str(row.name)), (row.n_closed, row.adjusted_win_rate), xytext=(-8 if is_right else 8, 0),
            textcoords="offset points", ha="right" if is_right else "left", va="center", color=theme.TEXT,
        )  # fmt: skip
    theme.grid(ax, "y")
    theme.as_percent(ax.yaxis)
    theme.as_count(ax.xaxis)
    ax.set_ylabel("Win rate on the company's mix")
    ax.set_xlabel("Deals closed")
    return ax


def plot_verdict_by_rep(verdicts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how many deals each rep won more or fewer than expected, over the range that luck covers.

    Of more than 24 reps (16 on a phone) those at both ends.

    Args:
        verdicts: What ``verdict_by_rep`` returns.
        ax: Axes to draw on; new ones sized to the number of reps if absent.
    """
    known = verdicts.dropna(subset=["won_difference"])
    if known.empty:
        return nothing_to_draw(ax, "No expected wins to draw.")
    # Who stands out is at the ends of the list, so that no one of them falls between.
    place = known["verdict"].map({ABOVE: 0, BELOW: 2}).fillna(1)
    ordered = known.assign(place=place).sort_values(["place", "won_difference", "name"], ascending=[True, False, True])
    rows = first_and_last(ordered)
    if ax is None:
        ax = theme.axes(rows=len(rows) + 1)
    shown = rows[~rows["is_gap"]]
    ax.barh(
        shown.index, shown["luck_difference_high"] - shown["luck_difference_low"], left=shown["luck_difference_low"],
        height=0.62, color=theme.PALE, label="Range of luck for equals",
    )  # fmt: skip
    ax.axvline(0, color=theme.TARGET, linewidth=1)
    for verdict, (marker, colour) in MARKS.items():
        those = shown[shown["verdict"] == verdict]
        if len(those):
            ax.plot(
                those["won_difference"], those.index, marker, color=colour, markersize=7, label=verdict_label(verdict)
            )
    name_rows(ax, rows, [with_n(row) for row in rows.itertuples()])
    ax.set_xlabel("Deals won, more or fewer than expected")
    return ax


def table_win_rate_funnel(funnel: pd.DataFrame) -> TableView:
    """Rates with both pairs of limits; what is the same for all rows is said in the words."""
    del funnel
    return TableView(
        columns=(
            "name", "team_name", "n_closed", "n_won", "win_rate", "adjusted_win_rate", "inner_low", "inner_high",
            "outer_low", "outer_high", "verdict",
        ),
        labels={
            "team_name": "Team", "n_closed": "Closed", "n_won": "Won", "adjusted_win_rate": "On the company's mix",
            "inner_low": "95% limits", "outer_low": "99.8% limits",
        },
        formats={"inner_low": "rate", "outer_low": "rate", "adjusted_win_rate": "rate", "win_rate": "rate"},
    )  # fmt: skip


def table_verdict_by_rep(verdicts: pd.DataFrame) -> TableView:
    """Verdicts with what they rest on."""
    del verdicts
    return TableView(
        columns=(
            "name", "team_name", "n_closed", "n_won", "expected_won", "won_to_expected", "won_to_expected_low",
            "won_to_expected_high", "q_value", "power_rate", "noticeable_rate", "verdict",
        ),
        labels={
            "team_name": "Team", "n_closed": "Closed", "n_won": "Won", "expected_won": "Expected",
            "won_to_expected": "Won / expected", "won_to_expected_low": "Won / expected, interval",
            "q_value": "q", "power_rate": "Power", "noticeable_rate": "Noticeable shortfall",
        },
        formats={
            "expected_won": "score", "won_to_expected": "number2", "won_to_expected_low": "number2",
            "q_value": "number2", "power_rate": "rate", "noticeable_rate": "rate",
        },
    )  # fmt: skip
