"""Words for who stands out: what was ruled out, what was not examined, what could not have been noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib import wording
from salesops_lib.measures.names import NO_TEAM
from salesops_lib.rep_comparison.phrases import DUE_IN_SELLING_DAYS, NO_LOSSES, span
from salesops_lib.rep_comparison.vocabulary import TOO_FEW
from salesops_lib.wording import Action, Finding, count, joined, listing, number, percent, plain

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties

MOST_NAMED = 3


def describe_win_rate_funnel(funnel: pd.DataFrame, *, min_closed: int) -> Finding:
    """Say whether the reps together differ by more than luck, and by which test."""
    rows = funnel.dropna(subset=["adjusted_win_rate"])
    if rows.empty or pd.isna(rows["same_cells_p_value"].iloc[0]) or (rows["verdict"] == TOO_FEW).all():
        return Finding(
            _nothing(funnel, min_closed), "The funnel needs two reps with won and lost deals.", is_headline=False
        )
    first: Any = rows.iloc[0]
    n = len(rows)
    rate = rows["adjusted_win_rate"]
    outside, beyond = (
        int(((rate < rows[f"{ends}_low"]) | (rate > rows[f"{ends}_high"])).sum()) for ends in ("inner", "outer")
    )
    title = (
        f"The {n} reps' win rates differ no more than luck would make them"
        if first.same_cells_p_value >= 0.05
        else f"The {n} reps' win rates differ by more than luck alone"
    )
    spread = (
        f"the limits allow for a spread of {number(first.spread_rate * 100, 1)} points between reps"
        if first.spread_rate > 0
        else "most reps lie no further apart than luck, so the limits are not widened"
    )
    text = (
        f"Chi-square test of won and lost deals by rep against the common {percent(first.company_win_rate, 1)}: "
        f"**p {_p(first.pooled_p_value)}**; within the same months and segments **p {_p(first.same_cells_p_value)}**. "
        f"{outside} of {n} lie outside the 95% limits, where luck alone puts about {number(0.05 * n, 1)}; "
        f"{beyond} outside the 99.8% limits. "
        f"Over-dispersion phi = {number(first.phi_score, 2)}, outliers winsorised: {spread}."
    )
    return Finding(title, text, is_headline=False)


def _p(value: float) -> str:
    if pd.isna(value):
        return "is not defined"
    return "< 0.001" if value < 0.001 else f"= {number(value, 3 if value < 0.1 else 2)}"


def _nothing(rows: pd.DataFrame, min_closed: int) -> str:
    closed, won = rows["n_closed"].sum(), rows["n_won"].sum()
    if closed and closed == won:
        return NO_LOSSES
    if (rows["n_closed"] >= min_closed).sum() > 1:
        return "Reps share no months and segments in which they could be compared"
    return "Too few closed deals to tell reps apart"


def describe_verdict_by_rep(
    verdicts: pd.DataFrame,
    *,
    duties: Duties,
    min_closed: int,
    confidence: float,
    shortfall: float = 0.3,
) -> Finding:
    """Say who stands out, what was ruled out, what was not examined, and what could not have been noticed."""
    judged = verdicts[verdicts["q_value"].notna()]
    if judged.empty:
        text = (
            f"{count(len(verdicts), 'rep')} closed {verdicts['n_closed'].sum():,} deals and won "
            f"{verdicts['n_won'].sum():,} of them. A verdict needs {min_closed} closed deals, won and lost ones, and "
            "colleagues to compare with."
        )
        return Finding(_nothing(verdicts, min_closed), text, is_headline=False)
    above, below = (_largest_first(judged[judged["verdict"] == f"stands out {side}"]) for side in ("above", "below"))
    n, n_apart = len(judged), len(above) + len(below)
    sides = [(side, those) for side, those in (("below", below), ("above", above)) if len(those)]
    parts = [f"{len(those)} {side}" for side, those in reversed(sides)]
    title = (
        f"{n_apart} of {n} reps {'stands' if n_apart == 1 else 'stand'} out from the team: {joined(parts)}"
        if n_apart
        else f"No rep's win rate is different from the team's ({n} judged)"
    )
    who = [_those(those, side) for side, those in sides] or [
        f"All {count(n, 'rep')} judged won as the team did {span(verdicts)}, as far as their deals can tell."
    ]
    ruled_out = (
        f"Ruled out, in this order: luck (false discovery rate {percent(1 - confidence)} over all {n} judged), a "
        f"different mix of {judged['held_alike'].iloc[0]}, then leads, the process of the team and time in the role "
        f"(allowed for: {judged['allowed_for'].iloc[0]}). What the data does not hold is not ruled out."
    )
    return Finding(
        title,
        " ".join([*who, *_explained(judged), ruled_out, _power(judged, shortfall)]),
        status="watch" if len(below) else "good" if len(above) else "note",
        stake=float(pd.concat([above, below])["difference_amount"].abs().sum()),
        action=_look_first(above, below, duties, confidence) if n_apart else None,
    )


def _largest_first(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("difference_amount", key=lambda amounts: -amounts.abs(), kind="stable")


def _those(rows: pd.DataFrame, side: str) -> str:
    """Who stands out on one side, each with the wins, the wins expected and the ratio's interval."""
    each: list[Any] = list(rows.head(MOST_NAMED).itertuples())
    said = [
        f"**{plain(row.name)}** won {row.n_won:,} of {row.n_closed:,} where the team would have won "
        f"{number(row.expected_adjusted_won, 1)} ({number(row.won_to_expected, 2)} times as many, "
        f"{number(row.won_to_expected_low, 2)} to {number(row.won_to_expected_high, 2)})"
        for row in each
    ]
    if len(rows) > MOST_NAMED:
        said.append(f"{len(rows) - MOST_NAMED} more in the table")
    return f"{side.capitalize()} the team on like deals: {'; '.join(said)}."


