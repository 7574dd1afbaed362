"""Words declared in company.yaml: heard however they are written, and told where nobody says them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.data.exports import deals, found, import_files, values_of

HEADING = "opportunity_id,rep_id,amount,created_on,closed_on,closed,won"
COLUMNS = {name: name for name in ("opportunity_id", "rep_id", "amount", "created_on", "closed_on")}


def status_of(folder: Path, closed: str, won: str, declared: dict[str, str]) -> list[str]:
    """The status of one deal with these flags."""
    row = f"D1,ana,5,2026-07-01,2026-08-03,{closed},{won}"
    status = {"join": ["closed", "won"], "values": declared, "values_else": "open"}
    tables = {"opportunities": {"file": "opportunities.csv", "columns": {**COLUMNS, "status": status}}}
    return values_of(import_files(folder, deals(row, heading=HEADING), tables=tables), "opportunities", "status")


@pytest.mark.parametrize(("closed", "won"), [("true", "true"), ("TRUE", "True"), (" true ", "true"), ("True", "TRUE")])
def test_flags_are_heard_in_any_case(tmp_path: Path, closed: str, won: str) -> None:
    """Salesforce writes `true`, spreadsheets TRUE."""
    assert status_of(tmp_path, closed, won, {"TRUE TRUE": "won", "TRUE FALSE": "lost"}) == ["won"]


def test_a_word_as_it_is_written_comes_before_one_in_another_case(tmp_path: Path) -> None:
    """Two words that differ in case only may mean two things."""
    declared = {"x y": "lost", "X Y": "won"}
    assert status_of(tmp_path / "a", "X", "Y", declared) == ["won"]
    assert status_of(tmp_path / "b", "x", "y", declared) == ["lost"]


def one_column(folder: Path, value: str, **how: Any) -> Any:
    """The amount of one deal whose amount is written so, mapped so."""
    heading = "opportunity_id,rep_id,amount,created_on,closed_on,status"
    columns = {**COLUMNS, "status": "status", "amount": {"column": "amount", **how}}
    tables = {"opportunities": {"file": "opportunities.csv", "columns": columns}}
    return import_files(folder, deals(f"D1,ana,{value},2026-07-01,2026-08-03,won", heading=heading), tables=tables)


@pytest.mark.parametrize("written", ["0", "0.00", "0.0", '"0,00"'])
def test_a_declared_nought_is_heard_however_it_is_written(tmp_path: Path, written: str) -> None:
    """`missing: [0]` means 0.00 as well."""
    imported = one_column(tmp_path, written, missing=["0"], otherwise={"constant": "99"})
    assert values_of(imported, "opportunities", "amount") == [Decimal("99.00")]


@pytest.mark.parametrize("written", ["1.000", "10", "0.01", "100"])
def test_another_number_is_not_taken_for_it(tmp_path: Path, written: str) -> None:
    """Three zeros may be a thousand; a cent is no nought."""
    imported = one_column(tmp_path, written, missing=["0", "1"], otherwise={"constant": "99"}, decimal=".")
    assert values_of(imported, "opportunities", "amount") != [Decimal("99.00")]


def with_stage(folder: Path, declared: dict[str, str]) -> Any:
    """Deals in `Closed  won` and `talks`, with these words declared for their stage."""
    columns = {**COLUMNS, "status": "status", "stage": {"column": "stage", "values": declared}}
    rows = ["D1,ana,5,2026-07-01,2026-08-03,won,Closed  won", "D2,ana,5,2026-07-01,,open,talks"]
    heading = "opportunity_id,rep_id,amount,created_on,closed_on,status,stage"
    tables = {"opportunities": {"file": "opportunities.csv", "columns": columns}}
    return import_files(folder, deals(*rows, heading=heading), tables=tables)


def test_doubled_spaces_do_not_matter(tmp_path: Path) -> None:
    """`Closed  won` is `closed won`."""
    imported = with_stage(tmp_path, {"closed won": "Done", "TALKS": "Talks"})
    assert values_of(imported, "opportunities", "stage") == ["Done", "Talks"]


def test_words_of_which_none_is_said_are_a_warning_with_what_the_column_holds(tmp_path: Path) -> None:
    """Nothing would be mapped, and nobody would know."""
    (detail,) = found(with_stage(tmp_path, {"Gewonnen": "Done"}), "declared values", "warning")
    assert "no row says `Gewonnen` of `values:`" in detail
    assert "the column holds `Closed  won` (1) and `talks` (1)" in detail


def test_one_word_that_nobody_says_among_others_is_a_line(tmp_path: Path) -> None:
    """An ending may not have come up this month."""
    imported = with_stage(tmp_path, {"Talks": "Talks", "Abandoned": "Done"})
    assert not found(imported, "declared values", "warning")
    assert any("`Abandoned`" in detail for detail in found(imported, "declared values", "pass"))


def test_no_deal_won_is_a_warning(tmp_path: Path) -> None:
    """Most likely a word of `status` was not heard."""
    imported = import_files(tmp_path, deals("D1,ana,5,2026-07-01,2026-08-03,lost"))
    assert any("holds no won deals" in detail for detail in found(imported, "outcomes", "warning"))
