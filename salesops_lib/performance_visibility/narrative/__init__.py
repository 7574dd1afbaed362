"""Words for the frames of performance visibility: each ``describe_`` takes one frame and returns a finding."""

from salesops_lib.performance_visibility.narrative.adherence import (
    describe_adherence_by_rep,
    describe_adherence_by_rule,
    describe_adherence_by_team,
)
from salesops_lib.performance_visibility.narrative.attainment import (
    describe_attainment_by_rep,
    describe_attainment_by_team,
)
from salesops_lib.performance_visibility.narrative.bookings_change import (
    describe_bookings_change,
    describe_bookings_change_by_rep,
)
from salesops_lib.performance_visibility.narrative.changes import describe_changes_since_last_report
from salesops_lib.performance_visibility.narrative.concentration import (
    describe_largest_open_deals,
    describe_pipeline_concentration,
)
from salesops_lib.performance_visibility.narrative.customer_cohorts import describe_customer_cohorts
from salesops_lib.performance_visibility.narrative.cycle import (
    describe_age_of_open_deals,
    describe_cycle_by_segment,
    describe_velocity_by_segment,
)
from salesops_lib.performance_visibility.narrative.effort import (
    describe_effort_by_month,
    describe_effort_by_outcome,
    describe_effort_by_rep,
    describe_effort_change,
)
from salesops_lib.performance_visibility.narrative.funnel import describe_stage_funnel
from salesops_lib.performance_visibility.narrative.funnel_change import describe_stage_change, describe_stage_time
from salesops_lib.performance_visibility.narrative.goals import (
    describe_bookings_against_goal,
    describe_bookings_by_month,
)
from salesops_lib.performance_visibility.narrative.hygiene import (
    describe_deals_to_fix,
    describe_hygiene_by_rep,
    describe_hygiene_by_rule,
    describe_hygiene_by_team,
)
from salesops_lib.performance_visibility.narrative.hygiene_trend import (
    describe_hygiene_by_month,
    describe_pipeline_on_bad_records,
)
from salesops_lib.performance_visibility.narrative.kpis import describe_kpi_status
from salesops_lib.performance_visibility.narrative.lead_cohorts import describe_lead_cohorts
from salesops_lib.performance_visibility.narrative.lead_sources import describe_leads_by_source
from salesops_lib.performance_visibility.narrative.leads import describe_lead_red_flag, describe_lead_steps
from salesops_lib.performance_visibility.narrative.missing_goals import describe_missing_goals
from salesops_lib.performance_visibility.narrative.pipeline import describe_pipeline_coverage
from salesops_lib.performance_visibility.narrative.pushes import (
    describe_most_pushed_deals,
    describe_push_rate_by_quarter,
    describe_pushes_by_rep,
)
from salesops_lib.performance_visibility.narrative.restatements import (
    describe_deals_won,
    describe_restated_deals,
    describe_restated_months,
)
from salesops_lib.performance_visibility.narrative.retention import (
    describe_retention_by_quarter,
    describe_retention_by_segment,
)
from salesops_lib.performance_visibility.narrative.satisfaction import (
    describe_satisfaction_by_quarter,
    describe_satisfaction_by_team,
)
from salesops_lib.performance_visibility.narrative.selling_and_keeping import describe_selling_and_keeping
from salesops_lib.performance_visibility.narrative.stage_cohorts import describe_stage_cohorts
from salesops_lib.performance_visibility.narrative.time_to_win import describe_time_to_win
from salesops_lib.performance_visibility.narrative.waterfall import (
    describe_largest_pipeline_moves,
    describe_pipeline_waterfall,
)
from salesops_lib.performance_visibility.narrative.win_rates import (
    describe_win_rate_by_group,
    describe_win_rate_by_quarter,
)

__all__ = [
    "describe_adherence_by_rep",
    "describe_adherence_by_rule",
    "describe_adherence_by_team",
    "describe_age_of_open_deals",
    "describe_attainment_by_rep",
    "describe_attainment_by_team",
    "describe_bookings_against_goal",
    "describe_bookings_by_month",
    "describe_bookings_change",
    "describe_bookings_change_by_rep",
    "describe_changes_since_last_report",
    "describe_customer_cohorts",
    "describe_cycle_by_segment",
    "describe_deals_to_fix",
    "describe_deals_won",
    "describe_effort_by_month",
    "describe_effort_by_outcome",
    "describe_effort_by_rep",
    "describe_effort_change",
    "describe_hygiene_by_month",
    "describe_hygiene_by_rep",
    "describe_hygiene_by_rule",
    "describe_hygiene_by_team",
    "describe_kpi_status",
    "describe_largest_open_deals",
    "describe_largest_pipeline_moves",
    "describe_lead_cohorts",
    "describe_lead_red_flag",
    "describe_lead_steps",
    "describe_leads_by_source",
    "describe_missing_goals",
    "describe_most_pushed_deals",
    "describe_pipeline_concentration",
    "describe_pipeline_coverage",
    "describe_pipeline_on_bad_records",
    "describe_pipeline_waterfall",
    "describe_push_rate_by_quarter",
    "describe_pushes_by_rep",
    "describe_restated_deals",
    "describe_restated_months",
    "describe_retention_by_quarter",
    "describe_retention_by_segment",
    "describe_satisfaction_by_quarter",
    "describe_satisfaction_by_team",
    "describe_selling_and_keeping",
    "describe_stage_change",
    "describe_stage_cohorts",
    "describe_stage_funnel",
    "describe_stage_time",
    "describe_time_to_win",
    "describe_velocity_by_segment",
    "describe_win_rate_by_group",
    "describe_win_rate_by_quarter",
]
