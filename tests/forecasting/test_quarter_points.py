"""Points of past quarters: the right evening, and the company as it stood then."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ibis import _

from salesops_lib.forecasting.landing.quarter_points import (
    QuarterPoint,
    open_deals_at,
    past_points,
    quarter_sums,
    quarter_to_land,
    same_point,
)
from salesops_lib.periods import FiscalCalendar
from tests.forecasting.recipes import CALENDAR, pipeline_company

Q4, Q3 = CALENDAR.period("2026-Q4"), CALENDAR.period("2026-Q3")


def test_before_the_quarter_the_point_is_the_evening_before():
    """On 30 September the fourth quarter is looked at from outside; so is the third, from 30 June."""
    assert same_point(CALENDAR, Q4, date(2026, 9, 30), Q3) == date(2026, 6, 30)


def test_a_month_end_meets_a_month_end():
    """The end of the second month, however long the months are."""
    assert same_point(CALENDAR, Q4, date(2026, 11, 30), Q3) == date(2026, 8, 31)
    assert same_point(CALENDAR, CALENDAR.period("2026-Q1"), date(2026, 2, 28), Q3) == date(2026, 8, 31)


def test_within_a_month_selling_days_are_counted():
    """The second selling day of October meets the second selling day of July."""
    assert same_point(CALENDAR, Q4, date(2026, 10, 2), Q3) == date(2026, 7, 2)
    assert same_point(CALENDAR, Q4, date(2026, 10, 5), CALENDAR.period("2026-Q2")) == date(2026, 4, 3)


@given(st.integers(-1, 91), st.integers(1, 8), st.sampled_from(["month", "4-4-5", "5-4-4"]))
@settings(max_examples=25, deadline=None)
def test_a_point_lies_in_its_quarter_or_on_the_evening_before(days, back, layout):
    """Whatever the day and the calendar."""
    calendar = FiscalCalendar(layout=layout)
    quarter = calendar.period("2026-Q4")
    other = calendar.previous(quarter, back)
    day = quarter.start + timedelta(days=days)
    point = same_point(calendar, quarter, min(day, quarter.end), other)

    assert other.start - timedelta(days=1) <= point <= other.end


def test_the_quarter_to_land_is_the_first_that_is_not_over():
    """On the last day of a quarter it is the next one."""
    assert quarter_to_land(pipeline_company(as_of=date(2025, 9, 30))).label == "2025-Q4"
    assert quarter_to_land(pipeline_company(as_of=date(2025, 9, 30)).at(date(2025, 9, 29))).label == "2025-Q3"


def test_only_whole_quarters_of_the_data_teach():
    """The quarter in which the data begins is known from its first day on, not from the evening before."""
    crm = pipeline_company()
    points = past_points(crm, quarter_to_land(crm))

    assert [each.quarter.label for each in points] == ["2025-Q1", "2025-Q2", "2025-Q3"]


def test_open_deals_are_as_the_company_knew_them(demo_crm):
    """Counts and amounts at three past points are those of ``Crm.at``."""
    days = [date(2025, 6, 30), date(2025, 12, 31), date(2026, 3, 31)]
    points = [QuarterPoint(demo_crm.calendar.containing(day + timedelta(days=1), "quarter"), day) for day in days]
    cells = open_deals_at(demo_crm, points)
    for point in points:
        then = demo_crm.at(point.on).opportunities
        expected = demo_crm.fetch(
            then.filter(_.status == "open")
            .group_by(state=_.stage)
            .agg(n=_.count(), amount=_.amount.sum().fill_null(0).cast("float64"))
        ).set_index("state")
        ours = cells[cells["quarter"] == point.quarter.label].groupby("state")[["n_open", "open_amount"]].sum()
        assert ours["n_open"].to_dict() == expected["n"].to_dict()
        assert ours["open_amount"].to_dict() == pytest.approx(expected["amount"].to_dict())


def test_a_quarter_is_the_sum_of_its_parts(demo_crm):
    """Won so far, won from deals open at the point and won from deals created later: all bookings of the quarter."""
    quarter = demo_crm.calendar.period("2026-Q3")
    for day in (date(2026, 6, 30), date(2026, 8, 14)):
        points = [QuarterPoint(quarter, day)]
        sums = quarter_sums(demo_crm, points).iloc[0]
        open_won = open_deals_at(demo_crm, points)["won_amount"].sum()
        assert sums["won_so_far_amount"] + sums["new_amount"] + open_won == pytest.approx(sums["bookings_amount"])
