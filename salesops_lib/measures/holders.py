"""Holders of goals: which quota counts on which day, and to which team each rep's days belong.

The shortest quota that covers a day counts for it. A rep's days belong to the team the rep is in, as bookings belong
to the team of the closing day. What a goal has on days outside the rep's seat goes with the first or the last day in
it: a leaver's full quota stays with the last team, a joiner's with the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import pandas as pd
from ibis import _

from salesops_lib.measures.managers import manager_ids
from salesops_lib.measures.overlay import overlay_ids
from salesops_lib.measures.phasing import DAY, Phasing, Stretch, employment, phasing_of, seats
from salesops_lib.periods import Period

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

Level = Literal["company", "team", "rep"]
Holder = tuple[Level, str]
"""Level and key; the company's key is empty."""
Days = tuple[date, date]
"""A stretch of days, both ends included."""

COMPANY: Holder = ("company", "")
ALWAYS: Days = (date.min, date.max)
SHORTEST_FIRST = ("week", "month", "quarter", "year")


class Stated(NamedTuple):
    """Days on which a quota counts, as no shorter one covers them."""

    days: Days
    span: Period
    amount: Decimal


@dataclass(frozen=True)
class Person:
    """A rep's days: in the seat, and with which team."""

    rep_id: str
    role: str
    seat: Days
    places: tuple[tuple[str | None, Days], ...]
    """All days there are, in stretches by team; none while in no team."""
    load: tuple[Stretch, ...]
    """Shares of the full quota; the whole of it throughout where empty."""


@dataclass(frozen=True)
class Roster:
    """Everybody who may hold a goal."""

    phasing: Phasing
    names: Mapping[Holder, str]
    stated: Mapping[Holder, tuple[Stated, ...]]
    people: Mapping[str, Person]
    beside: frozenset[str]
    """Managers and overlay reps: their quotas stand for money that the quotas of others hold."""
    above: Mapping[str, str]
    """The team above each team that has one."""
    teams: tuple[str, ...]

    placed: Mapping[str | None, tuple[tuple[Person, Days], ...]]
    """Those in each team and in none, with the days they are; those beside left out."""
    levels: frozenset[Level]
    """Levels at which a goal is stated for anyone but those beside."""

    @property
    def sellers(self) -> list[Person]:
        """Everybody whose quota counts in sums."""
        return [person for key, person in self.people.items() if key not in self.beside]

    def stated_in(self, holder: Holder, days: Days) -> list[Stated]:
        """A holder's quotas that count on some of these days, cut to them."""
        cut = ((each, overlap(each.days, days)) for each in self.stated.get(holder, ()))
        return [each._replace(days=common) for each, common in cut if common]

    def amount(self, holder: Holder, stated: Iterable[Stated]) -> Decimal:
        """What the quotas bring on their days, to the cent; days that follow one another add up."""
        load = self.people[holder[1]].load if holder[0] == "rep" else ()
        parts = (
            self.phasing.part(each.amount, each.span, replace(each.span, start=each.days[0], end=each.days[1]), load)
            for each in stated
        )
        return sum(parts, Decimal(0))


def overlap(one: Days, other: Days) -> Days | None:
    """The days in both; nothing where there are none."""
    first, last = max(one[0], other[0]), min(one[1], other[1])
    return (first, last) if first <= last else None


def left_of(days: Days, taken: Iterable[Days]) -> list[Days]:
    """The days that are in none of the stretches taken, in order."""
    left = [days]
    for stretch in taken:
        left = [piece for each in left for piece in _around(each, stretch)]
    return left


def _around(days: Days, taken: Days) -> list[Days]:
    """The days before and after those taken."""
    (start, end), (first, last) = days, taken
    if last < start or end < first:
        return [days]
    before = [(start, first - DAY)] if start < first else []
    after = [(last + DAY, end)] if last < end else []
    return [*before, *after]


def roster_of(crm: Crm) -> Roster:
    """Everybody who may hold a goal in this company."""
    return crm.remember("roster_of", lambda: _roster(crm))


