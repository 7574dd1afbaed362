"""Key figures: values, comparison, series, and what is undefined."""

from datetime import date

import pandas as pd
import pytest

from salesops_lib.performance_visibility import cards
from tests.builders import CALENDAR, make_crm

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)
DEALS = [
    ("ana", "2026-08-10", "won", 100), ("ana", "2026-08-20", "lost", 100), ("ana", "2026-08-21", "lost", 100),
    ("ana", "2026-09-10", "won", 300), ("ana", "2026-09-12", "won", 500), ("ana", "2026-09-20", "lost", 100),
]  # fmt: skip
GOAL = [
    {"level": "company", "period": period, "measure": "bookings", "amount": 1000} for period in ("2026-08", "2026-09")
]


def figures(crm, month=SEPTEMBER, **options):
    """The cards by key."""
    return cards(crm, period=month, **{"confidence": 0.95, **options}).set_index("key")


def test_six_figures_with_the_month_before():
    """800 booked of 1,000, twice 3 closed; August had 100."""
    found = figures(make_crm(deals=DEALS, quotas=GOAL, as_of=END))

    assert found["value"].drop("pipeline_created").to_dict() == {
        "bookings": 800, "attainment": 0.8, "win_rate": pytest.approx(2 / 3), "median_deal": 400, "cycle_days": 60,
    }  # fmt: skip
    assert found["change"].drop("pipeline_created").to_dict() == {
        "bookings": 7.0, "attainment": pytest.approx(0.7), "win_rate": pytest.approx(1 / 3), "median_deal": 3.0,
        "cycle_days": 0.0,
    }  # fmt: skip
    assert (found["compared_with"] == "Aug 2026").all()
    assert found.loc["bookings", "target"] == 1000
    assert found.loc["win_rate", "n"] == 3
    assert found.loc["win_rate", "low"] < 2 / 3 < found.loc["win_rate", "high"]


def test_the_series_ends_with_the_month_and_is_missing_before_the_data():
    """Three months: July is unknown, August and September are there."""
    series = figures(make_crm(deals=DEALS, as_of=END), n_months=3).loc["bookings", "series"]

    assert pd.isna(series[0])
    assert series[1:] == [100, 800]


def test_a_month_that_runs_is_compared_with_as_many_days():
    """On 11 September 300 are booked; up to 11 August it was 100, and the comparison says so."""
    crm = make_crm(deals=DEALS, as_of=END).at(date(2026, 9, 11))

    bookings = figures(crm).loc["bookings"]

    assert (bookings["value"], bookings["change"]) == (300, 2.0)
    assert bookings["compared_with"] == "first 11 days of Aug 2026"


def test_what_is_not_defined_is_missing():
    """Orders without losses, goals and creation dates have no attainment, win rate, cycle or pipeline."""
    deals = [{"rep_id": "ana", "created_on": None, "closed_on": "2026-09-01", "status": "won"}]

    found = figures(make_crm(deals=deals, as_of=END))["value"]

    assert found[["attainment", "win_rate", "cycle_days", "pipeline_created"]].isna().all()
    assert found["bookings"] == 1000
