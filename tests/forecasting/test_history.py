"""The history: complete months only, zeros between, places in the fiscal year."""

from datetime import date

import numpy as np
import pytest

from salesops_lib.forecasting.history import bookings_by_month, complete_series, place_in_year
from salesops_lib.periods import FiscalCalendar
from salesops_lib.statistics.series import Series
from tests.builders import make_crm
from tests.forecasting.recipes import CALENDAR, won_each_month


def test_the_month_that_runs_never_enters_the_history():
    """On 20 April, March is the last complete month, however much April holds already."""
    crm = won_each_month([10, 20, 30, 400], as_of=date(2023, 4, 20))
    months = bookings_by_month(crm)
    series, periods = complete_series(CALENDAR, months)

    assert months["is_complete"].tolist() == [True, True, True, False]
    assert series.amounts.tolist() == [10, 20, 30]
    assert [each.label for each in periods] == ["2023-01", "2023-02", "2023-03"]


def test_a_month_without_a_win_is_zero_between_others():
    """Nothing was booked in February; that is a fact, not a gap."""
    months = bookings_by_month(won_each_month([10, 0, 30]))

    assert months["bookings_amount"].tolist() == [10, 0, 30]
    assert months["n_won"].tolist() == [1, 0, 1]


def test_a_first_month_that_begins_late_is_left_out():
    """Data that starts on the 15th holds half a month."""
    deals = [("ana", "2023-01-25", "won", 5), ("ana", "2023-02-03", "won", 10), ("ana", "2023-03-03", "won", 20)]
    months = bookings_by_month(make_crm(deals=deals, as_of=date(2023, 3, 31)))

    assert months["is_complete"].tolist() == [False, True, True]


def test_bookings_are_credited_amounts_of_the_main_book():
    """A split deal counts once, an overlay not at all."""
    crm = make_crm(
        deals=[{"rep_id": "ana", "opportunity_id": "d", "status": "won", "amount": 100, "closed_on": "2023-01-02"}],
        reps=["ana", "bo"],
        as_of=date(2023, 1, 31),
        credits=[
            {"opportunity_id": "d", "rep_id": "ana", "share": "0.6", "book": "main"},
            {"opportunity_id": "d", "rep_id": "bo", "share": "0.4", "book": "main"},
            {"opportunity_id": "d", "rep_id": "bo", "share": "1", "book": "overlay"},
        ],
    )

    assert bookings_by_month(crm)[["bookings_amount", "n_won"]].iloc[0].tolist() == [100, 1]


def test_the_fiscal_year_says_where_a_month_stands():
    """With a year from July, July is the first month and June the last."""
    calendar = FiscalCalendar(start_month=7)

    assert place_in_year(calendar, calendar.period("2025-07")) == 0
    assert place_in_year(calendar, calendar.period("2026-06")) == 11


def test_the_log_scale_goes_there_and_back_also_with_zeros():
    """Months without bookings do not become minus infinity."""
    series = Series(np.array([0.0, 50.0, 100.0]))

    assert np.isfinite(series.logs).all()
    assert series.amounts_of(series.logs) == pytest.approx(series.amounts)


def test_wins_later_than_the_data_s_day_are_no_history():
    """A declared day before all of them leaves no month, and nothing fails for it."""
    assert bookings_by_month(won_each_month([10, 20, 30], as_of=date(2022, 12, 31))).empty
