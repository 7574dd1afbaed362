"""Performance visibility: where do bookings, win rates, cycle, pipeline and leads stand, and what needs doing?

Each metric takes a ``Crm`` and returns a tidy frame; ``plots`` and ``narrative`` beside it hold what rhymes with it.
"""

from salesops_lib.performance_visibility.changes.bookings.metrics import bookings_change, bookings_change_by_rep
from salesops_lib.performance_visibility.changes.restatements.metrics import deals_won, restated_deals, restated_months
from salesops_lib.performance_visibility.changes.since_last_report.metrics import changes_since_last_report
from salesops_lib.performance_visibility.customers.cohorts.metrics import customer_cohorts
from salesops_lib.performance_visibility.customers.retention.metrics import retention_by_quarter, retention_by_segment
from salesops_lib.performance_visibility.customers.satisfaction.metrics import (
    satisfaction_by_quarter,
    satisfaction_by_team,
)
from salesops_lib.performance_visibility.customers.selling_and_keeping.metrics import selling_and_keeping
from salesops_lib.performance_visibility.funnel.stage_change.metrics import stage_change
from salesops_lib.performance_visibility.funnel.stage_cohorts.metrics import stage_cohorts
from salesops_lib.performance_visibility.funnel.stage_funnel.metrics import stage_funnel
from salesops_lib.performance_visibility.funnel.stage_time.metrics import stage_time
from salesops_lib.performance_visibility.goals.against_goal.metrics import bookings_against_goal, bookings_by_month
from salesops_lib.performance_visibility.goals.attainment.metrics import attainment_by_rep, attainment_by_team
from salesops_lib.performance_visibility.goals.missing.metrics import missing_goals
from salesops_lib.performance_visibility.key_figures.cards import cards
from salesops_lib.performance_visibility.key_figures.metrics import kpi_status
from salesops_lib.performance_visibility.leads.cohorts.metrics import lead_cohorts
from salesops_lib.performance_visibility.leads.red_flag.metrics import lead_red_flag, lead_steps
from salesops_lib.performance_visibility.leads.sources.metrics import leads_by_source
from salesops_lib.performance_visibility.pipeline.age.metrics import age_of_open_deals
from salesops_lib.performance_visibility.pipeline.concentration.metrics import (
    largest_open_deals,
    pipeline_concentration,
)
from salesops_lib.performance_visibility.pipeline.coverage.metrics import pipeline_coverage
from salesops_lib.performance_visibility.pipeline.pushes.metrics import (
    most_pushed_deals,
    push_rate_by_quarter,
    pushes_by_rep,
)
from salesops_lib.performance_visibility.pipeline.waterfall.metrics import largest_pipeline_moves, pipeline_waterfall
from salesops_lib.performance_visibility.records.adherence.metrics import (
    adherence_by_rep,
    adherence_by_rule,
    adherence_by_team,
)
from salesops_lib.performance_visibility.records.effort.metrics import effort_by_month, effort_by_outcome, effort_change
from salesops_lib.performance_visibility.records.effort_by_rep.metrics import effort_by_rep
from salesops_lib.performance_visibility.records.hygiene.metrics import (
    deals_to_fix,
    hygiene_by_rep,
    hygiene_by_rule,
    hygiene_by_team,
)
from salesops_lib.performance_visibility.records.hygiene_trend.metrics import hygiene_by_month, pipeline_on_bad_records
from salesops_lib.performance_visibility.winning.cycle.metrics import cycle_by_segment, velocity_by_segment
from salesops_lib.performance_visibility.winning.losses.metrics import losses_by_reason, win_rate_by_offer
from salesops_lib.performance_visibility.winning.time_to_win.metrics import time_to_win
from salesops_lib.performance_visibility.winning.win_rates.metrics import win_rate_by_group, win_rate_by_quarter

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
    "losses_by_reason",
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
    "win_rate_by_offer",
    "win_rate_by_quarter",
]
