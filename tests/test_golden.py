"""Golden tables of the demo month and golden SQL per dialect: a number never moves unseen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from ibis import _
from pandas.testing import assert_frame_equal

from salesops_lib.data.as_known import as_known_on
from salesops_lib.data.engines import DuckDbEngine, PostgresEngine
from salesops_lib.data.loading import crm_from_tables
from salesops_lib.data.marts import derived_tables
from salesops_lib.data.schemas import SOURCE_TABLES
from salesops_lib.measures import credited_deals, quantiles, total, won_in
from salesops_lib.measures.expressions import credited_deals_of
from tests.builders import AS_OF, CALENDAR, arrow_table
from tests.calling import MetricCaller

GOLDEN = Path(__file__).parent / "golden"
SQL = GOLDEN / "sql"

TABLES_KEPT = {
    "performance_visibility": ("bookings_against_goal", "attainment_by_team", "stage_funnel"),
    "rep_comparison": ("verdict_by_rep",),
}
"""Metrics whose whole table for the demo month is kept."""


def golden_frames() -> Iterator[tuple[str, pd.DataFrame]]:
    """Each kept table, worked out anew."""
    import importlib

    from salesops_lib.data import open_crm
    from salesops_lib.parameters import read_parameters

    parameters = read_parameters(Path(__file__).parent.parent / "parameters")
    crm = open_crm(parameters)
    caller = MetricCaller(crm.at(crm.calendar.period("2026-09").end), parameters, "2026-09")
    for area, names in TABLES_KEPT.items():
        for name in names:
            frame = caller.call(getattr(importlib.import_module(f"salesops_lib.{area}"), name))
            assert frame is not None, name
            yield f"{area}.{name}", frame


def compiled() -> Iterator[tuple[Path, str]]:
    """The SQL of the marts and of the commonest expressions on each engine."""
    sources = [table.name for table in SOURCE_TABLES]
    crm = crm_from_tables({name: arrow_table(name, []) for name in sources}, as_of=AS_OF, calendar=CALENDAR)
    earlier = as_known_on(date(2026, 9, 30), {name: getattr(crm, name) for name in crm.tables})
    expressions = {
        **{f"mart_{name}": made for name, made in derived_tables(sources, as_of=AS_OF, open_stages=["A", "B"]).items()},
        "opportunities_as_known": earlier["opportunities"],
        "credited_deals": credited_deals_of(crm),
        "bookings_by_rep": won_in(credited_deals(crm), CALENDAR.period("2026-Q3"))
        .group_by("rep_id")
        .agg(bookings_amount=total(_.credited_amount)),
        "days_in_stage": quantiles(crm.visits, "days", by=["stage"], shares=[0.25, 0.5, 0.75]),
    }
    for dialect, engine in (("duckdb", DuckDbEngine()), ("postgres", PostgresEngine.__new__(PostgresEngine))):
        for name, expression in expressions.items():
            yield SQL / dialect / f"{name}.sql", engine.sql(expression)


def test_the_demo_months_tables_are_those_kept():
    """Every headline table of September 2026, cell by cell."""
    for name, frame in golden_frames():
        file = GOLDEN / f"{name}.csv"
        kept = pd.read_csv(file)
        assert list(frame.columns) == list(kept.columns), name
        now = pd.read_csv(StringIO(frame.to_csv(index=False)))
        assert_frame_equal(now, kept, rtol=1e-9, obj=name)


@pytest.mark.parametrize(("file", "sql"), [pytest.param(f, s, id=f"{f.parent.name}-{f.stem}") for f, s in compiled()])
def test_the_sql_that_analysts_read_is_the_sql_that_runs(file, sql):
    """A change of an expression or of its compiler shows as a difference of text."""
    assert file.read_text(encoding="utf-8").rstrip("\n") == sql
