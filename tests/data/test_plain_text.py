"""The fast way through plain text files: the same rows as the careful way, or none."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from salesops_lib.data import text_files
from salesops_lib.data.plain_text import write_plain_rows
from salesops_lib.errors import SourceError


def plain(content: bytes, **how):
    """What the fast way says of a file of these bytes: its lines and rows, or nothing."""
    with TemporaryDirectory() as folder:
        path, raw = Path(folder) / how.pop("name", "file.csv"), Path(folder) / "raw.parquet"
        path.write_bytes(content)
        chosen = {"encoding": "utf-8", "separator": ",", "width": 2, "skipped": 0} | how
        lines = write_plain_rows(path, raw, **chosen)
        return lines and (lines.total, duckdb.sql(f"SELECT * FROM '{raw}'").fetchall())


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"a,b\n1,x\n2,y\n", [(2, "1", "x"), (3, "2", "y")]),
        (b'a,b\r\n"1, 2","x"\r\n', [(2, "1, 2", "x")]),
        (b'a,b\n"",x\ny,', [(2, "", "x"), (3, "y", "")]),
        (b'a,b\n"",\n', None),
        ("a,b\nÅsa, x \n".encode(), [(2, "Åsa", " x ")]),
        (b"a,b\n1,2,\n", [(2, "1", "2")]),
        (b"a,b\n\\N,NULL\n", [(2, "\\N", "NULL")]),
    ],
)
def test_plain_rows_are_read_with_their_lines(content, rows):
    """Cells stay as they are written, empty ones and spaces included; a row of nothing is for the careful way."""
    found = plain(content)
    assert (found and found[1]) == rows


@pytest.mark.parametrize(
    "content",
    [
        b'a,b\n1,"x\ny"\n',
        b'a,b\n1,"say ""x"""\n',
        b'a,b\n1,x"y\n',
        b'a,b\n1, "x"\n',
        b'a,b\n1,"x" \n',
        b'a,b\n1,"x\n',
        b"a,b\n1,x\n\n2,y\n",
        b"a,b\n1,x\n , \n",
        b"a,b\n1\n",
        b"a,b\n1,2,3\n",
        b"a,b\n1,x\r2,y\n",
        b"a,b\r\n1,x\n",
        b"a,b\n1,\0\n",
    ],
)
def test_what_two_readers_could_read_in_two_ways_is_left_to_the_careful_one(content):
    """Line ends in cells, odd quotation marks, blank and ragged rows, mixed line ends."""
    assert plain(content) is None


def test_a_name_that_reads_as_a_pattern_is_left_to_the_careful_way():
    """`deals[1].csv` must never be taken for `deals1.csv`."""
    assert plain(b"a,b\n1,x\n", name="deals[1].csv") is None


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_another_encoding_is_left_to_the_careful_way(encoding):
    """DuckDB reads UTF-8."""
    assert plain("a,b\n1,x\n".encode(encoding), encoding=encoding) is None


CELLS = st.text(st.sampled_from("ab1 ,;\"\n\r\t'\\#\x85\xa0\u2028é\x1c\x0b"), max_size=4)


@settings(max_examples=300, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=3), max_size=5),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONE]),
    end=st.sampled_from(["\n", "\r\n"]),
)
@example(rows=[["1", "\xa0"], ["\x85", ""]], quoting=csv.QUOTE_NONE, end="\n")
def test_any_text_is_read_alike_or_left_alone(rows, quoting, end):
    """Whatever is written, by a careful writer or by one that quotes nothing."""
    text = io.StringIO(newline="")
    if quoting == csv.QUOTE_NONE:
        text.write(end.join(",".join(row) for row in [["a", "b"], *rows]))
    else:
        csv.writer(text, quoting=quoting, lineterminator=end).writerows([["a", "b"], *rows])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        try:
            # The fixture of this folder reads it both ways.
            text_files.read_text_file(path, "file.csv", separator=",", encoding="utf-8", raw=Path(folder) / "raw")
        except SourceError:
            assert plain(path.read_bytes()) is None
