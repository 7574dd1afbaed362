"""Words for the outlook: what is forecast, how sure that is, and what it rests on."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesops_lib.forecasting.phrases import TOO_SHORT, range_of
from salesops_lib.wording import Finding, Status, count, listing, money, month_name, percent, span_name

YEAR_FROM = 24
"""Months from which a yearly season can be told apart: two seasons."""
TREND_FROM = 15
"""Months from which a trend and last year's growth enter."""


def describe_bookings_forecast_by_span(rows: pd.DataFrame) -> Finding:
    """Say what the next three and twelve months come to, against the year before, and what that rests on."""
    if rows.empty:
        return TOO_SHORT
    by_length = rows.set_index("n_months")
    near: Any = by_length.loc[3]
    far: Any = by_length.loc[12]
    text = (
        f"**{span_name(near['first_month'], near['last_month'])}** together: **{money(near['forecast_amount'])}** "
        f"({range_of(near, 'forecast_amount')}, {range_of(near, 'forecast_95_amount', 0.95)}){_before(near)}. "
        f"The twelve months to {month_name(far['last_month'])} come to **{money(far['forecast_amount'])}** "
        f"({range_of(far, 'forecast_amount')}){_before(far)}. {_rests_on(near)}"
    )
    return Finding(_title(near), text, _status(near))


def _title(near: Any) -> str:
    start = f"The next three months are forecast at {money(near['forecast_amount'])}"
    change = near["change_rate"]
    if pd.isna(change):
        return f"{start}, from {money(near['forecast_amount_low'])} to {money(near['forecast_amount_high'])}"
    if abs(change) < 0.005:
        return f"{start}, as a year before"
    return f"{start}, {percent(abs(change))} {'above' if change > 0 else 'below'} a year before"


def _status(near: Any) -> Status:
    """Only a change beyond the 80% interval is called one."""
    before = near["year_before_amount"]
    if near["forecast_amount_high"] < before:
        return "watch"
    return "good" if near["forecast_amount_low"] > before else "note"


def _before(row: Any) -> str:
    amount = row["year_before_amount"]
    return "" if pd.isna(amount) else f", against {money(amount)} in the same months a year before"


def _rests_on(row: Any) -> str:
    n = int(row["n_history"])
    start = f"It rests on {count(n, 'complete month')}"
    if n < TREND_FROM:
        return f"{start}: too few for a trend or a yearly season, so only the level and the quarter's rhythm enter."
    if n < YEAR_FROM:
        return f"{start}: too few for the model to tell the months of the year apart; last year's months stand in."
    return f"{start}."


def describe_bookings_forecast_by_month(rows: pd.DataFrame) -> Finding:
    """Say what the next month is forecast at, which months stand out, and how the months' goals compare."""
    ahead = rows[rows["is_forecast"]]
    if ahead.empty:
        return TOO_SHORT
    first = ahead.iloc[0]
    title = (
        f"{month_name(first['month'])} is forecast at {money(first['forecast_amount'])}, "
        f"{money(first['forecast_amount_low'])} to {money(first['forecast_amount_high'])}"
    )
    high, low = (ahead.loc[getattr(ahead["forecast_amount"], pick)()] for pick in ("idxmax", "idxmin"))
    text = (
        f"**{month_name(first['month'])}**: **{money(first['forecast_amount'])}** "
        f"({range_of(first, 'forecast_amount')}, {range_of(first, 'forecast_95_amount', 0.95)}). {_under_way(first)}"
        f"{_ends(high, low)} {_against_goals(ahead)}"
    )
    return Finding(title, text.strip(), is_headline=False)


def _ends(high: Any, low: Any) -> str:
    """The months that stand out, unless all are forecast alike."""
    if high["forecast_amount"] == low["forecast_amount"]:
        return "The next twelve months are forecast alike."
    return (
        f"Of the next twelve months {month_name(high['month'])} is forecast highest "
        f"({money(high['forecast_amount'])}) and {month_name(low['month'])} lowest ({money(low['forecast_amount'])})."
    )


def _under_way(first: Any) -> str:
    if not first["is_partial"]:
        return ""
    return f"It is under way with {money(first['bookings_amount'])} booked and is no part of the history. "


def _against_goals(ahead: pd.DataFrame) -> str:
    with_goal = ahead.dropna(subset="goal_amount")
    if with_goal.empty:
        return ""
    short = with_goal[with_goal["forecast_amount"] < with_goal["goal_amount"]]
    names = listing([month_name(label) for label in short["month"]])
    below = f": {names}" if len(short) else ""
    n = count(len(with_goal), "month")
    return f"The forecast lies below the goal in {len(short)} of the {n} that have one{below}."
