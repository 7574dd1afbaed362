"""Who does what, and by when."""

from datetime import date
from pathlib import Path

import pytest

from salesops_lib.parameters import Duties, read_parameters
from tests.parameters.recipes import COMPANY, folder_of

END = date(2026, 9, 30)


@pytest.fixture
def duties(tmp_path: Path) -> Duties:
    """Of a company that names owners of its own for three key figures."""
    kpis = """  attainment: {label: Attainment, owner: Cleo}
  cycle_days: {label: Cycle, owner: Bo, direction: down, threshold: 70}
"""
    return Duties(read_parameters(folder_of(tmp_path, company=COMPANY + kpis)), END)


def test_an_action_has_the_owner_of_its_key_figure(duties):
    """And the day on which five selling days after Wednesday 30 September are over: Wednesday 7 October."""
    action = duties.action("Look.", kpi="win_rate", within=5, rule="Below the target.")

    assert (action.what, action.owner, action.due_on, action.rule) == (
        "Look.", "Ana", date(2026, 10, 7), "Below the target.",
    )  # fmt: skip


def test_a_key_figure_that_the_company_does_not_name_is_answered_for_by_a_role(duties):
    """The role that the list of key figures names as well: one owner, whichever section asks."""
    assert duties.owner("net_retention") == duties.parameters.kpis["net_retention"].owner == "Customer success"


def test_a_threshold_is_the_companys_or_else_the_usual_one_or_else_the_sections(duties):
    """Each in its own unit."""
    assert duties.threshold("cycle_days") == 70
    assert duties.threshold("attainment") == 0.9
    assert duties.threshold("net_retention", 1.0) == 1.0
