"""What the demo company's sales tools cost, who has a seat, who uses it and what people think of it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from salesops_lib.data.demo.days import NEVER, Array, Columns, ordinal, stack, stream, take
from salesops_lib.data.demo.people import AE, TEAM_IDS, Staff
from salesops_lib.data.demo.toolbox import DEMO_TOOLS, Tool
from salesops_lib.data.demo.truths import AS_OF, FIRST_DAY, DemoTruths

_COST_KINDS = ("licence", "implementation", "training", "integration", "internal_time")
SURVEYS = (date(2025, 6, 16), date(2026, 6, 15))
QUESTIONS = (*(f"sus_{i}" for i in range(1, 11)), "csat", "nps")


def tool_costs(staff: Staff) -> list[tuple[str, str, date, date, int]]:
    """Cost items: tool, kind, first and last day, cents; licences and own time by contract year."""
    rows: list[tuple[str, str, date, date, int]] = []
    n_sellers = int(((staff.roles == AE) & (staff.ended == NEVER)).sum())
    n_all = int((staff.ended == NEVER).sum())
    for tool in DEMO_TOOLS:
        holders = (n_all if tool.is_for_all else n_sellers) + tool.seats
        for begin, end in _contract_years(tool):
            years_ago = tool.renewal_on.year - 1 - begin.year
            price = tool.seat_price * 0.96**years_ago
            rows.append((tool.tool_id, "licence", begin, end, round(holders * price) * 100))
            if tool.internal_hours_cost:
                rows.append((tool.tool_id, "internal_time", begin, end, tool.internal_hours_cost * 100))
        for kind, dollars in tool.one_off.items():
            rows.append(
                (tool.tool_id, kind, tool.rolled_out_on, tool.rolled_out_on + timedelta(days=60), dollars * 100)
            )
    return sorted(rows, key=lambda row: (row[0], _COST_KINDS.index(row[1]), row[2]))


def _contract_years(tool: Tool) -> list[tuple[date, date]]:
    """Years of the contract that end after the data began and start before it was taken."""
    years = []
    end = tool.renewal_on
    while end >= FIRST_DAY and end >= tool.rolled_out_on:
        previous = _year_before(end)
        years.append((max(previous + timedelta(days=1), tool.rolled_out_on), end))
        end = previous
    return [(begin, end) for begin, end in reversed(years) if begin <= AS_OF]


def _year_before(day: date) -> date:
    return date(day.year - 1, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def tool_seats(staff: Staff, truths: DemoTruths) -> Columns:
    """Seats: tool, rep (-1 while provisioned only), first and last day."""
    parts = []
    for number, tool in enumerate(DEMO_TOOLS):
        eligible = np.ones(len(staff.rep_ids), dtype=bool) if tool.is_for_all else staff.roles == AE
        begin = np.maximum(_available(staff, tool, truths), staff.started)
        end = np.full(len(eligible), NEVER) if tool.keeps_leavers else staff.ended
        rows = np.flatnonzero(eligible & (begin <= np.minimum(staff.ended, ordinal(AS_OF))))
        spare = np.full(tool.seats if len(staff.rep_ids) >= 20 else 1, ordinal(tool.rolled_out_on))
        parts.append(
            {
                "tool": np.full(len(rows) + len(spare), number),
                "rep": np.r_[rows, np.full(len(spare), -1)],
                "start": np.r_[begin[rows], spare],
                "end": np.r_[end[rows], np.full(len(spare), NEVER)],
            }
        )
    return stack(parts)


def _available(staff: Staff, tool: Tool, truths: DemoTruths) -> Array:
    """First day on which each person could use a tool: its roll-out, or that of the person's team."""
    day = np.full(len(staff.rep_ids), ordinal(tool.rolled_out_on))
    if not tool.is_staggered or not truths.tool_rollouts:
        return day
    day[:] = NEVER
    stays = staff.stays
    for team_id, rolled_out_on in truths.tool_rollouts.items():
        in_team = (stays["team"] == TEAM_IDS.index(team_id)) & (stays["end"] >= ordinal(rolled_out_on))
        first = np.maximum(stays["start"][in_team], ordinal(rolled_out_on))
        np.minimum.at(day, stays["rep"][in_team], first)
    return day


def tool_usage(seed: int, staff: Staff, seats: Columns) -> Columns:
    """Use by tool, rep and week: week (its Monday) and number of actions; weeks without use have no row."""
    rng = stream(seed, "tool usage")
    used = np.array([tool.used_share for tool in DEMO_TOOLS])
    actions = np.array([tool.actions for tool in DEMO_TOOLS])
    held = take(seats, seats["rep"] >= 0)
    last_day = np.minimum(np.minimum(held["end"], staff.ended[held["rep"]]), ordinal(AS_OF))
    first_monday = _monday(np.maximum(held["start"], ordinal(FIRST_DAY) + 1))
    n_weeks = np.maximum((_monday(last_day) - first_monday) // 7 + 1, 0)
    n_weeks = np.where(held["start"] > last_day, 0, n_weeks)
    # Some people hardly touch a tool, others live in it.
    habit = np.clip(used[held["tool"]] + 0.18 * rng.normal(size=len(n_weeks)), 0.02, 0.99)
    row = np.repeat(np.arange(len(n_weeks)), n_weeks)
    week = first_monday[row] + 7 * (np.arange(len(row)) - np.repeat(n_weeks.cumsum() - n_weeks, n_weeks))
    count = rng.poisson(actions[held["tool"][row]] * rng.lognormal(0.0, 0.3, len(row)))
    keep = (rng.random(len(row)) < habit[row]) & (count > 0)
    rows = {"tool": held["tool"][row], "rep": held["rep"][row], "week": week, "count": count}
    return take(rows, keep)


def _monday(days: Array) -> Array:
    monday: Array = days - (days + 3) % 7
    return monday


def tool_survey(seed: int, staff: Staff, seats: Columns) -> Columns:
    """Answers of seat holders: tool, rep, day, question and score; 12 to 30 people answer about each tool."""
    rng = stream(seed, "tool survey")
    parts = []
    for day in SURVEYS:
        for number, tool in enumerate(DEMO_TOOLS):
            held = (seats["tool"] == number) & (seats["rep"] >= 0) & (seats["start"] < ordinal(day) - 30)
            holders = seats["rep"][held]
            holders = holders[staff.ended[holders] > ordinal(day)]
            wanted = int(rng.integers(12, 31))
            people = np.sort(rng.permutation(holders)[:wanted])
            parts.append(_answers(rng, number, people, ordinal(day), tool.mood))
    return stack(parts)


def _answers(rng: np.random.Generator, tool: int, people: Array, day: int, mood: float) -> Columns:
    """All twelve answers of each person; even SUS items are worded so that agreeing is bad."""
    n = len(people)
    liking = mood + 0.55 * rng.normal(size=(n, 1))
    wording = np.array([1, -1] * 5)
    sus = np.clip(np.rint(3 + wording * liking + 0.75 * rng.normal(size=(n, 10))), 1, 5)
    csat = np.clip(np.rint(3.2 + 0.9 * liking + 0.5 * rng.normal(size=(n, 1))), 1, 5)
    nps = np.clip(np.rint(6.2 + 2.2 * liking + 1.2 * rng.normal(size=(n, 1))), 0, 10)
    return {
        "tool": np.full(n * 12, tool),
        "rep": np.repeat(people, 12),
        "day": np.full(n * 12, day),
        "question": np.tile(np.arange(12), n),
        "score": np.hstack([sus, csat, nps]).astype(np.int64).ravel(),
    }
