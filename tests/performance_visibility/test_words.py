"""Words: an empty frame is told as such; what several findings share."""

import pandas as pd
import pytest

from salesops_lib.performance_visibility.funnel.stage_change.narrative import describe_stage_change
from salesops_lib.performance_visibility.funnel.stage_funnel.narrative import describe_stage_funnel
from salesops_lib.performance_visibility.funnel.stage_time.narrative import describe_stage_time
from salesops_lib.performance_visibility.goals.against_goal.narrative import describe_bookings_by_month
from salesops_lib.performance_visibility.goals.attainment.narrative import (
    describe_attainment_by_rep,
    describe_attainment_by_team,
)
from salesops_lib.performance_visibility.leads.red_flag.narrative import describe_lead_red_flag, describe_lead_steps
from salesops_lib.performance_visibility.pipeline.age.narrative import describe_age_of_open_deals
from salesops_lib.performance_visibility.pipeline.coverage.narrative import describe_pipeline_coverage
from salesops_lib.performance_visibility.records.hygiene.narrative import (
    describe_deals_to_fix,
    describe_hygiene_by_rep,
    describe_hygiene_by_rule,
)
from salesops_lib.performance_visibility.winning.cycle.narrative import (
    describe_cycle_by_segment,
    describe_velocity_by_segment,
)
from salesops_lib.performance_visibility.winning.win_rates.narrative import (
    describe_win_rate_by_group,
    describe_win_rate_by_quarter,
)
from salesops_lib.wording import short
from tests.calling import as_reported
from tests.performance_visibility.frames import FUNNEL, MONTHS, TEAM

EMPTY = [
    describe_bookings_by_month, describe_attainment_by_team, describe_attainment_by_rep,
    describe_win_rate_by_quarter, describe_win_rate_by_group, describe_cycle_by_segment,
    describe_age_of_open_deals, describe_velocity_by_segment, describe_stage_funnel,
    describe_stage_change, describe_stage_time, describe_pipeline_coverage, describe_hygiene_by_rule,
    describe_hygiene_by_rep, describe_deals_to_fix, describe_lead_red_flag, describe_lead_steps,
]  # fmt: skip


def test_long_names_fit_a_title():
    """Twenty-four characters at most."""
    assert short("x" * 30) == "x" * 23 + "…"


@pytest.mark.parametrize("describe", EMPTY, ids=lambda describe: describe.__name__)
def test_nothing_to_tell_is_told_without_a_headline(describe, given):
    """An empty frame is a finding of its own and never opens the report."""
    empty = pd.DataFrame(columns=[*MONTHS.split(), *TEAM.split(), *FUNNEL.split(), "p_value"]).astype(
        {"is_group": bool}
    )
    found = as_reported(describe, empty, **given)

    assert found.title
    assert len(found.title) <= 80
    assert not found.is_headline
