"""Goals: the quota of anyone for any period, phased so that the parts add up to the cent.

A quota is stated for a period of some length. The shortest one that covers a day counts for that day; ``phasing``
spreads it over its days, and the goal of any week, month, quarter or year is the sum over its days. On days for which
a team or the company states none, its goal is the sum over its members, each for the days in the team. A period with
a day that nobody's quota covers has no goal, nor has a sum over members some of whom lack one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import wording
from salesops_lib.measures.holders import COMPANY, Days, Holder, Level, Person, Roster, left_of, overlap, roster_of
from salesops_lib.measures.needs import Needs, is_covered

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

WHO: dict[Level, list[str]] = {"company": [], "team": ["team_id"], "rep": ["rep_id"]}
"""Key columns of a level."""


def goals(crm: Crm, periods: Sequence[Period], *, level: Level) -> pd.DataFrame:
    """The goal of everyone at a level for each period.

    One row per period and rep or team that has a goal for all of its days; a rep's days outside the seat need none.
    Where a team states no goal, its goal is the sum over the teams below it and over its members for their days in
    it, managers left out; the company's is that over the teams and over the days of its reps in no team.

    Returns:
        rep_id or team_id (str): Key; neither for the company.
        period (str): Label of the period.
        quota_amount (float): The goal, in the report currency.
        goal_basis (str): ``stated``, or ``sum of n goals``.
    """
    rows = goals_or_why(crm, periods, level=level)
    return rows[rows["quota_amount"].notna()].reset_index(drop=True)


def goals_or_why(crm: Crm, periods: Sequence[Period], *, level: Level) -> pd.DataFrame:
    """As ``goals``, with a row too for each sum that is none: its ``goal_basis`` says who lacks a goal."""
    who = WHO[level]
    rows = [
        {**dict.fromkeys(who, key), "period": sums.period.label, **_told(found, (level, key), sums.roster)}
        for sums in _sums(crm, periods)
        for key in _keys(sums.roster, level)
        if (found := sums.of((level, key))).goals
    ]
    table = pd.DataFrame(rows, columns=[*who, "period", "quota_amount", "goal_basis"])
    return table.astype({"quota_amount": float}).dropna(subset=["quota_amount", "goal_basis"], how="all")


def goals_of_selling_reps(crm: Crm, periods: Sequence[Period]) -> pd.DataFrame:
    """The reps' goals as ``goals`` gives them, managers and overlay reps left out."""
    rows = goals(crm, periods, level="rep")
    return rows[~rows["rep_id"].isin(roster_of(crm).beside)].reset_index(drop=True)


def goals_without_team(crm: Crm, periods: Sequence[Period]) -> pd.DataFrame:
    """What reps' goals have for their days in no team: they are the company's and no team's.

    One row per period with such goals.

    Returns:
        period (str): Label of the period.
        quota_amount (float): Their sum; missing where one of those reps lacks a goal.
    """
    found = [(sums.period.label, sums.members(None, sums.days)) for sums in _sums(crm, periods)]
    rows = [(label, None if each.lacking else float(each.amount)) for label, each in found if each.goals]
    return pd.DataFrame(rows, columns=["period", "quota_amount"]).astype({"quota_amount": float})


def without_goal(crm: Crm, periods: Sequence[Period], *, level: Level) -> pd.DataFrame:
    """Who has no goal for a period and needs one.

    One row per period and holder, reps as ``needs`` has it. The company and teams with members are among them where
    nobody's goal is there to add up; where somebody's is, it is those whose goals the sum lacks.

    Returns:
        key (str): Rep or team id; empty for the company.
        period (str): Label of the period.
    """
    rows = [(key, sums.period.label) for sums in _sums(crm, periods) for key in sums.without_goal(level)]
    return pd.DataFrame(rows, columns=["key", "period"])


def _keys(roster: Roster, level: Level) -> Iterable[str]:
    return {"company": [COMPANY[1]], "team": roster.teams, "rep": roster.people}[level]


def _told(found: _Found, holder: Holder, roster: Roster) -> dict[str, object]:
    if found.lacking:
        names = sorted(roster.names.get(each, each[1]) for each in found.lacking) if found.has_some else []
        why = f"{wording.listing(names)} {'lacks' if len(names) == 1 else 'lack'} one" if names else None
        return {"quota_amount": None, "goal_basis": why}
    basis = "stated" if found.goals == {holder} else f"sum of {len(found.goals)} goals"
    return {"quota_amount": float(found.amount), "goal_basis": basis}


