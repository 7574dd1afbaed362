"""Who manages: whoever a team names, and where none does a role that says so."""

import pytest

from salesops_lib.measures import attainment
from salesops_lib.measures.managers import manager_ids
from tests.builders import CALENDAR, make_crm

Q3 = CALENDAR.period("2026-Q3")


def company(role, **tables):
    """Ana sells, Max has a role; both have a goal for the third quarter of 2026."""
    return make_crm(
        reps=[{"rep_id": "ana", "name": "Ana", "role": "AE"}, {"rep_id": "max", "name": "Max", "role": role}],
        deals=[("ana", "2026-08-03", "won", 100)],
        quotas=[
            {"level": "rep", "rep_id": rep, "period": "2026-Q3", "measure": "bookings", "amount": 100}
            for rep in ("ana", "max")
        ],
        **tables,
    )


@pytest.mark.parametrize("role", ["Team Lead", "Sales manager EMEA", "Regional Director", None])
def test_a_manager_is_whom_a_team_names_whatever_the_role_is_called(role):
    """Max's goal stands for Ana's money once more: team and company are at 100 %, not at 50."""
    teams = [{"team_id": "t", "name": "T", "manager_id": "max"}]
    crm = company(role, teams=teams, team_members=[{"rep_id": rep, "team_id": "t"} for rep in ("ana", "max")])

    assert manager_ids(crm) == {"max"}
    for level in ("team", "company"):
        assert attainment(crm, [Q3], level=level)["attainment_rate"].tolist() == [1.0]


@pytest.mark.parametrize("role", ["Manager", "sales manager"])
@pytest.mark.parametrize("teams", [{}, {"teams": [{"team_id": "t", "name": "T"}]}], ids=["no teams", "no manager_id"])
def test_where_no_team_names_anyone_the_role_says_it(role, teams):
    """As it does of earlier managers, whom no team names any more."""
    assert manager_ids(company(role, **teams)) == {"max"}


def test_a_company_without_managers_has_none():
    """Nobody is named, nobody's role says so."""
    assert manager_ids(company("AE")) == frozenset()
