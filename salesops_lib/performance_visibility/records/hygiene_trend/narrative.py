"""Words for hygiene over time, and for the pipeline that rests on deals with a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row, first_of, last_of, most_of
from salesops_lib.wording import Finding, Status, count, interval, money, month_name, number, percent, points

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties

CLEAN = "is_clean"


def describe_hygiene_by_month(rows: pd.DataFrame, *, confidence: float) -> Finding:
    """Say where the score stands and whether the last three months moved it beyond chance."""
    last = last_of(rows)
    if last is None or not last["n_open"]:
        text = "No deal was open then, or the data records nothing of past evenings that a rule could judge."
        return Finding("Hygiene over time cannot be told", text, is_headline=False)
    score = percent(last["hygiene_score"])
    ends = percent(last["hygiene_score_low"]), percent(last["hygiene_score_high"])
    left_out = str(last["left_out"]).lower()
    whose = f"a fault, “{left_out}” aside" if left_out else "a fault"
    text = (
        f"In {month_name(last['month'])}, **{number(last['n_clean'])} of {count(last['n_open'], 'open deal')}** "
        f"({score}, {interval(*ends, confidence)}) were without {whose}."
    )
    status: Status = "note"
    if pd.isna(last["change_rate"]):
        title = f"{score} of open deals had no fault in {month_name(last['month'])}"
        text += " There is no evening three months before to compare with."
    else:
        then = rows.iloc[-4]
        title = f"Hygiene stands at {score}, no different from three months before beyond chance"
        if last["is_changed"]:
            status = "watch" if last["change_rate"] < 0 else "good"
            moved = "fell to" if last["change_rate"] < 0 else "rose to"
            title = f"Hygiene {moved} {score}, from {percent(then['hygiene_score'])} three months before"
        text += f" {_change(last, then, confidence)}"
    if left_out:
        text += " What is left out is not recorded for past evenings, so this is not the score by rule."
    return Finding(title, text, status, is_headline=status == "watch")


def _change(last: Row, then: Row, confidence: float) -> str:
    ends = points(last["change_rate_low"]), points(last["change_rate_high"])
    verdict = "beyond chance" if last["is_changed"] else "no more than chance may do"
    return (
        f"In {month_name(then['month'])} it was {percent(then['hygiene_score'])} of {number(then['n_open'])}: a change "
        f"of {points(last['change_rate'])} ({interval(*ends, confidence)}), {verdict}. Most deals are open on both "
        "evenings, and those of one owner move together; the interval allows for both."
    )


def describe_pipeline_on_bad_records(rows: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say how much of each quarter's pipeline rests on deals with a fault, and which fault holds the most."""
    first = first_of(rows)
    if first is None:
        text = "No open deal is expected to close in the quarter to land or the next one."
        return Finding("No pipeline has a date ahead", text, is_headline=False)
    names = list(rows["quarter_name"].drop_duplicates())
    parts = [rows[rows["quarter_name"] == name] for name in names]
    limit = 1 - duties.threshold("hygiene_score")
    landing, share = parts[0], _fault_rate(parts[0])
    faulty = landing[landing["fault"] != CLEAN]
    at_fault, n_at_fault = float(faulty["open_amount"].sum()), int(faulty["n_open"].sum())
    whole = float(landing["open_amount"].sum())
    if not landing["n_open"].sum():
        return Finding(f"No open deal is due in {names[0]}", _quarter(parts[1], names[1]), is_headline=False)
    title = f"{money(at_fault)} of {money(whole)} of {names[0]}'s pipeline rests on deals with a fault"
    if not whole > 0:
        title = f"{number(n_at_fault)} of {count(landing['n_open'].sum(), 'open deal')} due in {names[0]} have a fault"
    if not n_at_fault:
        title = f"All of {names[0]}'s pipeline, {money(whole)}, rests on sound deals"
    text = f"{_quarter(landing, names[0])} {_largest(faulty)} {_weighted(landing)} {_quarter(parts[1], names[1])}"
    status: Status = "good" if not n_at_fault else "act" if share > limit else "watch"
    action = None
    if status == "act":
        action = duties.action(
            f"Before the forecast call, confirm or re-date the {count(n_at_fault, 'deal')} with a fault due in "
            f"{names[0]}.",
            kpi="pipeline_coverage",
            within=5,
            rule=f"More than {percent(limit)} of the amount due in the quarter to land is in deals with a fault.",
        )
    return Finding(title, " ".join(text.split()), status, action, stake=at_fault)


def _fault_rate(rows: pd.DataFrame) -> float:
    return float(rows.loc[rows["fault"] != CLEAN, "amount_rate"].sum())


def _quarter(rows: pd.DataFrame, name: str) -> str:
    n = int(rows["n_open"].sum())
    if not n:
        return f"No open deal is due in {name}."
    n_faulty, whole = rows.loc[rows["fault"] != CLEAN, "n_open"].sum(), float(rows["open_amount"].sum())
    share = f"**{percent(_fault_rate(rows))}** of {money(whole)}" if whole > 0 else "and their amounts are no measure"
    return f"In {name}, {number(n_faulty)} of {count(n, 'open deal')} due have a fault, {share}."


def _largest(faulty: pd.DataFrame) -> str:
    if not faulty["open_amount"].sum():
        return ""
    top = most_of(faulty, "open_amount")
    return f"The most is in deals “{top['name'].lower()}”: {money(top['open_amount'])} in {number(top['n_open'])}."


def _weighted(rows: pd.DataFrame) -> str:
    if rows["weighted_amount"].isna().all() or not rows["weighted_amount"].sum():
        return ""
    faulty = rows[rows["fault"] != CLEAN]
    return (
        f"A forecast that weighs each deal by what its stage usually wins counts {money(rows['weighted_amount'].sum())}"
        f", {money(faulty['weighted_amount'].sum())} of it ({percent(faulty['weighted_rate'].sum())}) from deals "
        "with a fault."
    )
