"""The demo company's people: who sells what, in which team, from when to when.

About 40 people at the end of the data: account executives in four teams, a manager per team, two product specialists.
Three years bring joiners, leavers, two moves between teams and one reorganisation: on 1 July 2025 the team Inside
Sales was dissolved and its reps went to SMB and Mid-Market.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from salesops_lib.data.demo.days import NEVER, Array, Columns, following_weekday, ordinal, stream
from salesops_lib.data.demo.names import people_names

TEAMS = (
    ("REG-AMER", "Americas", "Danielle Okafor", None),
    ("REG-EMEA", "EMEA region", "Stefan Wyss", None),
    ("T-SMB", "SMB", None, "REG-AMER"),
    ("T-MM", "Mid-Market", None, "REG-AMER"),
    ("T-ENT", "Enterprise", None, "REG-AMER"),
    ("T-EMEA", "EMEA", None, "REG-EMEA"),
    ("T-INSIDE", "Inside Sales (until June 2025)", None, "REG-AMER"),
)
"""Team id, name, head who is not a rep, team above."""
TEAM_IDS = tuple(team[0] for team in TEAMS)
SELLING_TEAMS = ("T-SMB", "T-MM", "T-ENT", "T-EMEA", "T-INSIDE")

REORGANISED_ON = date(2025, 7, 1)
"""First day after Inside Sales."""
MOVES = (("T-MM", "T-ENT", 2, date(2025, 3, 3)), ("T-SMB", "T-MM", 1, date(2026, 8, 10)))
"""From team, to team, segment from then on, first day there: the longest-serving rep listed last in the team moves."""
NEW_ENTERPRISE_MANAGER_ON = date(2026, 2, 2)

# Team, segment, region and share of the account executives.
_GROUPS = (
    ("T-SMB", 0, 0, 0.325),
    ("T-MM", 1, 0, 0.265),
    ("T-ENT", 2, 0, 0.205),
    ("T-EMEA", 0, 1, 0.09),
    ("T-EMEA", 1, 1, 0.06),
    ("T-EMEA", 2, 1, 0.055),
)
_VETERAN_SHARE = 0.6
_LEAVER_SHARE = 0.24
AE, MANAGER, SPECIALIST = "account executive", "manager", "product specialist"


@dataclass(frozen=True)
class Staff:
    """The people and their stays in teams; people are numbered in the order of ``rep_ids``."""

    rep_ids: Array
    names: list[str]
    roles: Array
    segment: Array
    """Segment sold to now; -1 for managers and specialists."""
    region: Array
    started: Array
    ended: Array
    """Last day; ``NEVER`` while employed."""
    stays: Columns
    """rep, team, segment, region, start, end (last day; ``NEVER`` if still there), ordered by rep and start."""

    @property
    def selling_stays(self) -> Columns:
        """The stays of account executives."""
        sells = self.roles[self.stays["rep"]] == AE
        return {name: values[sells] for name, values in self.stays.items()}

    def number_of(self, rep_id: str) -> int:
        """The number of a rep, or -1 when the company is too small to have it."""
        found = np.flatnonzero(self.rep_ids == rep_id)
        return int(found[0]) if len(found) else -1

    def stay_at(self, reps: Array, days: Array) -> Array:
        """The row in ``stays`` that holds each rep on each day; the nearest stay for days outside employment."""
        starts = self.stays["rep"] * NEVER + self.stays["start"]
        rows = np.searchsorted(starts, reps * NEVER + days, side="right") - 1
        first = np.searchsorted(self.stays["rep"], reps)
        return np.maximum(rows, first)

    def successor_of(self, reps: Array, variety: Array, days: Array) -> Array:
        """Who takes over from each rep: a long-serving colleague of the same segment and region, by turns."""
        heirs = np.full(len(reps), -1)
        stays = self.stays_on(reps, days)
        veteran = (self.roles == AE) & (self.ended == NEVER) & (self.started < ordinal(date(2023, 1, 1)))
        first = np.searchsorted(self.stays["rep"], np.arange(len(self.rep_ids)))
        settled = self.stays["segment"][first] == self.segment
        keys = stays["segment"] * 2 + stays["region"]
        for key in np.unique(keys):
            pool = np.flatnonzero(veteran & (self.segment == key // 2) & (self.region == key % 2) & settled)
            if not len(pool):
                pool = np.flatnonzero(veteran)
            rows = keys == key
            heirs[rows] = pool[variety[rows] % len(pool)]
        return heirs

    def stays_on(self, reps: Array, days: Array) -> Columns:
        """Team, segment and region of each rep on each day."""
        rows = self.stay_at(reps, days)
        return {name: values[rows] for name, values in self.stays.items()}


def hire_staff(seed: int, n_reps: int) -> Staff:
    """Everybody who ever worked in sales, ``n_reps`` of them still there at the end of the data."""
    rng = stream(seed, "staff")
    n_managers, n_specialists = (4 if n_reps >= 12 else 0), (2 if n_reps >= 20 else 0)
    sellers = _current_sellers(rng, n_reps - n_managers - n_specialists)
    people = [*sellers, *_leavers(rng, len(sellers))]
    if n_managers:
        people += _managers()
    if n_specialists:
        people += [
            (SPECIALIST, "T-ENT", -1, 0, date(2022, 5, 2), None),
            (SPECIALIST, "T-EMEA", -1, 1, date(2024, 3, 4), None),
        ]
    started = np.array([ordinal(person[4]) for person in people])
    ended = np.array([ordinal(person[5]) if person[5] else NEVER for person in people])
    stays = _stays(people, started, ended)
    segment = np.array([person[2] for person in people])
    last = np.searchsorted(stays["rep"], np.arange(len(people)), side="right") - 1
    return Staff(
        rep_ids=np.array([f"R{i + 1:03d}" for i in range(len(people))]),
        names=people_names(len(people)),
        roles=np.array([person[0] for person in people]),
        segment=np.where(segment >= 0, stays["segment"][last], -1),
        region=np.array([person[3] for person in people]),
        started=started,
        ended=ended,
        stays=stays,
    )


Person = tuple[str, str, int, int, date, date | None]
"""Role, team, segment, region, first day, last day."""


def _day(number: float) -> date:
    return date.fromordinal(int(following_weekday(np.array([int(number)]))[0]) + date(1970, 1, 1).toordinal())


def _group_sizes(n: int) -> list[int]:
    """Whole numbers of reps per group, by largest remainder."""
    exact = np.array([share for *_, share in _GROUPS]) * n
    sizes = np.floor(exact).astype(int)
    sizes[np.argsort(sizes - exact, kind="stable")[: n - sizes.sum()]] += 1
    return [int(size) for size in sizes]


def _current_sellers(rng: np.random.Generator, n: int) -> list[Person]:
    """Account executives still employed: three in five since before the data, the others joined one after another."""
    sellers: list[Person] = []
    joiners: list[int] = []
    for (team, segment, region, _), size in zip(_GROUPS, _group_sizes(n), strict=True):
        n_veterans = max(1, round(_VETERAN_SHARE * size)) if size else 0
        for place in range(size):
            if place >= n_veterans:
                joiners.append(len(sellers))
            begun = _day(ordinal(date(2018, 1, 1)) + float(rng.integers(0, 1600)))
            sellers.append((AE, team, segment, region, begun, None))
    # Hiring speeds up towards the end.
    first, span = ordinal(date(2024, 1, 15)), ordinal(date(2026, 6, 15)) - ordinal(date(2024, 1, 15))
    days = (first + span * np.linspace(0, 1, len(joiners)) ** 0.7).astype(int)
    days[-1:] = ordinal(date(2026, 9, 14))
    for who, day in zip(rng.permutation(joiners), days, strict=True):
        sellers[who] = (*sellers[who][:4], _day(day), None)
    return sellers


def _leavers(rng: np.random.Generator, n_sellers: int) -> list[Person]:
    """Account executives who left, spread over the three years; every third had joined only after the data began."""
    n = round(_LEAVER_SHARE * n_sellers)
    last_days = np.linspace(ordinal(date(2024, 2, 16)), ordinal(date(2026, 7, 24)), n).astype(int).tolist()
    cycle = [0, 1, 3, 0, 2, 1, 0, 4]
    leavers: list[Person] = []
    for place, last in enumerate(last_days):
        team, segment, region, _ = _GROUPS[cycle[place % len(cycle)]]
        is_recent = place % 3 == 2
        begun = (
            last - int(rng.integers(260, 420)) if is_recent else ordinal(date(2019, 1, 7)) + int(rng.integers(0, 1300))
        )
        leavers.append((AE, team, segment, region, _day(begun), _day(last)))
    return leavers


def _managers() -> list[Person]:
    return [
        (MANAGER, "T-SMB", -1, 0, date(2019, 6, 3), None),
        (MANAGER, "T-MM", -1, 0, date(2018, 9, 10), None),
        (MANAGER, "T-ENT", -1, 0, NEW_ENTERPRISE_MANAGER_ON, None),
        (MANAGER, "T-EMEA", -1, 1, date(2020, 2, 3), None),
        (MANAGER, "T-ENT", -1, 0, date(2017, 4, 3), date(2026, 1, 30)),
        (MANAGER, "T-INSIDE", -1, 0, date(2021, 3, 1), date(2025, 6, 30)),
    ]


def _stays(people: list[Person], started: Array, ended: Array) -> Columns:
    """One row per person and stay: the start team, then what the reorganisation and the moves made of it."""
    moves = _moves(people, started) if len(people) >= 8 else {}
    rows: list[tuple[int, int, int, int, int, int]] = []
    for rep, (role, team, segment, region, *_) in enumerate(people):
        begin, now, sells = int(started[rep]), TEAM_IDS.index(team), segment
        if (
            role == AE
            and team in ("T-SMB", "T-MM")
            and rep % 3 == 1
            and begin < ordinal(REORGANISED_ON)
            and len(people) >= 8
        ):
            stop = min(int(ended[rep]), ordinal(REORGANISED_ON) - 1)
            rows.append((rep, TEAM_IDS.index("T-INSIDE"), segment, region, begin, stop))
            begin = stop + 1
        if rep in moves:
            new_team, new_segment, day = moves[rep]
            rows.append((rep, now, sells, region, begin, ordinal(day) - 1))
            begin, now, sells = ordinal(day), TEAM_IDS.index(new_team), new_segment
        if begin <= ended[rep]:
            rows.append((rep, now, sells, region, begin, int(ended[rep])))
    columns = np.array(rows, dtype=np.int64).T
    return dict(zip(("rep", "team", "segment", "region", "start", "end"), columns, strict=True))


def _moves(people: list[Person], started: Array) -> dict[int, tuple[str, int, date]]:
    """Who moves where and when; people who were in Inside Sales stay put."""
    moves = {}
    for source, target, segment, day in MOVES:
        movers = [
            rep
            for rep, (role, team, *_, last) in enumerate(people)
            if role == AE
            and team == source
            and last is None
            and rep % 3 != 1
            and started[rep] < ordinal(date(2023, 1, 1))
        ]
        if len(movers) > 1:
            moves[movers[-1]] = (target, segment, day)
    return moves
