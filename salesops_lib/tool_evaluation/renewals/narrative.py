"""Words for renewals; every number is from the frame's own rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib.tool_evaluation.phrases import owner_of
from salesops_lib.tool_evaluation.vocabulary import DUE, LATER, MERGE, OVERDUE, REPLACE
from salesops_lib.wording import Action, Finding, Status, count, day, listing, money

if TYPE_CHECKING:
    from salesops_lib.parameters import Parameters


def describe_renewal_calendar(renewals: pd.DataFrame, *, parameters: Parameters, as_of: date) -> Finding:
    """Which notice days come next, and what they put at stake."""
    ahead = renewals[renewals["standing"].isin([OVERDUE, DUE, LATER])]
    if ahead.empty:
        text = "No contract on record renews after the report's evening. Renewal dates belong into the table of tools."
        return Finding("No renewal to come is on record", text, "watch" if len(renewals) else "note", is_headline=False)
    horizon = parameters.tools.notice_horizon_days if parameters.tools else 120
    due, late = ahead[ahead["standing"] == DUE], ahead[ahead["standing"] == OVERDUE]
    sentences = [
        f"{row['name']}: the notice day was {day(row['notice_on'])}; the contract renews on {day(row['renewal_on'])}."
        for row in late.head(2).to_dict("records")
    ]
    stake = float(pd.concat([due, late])["yearly_licence_amount"].sum())
    if len(due):
        row = due.iloc[0].to_dict()
        costs = due["yearly_licence_amount"].dropna()
        put = f"put **{money(costs.sum())}** a year at stake" if len(costs) else "are due for contracts of unknown cost"
        own = row["yearly_licence_amount"]
        sentences.append(
            f"In the next {count(horizon, 'day')} {count(len(due), 'notice day')} {put}; the next is {row['name']} in "
            f"{count(row['left_days'], 'day')}{'' if pd.isna(own) else f' ({money(own)})'}."
        )
    passed = renewals[~renewals["standing"].isin([OVERDUE, DUE, LATER])]["name"].tolist()
    if passed:
        sentences.append(f"Without a renewal to come on record: {listing(passed)}.")
    leaving = pd.concat([late, due])
    leaving = leaving[leaving["decision"].isin([MERGE, REPLACE])]
    action = _notice(leaving.iloc[0].to_dict(), as_of) if len(leaving) else None
    if late.empty and due.empty:
        row = ahead.iloc[0].to_dict()
        text = f"The next is {row['name']}: notice by {day(row['notice_on'])}."
        return Finding(f"No notice is due in the next {count(horizon, 'day')}", text, "good", is_headline=False)
    first = pd.concat([late, due]).iloc[0].to_dict()
    title = (
        f"The notice day of {first['name']} has passed"
        if len(late)
        else f"Next notice day: {first['name']}, by {day(first['notice_on'])}"
    )
    status: Status = "act" if len(leaving) else "watch"
    return Finding(title, " ".join(sentences), status, action, stake)


def _notice(row: dict[Any, Any], as_of: date) -> Action:
    """Give notice where the rules say that the tool should go."""
    if row["standing"] == OVERDUE:
        what = f"Ask the vendor of {row['name']} for a way out: its notice day has passed"
        return Action(
            what, owner_of(row), as_of + timedelta(days=7), f"decision “{row['decision']}”, notice day passed"
        )
    what = f"Give notice for {row['name']}, or extend it for a short term only"
    return Action(
        what, owner_of(row), row["notice_on"].date(), f"decision “{row['decision']}”, notice day within the horizon"
    )
