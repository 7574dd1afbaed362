"""Words for joiners: what stands open for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib.measures.names import NO_TEAM
from salesops_lib.rep_comparison.phrases import DUE_IN_SELLING_DAYS
from salesops_lib.rep_comparison.vocabulary import AHEAD, BEHIND, TOO_EARLY
from salesops_lib.wording import Action, Finding, count, interval, joined, listing, money, number, percent, plain

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties

MOST_NAMED = 3


def describe_ramp_by_rep(
    reps: pd.DataFrame,
    *,
    duties: Duties,
    confidence: float,
) -> Finding:
    """Say which joiners stand apart from the others' curve, and for how many it is too early."""
    if reps.empty:
        return Finding("Nobody is on the ramp", "No rep present started recently enough.", is_headline=False)
    judged = reps[reps["q_value"].notna()]
    behind, ahead = (judged[judged["standing"] == side] for side in (BEHIND, AHEAD))
    early = [plain(name) for name in reps.loc[reps["standing"] == TOO_EARLY, "name"]]
    apart = [f"{len(those)} {side}" for side, those in ((AHEAD, ahead), (BEHIND, behind)) if len(those)]
    n = len(judged)
    title = (
        f"{joined(apart)} of {count(n, 'joiner')} judged"
        if apart
        else f"No joiner stands apart from the curve ({n} judged, {len(early)} too early to tell)"
        if n
        else f"Too early to tell where {count(len(reps), 'joiner')} {'stands' if len(reps) == 1 else 'stand'}"
    )
    shown = pd.concat([behind, ahead]) if apart else judged
    each: list[Any] = list(shown.head(MOST_NAMED).itertuples())
    parts = [_stands(row, confidence) for row in each]
    if len(shown) > MOST_NAMED:
        parts.append(f"{len(shown) - MOST_NAMED} more in the table.")
    if early:
        parts.append(f"Too early to tell (less than five deals expected so far): {listing(early, 5)}.")
    rule = f"False discovery rate {percent(1 - confidence)} over {count(n, 'joiner')}; " if n else ""
    parts.append(
        f"{rule}{'the' if rule else 'The'} curve rests on {reps['n_joiners'].iloc[0]:,} joiners. Luck and the usual "
        "spread between joiners are allowed for; the leads and accounts that each was given are not looked at, so this "
        "says nothing about the person."
    )
    return Finding(
        title[:1].upper() + title[1:],
        " ".join(parts),
        status="watch" if len(behind) else "good" if len(ahead) else "note",
        stake=float((shown["bookings_amount"] - shown["expected_amount"]).abs().sum()) if apart else 0.0,
        action=_look(behind, duties, confidence) if len(behind) else None,
        is_headline=bool(apart),
    )


def _stands(row: Any, confidence: float) -> str:
    luck = interval(money(row.luck_amount_low), money(row.luck_amount_high), confidence).replace("interval", "range")
    return (
        f"**{plain(row.name)}** ({number(row.tenure_months, 1)} months): {money(row.bookings_amount)} booked where the "
        f"other joiners' curve gives {money(row.expected_amount)} ({luck}), {row.standing}."
    )


def _look(behind: pd.DataFrame, duties: Duties, confidence: float) -> Action:
    names = listing([str(name) for name in behind["name"]])
    teams = list(dict.fromkeys(behind["team_name"]))
    has_one_team = len(teams) == 1 and teams[0] != NO_TEAM
    return Action(
        f"Check the leads, accounts and training that {names} had since the start; conclude nothing before.",
        f"Manager of {teams[0]}" if has_one_team else duties.owner("bookings"),
        duties.due(DUE_IN_SELLING_DAYS),
        f"A joiner is behind the other joiners' curve at a false discovery rate of {percent(1 - confidence)}.",
    )
