"""Deals that ended, were opened again and ended otherwise: each evening knows what it knew."""

from __future__ import annotations

from datetime import date

import pytest

from salesops_lib.measures import bookings
from tests.builders import CALENDAR, make_crm

FEBRUARY = CALENDAR.period("2025-02")
DEALS = [
    {"opportunity_id": "again", "rep_id": "bob", "amount": 1000, "created_on": "2025-01-03", "closed_on": "2025-04-15",
     "stage": "Closed Lost", "status": "lost", "expected_close_on": "2025-04-15"},
    {"opportunity_id": "plain", "rep_id": "bob", "amount": 2000, "created_on": "2025-01-05", "closed_on": "2025-02-10",
     "stage": "Closed Won", "status": "won", "expected_close_on": "2025-02-10"},
    {"opportunity_id": "later", "rep_id": "ann", "amount": 500, "created_on": "2025-01-05", "closed_on": "2025-04-28",
     "stage": "Closed Won", "status": "won", "expected_close_on": "2025-04-10"},
]  # fmt: skip
HISTORY = [
    ("again", "2025-01-03", "Demo", "ann"),
    ("again", "2025-02-20", "Closed Won", "ann"),
    ("again", "2025-03-10", "Quote", "ann"),
    ("again", "2025-04-15", "Closed Lost", "bob"),
    ("plain", "2025-01-05", "Demo", "ann"),
    ("plain", "2025-02-10", "Closed Won", "ann"),
]


@pytest.fixture(scope="module")
def crm():
    """A deal won in February, opened again in March and lost in April, beside two plain ones."""
    rows = [
        {"opportunity_id": deal, "changed_at": f"{day} 09:00", "stage": stage, "amount": 1000, "rep_id": rep}
        for deal, day, stage, rep in HISTORY
    ]
    return make_crm(
        deals=DEALS, reps=["ann", "bob"], stage_history=rows, as_of=date(2025, 4, 30), open_stages=["Demo", "Quote"]
    )


def deal(crm, key="again"):
    """A deal's row."""
    return crm.fetch(crm.opportunities.filter(crm.opportunities.opportunity_id == key)).iloc[0]


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2025-02-19", "open"),
        ("2025-02-20", "won"),
        ("2025-02-28", "won"),
        ("2025-03-10", "open"),
        ("2025-04-15", "lost"),
    ],
)
def test_a_deal_is_what_it_was_on_each_evening(crm, day, status):
    """Won on the 20th, open again from 10 March, lost on 15 April."""
    assert deal(crm.at(date.fromisoformat(day)))["status"] == status


def test_a_win_that_was_undone_counts_on_the_day_it_was_one(crm):
    """February's report holds it; April's does not."""
    then = crm.at(date(2025, 2, 28))
    assert str(deal(then)["closed_on"].date()) == "2025-02-20"
    assert bookings(then, FEBRUARY).iloc[0]["bookings_amount"] == 3000.0
    assert bookings(crm, FEBRUARY).iloc[0]["bookings_amount"] == 2000.0


def test_who_owned_a_deal_when_it_closed_has_its_bookings(crm):
    """Handed over to Bob after Ann had won it."""
    assert deal(crm, "plain")["rep_id"] == "ann"
    booked = bookings(crm, FEBRUARY, by=["rep_id"]).set_index("rep_id")["bookings_amount"]
    assert booked.to_dict() == {"ann": 2000.0}


def test_the_stays_in_stages_leave_out_an_ending_that_was_undone(crm):
    """From Demo to a win, and a second stay in Quote until the loss."""
    visits = crm.visits
    rows = crm.fetch(visits.filter(visits.opportunity_id == "again").order_by("visit"))
    assert rows[["visit", "stage", "next_stage"]].to_numpy().tolist() == [[1, "Demo", "won"], [2, "Quote", "lost"]]


def test_a_stage_that_only_closed_deals_carry_is_blank_while_a_deal_was_open(crm):
    """Without a history of its own nobody knows where the deal stood in March, only that it was not won."""
    row = deal(crm.at(date(2025, 3, 31)), "later")
    assert row["status"] == "open"
    assert row["stage"] is None or row["stage"] != row["stage"]
