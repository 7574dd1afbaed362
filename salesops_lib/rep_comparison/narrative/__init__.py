"""Words for the rep comparison. They name what was ruled out and what was not looked at, and never blame a person."""

from salesops_lib.rep_comparison.narrative.causes import describe_causes_by_rep
from salesops_lib.rep_comparison.narrative.effort_and_customers import describe_effort_and_customers_by_rep
from salesops_lib.rep_comparison.narrative.gaps import describe_gap_by_rep
from salesops_lib.rep_comparison.narrative.lead_fairness import (
    describe_lead_fairness,
    describe_lead_share_by_month,
    describe_lead_share_by_rep,
    describe_unassigned_leads,
)
from salesops_lib.rep_comparison.narrative.leaderboard import describe_leaderboard
from salesops_lib.rep_comparison.narrative.months import describe_control_chart_by_rep
from salesops_lib.rep_comparison.narrative.practices import describe_practices_of_top_performers
from salesops_lib.rep_comparison.narrative.ramp import describe_ramp_by_rep, describe_ramp_curve
from salesops_lib.rep_comparison.narrative.reps import describe_reps_not_judged, describe_reps_side_by_side
from salesops_lib.rep_comparison.narrative.scorecard import (
    describe_parts,
    describe_scorecard,
    describe_team_scorecard,
    describe_wins_by_month,
)
from salesops_lib.rep_comparison.narrative.simpson import describe_order_within_segments
from salesops_lib.rep_comparison.narrative.terms import describe_terms_of_top_performers
from salesops_lib.rep_comparison.narrative.verdicts import describe_verdict_by_rep, describe_win_rate_funnel

__all__ = [
    "describe_causes_by_rep",
    "describe_control_chart_by_rep",
    "describe_effort_and_customers_by_rep",
    "describe_gap_by_rep",
    "describe_lead_fairness",
    "describe_lead_share_by_month",
    "describe_lead_share_by_rep",
    "describe_leaderboard",
    "describe_order_within_segments",
    "describe_parts",
    "describe_practices_of_top_performers",
    "describe_ramp_by_rep",
    "describe_ramp_curve",
    "describe_reps_not_judged",
    "describe_reps_side_by_side",
    "describe_scorecard",
    "describe_team_scorecard",
    "describe_terms_of_top_performers",
    "describe_unassigned_leads",
    "describe_verdict_by_rep",
    "describe_win_rate_funnel",
    "describe_wins_by_month",
]