@dataclass(frozen=True)
class _Found:
    """What the goals of some days come to."""

    amount: Decimal = Decimal(0)
    goals: frozenset[Holder] = frozenset()
    """Whose stated goals are in it."""
    lacking: frozenset[Holder] = frozenset()
    """Who should have one for some of the days and has none."""

    @property
    def has_some(self) -> bool:
        """Whether anybody has a goal for all of the days."""
        return bool(self.goals - self.lacking)

    def __add__(self, other: _Found) -> _Found:
        return _Found(self.amount + other.amount, self.goals | other.goals, self.lacking | other.lacking)


NOTHING = _Found()


def _sums(crm: Crm, periods: Sequence[Period]) -> list[_Sums]:
    roster = roster_of(crm)
    needs = Needs(crm, roster, periods)
    return [_Sums(roster, needs, period) for period in periods]


@dataclass(frozen=True)
class _Sums:
    """The goals of one period, from the top down: what a holder states for a day, else what those below it do."""

    roster: Roster
    needs: Needs
    """Works nothing out before it is asked: not where the company and its teams state all their goals."""
    period: Period

    @property
    def days(self) -> Days:
        """The days of the period."""
        return self.period.start, self.period.end

    def of(self, holder: Holder) -> _Found:
        """A holder's goal for the period."""
        level, key = holder
        if level == "company":
            return self._stated_or(COMPANY, self.days, self._of_all_teams)
        if level == "team":
            return self._team(key, self.days)
        is_whole = is_covered(self.roster, self.roster.people[key], self.days)
        return self._stated(holder, self.days) + (NOTHING if is_whole else _Found(lacking=frozenset({holder})))

    def without_goal(self, level: Level) -> list[str]:
        """Keys of those who need a goal for the period and have none, nor anybody else's to add up."""
        if level == "rep":
            return sorted(self.needs.reps_without(self.period))
        return [key for key in _keys(self.roster, level) if self._is_without((level, key))]

    def _is_without(self, holder: Holder) -> bool:
        found = self.of(holder)
        if found.has_some or holder == COMPANY:
            return not found.has_some
        return holder in found.lacking or bool(found.lacking and self._people(holder[1], self.days))

    def members(self, team: str | None, days: Days) -> _Found:
        """The goals of a team's own members for their days in it; of days in no team without one."""
        found = NOTHING
        for person, place in self._people(team, days):
            holder: Holder = ("rep", person.rep_id)
            found += self._stated(holder, place)
            if self.needs.is_short(person, place, self.period):
                found += _Found(lacking=self._who_lacks(holder, team))
        return found

    def _who_lacks(self, rep: Holder, team: str | None) -> frozenset[Holder]:
        """The rep, or the team where the company states goals for teams only; then nobody outside one."""
        if "rep" in self.roster.levels:
            return frozenset({rep})
        return frozenset({("team", team)}) if team is not None and "team" in self.roster.levels else frozenset()

    def _of_all_teams(self, days: Days) -> _Found:
        tops = [team for team in self.roster.teams if team not in self.roster.above]
        return reduce(add, (self._team(team, days) for team in tops), self.members(None, days))

    def _team(self, team: str, days: Days) -> _Found:
        return self._stated_or(("team", team), days, lambda gap: self._below(team, gap))

    def _below(self, team: str, days: Days) -> _Found:
        teams = [each for each, above in self.roster.above.items() if above == team]
        return reduce(add, (self._team(each, days) for each in teams), self.members(team, days))

    def _stated(self, holder: Holder, days: Days) -> _Found:
        own = self.roster.stated_in(holder, days)
        return _Found(self.roster.amount(holder, own), frozenset({holder})) if own else NOTHING

    def _stated_or(self, holder: Holder, days: Days, below: Callable[[Days], _Found]) -> _Found:
        """What a holder states, and for the days on which it states nothing what those below it do."""
        found = self._stated(holder, days)
        for gap in left_of(days, [each.days for each in self.roster.stated_in(holder, days)]):
            part = below(gap)
            is_short = part.lacking or (part == NOTHING and self._has_somebody(holder, gap))
            found += _Found(lacking=frozenset({holder})) if found.goals and is_short else part
        return found

    def _has_somebody(self, holder: Holder, days: Days) -> bool:
        """Whether a team is at work, as the company always is: one that nobody is left in needs no goal."""
        if holder == COMPANY:
            return True
        teams = {holder[1]}
        while more := {each for each, above in self.roster.above.items() if above in teams} - teams:
            teams |= more
        known = [place for team in teams for place in self.roster.placed.get(team, ())]
        there = (overlap(place, person.seat) for person, place in known)
        return not known or any(overlap(each, days) for each in there if each)

    def _people(self, team: str | None, days: Days) -> list[tuple[Person, Days]]:
        """Those who are in a team on some of the days, with these days; managers and overlay reps left out."""
        places = ((person, overlap(place, days)) for person, place in self.roster.placed.get(team, ()))
        return [(person, common) for person, common in places if common]
