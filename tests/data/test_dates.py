"""Dates: a column decides how its values are read, or is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.data import dates
from salesops_lib.data.schemas import OPPORTUNITIES
from tests.data.workshop import PLACE, column_of

CLOSED_ON = OPPORTUNITIES.by_name["closed_on"]


def read(values: Sequence[str | None], *, source_zone: str = "UTC", **how: Any) -> list[datetime | None] | str:
    """The values as local moments in Chicago, or why they cannot be read."""
    problems: list[str] = []
    with column_of(values, CLOSED_ON, **how) as (workshop, branch):
        reading = dates.find_date_reading(workshop, "mapped", branch, PLACE, ["deals.csv"], problems)
        if reading is None:
            return "\n".join(problems)
        bound: dict[str, object] = {"zone": "America/Chicago", "source": source_zone}

        def bind(value: object) -> str:
            bound[f"b{len(bound)}"] = value
            return f"$b{len(bound) - 1}"

        rows = "mapped"
        for sqls in dates.prepared_sql(branch, reading, bind, ("$zone", "$source")):
            rows = f"(SELECT {', '.join(['*', *sqls])} FROM {rows})"
        return [row[0] for row in workshop.rows(f"SELECT {dates.moment_sql(branch, reading)} FROM {rows}", bound)]


def read_days(values: Sequence[str | None], **how: Any) -> list[date | None]:
    """The values as days."""
    moments = read(values, **how)
    assert isinstance(moments, list), moments
    return [moment.date() if moment else None for moment in moments]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-08-03", date(2026, 8, 3)),
        ("2026/8/3", date(2026, 8, 3)),
        ("20260803", date(2026, 8, 3)),
        ("3 Aug 2026", date(2026, 8, 3)),
        ("03-Aug-26", date(2026, 8, 3)),
        ("August 3, 2026", date(2026, 8, 3)),
        ("3rd August 2026", date(2026, 8, 3)),
        ("2026-08-03 00:00:00.000", date(2026, 8, 3)),
        ("46237", date(2026, 8, 3)),
    ],
)
def test_dates_that_say_their_order_are_read_alone(written: str, day: date) -> None:
    """A year in front, a named month or a serial number needs no other value to be understood."""
    assert read_days([written]) == [day]


def test_one_day_past_the_twelfth_decides_for_the_column() -> None:
    """3/4 is 3 April where another value is 13/4, and 4 March where another is 4/13."""
    assert read_days(["3/4/2026", "13/4/2026"])[0] == date(2026, 4, 3)
    assert read_days(["3/4/2026", "4/13/2026"])[0] == date(2026, 3, 4)


def test_an_undecided_column_is_refused() -> None:
    """The message gives both readings and the line to add."""
    message = read(["3/4/2026", "5/6/2026"])

    assert isinstance(message, str)
    for words in (PLACE, "`3/4/2026`", "3 April 2026", "4 March 2026", 'date_format: "%d/%m/%Y"'):
        assert words in message


def test_values_that_read_the_same_either_way_need_no_decision() -> None:
    """4/4 is 4 April in any country."""
    assert read_days(["4/4/2026", None]) == [date(2026, 4, 4), None]


def test_a_declared_format_decides() -> None:
    """What cannot be inferred can be said; a value written otherwise is not read."""
    assert read_days(["3/4/2026", "x"], date_format="%m/%d/%Y") == [date(2026, 3, 4), None]


def test_a_declared_format_that_fits_nothing_is_refused() -> None:
    """A wrong format would set every row aside; it is said instead."""
    assert "written like `date_format: %d.%m.%Y`" in str(read(["2026-08-03"], date_format="%d.%m.%Y"))


def test_two_digit_years_are_of_this_century_up_to_69() -> None:
    """26 is 2026, 85 is 1985; the line lies between 69 and 70."""
    assert read_days(["13/4/26", "13/4/85"]) == [date(2026, 4, 13), date(1985, 4, 13)]
    assert read_days(["13/4/69", "13/4/70"]) == [date(2069, 4, 13), date(1970, 4, 13)]


@pytest.mark.parametrize("written", ["2026-02-30", "0000-00-00", "2026-13-01", "31/31/2026", "soon"])
def test_days_that_cannot_be_are_not_read(written: str) -> None:
    """The calendar's gaps are no dates."""
    assert read_days(["2026-08-03", written]) == [date(2026, 8, 3), None]


def test_a_moment_becomes_local_before_it_becomes_a_day() -> None:
    """A deal closed at 23:30 in Chicago on the last of the quarter is stored as the next day in UTC."""
    assert read(["2026-10-01T04:30:00Z"]) == [datetime(2026, 9, 30, 23, 30)]
    assert read(["2026-10-01 04:30"]) == [datetime(2026, 9, 30, 23, 30)]
    assert read(["2026-09-30T23:30:00-05:00"]) == [datetime(2026, 9, 30, 23, 30)]
    assert read(["2026-10-01 06:30"], source_zone="Europe/Berlin") == [datetime(2026, 9, 30, 23, 30)]


def test_a_column_of_midnights_holds_days() -> None:
    """An export that writes days as midnights is not shifted into the day before."""
    assert read(["2026-10-01 00:00:00", "2026-10-02 00:00:00"]) == [datetime(2026, 10, 1), datetime(2026, 10, 2)]


def test_half_days_are_understood() -> None:
    """12:55 AM is just after midnight, 08:55 PM in the evening."""
    local = read(["02/23/26 08:55 PM", "02/13/26 12:55 AM"], source_zone="America/Chicago")

    assert local == [datetime(2026, 2, 23, 20, 55), datetime(2026, 2, 13, 0, 55)]


@settings(max_examples=25, deadline=None)
@given(
    days=st.lists(st.dates(date(1950, 1, 1), date(2060, 12, 31)), min_size=1, max_size=20),
    order=st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%m-%d-%Y"]),
)
def test_a_column_is_read_right_or_refused(days: list[date], order: str) -> None:
    """Whatever the days and the order they are written in: no column is ever read in the wrong order."""
    written = [day.strftime(order) for day in days]
    moments = read(written)

    if isinstance(moments, str):
        assert all(day.day <= 12 for day in days)
    else:
        assert [moment.date() for moment in moments if moment] == days


@settings(max_examples=25, deadline=None)
@given(days=st.lists(st.dates(date(1950, 1, 1), date(2060, 12, 31)), min_size=1, max_size=10))
def test_a_declared_order_reads_every_day(days: list[date]) -> None:
    """With the format declared nothing is refused, and writing and reading undo each other."""
    assert read_days([day.strftime("%m/%d/%Y") for day in days], date_format="%m/%d/%Y") == days
