"""Words for the frames of comp design: each ``describe_`` takes one frame and returns a finding."""

from salesops_lib.comp_design.narrative.alternatives import (
    describe_incentive_warnings,
    describe_payout_curves,
    describe_plan_comparison,
    describe_winners_by_attainment,
)
from salesops_lib.comp_design.narrative.payouts import (
    describe_cost_of_sales,
    describe_pay_by_team,
    describe_pay_distribution,
    describe_pay_spread,
    describe_reps_not_paid,
)
from salesops_lib.comp_design.narrative.plan import describe_plan_in_force, describe_worked_example

__all__ = [
    "describe_cost_of_sales",
    "describe_incentive_warnings",
    "describe_pay_by_team",
    "describe_pay_distribution",
    "describe_pay_spread",
    "describe_payout_curves",
    "describe_plan_comparison",
    "describe_plan_in_force",
    "describe_reps_not_paid",
    "describe_winners_by_attainment",
    "describe_worked_example",
]
