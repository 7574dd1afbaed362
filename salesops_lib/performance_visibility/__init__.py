"""Performance visibility: where do bookings, win rates, cycle, pipeline and leads stand, and what needs doing?

Each metric takes a ``Crm`` and returns a tidy frame; ``plots`` and ``narrative`` beside it hold what rhymes with it.
"""

from salesops_lib.performance_visibility.adherence import adherence_by_rep, adherence_by_rule, adherence_by_team
from salesops_lib.performance_visibility.attainment import attainment_by_rep, attainment_by_team
from salesops_lib.performance_visibility.bookings_change import bookings_change, bookings_change_by_rep
from salesops_lib.performance_visibility.cards import cards
from salesops_lib.performance_visibility.changes import changes_since_last_report
from salesops_lib.performance_visibility.concentration import largest_open_deals, pipeline_concentration
from salesops_lib.performance_visibility.customer_cohorts import customer_cohorts
from salesops_lib.performance_visibility.cycle import age_of_open_deals, cycle_by_segment, velocity_by_segment
from salesops_lib.performance_visibility.effort import effort_by_month, effort_by_outcome, effort_change
from salesops_lib.performance_visibility.effort_reps import effort_by_rep
from salesops_lib.performance_visibility.funnel import stage_funnel
from salesops_lib.performance_visibility.funnel_change import stage_change
from salesops_lib.performance_visibility.goals import bookings_against_goal, bookings_by_month
from salesops_lib.performance_visibility.hygiene import deals_to_fix, hygiene_by_rep, hygiene_by_rule, hygiene_by_team
from salesops_lib.performance_visibility.hygiene_trend import hygiene_by_month, pipeline_on_bad_records
from salesops_lib.performance_visibility.kpis import kpi_status
from salesops_lib.performance_visibility.lead_cohorts import lead_cohorts
from salesops_lib.performance_visibility.lead_sources import leads_by_source
from salesops_lib.performance_visibility.leads import lead_red_flag, lead_steps
from salesops_lib.performance_visibility.missing_goals import missing_goals
from salesops_lib.performance_visibility.pipeline import pipeline_coverage
from salesops_lib.performance_visibility.pushes import most_pushed_deals, push_rate_by_quarter, pushes_by_rep
from salesops_lib.performance_visibility.restatements import deals_won, restated_deals, restated_months
from salesops_lib.performance_visibility.retention import retention_by_quarter, retention_by_segment
from salesops_lib.performance_visibility.satisfaction import satisfaction_by_quarter, satisfaction_by_team
from salesops_lib.performance_visibility.selling_and_keeping import selling_and_keeping
from salesops_lib.performance_visibility.stage_cohorts import stage_cohorts
from salesops_lib.performance_visibility.stage_time import stage_time
from salesops_lib.performance_visibility.time_to_win import time_to_win
from salesops_lib.performance_visibility.waterfall import largest_pipeline_moves, pipeline_waterfall
from salesops_lib.performance_visibility.win_rates import win_rate_by_group, win_rate_by_quarter

__all__ = [
    "adherence_by_rep",
    "adherence_by_rule",
    "adherence_by_team",
    "age_of_open_deals",
    "attainment_by_rep",
    "attainment_by_team",
    "bookings_against_goal",
    "bookings_by_month",
    "bookings_change",
    "bookings_change_by_rep",
    "cards",
    "changes_since_last_report",
    "customer_cohorts",
    "cycle_by_segment",
    "deals_to_fix",
    "deals_won",
    "effort_by_month",
    "effort_by_outcome",
    "effort_by_rep",
    "effort_change",
    "hygiene_by_month",
    "hygiene_by_rep",
    "hygiene_by_rule",
    "hygiene_by_team",
    "kpi_status",
    "largest_open_deals",
    "largest_pipeline_moves",
    "lead_cohorts",
    "lead_red_flag",
    "lead_steps",
    "leads_by_source",
    "missing_goals",
    "most_pushed_deals",
    "pipeline_concentration",
    "pipeline_coverage",
    "pipeline_on_bad_records",
    "pipeline_waterfall",
    "push_rate_by_quarter",
    "pushes_by_rep",
    "restated_deals",
    "restated_months",
    "retention_by_quarter",
    "retention_by_segment",
    "satisfaction_by_quarter",
    "satisfaction_by_team",
    "selling_and_keeping",
    "stage_change",
    "stage_cohorts",
    "stage_funnel",
    "stage_time",
    "time_to_win",
    "velocity_by_segment",
    "win_rate_by_group",
    "win_rate_by_quarter",
]
