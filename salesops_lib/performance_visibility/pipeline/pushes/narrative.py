"""Words for pushed deals: how many, whether more than before, whose, and which most often; never why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row, first_of, last_of, rows_of
from salesops_lib.wording import (
    Finding,
    Status,
    bold,
    count,
    day,
    days,
    interval,
    listing,
    money,
    number,
    percent,
    short,
    was_were,
)

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties

MOST_NAMED = 3


def describe_push_rate_by_quarter(rows: pd.DataFrame, *, duties: Duties, confidence: float) -> Finding:
    """Say how many of the deals due were put off, whether that is more than before, and what came of the others."""
    last = last_of(rows)
    if last is None:
        text = "A push rate follows close dates from the day a quarter begins; no open deal has had one."
        return Finding("Pushes cannot be told: open deals have no close date", text, is_headline=False)
    if not last["n_due"]:
        text = f"No open deal had a close date in {last['quarter_name']} on the evening before it began."
        return Finding(f"No deal was due when {last['quarter_name']} began", text, is_headline=False)
    risen = rows[rows["is_changed"].astype(bool) & (rows["push_rate"] > rows["before_rate"])]
    fallen = bool(last["is_changed"]) and last["push_rate"] < last["before_rate"]
    status: Status = "watch" if len(risen) else "good" if fallen else "note"
    text = f"{_pushed(last, duties.as_of, confidence)} {_others(last)} {_against(last)} {_last_whole(rows)}"
    action, stake = None, 0.0
    if len(risen):
        worst = last_of(risen)
        stake = float(worst["pushed_amount"] * (1 - worst["before_rate"] / worst["push_rate"]))
        action = duties.action(
            "Ask for the customer's own date in each deal that is due in the quarter ahead, before it begins.",
            kpi="push_rate",
            within=10,
            rule="Push rate of a quarter above that of the quarters before it beyond chance.",
        )
    return Finding(_title(last), " ".join(text.split()), status, action, stake=stake, is_headline=len(risen) > 0)


def _title(row: Row) -> str:
    so_far = " so far" if row["is_partial"] else ""
    title = f"{percent(row['push_rate'], 1)} of the deals due in {row['quarter_name']} were put off{so_far}"
    if pd.isna(row["p_value"]):
        return title
    if not row["is_changed"]:
        return f"{title}; no change beyond chance"
    return f"{title}, {'up' if row['push_rate'] > row['before_rate'] else 'down'} from {percent(row['before_rate'], 1)}"


def _pushed(row: Row, as_of: date, confidence: float) -> str:
    until = f"by {day(as_of)}" if row["is_partial"] else "by its end"
    chance = interval(percent(row["push_rate_low"], 1), percent(row["push_rate_high"], 1), confidence)
    value = "" if pd.isna(row["value_push_rate"]) else f"; {percent(row['value_push_rate'], 1)} by value"
    worth = "" if pd.isna(row["value_push_rate"]) else f" ({money(row['pushed_amount'])})"
    return (
        f"Of {count(row['n_due'], 'open deal')} due in {row['quarter_name']} when it began, "
        f"**{number(row['n_pushed'])}**{worth} had {until} been put off beyond it: {percent(row['push_rate'], 1)} "
        f"({chance}){value}."
    )


def _others(row: Row) -> str:
    """What became of the other deals due, and what came in from later."""
    open_still = (
        f"{number(row['n_still_due'])} still due" if row["is_partial"]
        else f"{number(row['n_still_due'])} left open with a date that has passed"
    )  # fmt: skip
    came = ""
    if row["n_pulled_in"]:
        came = f"; {count(row['n_pulled_in'], 'deal')} due later ({money(row['pulled_in_amount'])}) came in"
    return f"{number(row['n_won'])} were won, {number(row['n_lost'])} lost and {open_still}{came}."


def _against(row: Row) -> str:
    if pd.isna(row["before_rate"]):
        return "There is no quarter before it to compare with."
    when = "by the same day of " if row["is_partial"] else "in "
    before = f"{when}the quarters before, {percent(row['before_rate'], 1)} of {number(row['n_due_before'])} had been"
    if pd.isna(row["p_value"]):
        return f"{before[:1].upper()}{before[1:]}; those are too few quarters to judge a change."
    verdict = "the change is beyond chance" if row["is_changed"] else "the difference is within chance"
    return f"{before[:1].upper()}{before[1:]}; {verdict}."


def _last_whole(rows: pd.DataFrame) -> str:
    """The last whole quarter, where the report is on one that still runs."""
    whole = last_of(rows[~rows["is_partial"].astype(bool)])
    if whole is None or not rows["is_partial"].iloc[-1] or not whole["n_due"]:
        return ""
    words = (
        f"The last whole quarter, {whole['quarter_name']}, pushed {percent(whole['push_rate'], 1)} of "
        f"{number(whole['n_due'])}"
    )
    if pd.isna(whole["p_value"]):
        return f"{words}."
    before = f"the {percent(whole['before_rate'], 1)} before it"
    return f"{words}, {'unlike' if whole['is_changed'] else 'within chance of'} {before}."


def describe_pushes_by_rep(rows: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say whether anyone's deals are put off more often than such deals usually are, with what could go unseen."""
    first = first_of(rows)
    if first is None:
        text = "No deal with a close date was due in a whole quarter that the data covers."
        return Finding("Too few deals to judge: none was due", text, is_headline=False)
    n_due, n_pushed = rows["n_due"].sum(), rows["n_pushed"].sum()
    text = (
        f"In {count(first['n_quarters'], 'quarter')} to {first['last_quarter_name']}, {number(n_pushed)} of "
        f"{count(n_due, 'deal')} due were put off. Each rep is held against what the company put off of deals of the "
        "same segment due in the same month."
    )
    above = rows[rows["is_above_company"].astype(bool)]
    if above.empty:
        title = f"No rep puts off more deals than chance explains ({number(len(rows))} compared)"
        return Finding(title, f"{text} {_unseen(rows)}", is_headline=False)
    named = "; ".join(
        f"{bold(row.name)} with {number(row.n_pushed)} of {number(row.n_due)}, where "
        f"{number(row.usual_rate * row.n_due, 1)} are usual"
        for row in rows_of(above.head(MOST_NAMED))
    )
    more = len(above) - MOST_NAMED
    others = f"; and {number(more)} more" if more > 0 else ""
    text += f" Beyond chance stand {named}{others}. Why, the dates do not say."
    who = short(first["name"]) if len(above) == 1 else count(len(above), "rep")
    verb = "has" if len(above) == 1 else "have"
    action = duties.action(
        f"Go through the deals due next with {listing(list(above['name']))}: which close dates are the customer's own?",
        kpi="push_rate",
        within=10,
        rule="More deals put off than is usual for such deals, beyond chance over all reps.",
    )
    title = f"{who} {verb} more deals put off than is usual for such deals, beyond chance"
    return Finding(title, text, "watch", action, is_headline=False)


