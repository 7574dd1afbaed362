"""Chart and tables of pipeline hygiene."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import MOST_ROWS, first_only, ranges, rows_from_top, say_x
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import money, number, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

REPS_SHOWN = 15
DEALS_SHOWN = 20


def plot_hygiene_by_rule(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how many open deals have each fault, and how many have none."""
    shown = rows.dropna(subset="n_faults").reset_index(drop=True)
    if ax is None:
        ax = theme.axes(rows=len(shown) + 1)
    brief = [key.partition("_")[2].replace("_", " ").capitalize() for key in shown["fault"]]
    places = rows_from_top(ax, brief if theme.is_narrow() else list(shown["name"]))
    counts = shown["n_faults"].astype(float)
    is_clean = shown["fault"] == "is_clean"
    for mark, colour, label in (
        (~is_clean, theme.BAD, "Open deals with the fault"),
        (is_clean, theme.GOOD, "Without any fault"),
    ):
        ax.barh(
            [p for p, m in zip(places, mark, strict=True) if m], counts[mark], height=0.6, color=colour, label=label
        )
    for place, n, amount in zip(places, counts, shown["fault_amount"], strict=True):
        words = number(n) if theme.is_narrow() else f"{number(n)}  ({money(amount)})"
        ax.annotate(words, (n, place), xytext=(6, 0), textcoords="offset points", va="center")
    ax.set_xlim(0, max(1.0, float(counts.max())) * 1.22)
    theme.as_count(ax.xaxis)
    say_x(ax, "Open deals; one deal may have several faults", "Open deals")
    return ax


def plot_hygiene_by_team(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of sound deals of the company and of each team with its interval; both ends of many teams."""
    shown = both_ends(rows)
    if ax is None:
        ax = theme.axes(rows=len(shown) + 1)
    labels = shown["name"] if theme.is_narrow() else shown["name"] + shown["n_open"].map(lambda n: f" (n={n:,})")
    places = rows_from_top(ax, list(labels))
    ranges(ax, places, shown["hygiene_score_low"], shown["hygiene_score_high"], theme.ACTUAL)
    ax.plot(shown["hygiene_score"], places, "o", color=theme.ACTUAL, markersize=7, label="Score, with interval")
    ax.axvline(float(rows["hygiene_score"].iloc[0]), color=theme.TARGET, linewidth=1, linestyle="--", label="Company")
    for place, score, end in zip(places, shown["hygiene_score"], shown["hygiene_score_high"], strict=True):
        ax.annotate(percent(score), (end, place), xytext=(6, 0), textcoords="offset points", va="center")
    ax.set_xlim(0, 1.12)
    theme.as_percent(ax.xaxis)
    say_x(ax, "Open deals without a fault / open deals", "Sound / open deals")
    return ax


def both_ends(rows: pd.DataFrame) -> pd.DataFrame:
    """All rows, or the first and last ones of a long list."""
    half = MOST_ROWS // 2
    kept = rows if len(rows) <= MOST_ROWS else pd.concat([rows.head(half), rows.tail(half)])
    return kept.reset_index(drop=True)


def table_hygiene_by_rule(rows: pd.DataFrame) -> TableView:
    """Show each rule with what mends it, and what the data lacks for those that cannot judge."""
    columns = ["name", "n_faults", "fault_rate", "fault_amount", "fix", "missing"]
    shown = [name for name in columns if name != "missing" or (rows["missing"] != "").any()]
    labels = {
        "name": "Rule", "n_faults": "Deals", "fault_rate": "Of open deals", "fault_amount": "Amount",
        "fix": "What mends it", "missing": "Cannot judge without",
    }  # fmt: skip
    return TableView(columns=first_only(shown, rows), labels=labels, formats={"fault_rate": "rate"})


def table_hygiene_by_team(rows: pd.DataFrame) -> TableView:
    """Show counts, score with interval and amounts."""
    labels = {
        "name": "Team", "n_open": "Open", "n_clean": "Sound", "hygiene_score": "Score",
        "hygiene_score_low": "Interval", "open_amount": "Amount", "fault_amount": "At fault",
    }  # fmt: skip
    columns = [name for name in rows.columns if name != "team_id"]
    formats: dict[str, Format] = {"hygiene_score": "rate"}
    return TableView(columns=first_only(columns, rows), labels=labels, formats=formats)


def table_hygiene_by_rep(rows: pd.DataFrame) -> TableView:
    """Show the lowest scores; the CSV has every rep."""
    labels = {
        "name": "Rep", "n_open": "Open", "n_clean": "Sound", "hygiene_score": "Score", "fault_amount": "At fault",
        "n_too_old": "Too old", "n_twin": "Twice", "n_overdue": "Overdue", "n_stuck": "Stuck", "n_pushed": "Pushed",
        "n_no_amount": "No amount", "n_no_next_step": "No next step",
    }  # fmt: skip
    counts = [name for name in rows.columns if name.startswith("n_") and name not in ("n_open", "n_clean")]
    used = [name for name in counts if rows[name].any()]
    columns = ["name", "n_open", "hygiene_score", "fault_amount", *used]
    return TableView(
        columns=first_only(columns, rows),
        labels=labels,
        formats={"hygiene_score": "rate"},
        bars=("hygiene_score",),
        first=REPS_SHOWN,
    )


def table_deals_to_fix(rows: pd.DataFrame) -> TableView:
    """Show the worst deals; the CSV has the whole list."""
    columns = ["opportunity_id", "account", "rep_name", "amount", "faults", "fix", "twin_id"]
    shown = [name for name in columns if len(rows) == 0 or rows[name].notna().any()]
    labels = {"opportunity_id": "Deal", "rep_name": "Owner", "fix": "What to do", "twin_id": "Twin"}
    return TableView(columns=first_only(shown, rows), labels=labels, formats={"amount": "amount"}, first=DEALS_SHOWN)
