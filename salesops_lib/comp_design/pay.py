"""Pay of each person under a plan. For statements and sums only: a page never shows what one person is paid.

Order of calculation and points of rounding, each half-up to the cent:

1. Base to date = base per year / 4 x days employed and over / days of the quarter.
2. Target = target variable per year / 4 x days employed / days of the quarter.
3. Individual target = target x individual share; team target = the rest, so that both add up.
4. Individual pay = individual target x payout at own attainment; team pay = team target x payout at the team's.
   A manager has the whole target on the team's attainment. Threshold and cap hold for each part alike.
5. Incentive = individual + team pay.

Quotas are taken as agreed. A joiner's or leaver's is prorated where it is agreed, not once more here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

import pandas as pd

from salesops_lib.comp_design.payout import cents, curve, payout, share_out
from salesops_lib.comp_design.sellers import Goal, Seller, SoldQuarter, quarter_of, sold_quarters
from salesops_lib.measures.tidy import tidy

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters
    from salesops_lib.parameters.plan import Plan
    from salesops_lib.periods import Period

Outcome = Literal["paid", "not employed", "role not in plan", "no quota", "no team goal"]

Earned = Callable[[Goal, Decimal], Decimal | None]
"""What a goal's attainment earns of a target; nothing where there is no goal."""

QUARTERS_A_YEAR = 4
NO_MONEY = Decimal("0.00")


class Pay(NamedTuple):
    """What a plan pays one person for a quarter, or why it cannot say."""

    outcome: Outcome
    base: Decimal = NO_MONEY
    """Fixed pay to date; paid whether or not there is a goal."""
    target: Decimal = NO_MONEY
    individual: Decimal = NO_MONEY
    team: Decimal = NO_MONEY

    @property
    def incentive(self) -> Decimal:
        """Individual and team pay."""
        return self.individual + self.team


class Paid(NamedTuple):
    """A person and their pay."""

    seller: Seller
    pay: Pay

    @property
    def is_paid(self) -> bool:
        """Whether the plan says what they earn."""
        return self.pay.outcome == "paid"

    @property
    def whole(self) -> Decimal:
        """Base and incentive to date."""
        return self.pay.base + self.pay.incentive

    @property
    def payout_rate(self) -> float:
        """Incentive as a share of target; missing where the target is 0."""
        return float(self.pay.incentive / self.pay.target) if self.pay.target else float("nan")


def pay_all(sold: SoldQuarter, plan: Plan, *, more: Fraction = Fraction(0)) -> list[Paid]:
    """Everybody's pay for the quarter under a plan.

    Args:
        sold: The quarter.
        plan: The plan; any, not only the one in force.
        more: Share by which everybody's bookings are raised, for what the next ones cost.
    """
    pieces = curve(plan)

    def earned(goal: Goal, target: Decimal) -> Decimal | None:
        bookings, quota = goal
        if not quota:
            return None
        attained = Fraction(bookings) * (1 + more) / Fraction(quota)
        return cents(Fraction(target) * payout(pieces, attained))

    return [Paid(seller, _pay(seller, plan, earned)) for seller in sold.sellers]


def _pay(seller: Seller, plan: Plan, earned: Earned) -> Pay:
    if not seller.employed:
        return Pay("not employed")
    role = plan.pay_of(seller.role)
    if role is None:
        return Pay("role not in plan")
    base = cents(Fraction(role.base_amount) / QUARTERS_A_YEAR * seller.employed_so_far)
    target = cents(Fraction(role.target_variable_amount) / QUARTERS_A_YEAR * seller.employed)
    own_share = Decimal(0) if seller.is_lead else plan.mix.individual
    own_target, team_target = share_out(target, own_share)
    own = earned(seller.own, own_target) if own_share else NO_MONEY
    team = earned(seller.team, team_target) if own_share < 1 else NO_MONEY
    if own is None:
        return Pay("no quota", base)
    if team is None:
        return Pay("no team goal", base)
    return Pay("paid", base, target, own, team)


def reps_paid(everybody: Iterable[Paid]) -> list[Paid]:
    """The reps that the plan pays, managers left out."""
    return [each for each in everybody if each.is_paid and not each.seller.is_lead]


def leads_paid(everybody: Iterable[Paid]) -> list[Paid]:
    """The managers that the plan pays."""
    return [each for each in everybody if each.is_paid and each.seller.is_lead]


def total(amounts: Iterable[Decimal]) -> Decimal:
    """A sum of money."""
    return sum(amounts, NO_MONEY)


@tidy
def pay_by_rep(crm: Crm, *, period: Period, parameters: Parameters) -> pd.DataFrame:
    """Each person's pay for the quarter to date under the plan in force: never for a page.

    One row per rep employed in the quarter, or with bookings or a goal in it. It has no words and no plot, so that
    no section can show it; statements to the person concerned are made of it.

    Args:
        crm: Needs ``quotas``.
        period: The quarter that holds its end is paid, to date while it runs.
        parameters: Hold the plan in force.

    Returns:
        rep_id (str): Key.
        team_id (str): Team the rep was in last in the quarter; missing without one.
        is_lead (bool): A manager, paid on the team's attainment alone.
        outcome (str): ``paid``, or why the plan does not say what is earned.
        attainment_rate (float): Own bookings / quota; missing without a quota.
        team_attainment_rate (float): The team's.
        base_amount (Decimal): Fixed pay to date.
        target_pay_amount (Decimal): Variable pay of the quarter at 100 % of quota; missing, like what follows, where
            the plan does not say what is earned.
        individual_amount (Decimal): Earned on own attainment.
        team_amount (Decimal): Earned on the team's.
        incentive_amount (Decimal): Both together.
    """
    quarter = quarter_of(crm, period)
    sold = sold_quarters(crm, [quarter])[0]
    plan = parameters.plan_for(quarter.label)
    rows = []
    for seller, pay in pay_all(sold, plan) if plan else []:
        is_paid = pay.outcome == "paid"
        rows.append(
            {
                "rep_id": seller.rep_id,
                "team_id": seller.team_id,
                "is_lead": seller.is_lead,
                "outcome": pay.outcome,
                "attainment_rate": as_float(seller.attainment),
                "team_attainment_rate": as_float(seller.team_attainment),
                "base_amount": pay.base,
                "target_pay_amount": pay.target if is_paid else None,
                "individual_amount": pay.individual if is_paid else None,
                "team_amount": pay.team if is_paid else None,
                "incentive_amount": pay.incentive if is_paid else None,
            }
        )
    return pd.DataFrame(rows)


def as_float(value: Fraction | None) -> float:
    """A fraction as a float; missing stays missing."""
    return float("nan") if value is None else float(value)