def _roster(crm: Crm) -> Roster:
    phasing = phasing_of(crm)
    stated, stays = _stated(crm), _stays(crm)
    reps = crm.fetch(crm.reps.select("rep_id", "name", role=_.role.fill_null("").lower()).order_by("rep_id"))
    employed, load = employment(crm), seats(crm, phasing.rules)
    roles = dict(zip(reps["rep_id"], reps["role"], strict=True))
    people = {}
    for key in [*roles, *sorted({key for level, key in stated if level == "rep"} - set(roles))]:
        seat = employed.get(key, ALWAYS)
        people[key] = Person(key, roles.get(key, ""), seat, _places(stays.get(key, []), seat), load.get(key, ()))
    teams, above = _teams(crm)
    known = {*teams, *above.values(), *(key for level, key in stated if level == "team")}
    known |= {team for own in stays.values() for team, _days in own}
    names: dict[Holder, str] = {("team", key): name for key, name in teams.items()}
    names |= {("rep", key): name for key, name in zip(reps["rep_id"], reps["name"], strict=True) if pd.notna(name)}
    beside = manager_ids(crm) | overlay_ids(crm)
    placed: dict[str | None, list[tuple[Person, Days]]] = {}
    for person in people.values():
        for team, days in person.places if person.rep_id not in beside else ():
            placed.setdefault(team, []).append((person, days))
    return Roster(
        phasing=phasing, names=names, stated=stated, people=people, beside=beside, above=above,
        teams=tuple(sorted(known)), placed={team: tuple(each) for team, each in placed.items()},
        levels=frozenset(level for level, key in stated if key not in beside),
    )  # fmt: skip


def _stated(crm: Crm) -> dict[Holder, tuple[Stated, ...]]:
    """Every quota on the days on which it counts, by holder."""
    if not crm.has("quotas"):
        return {}
    quotas = crm.quotas.filter(_.measure == "bookings").select("level", "rep_id", "team_id", "period", "amount")
    rows = crm.fetch(quotas.order_by(["level", "rep_id", "team_id", "period"]))
    spans = {label: crm.calendar.period(label) for label in rows["period"].unique()}
    given: dict[Holder, list[tuple[Period, Decimal]]] = {}
    for level, rep, team, label, amount in rows.itertuples(index=False):
        key = {"company": "", "team": team, "rep": rep}[level]
        if pd.notna(key):
            given.setdefault((level, key), []).append((spans[label], Decimal(amount)))
    return {holder: _shortest_first(own) for holder, own in given.items()}


def _shortest_first(given: list[tuple[Period, Decimal]]) -> tuple[Stated, ...]:
    counted: list[Stated] = []
    for span, amount in sorted(given, key=lambda each: SHORTEST_FIRST.index(each[0].kind)):
        free = left_of((span.start, span.end), [each.days for each in counted])
        counted += [Stated(days, span, amount) for days in free]
    return tuple(counted)


def _stays(crm: Crm) -> dict[str, list[tuple[str, Days]]]:
    if not crm.has("team_members"):
        return {}
    rows = crm.fetch(crm.team_members.select("rep_id", "team_id", "from_on", "to_on"))
    stays: dict[str, list[tuple[str, Days]]] = {}
    for rep, team, first, last in rows.itertuples(index=False):
        days = (_day(first, date.min), _day(last, date.max))
        if days[0] <= days[1]:
            stays.setdefault(rep, []).append((team, days))
    return stays


def members_on(crm: Crm, day: object) -> pd.DataFrame:
    """Who belongs to which team on a day: ``rep_id``, ``team_id``."""
    stays = crm.team_members
    here = stays.filter(stays.from_on.isnull() | (stays.from_on <= day), stays.to_on.isnull() | (stays.to_on >= day))
    return crm.fetch(here.select("rep_id", "team_id").distinct().order_by("rep_id"))


def _day(moment: Any, otherwise: date) -> date:
    return otherwise if pd.isna(moment) else moment.date()


def _places(stays: list[tuple[str, Days]], seat: Days) -> tuple[tuple[str | None, Days], ...]:
    """The team of each day; days outside the seat go with the first or last one in it."""
    outside: list[tuple[str | None, Days]] = [(None, days) for days in left_of(ALWAYS, [days for _team, days in stays])]
    everywhere = sorted([*stays, *outside], key=lambda place: place[1])
    seated = [(team, common) for team, days in everywhere if (common := overlap(days, seat))] or everywhere
    seated[0] = seated[0][0], (date.min, seated[0][1][1])
    seated[-1] = seated[-1][0], (seated[-1][1][0], date.max)
    return tuple(seated)


def _teams(crm: Crm) -> tuple[dict[str, str], dict[str, str]]:
    """Names of the teams, and the team above each that has one."""
    if not crm.has("teams"):
        return {}, {}
    rows = crm.fetch(crm.teams.select("team_id", "name", "parent_team_id").order_by("team_id"))
    above = rows.dropna(subset="parent_team_id")
    names = rows["name"].fillna(rows["team_id"])
    return (
        dict(zip(rows["team_id"], names, strict=True)),
        dict(zip(above["team_id"], above["parent_team_id"], strict=True)),
    )
