"""Cells over several lines: no row vanishes behind a stray quotation mark, and notes keep their lines."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.data import text_files
from salesops_lib.data.source_file import LineCount, SourceFile
from salesops_lib.data.text_files import read_text_file
from salesops_lib.errors import SourceError
from tests.data.exports import found as found_checks
from tests.data.exports import import_files

HEADING = ["opportunity_id", "rep_id", "amount", "created_on", "closed_on", "status", "next_step"]
STEPS = ("call back", "send offer", "", "call", "waiting for legal", "TV 27 promised")


def deal(number: int) -> list[str]:
    """The cells of a deal."""
    day = f"{1 + number % 28:02d}"
    status = ("won", "lost", "open")[number % 3]
    amount = f"{1000 + number}"
    return [f"D{number}", f"R{number % 4}", amount, f"2026-01-{day}", f"2026-02-{day}", status, STEPS[number % 6]]


def deals(n: int = 40, **cells: str) -> list[list[str]]:
    """Heading and deals as they stand in the file, some cells (``line_11_next_step``) written so instead."""
    rows = [list(HEADING), *(deal(number) for number in range(1, n + 1))]
    for where, written in cells.items():
        _, line, column = where.split("_", 2)
        rows[int(line) - 1][HEADING.index(column)] = written
    return rows


def quoted(rows: list[list[str]]) -> list[list[str]]:
    """Every cell in quotation marks, as some exports write them."""
    return [[f'"{cell}"' for cell in row] for row in rows]


def written(rows: list[list[str]], separator: str = ",", line_end: str = "\n") -> str:
    """The rows as they stand, nothing quoted or repaired."""
    return "".join(separator.join(row) + line_end for row in rows)


def proper(rows: list[list[str]], separator: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> str:
    """The rows as a careful export writes them."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=separator, quoting=quoting, lineterminator="\n").writerows(rows)  # type: ignore[arg-type]
    return buffer.getvalue()


def read(folder: Path, text: str, encoding: str = "utf-8") -> tuple[SourceFile, list[tuple[object, ...]]]:
    """The file and its rows with their lines."""
    path = folder / "deals.csv"
    path.write_bytes(text.encode(encoding))
    source = read_text_file(path, "deals.csv", separator=None, encoding=None, raw=folder / "raw.parquet")
    return source, duckdb.sql(f"SELECT * FROM {source.relation} ORDER BY line").fetchall()


def refusal(folder: Path, text: str, encoding: str = "utf-8") -> str:
    """Why the file is refused."""
    with pytest.raises(SourceError) as caught:
        read(folder, text, encoding)
    return str(caught.value)


STRAYS: dict[str, tuple[list[list[str]], int]] = {
    "two strays in the last column": (deals(line_11_next_step='"big fish', line_31_next_step='"big fish'), 11),
    "two strays in a middle column": (deals(line_11_rep_id='"R1', line_31_rep_id='"R1'), 11),
    "two strays in the first column": (deals(line_11_opportunity_id='"D10', line_31_opportunity_id='"D30'), 11),
    "two strays in columns apart": (deals(line_11_rep_id='"R1', line_31_next_step='"big fish'), 11),
    "two strays on lines that touch": (deals(line_11_next_step='"big fish', line_12_next_step='"big fish'), 11),
    "three strays": (
        deals(line_11_next_step='"big', line_21_next_step='"call', line_31_next_step='"fish'),
        11,
    ),
    "a stray, and an inch sign in the same column": (
        deals(line_11_next_step='"big fish', line_31_next_step='TV 27"'),
        11,
    ),
    "a stray, and an inch sign in a column before": (deals(line_11_next_step='"big fish', line_31_rep_id='R1"'), 11),
    "a stray, and an inch sign in a column behind": (deals(line_11_rep_id='"R1', line_31_next_step='TV 27"'), 11),
    "an inch sign two columns before an empty last cell": (
        deals(line_11_next_step='"big fish', line_31_closed_on='2026"', line_31_next_step=""),
        11,
    ),
    "ditto marks": (deals(line_11_rep_id='"', line_12_rep_id='"'), 11),
    "a stray closed by a cell that is quoted as it must be": (
        deals(line_11_next_step='"big fish', line_31_next_step='"call, then write"'),
        11,
    ),
    "a stray with empty cells in quotation marks behind it": (
        deals(line_11_rep_id='"R1', line_15_next_step='""', line_31_rep_id='R1"'),
        11,
    ),
    "a stray that nothing closes": (deals(line_11_next_step='"big fish'), 11),
    "a stray on the last line but one": (deals(line_40_next_step='"big fish'), 40),
    "a stray in the heading": (deals(line_1_next_step='"next_step', line_31_next_step='"big fish'), 1),
    "a stray in the heading that an inch sign closes": (
        deals(line_1_next_step='"next_step', line_31_next_step='TV 27"'),
        1,
    ),
    "a stray in the heading that nothing closes": (deals(line_1_opportunity_id='"opportunity_id'), 1),
    "all quoted, a closing mark forgotten": (
        [*quoted(deals(10)), [*quoted([deal(11)])[0][:-1], '"call back'], *quoted(deals(4)[1:])],
        12,
    ),
    "all quoted, a closing mark written twice": (
        [*quoted(deals(10)), [*quoted([deal(11)])[0][:-1], '"call ""back""'], *quoted(deals(4)[1:])],
        12,
    ),
}


