"""Faults that other tools are known for: each is shown not to be ours."""

from datetime import date

import pandas as pd

from salesops_lib.measures import bookings, win_rates
from salesops_lib.performance_visibility import bookings_against_goal, win_rate_by_group, win_rate_by_quarter
from salesops_lib.periods import FiscalCalendar
from tests.builders import CALENDAR, make_crm

SEPTEMBER, Q3 = CALENDAR.period("2026-09"), CALENDAR.period("2026-Q3")
END = date(2026, 9, 30)


def test_a_rep_who_has_lost_nothing_has_a_win_rate_of_one_and_one_without_closings_has_none():
    """Not 0 and not left out: 100 won by value and no loss is 100 %."""
    crm = make_crm(reps=["a", "b", "c"], deals=[("a", "2026-09-01", "won", 100), ("b", None, "open")], as_of=END)

    rates = win_rates(crm, Q3, by=["rep_id"], confidence=0.95).set_index("rep_id")

    assert rates.loc["a", ["win_rate", "value_win_rate"]].tolist() == [1.0, 1.0]
    assert set(rates.index) == {"a"}


def test_a_manager_s_rate_counts_reps_who_have_only_wins():
    """Three reps, 200 won and 150 lost by value: 57.1 %, not 100 % and not the mean of the three."""
    deals = [("a", "2026-09-01", "won", 100), ("b", "2026-09-02", "won", 100), ("c", "2026-09-03", "lost", 150)]
    crm = make_crm(
        deals=deals,
        as_of=END,
        teams=[{"team_id": "t", "name": "T"}],
        team_members=[{"rep_id": rep, "team_id": "t"} for rep in "abc"],
    )

    rows = win_rate_by_group(crm, period=SEPTEMBER, confidence=0.95).set_index("name")

    assert rows.loc["T", "value_win_rate"] == 200 / 350
    assert rows.loc["T", "win_rate"] == 2 / 3


def test_created_counts_what_has_closed_already():
    """Two created in the quarter, one of them won in it: a cohort of two."""
    deals = [
        {"rep_id": "a", "status": "won", "created_on": "2026-07-02", "closed_on": "2026-09-01"},
        {"rep_id": "a", "status": "open", "created_on": "2026-07-03"},
        {"rep_id": "a", "status": "lost", "created_on": "2026-02-03", "closed_on": "2026-07-01"},
    ]

    row = win_rate_by_quarter(make_crm(deals=deals, as_of=END), period=SEPTEMBER, confidence=0.95).iloc[-1]

    assert (row["n_created"], row["n_created_won"], row["cohort_win_rate"]) == (2, 1, 0.5)


def test_a_fiscal_quarter_is_the_company_s():
    """The year starts in February: the quarter of September ends in October."""
    calendar = FiscalCalendar(start_month=2)
    deals = [("a", "2026-08-15", "won", 10), ("a", "2026-07-15", "won", 1)]
    crm = make_crm(deals=deals, calendar=calendar, as_of=END)

    row = bookings_against_goal(crm, period=calendar.period("2026-09")).set_index("kind").loc["quarter"]

    assert (row["period_start_on"], row["period_end_on"]) == (pd.Timestamp("2026-08-01"), pd.Timestamp("2026-10-31"))
    assert row["bookings_amount"] == 10


def test_last_year_s_deals_stay_with_last_year_s_team():
    """The rep has moved since; what was won before stays where it was won."""
    crm = make_crm(
        deals=[("a", "2025-09-01", "won", 100), ("a", "2026-09-01", "won", 1)],
        as_of=END,
        teams=[{"team_id": "old", "name": "Old"}, {"team_id": "new", "name": "New"}],
        team_members=[
            {"rep_id": "a", "team_id": "old", "to_on": "2025-12-31"},
            {"rep_id": "a", "team_id": "new", "from_on": "2026-01-01"},
        ],
    )

    last_year = bookings(crm, CALENDAR.period("2025"), by=["team_id"]).set_index("team_id")["bookings_amount"]
    this_year = bookings(crm, CALENDAR.period("2026"), by=["team_id"]).set_index("team_id")["bookings_amount"]

    assert (last_year.to_dict(), this_year.to_dict()) == ({"old": 100.0}, {"new": 1.0})


def test_totals_go_on_past_two_thousand_records():
    """2,500 deals of one are 2,500."""
    crm = make_crm(deals=[("a", "2026-09-01", "won", 1)] * 2500, as_of=END)

    assert bookings(crm, Q3)["bookings_amount"].item() == 2500


def test_a_shared_deal_is_credited_in_parts():
    """An order of 5 in full and half of an order of 10 are 10, not 15."""
    deals = [
        {"opportunity_id": "x", "rep_id": "a", "status": "won", "closed_on": "2026-09-01", "amount": 5},
        {"opportunity_id": "y", "rep_id": "a", "status": "won", "closed_on": "2026-09-01", "amount": 10},
    ]
    shares = [
        {"opportunity_id": "x", "rep_id": "a", "share": 1, "book": "main"},
        {"opportunity_id": "y", "rep_id": "a", "share": 0.5, "book": "main"},
        {"opportunity_id": "y", "rep_id": "b", "share": 0.5, "book": "main"},
    ]
    crm = make_crm(deals=deals, reps=["a", "b"], credits=shares, as_of=END)

    rows = bookings(crm, Q3, by=["rep_id"]).set_index("rep_id")["bookings_amount"]

    assert rows.to_dict() == {"a": 10.0, "b": 5.0}
