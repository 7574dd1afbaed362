"""Words for bookings against goal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row, least_of, most_of, rows_of
from salesops_lib.wording import Finding, Status, count, money, month_name, number, percent

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties


def describe_bookings_against_goal(rows: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say where month, quarter and year stand against their goals, and what pace would still reach them."""
    by_kind: dict[str, Row] = {row.kind: row for row in rows_of(rows)}
    month, quarter, year = by_kind["month"], by_kind["quarter"], by_kind["year"]
    so_far = " so far" if month.is_partial else ""
    judged = [row for row in (quarter, year) if pd.notna(row.pace_rate)]
    if pd.isna(month.attainment_rate):
        no_goal = "not everyone has a goal" if _who_lacks(month) else "no goal is set"
        title = f"{month.period_name} booked {money(month.bookings_amount)}{so_far}; {no_goal}"
    else:
        share = percent(month.attainment_rate)
        title = f"{month.period_name} booked {money(month.bookings_amount)}{so_far}, {share} of goal"
    text = " ".join([_month(month), *(_longer(row) for row in (quarter, year)), _week(by_kind["week"])])
    if not judged:
        return Finding(title, text, "note")
    worst = min(judged, key=lambda row: row.pace_rate)
    limit = duties.threshold("attainment")
    status: Status = "act" if worst.pace_rate < limit else "watch" if worst.pace_rate < 1 else "good"
    stake = max(row.quota_amount * row.elapsed_rate - row.bookings_amount for row in judged)
    action = None
    if status == "act":
        action = duties.action(
            _catch_up(worst if worst.is_partial or pd.isna(year.run_rate_needed_amount) else year),
            kpi="attainment",
            within=5,
            rule=f"Quarter or year below {percent(limit)} of the goal's pace.",
        )
    return Finding(title, text, status, action, stake=max(stake, 0.0))


def _month(row: Row) -> str:
    goal = f" against a goal of {money(row.quota_amount)}" if pd.notna(row.attainment_rate) else ""
    before = ""
    if pd.notna(row.year_before_amount):
        same = "the same days of that month" if row.is_partial else "that month"
        before = f"; a year before, {same} brought {money(row.year_before_amount)}"
    lacks = f" It has no goal{_who_lacks(row)}." if _who_lacks(row) else ""
    return f"The month brought **{money(row.bookings_amount)}** from {count(row.n_won, 'deal')}{goal}{before}.{lacks}"


def _who_lacks(row: Row) -> str:
    """Whose goal is missing in the sum; nothing where no goal is set at all."""
    basis = getattr(row, "goal_basis", None)
    return f", as {basis}" if pd.isna(row.quota_amount) and isinstance(basis, str) else ""


def _longer(row: Row) -> str:
    booked = f"{row.period_name} {'stands at' if row.is_partial else 'closed at'} **{money(row.bookings_amount)}**"
    if pd.isna(row.attainment_rate):
        return f"{booked}; it has no goal{_who_lacks(row)}."
    short = "short" if row.gap_amount > 0 else "over"
    if not row.is_partial:
        return f"{booked}, {percent(row.attainment_rate)} of goal and {money(abs(row.gap_amount))} {short}."
    reached = (
        f"{booked}, {percent(row.attainment_rate)} of goal with {percent(row.elapsed_rate)} of its selling days over"
    )
    if row.gap_amount <= 0:
        return f"{reached}: the goal is reached."
    return (
        f"{reached}: {money(row.gap_amount)} to go, {money(row.run_rate_needed_amount)} a selling day "
        f"where it was {money(row.run_rate_amount)} so far.{_odds(row)}"
    )


def _odds(row: Row) -> str:
    if pd.isna(row.reach_rate):
        return ""
    how_likely = percent(row.reach_rate)
    if row.reach_rate < 0.01 or row.reach_rate > 0.99:
        how_likely = "below 1%" if row.reach_rate < 0.01 else "above 99%"
    return f" At that pace the odds of reaching the goal are {how_likely}."


def _week(row: Row) -> str:
    goal = "" if pd.isna(row.attainment_rate) else f", {percent(row.attainment_rate)} of its goal"
    return f"{row.period_name} booked {money(row.bookings_amount)}{goal}{' so far' if row.is_partial else ''}."


def _catch_up(row: Row) -> str:
    if pd.isna(row.run_rate_needed_amount):
        return f"Agree which open deals bring back the {money(row.gap_amount)} that {row.period_name} is short."
    return (
        f"Agree how {row.period_name} gets to {money(row.run_rate_needed_amount)} a selling day, "
        f"from {money(row.run_rate_amount)} so far."
    )


def describe_bookings_by_month(rows: pd.DataFrame) -> Finding:
    """Say what the months brought together, against the year before and against their goals."""
    known = rows.dropna(subset="bookings_amount")
    if known.empty:
        return Finding("No month has bookings yet", "The data holds no closed deal.", is_headline=False)
    total = known["bookings_amount"].sum()
    both = known.dropna(subset="year_before_amount")
    ends = [month_name(known["month"].iloc[place]) for place in (0, -1)]
    span = " to ".join(dict.fromkeys(ends))
    text = f"{span} brought **{money(total)}** from {count(known['n_won'].sum(), 'deal')}"
    title = f"{count(len(known), 'month')} booked {money(total)}"
    if len(both) and both["year_before_amount"].sum() > 0:
        now, past = both["bookings_amount"].sum(), both["year_before_amount"].sum()
        change = f"{percent(abs(now / past - 1))} {'more' if now >= past else 'less'} than"
        if len(both) == len(known):
            title += f", {change} the year before"
            text += f", {change} the {money(past)} of the year before"
        else:
            text += f"; the last {number(len(both))} of them, {money(now)}, {change} a year before"
    text += "."
    whole = known[~known["is_partial"]]
    with_goal = whole.dropna(subset="attainment_rate")
    if len(with_goal):
        met = int((with_goal["attainment_rate"] >= 1).sum())
        text += f" **{number(met)} of {number(len(with_goal))}** whole months reached their goal."
    if len(whole) > 1:
        best, weakest = most_of(whole, "bookings_amount"), least_of(whole, "bookings_amount")
        text += (
            f" The best was {month_name(best['month'])} with {money(best['bookings_amount'])}, "
            f"the weakest {month_name(weakest['month'])} with {money(weakest['bookings_amount'])}."
        )
    return Finding(title, text, is_headline=False)