def _explained(judged: pd.DataFrame) -> list[str]:
    """Who looked apart until a cause before the rep was looked at."""
    rows = judged[judged["explained_by"] != ""]
    if rows.empty:
        return []
    named = listing([f"{plain(row.name)} ({row.explained_by})" for row in rows.itertuples()])
    return [f"Apart at first, and explained by what comes before the rep: {named}."]


def _power(judged: pd.DataFrame, shortfall: float) -> str:
    """What a comparison of this size could have noticed, for the rep in the middle by number of deals."""
    middle: Any = judged.sort_values(["n_closed", "rep_id"], kind="stable").iloc[(len(judged) - 1) // 2]
    sure = (
        f"only a shortfall of {percent(middle.noticeable_rate)} would be noticed four times in five"
        if pd.notna(middle.noticeable_rate)
        else "no shortfall would be noticed four times in five"
    )
    return (
        f"Power: with {middle.n_closed:,} deals, as the rep in the middle has, a rep who truly won "
        f"{percent(shortfall)} less than the team would be noticed {percent(middle.power_rate)} of the time; {sure}."
    )


def _look_first(
    above: pd.DataFrame,
    below: pd.DataFrame,
    duties: Duties,
    confidence: float,
) -> Action:
    """Below: look at deals together, as nothing that the data knows explains them. Above only: ask what they do."""
    some = below if len(below) else above
    names = listing([str(name) for name in some["name"]])
    teams = list(dict.fromkeys(some["team_name"]))
    has_one_team = len(teams) == 1 and teams[0] != NO_TEAM
    return Action(
        f"Go through lost deals with {names}: mix, leads, process and time in the role do not explain them."
        if len(below)
        else f"Ask {names} what they do differently, and note it as a practice worth testing.",
        f"Manager of {teams[0]}" if has_one_team else duties.owner("win_rate"),
        duties.due(DUE_IN_SELLING_DAYS),
        f"A rep stands out at a false discovery rate of {percent(1 - confidence)} once the causes that come "
        f"before the rep are allowed for; it is talked over within "
        f"{wording.count(DUE_IN_SELLING_DAYS, 'selling day')}.",
    )
