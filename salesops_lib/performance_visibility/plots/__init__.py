"""Charts and table views of performance visibility: each takes one frame and computes nothing."""

from salesops_lib.performance_visibility.plots.adherence import (
    plot_adherence_by_rep,
    plot_adherence_by_rule,
    plot_adherence_by_team,
    table_adherence_by_rep,
    table_adherence_by_rule,
    table_adherence_by_team,
)
from salesops_lib.performance_visibility.plots.attainment import (
    plot_attainment_by_rep,
    plot_attainment_by_team,
    table_attainment_by_rep,
    table_attainment_by_team,
)
from salesops_lib.performance_visibility.plots.bookings_change import (
    plot_bookings_change,
    plot_bookings_change_by_rep,
    table_bookings_change,
    table_bookings_change_by_rep,
)
from salesops_lib.performance_visibility.plots.changes import (
    plot_changes_since_last_report,
    table_changes_since_last_report,
)
from salesops_lib.performance_visibility.plots.concentration import (
    plot_pipeline_concentration,
    table_largest_open_deals,
    table_pipeline_concentration,
)
from salesops_lib.performance_visibility.plots.customer_cohorts import plot_customer_cohorts, table_customer_cohorts
from salesops_lib.performance_visibility.plots.cycle import (
    plot_age_of_open_deals,
    plot_cycle_by_segment,
    table_age_of_open_deals,
    table_cycle_by_segment,
    table_velocity_by_segment,
)
from salesops_lib.performance_visibility.plots.effort import (
    plot_effort_by_month,
    plot_effort_by_outcome,
    plot_effort_by_rep,
    plot_effort_change,
    table_effort_by_month,
    table_effort_by_outcome,
    table_effort_by_rep,
    table_effort_change,
)
from salesops_lib.performance_visibility.plots.funnel import plot_stage_funnel, table_stage_funnel
from salesops_lib.performance_visibility.plots.funnel_change import (
    plot_stage_change,
    plot_stage_time,
    table_stage_change,
    table_stage_time,
)
from salesops_lib.performance_visibility.plots.goals import (
    plot_bookings_against_goal,
    plot_bookings_by_month,
    table_bookings_against_goal,
)
from salesops_lib.performance_visibility.plots.hygiene import (
    plot_hygiene_by_rule,
    plot_hygiene_by_team,
    table_deals_to_fix,
    table_hygiene_by_rep,
    table_hygiene_by_rule,
    table_hygiene_by_team,
)
from salesops_lib.performance_visibility.plots.hygiene_trend import (
    plot_hygiene_by_month,
    plot_pipeline_on_bad_records,
    table_hygiene_by_month,
    table_pipeline_on_bad_records,
)
from salesops_lib.performance_visibility.plots.kpis import table_kpi_status
from salesops_lib.performance_visibility.plots.lead_cohorts import plot_lead_cohorts, table_lead_cohorts
from salesops_lib.performance_visibility.plots.lead_sources import plot_leads_by_source, table_leads_by_source
from salesops_lib.performance_visibility.plots.leads import (
    plot_lead_red_flag,
    plot_lead_steps,
    table_lead_red_flag,
    table_lead_steps,
)
from salesops_lib.performance_visibility.plots.missing_goals import table_missing_goals
from salesops_lib.performance_visibility.plots.pipeline import (
    plot_pipeline_coverage,
    table_pipeline_coverage,
)
from salesops_lib.performance_visibility.plots.pushes import (
    plot_push_rate_by_quarter,
    plot_pushes_by_rep,
    table_most_pushed_deals,
    table_push_rate_by_quarter,
    table_pushes_by_rep,
)
from salesops_lib.performance_visibility.plots.restatements import (
    table_deals_won,
    table_restated_deals,
    table_restated_months,
)
from salesops_lib.performance_visibility.plots.retention import (
    plot_retention_by_quarter,
    plot_retention_by_segment,
    table_retention_by_quarter,
    table_retention_by_segment,
)
from salesops_lib.performance_visibility.plots.satisfaction import (
    plot_satisfaction_by_quarter,
    plot_satisfaction_by_team,
    table_satisfaction_by_quarter,
    table_satisfaction_by_team,
)
from salesops_lib.performance_visibility.plots.selling_and_keeping import (
    plot_selling_and_keeping,
    table_selling_and_keeping,
)
from salesops_lib.performance_visibility.plots.stage_cohorts import plot_stage_cohorts, table_stage_cohorts
from salesops_lib.performance_visibility.plots.time_to_win import plot_time_to_win, table_time_to_win
from salesops_lib.performance_visibility.plots.waterfall import (
    plot_pipeline_waterfall,
    table_largest_pipeline_moves,
    table_pipeline_waterfall,
)
from salesops_lib.performance_visibility.plots.win_rates import (
    plot_win_rate_by_group,
    plot_win_rate_by_quarter,
    table_win_rate_by_group,
    table_win_rate_by_quarter,
)

