"""Words for effort: what was done and what it went with, never what it made."""

from __future__ import annotations

import pandas as pd

from salesops_lib.performance_visibility.phrases import NO_EFFORT, Row, first_of, last_of
from salesops_lib.wording import Finding, Status, count, interval, month_name, number, percent, signed


def describe_effort_by_month(rows: pd.DataFrame) -> Finding:
    """Say what a rep's week and a won deal took in the last month, and a year before."""
    last = last_of(rows)
    if last is None or pd.isna(last["activities_per_week"]):
        return NO_EFFORT
    month = month_name(last["month"])
    so_far = " so far" if last["is_partial"] else ""
    title = f"A rep logs {number(last['activities_per_week'])} activities a week"
    if pd.notna(last["activities_per_win"]):
        title += f", {number(last['activities_per_win'])} for each won deal"
    text = (
        f"In {month}{so_far}, reps logged **{count(last['n_activities'], 'activity', 'activities')}** in "
        f"{number(last['seat_weeks'])} weeks in the seat: {number(last['activities_per_week'], 1)} a week"
    )
    if pd.notna(last["year_before_per_week"]):
        text += f", against {number(last['year_before_per_week'], 1)} in the same month a year before"
    text += f". {_wins(last)}"
    if pd.notna(last["effort_hours"]):
        text += f" The activities that say how long they took add up to {number(last['effort_hours'])} hours."
    return Finding(title, text, is_headline=False)


def _wins(row: Row) -> str:
    if not row["n_won"]:
        return "No deal was won in it."
    cycle = "" if pd.isna(row["cycle_days"]) else f", and half of them took up to {number(row['cycle_days'])} days"
    return (
        f"There were {number(row['activities_per_win'], 1)} activities for each of {count(row['n_won'], 'won deal')}"
        f"{cycle}; that counts the work on lost and open deals too."
    )


def describe_effort_change(rows: pd.DataFrame, *, n_months: int = 3, confidence: float) -> Finding:
    """Say whether reps log more than a year before, and whether wins moved too; neither is called the other's cause."""
    first = first_of(rows)
    if first is None:
        return NO_EFFORT
    per_week, wins, per_win = (rows[rows["measure"] == key].iloc[0] for key in ("per_week", "wins_per_week", "per_win"))
    if pd.isna(per_week["now_value"]):
        return NO_EFFORT
    if pd.isna(per_week["p_value"]):
        title = f"A rep logs {number(per_week['now_value'], 1)} activities a week; no year before to compare with"
        text = "A change is judged from six months on that have their month a year before on record; there are fewer."
        return Finding(title, text, is_headline=False)
    moved = f"{signed(100 * per_week['change_rate'])}%"
    title = f"Activities per rep and week are as a year before ({moved}, within chance)"
    if per_week["is_changed"]:
        more = f"{percent(abs(per_week['change_rate']))} {'more' if per_week['change_rate'] > 0 else 'less'}"
        title = f"Reps log {more} per week than a year before; wins per rep {_moved(wins)}"
    text = (
        f"In the last {count(n_months, 'month')} a rep logged **{number(per_week['now_value'], 1)}** activities a "
        f"week, in the same months a year before {number(per_week['before_value'], 1)}: "
        f"{_change(per_week, confidence)}. "
        f"Wins per rep and week changed by {_change(wins, confidence)}. {_per_win(per_win, confidence)} "
        "The intervals hold for all four measures at once. Why effort moved, and what it did for wins, these counts "
        "do not say."
    )
    return Finding(title, text, _status(per_week, wins), is_headline=False)


def _moved(row: Row) -> str:
    if not row["is_changed"]:
        return "did not change beyond chance"
    return f"{'rose' if row['change_rate'] > 0 else 'fell'} by {percent(abs(row['change_rate']))}"


def _status(per_week: Row, wins: Row) -> Status:
    has_risen = [bool(row["is_changed"]) and row["change_rate"] > 0 for row in (per_week, wins)]
    return "watch" if has_risen == [True, False] else "note"


def _per_win(row: Row, confidence: float) -> str:
    if pd.isna(row["p_value"]):
        return ""
    return (
        f"A won deal took {number(row['now_value'], 1)} activities, a year before {number(row['before_value'], 1)}: "
        f"{_change(row, confidence)}."
    )


def _change(row: Row, confidence: float) -> str:
    if pd.isna(row["change_rate_low"]):
        return "an unknown amount"
    ends = f"{signed(100 * row['change_rate_low'])}%", f"{signed(100 * row['change_rate_high'])}%"
    verdict = "beyond chance" if row["is_changed"] else "within chance"
    return f"{signed(100 * row['change_rate'])}% ({interval(*ends, confidence)}), {verdict}"


def describe_effort_by_outcome(rows: pd.DataFrame, *, n_months: int = 12, confidence: float) -> Finding:
    """Say what share of activity went to deals that were lost, or that are older than any win."""
    if rows.empty:
        return NO_EFFORT
    by_key = rows.set_index("outcome")
    everything = rows["n_activities"].sum()
    if list(by_key.index) == ["none"]:
        text = f"None of {count(everything, 'activity', 'activities')} in {count(n_months, 'month')} names a deal."
        return Finding("What activity went to cannot be told", text, is_headline=False)
    lost: Row = by_key.loc["lost"] if "lost" in by_key.index else None
    text = (
        f"Of {count(everything, 'activity', 'activities')} in {count(n_months, 'month')}, "
        f"{_share(by_key, 'won', confidence)} went to deals now won and {_share(by_key, 'lost', confidence)} to deals "
        f"now lost; {_share(by_key, 'too_old', confidence)} to open deals older than any deal ever won."
    )
    if lost is not None and "won" in by_key.index:
        won: Row = by_key.loc["won"]
        text += (
            f" A won deal took {number(won['activities_per_deal'], 1)} of them, a lost one "
            f"{number(lost['activities_per_deal'], 1)}."
        )
    text += " Nobody knows beforehand which deal will be lost, so this share is no waste as such."
    title = "No activity went to a deal that was lost"
    if lost is not None:
        title = f"{percent(lost['activity_rate'])} of activity went to deals that were lost"
    return Finding(title, text, is_headline=False)


def _share(by_key: pd.DataFrame, key: str, confidence: float) -> str:
    if key not in by_key.index:
        return "none"
    row: Row = by_key.loc[key]
    if pd.isna(row["activity_rate_low"]):
        return percent(row["activity_rate"], 1)
    ends = percent(row["activity_rate_low"], 1), percent(row["activity_rate_high"], 1)
    return f"**{percent(row['activity_rate'], 1)}** ({interval(*ends, confidence)})"
