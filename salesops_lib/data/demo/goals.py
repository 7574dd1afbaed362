"""The demo company's quotas: per rep, team and company and quarter.

A rep's quota is the segment's, times season and year, times the share of the quarter employed and ramped: what stands
in the table is the goal as agreed, already prorated. Team and company goals are the sums of what their reps carry, part
by part where a rep changes team within the quarter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from salesops_lib.data.demo.days import Array, Columns, month_start
from salesops_lib.data.demo.demand import ramp_share
from salesops_lib.data.demo.market import SEGMENTS
from salesops_lib.data.demo.people import TEAM_IDS, TEAMS, Staff

QUARTERS = tuple(f"{year}-Q{q}" for year in range(2023, 2027) for q in range(1, 5))[3:]
"""Every quarter with goals: from 2023-Q4 to the one the data ends in."""

_QUARTER_SHAPE = (0.24, 0.255, 0.24, 0.265)
_QUOTA_GROWTH = {2023: 0.85, 2024: 0.88, 2025: 0.94, 2026: 1.0}
_STEP = 50_000
"""Cents; quotas are set in steps of $500."""

PLAN_STRETCH: Mapping[tuple[str, str], float] = {
    ("2026-Q3", "T-SMB"): 0.95,
    ("2026-Q3", "T-MM"): 0.95,
    ("2026-Q3", "T-ENT"): 0.95,
    ("2026-Q3", "T-EMEA"): 0.95,
}
"""How much more or less than usual a team was asked for in a quarter."""


@dataclass(frozen=True)
class Goals:
    """The goals of one quarter in cents, by id; a seller who joined in its last six weeks has none yet."""

    quarter: str
    company: int
    teams: dict[str, int]
    reps: dict[str, int]


def quarter_days(label: str) -> tuple[int, int]:
    """First and last day of a calendar quarter."""
    first_month = (int(label[:4]) - 1970) * 12 + (int(label[-1]) - 1) * 3
    first, after = month_start(np.array([first_month, first_month + 3]))
    return int(first), int(after) - 1


def demo_goals(staff: Staff, quarter: str) -> Goals:
    """The goals of a quarter, as agreed with the people employed in it."""
    first, last = quarter_days(quarter)
    stays = staff.selling_stays
    begin, end = np.maximum(stays["start"], first), np.minimum(stays["end"], last)
    here = (begin <= end) & (staff.started[stays["rep"]] <= last - 42)
    stays = {name: values[here] for name, values in stays.items()}
    cents = _stay_quotas(staff, stays, begin[here], end[here], quarter)
    reps = _totals(stays["rep"], cents, staff.rep_ids)
    teams = _totals(stays["team"], cents, np.array(TEAM_IDS))
    return Goals(quarter, int(cents.sum()), teams, reps)


def _stay_quotas(staff: Staff, stays: Columns, begin: Array, end: Array, quarter: str) -> Array:
    first, last = quarter_days(quarter)
    yearly = np.array([segment.yearly_quota for segment in SEGMENTS])[stays["segment"]] * 100
    full = yearly * _QUARTER_SHAPE[int(quarter[-1]) - 1] * _QUOTA_GROWTH[int(quarter[:4])]
    stretch = np.array([PLAN_STRETCH.get((quarter, team), 1.0) for team in TEAM_IDS])[stays["team"]]
    employed = (end - begin + 1) / (last - first + 1)
    lag = np.array([segment.ramp_lag_days for segment in SEGMENTS])[stays["segment"]]
    ramp = ramp_share((begin + end) / 2 - staff.started[stays["rep"]] - lag)
    quotas: Array = np.maximum(np.rint(full * stretch * employed * ramp / _STEP), 1).astype(np.int64) * _STEP
    return quotas


def _totals(keys: Array, cents: Array, ids: Array) -> dict[str, int]:
    return {str(ids[key]): int(cents[keys == key].sum()) for key in np.unique(keys)}


def quotas_block(staff: Staff, quarter: str) -> str:
    """The goals of a quarter as the ``quotas:`` block of its YAML, with names as comments."""
    goals = demo_goals(staff, quarter)
    teams = {team[0]: team[1] for team in TEAMS}
    people = dict(zip(staff.rep_ids.tolist(), staff.names, strict=True))
    lines = ["quotas:", f"  company: {goals.company // 100:_}", "  teams:"]
    lines += [f"    {team}: {cents // 100:_}".ljust(27) + f"# {teams[team]}" for team, cents in goals.teams.items()]
    lines.append("  reps:")
    lines += [f"    {rep}: {cents // 100:_}".ljust(27) + f"# {people[rep]}" for rep, cents in goals.reps.items()]
    return "\n".join(lines) + "\n"


def quota_rows(staff: Staff) -> list[tuple[str, str | None, str | None, str, int]]:
    """All goals as rows: level, rep, team, quarter, cents."""
    rows: list[tuple[str, str | None, str | None, str, int]] = []
    for quarter in QUARTERS:
        goals = demo_goals(staff, quarter)
        rows.append(("company", None, None, quarter, goals.company))
        rows += [("team", None, team, quarter, cents) for team, cents in goals.teams.items()]
        rows += [("rep", rep, None, quarter, cents) for rep, cents in goals.reps.items()]
    return rows
