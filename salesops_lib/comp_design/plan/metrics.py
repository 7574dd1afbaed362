"""The plan in force, as its reader meets it: the payout curve, and one example worked out in money.

Tables in: ``reps`` and ``quotas``, for the example's figures. Tables out: one row per stretch of the curve or step.
Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.comp_design.groups import LEAST
from salesops_lib.comp_design.pay import QUARTERS_A_YEAR
from salesops_lib.comp_design.payout import cents, curve, share_out
from salesops_lib.comp_design.plan.curves import curve_frame
from salesops_lib.comp_design.sellers import SoldQuarter, quarter_of, sold_quarters
from salesops_lib.measures.tidy import tidy
from salesops_lib.wording import money, number, percent

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters
    from salesops_lib.parameters.plan import Plan
    from salesops_lib.periods import Period

EXAMPLE_ATTAINMENT = Decimal("1.2")
EXAMPLE_TEAM_ATTAINMENT = Decimal("0.9")
EXAMPLE_TARGET = Decimal(40_000)
"""Variable pay a year, where no role has enough reps to speak of."""
EXAMPLE_QUOTA = Decimal(100_000)


@tidy
def plan_in_force(crm: Crm, *, period: Period, parameters: Parameters) -> pd.DataFrame:
    """What the plan of the quarter pays at each attainment.

    One row per stretch of attainment on which each further point pays the same, lowest first; no row without a plan.

    Args:
        crm: Gives the calendar.
        period: The plan of the quarter that holds its end.
        parameters: Hold the plans.

    Returns:
        plan (str): Name of the plan.
        title (str): Name as people say it.
        meaning (str): What the plan is for.
        application (str): ``marginal``, each slice of attainment at its own rate; ``whole``, the rate reached for
            everything; ``interpolated``, straight lines between points.
        individual_rate (float, 0-1): Share of variable pay that hangs on the rep's own attainment.
        team_rate (float, 0-1): Share that hangs on the team's.
        from_rate (float): Attainment from which the stretch holds, included.
        to_rate (float): Attainment up to which it holds, not included; missing for the last.
        pay_from_rate (float): Pay at its start, as a share of target pay.
        pay_to_rate (float): Pay just below its end; missing for the last.
        multiplier (float): What each further 1 % of quota adds, in percent of target pay.
        jump_rate (float): By how much pay jumps at its start, as a share of target pay; 0 where it does not.
        threshold_rate (float): Attainment below which the plan pays nothing; missing without a threshold.
        cap_rate (float): Most that the plan pays, as a share of target pay; missing without a cap.
    """
    plan = parameters.plan_for(quarter_of(crm, period).label)
    return curve_frame([plan] if plan else [])


@tidy
def worked_example(crm: Crm, *, period: Period, parameters: Parameters) -> pd.DataFrame:
    """One invented rep's pay under the plan in force, step by step in money.

    One row per step. The rep has the target pay of the most common role and a round quota near the middle of that
    role's, books 120 % of it and has a team at 90 %.

    Args:
        crm: Needs ``quotas``.
        period: The plan and quotas of the quarter that holds its end.
        parameters: Hold the plans.

    Returns:
        step (str): What is worked out.
        how (str): The calculation.
        worked_amount (float): The result, rounded half-up to the cent.
        kind (str): ``given``, an ``own part`` or ``team part`` of the pay, or ``total``: the sum of the parts.
        attainment_rate (float): The example's own attainment, the same in every row.
        team_attainment_rate (float): Its team's.
    """
    quarter = quarter_of(crm, period)
    sold = sold_quarters(crm, [quarter])[0]
    plan = parameters.plan_for(quarter.label)
    steps = example_steps(plan, *_example_terms(sold, plan)) if plan else []
    frame = pd.DataFrame(steps, columns=["step", "how", "worked_amount", "kind"])
    return frame.assign(attainment_rate=float(EXAMPLE_ATTAINMENT), team_attainment_rate=float(EXAMPLE_TEAM_ATTAINMENT))


def _example_terms(sold: SoldQuarter, plan: Plan) -> tuple[Decimal, Decimal]:
    """Target variable pay a year and quota of the example: nobody's own, but of the usual size."""
    quotas = [(each.role, each.own[1]) for each in sold.sellers if each.own[1] and not each.is_lead]
    common = Counter(role for role, _quota in quotas if plan.pay_of(role)).most_common(1)
    if not common or common[0][1] < LEAST:
        return EXAMPLE_TARGET, EXAMPLE_QUOTA
    role, _n = common[0]
    pay = plan.pay_of(role)
    middle = float(np.median([float(quota) for each, quota in quotas if each == role and quota]))
    # Round figures are easier to follow.
    unit = 10 ** max(int(np.log10(middle)) - 1, 0)
    return (pay.target_variable_amount if pay else EXAMPLE_TARGET), Decimal(max(round(middle / unit), 1) * unit)


