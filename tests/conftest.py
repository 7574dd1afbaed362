"""Companies that many tests share: the demo company and one with nothing in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesops_lib.parameters import Parameters, read_parameters
from tests.builders import make_crm
from tests.calling import MetricCaller

ROOT = Path(__file__).parent.parent
DEMO_MONTH = "2026-09"


@pytest.fixture(scope="session")
def demo_parameters() -> Parameters:
    """The demo company's parameters, as committed."""
    return read_parameters(ROOT / "parameters")


@pytest.fixture(scope="session")
def demo_crm(demo_parameters):
    """The demo company as known at the end of the demo month."""
    from salesops_lib.data import open_crm

    crm = open_crm(demo_parameters)
    return crm.at(crm.calendar.period(DEMO_MONTH).end)


@pytest.fixture(scope="session")
def demo_run(demo_crm, demo_parameters) -> MetricCaller:
    """Calls any metric on the demo company for the demo month."""
    return MetricCaller(demo_crm, demo_parameters, DEMO_MONTH)


@pytest.fixture(scope="session")
def bare_run(demo_parameters) -> MetricCaller:
    """Calls any metric on a company of one rep and no deal."""
    return MetricCaller(make_crm(reps=["ana"], open_stages=["A", "B"]), demo_parameters, DEMO_MONTH)
