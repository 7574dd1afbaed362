"""Charts of the rep comparison: frames in, Axes out; nothing is counted here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib import theme
from salesops_lib.wording import money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKS = {
    "stands out above": ("^", theme.GOOD),
    "not different from the team": ("o", theme.ACTUAL),
    "stands out below": ("v", theme.BAD),
    "too few deals to judge": (".", theme.PREVIOUS),
}
"""Marker and colour of each verdict: shape and colour say the same."""
MOST_POINTS = 400
_SIGNS = {"stands out above": "▲ ", "stands out below": "▼ "}


def _label(verdict: str) -> str:
    """A verdict for the legend, with its sign: never colour alone."""
    return f"{_SIGNS.get(verdict, '')}{verdict[:1].upper()}{verdict[1:]}"


def _nothing_to_draw(ax: Axes | None, words: str) -> Axes:
    """A line of text in the place of a chart without a mark."""
    if ax is None:
        ax = theme.axes(height=0.6)
    ax.set_axis_off()
    ax.text(0, 0.5, words, color=theme.MUTED, va="center")
    return ax


def _ends(rows: pd.DataFrame, wide: int, narrow: int) -> pd.DataFrame:
    """The first and the last rows of a long list, with a row of dots for those between."""
    most = narrow if theme.is_narrow() else wide
    if len(rows) <= most:
        return rows.assign(is_gap=False).reset_index(drop=True)
    half = most // 2
    between = pd.DataFrame({"name": [f"… {len(rows) - 2 * half} more"], "is_gap": [True]})
    parts = [rows.head(half).assign(is_gap=False), between, rows.tail(half).assign(is_gap=False)]
    return pd.concat(parts, ignore_index=True)


def _name_rows(ax: Axes, rows: pd.DataFrame, labels: list[str]) -> None:
    ax.set_yticks(list(range(len(rows))), labels)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    theme.grid(ax, "x")


def plot_reps_side_by_side(reps: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each rep's raw win rate and the one drawn towards the team, with its interval; best at the top.

    Args:
        reps: What ``reps_side_by_side`` returns.
        ax: Axes to draw on; new ones sized to the number of reps if absent.
    """
    rated = reps.dropna(subset=["shrunken_win_rate"])
    if rated.empty:
        return _nothing_to_draw(ax, "No win rates to draw; the table has the other figures.")
    rows = _ends(rated.sort_values(["shrunken_win_rate", "name"], ascending=[False, True]), 40, 16)
    if ax is None:
        ax = theme.axes(rows=len(rows) + 1)
    shown = rows[~rows["is_gap"]]
    ax.hlines(
        shown.index, shown["shrunken_win_rate_low"], shown["shrunken_win_rate_high"],
        color=theme.ACTUAL, linewidth=1.6,
    )  # fmt: skip
    ax.plot(
        shown["win_rate"], shown.index, "o", markersize=5, markerfacecolor="none", markeredgecolor=theme.PREVIOUS,
        color=theme.PREVIOUS, label="Raw win rate",
    )  # fmt: skip
    ax.plot(
        shown["shrunken_win_rate"], shown.index, "o", markersize=6, color=theme.ACTUAL,
        label="Adjusted for luck, with its interval",
    )  # fmt: skip
    ax.plot(
        shown["expected_win_rate"], shown.index, "|", markersize=11, markeredgewidth=1.6, color=theme.MUTED,
        label="Team on the same months and segments",
    )  # fmt: skip
    _name_rows(ax, rows, [_with_n(row) for row in rows.itertuples()])
    theme.as_percent(ax.xaxis)
    ax.set_xlabel("Deals won / deals closed")
    return ax


def _with_n(row: Any) -> str:
    name = theme.short(row.name)
    return name if row.is_gap or theme.is_narrow() else f"{name} (n = {row.n_closed:,.0f})"


def plot_win_rate_funnel(funnel: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each rep's adjusted win rate against the deals it rests on, inside the limits that luck keeps to.

    Args:
        funnel: What ``win_rate_funnel`` returns.
        ax: Axes to draw on; new ones if absent.
    """
    rows = funnel.dropna(subset=["adjusted_win_rate"])
    if rows.empty:
        return _nothing_to_draw(ax, "No win rates to draw.")
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
                label=_label(verdict),
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

    Args:
        verdicts: What ``verdict_by_rep`` returns.
        ax: Axes to draw on; new ones sized to the number of reps if absent.
    """
    known = verdicts.dropna(subset=["won_difference"])
    if known.empty:
        return _nothing_to_draw(ax, "No expected wins to draw.")
    rows = _ends(known.sort_values(["won_difference", "name"], ascending=[False, True]), 40, 16)
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
            ax.plot(those["won_difference"], those.index, marker, color=colour, markersize=7, label=_label(verdict))
    _name_rows(ax, rows, [_with_n(row) for row in rows.itertuples()])
    ax.set_xlabel("Deals won, more or fewer than expected")
    return ax


PART_TITLES = {
    "volume_amount": "Volume", "mix_amount": "Mix of deals", "win_rate_amount": "Win rate",
    "deal_size_amount": "Deal size",
}  # fmt: skip


def plot_gap_by_rep(gaps: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the four parts of each rep's gap to the team, the largest lead at the top; the gap stands by the name.

    Args:
        gaps: What ``gap_by_rep`` returns.
        ax: Axes for the first part alone, for those who arrange their own; four new ones if absent.
    """
    rows = _ends(gaps.sort_values(["gap_amount", "name"], ascending=[False, True]), 20, 8)
    panels = [ax] if ax is not None else theme.panels(len(PART_TITLES), rows=len(rows) + 1)
    shown = rows[~rows["is_gap"]]
    names = list(PART_TITLES)[: len(panels)]
    furthest = float(gaps[names].abs().max().max()) * 1.08 if len(gaps) else 1.0
    for place, (panel, name) in enumerate(zip(panels, names, strict=True)):
        panel.barh(shown.index, shown[name], height=0.62, color=theme.ACTUAL)
        panel.axvline(0, color=theme.TARGET, linewidth=1)
        is_named = place == 0 or theme.is_narrow()
        _name_rows(panel, rows, [_with_gap(row) if is_named else "" for row in rows.itertuples()])
        panel.set_xlim(-max(furthest, 1.0), max(furthest, 1.0))
        panel.locator_params(axis="x", nbins=3)
        theme.as_money(panel.xaxis)
        panel.set_title(PART_TITLES[name])
    return panels[0]


def _with_gap(row: Any) -> str:
    if row.is_gap:
        return str(row.name)
    sign = "+" if row.gap_amount > 0 else ""
    return f"{theme.short(row.name, 12 if theme.is_narrow() else 18)} {sign}{money(row.gap_amount)}"
