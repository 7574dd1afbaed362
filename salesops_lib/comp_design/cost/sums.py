"""Cost of sales of quarters: pay, bookings, and what the next unit costs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from salesops_lib.comp_design.groups import LEAST
from salesops_lib.comp_design.pay import Paid, leads_paid, pay_all, reps_paid, total
from salesops_lib.comp_design.sellers import SoldQuarter, quarter_of, sold_quarters

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters
    from salesops_lib.parameters.plan import Plan
    from salesops_lib.periods import Period

STEP = Fraction(1, 100)
"""How much more everybody books, for what the next unit of bookings costs."""


class Cost(NamedTuple):
    """What a plan makes of a quarter, in money."""

    base: Decimal
    reps: Decimal
    """Incentives of the reps."""
    leads: Decimal
    """Incentives of the managers."""
    next_unit: float
    """Incentive pay for one more unit of bookings; missing without bookings."""

    @property
    def incentives(self) -> Decimal:
        """Of reps and managers."""
        return self.reps + self.leads

    @property
    def all(self) -> Decimal:
        """Base, incentives and managers' incentives: the numerator of the cost of sales."""
        return self.base + self.incentives


def cost_of(sold: SoldQuarter, plan: Plan, everybody: Sequence[Paid]) -> Cost:
    """Base of the reps, incentives of reps and managers, and what the next unit of bookings costs.

    The next unit is 1 % more bookings of everybody, so that those who book more weigh more; where that carries
    somebody over a jump of the curve, the jump is in it.
    """
    incentives = total(each.pay.incentive for each in everybody if each.is_paid)
    after = total(each.pay.incentive for each in pay_all(sold, plan, more=STEP) if each.is_paid)
    added = Fraction(sold.bookings) * STEP
    return Cost(
        base=total(each.pay.base for each in everybody if not each.seller.is_lead),
        reps=total(each.pay.incentive for each in reps_paid(everybody)),
        leads=total(each.pay.incentive for each in leads_paid(everybody)),
        next_unit=float(Fraction(after - incentives) / added) if added > 0 else float("nan"),
    )


Priced = tuple[SoldQuarter, "Plan", list[Paid]]
"""A quarter, the plan in force and everybody's pay under it."""


def priced_quarters(crm: Crm, period: Period, parameters: Parameters, n_quarters: int) -> list[Priced]:
    """The quarter that holds the period's end and those before it, oldest first; those without a plan left out."""
    last = quarter_of(crm, period)
    first = crm.calendar.containing(crm.first_day(), "quarter")
    quarters = crm.calendar.last(last, n_quarters)
    kept = [quarter for quarter in quarters if quarter.start >= first.start or quarter == last]
    return [
        (sold, plan, pay_all(sold, plan))
        for sold in sold_quarters(crm, kept)
        if (plan := parameters.plan_for(sold.period.label))
    ]


def costs_of(crm: Crm, priced: Sequence[Priced]) -> pd.DataFrame:
    """One row per quarter, as ``cost_of_sales`` describes it."""
    return pd.DataFrame(
        [
            {
                "period": sold.period.label,
                "period_name": crm.calendar.title(sold.period),
                "plan": plan.name,
                **_figures(sold, plan, everybody),
                "is_partial": sold.is_partial,
            }
            for sold, plan, everybody in priced
        ]
    )


def _figures(sold: SoldQuarter, plan: Plan, everybody: Sequence[Paid]) -> dict[str, float]:
    """People, bookings and what they cost; amounts are missing for too few reps to speak of."""
    n_reps, n_leads = len(reps_paid(everybody)), len(leads_paid(everybody))
    bookings, missing = float(sold.bookings), float("nan")
    cost = cost_of(sold, plan, everybody) if n_reps >= LEAST else None
    return {
        "n_reps": n_reps,
        "n_not_paid": sum(not each.is_paid for each in everybody),
        "bookings_amount": bookings,
        "base_amount": float(cost.base) if cost else missing,
        "incentive_amount": float(cost.incentives) if cost else missing,
        "lead_incentive_amount": float(cost.leads) if cost and n_leads >= LEAST else missing,
        "cost_amount": float(cost.all) if cost else missing,
        "cost_of_sales_rate": float(cost.all) / bookings if cost and bookings > 0 else missing,
        "next_unit_cost_rate": cost.next_unit if cost else missing,
    }
