"""Goals: the quota of anyone for any period, phased so that the parts add up to the cent.

A quota is stated for a period of some length. The shortest one that covers a day counts for that
day; ``phasing`` spreads it over its days, and the goal of any week, month, quarter or year is the sum
over its days. A period with a day that no quota covers has no goal, and is listed as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import pandas as pd
from ibis import _

from salesops_lib.measures.managers import manager_ids
from salesops_lib.measures.phasing import Phasing, Stretch, employment, phasing_of, seats
from salesops_lib.periods import Period

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

Level = Literal["company", "team", "rep"]

WHO: dict[Level, list[str]] = {"company": [], "team": ["team_id"], "rep": ["rep_id"]}
"""Key columns of a level."""

SHORTEST_FIRST = ("week", "month", "quarter", "year")


def goals(crm: Crm, periods: Sequence[Period], *, level: Level) -> pd.DataFrame:
    """The goal of everyone at a level for each period.

    One row per period and rep or team that has a goal for all of its days; a rep's days outside the seat need
    none. A team's goal that is not stated is the sum of its members' goals (members on the period's last day, or
    on ``as_of`` while it runs), managers left out, or of the teams below it; the company's is the sum of the
    teams' or else of the reps'.

    Returns:
        rep_id or team_id (str): Key; neither for the company.
        period (str): Label of the period.
        quota_amount (float): The goal, in the report currency.
        goal_basis (str): ``stated``, or ``sum of n goals``.
    """
    stated = _stated(crm, periods, level)
    if level == "rep":
        return stated
    if level == "team":
        own = _fill(stated, _team_sums(crm, periods), ["team_id", "period"])
        return _with_parent_teams(crm, own)
    below = goals(crm, periods, level="team") if _has_quotas(crm, "team") else goals_of_selling_reps(crm, periods)
    return _fill(stated, _sums(_top_teams_only(crm, below), []), ["period"])


def goals_of_selling_reps(crm: Crm, periods: Sequence[Period]) -> pd.DataFrame:
    """The reps' goals as ``goals`` gives them, managers left out."""
    rows = goals(crm, periods, level="rep")
    return rows[~rows["rep_id"].isin(manager_ids(crm))]


def _has_quotas(crm: Crm, level: Level) -> bool:
    return crm.has("quotas") and len(crm.fetch(crm.quotas.filter(_.level == level).limit(1))) > 0


def _stated(crm: Crm, periods: Sequence[Period], level: Level) -> pd.DataFrame:
    who = WHO[level]
    empty = pd.DataFrame(columns=[*who, "period", "quota_amount", "goal_basis"]).astype({"quota_amount": float})
    if not crm.has("quotas"):
        return empty
    quotas = crm.fetch(crm.quotas.filter(_.level == level, _.measure == "bookings").select(*who, "period", "amount"))
    spans = {label: crm.calendar.period(label) for label in quotas["period"].unique()}
    phasing = phasing_of(crm)
    in_seat = seats(crm, phasing.rules) if level == "rep" else {}
    employed = employment(crm) if level == "rep" else {}
    rows = []
    for key, own in quotas.groupby(who) if who else [((), quotas)]:
        names = dict(zip(who, key, strict=True))
        given = [(spans[label], amount) for label, amount in zip(own["period"], own["amount"], strict=True)]
        rep = str(names.get("rep_id"))
        for period in periods:
            first, last = employed.get(rep, (date.min, date.max))
            needed = max(period.start, first), min(period.end, last)
            amount = _phased(phasing, given, period, needed=needed, load=in_seat.get(rep, ()))
            if amount is not None:
                rows.append({**names, "period": period.label, "quota_amount": amount, "goal_basis": "stated"})
    return pd.DataFrame(rows, columns=empty.columns).astype({"quota_amount": float}) if rows else empty


