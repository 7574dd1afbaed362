"""Workbooks, Parquet and JSON read to the same tables as CSV."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from tests.data.exports import found, import_files, rows_of, values_of

HEADING = ["opportunity_id", "rep_id", "amount", "created_on", "closed_on", "status"]


def workbook(*, as_text: bool = False, other_sheet: bool = False) -> bytes:
    """Two deals in Excel: typed cells, or the second date and amount typed in as text."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        if other_sheet:
            book.add_worksheet("Notes").write(0, 0, "nothing here")
        sheet = book.add_worksheet("Deals")
        day = book.add_format({"num_format": "d/m/yyyy"})
        sheet.write_row(0, 0, HEADING)
        sheet.write_row(1, 0, [1001, "ana", 1234.5])
        sheet.write_datetime(1, 3, datetime(2026, 7, 1), day)
        sheet.write_datetime(1, 4, datetime(2026, 8, 3), day)
        sheet.write(1, 5, "won")
        sheet.write_row(3, 0, [1002, "bo", "2,000.00" if as_text else 2000])
        sheet.write_datetime(3, 3, datetime(2026, 7, 2), day)
        if as_text:
            sheet.write(3, 4, "2026-08-20")
        else:
            sheet.write_datetime(3, 4, datetime(2026, 8, 20), day)
        sheet.write(3, 5, "lost")
    return buffer.getvalue()


EXPECTED = [
    {"opportunity_id": "1001", "rep_id": "ana", "amount": Decimal("1234.50"), "closed_on": date(2026, 8, 3)},
    {"opportunity_id": "1002", "rep_id": "bo", "amount": Decimal("2000.00"), "closed_on": date(2026, 8, 20)},
]
COLUMNS = ["opportunity_id", "rep_id", "amount", "closed_on"]


def test_a_workbook_is_read_with_its_types(tmp_path: Path) -> None:
    """Ids that Excel holds as numbers stay ids, days stay days, blank rows are none."""
    imported = import_files(tmp_path, {"opportunities.csv": None, "opportunities.xlsx": workbook()})

    assert rows_of(imported, "opportunities", COLUMNS) == EXPECTED


def test_a_workbook_that_mixes_text_and_numbers_reads_to_the_same(tmp_path: Path) -> None:
    """A date and an amount typed in as text far down do not become empty."""
    imported = import_files(tmp_path, {"opportunities.csv": None, "opportunities.xlsx": workbook(as_text=True)})

    assert rows_of(imported, "opportunities", COLUMNS) == EXPECTED


def test_the_sheet_can_be_named(tmp_path: Path) -> None:
    """The first sheet is taken unless the parameters name another."""
    tables = {"opportunities": {"file": "deals.xlsx", "sheet": "Deals"}}

    imported = import_files(
        tmp_path, {"opportunities.csv": None, "deals.xlsx": workbook(other_sheet=True)}, tables=tables
    )

    assert rows_of(imported, "opportunities", COLUMNS) == EXPECTED
    assert found(imported, "reading") == []


def test_parquet_is_read_with_its_types(tmp_path: Path) -> None:
    """Days, decimals and moments with a zone come in as such; a moment becomes local."""
    buffer = io.BytesIO()
    pq.write_table(
        pa.table(
            {
                "Opportunity_ID": [1001, 1002],
                "rep_id": ["ana", "bo"],
                "amount": pa.array([Decimal("1234.5"), Decimal(2000)], pa.decimal128(12, 2)),
                "closed_on": [
                    datetime(2026, 8, 4, 3, tzinfo=UTC),
                    datetime(2026, 8, 20, 12, tzinfo=UTC),
                ],
                "status": ["won", "lost"],
            }
        ),
        buffer,
    )
    imported = import_files(tmp_path, {"opportunities.csv": None, "opportunities.parquet": buffer.getvalue()})

    assert rows_of(imported, "opportunities", COLUMNS) == EXPECTED


