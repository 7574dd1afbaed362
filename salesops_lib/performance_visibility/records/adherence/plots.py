"""Charts and tables of process adherence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import (
    MOST_ROWS,
    before_and_now,
    first_only,
    ranges,
    rows_from_top,
    say_x,
)
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

REPS_SHOWN = 15
_SCORE = ("adherence_score", "adherence_score_low", "adherence_score_high")
_COUNTS = ("n_skipped", "n_back", "n_early_win", "n_afterthought", "n_no_amount", "n_late")
_LABELS = {
    "n_closed": "Closed", "n_kept": "Kept all", "adherence_score": "Score", "adherence_score_low": "Interval",
    "n_skipped": "Skipped", "n_back": "Went back", "n_early_win": "Early win", "n_afterthought": "Afterthought",
    "n_no_amount": "No amount", "n_late": "Late", "n_closed_before": "Closed before", "before_score": "Before",
    "change_rate": "Change", "p_value": "p", "is_changed": "Beyond chance", "others_score": "Others",
    "is_different": "Beyond chance",
}  # fmt: skip
_FORMATS: dict[str, Format] = {
    "adherence_score": "rate", "before_score": "rate", "others_score": "rate", "change_rate": "points",
    "p_value": "number2", "kept_rate": "rate1", "before_rate": "rate1",
}  # fmt: skip


def plot_adherence_by_rule(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of closed deals that kept each rule, now and before; rules that cannot be judged are left out."""
    shown = rows.dropna(subset="kept_rate").reset_index(drop=True)
    if ax is None:
        ax = theme.axes(rows=len(shown) + 1)
    names = [_brief(key) for key in shown["rule"]] if theme.is_narrow() else list(shown["name"])
    places = rows_from_top(ax, names)
    before_and_now(ax, shown, "before_rate", "kept_rate", shown["is_changed"] & (shown["change_rate"] < 0))
    for place, n in zip(places, shown["n_deals"], strict=True):
        ax.text(1.12 if theme.is_narrow() else 1.03, place, f"n={number(n)}", va="center", ha="left")
    ax.set_xlim(0, 1.2 if not theme.is_narrow() else 1.75)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1] if not theme.is_narrow() else [0, 0.5, 1])
    say_x(ax, "Deals that kept the rule / closed deals that it concerns", "Kept / closed deals")
    return ax


def _brief(rule: str) -> str:
    return {
        "is_skipped": "No skip", "is_back": "No step back", "is_early_win": "Last stage", "is_kept": "All rules",
        "is_afterthought": "Created before", "has_no_amount": "Amount", "is_late": "Close date",
    }[rule]  # fmt: skip


def plot_adherence_by_team(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the score of the company and of each team, now and before."""
    shown = _both_ends(rows)
    if ax is None:
        ax = theme.axes(rows=len(shown) + 1)
    rows_from_top(ax, _names(shown))
    before_and_now(ax, shown, "before_score", "adherence_score", shown["is_changed"] & (shown["change_rate"] < 0))
    ax.set_xlim(0, 1.02)
    say_x(ax, "Closed deals that kept every rule / closed deals", "Kept every rule / closed")
    return ax


def plot_adherence_by_rep(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each rep's score with its interval; of many reps both ends; those beyond chance have another mark."""
    shown = _both_ends(rows)
    if ax is None:
        ax = theme.axes(rows=len(shown) + 1)
    places = rows_from_top(ax, _names(shown))
    ranges(ax, places, shown["adherence_score_low"], shown["adherence_score_high"], theme.REP)
    is_apart = shown["is_different"].astype(bool)
    for mark, shape, colour, label in (
        (~is_apart, "o", theme.REP, "Not different from the others"),
        (is_apart, "D", theme.BAD, "Different beyond chance"),
    ):
        if mark.any():
            own = shown[mark]
            ax.plot(own["adherence_score"], own.index, shape, color=colour, markersize=7, label=label)
    ax.set_xlim(0, 1.02)
    theme.as_percent(ax.xaxis)
    say_x(ax, "Closed deals that kept every rule / closed deals", "Kept every rule / closed")
    return ax


def _names(rows: pd.DataFrame) -> list[str]:
    if theme.is_narrow():
        return list(rows["name"])
    return [f"{theme.short(name, 16)} (n={n:,})" for name, n in zip(rows["name"], rows["n_closed"], strict=True)]


def _both_ends(rows: pd.DataFrame) -> pd.DataFrame:
    half = MOST_ROWS // 2
    kept = rows if len(rows) <= MOST_ROWS else pd.concat([rows.head(half), rows.tail(half)])
    return kept.reset_index(drop=True)


def table_adherence_by_rule(rows: pd.DataFrame) -> TableView:
    """Show each rule now and before, and what the data lacks for those that cannot judge."""
    columns = [
        "name", "n_deals", "n_broken", "kept_rate", "kept_rate_low", "kept_rate_high", "n_deals_before", "before_rate",
        "p_value", "is_changed", "missing",
    ]  # fmt: skip
    shown = [name for name in columns if name != "missing" or (rows["missing"] != "").any()]
    labels = {
        **_LABELS, "name": "Rule", "n_deals": "Deals", "n_broken": "Broken", "kept_rate": "Kept",
        "kept_rate_low": "Interval", "n_deals_before": "Deals before", "before_rate": "Kept before",
        "missing": "Cannot judge without",
    }  # fmt: skip
    return TableView(columns=first_only(shown, rows), labels=labels, formats=_FORMATS)


def table_adherence_by_team(rows: pd.DataFrame) -> TableView:
    """Show score, what was broken and the score before."""
    columns = ["name", "n_closed", *_SCORE, *_used(rows), "before_score", "p_value", "is_changed"]
    return TableView(columns=first_only(columns, rows), labels={**_LABELS, "name": "Team"}, formats=_FORMATS)


def table_adherence_by_rep(rows: pd.DataFrame) -> TableView:
    """Show the lowest scores beside the others' and what was broken; the CSV has every rep."""
    columns = ["name", "n_closed", *_SCORE, "others_score", *_used(rows), "p_value", "is_different"]
    labels = {**_LABELS, "name": "Rep"}
    return TableView(columns=first_only(columns, rows), labels=labels, formats=_FORMATS, first=REPS_SHOWN)


def _used(rows: pd.DataFrame) -> list[str]:
    """Counts of rules that anyone broke."""
    return [name for name in _COUNTS if rows[name].any()]