def _phased(
    phasing: Phasing,
    given: Sequence[tuple[Period, Decimal]],
    period: Period,
    *,
    needed: tuple[date, date],
    load: Sequence[Stretch],
) -> float | None:
    """The goal for a period out of one holder's quotas; nothing where one of the days needed is left uncovered."""
    within = [(span, amount) for span, amount in given if span.end >= period.start and span.start <= period.end]
    covered: list[Period] = []
    goal = Decimal(0)
    for kind in SHORTEST_FIRST:
        for span, amount in (item for item in within if item[0].kind == kind):
            if any(span.start <= done.end and span.end >= done.start for done in covered):
                continue
            covered.append(span)
            goal += phasing.part(Decimal(amount), span, period, load)
    first, last = needed
    days = sum(max((min(span.end, last) - max(span.start, first)).days + 1, 0) for span in covered)
    return float(goal) if covered and days >= (last - first).days + 1 else None


def _team_sums(crm: Crm, periods: Sequence[Period]) -> pd.DataFrame:
    """Sum of the members' goals per team and period."""
    empty = pd.DataFrame({"team_id": [], "period": [], "quota_amount": [], "goal_basis": []})
    if not crm.has("team_members"):
        return empty
    reps = goals_of_selling_reps(crm, periods)
    parts = []
    for period in periods:
        members = members_on(crm, min(period.end, crm.as_of))
        parts.append(reps[reps["period"] == period.label].merge(members, on="rep_id"))
    return _sums(pd.concat(parts), ["team_id"]) if parts else empty


def members_on(crm: Crm, day: object) -> pd.DataFrame:
    """Who belongs to which team on a day: ``rep_id``, ``team_id``."""
    stays = crm.team_members
    here = stays.filter(stays.from_on.isnull() | (stays.from_on <= day), stays.to_on.isnull() | (stays.to_on >= day))
    return crm.fetch(here.select("rep_id", "team_id").distinct().order_by("rep_id"))


def _top_teams_only(crm: Crm, rows: pd.DataFrame) -> pd.DataFrame:
    """Teams whose parent has a goal of its own in the same period would be counted twice."""
    if rows.empty or "team_id" not in rows or not crm.has("teams"):
        return rows
    parents = crm.fetch(crm.teams.select("team_id", "parent_team_id")).set_index("team_id")["parent_team_id"]
    with_goal = set(zip(rows["team_id"], rows["period"], strict=True))
    counted_above = [
        (parents.get(team), period) in with_goal for team, period in zip(rows["team_id"], rows["period"], strict=True)
    ]
    return rows[[not above for above in counted_above]]


def _with_parent_teams(crm: Crm, rows: pd.DataFrame) -> pd.DataFrame:
    """Add the goals of teams made of other teams, bottom up, where they are not stated."""
    if rows.empty or not crm.has("teams"):
        return rows
    parents = crm.fetch(crm.teams.select("team_id", "parent_team_id")).set_index("team_id")["parent_team_id"].dropna()
    for _level in range(len(parents)):
        above = _sums(rows.assign(team_id=rows["team_id"].map(parents)).dropna(subset="team_id"), ["team_id"])
        filled = _fill(rows, above, ["team_id", "period"])
        if len(filled) == len(rows):
            return rows
        rows = filled
    return rows


def _sums(rows: pd.DataFrame, who: list[str]) -> pd.DataFrame:
    grouped = rows.groupby([*who, "period"], sort=False)["quota_amount"]
    sums = grouped.agg(quota_amount="sum", n="size").reset_index()
    sums["quota_amount"] = sums["quota_amount"].round(2)
    return sums.assign(goal_basis=[f"sum of {n} goals" for n in sums.pop("n")])


def _fill(stated: pd.DataFrame, summed: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """What is stated, and the sums where nothing is."""
    known = set(map(tuple, stated[key].to_numpy()))
    extra = summed[[tuple(row) not in known for row in summed[key].to_numpy()]] if len(summed) else summed
    return pd.concat([part for part in (stated, extra) if len(part)] or [stated], ignore_index=True)
