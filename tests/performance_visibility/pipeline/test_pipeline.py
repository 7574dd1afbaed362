"""Pipeline coverage, now and at the same point of former quarters."""

from datetime import date

import pandas as pd
import pytest

from salesops_lib.performance_visibility import pipeline_coverage
from tests.builders import make_crm


def deal(key, created_on, expected, *, closed_on=None, status="open", amount=100, moved=()):
    """A deal with its history: expected close at creation, then moves ``(day, expected)``."""
    opportunity = {
        "opportunity_id": key, "rep_id": "ana", "created_on": created_on, "closed_on": closed_on, "status": status,
        "amount": amount, "expected_close_on": moved[-1][1] if moved else expected,
    }  # fmt: skip
    history = [
        {
            "opportunity_id": key, "changed_at": f"{day} 09:00", "stage": "A", "rep_id": "ana", "amount": amount,
            "expected_close_on": when,
        }
        for day, when in [(created_on, expected), *moved]
    ]  # fmt: skip
    return opportunity, history


def company(*pairs, as_of="2026-07-31", **tables):
    """A company of such deals."""
    return make_crm(
        deals=[pair[0] for pair in pairs], reps=["ana"], open_stages=["A"], as_of=date.fromisoformat(as_of),
        stage_history=[row for pair in pairs for row in pair[1]], **tables,
    )  # fmt: skip


GOAL = [{"level": "company", "period": "2026-Q3", "measure": "bookings", "amount": 1000}]


def test_coverage_is_open_pipeline_of_the_quarter_over_what_is_left():
    """400 booked of 1,000; 900 open and due in the quarter, 50 due later, 70 overdue."""
    crm = company(
        deal("w", "2026-07-01", "2026-07-20", closed_on="2026-07-20", status="won", amount=400),
        deal("a", "2026-07-01", "2026-09-01", amount=900),
        deal("b", "2026-07-01", "2026-11-01", amount=50),
        deal("c", "2026-07-01", "2026-07-30", amount=70),
        quotas=GOAL,
    )

    first, second = (row for _, row in pipeline_coverage(crm).iterrows())

    assert (first["quarter"], second["quarter"]) == ("2026-Q3", "2026-Q4")
    assert first[["gap_amount", "open_amount", "coverage_ratio"]].tolist() == [600, 970, pytest.approx(970 / 600)]
    assert (first["n_overdue"], first["overdue_amount"]) == (1, 70)
    assert second["open_amount"] == 50
    assert pd.isna(second["coverage_ratio"])


def test_what_was_needed_comes_from_the_same_point_of_former_quarters():
    """61 days before the end of the second quarter 300 were open and due in it; 200 were booked after that day.

    Of these 120 came from that pipeline and 80 from a deal created later; 30 more were pushed out.
    """
    crm = company(
        deal("a", "2026-04-05", "2026-06-01", closed_on="2026-06-01", status="won", amount=120),
        deal("b", "2026-04-05", "2026-06-10", closed_on="2026-06-12", status="lost", amount=150),
        deal("c", "2026-04-05", "2026-06-20", amount=30, moved=[("2026-06-01", "2026-09-15")]),
        deal("d", "2026-05-20", "2026-06-25", closed_on="2026-06-25", status="won", amount=80),
        deal("e", "2026-04-02", "2026-04-20", closed_on="2026-04-20", status="won", amount=999),
        quotas=GOAL,
    )

    first = pipeline_coverage(crm).iloc[0]

    assert first["n_quarters"] == 1
    assert first["needed_ratio"] == pytest.approx(300 / 200)
    assert first["yield_rate"] == pytest.approx(120 / 300)
    assert first["from_pipeline_rate"] == pytest.approx(120 / 200)
    assert first["needed_amount"] == pytest.approx(1000 * 1.5)


def test_the_day_of_the_former_point_is_over():
    """61 days before the end of the second quarter is 30 April: what opened that day is there, what was won is done."""
    crm = company(
        deal("first", "2026-01-05", "2026-02-01", closed_on="2026-02-01", status="won", amount=5),
        deal("open", "2026-04-30", "2026-06-01", closed_on="2026-06-01", status="won", amount=300),
        deal("next", "2026-05-01", "2026-06-01", closed_on="2026-06-02", status="won", amount=40),
        deal("done", "2026-04-05", "2026-04-30", closed_on="2026-04-30", status="won", amount=999),
        deal("now", "2026-07-01", "2026-09-01", amount=900),
        quotas=GOAL,
    )

    first = pipeline_coverage(crm).iloc[0]

    assert first["needed_ratio"] == pytest.approx(300 / 340)
    assert first["from_pipeline_rate"] == pytest.approx(300 / 340)


def test_nothing_learnt_later_moves_the_past():
    """The history seen on 31 July is the same whether or not the data goes on until September."""
    pairs = [
        deal("a", "2026-04-05", "2026-06-01", closed_on="2026-06-01", status="won", amount=120),
        deal("b", "2026-07-05", "2026-09-01", closed_on="2026-09-01", status="won", amount=40),
    ]

    later = pipeline_coverage(company(*pairs, as_of="2026-09-30", quotas=GOAL).at(date(2026, 7, 31)))
    then = pipeline_coverage(company(pairs[0], deal("b", "2026-07-05", "2026-09-01", amount=40), quotas=GOAL))

    pd.testing.assert_frame_equal(later, then)


def test_without_a_history_what_was_needed_is_missing():
    """The pipeline still shows."""
    deals = [{"rep_id": "ana", "expected_close_on": "2026-09-01", "amount": 10}]
    first = pipeline_coverage(make_crm(deals=deals, as_of=date(2026, 7, 31))).iloc[0]

    assert first["open_amount"] == 10
    assert pd.isna(first["needed_ratio"])
    assert first["n_quarters"] == 0


def test_without_any_expected_close_date_there_is_nothing_to_show():
    """An empty frame with the right columns; the words say why."""
    assert pipeline_coverage(make_crm(deals=[("ana", None, "open")])).empty
