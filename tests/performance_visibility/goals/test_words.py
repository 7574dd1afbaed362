"""Words on goals: every number comes from its frame."""

from datetime import date

import pytest

from salesops_lib.performance_visibility.goals.against_goal.narrative import (
    describe_bookings_against_goal,
    describe_bookings_by_month,
)
from salesops_lib.performance_visibility.goals.attainment.narrative import (
    describe_attainment_by_rep,
    describe_attainment_by_team,
)
from tests.performance_visibility.frames import MONTH, MONTHS, NAN, PERIODS, QUARTER, REP, TEAM, WEEK, YEAR, frame


def test_goals_are_told_from_month_to_year_and_week(given):
    """Short of pace but above the threshold: watch, at stake what is behind pace, no action."""
    found = describe_bookings_against_goal(frame(PERIODS, WEEK, MONTH, QUARTER, YEAR), **given)

    assert found.title == "September 2026 booked $2.20M, 110% of goal"
    assert found.text == (
        "The month brought **$2.20M** from 99 deals against a goal of $2.00M; a year before, that month brought "
        "$1.90M. "
        "Q3 2026 closed at **$6.00M**, 95% of goal and $300K short. "
        "FY 2026 stands at **$20.0M**, 74% of goal with 75% of its selling days over: $7.00M to go, $112K a "
        "selling day "
        "where it was $105K so far. At that pace the odds of reaching the goal are 30%. Week 39 of 2026 booked $400K, "
        "80% of its goal."
    )
    assert (found.status, found.action, found.stake) == ("watch", None, pytest.approx(300e3))


def test_below_the_threshold_someone_must_act(given):
    """The owner that the company names gets the run rate needed, five selling days and the rule."""
    late = (*YEAR[:8], 0.85, *YEAR[9:])

    found = describe_bookings_against_goal(frame(PERIODS, WEEK, MONTH, QUARTER, late), **given)

    assert found.status == "act"
    assert found.action.what == "Agree how FY 2026 gets to $112K a selling day, from $105K so far."
    assert (found.action.owner, found.action.due_on) == ("Cleo", date(2026, 10, 7))
    assert "90%" in found.action.rule


def test_without_goals_nothing_is_judged(given):
    """Bookings are told, and that there is no goal."""
    rows = frame(
        PERIODS,
        *(
            (*row[:4], NAN, NAN, NAN, *row[7:8], NAN, *row[9:10], NAN, *row[11:])
            for row in (WEEK, MONTH, QUARTER, YEAR)
        ),
    )

    found = describe_bookings_against_goal(rows, **given)

    assert found.title == "September 2026 booked $2.20M; no goal is set"
    assert "FY 2026 stands at **$20.0M**; it has no goal." in found.text
    assert found.status == "note"


def test_a_goal_that_is_no_sum_says_who_lacks_one(given):
    """The company has none, and not for want of goals."""
    rows = frame(PERIODS, WEEK, MONTH, QUARTER, YEAR)
    goal = ["quota_amount", "attainment_rate", "gap_amount", "pace_rate", "run_rate_needed_amount", "reach_rate"]
    rows = rows.assign(**dict.fromkeys(goal, NAN), goal_basis="Team U lacks one")

    found = describe_bookings_against_goal(rows, **given)

    assert found.title == "September 2026 booked $2.20M; not everyone has a goal"
    assert "that month brought $1.90M. It has no goal, as Team U lacks one. Q3 2026 closed" in found.text
    assert "FY 2026 stands at **$20.0M**; it has no goal, as Team U lacks one." in found.text


def test_months_are_compared_with_the_year_before_and_their_goals():
    """Three months of 600, a fifth more than 500; two of three reached the goal."""
    rows = frame(
        MONTHS, ("2026-07", 100.0, 1, 200.0, 0.5, False), ("2026-08", 300.0, 3, 150.0, 1.2, False),
        ("2026-09", 200.0, 2, 150.0, 1.0, False),
    )  # fmt: skip

    found = describe_bookings_by_month(rows)

    assert found.title == "3 months booked $600, 20% more than the year before"
    assert found.text == (
        "July 2026 to September 2026 brought **$600** from 6 deals, 20% more than the $500 of the year before. "
        "**2 of 3** "
        "whole months reached their goal. The best was August 2026 with $300, the weakest July 2026 with $100."
    )


