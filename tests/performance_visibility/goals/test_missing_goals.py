"""Missing goals: whoever sells without one is listed, with who must set it, and nobody else is."""

from datetime import date

from salesops_lib.performance_visibility.goals.missing.metrics import missing_goals
from salesops_lib.performance_visibility.goals.missing.narrative import describe_missing_goals
from tests.builders import CALENDAR, make_crm

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)
YEAR = tuple(f"2026-Q{quarter}" for quarter in range(1, 5))


def quotas(*reps, periods=YEAR):
    """Goals of reps for quarters."""
    return [
        {"level": "rep", "rep_id": rep, "period": period, "measure": "bookings", "amount": 100}
        for rep in reps
        for period in periods
    ]


def lacking(parameters, **company):
    """Keys of those without a goal, and for what."""
    rows = missing_goals(make_crm(as_of=END, **company), period=SEPTEMBER, parameters=parameters)
    return dict(zip(rows["key"], rows["missing"], strict=True))


def test_a_rep_without_a_goal_is_listed_with_the_manager_who_sets_it(parameters):
    """Bo sells and has none; the team's manager is asked."""
    crm = make_crm(
        reps=["ana", "bo"],
        deals=[("bo", "2026-09-01", "won", 70)],
        quotas=quotas("ana"),
        teams=[{"team_id": "a", "name": "A", "manager_name": "Mia"}],
        team_members=[{"rep_id": "ana", "team_id": "a"}, {"rep_id": "bo", "team_id": "a"}],
        as_of=END,
    )

    rows = missing_goals(crm, period=SEPTEMBER, parameters=parameters)

    assert rows[["key", "bookings_amount", "n_won", "must_set"]].to_numpy().tolist() == [["bo", 70.0, 1, "Mia"]]
    assert rows["missing"].item() == "September 2026, Q3 2026 and FY 2026"


def test_a_goal_that_ends_early_is_named_by_its_period(parameters):
    """Three quarters of goals leave the year without one."""
    assert lacking(parameters, reps=["ana"], quotas=quotas("ana", periods=YEAR[:3])) == {
        "": "FY 2026",
        "ana": "FY 2026",
    }


def test_a_joiner_needs_no_goal_for_the_time_before(parameters):
    """Started in August with a goal for the third and fourth quarter: the year has their sum."""
    reps = ["ana", {"rep_id": "bo", "name": "Bo", "started_on": "2026-08-03"}]
    goals = [*quotas("ana"), *quotas("bo", periods=YEAR[2:])]

    assert lacking(parameters, reps=reps, quotas=goals) == {}


def test_a_role_without_goals_is_left_out_unless_it_sells(parameters):
    """Sales development carries none; one of them who wins a deal is listed."""
    reps = ["ana", *({"rep_id": rep, "name": rep, "role": "sales development"} for rep in ("dev", "sdr"))]

    found = lacking(parameters, reps=reps, quotas=quotas("ana"), deals=[("sdr", "2026-09-01", "won", 5)])

    assert list(found) == ["sdr"]


def test_managers_and_people_who_left_need_none(parameters):
    """Neither carries a bag in the quarter."""
    reps = [
        "ana",
        {"rep_id": "max", "name": "Max", "role": "Manager"},
        {"rep_id": "old", "name": "Old", "ended_on": "2026-06-30"},
    ]

    assert lacking(parameters, reps=reps, quotas=quotas("ana")) == {}


def test_where_only_teams_have_goals_no_rep_lacks_one(parameters):
    """The level is the company's choice."""
    goals = [
        {"level": "team", "team_id": "a", "period": period, "measure": "bookings", "amount": 100} for period in YEAR
    ]
    teams = [{"team_id": "a", "name": "A"}, {"team_id": "empty", "name": "Was"}]
    members = [{"rep_id": "ana", "team_id": "a"}]

    assert lacking(parameters, reps=["ana"], quotas=goals, teams=teams, team_members=members) == {}


def test_words_name_who_and_for_what_and_ask_those_who_set_goals(given):
    """One rep, two periods."""
    crm = make_crm(reps=["ana", "bo"], deals=[("bo", "2026-09-01", "won", 70)], quotas=quotas("ana"), as_of=END)
    rows = missing_goals(crm, period=SEPTEMBER, parameters=given["duties"].parameters)

    found = describe_missing_goals(rows, **given)

    assert found.title == "1 rep lacks a goal"
    assert found.text == (
        "Without a goal: **Bo** for September 2026, Q3 2026 and FY 2026. The reps among them booked $70 from 1 deal "
        "this quarter."
    )
    assert found.action.owner == "Ben"


def test_words_are_glad_when_nobody_lacks_one(given):
    """And nothing is to do."""
    crm = make_crm(reps=["ana"], quotas=quotas("ana"), as_of=END)

    found = describe_missing_goals(missing_goals(crm, period=SEPTEMBER, parameters=given["duties"].parameters), **given)

    assert (found.status, found.action) == ("good", None)


def test_a_leaver_who_booked_without_a_goal_is_listed_for_the_periods_with_bookings(parameters):
    """The year's sum lacks a goal for what was booked in May; September's does not."""
    reps = ["ana", {"rep_id": "old", "name": "Old", "ended_on": "2026-06-30"}]

    found = lacking(parameters, reps=reps, quotas=quotas("ana"), deals=[("old", "2026-05-04", "won", 5)])

    assert found == {"old": "FY 2026"}


def test_where_one_of_two_teams_has_a_goal_the_other_is_asked_for(parameters):
    """The company's goal would be the sum of both: it is the second team's that it lacks."""
    goals = [
        {"level": "team", "team_id": "a", "period": period, "measure": "bookings", "amount": 100} for period in YEAR
    ]
    teams = [{"team_id": team, "name": team.upper()} for team in "ab"]
    members = [{"rep_id": "ana", "team_id": "a"}, {"rep_id": "bo", "team_id": "b"}]

    found = lacking(parameters, reps=["ana", "bo"], quotas=goals, teams=teams, team_members=members)

    assert found == {"b": "September 2026, Q3 2026 and FY 2026"}


def test_a_manager_by_the_team_s_word_needs_none(parameters):
    """The role is called something else."""
    reps = ["ana", {"rep_id": "max", "name": "Max"}]

    found = lacking(
        parameters, reps=reps, quotas=quotas("ana"), teams=[{"team_id": "a", "name": "A", "manager_id": "max"}]
    )

    assert found == {}


def test_a_company_whose_goals_have_run_out_lacks_one_though_nothing_was_booked(parameters):
    """A quiet quarter is not one in which nobody lacks a goal."""
    assert lacking(parameters, reps=["ana"], quotas=quotas("ana", periods=("2024-Q1",))) == {
        "": "September 2026, Q3 2026 and FY 2026"
    }
