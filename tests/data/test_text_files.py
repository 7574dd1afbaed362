"""Text files: encodings, separators, quoted newlines and the line each row stands on."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.data.source_file import SourceFile
from salesops_lib.data.text_files import find_separator, read_text_file

TEXT = "name,note\nJosé,“ok”\nÅsa,“so”\n"


def read(folder: Path, content: bytes, **how: str) -> tuple[SourceFile, list[tuple[object, ...]]]:
    """A file of these bytes, and its rows with their lines."""
    path = folder / "file.csv"
    path.write_bytes(content)
    source = read_text_file(
        path, "file.csv", separator=how.get("separator"), encoding=how.get("encoding"), raw=folder / "raw.parquet"
    )
    return source, duckdb.sql(f"SELECT * FROM {source.relation}").fetchall()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"], ids=lambda name: name
)
def test_any_usual_encoding_reads_to_the_same_text(tmp_path: Path, encoding: str) -> None:
    """With or without a byte order mark, in two bytes a letter or one, names keep their accents."""
    source, rows = read(tmp_path, TEXT.encode(encoding))

    assert source.headings == ("name", "note")
    assert [row[1:] for row in rows] == [("José", "“ok”"), ("Åsa", "“so”")]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_usual_separator_and_line_end_is_found(tmp_path: Path, separator: str, line_end: str) -> None:
    """The separator is the mark that cuts every row alike, whatever the values hold."""
    rows = [["id", "amount", "note"], ["1", "1,5", "a; b"], ["2", "2,5", "c|d"], ["3", "3,5", "e,f,g"]]
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=separator, lineterminator=line_end).writerows(rows)

    source, read_rows = read(tmp_path, buffer.getvalue().encode())

    assert source.headings == ("id", "amount", "note")
    assert [list(row[1:]) for row in read_rows] == rows[1:]


def test_lines_count_through_quoted_newlines_and_blank_lines(tmp_path: Path) -> None:
    """Each row's line is the one it starts on in the file, as an editor shows it."""
    _, rows = read(tmp_path, b'id,note\n1,"two\nlines"\n\n2,x\n  \n3,"three\n\nlines"\n4,y\n')

    assert [(row[0], row[1]) for row in rows] == [(2, "1"), (5, "2"), (7, "3"), (10, "4")]


def test_excels_own_first_line_names_the_separator(tmp_path: Path) -> None:
    """``sep=;`` is no heading, and lines still count from the file's first."""
    source, rows = read(tmp_path, b"sep=;\nid;note\n1;a,b\n")

    assert source.headings == ("id", "note")
    assert rows == [(3, "1", "a,b")]


def test_a_separator_at_the_end_of_rows_does_no_harm(tmp_path: Path) -> None:
    """Empty cells beyond the heading are cut off."""
    source, rows = read(tmp_path, b"id,note\n1,a,\n2,b,,\n")

    assert source.ragged == ()
    assert rows == [(2, "1", "a"), (3, "2", "b")]


def test_ragged_rows_are_kept_apart_with_their_line(tmp_path: Path) -> None:
    """A row with another number of cells is not used, and can be found again."""
    source, rows = read(tmp_path, b"id,note\n1,a\n2\n3,b,c\n4,d\n")

    assert [row[1] for row in rows] == ["1", "4"]
    assert [(row.line, row.n_cells, row.text) for row in source.ragged] == [(3, 1, "2"), (4, 3, "3,b,c")]


def test_repeated_and_empty_headings_get_names_of_their_own(tmp_path: Path) -> None:
    """Two columns of one name stay two columns."""
    source, rows = read(tmp_path, b"id, id ,\n1,2,3\n")

    assert source.headings == ("id", "id (2)", "column 3")
    assert "more than once" in source.notes[0]
    assert rows == [(2, "1", "2", "3")]


def test_hostile_headings_and_values_are_only_text(tmp_path: Path) -> None:
    """Quotation marks, statements and formulas pass through as they stand."""
    source, rows = read(tmp_path, b'"a"";DROP TABLE x;--",$1\n=1+1,\'; SELECT 1\n')

    assert source.headings == ('a";DROP TABLE x;--', "$1")
    assert rows == [(2, "=1+1", "'; SELECT 1")]


def test_a_column_alone_needs_no_separator() -> None:
    """A list of names is a table of one column."""
    assert find_separator("rep_id\nana\nbo\n") == ","


cells = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=12),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_whatever_csv_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], separator: str, encoding: str
) -> None:
    """Any cells, quoted or not, in any encoding: the same rows, but for those that are blank."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([("id", "b", "c"), *rows])

    _, read_rows = read(
        tmp_path_factory.mktemp("csv"), buffer.getvalue().encode(encoding), separator=separator, encoding=encoding
    )

    expected = [row for row in rows if any(cell and not cell.isspace() for cell in row)]
    assert [row[1:] for row in read_rows] == expected
