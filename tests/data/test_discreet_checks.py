"""What checks say where no names are shown: numbers and the kit's own words, nothing of the source."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesops_lib.data.checks.rules import Import, from_source
from salesops_lib.data.importing import ImportedData
from salesops_lib.data.schemas import SOURCE_TABLES, Column, Table
from salesops_lib.errors import DataError, ParameterError
from tests.data.exports import import_files, parameters_for, write_exports

MARK = "Quillfeather"
"""A name that stands in every text of the source, and is no word of the kit."""
N_GOOD = 20
WON = {"status": "won", "created_on": "2026-07-01", "closed_on": "2026-08-10"}
ODD: dict[str, list[dict[str, str]]] = {
    "opportunities": [
        WON | {"closed_on": ""},
        WON | {"closed_on": "2027-01-05"},
        WON | {"closed_on": "2026-07-20"},
        WON | {"created_on": "2026-09-01"},
        WON | {"amount": "0"},
    ],
    "credits": [{"share": "0.3"}],
    "leads": [{"first_touch_at": "2026-08-01 10:00"}],
}
"""Rows that can be read and make no sense: without an end, not yet, before the rep's time, and so on."""


def sound(table: Table, column: Column, n: int) -> str:
    """A value that the column accepts, marked wherever it may be any text."""
    if column.choices:
        return column.choices[0]
    if column.references:
        return f"{MARK} {column.references} {n}"
    if column.type == "string":
        return {"currency": "USD", "period": "2026-Q3"}.get(
            column.name, f"{MARK} {table.name if column.name in table.key else column.name} {n}"
        )
    return {"date": "2026-08-03", "timestamp": "2026-08-03 10:00"}.get(column.type, "1")


def marked(table: Table) -> str:
    """A table's export: sound rows, one row for each column that cannot be read, twins, and a row cut off."""
    columns = [column for column in table.source_columns if column.name != "note"]
    heading = [column.name for column in columns]
    rows = [[sound(table, column, n) for column in columns] for n in range(N_GOOD)]
    for place, column in enumerate(columns):
        odd = [sound(table, each, N_GOOD + place) for each in columns]
        odd[place] = f"{MARK} {column.name}" if column.required or column.type != "string" else ""
        rows.append(odd)
    for place, changes in enumerate(ODD.get(table.name, ()), start=N_GOOD + len(columns)):
        rows.append([changes.get(column.name, sound(table, column, place)) for column in columns])
    rows += [[*rows[0][:-1], rows[1][-1]], [MARK]]
    text = io.StringIO()
    csv.writer(text).writerows([[*heading, f"{MARK} unused", f"{MARK} unused"], *([*row, "", ""] for row in rows)])
    return text.getvalue().replace(f"{MARK},,\r\n", f"{MARK}\r\n")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> ImportedData:
    """The import of a company whose every text holds the mark, its files' names and its mapping too."""
    files: dict[str, str | bytes | None] = {f"{MARK} {table.name}.csv": marked(table) for table in SOURCE_TABLES}
    tables: dict[str, Any] = {
        table.name: {
            "file": f"{MARK} {table.name}.csv",
            "columns": {column.name: column.name for column in table.source_columns if column.name != "note"},
        }
        for table in SOURCE_TABLES
    }
    tables["reps"]["columns"]["name"] = {"column": "name", "values": {f"{MARK} name 1": f"{MARK} of all"}}
    tables["reps"]["columns"]["region"] = {"column": "region", "otherwise": {"column": f"{MARK} unused"}}
    where = {"file": f"{MARK} accounts.csv", "key": "account_id", "column": "name", "on": "rep_id"}
    tables["opportunities"]["columns"]["lost_reason"] = {"lookup": where}
    files |= {"reps.csv": None, "opportunities.csv": None}
    return import_files(tmp_path_factory.mktemp("marked"), files, tables=tables)


def test_no_discreet_detail_quotes_the_source(found: ImportedData) -> None:
    """Values, keys, headings, files, and what was declared of them: whichever check speaks."""
    checks = found.checks

    assert not checks["discreet"].str.contains(MARK, case=False).any()
    assert not checks["what_to_do"].str.contains(MARK, case=False).any()
    quoting = checks[checks["detail"].str.contains(MARK)]
    assert set(quoting["check"]) >= {
        "amounts", "cells per row", "close dates", "closed before created", "credits", "dates in the future",
        "declared values", "duplicate keys", "goals", "lookup", "reading", "references", "reps' time", "stages",
        "stand-ins", "team tree", "unused columns", "values read",
    }  # fmt: skip


def test_discreet_details_are_sentences(found: ImportedData) -> None:
    """Nothing is left of what was taken out: no empty quotation, no colon without its list."""
    assert found.checks["discreet"].str.fullmatch(r"[`A-Z0-9].*[^:, ]\.").all()
    assert not found.checks["discreet"].str.contains(r"``|for instance|\s[,.;]|\.\.").any()


def test_a_company_that_shows_no_names_is_told_the_discreet_details(found: ImportedData) -> None:
    """The same checks, severities and counts; the import itself stays as it was."""
    told = found.without_people()

    assert told.checks["detail"].tolist() == found.checks["discreet"].tolist()
    assert told.checks[["check", "severity", "n_rows"]].equals(found.checks[["check", "severity", "n_rows"]])
    assert found.checks["detail"].str.contains(MARK).any()


@given(st.text(max_size=40), st.text("abc :,.", max_size=10))
def test_whatever_is_quoted_is_left_out_and_nothing_else(quoted: str, otherwise: str) -> None:
    """Marks in the value itself, line breaks and backslashes included."""
    imported = Import(None, None)  # type: ignore[arg-type]  # reporting needs neither workshop nor parameters

    imported.report("x", "pass", "reps", "", 1, f"Before{from_source(quoted, otherwise)}after, {from_source('b')}.")

    assert imported.checks[0].discreet == f"Before{otherwise}after, ."
    assert imported.checks[0].detail.startswith("Before")
    assert imported.checks[0].detail.endswith("after, b.")
    if quoted.isascii():
        assert imported.checks[0].detail == f"Before{quoted}after, b."


def test_errors_of_an_opened_company_name_nobody_where_names_are_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook carries its errors in its outputs: goals of unknown people, and reps that only the YAML knows."""
    from salesops_lib.data import open_data

    monkeypatch.setenv("SALESOPS_CACHE", str(tmp_path / "cache"))
    goals = f"level,rep_id,period,measure,amount\nrep,{MARK},2026-Q3,bookings,5\n"
    failing, sound_one = write_exports(tmp_path / "a", {"quotas.csv": goals}), write_exports(tmp_path / "b", {})
    board = {"rep_comparison": {"leaderboard": {"opted_out": [MARK]}}}

    for folder, kind, company in ((failing, DataError, {}), (sound_one, ParameterError, board)):
        with pytest.raises(kind, match=MARK):
            open_data(parameters_for(folder, **company))
        with pytest.raises(kind) as hidden:
            open_data(parameters_for(folder, anonymise=True, **company))
        assert MARK not in str(hidden.value)
