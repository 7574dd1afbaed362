"""Words for cycle and velocity."""

from __future__ import annotations

import pandas as pd

from salesops_lib.performance_visibility.phrases import NO_DATES, first_of, rows_of
from salesops_lib.wording import Finding, Status, count, days, interval, money, number, percent


def describe_cycle_by_segment(rows: pd.DataFrame, *, n_months: int = 3, confidence: float) -> Finding:
    """Say how long wins take now and before, and in which segments that changed beyond chance."""
    first = first_of(rows)
    if first is None or pd.isna(first["cycle_days"]):
        why = NO_DATES if first is None else f"No deal was won in the last {count(n_months, 'month')}."
        return Finding("The sales cycle cannot be told", why, is_headline=False)
    now = days(first["cycle_days"])
    status: Status = "note"
    if bool(first["is_changed"]) and round(first["change_days"]) != 0:
        more = "more" if first["change_days"] > 0 else "fewer"
        status = "watch" if first["change_days"] > 0 else "good"
        title = f"Winning a deal takes {now}, {number(abs(first['change_days']))} {more} than the year before"
    elif pd.isna(first["before_days"]):
        title = f"Winning a deal takes {now}"
    else:
        title = f"Winning a deal takes {now}, no different from the year before beyond chance"
    between = ""
    if pd.notna(first["cycle_days_low"]):
        ends = number(first["cycle_days_low"]), number(first["cycle_days_high"])
        between = f" ({interval(*ends, confidence)})"
    text = (
        f"Half of the {count(first['n_won'], 'deal')} won in the last {count(n_months, 'month')} took up to **{now}**"
        f"{between}, the middle half {number(first['quarter_days'])} to {number(first['three_quarters_days'])}."
    )
    if pd.notna(first["before_days"]):
        before = f"{days(first['before_days'])}, over {count(first['n_won_before'], 'deal')}"
        text += f" In the twelve months before it was {before}."
    return Finding(title, f"{text} {_segments(rows.iloc[1:])}".strip(), status)


def _segments(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    moved = rows[rows["is_changed"].astype(bool)]
    if moved.empty:
        return "No segment changed beyond chance."
    each = [f"{row.segment} {number(row.before_days)} to {number(row.cycle_days)}" for row in rows_of(moved)]
    return f"Beyond chance it changed in {number(len(moved))} of {count(len(rows), 'segment')}: {', '.join(each)}."


def describe_velocity_by_segment(rows: pd.DataFrame, *, n_months: int = 12) -> Finding:
    """Say what the open deals are worth per day, and what the figure is made of."""
    first = first_of(rows)
    if first is None or pd.isna(first["velocity_amount"]):
        text = "Velocity needs open deals, closed deals and the cycle of won deals; at least one of them is missing."
        return Finding("Sales velocity cannot be told", text, is_headline=False)
    text = (
        f"{count(first['n_open'], 'open deal')} x {percent(first['win_rate'], 1)} win rate x "
        f"{money(first['average_deal_amount'])} per won deal / {days(first['cycle_days'])} = "
        f"**{money(first['velocity_amount'])} a day**, from the deals closed in the last {count(n_months, 'month')}. "
        "It compares one month with the next; it is no forecast, for old open deals count like young ones."
    )
    return Finding(f"The open deals are worth {money(first['velocity_amount'])} a day", text, is_headline=False)
