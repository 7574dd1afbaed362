"""Rep comparison: who differs from the team by more than luck would explain, and through what?"""

from salesops_lib.rep_comparison.cards import cards
from salesops_lib.rep_comparison.causes import causes_by_rep
from salesops_lib.rep_comparison.effort_and_customers import effort_and_customers_by_rep
from salesops_lib.rep_comparison.gaps import gap_by_rep
from salesops_lib.rep_comparison.joiners import ramp_by_rep
from salesops_lib.rep_comparison.lead_fairness import lead_fairness, lead_share_by_month, unassigned_leads
from salesops_lib.rep_comparison.lead_shares import lead_share_by_rep
from salesops_lib.rep_comparison.leaderboard import leaderboard
from salesops_lib.rep_comparison.months import control_chart_by_rep
from salesops_lib.rep_comparison.practices import practices_of_top_performers
from salesops_lib.rep_comparison.ramp import ramp_curve
from salesops_lib.rep_comparison.side_by_side import reps_not_judged, reps_side_by_side
from salesops_lib.rep_comparison.simpson import order_within_segments
from salesops_lib.rep_comparison.terms import terms_of_top_performers
from salesops_lib.rep_comparison.verdicts import verdict_by_rep, win_rate_funnel

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
