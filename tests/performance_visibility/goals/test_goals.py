"""Bookings against goal, by month, by team and by rep."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from salesops_lib.measures.names import NO_TEAM
from salesops_lib.performance_visibility import (
    attainment_by_rep,
    attainment_by_team,
    bookings_against_goal,
    bookings_by_month,
)
from tests.builders import CALENDAR, make_crm

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)


def quota(period, amount, **who):
    """A goal of a rep, a team or the company."""
    level = "rep" if "rep_id" in who else "team" if "team_id" in who else "company"
    return {"level": level, "period": period, "measure": "bookings", "amount": amount, **who}


def company(*, deals, quotas=(), **tables):
    """A company as known at the end of September 2026."""
    return make_crm(deals=deals, quotas=list(quotas), as_of=END, **tables)


def test_four_periods_stand_side_by_side():
    """Week 39, September, the third quarter and 2026, each with what was booked in it."""
    crm = company(
        deals=[
            ("ana", "2026-09-22", "won", 100), ("ana", "2026-09-01", "won", 200), ("ana", "2026-07-01", "won", 400),
            ("ana", "2026-01-15", "won", 800), ("ana", "2026-09-23", "lost", 1600),
        ],
        quotas=[quota("2026-Q3", 1400)],
    )  # fmt: skip

    rows = bookings_against_goal(crm, period=SEPTEMBER).set_index("kind")

    assert rows["period"].to_dict() == {"week": "2026-W39", "month": "2026-09", "quarter": "2026-Q3", "year": "2026"}
    assert rows["bookings_amount"].to_dict() == {"week": 100, "month": 300, "quarter": 700, "year": 1500}
    assert rows.loc["quarter", ["attainment_rate", "gap_amount"]].tolist() == [0.5, 700]
    assert pd.isna(rows.loc["year", "attainment_rate"])


def test_a_period_that_runs_is_compared_with_the_same_days_of_the_year_before():
    """2026 up to 30 September stands against 2025 up to 30 September."""
    crm = company(
        deals=[
            ("ana", "2025-01-02", "won", 10), ("ana", "2025-09-30", "won", 20), ("ana", "2025-11-01", "won", 40),
            ("ana", "2026-02-01", "won", 5),
        ]
    )  # fmt: skip

    rows = bookings_against_goal(crm, period=SEPTEMBER).set_index("kind")

    assert rows.loc["year", "year_before_amount"] == 30
    assert rows.loc["month", "year_before_amount"] == 20


def test_a_year_before_the_data_is_missing():
    """Nothing is known of it; it is not 0."""
    crm = company(deals=[("ana", "2026-02-01", "won", 5)])

    assert bookings_against_goal(crm, period=SEPTEMBER)["year_before_amount"].isna().all()


def test_months_before_the_data_are_missing_and_quiet_months_are_zero():
    """The first closing is of July: June is unknown, August had nothing."""
    crm = company(deals=[("ana", "2026-07-10", "won", 5), ("ana", "2026-09-10", "won", 7)])

    rows = bookings_by_month(crm, period=SEPTEMBER, n_months=4).set_index("month")["bookings_amount"]

    assert pd.isna(rows["2026-06"])
    assert rows[["2026-07", "2026-08", "2026-09"]].tolist() == [5, 0, 7]


@settings(max_examples=15, deadline=None)
@for_any(
    deals=st.lists(
        st.tuples(st.sampled_from(["ana", "bo"]), st.dates(date(2026, 1, 1), END), st.integers(1, 10**6)), max_size=15
    )
)
def test_months_add_up_to_the_year_in_any_order(deals):
    """Nothing is lost between months, and the order of rows never matters."""
    rows = [(rep, str(day), "won", amount) for rep, day, amount in deals]
    there = company(deals=rows, reps=["ana", "bo"])
    back = company(deals=rows[::-1], reps=["ana", "bo"])
    months = bookings_by_month(there, period=SEPTEMBER, n_months=9)

    pd.testing.assert_frame_equal(months, bookings_by_month(back, period=SEPTEMBER, n_months=9))
    assert months["bookings_amount"].sum() == sum(amount for *_, amount in deals)


TEAMS = {
    "teams": [
        {"team_id": "a", "name": "Apples", "parent_team_id": "all"},
        {"team_id": "b", "name": "Pears", "parent_team_id": "all"},
        {"team_id": "all", "name": "Fruit"},
    ],
    "team_members": [{"rep_id": "ana", "team_id": "a"}, {"rep_id": "bo", "team_id": "b"}],
}


def test_teams_and_what_belongs_to_none_add_up_to_the_company():
    """A rep outside every team is a row of its own; groups of teams repeat what their teams booked."""
    crm = company(
        deals=[("ana", "2026-07-01", "won", 100), ("bo", "2026-08-01", "won", 20), ("cy", "2026-08-02", "won", 3)],
        quotas=[quota("2026-Q3", 100, team_id="a"), quota("2026-Q3", 40, team_id="b")],
        **TEAMS,
    )

    rows = attainment_by_team(crm, period=SEPTEMBER, confidence=0.95)

    assert rows["name"].tolist() == ["Apples", "Pears", NO_TEAM, "Fruit"]
    assert rows["attainment_rate"].tolist()[:2] == [1.0, 0.5]
    assert rows.loc[~rows["is_group"], "bookings_amount"].sum() == 123
    assert rows.set_index("name").loc["Fruit", "bookings_amount"] == 120


def test_luck_could_have_moved_a_team_of_one_deal_anywhere():
    """One deal of 100 against a goal of 100: 2.5 % to 557 %, as a Poisson count of 1."""
    crm = company(deals=[("ana", "2026-07-01", "won", 100)], quotas=[quota("2026-Q3", 100, team_id="a")], **TEAMS)

    row = attainment_by_team(crm, period=SEPTEMBER, confidence=0.95).iloc[0]

    assert (row["attainment_rate_low"], row["attainment_rate_high"]) == pytest.approx((0.0253, 5.5716), abs=1e-3)


def test_reps_without_deals_or_goals_are_listed_and_managers_without_are_not():
    """Nobody who sells is skipped in silence."""
    reps = [
        {"rep_id": "ana", "name": "Ana"},
        {"rep_id": "bo", "name": "Bo"},
        {"rep_id": "cy", "name": "Cy", "ended_on": "2026-03-31"},
        {"rep_id": "max", "name": "Max", "role": "Manager"},
    ]
    crm = company(deals=[("ana", "2026-07-01", "won", 50)], quotas=[quota("2026-Q3", 100, rep_id="ana")], reps=reps)

    rows = attainment_by_rep(crm, period=SEPTEMBER, confidence=0.95).set_index("rep_id")

    assert list(rows.index) == ["ana", "bo"]
    assert rows.loc["ana", "attainment_rate"] == 0.5
    assert pd.isna(rows.loc["bo", "attainment_rate"])
    assert rows.loc["bo", "bookings_amount"] == 0


def test_a_rep_s_trend_is_the_bookings_by_month():
    """Oldest first, quiet months as 0, and the win rate over the same months."""
    crm = company(
        deals=[("ana", "2026-07-01", "won", 50), ("ana", "2026-09-01", "won", 20), ("ana", "2026-09-02", "lost", 70)]
    )

    row = attainment_by_rep(crm, period=SEPTEMBER, n_months=3, confidence=0.95).iloc[0]

    assert row["trend"] == [50.0, 0.0, 20.0]
    assert (row["n_closed"], row["win_rate"]) == (3, pytest.approx(2 / 3))


def test_split_credit_counts_each_rep_s_part():
    """Half of a deal of 10 and all of one of 5 make 10 credited, not 15 (frappe/erpnext PR 40062)."""
    deals = [
        {"opportunity_id": "x", "rep_id": "ana", "closed_on": "2026-07-01", "status": "won", "amount": 5},
        {"opportunity_id": "y", "rep_id": "bo", "closed_on": "2026-07-01", "status": "won", "amount": 10},
    ]
    credits = [{"opportunity_id": "y", "rep_id": rep, "share": 0.5, "book": "main"} for rep in ("ana", "bo")]

    rows = attainment_by_rep(company(deals=deals, credits=credits), period=SEPTEMBER, confidence=0.95).set_index(
        "rep_id"
    )

    assert rows["bookings_amount"].to_dict() == {"ana": 10, "bo": 5}


def test_a_leaver_keeps_the_last_team():
    """Who left in July still shows the team of July."""
    crm = company(
        deals=[("ana", "2026-07-01", "won", 50)],
        teams=[{"team_id": "a", "name": "Apples"}],
        team_members=[{"rep_id": "ana", "team_id": "a", "from_on": "2025-01-01", "to_on": "2026-07-15"}],
    )

    assert attainment_by_rep(crm, period=SEPTEMBER, confidence=0.95)["team"].tolist() == ["Apples"]


def test_goals_of_days_in_no_team_stand_in_the_row_of_no_team():
    """Cy has a goal and no team: teams and this row add up to the company; no attainment is told of it."""
    crm = company(
        deals=[("ana", "2026-07-01", "won", 100), ("cy", "2026-08-02", "won", 3)],
        quotas=[quota("2026-Q3", amount, rep_id=rep) for rep, amount in (("ana", 100), ("bo", 40), ("cy", 10))],
        **TEAMS,
    )

    rows = attainment_by_team(crm, period=SEPTEMBER, confidence=0.95).set_index("name")

    assert rows["quota_amount"].to_dict() == {"Apples": 100, "Pears": 40, NO_TEAM: 10, "Fruit": 140}
    assert pd.isna(rows.loc[NO_TEAM, "attainment_rate"])
    assert bookings_against_goal(crm, period=SEPTEMBER).set_index("kind").loc["quarter", "quota_amount"] == 150


def test_bookings_of_a_group_s_own_members_are_no_team_s_rest():
    """Cy belongs to the group itself, so nothing is left that belongs to no team."""
    stays = [*TEAMS["team_members"], {"rep_id": "cy", "team_id": "all"}]
    deals = [("ana", "2026-07-01", "won", 100), ("cy", "2026-08-02", "won", 3)]

    rows = attainment_by_team(
        company(deals=deals, teams=TEAMS["teams"], team_members=stays), period=SEPTEMBER, confidence=0.95
    )

    assert rows.set_index("name")["bookings_amount"].to_dict() == {"Apples": 100, "Fruit": 103}


def test_managers_are_listed_where_they_booked_whatever_their_role_is_called():
    """Their quota may be the team's, so one without bookings is no rep at 0 %."""
    crm = company(
        deals=[("ana", "2026-07-01", "won", 50), ("mia", "2026-07-01", "won", 5)],
        reps=[{"rep_id": rep, "name": rep.title(), "role": "AE"} for rep in ("ana", "max", "mia")],
        quotas=[quota("2026-Q3", 100, rep_id=rep) for rep in ("ana", "max", "mia")],
        teams=[{"team_id": rep, "name": rep, "manager_id": rep} for rep in ("max", "mia")],
    )

    rows = attainment_by_rep(crm, period=SEPTEMBER, confidence=0.95).set_index("rep_id")

    assert rows["is_manager"].to_dict() == {"ana": False, "mia": True}
