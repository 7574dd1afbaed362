"""Words for missing goals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.wording import Finding, bold, capital, count, listing, money

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties

MOST_NAMED = 3


def describe_missing_goals(rows: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say who sells without a goal, how much rests on them, and who must set one."""
    if rows.empty:
        text = "Everyone whose level has goals has one for the month, the quarter and the year."
        return Finding("Nobody lacks a goal", text, "good", is_headline=False)
    parts = [_how_many(level, len(own)) for level, own in rows.groupby("level", sort=False)]
    title = f"{capital(listing(parts))} {'lacks' if len(rows) == 1 else 'lack'} a goal"
    named = [f"{bold(row['name'])} for {row['missing']}" for row in rows.head(MOST_NAMED).to_dict("records")]
    more = f"; {count(len(rows) - MOST_NAMED, 'more holder')} in the table" if len(rows) > MOST_NAMED else ""
    text = f"Without a goal: {'; '.join(named)}{more}."
    sellers = rows[rows["level"] == "rep"]
    if sellers["bookings_amount"].any():
        text += (
            f" The reps among them booked {money(sellers['bookings_amount'].sum())} from "
            f"{count(sellers['n_won'].sum(), 'deal')} this quarter."
        )
    action = duties.action(
        "Set the missing goals, 0 where none is meant, or the last day of whoever has left; asked are "
        f"{listing(sorted(set(rows['must_set'])))}.",
        kpi="bookings",
        within=5,
        rule="Someone who sells has no goal for the month, quarter or year although others at that level do.",
    )
    return Finding(title, text, "watch", action, stake=float(sellers["bookings_amount"].sum()), is_headline=False)


def _how_many(level: object, n: int) -> str:
    return "the company" if level == "company" else count(n, str(level))