@pytest.mark.parametrize(("rows", "line"), STRAYS.values(), ids=STRAYS)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_stray_quotation_mark_that_swallows_rows_is_refused_with_its_line(
    tmp_path: Path, rows: list[list[str]], line: int, separator: str
) -> None:
    """Wherever it opens and however it closes, whatever separates the cells."""
    assert f"quotation mark opened on line {line} " in refusal(tmp_path, written(rows, separator))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encoding_and_line_end_hide_no_stray(tmp_path: Path, encoding: str, line_end: str) -> None:
    """The same refusal on the same line, whatever wrote the file."""
    for strays in ({"line_31_next_step": '"große Fische'}, {"line_31_next_step": 'TV 27"'}):
        rows = deals(line_11_next_step='"große Fische', **strays)
        assert "opened on line 11 " in refusal(tmp_path, written(rows, line_end=line_end), encoding)


NOTES = {
    "an address": "12 Main St\nSpringfield, IL 62701",
    "an e-mail": 'Hi Ann,\n\nthanks for the call, we decide by 2026-03-01, or later.\n\n"Best", Bo\nAcme, Inc.',
    "a list": "- price, terms\n- legal, security\n- start, end",
    "a pasted snippet": "See below:\nregion,deals,amount\nNorth,3,1000\nSouth,4,2500\n",
    "a pasted snippet as wide as the table": "Regions:\na,1,2,x,5,y,3\nb,3,4,z,6,w,4",
    "a snippet in bars": "| a | b | c |\n| 1 | 2 | 3 |",
    "a row of the export in an e-mail": "The row I mean:\nD5,R1,1000,2026-01-06,2026-02-06,won,call\nPlease mend it, thanks.",
    "JSON": '{\n  "a": 1,\n  "b": [1, 2],\n  "c": "x"\n}',
    "marks only": '"\n""\n"""',
    "separators only": ",,,\n,,,,,,\n;;",
    "line ends only at the end": "call back\n\n",
    "prose with as many commas as cells": "We met, talked, laughed, ate, drank, paid, left\nand then, once, more, came, back, to, it",
}


@pytest.mark.parametrize("note", NOTES.values(), ids=NOTES)
@pytest.mark.parametrize("column", ["next_step", "rep_id", "opportunity_id"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL], ids=["some quoted", "all quoted"])
def test_a_note_of_several_lines_is_read_as_it_stands(tmp_path: Path, note: str, column: str, quoting: int) -> None:
    """In any column, in one row of the table or in each."""
    for places in ((5,), range(1, 41)):
        rows = deals()
        for place in places:
            rows[place][HEADING.index(column)] = note

        source, found = read(tmp_path, proper(rows, quoting=quoting))

        assert [list(row[1:]) for row in found] == rows[1:]
        assert source.ragged == ()


def test_a_heading_of_two_lines_is_read_as_one(tmp_path: Path) -> None:
    """Spreadsheets break long headings; the second line is none of the rows."""
    rows = deals()
    rows[0][4:6] = ["closed\n(day, local)", "status\nnow"]

    source, found = read(tmp_path, proper(rows))

    assert source.headings[4:6] == ("closed (day, local)", "status now")
    assert [list(row[1:]) for row in found] == rows[1:]


def test_quotation_marks_within_a_line_swallow_nothing(tmp_path: Path) -> None:
    """An inch sign, a nickname, a cell that opens a mark on the last line: all rows come out."""
    rows = deals(
        line_5_next_step='TV 27"',
        line_6_next_step='"big" fish',
        line_7_rep_id='R1 "Al"',
        line_41_next_step='"call back',
    )

    _, found = read(tmp_path, written(rows))

    assert len(found) == 40
    assert [row[7] for row in found[3:5]] == ['TV 27"', "big fish"]


def test_a_note_that_is_quoted_badly_is_read_where_it_can_hold_no_row(tmp_path: Path) -> None:
    """Marks inside that are not written twice do no harm while no separator follows."""
    rows = deals(line_5_next_step='"He said:\n"call me" and left"')

    _, found = read(tmp_path, written(rows))

    assert len(found) == 40
    assert found[3][7] == 'He said:\ncall me" and left"'


def test_rows_that_end_in_a_separator_too_many_hide_no_stray(tmp_path: Path) -> None:
    """Some exports end each row with a separator more than the heading."""
    for mark in ('"big fish', 'TV 27"'):
        head, *rows = deals(line_11_next_step='"big fish', line_31_next_step=mark)
        assert "opened on line 11 " in refusal(tmp_path, written([head, *([*row, ""] for row in rows)]))


