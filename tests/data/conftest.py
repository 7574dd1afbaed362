"""Every text file that a test of this folder reads the fast way is read line by line as well, and must say the same."""

from __future__ import annotations

from itertools import islice

import pyarrow.parquet as pq
import pytest

from salesops_lib.data import text_files


@pytest.fixture(autouse=True)
def read_both_ways(monkeypatch):
    """Hold the fast way against the careful one wherever it is taken."""
    fast = text_files.write_plain_rows

    def both(path, raw, *, encoding, separator, width, skipped):
        lines = fast(path, raw, encoding=encoding, separator=separator, width=width, skipped=skipped)
        if lines:
            beside = raw.with_name(f"{raw.name}.careful")
            with path.open(encoding=encoding, newline="") as file:
                rows = text_files._Rows(file, separator, skipped)
                list(islice(rows, 1))
                n_rows, ragged = text_files._write_line_by_line(rows, beside, path.name)
                assert (n_rows, ragged, rows.lines) == (lines.total - lines.heading, [], lines)
            assert pq.read_table(raw).equals(pq.read_table(beside))
            beside.unlink()
        return lines

    monkeypatch.setattr(text_files, "write_plain_rows", both)
