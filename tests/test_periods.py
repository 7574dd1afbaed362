"""Periods: every day has one week, month, quarter and year, and labels always lead back to them."""

from __future__ import annotations

import math
import subprocess
import sys
from datetime import date, timedelta
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.errors import PeriodError
from salesops_lib.periods import KINDS, FiscalCalendar, Kind, Layout, Period, Weekday

DAY = timedelta(days=1)

days = st.dates(min_value=date(1995, 1, 1), max_value=date(2060, 12, 31))
kinds = st.sampled_from(KINDS)
calendars = st.builds(
    FiscalCalendar,
    layout=st.sampled_from(get_args(Layout)),
    start_month=st.integers(1, 12),
    week_starts_on=st.sampled_from(get_args(Weekday)),
    year_named_by=st.sampled_from(["start", "end"]),
    holidays=st.frozensets(st.dates(date(2024, 1, 1), date(2028, 12, 31)), max_size=8),
)
week_calendars = calendars.filter(lambda calendar: calendar.layout != "month")
any_calendar = settings(max_examples=50, deadline=None)

PLAIN = FiscalCalendar()
RETAIL = FiscalCalendar("4-5-4", start_month=2, week_starts_on="sunday", year_named_by="start")
FROM_JULY = FiscalCalendar(start_month=7)


def tiles(parts: list[Period], whole: Period) -> bool:
    """Whether parts cover a period from end to end without gap or overlap."""
    meets = all(after.start == before.end + DAY for before, after in pairwise(parts))
    return meets and parts[0].start == whole.start and parts[-1].end == whole.end


# What holds in every calendar


@any_calendar
@given(calendar=calendars, day=days, kind=kinds)
def test_every_day_lies_in_exactly_one_period_of_a_kind(calendar: FiscalCalendar, day: date, kind: Kind) -> None:
    """The period found holds the day, and its neighbours do not."""
    period = calendar.containing(day, kind)

    assert period.contains(day)
    assert not calendar.previous(period).contains(day)
    assert not calendar.next(period).contains(day)


@any_calendar
@given(calendar=calendars, day=days, kind=kinds)
def test_neighbours_meet_without_gap_or_overlap(calendar: FiscalCalendar, day: date, kind: Kind) -> None:
    """A period ends on the eve of the next one, across the ends of years too."""
    period = calendar.containing(day, kind)

    assert calendar.previous(period).end + DAY == period.start
    assert calendar.next(period).start == period.end + DAY


@any_calendar
@given(calendar=calendars, day=days)
def test_months_tile_quarters_and_quarters_tile_years(calendar: FiscalCalendar, day: date) -> None:
    """Three months make a quarter, four quarters and twelve months a year."""
    year = calendar.containing(day, "year")
    quarters = calendar.within(year, "quarter")
    months = calendar.within(year, "month")

    assert (len(quarters), len(months)) == (4, 12)
    assert tiles(quarters, year)
    assert tiles(months, year)
    for quarter in quarters:
        assert len(calendar.within(quarter, "month")) == 3
        assert tiles(calendar.within(quarter, "month"), quarter)


@any_calendar
@given(calendar=week_calendars, day=days)
def test_weeks_tile_months_where_a_layout_counts_in_weeks(calendar: FiscalCalendar, day: date) -> None:
    """Each month holds as many weeks as the layout says; only a 53rd week lengthens the last month."""
    year = calendar.containing(day, "year")
    months = calendar.within(year, "month")
    weeks = [calendar.within(month, "week") for month in months]
    expected = [int(n) for n in calendar.layout.split("-")] * 4
    n_weeks = year.n_days // 7

    assert year.n_days % 7 == 0
    assert n_weeks in (52, 53)
    expected[-1] += n_weeks - 52
    assert [len(of_month) for of_month in weeks] == expected
    assert all(tiles(of_month, month) for of_month, month in zip(weeks, months, strict=True))


@any_calendar
@given(calendar=calendars, day=days)
def test_a_week_has_seven_days_and_starts_on_its_weekday(calendar: FiscalCalendar, day: date) -> None:
    """Weeks are whole in every layout."""
    week = calendar.containing(day, "week")

    assert week.n_days == 7
    assert f"{week.start:%A}".lower() == calendar.week_starts_on


