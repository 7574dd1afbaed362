"""Words on win rates and cycles: every number comes from its frame."""

import pandas as pd

from salesops_lib.performance_visibility.winning.cycle.narrative import describe_cycle_by_segment
from salesops_lib.performance_visibility.winning.win_rates.narrative import (
    describe_win_rate_by_group,
    describe_win_rate_by_quarter,
)
from tests.calling import as_reported
from tests.performance_visibility.frames import CYCLE, DAYS, GROUPS, NAN, NOW, QUARTERS, RIPE, frame


def test_a_fall_of_the_win_rate_beyond_chance_is_said_three_ways():
    """By count with interval, by value, by the last mature cohort; young ones are called immature."""
    found = describe_win_rate_by_quarter(frame(QUARTERS, RIPE, NOW), confidence=0.95)

    assert found.title == "Q3 2026 won 20.0% of its closed deals, −10.0 pp on the year before"
    assert found.text == (
        "By count, Q3 2026 won **20 of 100** closed deals, 20.0% (95% interval 13% to 29%); the four quarters "
        "before won "
        "30.0%. By value it won **18.0%**. Of the 90 deals created in Q2 2026, the last mature cohort, **31.0%** "
        "are won. "
        "Cohorts from Q3 2026 on are immature: 50 of their deals are open."
    )
    assert found.status == "watch"


def test_a_change_within_chance_is_no_change():
    """The title says so."""
    found = describe_win_rate_by_quarter(frame(QUARTERS, RIPE, (*NOW[:-2], 0.3, False)), confidence=0.95)

    assert found.title == "Q3 2026 won 20.0%; no change on the year before beyond chance"
    assert found.status == "note"


def test_groups_are_compared_where_they_have_enough_deals():
    """Teams from best to weakest; one with three closed deals is not called weakest."""
    rows = frame(
        GROUPS, ("company", "Company", 100, 40, 0.4, 0.31, 0.5, 0.25, 0.2, 0.3, 90, 0.35, *DAYS),
        ("team", "Apples", 60, 30, 0.5, 0.4, 0.6, 0.3, 0.2, 0.4, 50, 0.4, *DAYS),
        ("team", "Pears", 37, 10, 0.27, 0.2, 0.4, 0.2, 0.1, 0.4, 35, 0.3, *DAYS),
        ("team", "Plums", 3, 0, 0.0, 0.0, 0.5, 0.0, NAN, NAN, 5, 0.2, *DAYS),
    )  # fmt: skip

    found = describe_win_rate_by_group(rows, confidence=0.95, min_closed=20)

    assert found.title == "40.0% of closed deals are won, 25.0% of their value"
    assert found.text == (
        "**40 of 100** closed deals were won, 40.0% by count (95% interval 31% to 50%) and 25.0% by value: won "
        "deals are "
        "smaller on average than lost ones. Of 90 deals created from 1 January 2026 to 31 March 2026, 35.0% are won. "
        "Teams run from 27% (Pears, 37 closed) to 50% (Apples, 60 closed)."
    )


def test_companies_without_losses_get_a_line_not_a_rate():
    """An empty frame means that no lost deal is recorded."""
    for describe in (describe_win_rate_by_quarter, describe_win_rate_by_group):
        found = as_reported(describe, pd.DataFrame())
        assert found.title == "Win rates cannot be told: no lost deals in the data"
        assert not found.is_headline


def test_a_longer_cycle_is_told_with_interval_and_segments():
    """All deals in days, then the segments that changed beyond chance."""
    rows = frame(
        CYCLE, ("All deals", 50, 50.0, 47, 55, 35, 68, 200, 45.0, 5.0, True),
        ("Large", 20, 110.0, 100, 120, 90, 130, 80, 109.0, 1.0, False),
        ("SMB", 30, 42.0, 38, 44, 34, 50, 120, 35.0, 7.0, True),
    )  # fmt: skip

    found = describe_cycle_by_segment(rows, confidence=0.95)

    assert found.title == "Winning a deal takes 50 days, 5 more than the year before"
    assert found.text == (
        "Half of the 50 deals won in the last 3 months took up to **50 days** (95% interval 47 to 55), the "
        "middle half 35 "
        "to 68. In the twelve months before it was 45 days, over 200 deals. Beyond chance it changed in 1 of 2 "
        "segments: "
        "SMB 35 to 42."
    )
    assert found.status == "watch"
