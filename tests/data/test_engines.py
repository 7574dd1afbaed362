"""Engines: the same expressions give the same tables on DuckDB and on PostgreSQL."""

from __future__ import annotations

import os

import pytest
from pandas.testing import assert_frame_equal

from salesops_lib.data.engines import PostgresEngine
from salesops_lib.errors import MissingTableError
from tests.builders import make_crm
from tests.calling import MetricCaller
from tests.test_contracts import metrics_of

DSN = os.environ.get("SALESOPS_TEST_POSTGRES", "")
needs_postgres = pytest.mark.skipif(not DSN, reason="no PostgreSQL: set SALESOPS_TEST_POSTGRES to a connection string")

STAGES = ("Discovery", "Proposal")


def company(engine=None):
    """Two teams, a year of deals with history, goals and leads: enough for every visibility table."""
    deals, history = [], []
    for number in range(60):
        month, day, status = number % 9 + 1, number % 27 + 1, ("won", "lost", "open")[number % 3]
        deal = f"x{number:02d}"
        rep = ("ana", "bo", "cy")[number % 3 if number % 2 else 0]
        deals.append(
            {
                "opportunity_id": deal,
                "rep_id": rep,
                "status": status,
                "amount": 1000 + 10 * number,
                "created_on": f"2026-0{month}-01" if month > 1 else "2025-12-01",
                "closed_on": None if status == "open" else f"2026-0{month}-{day:02d}",
                "expected_close_on": f"2026-10-{day:02d}",
                "stage": STAGES[number % 2],
                "next_step": None if number % 4 else "Call",
                "source": ("inbound", "partner")[number % 2],
            }
        )
        start = "2025-12-01" if month == 1 else f"2026-0{month}-01"
        first = {"opportunity_id": deal, "rep_id": rep, "stage": STAGES[0], "amount": 900}
        history.append(first | {"changed_at": f"{start} 09:00"})
        if number % 2:
            history.append(first | {"changed_at": f"{start} 15:30", "stage": STAGES[1], "amount": 1000})
    leads = [
        {
            "lead_id": f"l{number}",
            "source": ("inbound", "partner")[number % 2],
            "rep_id": ("ana", "bo")[number % 2],
            "created_at": f"2026-0{number % 9 + 1}-05 10:00",
            "first_touch_at": f"2026-0{number % 9 + 1}-05 14:00",
            "qualified_at": f"2026-0{number % 9 + 1}-20 10:00" if number % 3 == 0 else None,
        }
        for number in range(90)
    ]
    return make_crm(
        deals=deals,
        reps=["ana", "bo", "cy"],
        open_stages=STAGES,
        engine=engine,
        stage_history=history,
        leads=leads,
        teams=[{"team_id": "a", "name": "A"}, {"team_id": "b", "name": "B"}],
        team_members=[
            {"rep_id": "ana", "team_id": "a", "from_on": "2025-01-01", "to_on": "2026-05-31"},
            {"rep_id": "ana", "team_id": "b", "from_on": "2026-06-01"},
            {"rep_id": "bo", "team_id": "b", "from_on": "2025-01-01"},
            {"rep_id": "cy", "team_id": "a", "from_on": "2025-01-01"},
        ],
        quotas=[
            {"level": "rep", "rep_id": rep, "period": f"2026-Q{quarter}", "measure": "bookings", "amount": 5000}
            for rep in ("ana", "bo", "cy")
            for quarter in range(1, 5)
        ],
    )


@pytest.fixture(scope="module")
def on_both(demo_parameters):
    """The same company on both engines, as known at the end of September."""
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(DSN, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS salesops_test CASCADE")
        connection.execute("CREATE SCHEMA salesops_test")
        connection.execute("SET search_path TO salesops_test")
        crms = company(), company(PostgresEngine(connection))
        yield tuple(
            MetricCaller(crm.at(crm.calendar.period("2026-09").end), demo_parameters, "2026-09") for crm in crms
        )
        connection.execute("DROP SCHEMA salesops_test CASCADE")


@needs_postgres
@pytest.mark.parametrize("metric", [pytest.param(m, id=name) for name, m in metrics_of("performance_visibility")])
def test_a_visibility_table_is_the_same_on_postgresql(metric, on_both):
    """Counts, sums and dates agree to the last digit that a float holds."""
    results = []
    for caller in on_both:
        try:
            results.append(caller.call(metric))
        except MissingTableError as error:
            results.append(str(error))
    here, there = results
    if here is None or isinstance(here, str):
        assert here is there or here == there
        return
    assert_frame_equal(here, there, check_dtype=False, rtol=1e-12)


def test_the_visibility_area_has_metrics_to_compare():
    """The comparison above is not empty."""
    assert sum(1 for _ in metrics_of("performance_visibility")) >= 8
