"""What each cause accounts for, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib import theme
from salesops_lib.rep_comparison.marks import MARKS, first_and_last, name_rows, nothing_to_draw
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CAUSE_TITLES = {
    "mix_won": "Mix of deals", "leads_won": "Leads", "process_won": "Team's process", "tenure_won": "Time in role",
    "rest_won": "What is left",
}  # fmt: skip


def plot_causes_by_rep(causes: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the deals won or missed through each cause, and what is left with its interval; the difference by the name.

    Args:
        causes: What ``causes_by_rep`` returns.
        ax: Axes for the first cause alone, for those who arrange their own; five new ones if absent.
    """
    known = causes.dropna(subset=["rest_won"])
    if known.empty:
        return nothing_to_draw(ax, "No expected wins to draw.")
    known = known.assign(difference=known["n_won"] - known["expected_won"])
    rows = first_and_last(known.sort_values(["difference", "name"], ascending=[False, True]), 20, 8)
    panels = [ax] if ax is not None else theme.panels(len(CAUSE_TITLES), rows=len(rows) + 1)
    shown = rows[~rows["is_gap"]]
    # Causes share one scale; what is left has its own, or the causes would be too small to see.
    causes_reach, rest_reach = (
        max(float(known[names].abs().max().max()) * 1.08, 1.0)
        for names in ([name for name in CAUSE_TITLES if name != "rest_won"], ["rest_won_low", "rest_won_high"])
    )
    for place, (panel, name) in enumerate(zip(panels, list(CAUSE_TITLES)[: len(panels)], strict=True)):
        panel.axvline(0, color=theme.TARGET, linewidth=1)
        if name == "rest_won":
            _draw_rest(panel, shown)
        else:
            panel.barh(shown.index, shown[name], height=0.62, color=theme.ACTUAL)
        is_named = place == 0 or theme.is_narrow()
        name_rows(panel, rows, [_with_difference(row) if is_named else "" for row in rows.itertuples()])
        reach = rest_reach if name == "rest_won" else causes_reach
        panel.set_xlim(-reach, reach)
        panel.locator_params(axis="x", nbins=3)
        panel.set_title(CAUSE_TITLES[name])
    return panels[0]


def _draw_rest(panel: Axes, shown: pd.DataFrame) -> None:
    panel.hlines(shown.index, shown["rest_won_low"], shown["rest_won_high"], color=theme.PREVIOUS, linewidth=1.6)
    for verdict, (marker, colour) in MARKS.items():
        those = shown[shown["verdict"] == verdict]
        panel.plot(those["rest_won"], those.index, marker, color=colour, markersize=7)


def _with_difference(row: Any) -> str:
    if row.is_gap:
        return str(row.name)
    return f"{theme.short(row.name, 12 if theme.is_narrow() else 18)} {signed(row.difference)}"


def table_causes_by_rep(causes: pd.DataFrame) -> TableView:
    """The difference in deals by cause, the rate on the company's mix and the range of places."""
    del causes
    parts = list(CAUSE_TITLES)
    return TableView(
        columns=(
            "name", "team_name", "n_closed", "n_won", "expected_won", *parts, "rest_won_low", "rest_won_high",
            "won_to_expected", "won_to_expected_low", "won_to_expected_high", "adjusted_win_rate",
            "adjusted_win_rate_low", "adjusted_win_rate_high", "rank_low", "rank_high", "top_quarter_rate",
            "bottom_quarter_rate", "q_value", "verdict", "explained_by",
        ),
        labels={
            "team_name": "Team", "n_closed": "Closed", "n_won": "Won", "expected_won": "Expected, same months",
            **CAUSE_TITLES, "rest_won_low": "Left, interval", "won_to_expected": "Won / expected",
            "won_to_expected_low": "Won / expected, interval", "adjusted_win_rate": "Win rate, company's mix",
            "adjusted_win_rate_low": "Its interval", "rank_low": "Place, from", "rank_high": "Place, to",
            "top_quarter_rate": "In top quarter", "bottom_quarter_rate": "In bottom quarter", "q_value": "q",
            "explained_by": "Explained by",
        },
        formats={
            "expected_won": "score", **dict.fromkeys(parts, "score"), "rest_won_low": "score",
            "won_to_expected": "number2", "won_to_expected_low": "number2", "q_value": "number2",
            "adjusted_win_rate": "rate", "adjusted_win_rate_low": "rate", "rank_low": "count", "rank_high": "count",
            "top_quarter_rate": "rate", "bottom_quarter_rate": "rate",
        },
    )  # fmt: skip
