"""The company's own names for its teams: put in once, so that every report has them."""

import pyarrow as pa
import pytest

from salesops_lib.data.team_names import with_declared_names

TEAMS = pa.table({"team_id": ["n", "s"], "name": ["North", "South"], "parent_team_id": ["s", None]})
MEMBERS = pa.table({"rep_id": ["ana", "bo", "cy"], "team_id": ["s", "n", None]})


def test_a_declared_name_stands_above_the_datas():
    """The other teams and columns stay."""
    rows = with_declared_names(TEAMS, MEMBERS, {"n": "Nordics"}).to_pylist()

    assert [(row["team_id"], row["name"], row["parent_team_id"]) for row in rows] == [
        ("n", "Nordics", "s"),
        ("s", "South", None),
    ]


def test_teams_that_the_data_only_counts_members_of_go_by_their_declared_names():
    """A team that nobody names goes by its key."""
    rows = with_declared_names(None, MEMBERS, {"n": "Nordics"}).to_pylist()

    assert [(row["team_id"], row["name"]) for row in rows] == [("n", "Nordics"), ("s", "s")]


@pytest.mark.parametrize("members", [None, MEMBERS.slice(0, 0)])
def test_names_of_teams_that_nobody_is_in_make_no_table(members):
    """No team can be told from the data."""
    assert with_declared_names(None, members, {"n": "Nordics"}) is None


def test_without_declared_names_the_data_stands():
    """Also where it has no teams."""
    assert with_declared_names(TEAMS, None, {}) is TEAMS
    assert with_declared_names(None, MEMBERS, {}) is None
