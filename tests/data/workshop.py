"""A workshop that knows one column of text, for tests of how dates and numbers are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from salesops_lib.data import amounts, dates
from salesops_lib.data.schemas import Column
from salesops_lib.data.store import Workshop
from salesops_lib.data.values import Branch
from salesops_lib.parameters import ColumnMapping

PLACE = "deals.csv, column `x`"


@contextmanager
def column_of(values: Sequence[str | None], column: Column, **how: Any) -> Iterator[tuple[Workshop, Branch]]:
    """A workshop whose table ``mapped`` holds these values in one text column, mapped so."""
    with TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder))
        dates.prepare(workshop)
        amounts.prepare(workshop)
        name = f"{column.name}__0"
        workshop.run(
            f"CREATE TABLE mapped AS SELECT 0 AS file_no, unnest(range(2, len($v) + 2)) AS line, "
            f"unnest($v::VARCHAR[]) AS {name}",
            {"v": list(values)},
        )
        yield workshop, Branch(name, column, ColumnMapping(column="x", **how), "text")
        workshop.close()
