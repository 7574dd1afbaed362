"""Stretches of time: the right month, week and same days of another period."""

from datetime import date

import pandas as pd
import pytest

from salesops_lib.performance_visibility.windows import (
    first_day_of_closings,
    last_months,
    months_before,
    report_month,
    report_week,
    same_days_of,
)
from tests.builders import CALENDAR, make_crm

SEPTEMBER = CALENDAR.period("2026-09")


def test_the_week_is_the_last_whole_one_of_the_month():
    """30 September 2026 is a Wednesday: the week that began on the 28th is not over, so week 39 counts."""
    assert report_week(CALENDAR, SEPTEMBER, date(2026, 9, 30)).label == "2026-W39"


def test_the_week_runs_while_no_week_of_the_month_is_over():
    """On the third of the month there is nothing but the running week."""
    assert report_week(CALENDAR, SEPTEMBER, date(2026, 9, 3)).label == "2026-W36"


def test_a_week_that_ends_with_the_month_counts():
    """31 May 2026 is a Sunday."""
    assert report_week(CALENDAR, CALENDAR.period("2026-05"), date(2026, 5, 31)).end == date(2026, 5, 31)


def test_the_months_before_end_where_the_last_months_begin():
    """Now and before have no day in common and none between them."""
    now = last_months(CALENDAR, SEPTEMBER, 3)
    before = months_before(CALENDAR, now, 12)

    assert (now.start, now.end) == (date(2026, 7, 1), date(2026, 9, 30))
    assert (before.start, before.end) == (date(2025, 7, 1), date(2026, 6, 30))


def test_a_month_that_runs_is_compared_with_as_many_days():
    """Twelve days of September stand against twelve days of August, a whole one against the whole."""
    august = CALENDAR.previous(SEPTEMBER)

    assert same_days_of(august, SEPTEMBER, date(2026, 9, 12)).end == date(2026, 8, 12)
    assert same_days_of(august, SEPTEMBER, date(2026, 9, 30)) == august


@pytest.mark.parametrize("label", ["2026", "2026-Q3", "2026-09"])
def test_a_longer_period_is_reported_by_its_last_month(label):
    """A quarter's report speaks of the quarter's last month."""
    assert report_month(CALENDAR, CALENDAR.period(label), date(2026, 9, 30)) == SEPTEMBER


def test_the_data_begins_with_the_month_of_the_first_closing():
    """What closed before is unknown, not nothing."""
    crm = make_crm(deals=[("ana", "2026-03-10", "lost"), ("ana", None, "open")])

    assert first_day_of_closings(crm) == date(2026, 3, 1)
    assert first_day_of_closings(make_crm(reps=["ana"])) == date(2026, 10, 1)
    assert pd.notna(first_day_of_closings(crm))
