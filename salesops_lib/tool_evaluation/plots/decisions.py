"""Charts of decisions and renewals: frames in, Axes out; nothing is counted here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from salesops_lib import theme
from salesops_lib.tool_evaluation.plots.rows import name_rows
from salesops_lib.wording import money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from salesops_lib.parameters import Parameters


def plot_decision_by_tool(decisions: pd.DataFrame, *, parameters: Parameters, ax: Axes | None = None) -> Axes:
    """Draw where each tool stands by use and usability, with both intervals.

    Args:
        decisions: What ``decision_by_tool`` returns; tools without both figures are left out.
        parameters: Thresholds of ``tools.yaml``, drawn as lines.
        ax: Axes to draw on; new ones in the report's width if absent.
    """
    rows = decisions.dropna(subset=["utilisation_rate", "sus_score"])
    ax = ax or theme.axes(height=4.2)
    changes = rows["decision"].isin(["merge", "replace"])
    for is_change, colour, mark, label in (
        (False, theme.ACTUAL, "o", "Keep, fix or train"),
        (True, theme.BAD, "D", "Merge or replace"),
    ):
        here = rows[changes == is_change]
        if here.empty:
            continue
        ax.hlines(
            here["sus_score"], here["utilisation_rate_low"], here["utilisation_rate_high"], color=colour, alpha=0.35
        )
        ax.vlines(here["utilisation_rate"], here["sus_score_low"], here["sus_score_high"], color=colour, alpha=0.35)
        ax.plot(here["utilisation_rate"], here["sus_score"], mark, color=colour, label=label)
    _name_points(ax, rows)
    if parameters.tools:
        limits = parameters.tools.thresholds
        for rate in (float(limits.utilisation_low), float(limits.utilisation_good)):
            ax.axvline(rate, color=theme.TARGET, lw=1, ls="--")
        ax.axhline(limits.sus_low, color=theme.TARGET, lw=1, ls="--", label="Thresholds of tools.yaml")
    right = 1.55 if theme.is_narrow() else 1.22
    ax.set(xlim=(0, right), ylim=(0, 100), xlabel="Seats in use / assigned seats", ylabel="Usability (SUS)")
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    theme.as_percent(ax.xaxis)
    return ax


def _name_points(ax: Axes, rows: pd.DataFrame) -> None:
    """Names beside the points; where points lie close together the names move apart."""
    last = {True: -100.0, False: -100.0}
    for row in rows.sort_values("sus_score", kind="stable").to_dict("records"):
        is_far = row["utilisation_rate"] > 0.85
        height = max(row["sus_score"], last[is_far] + 5.5)
        last[is_far] = height
        at = max(row["utilisation_rate"], 1.0) + 0.02
        is_plain = row["decision"] == "keep" or theme.is_narrow()
        text = row["name"] if is_plain else f"{row['name']}: {row['decision']}"
        if is_far:
            ax.text(at, height, text, va="center", color=theme.TEXT)
        else:
            side: Literal["left", "right"] = "right" if row["utilisation_rate"] > 0.4 else "left"
            ax.text(row["utilisation_rate"], height + 1, f" {text} ", va="bottom", ha=side, color=theme.TEXT)


def plot_renewal_calendar(renewals: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the stretch from notice day to renewal for each contract, the next notice day at the top.

    Args:
        renewals: What ``renewal_calendar`` returns; contracts without a renewal to come are left out.
        ax: Axes to draw on; new ones in the report's width if absent.
    """
    rows = renewals[renewals["standing"].isin(["overdue", "due", "later"])][::-1].reset_index(drop=True)
    ax = ax or theme.axes(rows=max(len(rows), 1))
    ax.hlines(rows.index, rows["notice_on"], rows["renewal_on"], color=theme.PREVIOUS, lw=3)
    for standing, colour, mark in (("overdue", theme.BAD, "X"), ("due", theme.BAD, "D"), ("later", theme.ACTUAL, "o")):
        here = rows[rows["standing"] == standing]
        if len(here):
            ax.plot(here["notice_on"], here.index, mark, color=colour, label=f"Last day of notice: {standing}")
    ax.plot(rows["renewal_on"], rows.index, "|", color=theme.TEXT, ms=11, label="Renewal")
    for place, amount in enumerate(rows["yearly_licence_amount"]):
        if pd.notna(amount):
            at = (rows["renewal_on"].iloc[place], place)
            ax.annotate(money(amount), at, (6, 0), textcoords="offset points", va="center", color=theme.TEXT)
    name_rows(ax, rows["name"].map(theme.short))
    _months(ax, rows)
    theme.grid(ax, "x")
    return ax


def _months(ax: Axes, rows: pd.DataFrame) -> None:
    """Ticks at the first of months, the year in the first and each January."""
    if rows.empty:
        return
    first, last = rows["notice_on"].min(), rows["renewal_on"].max()
    starts = pd.date_range(first.replace(day=1), last + pd.Timedelta(days=31), freq="MS")
    most = 5 if theme.is_narrow() else 12
    starts = starts[:: -(-len(starts) // most)]
    years = [None, *(day.year for day in starts[:-1])]
    labels = [f"{day:%b}" if day.year == year else f"{day:%b %y}" for day, year in zip(starts, years, strict=True)]
    ax.set_xticks(starts.to_numpy(), labels)
    room = (last - first) * (0.3 if theme.is_narrow() else 0.1)
    ax.set_xlim(min(first, starts[0]) - pd.Timedelta(days=5), last + room)
