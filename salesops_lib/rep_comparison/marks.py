"""Marks that the charts of the rep comparison share: verdicts, long lists, names with their n."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib import theme
from salesops_lib.rep_comparison.vocabulary import ABOVE, BELOW, SAME, TOO_FEW

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKS = {
    ABOVE: ("^", theme.GOOD),
    SAME: ("o", theme.ACTUAL),
    BELOW: ("v", theme.BAD),
    TOO_FEW: (".", theme.PREVIOUS),
}
"""Marker and colour of each verdict: shape and colour say the same."""
_SIGNS = {ABOVE: "▲ ", BELOW: "▼ "}
FAIR_RANGE = "Range of a fair sharing"
NO_LEADS = "No leads to draw."


def verdict_label(verdict: str) -> str:
    """A verdict for the legend, with its sign: never colour alone."""
    return f"{_SIGNS.get(verdict, '')}{verdict[:1].upper()}{verdict[1:]}"


def nothing_to_draw(ax: Axes | None, words: str) -> Axes:
    """A line of text in the place of a chart without a mark."""
    if ax is None:
        ax = theme.axes(height=0.6)
    ax.set_axis_off()
    ax.text(0, 0.5, words, color=theme.MUTED, va="center")
    return ax


def first_and_last(rows: pd.DataFrame, wide: int = 24, narrow: int = 16) -> pd.DataFrame:
    """The first and the last rows of a long list, so that a page holds it with its words; dots stand for the others."""
    most = narrow if theme.is_narrow() else wide
    if len(rows) <= most:
        return rows.assign(is_gap=False).reset_index(drop=True)
    half = most // 2
    between = pd.DataFrame({"name": [f"… {len(rows) - 2 * half} more"], "is_gap": [True]})
    parts = [rows.head(half).assign(is_gap=False), between, rows.tail(half).assign(is_gap=False)]
    return pd.concat(parts, ignore_index=True)


def name_rows(ax: Axes, rows: pd.DataFrame, labels: list[str]) -> None:
    """Name the rows at the left, the first at the top."""
    ax.set_yticks(list(range(len(rows))), labels)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    theme.grid(ax, "x")


def with_n(row: Any) -> str:
    """A rep's name with the deals closed; the name alone on a phone."""
    name = theme.short(row.name)
    return name if row.is_gap or theme.is_narrow() else f"{name} (n = {row.n_closed:,.0f})"


def correlations(rows: pd.DataFrame, names: list[str], *, ax: Axes | None) -> Axes:
    """Correlations with winning more than expected, with intervals; what is worth a look has a mark of its own."""
    shown = rows.reset_index(drop=True)
    if ax is None:
        ax = theme.axes(rows=len(shown) + 1)
    ax.hlines(shown.index, shown["correlation_low"], shown["correlation_high"], color=theme.ACTUAL, linewidth=1.6)
    is_found = shown["is_worth_a_look"].astype(bool)
    for mark, shape, label in ((~is_found, "o", "Within chance"), (is_found, "D", "Worth a look")):
        if mark.any():
            ax.plot(shown.loc[mark, "correlation"], shown.index[mark], shape, color=theme.ACTUAL, markersize=7,
                    label=label)  # fmt: skip
    ax.axvline(0, color=theme.TARGET, linewidth=1)
    name_rows(ax, shown, names)
    ax.set_xlim(-1, 1)
    ax.set_xlabel(
        "Goes with winning less / more" if theme.is_narrow() else "Goes with winning less / more than expected"
    )
    return ax
