"""Columns written in several ways: each way is decided by its own values, or refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.errors import SourceError
from tests.data.exports import deals, found, import_files, values_of
from tests.data.test_dates import read, read_days

MARCH_4 = date(2017, 3, 4)


def told(values: list[str], **how: Any) -> str:
    """Why a column is refused."""
    message = read(values, **how)
    assert isinstance(message, str), message
    return message


def test_one_writing_never_decides_for_another() -> None:
    """3/25/2017 is month first; 03-04-17 may come from anywhere. The message says where, how many and what to do."""
    message = told(["3/25/2017", "03-04-17", "05-06-17"])

    for words in ("2 dates like `03-04-17`", "line 3", "3 April 2017", "4 March 2017", '`date_format: "%d-%m-%y"`'):
        assert words in message
    assert "3/25/2017" not in message


@pytest.mark.parametrize("other", ["03.04.2017", "3-4-2017", "03/04/17", "3/4-2017"])
def test_marks_and_the_length_of_the_year_make_a_writing(other: str) -> None:
    """Another mark, or another length of the year, is another writing."""
    assert f"`{other}`" in told(["3/25/2017", other])


def test_each_writing_may_have_an_order_of_its_own() -> None:
    """Month first by slashes and day first by dots stand in one column, each decided by a value of its own."""
    days = read_days(["3/25/2017", "3/4/2017", "25.03.2017", "04.03.2017"])

    assert days == [date(2017, 3, 25), MARCH_4, date(2017, 3, 25), MARCH_4]


@pytest.mark.parametrize("written", ["2017-03-04", "20170304", "42798", "4 Mar 2017", "2017-Mar-04", "04MAR2017"])
def test_what_says_its_order_is_read_beside_anything(written: str) -> None:
    """Year first, compact, Excel's day numbers and named months need no help and give none."""
    assert read_days([written, "3/25/2017"]) == [MARCH_4, date(2017, 3, 25)]


@pytest.mark.parametrize(
    ("written", "readings"),
    [
        ("26-04-24", ("26 April 2024", "24 April 2026")),
        ("20-10-31", ("20 October 2031", "31 October 2020")),
        ("25.03.17", ("25 March 2017", "17 March 2025")),
    ],
)
def test_a_year_of_two_digits_may_stand_in_front(written: str, readings: tuple[str, str]) -> None:
    """What fits a year in front and one behind is refused, never guessed."""
    for words in (f"`{written}`", *readings, "%y"):
        assert words in told([written])


def test_a_year_of_two_digits_is_read_where_its_place_is_certain() -> None:
    """No month 25, no day 85, and nobody writes a month of one digit behind a year of two."""
    assert read_days(["03-25-17", "03-04-17"])[1] == MARCH_4
    assert read_days(["25-03-85", "04-03-17"])[1] == MARCH_4
    assert read_days(["25/3/17", "4/3/17"])[1] == MARCH_4


def test_a_declared_format_speaks_of_its_own_writing_only() -> None:
    """The slashes are month first as declared; what is year first is read as ever, 25/3 is none of both."""
    days = read_days(["3/4/2017", "2017-03-04", "25/3/2017"], date_format=("%m/%d/%Y",))

    assert days == [MARCH_4, MARCH_4, None]


def test_several_formats_can_be_declared() -> None:
    """A column that was written in two ways is read with both."""
    assert read_days(["3/4/2017", "04-03-17"], date_format=["%m/%d/%Y", "%d-%m-%y"]) == [MARCH_4, MARCH_4]


def test_formats_that_read_a_value_differently_are_refused() -> None:
    """Day first and month first of the same marks cannot both hold."""
    message = told(["3/4/2017"], date_format=["%m/%d/%Y", "%d/%m/%Y"])

    assert "4 March 2017 and as 3 April 2017" in message


def test_a_format_that_fits_nothing_is_told_with_what_it_writes() -> None:
    """The format, an example of its writing, and what the column holds stand side by side."""
    message = told(["2017-03-04"], date_format="%d.%m.%Y")

    assert "writes 31 December 2026 as `31.12.2026`; the column holds `2017-03-04`" in message


def test_a_format_without_the_time_is_told_so() -> None:
    """What lacks is the time, not the order."""
    assert "carry a time of day: add it" in told(["04.03.2017 23:30"], date_format="%d.%m.%Y")


def test_a_format_with_a_time_reads_the_moment() -> None:
    """Hours and minutes are kept, in the source's zone."""
    moments = read(["31.01.2026 23:30"], date_format="%d.%m.%Y %H:%M", source_zone="America/Chicago")

    assert moments == [datetime(2026, 1, 31, 23, 30)]


