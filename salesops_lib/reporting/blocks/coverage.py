"""What the data covers: each table of the company with its rows and dates, and the tables it lacks."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import ibis

from salesops_lib import wording
from salesops_lib.data.schemas import TABLES, Table
from salesops_lib.reporting.blocks.listed import listed_block
from salesops_lib.reporting.tables.csv_text import csv_text
from salesops_lib.reporting.tables.table import TableView, write_table
from salesops_lib.reporting.templates.rendering import render

if TYPE_CHECKING:
    import pandas as pd

    from salesops_lib.data.crm import Crm
    from salesops_lib.reporting.blocks.block import Block

ANCHOR = "data_coverage"


def coverage_of(crm: Crm) -> pd.DataFrame:
    """Rows and dates of every table a source may provide.

    One row per table, in the order of the schemas.

    Returns:
        table (str): Name of the table.
        n_rows (int): Rows known on the report's evening; missing where the table is absent.
        first_on (date): Earliest date in it; missing where it has none.
        last_on (date): Latest date in it; missing where it has none.
        meaning (str): What a row is.
    """
    import pandas as pd

    rows = [_row(crm, table) for table in TABLES.values() if not table.derived]
    frame = pd.DataFrame(rows, columns=["table", "n_rows", "first_on", "last_on", "meaning"])
    return frame.astype({"n_rows": "Int64"})


def _row(crm: Crm, table: Table) -> tuple[str, int | None, date | None, date | None, str]:
    if not crm.has(table.name):
        return table.name, None, None, None, table.grain
    expression = getattr(crm, table.name)
    dated = _dated_column(table)
    ends = {}
    if dated:
        when = expression[dated].cast("date")
        # What has not happened yet on that evening (a planned start, say) does not stretch the span.
        known = ibis.cases((when <= ibis.literal(crm.as_of), when), else_=ibis.null("date"))
        ends = {"first": known.min(), "last": known.max()}
    found = crm.fetch(expression.aggregate(n_rows=expression.count(), **ends)).iloc[0]
    return table.name, int(found["n_rows"]), _day(found.get("first")), _day(found.get("last")), table.grain


def _dated_column(table: Table) -> str:
    """The column that dates a row: the first moment or date that every row fills, or else the first."""
    dated = [column for column in table.columns if column.type in ("date", "timestamp") and not column.derived]
    required = [column.name for column in dated if column.required]
    return (required or [column.name for column in dated] or [""])[0]


def _day(value: object) -> date | None:
    if wording.is_undefined(value):
        return None
    return value.date() if isinstance(value, datetime) else value  # type: ignore[return-value]  # a date by its type


def coverage_block(frame: pd.DataFrame, *, as_of: date, notebook: str) -> Block:
    """The tables present as a table, those absent in a sentence."""
    present = frame[frame["n_rows"].notna()]
    absent = frame[frame["n_rows"].isna()]
    deals = present[present["table"] == "opportunities"].iloc[0]
    words = (
        f"Everything here is as known on the evening of **{wording.day(as_of)}**. "
        f"The data holds {wording.count(int(deals['n_rows']), 'deal')}"
    )
    words += f", the first from {wording.day(deals['first_on'])}." if deals["first_on"] is not None else "."
    if len(absent):
        names = wording.listing([name.replace("_", " ") for name in absent["table"]], most=20)
        words += f" The company provides no {names}; what needs them says so."
    table = write_table(
        present.reset_index(drop=True),
        caption="Tables that this report can use",
        name=ANCHOR,
        view=TableView(labels={"first_on": "From", "last_on": "To", "n_rows": "Rows", "meaning": "What a row is"}),
        csv_href=f"tables/{notebook}/{ANCHOR}.csv",
    )
    return listed_block(
        "coverage",
        anchor=ANCHOR,
        heading="What the data covers",
        label="Data covered",
        words=words,
        table=render("fold", summary="Tables, rows and dates", inside=table),
        table_csv=csv_text(frame),
    )
