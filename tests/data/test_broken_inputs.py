"""Broken exports: each ends in a message that says what to do, or in rows set aside and counted."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from salesops_lib.data.importing import import_source, require_usable
from salesops_lib.errors import DataError, SalesopsError, SourceError
from tests.data.exports import DEALS, deals, found, import_files, parameters_for, values_of

OTHERS = [f"E{n},ana,5,,2026-08-03,won" for n in range(40)]
HEADING = "opportunity_id,rep_id,amount,created_on,closed_on,status"
IDENTITY = {name: name for name in HEADING.split(",")}


def workbook(rows: list[list[Any]]) -> bytes:
    """An Excel workbook of one sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Deals")
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return buffer.getvalue()


def zip_of_something_else() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("notes.txt", "no workbook")
    return buffer.getvalue()


@dataclass(frozen=True)
class Refused:
    """An input that cannot be used, and what the message must say."""

    name: str
    files: Mapping[str, str | bytes | None]
    says: tuple[str, ...]
    tables: Mapping[str, Any] = field(default_factory=dict)
    error: type[SalesopsError] = SourceError


@dataclass(frozen=True)
class SetAside:
    """An input of which rows are set aside: how many deals remain, how many went and why."""

    name: str
    files: Mapping[str, str | bytes | None]
    used: list[str]
    reasons: list[str]
    tables: Mapping[str, Any] = field(default_factory=dict)


def mapped(**columns: Any) -> dict[str, Any]:
    """A mapping of the opportunities file, by name but for these columns."""
    return {"opportunities": {"file": "opportunities.csv", "columns": {**IDENTITY, **columns}}}