__all__ = [
    "plot_adherence_by_rep",
    "plot_adherence_by_rule",
    "plot_adherence_by_team",
    "plot_age_of_open_deals",
    "plot_attainment_by_rep",
    "plot_attainment_by_team",
    "plot_bookings_against_goal",
    "plot_bookings_by_month",
    "plot_bookings_change",
    "plot_bookings_change_by_rep",
    "plot_changes_since_last_report",
    "plot_customer_cohorts",
    "plot_cycle_by_segment",
    "plot_effort_by_month",
    "plot_effort_by_outcome",
    "plot_effort_by_rep",
    "plot_effort_change",
    "plot_hygiene_by_month",
    "plot_hygiene_by_rule",
    "plot_hygiene_by_team",
    "plot_lead_cohorts",
    "plot_lead_red_flag",
    "plot_lead_steps",
    "plot_leads_by_source",
    "plot_pipeline_concentration",
    "plot_pipeline_coverage",
    "plot_pipeline_on_bad_records",
    "plot_pipeline_waterfall",
    "plot_push_rate_by_quarter",
    "plot_pushes_by_rep",
    "plot_retention_by_quarter",
    "plot_retention_by_segment",
    "plot_satisfaction_by_quarter",
    "plot_satisfaction_by_team",
    "plot_selling_and_keeping",
    "plot_stage_change",
    "plot_stage_cohorts",
    "plot_stage_funnel",
    "plot_stage_time",
    "plot_time_to_win",
    "plot_win_rate_by_group",
    "plot_win_rate_by_quarter",
    "table_adherence_by_rep",
    "table_adherence_by_rule",
    "table_adherence_by_team",
    "table_age_of_open_deals",
    "table_attainment_by_rep",
    "table_attainment_by_team",
    "table_bookings_against_goal",
    "table_bookings_change",
    "table_bookings_change_by_rep",
    "table_changes_since_last_report",
    "table_customer_cohorts",
    "table_cycle_by_segment",
    "table_deals_to_fix",
    "table_deals_won",
    "table_effort_by_month",
    "table_effort_by_outcome",
    "table_effort_by_rep",
    "table_effort_change",
    "table_hygiene_by_month",
    "table_hygiene_by_rep",
    "table_hygiene_by_rule",
    "table_hygiene_by_team",
    "table_kpi_status",
    "table_largest_open_deals",
    "table_largest_pipeline_moves",
    "table_lead_cohorts",
    "table_lead_red_flag",
    "table_lead_steps",
    "table_leads_by_source",
    "table_missing_goals",
    "table_most_pushed_deals",
    "table_pipeline_concentration",
    "table_pipeline_coverage",
    "table_pipeline_on_bad_records",
    "table_pipeline_waterfall",
    "table_push_rate_by_quarter",
    "table_pushes_by_rep",
    "table_restated_deals",
    "table_restated_months",
    "table_retention_by_quarter",
    "table_retention_by_segment",
    "table_satisfaction_by_quarter",
    "table_satisfaction_by_team",
    "table_selling_and_keeping",
    "table_stage_change",
    "table_stage_cohorts",
    "table_stage_funnel",
    "table_stage_time",
    "table_time_to_win",
    "table_velocity_by_segment",
    "table_win_rate_by_group",
    "table_win_rate_by_quarter",
]