@any_calendar
@given(calendar=calendars, day=days)
def test_a_week_is_numbered_in_the_year_that_holds_its_fourth_day(calendar: FiscalCalendar, day: date) -> None:
    """The rule of ISO 8601, for fiscal years by their nominal start."""
    week = calendar.containing(day, "week")
    fourth = week.start + 3 * DAY
    nominal = FiscalCalendar("month", calendar.start_month, year_named_by=calendar.year_named_by)

    assert week.label[:4] == nominal.containing(fourth, "year").label


@any_calendar
@given(calendar=week_calendars, day=days)
def test_a_year_of_weeks_starts_within_three_days_of_its_nominal_start(calendar: FiscalCalendar, day: date) -> None:
    """The nearest weekday is never further away than that."""
    year = calendar.containing(day, "year")
    nominal = FiscalCalendar("month", calendar.start_month, year_named_by=calendar.year_named_by)

    assert abs(year.start - nominal.period(year.label).start) <= 3 * DAY


@any_calendar
@given(calendar=week_calendars, day=days)
def test_a_month_of_weeks_is_labelled_by_its_middle_day(calendar: FiscalCalendar, day: date) -> None:
    """The label is the calendar month that the reader would think of, and no two months share one."""
    year = calendar.containing(day, "year")
    months = calendar.within(year, "month")

    assert len({month.label for month in months}) == 12
    for month in months:
        assert f"{month.start + (month.n_days // 2) * DAY:%Y-%m}" == month.label


@any_calendar
@given(calendar=calendars, day=days, kind=kinds)
def test_a_label_leads_back_to_its_period(calendar: FiscalCalendar, day: date, kind: Kind) -> None:
    """What is written in parameters and tables names the same days when read."""
    period = calendar.containing(day, kind)

    assert calendar.period(period.label) == period


@any_calendar
@given(calendar=calendars, day=days, kind=kinds, n=st.integers(0, 60))
def test_going_back_undoes_going_on(calendar: FiscalCalendar, day: date, kind: Kind, n: int) -> None:
    """Previous and next are each other's inverse, by any number of steps."""
    period = calendar.containing(day, kind)

    assert calendar.previous(calendar.next(period, n), n) == period
    assert calendar.next(calendar.previous(period, n), n) == period


@any_calendar
@given(calendar=calendars, day=days, kind=kinds)
def test_the_year_before_holds_the_same_place(calendar: FiscalCalendar, day: date, kind: Kind) -> None:
    """Only the year's number differs; a week 53 falls back on the last week there is."""
    period = calendar.containing(day, kind)
    before = calendar.year_before(period)

    assert int(before.label[:4]) == int(period.label[:4]) - 1
    assert before.label[4:] == period.label[4:] or (period.label[-3:], before.label[-3:]) == ("W53", "W52")


@any_calendar
@given(calendar=calendars, start=days, length=st.integers(0, 400), kind=kinds)
def test_the_periods_between_two_days_are_those_that_touch_them(
    calendar: FiscalCalendar, start: date, length: int, kind: Kind
) -> None:
    """First and last hold the two days, and one meets the next."""
    end = start + length * DAY
    periods = calendar.between(start, end, kind)

    assert periods[0].contains(start)
    assert periods[-1].contains(end)
    assert all(a.end + DAY == b.start for a, b in pairwise(periods))


@any_calendar
@given(calendar=calendars, start=st.dates(date(2023, 6, 1), date(2028, 6, 1)), length=st.integers(0, 500))
def test_selling_days_are_those_a_person_would_count(calendar: FiscalCalendar, start: date, length: int) -> None:
    """Counted one by one: weekdays that are not holidays."""
    span = [start + n * DAY for n in range(length)]

    counted = sum(day.weekday() < 5 and day not in calendar.holidays for day in span)
    assert calendar.selling_days(start, start + (length - 1) * DAY) == counted


@any_calendar
@given(calendar=calendars, day=days)
def test_selling_days_of_the_parts_add_up(calendar: FiscalCalendar, day: date) -> None:
    """A year has the selling days of its quarters and of its months."""
    year = calendar.containing(day, "year")

    for kind in ("quarter", "month"):
        parts = calendar.within(year, kind)
        assert sum(calendar.selling_days(part.start, part.end) for part in parts) == calendar.selling_days(
            year.start, year.end
        )