REFUSED = [
    Refused("an empty file", {"opportunities.csv": ""}, ("opportunities.csv", "empty", "heading and rows")),
    Refused("nothing but blank lines", {"opportunities.csv": "\n\n  \n"}, ("opportunities.csv", "empty")),
    Refused(
        "a heading without rows",
        {"opportunities.csv": HEADING + "\n"},
        ("0 rows in", "Nothing is left to report on"),
        error=DataError,
    ),
    Refused("no deals at all", {"opportunities.csv": None}, ("no table `opportunities`", "`opportunities.csv`")),
    Refused(
        "a web page named .csv",
        {"opportunities.csv": "<!DOCTYPE html><html><body>Please log in</body></html>"},
        ("opportunities.csv", "web page", "login"),
    ),
    Refused(
        "a web page named .xls",
        {"opportunities.csv": None, "opportunities.xls": "\ufeff<html><table><tr><td>1</td></tr></table></html>"},
        ("opportunities.xls", "web page", "CSV or .xlsx"),
    ),
    Refused(
        "a workbook named .csv",
        {"opportunities.csv": workbook([["a"], ["b"]])},
        ("opportunities.csv", "Excel workbook", "Rename it to end in .xlsx"),
    ),
    Refused(
        "a zip of something else named .xlsx",
        {"opportunities.csv": None, "opportunities.xlsx": zip_of_something_else()},
        ("opportunities.xlsx", "workbook cannot be read", "save it again"),
    ),
    Refused(
        "text named .xlsx",
        {"opportunities.csv": None, "opportunities.xlsx": DEALS},
        ("opportunities.xlsx", "not an Excel workbook", ".csv"),
    ),
    Refused(
        "text named .parquet",
        {"opportunities.csv": None, "opportunities.parquet": DEALS},
        ("opportunities.parquet", "not a Parquet file"),
    ),
    Refused(
        "a Parquet file cut short",
        {"opportunities.csv": None, "opportunities.parquet": b"PAR1" + b"x" * 40},
        ("opportunities.parquet", "damaged"),
    ),
    Refused("bytes that are no text", {"opportunities.csv": b"\x00\x01\x02\x00" * 200}, ("not text", "zero bytes")),
    Refused(
        "an encoding nobody can tell",
        {"opportunities.csv": DEALS.encode() + b"D9,an\x81\x8d,1,,,open,Talks\n"},
        ("line 5", "neither UTF-8 nor Windows-1252", "encoding:"),
    ),
    Refused(
        "a declared encoding that is wrong",
        {"opportunities.csv": DEALS.replace("D1", "Dü").encode("cp1252")},
        ("not text in the encoding utf-8",),
        tables={"opportunities": {"file": "opportunities.csv", "encoding": "utf-8"}},
    ),
    Refused(
        "a separator that is not the file's",
        {},
        ("no column `opportunity_id`", "`opportunities.opportunity_id`"),
        tables={"opportunities": {"file": "opportunities.csv", "separator": ";", "columns": IDENTITY}},
    ),
    Refused(
        "title lines above the heading",
        {"opportunities.csv": "Deals of the third quarter\n\n" + DEALS},
        ("rows have another number of cells than line 1", "first line must be the heading"),
    ),
    Refused(
        "a quotation mark that is never closed",
        deals('D1,ana,"1000,2026-07-01,2026-08-03,won', "D2,ana,5,2026-07-01,2026-08-03,won"),
        ("quotation mark opened on line 2", "never closed"),
    ),
    Refused(
        "two stray quotation marks with a deal between",
        deals('D1,ana,5,,2026-08-03,"won', "D2,ana,5,,2026-08-03,won", 'D3,ana,5,,2026-08-03,"won', *OTHERS),
        ("quotation mark opened on line 2", "runs on to line 4", "Close it in its own cell"),
    ),
    Refused(
        "a mapped column that is not there",
        {"opportunities.csv": DEALS.replace("rep_id", "sales_agent")},
        ("no column `sales_rep`", "`opportunities.rep_id`", "Did you mean `sales_agent`?"),
        tables=mapped(rep_id="sales_rep"),
    ),
    Refused(
        "a canonical column that does not exist",
        {},
        ("no column `close_date`", "Did you mean `closed_on`?"),
        tables=mapped(close_date="closed_on"),
    ),
    Refused(
        "a column that every deal needs and nothing is mapped to",
        {"opportunities.csv": "opportunity_id,rep_id,amount\nD1,ana,5\n"},
        ("nothing is mapped to `opportunities.status`", "status: NAME OF THE COLUMN"),
    ),
    Refused(
        "dates that can be read in two ways",
        deals("D1,ana,5,03/04/2026,05/06/2026,won", "D2,ana,5,01/02/2026,07/08/2026,lost"),
        ("column `created_on`", "1 February 2026", "2 January 2026", 'date_format: "%d/%m/%Y"', "column `closed_on`"),
    ),
    Refused(
        "day first and month first in one column",
        deals("D1,ana,5,,13/04/2026,won", "D2,ana,5,,04/13/2026,lost"),
        ("`13/04/2026`", "`04/13/2026`", "date_format"),
    ),
    Refused(
        "creation and close swapped",
        deals("D1,ana,5,2026-08-03,2026-07-01,won", "D2,ana,5,2026-08-20,2026-07-02,lost"),
        ("2 deals of 2 closed before they were created", "look swapped"),
        error=DataError,
    ),
    Refused("a date column without dates", deals("D1,ana,5,,soon,won"), ("no value is a date", "`soon`")),
    Refused(
        "amounts that can be read in two ways",
        deals('D1,ana,"1,234",,2026-08-03,won', 'D2,ana,"12,500",,2026-08-03,won'),
        ("`1,234`", "1234", "1.234", 'thousands: ","'),
    ),
    Refused(
        "decimal point and decimal comma in one column",
        deals('D1,ana,"1.234,50",,2026-08-03,won', 'D2,ana,"1,234.50",,2026-08-03,won'),
        ("decimal point", "decimal comma", "`1.234,50`"),
    ),
    Refused(
        "a currency without a rate",
        deals("D1,ana,5,2026-08-03,won,EUR", heading="opportunity_id,rep_id,amount,closed_on,status,currency"),
        ("1 row in EUR", "`rates:`", "EUR: 1.08"),
    ),
    Refused(
        "amounts in euros where dollars are reported",
        deals("D1,ana,€500.50,,2026-08-03,won"),
        ("1 amount in EUR", "`€500.50`", "Map `currency`"),
    ),
    Refused(
        "states that no status stands for",
        deals("D1,ana,5,,2026-08-03,Closed Won", "D2,ana,5,,2026-08-03,Closed Lost"),
        ("not one of open, won, lost", "`Closed Lost`", "values:"),
        error=DataError,
    ),
    Refused(
        "stages that company.yaml does not name",
        deals("D1,ana,5,,open,Talk", heading="opportunity_id,rep_id,amount,closed_on,status,stage"),
        ("`Talk` (1)", "Did you mean `Talks`?", "`stages:`"),
        error=DataError,
    ),
    Refused(
        "names in the deals, ids in the reps",
        deals("D1,Ana Ruiz,5,,2026-08-03,won", "D2,Bo Li,5,,2026-08-03,won"),
        ("2 rows of 2 not in `reps`", "ids to ids"),
        error=DataError,
    ),
    Refused(
        "an id that is none",
        deals(*(f"D1,ana,{n},,2026-08-03,won" for n in range(30))),
        ("29 rows set aside", "same opportunity_id"),
        error=DataError,
    ),
    Refused(
        "a rep in two teams at once",
        {
            "teams.csv": "team_id,name\nt1,North\nt2,South\n",
            "team_members.csv": "rep_id,team_id,from_on,to_on\nana,t1,2026-01-01,2026-06-30\nana,t2,2026-06-30,\n",
        },
        ("1 rep in two teams on the same day", "`ana`"),
        error=DataError,
    ),
    Refused(
        "a goal of someone unknown",
        {"quotas.csv": "level,rep_id,period,measure,amount\nrep,anna,2026-Q3,bookings,5\n"},
        ("does not know", "`anna`", "Did you mean `ana`?"),
        error=DataError,
    ),
    Refused(
        "a goal for a period that is none",
        {"quotas.csv": "level,rep_id,period,measure,amount\nrep,ana,Q3 2026,bookings,5\n"},
        ("`Q3 2026`", "2026-Q3"),
        error=DataError,
    ),
    Refused(
        "a lookup whose key is not unique",
        {"prices.csv": "product,price\nA,1\nA,2\n"},
        ("prices.csv", "`A`", "more than one value"),
        tables={
            "opportunities": {
                "file": "opportunities.csv",
                "columns": {
                    **IDENTITY,
                    "amount": {
                        "lookup": {"file": "prices.csv", "key": "product", "column": "price", "on": {"constant": "A"}}
                    },
                },
            }
        },
    ),
    Refused(
        "a file that is not there",
        {},
        ("no file `deals.csv`", "It holds `opportunities.csv`"),
        tables={"opportunities": {"file": "deals.csv", "columns": IDENTITY}},
    ),
    Refused(
        "two files for one table",
        {"opportunities.json": "[]"},
        ("opportunities.csv", "opportunities.json", "could be the table"),
    ),
    Refused(
        "a record that is not JSON",
        {"opportunities.csv": None, "opportunities.json": "{'opportunity_id': 1}"},
        ("opportunities.json", "not JSON"),
    ),
]

