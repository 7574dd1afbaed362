"""Scorecards: a rep beside anonymous peers, a rep's months, the parts of a gap, a team."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from salesops_lib import theme
from salesops_lib.rep_comparison.marks import name_rows, nothing_to_draw
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import days, money, number, percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

_WRITE: dict[str, Callable[[float], str]] = {"rate": percent, "amount": money, "days": days, "count": number}


def plot_scorecard(card: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each measure on a scale of its own: peers' middle half as a band, the rep's figure with its interval."""
    rows = card.dropna(subset=["value", "peers_middle"]).reset_index(drop=True)
    if rows.empty:
        return nothing_to_draw(ax, "Too few peers to draw; the table has the figures.")
    if ax is None:
        ax = theme.axes(rows=len(rows) + 1)
    drawn: list[Any] = list(rows.itertuples())
    for place, row in enumerate(drawn):
        low, high = _scale(row)
        scaled = {name: (getattr(row, name) - low) / (high - low) for name in
                  ("value", "low", "high", "peers_low", "peers_middle", "peers_high")}  # fmt: skip
        ax.barh(place, scaled["peers_high"] - scaled["peers_low"], left=scaled["peers_low"], height=0.55,
                color=theme.PALE, label="Middle half of the peers" if not place else None)  # fmt: skip
        ax.plot([scaled["peers_middle"]] * 2, [place - 0.27, place + 0.27], color=theme.MUTED, linewidth=1.4)
        if pd.notna(row.low):
            ax.hlines(place, scaled["low"], scaled["high"], color=theme.ACTUAL, linewidth=1.6)
        ax.plot(scaled["value"], place, "o", color=theme.ACTUAL, markersize=7,
                label="You, with the interval of chance" if not place else None)  # fmt: skip
    name_rows(ax, rows, [_label(row) for row in rows.itertuples()])
    ax.set_xticks([])
    ax.set_xlim(-0.03, 1.03)
    ax.set_xlabel("Own scale, low to high" if theme.is_narrow() else "Each measure on its own scale, low to high")
    return ax


def _scale(row: Any) -> tuple[float, float]:
    given = [getattr(row, name) for name in ("value", "low", "high", "peers_low", "peers_high")]
    low, high = float(np.nanmin(given)), float(np.nanmax(given))
    return (low, high) if high > low else (low - 1, high + 1)


def _label(row: Any) -> str:
    name = str(row.name).split(",", maxsplit=1)[0]
    return f"{theme.short(name, 16) if theme.is_narrow() else name}  {_WRITE[row.unit](row.value)}"


def table_scorecard(card: pd.DataFrame) -> TableView:
    """Figures in the unit of their row."""
    del card
    figures = ("value", "low", "peers_low", "peers_middle", "peers_high")
    return TableView(
        columns=("name", "n", "value", "low", "high", "peers_low", "peers_middle", "peers_high", "n_peers", "standing"),
        labels={
            "name": "Measure", "n": "n", "value": "You", "low": "Interval", "peers_low": "Peers, 25% below",
            "peers_middle": "Peers, median", "peers_high": "Peers, 75% below", "n_peers": "Peers",
            "standing": "Standing",
        },
        formats={"n": "count"},
        by_row=dict.fromkeys(figures, "unit"),
    )  # fmt: skip