def parquet_of(columns: dict[str, pa.Array], **options: Any) -> dict[str, bytes | None]:
    """Two deals as Parquet in place of the CSV, with these columns over the plain ones."""
    plain = {"opportunity_id": ["1", "2"], "rep_id": ["ana", "bo"], "status": ["won", "lost"], "amount": [5, 7]}
    buffer = io.BytesIO()
    pq.write_table(pa.table({**plain, **columns}), buffer, **options)
    return {"opportunities.csv": None, "opportunities.parquet": buffer.getvalue()}


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Berlin"])
def test_moments_of_every_unit_and_zone_are_read_from_parquet(tmp_path: Path, unit: str, zone: str | None) -> None:
    """Pandas writes nanoseconds with UTC, polars microseconds, others milliseconds: the same days come of all."""
    told = ZoneInfo(zone or "America/Chicago")
    moments = [datetime(2026, 8, 3, 23, 30, tzinfo=told), datetime(2026, 8, 20, 0, 30, tzinfo=told)]
    naive = [moment.replace(tzinfo=None) for moment in moments]
    column = pa.array(moments if zone else naive, pa.timestamp(unit, zone))

    imported = import_files(tmp_path, parquet_of({"closed_on": column}), source={"moments_in": None})

    local = [moment.astimezone(ZoneInfo("America/Chicago")).date() for moment in moments]
    assert values_of(imported, "opportunities", "closed_on") == local


def test_moments_as_older_spark_writes_them_are_instants(tmp_path: Path) -> None:
    """INT96 carries no zone, but whoever writes it means UTC; the checks say so."""
    column = pa.array([datetime(2026, 8, 4, 3, 30), datetime(2026, 8, 20, 12, 5)], pa.timestamp("us"))
    files = parquet_of({"closed_on": column}, use_deprecated_int96_timestamps=True)

    imported = import_files(tmp_path, files, source={"moments_in": None})

    assert values_of(imported, "opportunities", "closed_on") == [date(2026, 8, 3), date(2026, 8, 20)]
    assert "INT96" in found(imported, "reading")[0]


@pytest.mark.parametrize(
    "amounts",
    [
        pa.array([Decimal("5"), Decimal("7.25")], pa.decimal128(38, 18)),
        pa.array([Decimal("5"), Decimal("7.25")], pa.decimal256(50, 2)),
        pa.array([5.0, 7.25], pa.float32()),
        pa.array(["5", "7.25"], pa.large_string()),
        pa.array(["5", "7.25"]).dictionary_encode(),
        pa.array([b"5", b"7.25"], pa.binary()),
    ],
    ids=lambda column: str(column.type),
)
def test_amounts_of_every_width_are_read_from_parquet(tmp_path: Path, amounts: pa.Array) -> None:
    """Decimals, floats, categories and long texts are what pandas, polars and Spark choose by themselves."""
    imported = import_files(tmp_path, parquet_of({"amount": amounts}))

    assert values_of(imported, "opportunities", "amount") == [Decimal("5.00"), Decimal("7.25")]


def test_no_number_in_parquet_is_an_empty_cell(tmp_path: Path) -> None:
    """Polars and Spark write NaN where pandas leaves the cell empty; the row is not set aside for it."""
    imported = import_files(tmp_path, parquet_of({"amount": pa.array([5.0, float("nan")])}))

    assert values_of(imported, "opportunities", "amount") == [Decimal("5.00"), None]


def test_json_is_read_as_a_list_or_line_by_line(tmp_path: Path) -> None:
    """Records may lack keys; numbers keep their digits."""
    records = [
        {"opportunity_id": "1001", "rep_id": "ana", "amount": 1234.5, "closed_on": "2026-08-03", "status": "won"},
        {
            "opportunity_id": "1002",
            "rep_id": "bo",
            "amount": "2000",
            "closed_on": "2026-08-20",
            "status": "lost",
            "x": None,
        },
    ]
    for name, content in (
        ("opportunities.json", json.dumps(records)),
        ("opportunities.jsonl", "\n".join(map(json.dumps, records))),
    ):
        imported = import_files(tmp_path / name, {"opportunities.csv": None, name: content})
        assert rows_of(imported, "opportunities", COLUMNS) == EXPECTED


def test_a_table_may_lie_in_several_files(tmp_path: Path) -> None:
    """All files of a pattern are read, each with the types and the separator it has."""
    tables = {"opportunities": {"file": "deals_*", "columns": {name: name for name in HEADING}}}
    files = {
        "opportunities.csv": None,
        "deals_1.xlsx": workbook(),
        "deals_2.csv": "opportunity_id;rep_id;status;closed_on;created_on;amount\nD9;ana;won;2026-08-05;;7,5\n",
    }

    imported = import_files(tmp_path, files, tables=tables)

    assert values_of(imported, "opportunities", "opportunity_id") == ["1001", "1002", "D9"]
    assert values_of(imported, "opportunities", "amount") == [Decimal("1234.50"), Decimal(2000), Decimal("7.50")]