SET_ASIDE = [
    SetAside(
        "rows with too few and too many cells",
        deals("D1,ana,5,,2026-08-03,won", "D2,ana,5", "D3,ana,5,,2026-08-03,won,x,y", "D4,ana,5,,2026-08-03,won"),
        ["D1", "D4"],
        ["3 cells where the heading has 6", "8 cells where the heading has 6"],
    ),
    SetAside(
        "amounts that are none",
        deals("D1,ana,5.50,,2026-08-03,won", "D2,ana,tbd,,2026-08-03,won", "D3,ana,7,,2026-08-03,won"),
        ["D1", "D3"],
        ["not an amount"],
    ),
    SetAside(
        "a day that the calendar does not have",
        deals("D1,ana,5,,2026-08-03,won", "D2,ana,5,,2026-02-30,won"),
        ["D1"],
        ["not a date"],
    ),
    SetAside(
        "a deal entered twice, changed the second time",
        deals("D1,ana,5,,2026-08-03,lost", *OTHERS, "D1,ana,5,,2026-08-04,won"),
        [*(f"E{n}" for n in range(40)), "D1"],
        ["a later row has the same opportunity_id"],
    ),
    SetAside(
        "rows repeated word for word",
        deals("D1,ana,5,,2026-08-03,won", "D1,ana,5,,2026-08-03,won", "D2,ana,5,,2026-08-03,won"),
        ["D1", "D2"],
        ["repeats an earlier row word for word"],
    ),
    SetAside(
        "ids that are missing",
        deals("D1,ana,5,,2026-08-03,won", ",ana,5,,2026-08-03,won", "  ,ana,5,,2026-08-03,won"),
        ["D1"],
        ["missing, and every row needs it"] * 2,
    ),
    SetAside(
        "a state nobody knows",
        deals("D1,ana,5,,2026-08-03,won", "D2,ana,5,,2026-08-03,maybe", "D3,ana,5,,2026-08-03,Lost"),
        ["D1", "D3"],
        ["not one of open, won, lost"],
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_a_broken_input_ends_in_a_message(case: Refused, tmp_path: Path) -> None:
    """The error is one of the kit's own and says what is wrong, where, and what to do."""
    with pytest.raises(case.error) as caught:
        require_usable(import_files(tmp_path, case.files, tables=case.tables))

    for words in case.says:
        assert words in str(caught.value)


@pytest.mark.parametrize("case", SET_ASIDE, ids=lambda case: case.name)
def test_broken_rows_are_set_aside_and_counted(case: SetAside, tmp_path: Path) -> None:
    """The other rows are used; each row set aside stands in the list with its line and reason."""
    imported = import_files(tmp_path, case.files, tables=case.tables)
    counts = imported.counts.set_index("table").loc["opportunities"]
    with imported.quarantine.open(encoding="utf-8-sig", newline="") as file:
        listed = list(csv.DictReader(file))

    assert values_of(imported, "opportunities", "opportunity_id") == case.used
    assert counts["rows_set_aside"] == len(case.reasons)
    assert counts["rows_in"] == counts["rows_used"] + counts["rows_set_aside"]
    assert sorted(row["reason"] for row in listed) == sorted(case.reasons)
    assert {row["file"] for row in listed} == {"opportunities.csv"}
    assert all(int(row["line"]) > 1 for row in listed)


def test_every_problem_is_said_at_once(tmp_path: Path) -> None:
    """Two broken files and an ambiguous column give one message with all three."""
    files = {
        "reps.csv": "",
        "accounts.csv": "<html></html>",
        **deals("D1,ana,5,03/04/2026,2026-08-03,won"),
    }

    with pytest.raises(SourceError) as caught:
        import_files(tmp_path, files)

    assert "3 problems" in str(caught.value)
    for name in ("reps.csv", "accounts.csv", "opportunities.csv"):
        assert name in str(caught.value)


def test_a_source_folder_that_is_not_there(tmp_path: Path) -> None:
    """A folder that does not exist is named, with the two ways to give another."""
    parameters = parameters_for(tmp_path / "absent")

    with pytest.raises(SourceError, match="no such folder") as caught:
        import_source(parameters, cache=tmp_path / "cache")

    assert "SOURCE=" in str(caught.value)


def test_a_failed_import_leaves_nothing_behind(tmp_path: Path) -> None:
    """After a refused input the cache holds no folder that a later run could take for an import."""
    with pytest.raises(SourceError):
        import_files(tmp_path, {"reps.csv": ""})

    assert list((tmp_path / "cache" / "imports").iterdir()) == []


def test_a_note_tells_of_an_old_encoding(tmp_path: Path) -> None:
    """A file in Windows-1252 is read, and the checks say so and from which line it is known."""
    imported = import_files(tmp_path, {"reps.csv": "rep_id,name\nana,Ana\nbo,José\n".encode("cp1252")})

    assert values_of(imported, "reps", "name") == ["Ana", "José"]
    assert "Windows-1252, since line 3" in found(imported, "reading")[0]
