"""Words for payouts: teams, bands and sums, never a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.comp_design.phrases import accrued, each_row, has_plan, if_partial, no_plan, nobody_paid, to_date
from salesops_lib.wording import Action, Finding, Status, count, listing, money, percent, small

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties

DUE_IN_SELLING_DAYS = 7


def describe_pay_by_team(teams: pd.DataFrame) -> Finding:
    """Say what the reps earned of their target, and which team most and least."""
    shown = teams.dropna(subset="incentive_amount")
    if shown.empty:
        return nobody_paid()
    incentive, target = shown["incentive_amount"].sum(), shown["target_pay_amount"].sum()
    quarter, n = to_date(shown), int(shown["n_reps"].sum())
    of_target = f", {percent(incentive / target)} of target" if target else ""
    title = f"Reps earned {money(incentive)} in incentives in {quarter}{of_target}"
    own, team = shown["individual_amount"].sum(), shown["team_amount"].sum()
    on_team = f" and **{money(team)}** on their team's" if team else ""
    text = (
        f"{count(n, 'rep')} earned **{money(own)}** on own results{on_team}.{_extremes(shown)} "
        f"Managers are not in it, and no group of fewer than three reps is shown.{if_partial(shown)}"
    )
    return Finding(title, text, stake=float(incentive))


def _extremes(teams: pd.DataFrame) -> str:
    judged = teams.dropna(subset="payout_rate").sort_values("payout_rate", kind="stable")
    if len(judged) < 2:
        return ""
    least, most = judged.iloc[0], judged.iloc[-1]
    return (
        f" {most['name']} earned {percent(most['payout_rate'])} of target pay (n = {most['n_reps']}), "
        f"{least['name']} {percent(least['payout_rate'])} (n = {least['n_reps']})."
    )


def describe_pay_distribution(bands: pd.DataFrame) -> Finding:
    """Say how many earned their target, or which band is the fullest."""
    shown = bands.dropna(subset="incentive_amount")
    if shown.empty:
        return nobody_paid()
    n, quarter = int(shown["n_reps"].sum()), to_date(shown)
    if len(shown) == 1:
        return Finding(
            f"Payouts lie too close together to divide in {quarter}",
            f"Bands hold at least three reps, and the {n} payouts make up no two such bands.{accrued(shown)}",
            is_headline=False,
        )
    is_told_apart = ((shown["from_rate"] >= 1) | (shown["to_rate"] <= 1)).all()
    if is_told_apart:
        reached = int(shown.loc[shown["from_rate"] >= 1, "n_reps"].sum())
        title = f"{reached} of {n} reps earned their target pay or more in {quarter}"
    else:
        title = f"How {count(n, 'payout')} spread in {quarter}"
    fullest = shown.sort_values("n_reps", kind="stable").iloc[-1]
    lowest, highest = shown.iloc[0], shown.iloc[-1]
    text = (
        f"The fullest band is **{fullest['band']}** of target pay, with {count(fullest['n_reps'], 'rep')}. "
        f"{lowest['n_reps']} earned {lowest['band']} ({money(lowest['incentive_amount'])} together), "
        f"{highest['n_reps']} earned {highest['band']} ({money(highest['incentive_amount'])} together). "
        f"Bands are put together until each holds three reps or none.{accrued(shown)}"
    )
    return Finding(title, text, is_headline=False)


def describe_pay_spread(quantiles: pd.DataFrame) -> Finding:
    """Say what the middle, the low and the high payout are."""
    if quantiles.empty:
        return nobody_paid()
    quarter, n = to_date(quantiles), int(quantiles["n_reps"].iloc[0])
    half = quantiles[quantiles["below_rate"] == 0.5]
    if half.empty:
        return nobody_paid()
    middle = half.iloc[0]
    title = f"The rep in the middle earned {percent(middle['payout_rate'])} of target in {quarter}"
    low, high = quantiles.iloc[0], quantiles.iloc[-1]
    apart = ""
    if len(quantiles) > 1:
        apart = (
            f" {percent(low['below_rate'])} of the {n} reps earned less than {percent(low['payout_rate'])}, "
            f"{percent(1 - high['below_rate'])} more than {percent(high['payout_rate'])}."
        )
    text = (
        f"That is **{money(middle['incentive_amount'])}** for the quarter (n = {n}).{apart} Each figure has at least "
        f"three reps on either side of it.{accrued(quantiles)}"
    )
    return Finding(title, text, is_headline=False)


def describe_reps_not_paid(reasons: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say how many the plan cannot pay, and why."""
    if not has_plan(duties):
        return no_plan()
    if reasons.empty:
        return Finding(
            "The plan in force pays everybody who sold", "Nobody is without quota, role or goal.", is_headline=False
        )
    n, booked = int(reasons["n_people"].sum()), float(reasons["bookings_amount"].sum())
    quarter, n_paid = reasons["period_name"].iloc[0], int(reasons["n_paid"].iloc[0])
    why = [f"{count(row['n_people'], row['who'])}: {small(row['reason'])}" for row in each_row(reasons)]
    sold = f"They booked **{money(booked)}** in the quarter" if booked else "None of them booked a deal in the quarter"
    text = (
        f"{listing(why, most=4)}. {sold}. Their incentive pay is not guessed: "
        f"it is in no figure of this report; {count(n_paid, 'person is', 'people are')} paid."
    )
    status: Status = "watch" if booked else "note"
    action = None
    if booked:
        action = Action(
            f"{reasons.iloc[0]['what_to_do']}.",
            "Sales operations",
            duties.due(DUE_IN_SELLING_DAYS),
            "Somebody booked deals in the quarter and the plan does not say what they earn.",
        )
    people = count(n, "person has", "people have")
    title = f"{people} no payout under the plan for {quarter}"
    return Finding(title, text, status=status, action=action, stake=booked, is_headline=bool(booked))
