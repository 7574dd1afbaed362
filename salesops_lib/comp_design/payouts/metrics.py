"""Payouts of the quarter: by team and as a distribution, and who is left out. Nobody's pay is shown.

Tables in: ``reps``, ``opportunities``, ``credits``, ``quotas``; ``teams`` and ``team_members`` where present.
Tables out: one row per team, band, quantile or reason; each stands on at least three people.
Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib.comp_design.groups import LEAST, band_name, bands_of, quantile, small_together
from salesops_lib.comp_design.pay import Paid, as_float, pay_all, reps_paid, total
from salesops_lib.comp_design.sellers import SoldQuarter, quarter_of, sold_quarters
from salesops_lib.measures.names import NO_TEAM, names_of_teams
from salesops_lib.measures.tidy import tidy

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters
    from salesops_lib.periods import Period

PAYOUT_EDGES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
SMALL_TEAMS, ALL_REPS = "Small teams together", "All reps"

REASONS = {
    "no quota": "No quota for the quarter",
    "no team goal": "No goal for the team, or not for all of its members, which part of the pay hangs on",
    "role not in plan": "The plan has no pay for the role",
    "not employed": "Bookings or a quota, but not employed in the quarter",
}
WHAT_TO_DO = {
    "no quota": "Add the quota to the quarter's file, or say that none is meant",
    "no team goal": "Put the rep into a team, or give a goal to the team or to every member of it",
    "role not in plan": "Add the role to the plan, or say that it is not covered",
    "not employed": "Check the days of joining and leaving",
}


def paid_quarter(crm: Crm, period: Period, parameters: Parameters) -> tuple[SoldQuarter, list[Paid]]:
    """The quarter that holds the period's end, with everybody's pay under its plan; nobody without a plan."""
    quarter = quarter_of(crm, period)
    sold = sold_quarters(crm, [quarter])[0]
    plan = parameters.plan_for(quarter.label)
    return sold, pay_all(sold, plan) if plan else []


@tidy
def pay_by_team(crm: Crm, *, period: Period, parameters: Parameters) -> pd.DataFrame:
    """Incentive pay of each team's reps for the quarter to date, under the plan in force.

    One row per team with reps whom the plan pays, best paid of target first. Teams with fewer than three of them are
    put together, with the next larger one where that is still not enough. Managers are not in it.

    Args:
        crm: Needs ``quotas``.
        period: The quarter that holds its end is paid, to date while it runs.
        parameters: Hold the plan in force.

    Returns:
        team_id (str): Key; missing where teams are put together.
        name (str): Name of the team.
        n_reps (int): Reps paid, by the team they were in last in the quarter.
        attainment_rate (float): The team's bookings / its quota; missing where teams are put together.
        target_pay_amount (float): Variable pay at 100 % of quota, by days employed.
        individual_amount (float): Earned on own attainment; missing, like all pay, for fewer than three reps.
        team_amount (float): Earned on the team's attainment.
        incentive_amount (float): Both together, to the cent.
        payout_rate (float): Incentive / target.
        period (str): Label of the quarter.
        period_name (str): Name for readers.
        is_partial (bool): The quarter had not ended on the day the data speaks of.
    """
    sold, everybody = paid_quarter(crm, period, parameters)
    groups: dict[str, list[Paid]] = {}
    for each in reps_paid(everybody):
        groups.setdefault(each.seller.team_id or "", []).append(each)
    small = small_together({team: len(group) for team, group in groups.items()})
    names = names_of_teams(crm)
    rows = [_team_row(team, names.get(team, team), group) for team, group in groups.items() if team not in small]
    if small:
        name = (ALL_REPS if len(groups) == len(small) else SMALL_TEAMS) if len(small) > 1 else names.get(min(small), "")
        team = min(small) if len(small) == 1 else ""
        rows.append(_team_row(team, name, [each for one in sorted(small) for each in groups[one]]))
    if not rows:
        return pd.DataFrame()
    frame = pd.DataFrame(rows).assign(
        period=sold.period.label, period_name=crm.calendar.title(sold.period), is_partial=sold.is_partial
    )
    return frame.sort_values(["payout_rate", "name"], ascending=[False, True], kind="stable")


def _team_row(team: str, name: str, group: Sequence[Paid]) -> dict[str, Any]:
    is_one = len({each.seller.team_id for each in group}) == 1 and bool(team)
    attained = as_float(group[0].seller.team_attainment) if is_one else float("nan")
    sums = [
        total(each.pay.target for each in group),
        total(each.pay.individual for each in group),
        total(each.pay.team for each in group),
        total(each.pay.incentive for each in group),
    ]
    target, individual, from_team, incentive = (float(each) if len(group) >= LEAST else float("nan") for each in sums)
    return {
        "team_id": team or None,
        "name": name or NO_TEAM,
        "n_reps": len(group),
        "attainment_rate": attained,
        "target_pay_amount": target,
        "individual_amount": individual,
        "team_amount": from_team,
        "incentive_amount": incentive,
        "payout_rate": incentive / target if target else float("nan"),
    }


@tidy
def pay_distribution(crm: Crm, *, period: Period, parameters: Parameters) -> pd.DataFrame:
    """How many reps earned how much of their target pay in the quarter to date.

    One row per band of payout, lowest first; neighbours are put together until a band holds three reps or none.

    Args:
        crm: Needs ``quotas``.
        period: The quarter that holds its end is paid, to date while it runs.
        parameters: Hold the plan in force.

    Returns:
        band (str): The band in words.
        from_rate (float): Incentive / target from which the band holds, included.
        to_rate (float): Up to which it holds, not included; missing for the last.
        n_reps (int): Reps whose payout lies in it, managers left out.
        share_rate (float, 0-1): Of all reps paid.
        incentive_amount (float): Their incentive pay together.
        period_name (str): The quarter, for readers.
        is_partial (bool): The quarter had not ended on the day the data speaks of.
    """
    sold, everybody = paid_quarter(crm, period, parameters)
    reps = _with_target(everybody)
    return pd.DataFrame(
        [
            {
                "band": band_name(band),
                "from_rate": band[0],
                "to_rate": float("nan") if band[1] is None else band[1],
                "n_reps": len(places),
                "share_rate": len(places) / len(reps),
                "incentive_amount": _sum_shown([reps[place] for place in places]),
                "period_name": crm.calendar.title(sold.period),
                "is_partial": sold.is_partial,
            }
            for band, places in bands_of([each.payout_rate for each in reps], PAYOUT_EDGES)
        ]
    )


@tidy
def pay_spread(crm: Crm, *, period: Period, parameters: Parameters) -> pd.DataFrame:
    """How far payouts lie apart: what the lowest tenth, the middle and the highest tenth of reps earned.

    One row per quantile that has at least three reps on either side of it.

    Args:
        crm: Needs ``quotas``.
        period: The quarter that holds its end is paid, to date while it runs.
        parameters: Hold the plan in force.

    Returns:
        quantile (str): In words: 10 % of the reps earned less.
        below_rate (float, 0-1): Share of the reps below it.
        payout_rate (float): Incentive / target at that place.
        incentive_amount (float): Incentive pay at that place, in order of pay.
        n_reps (int): Reps paid, managers left out.
        period_name (str): The quarter, for readers.
        is_partial (bool): The quarter had not ended on the day the data speaks of.
    """
    sold, everybody = paid_quarter(crm, period, parameters)
    reps = _with_target(everybody)
    rates = [each.payout_rate for each in reps]
    amounts = [float(each.pay.incentive) for each in reps]
    return pd.DataFrame(
        [
            {
                "quantile": _quantile_name(share),
                "below_rate": share,
                "payout_rate": rate,
                "incentive_amount": quantile(amounts, share),
                "n_reps": len(reps),
                "period_name": crm.calendar.title(sold.period),
                "is_partial": sold.is_partial,
            }
            for share in QUANTILES
            if (rate := quantile(rates, share)) == rate
        ]
    )


@tidy
def reps_not_paid(crm: Crm, *, period: Period, parameters: Parameters) -> pd.DataFrame:
    """People for whom the plan in force does not say what they earned, counted by reason.

    One row per reason and kind of person, most first. They are listed, not guessed.

    Args:
        crm: Needs ``quotas``.
        period: The quarter that holds its end.
        parameters: Hold the plan in force.

    Returns:
        who (str): ``rep`` or ``manager``.
        reason (str): Why.
        what_to_do (str): What would mend it.
        n_people (int): How many.
        bookings_amount (float): What they booked in the quarter.
        n_paid (int): Reps and managers who are paid, the same in every row.
        period_name (str): The quarter, for readers.
    """
    sold, everybody = paid_quarter(crm, period, parameters)
    left_out = [each for each in everybody if not each.is_paid]
    keys = [("manager" if each.seller.is_lead else "rep", each.pay.outcome) for each in left_out]
    rows = []
    for (who, outcome), n in sorted(Counter(keys).items(), key=lambda item: (-item[1], item[0])):
        booked = [each.seller.own[0] for each, key in zip(left_out, keys, strict=True) if key == (who, outcome)]
        rows.append(
            {
                "who": who,
                "reason": REASONS[outcome],
                "what_to_do": WHAT_TO_DO[outcome],
                "n_people": n,
                "bookings_amount": float(total(booked)),
                "n_paid": len(everybody) - len(left_out),
                "period_name": crm.calendar.title(sold.period),
            }
        )
    return pd.DataFrame(rows)


def _with_target(everybody: Sequence[Paid]) -> list[Paid]:
    """Reps paid who have a target to compare with."""
    return [each for each in reps_paid(everybody) if each.pay.target]


def _sum_shown(group: Sequence[Paid]) -> float:
    return float(total(each.pay.incentive for each in group)) if len(group) >= LEAST else float("nan")


def _quantile_name(share: float) -> str:
    return "Middle: half earned less" if share == 0.5 else f"{round(share * 100)}% earned less"
