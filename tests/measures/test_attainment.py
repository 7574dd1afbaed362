"""Goals and attainment: phases add up, totals are recomputed, what has no goal is listed."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.measures import attainment, goals
from tests.builders import CALENDAR, make_crm

Q3 = CALENDAR.period("2026-Q3")
YEAR = CALENDAR.period("2026")


def rep_quota(rep, period, amount):
    """One rep's goal."""
    return {"level": "rep", "rep_id": rep, "period": period, "measure": "bookings", "amount": amount}


@settings(max_examples=25, deadline=None)
@given(amount=st.decimals(min_value=0, max_value=10**8, places=2), kind=st.sampled_from(["week", "month"]))
def test_the_phases_of_a_quota_add_up_to_the_cent(amount, kind):
    """However a quarter's quota is phased down, the parts are the quota."""
    crm = make_crm(reps=["ana"], quotas=[rep_quota("ana", "2026-Q3", amount)], deals=[("ana", "2026-07-01", "won")])
    months = CALENDAR.within(Q3, "month")

    phases = goals(crm, months, level="rep")

    assert phases["quota_amount"].sum().round(2) == float(amount)


def test_quarters_add_up_to_the_years_goal():
    """A year whose quarters all have a goal has their sum."""
    quotas = [rep_quota("ana", f"2026-Q{quarter}", 100 * quarter) for quarter in range(1, 5)]
    crm = make_crm(reps=["ana"], quotas=quotas, deals=[("ana", "2026-07-01", "won")])

    assert goals(crm, [YEAR], level="rep")["quota_amount"].tolist() == [1000.0]


def test_a_period_with_an_uncovered_day_has_no_goal():
    """Three quarters of goals are not a goal for the year, and not 0 either."""
    quotas = [rep_quota("ana", f"2026-Q{quarter}", 100) for quarter in range(1, 4)]
    crm = make_crm(reps=["ana"], quotas=quotas, deals=[("ana", "2026-07-01", "won")])

    year = attainment(crm, [YEAR], level="rep").iloc[0]

    assert year["bookings_amount"] == 1000
    assert pd.isna(year["quota_amount"])
    assert pd.isna(year["attainment_rate"])


def test_a_managers_quota_is_not_added_to_the_reps():
    """It stands for the same money once more."""
    crm = make_crm(
        reps=[
            {"rep_id": "ana", "name": "Ana"},
            {"rep_id": "max", "name": "Max", "role": "Manager"},
        ],
        deals=[("ana", "2026-07-01", "won", 900)],
        quotas=[rep_quota("ana", "2026-Q3", 1000), rep_quota("max", "2026-Q3", 5000)],
    )

    company = attainment(crm, [Q3], level="company").iloc[0]

    assert company["quota_amount"] == 1000
    assert company["attainment_rate"] == pytest.approx(0.9)
    assert company["goal_basis"] == "sum of 1 goals"


def test_a_parent_team_holds_the_bookings_of_the_teams_below_it_and_is_not_counted_twice():
    """Region and teams both show; the company counts each deal and each goal once."""
    crm = make_crm(
        deals=[("ana", "2026-07-01", "won", 100), ("bo", "2026-07-02", "won", 50)],
        teams=[
            {"team_id": "a", "name": "A", "parent_team_id": "north"},
            {"team_id": "b", "name": "B", "parent_team_id": "north"},
            {"team_id": "north", "name": "North"},
        ],
        team_members=[{"rep_id": "ana", "team_id": "a"}, {"rep_id": "bo", "team_id": "b"}],
        quotas=[
            {"level": "team", "team_id": team, "period": "2026-Q3", "measure": "bookings", "amount": amount}
            for team, amount in (("a", 100), ("b", 100), ("north", 200))
        ],
    )

    teams = attainment(crm, [Q3], level="team").set_index("team_id")
    company = attainment(crm, [Q3], level="company").iloc[0]

    assert teams["bookings_amount"].to_dict() == {"a": 100, "b": 50, "north": 150}
    assert (company["bookings_amount"], company["quota_amount"]) == (150, 200)


def test_run_rate_needed_is_the_gap_per_selling_day_left():
    """On 2 October 2026 a fourth quarter of 66 weekdays has 64 left."""
    crm = make_crm(reps=["ana"], deals=[("ana", "2026-10-01", "won", 360)], quotas=[rep_quota("ana", "2026-Q4", 1000)])

    row = attainment(crm, [CALENDAR.period("2026-Q4")], level="company").iloc[0]

    assert row["selling_days_left"] == 64
    assert row["run_rate_needed_amount"] == pytest.approx(640 / 64)
    assert row["is_partial"]


def test_a_rep_without_a_goal_is_listed():
    """Bookings without a goal show, with a missing attainment."""
    crm = make_crm(
        deals=[("ana", "2026-07-01", "won"), ("bo", "2026-07-01", "won")], quotas=[rep_quota("ana", "2026-Q3", 1)]
    )

    rows = attainment(crm, [Q3], level="rep").set_index("rep_id")

    assert rows["quota_amount"].isna().to_dict() == {"ana": False, "bo": True}


def test_a_joiners_goal_counts_towards_the_companys_year():
    """Nobody sets a goal for the months before someone started."""
    crm = make_crm(
        reps=["ana", {"rep_id": "bo", "name": "Bo", "started_on": "2026-07-01"}],
        quotas=[
            *(rep_quota("ana", f"2026-Q{quarter}", 100) for quarter in range(1, 5)),
            *(rep_quota("bo", f"2026-Q{quarter}", 50) for quarter in (3, 4)),
        ],
        deals=[("ana", "2026-07-01", "won")],
    )

    assert goals(crm, [YEAR], level="company")["quota_amount"].tolist() == [500.0]


def test_a_region_s_goal_is_the_sum_of_its_teams_where_none_is_stated():
    """The company still counts each goal once."""
    crm = make_crm(
        reps=["ana"],
        teams=[{"team_id": team, "name": team, "parent_team_id": "north"} for team in "ab"]
        + [{"team_id": "north", "name": "North"}],
        quotas=[
            {"level": "team", "team_id": team, "period": "2026-Q3", "measure": "bookings", "amount": 100}
            for team in "ab"
        ],
        deals=[("ana", "2026-07-01", "won")],
    )

    assert goals(crm, [Q3], level="team").set_index("team_id")["quota_amount"].to_dict() == {
        "a": 100, "b": 100, "north": 200,
    }  # fmt: skip
    assert goals(crm, [Q3], level="company")["quota_amount"].tolist() == [200.0]
