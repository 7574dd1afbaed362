"""Days and moments are told apart value by value, and moments become the company's time."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.data.exports import deals, found, import_files, values_of
from tests.data.test_dates import read
from tests.data.test_reading import parquet_of

MIDNIGHTS = ["2026-08-03T00:00:00Z", "2026-08-04T00:00:00Z", "2026-08-05T00:00:00Z"]
EVENING = "2026-08-06T03:00:00Z"
LOCAL = [datetime(2026, 8, 3), datetime(2026, 8, 4), datetime(2026, 8, 5), datetime(2026, 8, 5, 22)]


@pytest.mark.parametrize(
    "written",
    [
        [*MIDNIGHTS, EVENING],
        ["2026-08-03T00:00:00+02:00", *MIDNIGHTS[1:], EVENING],
        ["2026-08-03", *MIDNIGHTS[1:], EVENING],
        ["3 Aug 2026", "2026-08-04 00:00:00", "20260805", "2026-08-06 03:00"],
        ["46237", "46238", "46239", "46240.125"],
    ],
)
def test_one_time_of_day_moves_no_other_row(written: list[str]) -> None:
    """Three days stay days beside a moment, however they are written; the moment becomes local."""
    assert read(written) == LOCAL


def test_a_day_without_a_time_is_a_day_beside_any_number_of_moments() -> None:
    """What is written without a time names no moment that could be shifted."""
    assert read(["2026-08-03", EVENING, EVENING]) == [LOCAL[0], LOCAL[3], LOCAL[3]]


def test_midnights_among_moments_are_moments() -> None:
    """Where most values have a time of day, midnight in UTC is an evening in Chicago."""
    assert read([MIDNIGHTS[0], EVENING, EVENING]) == [datetime(2026, 8, 2, 19), LOCAL[3], LOCAL[3]]


def test_a_column_can_be_declared_to_hold_days_or_moments() -> None:
    """`as: day` keeps the day as written, `as: moment` makes every midnight local."""
    assert read([*MIDNIGHTS, EVENING], read_as="day")[3] == datetime(2026, 8, 6, 3)
    assert read(MIDNIGHTS, read_as="moment")[0] == datetime(2026, 8, 2, 19)


def columns(**closed_on: Any) -> dict[str, Any]:
    """A mapping by name, with more said of the close date."""
    names = {name: name for name in ("opportunity_id", "rep_id", "amount", "created_on", "status")}
    return {
        "opportunities": {
            "file": "opportunities.csv",
            "columns": {**names, "closed_on": {"column": "closed_on", **closed_on}},
        }
    }


def test_days_beside_moments_are_told_in_one_line(tmp_path: Path) -> None:
    """The line says how many are days, how many moments, which is the first, and what can be declared."""
    rows = [f"D{place},ana,5,,{written},won" for place, written in enumerate([*MIDNIGHTS, EVENING])]
    imported = import_files(tmp_path / "found", deals(*rows))
    declared = import_files(tmp_path / "declared", deals(*rows), tables=columns(**{"as": "day"}))

    (line,) = found(imported, "days and moments", "warning")
    for words in ("3 values stand at midnight", "1 value has a time of day", f"`{EVENING}` on line 5"):
        assert words in line
    assert values_of(imported, "opportunities", "closed_on")[3] == date(2026, 8, 5)
    assert found(declared, "days and moments") == []
    assert values_of(declared, "opportunities", "closed_on")[3] == date(2026, 8, 6)


def test_days_and_moments_of_parquet_are_told_apart_too(tmp_path: Path) -> None:
    """Typed midnights of UTC stay days beside one moment."""
    moments = [datetime(2026, 8, 3), datetime(2026, 8, 4), datetime(2026, 8, 6, 3)]
    plain = {"opportunity_id": ["1", "2", "3"], "rep_id": ["ana"] * 3, "status": ["won"] * 3, "amount": [5] * 3}
    files = parquet_of({**plain, "closed_on": pa.array(moments, pa.timestamp("ns", "UTC"))})

    imported = import_files(tmp_path, files)

    assert values_of(imported, "opportunities", "closed_on") == [date(2026, 8, 3), date(2026, 8, 4), date(2026, 8, 5)]


def test_moments_without_a_zone_are_local_unless_declared(tmp_path: Path) -> None:
    """A deal closed at 23:30 on the 31st stays there; where the source writes UTC it was 18:30 in Chicago."""
    files = deals(
        "D1,ana,5,,31.08.2026 23:30,won", "D2,ana,5,,2026-09-01T04:30:00Z,won", "D3,ana,5,,01.09.2026 01:00,won"
    )
    local = import_files(tmp_path / "local", files, source={"moments_in": None})
    declared = import_files(tmp_path / "declared", files, source={"moments_in": "UTC"})

    first = date(2026, 8, 31)
    assert values_of(local, "opportunities", "closed_on") == [first, first, date(2026, 9, 1)]
    assert values_of(declared, "opportunities", "closed_on") == [first, first, first]
    assert "2 values with a time of day and no zone taken for local time, America/Chicago" in "".join(
        found(local, "days and moments", "pass")
    )
    assert found(declared, "days and moments", "pass") == []