@any_calendar
@given(calendar=calendars, day=days, kind=kinds)
def test_the_elapsed_share_grows_from_nothing_to_all(calendar: FiscalCalendar, day: date, kind: Kind) -> None:
    """It is 0 before a period, 1 from its last day on, and never falls in between."""
    period = calendar.containing(day, kind)
    span = [period.start + n * DAY for n in range(-1, period.n_days)]
    shares = [calendar.elapsed_share(period, as_of) for as_of in span]
    known = [share for share in shares if not math.isnan(share)]

    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert known == sorted(known)


@settings(max_examples=25, deadline=None)
@given(calendar=calendars, start=st.dates(date(2023, 6, 1), date(2028, 6, 1)), length=st.integers(0, 500))
def test_the_table_of_days_says_what_the_calendar_says(calendar: FiscalCalendar, start: date, length: int) -> None:
    """Each day stands once, with the labels of the periods that hold it."""
    end = start + (length - 1) * DAY
    table = calendar.frame(start, end)

    assert list(table.columns) == ["date", "week", "month", "quarter", "year", "is_selling_day"]
    assert list(table["date"].dt.date) == [start + n * DAY for n in range(length)]
    for kind in KINDS:
        assert list(table[kind]) == [calendar.containing(day, kind).label for day in table["date"].dt.date]
    assert table["is_selling_day"].sum() == calendar.selling_days(start, end)


# Calendars that others publish


def test_the_retail_year_2023_has_53_weeks() -> None:
    """NRF 4-5-4: 29 January 2023 to 3 February 2024, the extra week in January."""
    year = RETAIL.period("2023")

    assert (year.start, year.end) == (date(2023, 1, 29), date(2024, 2, 3))
    assert [len(RETAIL.within(month, "week")) for month in RETAIL.within(year, "month")] == [4, 5, 4] * 3 + [4, 5, 5]
    assert RETAIL.containing(date(2024, 2, 3), "week").label == "2023-W53"


@pytest.mark.parametrize(
    ("label", "start", "end"),
    [
        ("2017", date(2017, 1, 29), date(2018, 2, 3)),
        ("2022", date(2022, 1, 30), date(2023, 1, 28)),
        ("2024", date(2024, 2, 4), date(2025, 2, 1)),
        ("2025", date(2025, 2, 2), date(2026, 1, 31)),
    ],
)
def test_retail_years_start_where_the_published_calendar_says(label: str, start: date, end: date) -> None:
    """NRF 4-5-4 calendars of other years, with 2017 the 53-week year before 2023."""
    year = RETAIL.period(label)

    assert (year.start, year.end) == (start, end)


def test_november_2023_of_the_retail_calendar_is_the_published_one() -> None:
    """The first month of the fourth quarter: four weeks from 29 October."""
    november = RETAIL.period("2023-11")

    assert (november.start, november.end) == (date(2023, 10, 29), date(2023, 11, 25))
    assert RETAIL.containing(november.start, "quarter").label == "2023-Q4"


@given(day=days)
def test_weeks_from_monday_are_iso_weeks(day: date) -> None:
    """With a year from January both layouts number weeks as ISO 8601 does."""
    iso = day.isocalendar()

    for layout in ("month", "4-4-5"):
        assert FiscalCalendar(layout).containing(day, "week").label == f"{iso.year}-W{iso.week:02d}"


def test_2020_ends_with_iso_week_53() -> None:
    """28 December 2020 to 3 January 2021, though January's days lie in another year's month."""
    week = PLAIN.period("2020-W53")

    assert (week.start, week.end) == (date(2020, 12, 28), date(2021, 1, 3))
    assert PLAIN.containing(date(2021, 1, 3), "month").label == "2021-01"


def test_week_53_is_compared_with_the_last_week_of_the_year_before() -> None:
    """2019 has no week 53."""
    assert PLAIN.year_before(PLAIN.period("2020-W53")).label == "2019-W52"


def test_a_year_from_july_is_named_by_its_end() -> None:
    """September 2026 lies in the first quarter of fiscal 2027."""
    assert FROM_JULY.containing(date(2026, 9, 5), "quarter").label == "2027-Q1"
    assert FROM_JULY.period("2027") == Period("2027", "year", date(2026, 7, 1), date(2027, 6, 30))
    assert FROM_JULY.period("2026-09").start == date(2026, 9, 1)


