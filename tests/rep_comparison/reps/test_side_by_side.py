"""Side by side: figures by hand, goals only where there are some."""

import numpy as np
import pandas as pd
import pytest

from salesops_lib.rep_comparison import reps_side_by_side
from tests.builders import make_crm
from tests.rep_comparison.recipes import SEPTEMBER, closed_deals

DAY = "2026-09-10"


def quota(rep, period, amount):
    """A rep's goal."""
    return {"level": "rep", "rep_id": rep, "period": period, "measure": "bookings", "amount": amount}


def test_each_figure_is_the_one_worked_out_by_hand():
    """Counts, raw rate, average deal, median cycle, bookings."""
    deals = [
        {"rep_id": "ana", "closed_on": DAY, "status": "won", "amount": 100, "created_on": "2026-09-01"},
        {"rep_id": "ana", "closed_on": DAY, "status": "won", "amount": 300, "created_on": "2026-08-11"},
        {"rep_id": "ana", "closed_on": DAY, "status": "won", "amount": 800, "created_on": "2026-09-09"},
        {"rep_id": "ana", "closed_on": DAY, "status": "lost", "amount": 5000},
        *closed_deals("bo", DAY, 2, 2, amount=50),
    ]

    rows = reps_side_by_side(make_crm(deals=deals), period=SEPTEMBER, confidence=0.95).set_index("rep_id")

    ana = rows.loc["ana"]
    assert (ana["n_closed"], ana["n_won"], ana["win_rate"]) == (4, 3, 0.75)
    assert ana["expected_win_rate"] == pytest.approx(5 / 8)
    assert (ana["average_deal_amount"], ana["cycle_days"], ana["bookings_amount"]) == (400, 9, 1200)
    assert 5 / 8 < ana["shrunken_win_rate"] < 0.75
    geometric = np.exp(np.log([100, 300, 800]).mean())
    assert 50 < ana["typical_deal_amount"] < geometric * 1.001


def test_attainment_counts_the_months_with_a_goal():
    """Bookings of a month without a goal are not held against the others' goals."""
    crm = make_crm(
        deals=[("ana", "2026-08-10", "won", 500), ("ana", DAY, "won", 900), ("bo", DAY, "won", 10)],
        quotas=[quota("ana", "2026-09", 1000)],
    )

    rows = reps_side_by_side(crm, period=SEPTEMBER, confidence=0.95).set_index("rep_id")

    assert rows.loc["ana", "attainment_rate"] == pytest.approx(0.9)
    assert rows.loc["ana", "n_goal_months"] == 1
    assert pd.isna(rows.loc["bo", "attainment_rate"])


def test_bookings_follow_the_credits():
    """A deal shared half and half is booked half by each; it is closed by its owner."""
    deals = [{"opportunity_id": "d1", "rep_id": "ana", "closed_on": DAY, "status": "won", "amount": 1000}]
    credits = [{"opportunity_id": "d1", "rep_id": rep, "share": 0.5, "book": "main"} for rep in ("ana", "bo")]
    crm = make_crm(deals=deals, reps=["ana", "bo"], credits=credits)

    rows = reps_side_by_side(crm, period=SEPTEMBER, confidence=0.95).set_index("rep_id")

    assert rows["bookings_amount"].to_dict() == {"ana": 500, "bo": 500}
    assert rows["n_won"].to_dict() == {"ana": 1, "bo": 0}


def test_nothing_closed_is_missing_and_not_zero():
    """No rate, no deal size, no cycle; also where nobody closed anything."""
    crm = make_crm(deals=[*closed_deals("ana", DAY, 3, 3), ("bo", None, "open")])
    rows = reps_side_by_side(crm, period=SEPTEMBER, confidence=0.95).set_index("rep_id")
    nothing = reps_side_by_side(make_crm(reps=["ana"]), period=SEPTEMBER, confidence=0.95)

    missing = ["win_rate", "shrunken_win_rate", "average_deal_amount", "typical_deal_amount", "cycle_days"]
    assert rows.loc["bo", missing].isna().all()
    assert nothing[missing].isna().all().all()
    assert list(nothing.columns) == list(rows.reset_index().columns)


def test_typical_values_ignore_what_has_no_logarithm():
    """A won deal of amount 0 counts as won, not as a typical size; a same-day cycle counts as half a day."""
    deals = [
        {"rep_id": "ana", "closed_on": DAY, "status": "won", "amount": 0, "created_on": DAY},
        *closed_deals("ana", DAY, 3, 1, amount=100, created_on=DAY),
        *closed_deals("bo", DAY, 3, 1, amount=100, created_on=DAY),
    ]

    rows = reps_side_by_side(make_crm(deals=deals), period=SEPTEMBER, confidence=0.95).set_index("rep_id")

    assert rows["n_won"].tolist() == [4, 3]
    assert rows["typical_deal_amount"].tolist() == pytest.approx([100, 100])
    assert rows["typical_cycle_days"].tolist() == pytest.approx([0.5, 0.5])
    assert rows["cycle_days"].tolist() == [0, 0]


def test_the_team_is_the_one_at_the_end_of_the_window():
    """A move shows the new team, a move after the window does not; the company may name teams itself."""
    crm = make_crm(
        deals=[*closed_deals("ana", DAY, 1, 1), *closed_deals("bo", DAY, 1, 1)],
        teams=[{"team_id": "a", "name": "Alpha"}, {"team_id": "b", "name": "Beta"}],
        team_members=[
            {"rep_id": "ana", "team_id": "a", "to_on": "2026-05-31"},
            {"rep_id": "ana", "team_id": "b", "from_on": "2026-06-01"},
            {"rep_id": "bo", "team_id": "a", "to_on": "2026-09-30"},
            {"rep_id": "bo", "team_id": "b", "from_on": "2026-10-01"},
        ],
    )

    rows = reps_side_by_side(crm, period=SEPTEMBER, confidence=0.95).set_index("rep_id")

    assert rows["team_name"].to_dict() == {"ana": "Beta", "bo": "Alpha"}