def test_four_digits_declared_are_four_digits() -> None:
    """04-03-17 is no day of the year 17, but another writing, to be declared beside the first."""
    message = told(["04-03-2017", "04-03-17"], date_format="%d-%m-%Y")

    assert '`date_format: ["%d-%m-%Y", "%d-%m-%y"]` (day first)' in message


@pytest.mark.parametrize(("clock", "ticks"), [("epoch_s", 1), ("epoch_ms", 10**3), ("epoch_us", 10**6)])
def test_numbers_since_1970_are_recognised_and_read_once_declared(clock: str, ticks: int) -> None:
    """Undeclared, the message names the word to declare; declared, they are moments of UTC."""
    written = str(1_738_540_800 * ticks)

    assert f"`date_format: {clock}`" in told([written])
    assert read([written], date_format=clock) == [datetime(2025, 2, 3)]
    assert read([written, str(1_738_540_801 * ticks)], date_format=clock, read_as="moment")[0] == datetime(
        2025, 2, 2, 18
    )


def test_year_day_month_is_refused_not_half_read() -> None:
    """2017-25-03 and 2017-26-03 say that 2017-04-03 is 4 March."""
    message = told(["2017-25-03", "2017-26-03", "2017-04-03"])

    assert '`date_format: "%Y-%d-%m"`' in message


def swapped(day: date) -> date:
    """What a spreadsheet that reads the other order takes a day for."""
    return date(day.year, day.day, day.month)


DAYS = [date(2017, 3, 1) + timedelta(days=3 * step) for step in range(30)]


@pytest.mark.parametrize("shown", ["%Y-%m-%d", "%Y%m%d", "%d-%b-%y", "serial", "%d.%m.%Y", "%d-%m-%y"])
def test_a_column_that_a_spreadsheet_swapped_is_refused(shown: str) -> None:
    """Month-first dates opened day first: up to the 12th they are swapped and shown anew, the rest stays text."""
    written = [
        f"{day.month}/{day.day}/{day.year}"
        if day.day > 12
        else str((swapped(day) - date(1899, 12, 30)).days)
        if shown == "serial"
        else swapped(day).strftime(shown)
        for day in DAYS
    ]

    assert isinstance(read(written), str)


def test_few_days_parted_at_the_twelfth_are_read_with_a_warning(tmp_path: Path) -> None:
    """Two dates may stand so by chance; the checks tell of it."""
    imported = import_files(tmp_path, deals("D1,ana,5,,2026-08-03,won", "D2,bo,5,,8/25/2026,lost"))

    assert values_of(imported, "opportunities", "closed_on") == [date(2026, 8, 3), date(2026, 8, 25)]
    assert "swaps day and month" in found(imported, "days and months", "warning")[0]


def test_the_first_line_of_several_files_is_named_with_its_file(tmp_path: Path) -> None:
    """A column of several files says in which of them the first such value stands."""
    heading = "opportunity_id,rep_id,amount,closed_on,status\n"
    files = {
        "opportunities.csv": None,
        "deals_1.csv": f"{heading}D1,ana,5,2026-08-03,won\n",
        "deals_2.csv": f"{heading}D2,bo,5,03/04/2026,won\n",
    }

    with pytest.raises(SourceError, match=r"the first of them on line 2 of deals_2\.csv"):
        import_files(tmp_path, files, tables={"opportunities": {"file": "deals_*.csv"}})


@settings(max_examples=40, deadline=None)
@given(
    days=st.lists(st.dates(date(1950, 1, 1), date(2060, 12, 31)), min_size=1, max_size=12),
    writings=st.lists(
        st.sampled_from(["%d/%m/%Y", "%m-%d-%Y", "%d.%m.%y", "%y-%m-%d", "%m/%d/%y", "%Y-%m-%d", "%Y%m%d", "%d %b %Y"]),
        min_size=1,
        max_size=3,
    ),
)
def test_mixed_writings_are_read_right_or_refused(days: list[date], writings: list[str]) -> None:
    """Whatever is mixed, no day is ever read as another one (of years that two digits can mean)."""
    days = [day if day.year >= 1970 else day.replace(year=2000) for day in days]
    written = [day.strftime(writings[place % len(writings)]) for place, day in enumerate(days)]
    moments = read(written)

    if isinstance(moments, list):
        assert [moment.date() for moment in moments if moment] == days
