"""Words for the time that wins take, and what an old deal is worth hoping for."""

from __future__ import annotations

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row
from salesops_lib.wording import Finding, Status, count, days, number, percent


def describe_time_to_win(rows: pd.DataFrame, *, n_months: int = 12) -> Finding:
    """Say how much is won in the end and by when, what is left of an old deal's chances, and whether that changed."""
    whole = rows[rows["group"] == "all"] if len(rows) else rows
    if whole.empty or not whole["won_rate"].iloc[-1] > 0:
        text = "Too few deals with a creation date can be followed to a win."
        return Finding("How long wins take cannot be told", text, is_headline=False)
    last = whole.iloc[-1]
    half = whole[whole["won_rate"] >= last["won_rate"] / 2].iloc[0]
    title = f"Half of the wins come within {days(half['days'])}"
    text = (
        f"Of {count(last['n_created'], 'deal')} created in {count(2 * n_months, 'month')}, "
        f"**{percent(last['won_rate'])}** are won in the end ({percent(last['won_rate_low'])} to "
        f"{percent(last['won_rate_high'])}), half of them by day {number(half['days'])}."
    )
    old = whole[whole["days"] >= last["ripe_days"]]
    if pd.notna(last["ripe_days"]) and len(old):
        text += f" Nine of ten wins take no longer than {days(last['ripe_days'])}.{_old(whole, old.iloc[0])}"
    status, change = _changed(rows)
    if status == "watch":
        title = f"Fewer deals are won by day {number(last['ripe_days'])} than a year before"
    return Finding(title, text + change, status, is_headline=status == "watch")


def _old(whole: pd.DataFrame, row: Row) -> str:
    """What a deal past that day may still hope for; and one twice as old."""
    told = (
        f" A deal still open after {days(row['days'])} has **{percent(row['still_win_rate'])}** to be won {_ends(row)}"
    )
    later = whole[whole["days"] >= 2 * row["days"]]
    if later.empty:
        return f"{told}."
    old = later.iloc[0]
    return f"{told}, one open after {days(old['days'])} {percent(old['still_win_rate'])} {_ends(old)}."


def _ends(row: Row) -> str:
    low, high = percent(row["still_win_rate_low"]), percent(row["still_win_rate_high"])
    return f"({low} to {high}, n = {number(row['n_followed'])})"


def _changed(rows: pd.DataFrame) -> tuple[Status, str]:
    now = rows[rows["group"] == "now"]
    if now.empty or pd.isna(now["p_value"].iloc[0]):
        return "note", " Whether that has changed cannot be told yet."
    ripe = now["ripe_days"].iloc[0]
    here, there = (own[own["days"] <= ripe].iloc[-1] for own in (now, rows[rows["group"] == "before"]))
    is_changed = bool(now["is_changed"].iloc[0])
    text = (
        f" By day {number(here['days'])}, {percent(here['won_rate'], 1)} of the deals of the last twelve months are "
        f"won and {percent(there['won_rate'], 1)} of those before: {'beyond' if is_changed else 'within'} chance."
    )
    return "watch" if is_changed and here["won_rate"] < there["won_rate"] else "note", text
