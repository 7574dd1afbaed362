"""Chart and tables of the pipeline waterfall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import first_only, rows_from_top, say_x
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import money, number

if TYPE_CHECKING:
    from datetime import date
    from typing import Any

    from matplotlib.axes import Axes

STEPS = (
    ("new", "New", 1), ("appeared", "Appeared", 1), ("received", "Received", 1), ("pulled_in", "Pulled in", 1),
    ("slipped_in", "Slipped in", 1), ("increased", "Increased", 1), ("decreased", "Decreased", -1),
    ("pushed_out", "Pushed out", -1), ("pulled_ahead", "Pulled ahead", -1), ("handed_on", "Handed on", -1),
    ("lost", "Lost", -1), ("won", "Won", -1),
)  # fmt: skip
"""Column, label and sign of every step, in the order drawn."""

OPEN, CAME, WENT, SOLD = "Open pipeline", "+ came in or grew", "− left unsold or shrank", "− won"
KINDS = {OPEN: theme.ACTUAL, CAME: theme.GOOD, WENT: theme.BAD, SOLD: theme.PREVIOUS}
"""Kinds of bars and their colours; signs and names say the same."""


def plot_pipeline_waterfall(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the company's pipeline from the first evening to the last, one bar for each step that a deal took."""
    bars = [] if rows.empty else _bars(rows.iloc[0])
    if ax is None:
        ax = theme.axes(rows=len(bars) + 1)
    places = rows_from_top(ax, [bar.name for bar in bars])
    theme.as_money(ax.xaxis)
    say_x(ax, "Amount of open deals; in brackets the number of deals", "Amount (deals)")
    ends = [end for bar in bars for end in (bar.start, bar.end)]
    ax.set_xlim(min([0.0, *ends]) * 1.05, max([0.0, *ends]) * 1.05 or 1.0)
    for kind, colour in KINDS.items():
        own = [(place, bar) for place, bar in zip(places, bars, strict=True) if bar.kind == kind]
        if own:
            ax.barh(
                [place for place, _ in own], [abs(bar.end - bar.start) for _, bar in own],
                left=[min(bar.start, bar.end) for _, bar in own], height=0.62, color=colour, label=kind,
            )  # fmt: skip
    for place, bar in zip(places, bars, strict=True):
        _say(ax, place, bar)
    for place, bar in zip(places[:-1], bars[:-1], strict=True):
        ax.plot([bar.end] * 2, [place, place + 1], color=theme.MUTED, linewidth=0.8, zorder=0)
    return ax


@dataclass(frozen=True)
class _Bar:
    """One bar: from where to where, of which kind, and what is written beside it."""

    name: str
    start: float
    end: float
    kind: str
    words: str


def _bars(row: Any) -> list[_Bar]:
    """The first evening, every step that a deal took, and the last evening."""

    def words(step: str) -> str:
        return f"{money(row[f'{step}_amount'])} ({number(row[f'n_{step}'])})"

    level = float(row["start_amount"])
    bars = [_Bar(_evening(row["start_on"]), 0.0, level, OPEN, words("start"))]
    for step, label, sign in STEPS:
        if row[f"n_{step}"]:
            before, level = level, level + sign * float(row[f"{step}_amount"])
            kind = SOLD if step == "won" else CAME if sign > 0 else WENT
            bars.append(_Bar(label, before, level, kind, f"{'+' if sign > 0 else '−'}{words(step)}"))
    return [*bars, _Bar(_evening(row["end_on"]), 0.0, float(row["end_amount"]), OPEN, words("end"))]


def _evening(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _say(ax: Axes, place: int, bar: _Bar) -> None:
    """Write beside the bar on the side that has room, or inside where neither has."""
    left, right = sorted((bar.start, bar.end))
    low, high = ax.get_xlim()
    need = (high - low) * (0.45 if theme.is_narrow() else 0.17)
    if high - right > need:
        at, shift, side, colour = right, 5, "left", theme.TEXT
    elif left - low > need:
        at, shift, side, colour = left, -5, "right", theme.TEXT
    else:
        at, shift, side, colour = left, 5, "left", theme.INSIDE
    ax.annotate(
        bar.words, (at, place), xytext=(shift, 0), textcoords="offset points", va="center", ha=side, color=colour
    )


def table_pipeline_waterfall(rows: pd.DataFrame) -> TableView:
    """Show the sum of the company and of every group: amounts of the steps that occur, deals at both ends."""
    steps = [step for step, _, _ in STEPS if rows[f"n_{step}"].any()]
    columns = [
        "name", "n_start", "start_amount", *(f"{step}_amount" for step in steps), "end_amount", "n_end",
        "n_without_amount",
    ]  # fmt: skip
    signs = {f"{step}_amount": f"{'+' if sign > 0 else '−'} {label.lower()}" for step, label, sign in STEPS}
    labels = {
        "name": "Team or rep", "n_start": "Deals then", "start_amount": "Start", **signs, "end_amount": "= end",
        "n_end": "Deals now", "n_without_amount": "Without amount",
    }  # fmt: skip
    return TableView(columns=first_only(columns, rows), labels=labels, is_open=len(rows) > 0)


def table_largest_pipeline_moves(rows: pd.DataFrame) -> TableView:
    """Show each move with the deal's amount and close date on both evenings."""
    columns = (
        "step", "account", "opportunity_id", "rep_name", "amount", "before_amount", "after_amount", "close_before_on",
        "close_after_on",
    )  # fmt: skip
    labels = {
        "step": "Move", "account": "Account", "opportunity_id": "Deal", "rep_name": "Owner", "amount": "Change",
        "before_amount": "Amount then", "after_amount": "Amount now", "close_before_on": "Close date then",
        "close_after_on": "Close date now",
    }  # fmt: skip
    shown = [name for name in columns if rows[name].notna().any()]
    return TableView(columns=shown or columns[:1], labels=labels, first=20)
