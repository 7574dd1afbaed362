"""Credit notes: they lower bookings, and are no deals."""

from __future__ import annotations

from datetime import date

import pytest

from salesops_lib import forecasting, performance_visibility
from salesops_lib.measures import attainment, bookings, credited_deals, win_rates
from salesops_lib.performance_visibility import bookings_change, deals_won, pipeline_waterfall
from tests.builders import CALENDAR, make_crm
from tests.calling import as_reported

FEBRUARY, QUARTER = CALENDAR.period("2025-02"), CALENDAR.period("2025-Q1")
END = date(2025, 2, 28)
DEALS = [
    *({"rep_id": "ann", "status": "won", "amount": 1000, "created_on": "2025-01-05", "closed_on": "2025-02-10"},) * 5,
    *({"rep_id": "ann", "status": "lost", "amount": 1000, "created_on": "2025-01-05", "closed_on": "2025-02-12"},) * 5,
]
NOTES = [{"rep_id": "ann", "status": "won", "amount": -1000, "created_on": "2025-02-20", "closed_on": "2025-02-25"}] * 2


def company(*more, **tables):
    """Five deals won, five lost, and two credit notes."""
    return make_crm(deals=[*DEALS, *NOTES, *more], reps=["ann", "bob"], as_of=END, **tables)


def test_credit_notes_lower_bookings_and_are_no_deals_won():
    """5,000 won less 2,000 taken back, from five deals."""
    row = bookings(company(), FEBRUARY).iloc[0]
    assert (row["bookings_amount"], row["n_won"]) == (3000.0, 5)


def test_a_win_rate_knows_nothing_of_them():
    """Five of ten."""
    row = win_rates(company(), FEBRUARY, confidence=0.95).iloc[0]
    assert (row["n_won"], row["n_closed"]) == (5, 10)


def test_they_are_no_pipeline_that_was_created():
    """Ten deals created in January, nothing in February, where the notes were written."""
    rows = pipeline_waterfall(company(), period=FEBRUARY)
    assert (rows["new_amount"].fillna(0) >= 0).all()
    assert rows["new_amount"].sum() == 0


def test_the_rep_who_sold_bears_them():
    """A note split over two reps lowers both."""
    shares = [
        {"opportunity_id": "note", "rep_id": rep, "share": share, "book": "main"}
        for rep, share in (("ann", 0.75), ("bob", 0.25))
    ]
    note = NOTES[0] | {"opportunity_id": "note"}
    crm = make_crm(deals=[*DEALS, note], reps=["ann", "bob"], as_of=END, credits=shares)
    assert bookings(crm, FEBRUARY, by=["rep_id"]).set_index("rep_id")["bookings_amount"].to_dict() == {
        "ann": 4250.0,
        "bob": -250.0,
    }


def test_attainment_and_the_forecasts_history_say_the_same():
    """One number for one thing."""
    quotas = [{"rep_id": "ann", "period": "2025-Q1", "amount": 6000}]
    crm = company(quotas=quotas)
    row = attainment(crm, [QUARTER], level="company").iloc[0]
    months = forecasting.bookings_by_month(crm).set_index("month")["bookings_amount"]
    assert (row["bookings_amount"], months["2025-02"]) == (3000.0, 3000.0)


def test_the_parts_of_a_change_in_bookings_add_up_to_it():
    """What is taken back is part of the size of deals."""
    before = [{**DEALS[0], "created_on": "2024-01-05", "closed_on": "2024-02-10"}] * 4
    lost = [{**DEALS[-1], "created_on": "2024-01-05", "closed_on": "2024-02-10"}] * 4
    row = bookings_change(company(*before, *lost), period=FEBRUARY, span="month", confidence=0.95).iloc[0]
    parts = row[["volume_amount", "mix_amount", "win_rate_amount", "deal_size_amount"]].astype(float)
    assert row["change_amount"] == pytest.approx(3000 - 4000)
    assert parts.sum() == pytest.approx(row["change_amount"])
    assert row["n_won"] == 5


def test_no_list_of_deals_won_holds_one():
    """It is nobody's win."""
    assert (deals_won(company(), period=FEBRUARY)["amount"] > 0).all()


def test_on_the_evening_before_it_was_written_nobody_knew_of_it():
    """Neither as a deal that is open nor as one that is won."""
    crm = company().at(date(2025, 2, 24))
    assert bookings(crm, FEBRUARY).iloc[0]["bookings_amount"] == 5000.0
    assert crm.fetch(credited_deals(crm).filter(credited_deals(crm).credited_amount < 0)).empty


def test_a_company_without_any_has_no_such_table():
    """Nothing is joined for nothing."""
    assert not make_crm(deals=DEALS, as_of=END).has("credit_notes")


@pytest.mark.parametrize("name", ["attainment_by_rep", "bookings_by_month", "changes_since_last_report"])
def test_every_sum_of_bookings_is_the_same(name):
    """3,000, wherever the month stands."""
    frame = getattr(performance_visibility, name)
    rows = as_reported(frame, company(), period=FEBRUARY)
    column = {"changes_since_last_report": "now_amount"}.get(name, "bookings_amount")
    assert 3000.0 in rows[column].astype(float).tolist()
