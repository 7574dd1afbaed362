"""What teams and reps are called, and whose team a rep is in: once, for every table of every report.

The company's own names for its teams (``teams:`` in company.yaml) are in the data already when a report opens it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

if TYPE_CHECKING:
    from datetime import date

    from salesops_lib.data.crm import Crm

NO_TEAM = "No team"
"""What belongs to no team stands under this name."""


def names_of_teams(crm: Crm) -> dict[str, str]:
    """Name of each team by ``team_id``; empty without teams."""
    if not crm.has("teams"):
        return {}
    return dict(crm.fetch(crm.teams.select("team_id", "name").order_by("team_id")).itertuples(index=False, name=None))


def names_of_reps(crm: Crm) -> dict[str, str]:
    """Name of each rep by ``rep_id``; those without one are left out."""
    named = crm.reps.filter(_.name.notnull()).select("rep_id", "name").order_by("rep_id")
    return dict(crm.fetch(named).itertuples(index=False, name=None))


def teams_named(crm: Crm, keys: pd.Series[str]) -> pd.Series[str]:
    """Keys of teams as names: a team that the data does not name goes by its key, an empty key is no team."""
    named = keys.map(names_of_teams(crm)).astype(object)
    return named.fillna(keys).replace("", None).fillna(NO_TEAM)


def teams_of_reps(crm: Crm, day: date) -> pd.DataFrame:
    """Each rep's team on a day, or the last one before it: ``team_id`` and ``team_name`` by ``rep_id``."""
    if not crm.has("team_members"):
        return pd.DataFrame(columns=["team_id", "team_name"], index=pd.Index([], name="rep_id"), dtype=object)
    stays = crm.team_members
    begun = stays.filter(stays.from_on.isnull() | (stays.from_on <= ibis.date(str(day))))
    rows = crm.fetch(
        begun.select("rep_id", "team_id", "from_on").order_by(
            ["rep_id", ibis.asc("from_on", nulls_first=True), "team_id"]
        )
    )
    last = rows.drop_duplicates("rep_id", keep="last").set_index("rep_id")[["team_id"]]
    return last.assign(team_name=teams_named(crm, last["team_id"]))
