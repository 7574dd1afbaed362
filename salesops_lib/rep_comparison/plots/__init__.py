"""Charts and table views of the rep comparison: each takes one frame and computes nothing."""

from salesops_lib.rep_comparison.plots.causes import plot_causes_by_rep, table_causes_by_rep
from salesops_lib.rep_comparison.plots.effort_and_customers import (
    plot_effort_and_customers_by_rep,
    table_effort_and_customers_by_rep,
)
from salesops_lib.rep_comparison.plots.gaps import plot_gap_by_rep, table_gap_by_rep
from salesops_lib.rep_comparison.plots.lead_fairness import (
    plot_lead_fairness,
    plot_lead_share_by_month,
    plot_lead_share_by_rep,
    plot_unassigned_leads,
    table_lead_fairness,
    table_lead_share_by_month,
    table_lead_share_by_rep,
    table_unassigned_leads,
)
from salesops_lib.rep_comparison.plots.leaderboard import plot_leaderboard, table_leaderboard
from salesops_lib.rep_comparison.plots.months import plot_control_chart_by_rep, table_control_chart_by_rep
from salesops_lib.rep_comparison.plots.practices import (
    plot_practices_of_top_performers,
    table_practices_of_top_performers,
)
from salesops_lib.rep_comparison.plots.ramp import (
    plot_ramp_by_rep,
    plot_ramp_curve,
    table_ramp_by_rep,
    table_ramp_curve,
)
from salesops_lib.rep_comparison.plots.reps import (
    plot_reps_side_by_side,
    table_reps_not_judged,
    table_reps_side_by_side,
)
from salesops_lib.rep_comparison.plots.scorecard import (
    plot_parts,
    plot_scorecard,
    plot_team_scorecard,
    plot_wins_by_month,
    table_parts,
    table_scorecard,
    table_team_scorecard,
    table_wins_by_month,
)
from salesops_lib.rep_comparison.plots.simpson import plot_order_within_segments, table_order_within_segments
from salesops_lib.rep_comparison.plots.terms import plot_terms_of_top_performers, table_terms_of_top_performers
from salesops_lib.rep_comparison.plots.verdicts import (
    plot_verdict_by_rep,
    plot_win_rate_funnel,
    table_verdict_by_rep,
    table_win_rate_funnel,
)

__all__ = [
    "plot_causes_by_rep",
    "plot_control_chart_by_rep",
    "plot_effort_and_customers_by_rep",
    "plot_gap_by_rep",
    "plot_lead_fairness",
    "plot_lead_share_by_month",
    "plot_lead_share_by_rep",
    "plot_leaderboard",
    "plot_order_within_segments",
    "plot_parts",
    "plot_practices_of_top_performers",
    "plot_ramp_by_rep",
    "plot_ramp_curve",
    "plot_reps_side_by_side",
    "plot_scorecard",
    "plot_team_scorecard",
    "plot_terms_of_top_performers",
    "plot_unassigned_leads",
    "plot_verdict_by_rep",
    "plot_win_rate_funnel",
    "plot_wins_by_month",
    "table_causes_by_rep",
    "table_control_chart_by_rep",
    "table_effort_and_customers_by_rep",
    "table_gap_by_rep",
    "table_lead_fairness",
    "table_lead_share_by_month",
    "table_lead_share_by_rep",
    "table_leaderboard",
    "table_order_within_segments",
    "table_parts",
    "table_practices_of_top_performers",
    "table_ramp_by_rep",
    "table_ramp_curve",
    "table_reps_not_judged",
    "table_reps_side_by_side",
    "table_scorecard",
    "table_team_scorecard",
    "table_terms_of_top_performers",
    "table_unassigned_leads",
    "table_verdict_by_rep",
    "table_win_rate_funnel",
    "table_wins_by_month",
]
