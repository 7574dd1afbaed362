"""Tests of the workbook: typed cells, text that stays text, names that Excel takes."""

import zipfile
from datetime import date

import fastexcel
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.reporting.pack.workbook import SheetTable, column_kind, sheet_names, write_workbook

HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\tx", "http://evil.example", "{=1}", "007"]


def write(path, *tables: SheetTable):
    """Write a workbook of these tables."""
    write_workbook(path, tables, title="Sales reports, September 2026", made_on=date(2026, 9, 30))
    return path


def table(csv_text: str, name: str = "win_rate", notebook: str = "02_rep_comparison") -> SheetTable:
    """A table with a title."""
    return SheetTable(notebook, name, "A finding", csv_text)


def sheet_xml(path) -> str:
    """The raw XML of every sheet."""
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name)


def test_text_is_never_a_formula_or_a_link(tmp_path):
    """Text that starts like a formula is a string in the file, and an address is no link."""
    quoted = "\n".join('"' + text.replace('"', '""') + '"' for text in HOSTILE)
    path = write(tmp_path / "t.xlsx", table(f"name\n{quoted}\n"))
    xml = sheet_xml(path)
    assert "<f>" not in xml
    assert "evil.example" not in xml
    assert fastexcel.read_excel(path).load_sheet(1).to_pandas()["name"].tolist() == HOSTILE


def test_hostile_table_name_and_title_are_only_text(tmp_path):
    """A name with a formula, quotes or slashes makes neither a formula nor a broken workbook."""
    path = write(tmp_path / "t.xlsx", SheetTable("02_x", "=a'b/c:[d]", "=1+1", "a\n1\n"))
    assert "<f>" not in sheet_xml(path)
    assert len(fastexcel.read_excel(path).sheet_names) == 2


def test_numbers_dates_and_gaps_keep_their_kind(tmp_path):
    """A rate is a number, a day a date, a missing value an empty cell, and a key with zeros stays text."""
    text = "rep_id,win_rate,closed_on,is_ramping\n007,0.123456789012,2026-09-30,True\n008,,2026-09-01,False\n"
    frame = fastexcel.read_excel(write(tmp_path / "t.xlsx", table(text))).load_sheet(1).to_pandas()
    assert frame["rep_id"].tolist() == ["007", "008"]
    assert frame["win_rate"].iloc[0] == pytest.approx(0.123456789012, abs=1e-15)
    assert frame["win_rate"].isna().tolist() == [False, True]
    assert str(frame["closed_on"].iloc[0])[:10] == "2026-09-30"
    assert frame["is_ramping"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("n_won", ["1", "20", ""], "number"),
        ("code", ["01", "2"], "text"),
        ("card", ["4111111111111111"], "text"),
        ("share", ["1e-05", "-0.5"], "number"),
        ("rep_id", ["1", "2"], "text"),
        ("amount", ["1", "n/a"], "text"),
        ("due_on", ["2026-09-30", "soon"], "text"),
        ("note", ["2026-09-30"], "text"),
        ("empty", ["", ""], "text"),
        ("size", ["inf"], "text"),
    ],
)
def test_column_kind_is_judged_by_name_and_every_value(name, values, kind):
    """One value that does not fit keeps the whole column as text."""
    assert column_kind(name, values) == kind


@settings(max_examples=50)
@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=60)), max_size=12))
def test_sheet_names_are_names_that_excel_takes(pairs):
    """Whatever tables are called, names are unique without regard to case, short and free of forbidden marks."""
    names = sheet_names([SheetTable(notebook, name, "", "") for notebook, name in pairs])
    assert len({name.casefold() for name in names}) == len(pairs)
    for name in names:
        assert 0 < len(name) <= 31
        assert not set("[]:*?/\\") & set(name)
        assert not name.startswith("'")
        assert not name.endswith("'")


def test_index_lists_every_sheet_with_its_rows(tmp_path):
    """The first sheet names report, table, rows and finding of every other."""
    path = write(
        tmp_path / "t.xlsx", table("a\n1\n2\n"), table("a\n", name="empty"), SheetTable("01_x", "none", "", "")
    )
    index = fastexcel.read_excel(path).load_sheet(0, header_row=None).to_pandas()
    assert [row[3] for row in index.to_numpy().tolist()[-3:]] == ["2", "0", "0"]
    assert fastexcel.read_excel(path).sheet_names == ["Index", "02 win rate", "02 empty", "01 none"]


def test_same_tables_give_the_same_bytes(tmp_path):
    """The file carries the report's date, not the clock's."""
    one, other = (write(tmp_path / name, table("a,b\n1,x\n")).read_bytes() for name in ("1.xlsx", "2.xlsx"))
    assert one == other


def test_too_long_text_is_cut_and_not_lost(tmp_path):
    """A cell holds 32,767 characters; longer text is cut with a mark."""
    frame = fastexcel.read_excel(write(tmp_path / "t.xlsx", table(f"a\n{'x' * 40_000}\n"))).load_sheet(1).to_pandas()
    assert len(frame["a"].iloc[0]) == 32_767
    assert frame["a"].iloc[0].endswith("…")