def test_a_year_from_july_can_be_named_by_its_start() -> None:
    """The same days, called fiscal 2026."""
    calendar = FiscalCalendar(start_month=7, year_named_by="start")

    assert calendar.containing(date(2026, 9, 5), "quarter").label == "2026-Q1"
    assert calendar.containing(date(2027, 3, 1), "month").label == "2027-03"


# Selling days and elapsed shares of a known month


def test_september_2026_has_21_selling_days_with_labor_day() -> None:
    """22 weekdays less the holiday on Monday the 7th; a holiday on a Saturday changes nothing."""
    calendar = FiscalCalendar(holidays=frozenset({date(2026, 9, 7), date(2026, 9, 12)}))
    september = calendar.period("2026-09")

    assert calendar.selling_days(september.start, september.end) == 21
    assert calendar.elapsed_share(september, date(2026, 9, 8)) == pytest.approx(5 / 21)


def test_the_elapsed_share_of_a_week_of_holidays_is_missing_while_it_runs() -> None:
    """No selling day to divide by: undefined, until the week is over."""
    monday = date(2026, 12, 21)
    calendar = FiscalCalendar(holidays=frozenset(monday + n * DAY for n in range(5)))
    week = calendar.containing(monday, "week")

    assert math.isnan(calendar.elapsed_share(week, monday))
    assert calendar.elapsed_share(week, week.end) == 1.0


# What a person reads


@pytest.mark.parametrize(
    ("calendar", "label", "title"),
    [
        (PLAIN, "2026-09", "September 2026"),
        (PLAIN, "2026-Q3", "Q3 2026"),
        (PLAIN, "2026", "FY 2026"),
        (PLAIN, "2026-W36", "week 36 of 2026"),
        (FROM_JULY, "2026-09", "September 2026"),
        (FROM_JULY, "2027-Q1", "Q1 FY 2027"),
        (FROM_JULY, "2027-W10", "week 10 of FY 2027"),
    ],
)
def test_titles_say_when_a_year_is_fiscal(calendar: FiscalCalendar, label: str, title: str) -> None:
    """A quarter of a year that does not start in January is never taken for the calendar's."""
    assert calendar.title(calendar.period(label)) == title


@pytest.mark.parametrize(
    "label",
    ["2026-Sept", "", "26-09", "2026-9", "2026-13", "2026-00", "2026-Q5", "2026Q3", "2026-W6", " 2026", "2026-09\n"],
)
def test_a_label_that_is_none_is_answered_with_how_to_write_one(label: str) -> None:
    """Nothing is guessed, and the message shows every form."""
    with pytest.raises(PeriodError) as error:
        PLAIN.period(label)

    assert str(error.value) == (
        f"`{label}` is not a period. "
        "Write a month as 2026-09, a quarter as 2026-Q3, a year as 2026, a week as 2026-W36."
    )


def test_a_week_53_that_the_year_lacks_is_refused() -> None:
    """The message says how far the weeks go."""
    with pytest.raises(PeriodError, match="`2025-W53` does not exist: the weeks of 2025 run from 2025-W01 to 2025-W52"):
        PLAIN.period("2025-W53")


@pytest.mark.parametrize("kind", KINDS)
def test_a_date_that_stands_for_never_is_refused(kind: Kind) -> None:
    """31 December 9999, as some systems write it, ends in a message and not in an overflow."""
    with pytest.raises(PeriodError, match="9999 is out of range"):
        PLAIN.containing(date(9999, 12, 31), kind)


def test_a_month_holds_no_quarter() -> None:
    """Asking for longer periods within a shorter one is a mistake, not an empty list."""
    with pytest.raises(PeriodError, match="shorter than a quarter"):
        PLAIN.within(PLAIN.period("2026-09"), "quarter")


@pytest.mark.parametrize("wrong", [{"layout": "4-4-4"}, {"start_month": 13}, {"week_starts_on": "mon"}])
def test_a_calendar_that_does_not_exist_is_refused(wrong: dict[str, object]) -> None:
    """The message names the setting and its choices."""
    with pytest.raises(PeriodError, match=f"`{next(iter(wrong))}`.*Choose one of"):
        FiscalCalendar(**wrong)  # type: ignore[arg-type]


def test_reading_periods_stays_light() -> None:
    """The command line reads a month's label without waiting for pandas."""
    probe = "import sys, salesops_lib.periods; sys.exit('pandas' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