def test_the_team_furthest_from_its_goal_is_named_with_what_luck_could_do(given):
    """Groups of teams are left out; luck reaches above the goal, so nobody must act."""
    rows = frame(
        TEAM, ("a", "Apples", False, "Q3 2026", 110e3, 100e3, 1.1, 0.7, 1.6, -10e3, 1.1, 1.0, False),
        ("b", "Pears", False, "Q3 2026", 80e3, 100e3, 0.8, 0.5, 1.2, 20e3, 0.8, 1.0, False),
        (None, "No team", False, "Q3 2026", 5e3, NAN, NAN, NAN, NAN, NAN, NAN, 1.0, False),
        ("c", "Fruit", True, "Q3 2026", 190e3, 400e3, 0.475, 0.3, 0.6, 210e3, 0.475, 1.0, False),
    )  # fmt: skip

    found = describe_attainment_by_team(rows, **given)

    assert found.title == "Pears is $20.0K short; 1 of 2 teams made Q3 2026"
    assert found.text == (
        "**1 of 2** teams with a goal is at or above their goal for Q3 2026; together they booked $190K of $200K. "
        "**Pears** is furthest from its goal: $80.0K of $100K, or 80%. With deals this few and this uneven, luck alone "
        "could have put it anywhere from 50% to 120%. $5,000 belong to no team."
    )
    assert (found.status, found.stake) == ("watch", 20e3)


def test_teams_without_a_goal_and_goals_without_a_team_are_named(given):
    """Neither is in what the teams with a goal booked together."""
    rows = frame(
        TEAM, ("a", "Apples", False, "Q3 2026", 110e3, 100e3, 1.1, 0.7, 1.6, -10e3, 1.1, 1.0, False),
        ("b", "Pears", False, "Q3 2026", 80e3, NAN, NAN, NAN, NAN, NAN, NAN, 1.0, False),
        (None, "No team", False, "Q3 2026", 5e3, 9e3, NAN, NAN, NAN, NAN, NAN, 1.0, False),
    )  # fmt: skip

    found = describe_attainment_by_team(rows, **given)

    assert "**1 of 1** teams with a goal is at or above their goal for Q3 2026" in found.text
    assert found.text.endswith("Pears has no goal. $5,000 of bookings and $9,000 of goals belong to no team.")


def test_a_team_whose_luck_ends_below_the_goal_needs_action(given):
    """At the upper end of its range it is still short, and below the threshold."""
    row = ("b", "Pears", False, "Q3 2026", 60e3, 100e3, 0.6, 0.4, 0.9, 40e3, 0.6, 1.0, False)

    assert describe_attainment_by_team(frame(TEAM, row), **given).status == "act"


def test_reps_are_counted_and_those_without_a_goal_listed():
    """Two of three reached it, one is below half; the list says that it ranks no skill."""
    rows = frame(
        REP, ("a", "Ana", "Q3 2026", 60.0, 50.0, 1.2, 1.2, False), ("b", "Bo", "Q3 2026", 30.0, 30.0, 1.0, 1.0, False),
        ("c", "Cy", "Q3 2026", 10.0, 50.0, 0.2, 0.2, False), ("d", "Di", "Q3 2026", 0.0, NAN, NAN, NAN, False),
    )  # fmt: skip

    found = describe_attainment_by_rep(rows)

    assert found.title == "2 of 3 reps reached their goal for Q3 2026; the top 4 brought 100%"
    assert "**2** reached their goal and **1** booked less than half of it" in found.text
    assert "no ranking of skill" in found.text
    assert found.text.endswith("1 rep without a goal stand last: Di.")


def test_managers_are_not_counted_among_the_reps_who_reached_their_goal():
    """Their quota may be the team's."""
    rows = frame(
        f"{REP} is_manager", ("a", "Ana", "Q3 2026", 60.0, 50.0, 1.2, 1.2, False, False),
        ("m", "Max", "Q3 2026", 1.0, 50.0, 0.02, 0.02, False, True),
    )  # fmt: skip

    found = describe_attainment_by_rep(rows)

    assert found.title.startswith("1 of 1 reps reached their goal for Q3 2026")
    assert "**0** booked less than half of it" in found.text
    assert found.text.endswith("Not counted, as they manage and their quota may be the team's: Max.")