def test_the_line_is_that_of_the_mark_where_the_row_began_before(tmp_path: Path) -> None:
    """A row whose first note is sound and whose second cell swallows rows."""
    rows = deals(line_5_rep_id='"two\nlines"', line_5_next_step='"big fish', line_20_next_step='"big fish')

    assert "opened on line 6 runs on to line 21 " in refusal(tmp_path, written(rows))


def test_every_stray_is_named_at_once(tmp_path: Path) -> None:
    """So that one look at the file mends it."""
    places = {f"line_{line}_next_step": '"big fish' for line in (5, 8, 15, 18, 25, 28)}

    message = refusal(tmp_path, written(deals(**places)))

    assert "opened on line 5 runs on to line 8 " in message
    assert "The same holds for line 15 and 25." in message


def test_a_cell_too_long_to_be_one_is_refused_with_the_likely_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a large file a mark that nothing closes ends at the longest cell that is read."""
    monkeypatch.setattr(text_files, "_LONGEST_CELL", 500)

    message = refusal(tmp_path, written(deals(line_11_next_step='"big fish')))

    assert "line 11" in message
    assert "quotation mark" in message


def test_lines_and_rows_are_reconciled(tmp_path: Path) -> None:
    """Lines in are the heading, rows, blank lines and line ends inside cells, and the longest row is known."""
    rows = deals(10, line_3_next_step="one\ntwo", line_7_next_step="one\n\nthree")

    source, found = read(tmp_path, proper(rows) + "\n\nD11,short\n")

    assert source.lines == LineCount(total=17, heading=1, blank=2, inside=3, n_folded=2, longest=(3, 8))
    assert source.lines.total == 1 + len(found) + len(source.ragged) + 2 + 3


def test_the_checks_tell_of_line_ends_inside_cells(tmp_path: Path) -> None:
    """Counted, with the longest; nothing is said of a file without any."""
    note = proper([["activity_id", "rep_id", "done_at", "note"], ["A1", "ana", "2026-08-03 10:00", "one\ntwo, three"]])
    imported = import_files(tmp_path, {"activities.csv": note})

    assert found_checks(imported, "lines accounted for", "pass") == [
        "activities.csv: 3 lines in, 1 of the heading, 1 row, 0 blank, 1 line end inside the cells of 1 row, "
        "of which the longest begins on line 2 and takes 2."
    ]


openings = st.sampled_from(['"{}', '"', '"{} ""x""'])
others = st.sampled_from(['"{}', '{}"', '"', '"{}, or not"'])


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(5, 60),
    columns=st.lists(st.integers(0, 6), min_size=4, max_size=4),
    lines=st.lists(st.integers(0, 60), min_size=2, max_size=4, unique=True),
    forms=st.tuples(openings, others, others, others),
    separator=st.sampled_from([",", ";", "\t"]),
    is_quoted=st.booleans(),
)
def test_no_row_vanishes(
    tmp_path_factory: pytest.TempPathFactory,
    n: int,
    columns: list[int],
    lines: list[int],
    forms: tuple[str, ...],
    separator: str,
    is_quoted: bool,
) -> None:
    """Strays on lines and in columns of any kind: the file is refused, or each line is a row or set aside."""
    rows = quoted(deals(n)) if is_quoted else deals(n)
    for line, column, form in zip(sorted(lines), columns, forms, strict=False):
        if line <= n:
            rows[line][column] = form.format(rows[line][column].strip('"'))
    try:
        source, found = read(tmp_path_factory.mktemp("strays"), written(rows, separator))
    except SourceError:
        return
    assert {row[0] for row in found} | {row.line for row in source.ragged} == set(range(2, n + 2))


words = st.sampled_from(["Ann", "call back", "12", "2026-03-01", "R1", "won", "1,000", "", '"so"', "-"])
glues = st.sampled_from([", ", ",", ";", "\t"])
note_lines = st.builds(lambda cells, glue: glue.join(cells), st.lists(words, max_size=9), glues).filter(
    lambda line: line.count(",") < 6 or ", " in line  # What has as many cells as a row may be one.
)


@settings(max_examples=60, deadline=None)
@given(
    notes=st.lists(st.lists(note_lines, min_size=2, max_size=6), min_size=1, max_size=12),
    column=st.integers(0, 6),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_whatever_notes_hold_they_are_read(
    tmp_path_factory: pytest.TempPathFactory, notes: list[list[str]], column: int, quoting: int
) -> None:
    """Lists, snippets and prose in quoted cells, in any column: no refusal, no row lost, each line kept."""
    rows = deals(20)
    for row, note in zip(rows[1:], notes, strict=False):
        row[column] = "\n".join(note)

    _, found = read(tmp_path_factory.mktemp("notes"), proper(rows, quoting=quoting))

    assert [list(row[1:]) for row in found] == rows[1:]
