"""Missing goals: who sells without one, for which periods, and who must set it?

Tables in: ``quotas``, ``reps``, ``opportunities``, ``credits``; ``teams`` and ``team_members`` where present.
Tables out: one row per holder. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from ibis import _

from salesops_lib import wording
from salesops_lib.measures import bookings, members_on
from salesops_lib.measures.goals import WHO, without_goal
from salesops_lib.measures.holders import Level
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.windows import report_month
from salesops_lib.periods import Kind, Period

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters

KINDS: tuple[Kind, ...] = ("month", "quarter", "year")


@tidy
def missing_goals(crm: Crm, *, period: Period, parameters: Parameters) -> pd.DataFrame:
    """Who has no goal for the month, the quarter or the year that is reported, and who must set it.

    One row per holder without a goal for one of the three: the company, then teams with members, then reps who are no
    managers, those with most bookings first. The company and a team stand here where nobody's goal is there to add up;
    where the sum lacks somebody's, they do. Left out is a level for which the company states no goal at all (where
    only teams have goals, no rep lacks one), and, unless they booked in the period, roles in which nobody has a goal,
    such as sales development, and people who have left.

    Args:
        crm: Needs ``quotas``; teams and their managers where present.
        period: What is reported.
        parameters: Say who answers for bookings.

    Returns:
        level (str): company, team or rep.
        key (str): Team or rep id; empty for the company.
        name (str): Name of the holder.
        missing (str): Periods without a goal, as their names.
        bookings_amount (float): Booked in the quarter so far.
        n_won (int): Deals won in it.
        must_set (str): Who sets it: a rep's manager, or who answers for bookings.
    """
    crm.need("quotas")
    month = report_month(crm.calendar, period, crm.as_of)
    spans = [crm.calendar.containing(min(crm.as_of, month.end), kind) for kind in KINDS]
    stated = crm.fetch(crm.quotas.group_by("level").agg(n=_.count()))
    levels = [level for level in WHO if level == "company" or level in set(stated["level"])]
    return pd.concat([_without(crm, level, spans, parameters) for level in levels])


def _without(crm: Crm, level: Level, spans: list[Period], parameters: Parameters) -> pd.DataFrame:
    """Holders of a level without a goal for some of the spans, most bookings first."""
    lacks = without_goal(crm, spans, level=level).groupby("key")["period"].agg(set)
    holders = _holders(crm, level, spans[KINDS.index("quarter")], parameters)
    rows = holders[holders["key"].isin(lacks.index)]
    missing = [[crm.calendar.title(span) for span in spans if span.label in lacks[key]] for key in rows["key"]]
    rows = rows.assign(level=level, missing=[wording.listing(each) for each in missing])
    return rows.sort_values(["bookings_amount", "name"], ascending=[False, True], kind="stable")


def _holders(crm: Crm, level: Level, quarter: Period, parameters: Parameters) -> pd.DataFrame:
    """Everyone at a level, with bookings of the quarter and who sets goals."""
    head = parameters.kpis["bookings"].owner
    if level == "company":
        row = bookings(crm, quarter)
        return row.assign(key="", name=parameters.company.name, must_set=head)
    if level == "team":
        who = crm.fetch(crm.teams.select(key="team_id", name="name").order_by("key"))
        who = who.assign(must_set=head)
    else:
        who = crm.fetch(crm.reps.select(key="rep_id", name="name").order_by("key"))
        team, manager = _teams_then(crm, quarter), names_of_managers(crm)
        who = who.assign(must_set=[manager.get(team.get(key, ""), head) for key in who["key"]])
    booked = bookings(crm, quarter, by=WHO[level]).rename(columns={WHO[level][0]: "key"})
    rows = who.merge(booked, on="key", how="left")
    return rows.assign(bookings_amount=rows["bookings_amount"].fillna(0.0), n_won=rows["n_won"].fillna(0))


def names_of_managers(crm: Crm) -> dict[str, str]:
    """Name of each team's manager, by ``team_id``; teams without one are left out."""
    if not crm.has("teams"):
        return {}
    reps = crm.reps.select(manager_key=_.rep_id, rep_name=_.name)
    rows = crm.fetch(
        crm.teams.left_join(reps, crm.teams.manager_id == reps.manager_key)
        .select("team_id", manager=_.manager_name.coalesce(_.rep_name))
        .order_by("team_id")
    ).dropna()
    return dict(zip(rows["team_id"], rows["manager"], strict=True))


def _teams_then(crm: Crm, quarter: Period) -> dict[str, str]:
    """Each rep's team at the end of the quarter, or now while it runs."""
    if not crm.has("team_members"):
        return {}
    rows = members_on(crm, min(crm.as_of, quarter.end))
    return dict(zip(rows["rep_id"], rows["team_id"], strict=True))