Step = tuple[str, str, float, str]


def example_steps(plan: Plan, yearly: Decimal, quota: Decimal) -> list[Step]:
    """The steps from target pay to payout for an attainment of 120 % in a team at 90 %.

    Args:
        plan: The plan.
        yearly: Variable pay a year at 100 % of quota.
        quota: The rep's quota for the quarter.
    """
    target = cents(Fraction(yearly) / QUARTERS_A_YEAR)
    own, team = share_out(target, plan.mix.individual)
    booked = cents(EXAMPLE_ATTAINMENT * quota)
    steps: list[Step] = [
        ("Target pay of the quarter", f"{_exact(yearly)} a year / {QUARTERS_A_YEAR}", float(target), "given"),
        ("Own part", f"{percent(float(plan.mix.individual))} of target pay", float(own), "given"),
        ("Team part", "the rest of target pay", float(team), "given"),
        ("Own bookings", f"{percent(float(EXAMPLE_ATTAINMENT))} of a quota of {_exact(quota)}", float(booked), "given"),
    ]
    paid = Decimal(0)
    for whose, part, attainment in (("Own", own, EXAMPLE_ATTAINMENT), ("Team", team, EXAMPLE_TEAM_ATTAINMENT)):
        for words, how, amount in _slices(plan, part, Fraction(attainment), whose) if part else []:
            steps.append((words, how, float(amount), f"{whose.lower()} part"))
            paid += amount
    return [*steps, ("Pay of the quarter", "the parts added up", float(paid), "total")]


def _slices(plan: Plan, target: Decimal, attainment: Fraction, whose: str) -> list[tuple[str, str, Decimal]]:
    """What each stretch of attainment earns; cut from the running total, so that the slices add up to the cent."""
    slices: list[tuple[str, str, Decimal]] = []
    before, done = Fraction(0), Decimal(0)
    for piece in curve(plan):
        if piece.low > attainment:
            break
        end = attainment if piece.high is None else min(attainment, piece.high)
        rows: list[tuple[str, str, Fraction]] = []
        if piece.pay != before:
            how = f"{_exact(target)} x {_share(piece.pay - before)}"
            rows.append((f"{whose}: reaching {_share(piece.low)} of quota", how, piece.pay))
        if end > piece.low:
            times = number(float(piece.slope), 2).rstrip("0").rstrip(".")
            how = f"{_exact(target)} x {_share(end - piece.low)} x {times}"
            rows.append((f"{whose}: {_share(piece.low)} to {_share(end)} of quota", how, piece.at(end)))
        for words, how, reached in rows:
            amount = cents(Fraction(target) * reached)
            slices.append((words, how, amount - done))
            before, done = reached, amount
    return slices


def _share(rate: Fraction) -> str:
    return percent(float(rate), 0 if (rate * 100).denominator == 1 else 1)


def _exact(amount: Decimal) -> str:
    """All digits, cents only where there are some."""
    return money(float(amount), exact=True).removesuffix(".00")
