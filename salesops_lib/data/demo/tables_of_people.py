"""People, teams and goals as canonical tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from salesops_lib.data.demo.arrow import arrow_table, words
from salesops_lib.data.demo.goals import quota_rows
from salesops_lib.data.demo.market import REGIONS, SEGMENTS
from salesops_lib.data.demo.people import MANAGER, SELLING_TEAMS, TEAM_IDS, TEAMS

if TYPE_CHECKING:
    import pyarrow as pa

    from salesops_lib.data.demo.company import DemoCompany


_SEGMENT_NAMES = [segment.name for segment in SEGMENTS]


def reps_table(company: DemoCompany) -> pa.Table:
    """Everybody who sold, managed or helped to sell."""
    staff = company.staff
    columns = {
        "rep_id": staff.rep_ids.tolist(),
        "name": staff.names,
        "role": staff.roles.tolist(),
        "segment": words(_SEGMENT_NAMES, staff.segment),
        "region": words(REGIONS, staff.region),
        "started_on": staff.started,
        "ended_on": staff.ended,
    }
    return arrow_table("reps", columns)


def team_members_table(company: DemoCompany) -> pa.Table:
    """Stays in teams."""
    staff, stays = company.staff, company.staff.stays
    columns = {
        "rep_id": words(staff.rep_ids, stays["rep"]),
        "team_id": words(TEAM_IDS, stays["team"]),
        "from_on": stays["start"],
        "to_on": stays["end"],
    }
    return arrow_table("team_members", columns)


def teams_table(company: DemoCompany) -> pa.Table:
    """Teams with their latest manager, and the regions above them."""
    staff = company.staff
    heads: dict[int, int] = {}
    for row in np.argsort(staff.stays["end"], kind="stable"):
        if staff.roles[staff.stays["rep"][row]] == MANAGER:
            heads[int(staff.stays["team"][row])] = int(staff.stays["rep"][row])
    rows = [
        (
            team_id,
            name,
            staff.rep_ids[heads[i]] if i in heads else None,
            staff.names[heads[i]] if i in heads else head,
            above,
        )
        for i, (team_id, name, head, above) in enumerate(TEAMS)
        if team_id not in SELLING_TEAMS or i in staff.stays["team"]
    ]
    names = ("team_id", "name", "manager_id", "manager_name", "parent_team_id")
    return arrow_table("teams", dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def quotas_table(company: DemoCompany) -> pa.Table:
    """Goals of every quarter."""
    level, rep, team, period, cents = map(list, zip(*quota_rows(company.staff), strict=True))
    columns = {
        "level": level,
        "rep_id": rep,
        "team_id": team,
        "period": period,
        "measure": ["bookings"] * len(level),
        "amount": cents,
    }
    return arrow_table("quotas", columns)
