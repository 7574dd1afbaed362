"""Rep comparison: who differs from the team by more than luck would explain, and through what?"""

from salesops_lib.rep_comparison.cards import cards
from salesops_lib.rep_comparison.causes.metrics import causes_by_rep
from salesops_lib.rep_comparison.leaderboard.metrics import leaderboard
from salesops_lib.rep_comparison.leads.fairness.metrics import lead_fairness, lead_share_by_month, unassigned_leads
from salesops_lib.rep_comparison.leads.shares.metrics import lead_share_by_rep
from salesops_lib.rep_comparison.months.metrics import control_chart_by_rep
from salesops_lib.rep_comparison.order.metrics import order_within_segments
from salesops_lib.rep_comparison.practices.habits.metrics import practices_of_top_performers
from salesops_lib.rep_comparison.practices.terms.metrics import terms_of_top_performers
from salesops_lib.rep_comparison.ramp.curve.metrics import ramp_curve
from salesops_lib.rep_comparison.ramp.joiners.metrics import ramp_by_rep
from salesops_lib.rep_comparison.reps.effort_and_customers.metrics import effort_and_customers_by_rep
from salesops_lib.rep_comparison.reps.gaps.metrics import gap_by_rep
from salesops_lib.rep_comparison.reps.side_by_side.metrics import reps_not_judged, reps_side_by_side
from salesops_lib.rep_comparison.verdicts.metrics import verdict_by_rep, win_rate_funnel

__all__ = [
    "cards",
    "causes_by_rep",
    "control_chart_by_rep",
    "effort_and_customers_by_rep",
    "gap_by_rep",
    "lead_fairness",
    "lead_share_by_month",
    "lead_share_by_rep",
    "leaderboard",
    "order_within_segments",
    "practices_of_top_performers",
    "ramp_by_rep",
    "ramp_curve",
    "reps_not_judged",
    "reps_side_by_side",
    "terms_of_top_performers",
    "unassigned_leads",
    "verdict_by_rep",
    "win_rate_funnel",
]