def _unseen(rows: pd.DataFrame) -> str:
    """What the rep with the median number of deals due would need to stand out."""
    middle = rows.sort_values(["n_due", "rep_id"]).iloc[len(rows) // 2]
    usual = number(middle["usual_rate"] * middle["n_due"], 1)
    base = f"A rep with {count(middle['n_due'], 'deal')} due, of which {usual} are usually put off, would stand out"
    if pd.isna(middle["n_to_show"]):
        return f"{base} with no number: too few to judge anyone."
    return f"{base} from {number(middle['n_to_show'])} on; less may go unseen."


def describe_most_pushed_deals(rows: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say how many open deals were put off, how many too often, and which stands on top."""
    first = first_of(rows)
    if first is None:
        text = "Of the open deals, none has had its close date moved to a later day."
        return Finding("No open deal has been put off", text, is_headline=False)
    n_often = int(first["n_often"])
    often = f"{number(n_often) if n_often else 'none'} of them more than twice"
    worth = f" ({money(first['often_amount'])})" if n_often else ""
    amount = "without an amount" if pd.isna(first["amount"]) else f"worth {money(first['amount'])}"
    name = first["account"] if isinstance(first["account"], str) else f"deal {first['opportunity_id']}"
    text = (
        f"**{count(first['n_pushed_open'], 'open deal')}** {'has' if first['n_pushed_open'] == 1 else 'have'} been put "
        f"off, {often}{worth}. Most "
        f"often {bold(name)} ({bold(first['opportunity_id'])}, {first['rep_name']}), {amount}: "
        f"{count(first['n_pushes'], 'time')} by {days(first['pushed_days'])} together, from "
        f"{day(first['first_close_on'])} to {day(first['expected_close_on'])}. "
        "A close date that moves at every review is a guess, not the customer's."
    )
    if not n_often:
        title = f"{count(first['n_pushed_open'], 'open deal was', 'open deals were')} put off, none more than twice"
        return Finding(title, text, is_headline=False)
    action = duties.action(
        f"Decide on the {count(n_often, 'deal')} put off more than twice: a date that the customer named, or close "
        f"{'it' if n_often == 1 else 'them'}.",
        kpi="push_rate",
        within=10,
        rule="Close date of an open deal moved to a later day more than twice.",
    )
    title = (
        f"{count(n_often, 'open deal', 'open deals')} worth {money(first['often_amount'])} "
        f"{was_were(n_often)} put off more than twice"
    )
    return Finding(title, text, "watch", action, is_headline=False)
