"""Sentences on cost, use and survey: frames in, findings out; every number is from the frame's own rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from salesops_lib.tool_evaluation.narrative.common import DUE_DAYS, KEEPER, NO_TOOLS
from salesops_lib.wording import Action, Finding, Status, count, day, interval, listing, money, number, percent, signed

if TYPE_CHECKING:
    import pandas as pd

    from salesops_lib.parameters import Parameters

IDLE_TO_WATCH = 0.15
"""Share of the licences that may pay for unused seats before the report says so (our choice)."""


def describe_cost_by_tool(costs: pd.DataFrame) -> Finding:
    """What the tools cost, the dearest, and what pays for seats that nobody uses."""
    known = costs.dropna(subset="cost_amount")
    if known.empty:
        return NO_TOOLS if costs.empty else Finding("No tool has a cost on record", "Costs are unknown.", "watch")
    total, licences = known["cost_amount"].sum(), known["yearly_licence_amount"].sum()
    dearest = known.iloc[0]
    sentences = [
        f"The dearest is {dearest['name']} with **{money(dearest['cost_amount'])}**, "
        f"{percent(dearest['cost_amount'] / total)} of it."
        if total
        else "No cost item covers these months."
    ]
    seats = known.dropna(subset="cost_per_active_amount").sort_values("cost_per_active_amount", kind="stable")
    if len(seats) > 1:
        low, high = seats.iloc[0], seats.iloc[-1]
        sentences.append(
            f"A seat in use costs from {money(low['cost_per_active_amount'])} ({low['name']}) to "
            f"**{money(high['cost_per_active_amount'])}** ({high['name']}) a year."
        )
    idle = known["idle_licence_amount"].sum()
    if idle > 0:
        most = known.sort_values("idle_licence_amount", ascending=False, kind="stable").iloc[0]
        sentences.append(
            f"Of {money(licences)} for licences a year, **{money(idle)}** pay for seats that nobody used lately, "
            f"{money(most['idle_licence_amount'])} of it for {most['name']}."
        )
    status: Status = "watch" if licences and idle > licences * IDLE_TO_WATCH else "note"
    title = f"{count(len(known), 'tool')} cost {money(total)} in twelve months"
    return Finding(title, " ".join(sentences), status, stake=float(idle))


def describe_utilisation_by_tool(
    use: pd.DataFrame, *, parameters: Parameters, as_of: date, confidence: float
) -> Finding:
    """Which tools are used by too few of the people who hold a seat."""
    known = use.dropna(subset="utilisation_rate")
    if known.empty:
        unknown = Finding("The use of the tools is not on record", "No share can be worked out.", "watch")
        return NO_TOOLS if use.empty else unknown
    days = parameters.tools.active_within_days if parameters.tools else 30
    low = float(parameters.tools.thresholds.utilisation_low) if parameters.tools else 0.5
    active, assigned = int(known["n_active"].sum()), int(known["n_assigned"].sum())
    sentences = [
        f"**{active} of {assigned}** assigned seats ({percent(active / assigned)}) were used in the last "
        f"{count(days, 'day')}; {int(known['n_provisioned'].sum()) - assigned} more are paid for "
        "and not assigned."
    ]
    thin = known[known["utilisation_rate"] < low]
    for row in thin.head(3).to_dict("records"):
        ends = percent(row["utilisation_rate_low"]), percent(row["utilisation_rate_high"])
        share = f"{percent(row['utilisation_rate'])}, {interval(*ends, confidence)}"
        sentences.append(f"{row['name']}: {row['n_active']} of {row['n_assigned']} ({share}).")
    left = known[known["n_held_by_leavers"] > 0]
    n_left = int(left["n_held_by_leavers"].sum())
    action = None
    if n_left:
        names = listing(left["name"].tolist())
        sentences.append(f"**{n_left}** assigned seats belong to people who have left ({names}).")
        action = Action(
            f"Take back {count(n_left, 'seat')} of people who have left ({names})", KEEPER,
            as_of + timedelta(days=DUE_DAYS), "an assigned seat whose holder has left",
        )  # fmt: skip
    if thin.empty:
        worst = known.iloc[0]
        title = f"Every tool is used on {percent(worst['utilisation_rate'])} of its assigned seats or more"
        return Finding(title, " ".join(sentences), "watch" if n_left else "good", action)
    title = f"{len(thin)} of {count(len(known), 'tool')} used on fewer than {percent(low)} of assigned seats"
    return Finding(title, " ".join(sentences), "watch", action)


def describe_survey_by_tool(survey: pd.DataFrame, *, confidence: float) -> Finding:
    """Which tools people find easy or hard to use, and where few have answered."""
    known = survey.dropna(subset="sus_score")
    if known.empty:
        return Finding("Nobody has been asked about the tools yet", "There are no complete answers.", is_headline=False)
    hard, easy = (known[known["verdict"] == verdict] for verdict in ("hard to use", "easy to use"))
    unclear, few = (known[known["verdict"] == verdict] for verdict in ("not clear", "too few to judge"))
    sentences = []
    if len(hard):
        row = hard.iloc[-1]
        ends = interval(number(row["sus_score_low"]), number(row["sus_score_high"]), confidence)
        sentences.append(
            f"The lowest is {row['name']} with **{number(row['sus_score'], 1)}** of 100 (n = {row['n_sus']}, {ends})."
        )
    if len(easy):
        row = easy.iloc[0]
        sentences.append(
            f"Clearly easy: {listing(easy['name'].tolist())}, up to **{number(row['sus_score'], 1)}** "
            f"({row['name']}, n = {row['n_sus']})."
        )
    if len(unclear):
        names = listing(unclear["name"].tolist(), 5)
        sentences.append(f"Between, or too close to a threshold to say: {names}.")
    if len(few):
        named = [f"{row['name']} (n = {row['n_sus']})" for row in few.to_dict("records")]
        sentences.append(f"Too few answers to judge: {listing(named)}.")
    sentences += [f"Last asked on {day(known['asked_on'].max())}.", _changes(known)]
    title = (
        f"{len(hard)} of {count(len(known), 'tool')} clearly hard to use: {listing(hard['name'].tolist(), 2)}"
        if len(hard)
        else f"None of {count(len(known), 'tool')} is clearly hard to use"
    )
    if len(few) == len(known):
        return Finding("Too few answers to judge any tool", " ".join(filter(None, sentences)), is_headline=False)
    return Finding(title, " ".join(filter(None, sentences)), "watch" if len(hard) else "good")


def _changes(known: pd.DataFrame) -> str:
    """What moved since the survey before, beyond chance."""
    compared = known.dropna(subset=["sus_change_score_low", "sus_change_score_high"])
    if compared.empty:
        return ""
    moved = compared[(compared["sus_change_score_low"] > 0) | (compared["sus_change_score_high"] < 0)]
    if moved.empty:
        return f"None of {count(len(compared), 'change')} since the survey before exceeds what chance would do."
    named = [f"{row['name']} {signed(row['sus_change_score'], 1)}" for row in moved.to_dict("records")]
    return f"Changed beyond chance since the survey before: {listing(named)} points."
