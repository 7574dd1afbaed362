"""Words for the leads of each source: where they wait, and what one is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row, least_of, most_of, rows_of
from salesops_lib.wording import Action, Finding, Status, bold, count, days, listing, money, number, percent, short

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties


def describe_leads_by_source(rows: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say how long leads wait, how many nobody has touched, and which source's leads were worth more or less."""
    whole, sources = rows.iloc[0], rows[rows["split"] == "source"]
    if not whole["n_leads"]:
        return Finding("No lead arrived in these months", "There is nothing to count.", is_headline=False)
    worth = _worth(sources)
    if pd.isna(whole["n_waiting"]):
        title = f"No first touch is recorded for {count(whole['n_leads'], 'lead')}"
        return Finding(title, f"How long leads wait cannot be told without it. {worth}", is_headline=False)
    slower = sources[sources["is_slower"].astype(bool)]
    text = f"{_speed(whole)} {_waiting(whole, sources)} {_change(sources, slower)} {worth}"
    waiting = int(whole["n_waiting_week"])
    stake = waiting * float(whole["worth_amount"]) if pd.notna(whole["worth_amount"]) else 0.0
    actions = (*_faster(slower, duties), *_touch(waiting, sources, duties))
    status: Status = "act" if len(slower) else "watch" if waiting else "good"
    return Finding(
        _title(whole, slower), " ".join(text.split()), status, next(iter(actions), None), stake,
        is_headline=len(slower) > 0, more_actions=actions[1:],
    )  # fmt: skip


def _title(whole: Row, slower: pd.DataFrame) -> str:
    if len(slower):
        worst = least_of(slower, "pace_ratio")
        if pd.isna(worst["first_touch_hours"]):
            return f"{short(worst['source'])} leads wait longer: fewer than half are touched"
        return (
            f"{short(worst['source'])} leads wait {_hours(worst['first_touch_hours'])} for a first touch, was "
            f"{number(worst['before_touch_hours'])}"
        )
    if pd.isna(whole["first_touch_hours"]):
        return f"Fewer than half of {count(whole['n_leads'], 'lead')} have been touched"
    return (
        f"Half of the leads are touched within {_hours(whole['first_touch_hours'])}; {number(whole['n_waiting'])} wait"
    )


def _hours(value: float) -> str:
    return count(round(value), "hour")


def _speed(whole: Row) -> str:
    half = (
        f"Half of {count(whole['n_leads'], 'lead')} were touched within {bold(_hours(whole['first_touch_hours']))}"
        if pd.notna(whole["first_touch_hours"])
        else f"Fewer than half of {count(whole['n_leads'], 'lead')} have been touched"
    )
    within_day = f" and {percent(whole['touched_in_day_rate'])} within a day" if _is_known(whole) else ""
    before = f" ({_hours(whole['before_touch_hours'])} before)" if pd.notna(whole["before_touch_hours"]) else ""
    return f"{half}{before}{within_day}, those that still wait counted as waiting."


def _is_known(whole: Row) -> bool:
    return bool(pd.notna(whole["touched_in_day_rate"]))


def _waiting(whole: Row, sources: pd.DataFrame) -> str:
    if not whole["n_waiting"] > 0:
        return "No lead waits untouched."
    most = most_of(sources, "n_waiting")
    late = f"{number(whole['n_waiting_week'])} for more than a week" if whole["n_waiting_week"] else "none for a week"
    return (
        f"Nobody has touched {bold(number(whole['n_waiting']))} of them: half of these have waited "
        f"{days(whole['waiting_days'])} or longer, {late}; the most, {number(most['n_waiting'])}, are from "
        f"{bold(most['source'])}."
    )


def _change(sources: pd.DataFrame, slower: pd.DataFrame) -> str:
    judged = sources.dropna(subset="speed_p_value")
    if judged.empty:
        return "There are too few leads before to say whether that has changed."
    if slower.empty:
        faster = sources.loc[sources["is_faster"].astype(bool), "source"]
        sooner = f"; {listing(list(faster))} are touched sooner" if len(faster) else ""
        return f"None of {count(len(judged), 'source')} waits longer than before beyond chance{sooner}."
    return f"Longer than before beyond chance wait {listing([_slowed(row) for row in rows_of(slower)])}."


def _slowed(row: Row) -> str:
    return f"{bold(row.source)} ({percent(row.touched_in_day_rate)} within a day, was {_before_day(row)})"


def _before_day(row: Row) -> str:
    return percent(row.before_touched_in_day_rate)


def _worth(sources: pd.DataFrame) -> str:
    judged = sources.dropna(subset="worth_p_value")
    if judged.empty:
        return "Too few of the earlier leads are won to say which source is worth more."
    more, less = (judged[judged[f"is_worth_{way}"].astype(bool)] for way in ("more", "less"))
    if more.empty and less.empty:
        top, bottom = most_of(judged, "worth_amount"), least_of(judged, "worth_amount")
        return (
            f"A lead of the months before has brought between {money(bottom['worth_amount'])} ({bottom['source']}) and "
            f"{money(top['worth_amount'])} ({top['source']}) so far, no further apart than chance allows."
        )
    parts = [f"{_brought(row)}, more" for row in rows_of(more)] + [f"{_brought(row)}, less" for row in rows_of(less)]
    return f"A lead of the months before has brought, per source and so far: {listing(parts)} than the others."


def _brought(row: Row) -> str:
    span = f"{money(row.worth_amount_low)} to {money(row.worth_amount_high)}"
    return f"{bold(row.source)} {money(row.worth_amount)}" + (f" ({span})" if pd.notna(row.worth_amount_low) else "")


def _faster(
    slower: pd.DataFrame, duties: Duties
) -> tuple[Action, ...]:  # fmt: skip
    if slower.empty:
        return ()
    names = listing([str(name) for name in slower["source"]])
    return (
        duties.action(
            f"Find out where leads of {names} lie between arrival and first touch: assignment or the first call.",
            kpi="first_touch_hours",
            within=5,
            rule="Leads of a source wait longer for a first touch than in the months before, beyond chance.",
        ),
    )


def _touch(waiting: int, sources: pd.DataFrame, duties: Duties) -> tuple[Action, ...]:
    if not waiting:
        return ()
    first = most_of(sources, "n_waiting_week")["source"]
    return (
        duties.action(
            f"Touch or close the {count(waiting, 'lead')} that nobody has touched for more than a week, {first} first.",
            kpi="first_touch_hours",
            within=5,
            rule="A lead of the last months has waited for more than seven days.",
        ),
    )