def plot_wins_by_month(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each month's wins over the range that luck gives to equals; what the team would have won as a tick."""
    shown = rows.tail(6 if theme.is_narrow() else 12).reset_index(drop=True)
    if shown.empty:
        return nothing_to_draw(ax, "No month to draw.")
    if ax is None:
        ax = theme.axes(height=2.8)
    ax.bar(shown.index, shown["luck_high"] - shown["luck_low"], bottom=shown["luck_low"], width=0.6, color=theme.PALE,
           label="Range of luck")  # fmt: skip
    ax.plot(shown.index, shown["expected_won"], "_", markersize=16, color=theme.MUTED, label="Team on the same deals")
    for mark, shape, label in ((~shown["is_unusual"], "o", "Deals won"), (shown["is_unusual"], "D", "Unusual month")):
        if mark.any():
            ax.plot(shown.index[mark], shown.loc[mark, "n_won"], shape, color=theme.ACTUAL, markersize=7, label=label)
    ax.set_xticks(shown.index, [str(month)[2:] for month in shown["month"]])
    theme.grid(ax, "y")
    theme.as_count(ax.yaxis)
    ax.set_ylabel("Deals won")
    return ax


def table_wins_by_month(rows: pd.DataFrame) -> TableView:
    """Months with the team's wins on the same deals and the range of luck."""
    del rows
    return TableView(
        columns=("month", "n_closed", "n_won", "expected_won", "luck_low", "luck_high"),
        labels={"month": "Month", "n_closed": "Closed", "n_won": "Won", "expected_won": "Team would have won",
                "luck_low": "Range of luck"},
        formats={"expected_won": "score", "luck_low": "count"},
    )  # fmt: skip


def plot_parts(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the parts of the gap in bookings."""
    gap = rows.dropna(subset=["amount"]).reset_index(drop=True)
    if gap.empty:
        return nothing_to_draw(ax, "No gap to draw.")
    if ax is None:
        ax = theme.axes(rows=len(gap) + 1)
    ax.barh(gap.index, gap["amount"], height=0.6, color=theme.ACTUAL)
    ax.axvline(0, color=theme.TARGET, linewidth=1)
    name_rows(ax, gap, list(gap["name"]))
    ax.locator_params(axis="x", nbins=3 if theme.is_narrow() else 6)
    theme.as_money(ax.xaxis)
    ax.set_xlabel("Against the average" if theme.is_narrow() else "Bookings above or below the team's average")
    return ax


def table_parts(rows: pd.DataFrame) -> TableView:
    """Parts of the gap in bookings, then of the difference in wins."""
    del rows
    return TableView(
        columns=("name", "amount", "won"),
        labels={"name": "Part", "amount": "Bookings", "won": "Deals won"},
        formats={"amount": "amount", "won": "score"},
    )


def plot_team_scorecard(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each rep's rate on the company's mix with its interval, by name: no ranking."""
    shown = rows.dropna(subset=["adjusted_win_rate"]).reset_index(drop=True)
    if shown.empty:
        return nothing_to_draw(ax, "No win rates to draw.")
    if ax is None:
        ax = theme.axes(rows=len(shown) + 1)
    ax.hlines(shown.index, shown["adjusted_win_rate_low"], shown["adjusted_win_rate_high"], color=theme.ACTUAL,
              linewidth=1.6)  # fmt: skip
    ax.plot(shown["win_rate"], shown.index, "o", markersize=4, markerfacecolor="none", markeredgecolor=theme.PREVIOUS,
            color=theme.PREVIOUS, label="Raw win rate")  # fmt: skip
    ax.plot(
        shown["adjusted_win_rate"], shown.index, "o", markersize=6, color=theme.ACTUAL, label="On the company's mix"
    )
    name_rows(ax, shown, [theme.short(str(row.name)) for row in shown.itertuples()])
    theme.as_percent(ax.xaxis)
    ax.set_xlabel("Deals won / deals closed")
    return ax


def table_team_scorecard(rows: pd.DataFrame) -> TableView:
    """The team side by side; columns without any data are left out."""
    columns = [
        "name", "n_closed", "n_won", "win_rate", "adjusted_win_rate", "adjusted_win_rate_low",
        "adjusted_win_rate_high", "attainment_rate", "typical_deal_amount", "typical_cycle_days",
        "activities_per_week", "shrunken_csat_rate", "shrunken_churn_rate", "verdict", "explained_by",
    ]  # fmt: skip
    return TableView(
        columns=[name for name in columns if rows[name].notna().any()],
        labels={
            "n_closed": "Closed", "n_won": "Won", "win_rate": "Win rate, raw", "adjusted_win_rate": "Adjusted",
            "adjusted_win_rate_low": "Adjusted, interval", "attainment_rate": "Attainment",
            "typical_deal_amount": "Typical deal", "typical_cycle_days": "Typical cycle, days",
            "activities_per_week": "Activities a week", "shrunken_csat_rate": "Satisfied, adjusted",
            "shrunken_churn_rate": "Churn, adjusted", "explained_by": "Explained by",
        },
        formats={"activities_per_week": "score"},
        is_open=True,
    )  # fmt: skip
