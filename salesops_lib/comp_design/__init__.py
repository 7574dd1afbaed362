"""Comp design: what does the plan in force pay, what does it cost, and what would another one do?

Metrics take a ``Crm`` and the parameters and return tidy frames; plots and words rhyme with them. Pay of one person
(``pay_by_rep``) has neither plot nor words on purpose: a page shows pay by team and as a distribution.
"""

from salesops_lib.comp_design.alternatives.metrics import payout_curves, plan_comparison, winners_by_attainment
from salesops_lib.comp_design.cards import cards
from salesops_lib.comp_design.cost.metrics import cost_of_sales
from salesops_lib.comp_design.incentives.metrics import incentive_warnings
from salesops_lib.comp_design.pay import pay_by_rep
from salesops_lib.comp_design.payouts.metrics import pay_by_team, pay_distribution, pay_spread, reps_not_paid
from salesops_lib.comp_design.plan.metrics import plan_in_force, worked_example

__all__ = [
    "cards",
    "cost_of_sales",
    "incentive_warnings",
    "pay_by_rep",
    "pay_by_team",
    "pay_distribution",
    "pay_spread",
    "payout_curves",
    "plan_comparison",
    "plan_in_force",
    "reps_not_paid",
    "winners_by_attainment",
    "worked_example",
]
