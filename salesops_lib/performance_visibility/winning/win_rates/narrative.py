"""Words for win rates, three ways."""

from __future__ import annotations

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row, first_of, last_of
from salesops_lib.wording import Finding, Status, interval, number, percent, points, short

NO_LOSSES = "The data records no lost deal: a share of won deals would be 100% by construction, so none is shown."


def describe_win_rate_by_quarter(rows: pd.DataFrame, *, confidence: float) -> Finding:
    """Say the last quarter's win rate three ways, and whether it differs from the year before."""
    last = last_of(rows)
    if last is None:
        return Finding("Win rates cannot be told: no lost deals in the data", NO_LOSSES, is_headline=False)
    if not last["n_closed"]:
        return Finding("No deal closed in the quarter", "A win rate needs closed deals.", is_headline=False)
    name = _quarter(last["quarter"])
    so_far = " so far" if last["is_partial"] else ""
    rate = percent(last["win_rate"], 1)
    change = last["win_rate"] - last["before_rate"]
    status: Status = "note"
    if pd.isna(last["p_value"]):
        title = f"{name} won {rate} of its closed deals{so_far}"
    elif last["p_value"] < 1 - confidence:
        status = "watch" if change < 0 else "good"
        title = f"{name} won {rate} of its closed deals{so_far}, {points(change)} on the year before"
    else:
        title = f"{name} won {rate}{so_far}; no change on the year before beyond chance"
    text = (
        f"By count, {name} won **{number(last['n_won'])} of {number(last['n_closed'])}** closed deals, {rate} "
        f"({_range(last, 'win_rate', confidence)}); the four quarters before won {percent(last['before_rate'], 1)}."
        if pd.notna(last["before_rate"])
        else f"By count, {name} won **{number(last['n_won'])} of {number(last['n_closed'])}** closed deals, {rate} "
        f"({_range(last, 'win_rate', confidence)})."
    )
    if pd.notna(last["value_win_rate"]):
        text += f" By value it won **{percent(last['value_win_rate'], 1)}**."
    return Finding(title, f"{text} {_cohort(rows)}".strip(), status)


def _cohort(rows: pd.DataFrame) -> str:
    created = rows[rows["n_created"] > 0]
    if created.empty:
        return "Deals have no creation date, so there is no created cohort."
    ripe = created[created["is_mature"]]
    young = created[~created["is_mature"]]
    words = []
    if len(ripe):
        last = last_of(ripe)
        words.append(
            f"Of the {number(last['n_created'])} deals created in {_quarter(last['quarter'])}, the last mature cohort, "
            f"**{percent(last['cohort_win_rate'], 1)}** are won."
        )
    if len(young):
        waiting = number(young["n_created_open"].sum())
        words.append(
            f"Cohorts from {_quarter(young['quarter'].iloc[0])} on are immature: {waiting} of their deals are open."
        )
    return " ".join(words)


def _quarter(label: str) -> str:
    year, quarter = label.split("-")
    return f"{quarter} {year}"


def _range(row: Row, name: str, confidence: float) -> str:
    return interval(percent(row[f"{name}_low"]), percent(row[f"{name}_high"]), confidence)


def describe_win_rate_by_group(rows: pd.DataFrame, *, min_closed: int, confidence: float) -> Finding:
    """Say the company's win rate three ways, and how far teams and segments lie apart."""
    company = first_of(rows)
    if company is None:
        return Finding("Win rates cannot be told: no lost deals in the data", NO_LOSSES, is_headline=False)
    if not company["n_closed"]:
        return Finding("No deal closed in these months", "A win rate needs closed deals.", is_headline=False)
    rate = percent(company["win_rate"], 1)
    title = f"{rate} of closed deals are won"
    text = (
        f"**{number(company['n_won'])} of {number(company['n_closed'])}** closed deals were won, {rate} by count "
        f"({_range(company, 'win_rate', confidence)})"
    )
    if pd.notna(company["value_win_rate"]):
        title += f", {percent(company['value_win_rate'], 1)} of their value"
        text += f" and {percent(company['value_win_rate'], 1)} by value{_size(company)}"
    text += "."
    if company["n_created"] and pd.notna(company["cohort_from_on"]):
        state = "" if company["is_mature"] else ", which is immature"
        text += (
            f" Of {number(company['n_created'])} deals created from {company['cohort_from_on']:%-d %B %Y} to "
            f"{company['cohort_to_on']:%-d %B %Y}{state}, {percent(company['cohort_win_rate'], 1)} are won."
        )
    return Finding(title, f"{text} {_spread(rows, min_closed)}".strip(), is_headline=False)


def _size(row: Row) -> str:
    """What the two rates say about the size of won deals, where they lie apart beyond chance."""
    if row["value_win_rate_high"] < row["win_rate"]:
        return ": won deals are smaller on average than lost ones"
    if row["value_win_rate_low"] > row["win_rate"]:
        return ": won deals are larger on average than lost ones"
    return ""


def _spread(rows: pd.DataFrame, min_closed: int) -> str:
    """Best and weakest group with enough deals; the kind of group with the wider spread."""
    words = []
    for group in ("team", "segment"):
        enough = rows[(rows["group"] == group) & (rows["n_closed"] >= min_closed)].dropna(subset="win_rate")
        if len(enough) > 1:
            best, weakest = enough.iloc[0], enough.iloc[-1]
            words.append(
                f"{group.capitalize()}s run from {percent(weakest['win_rate'])} ({short(weakest['name'])}, "
                f"{number(weakest['n_closed'])} closed) to {percent(best['win_rate'])} ({short(best['name'])}, "
                f"{number(best['n_closed'])} closed)."
            )
    return " ".join(words)
