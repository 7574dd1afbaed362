"""Parameters held against the data: people whom the data does not know, quarters outside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from salesops_lib.parameters.folder import Parameters
from salesops_lib.parameters.reading import KeyPath
from salesops_lib.parameters.wording import did_you_mean
from salesops_lib.wording import day


def check_against_data(
    parameters: Parameters,
    rep_ids: Iterable[str],
    team_ids: Iterable[str],
    first_day: date | None,
    last_day: date,
    tool_ids: Iterable[str] = (),
) -> list[str]:
    """Say what in the parameters the data does not know.

    Args:
        parameters: The checked parameters.
        rep_ids: Every rep id of the data.
        team_ids: Every team id of the data; empty where it has no teams.
        first_day: First day that the data covers; nothing where it holds no date, and no quarter is judged then.
        last_day: Last day that the data covers.
        tool_ids: Every tool id of the data; empty where it has no tools, and no rating is judged then.

    Returns:
        One sentence per problem, with file, line and column; empty where all is well.
    """
    reps, teams, tools = set(rep_ids), set(team_ids), set(tool_ids)
    found = []
    if teams:
        found += [
            _unknown(parameters, "company.yaml", ("teams", team), team, teams, "team")
            for team in parameters.company.teams
        ]
    found += [_unknown(parameters, "company.yaml", path, rep, reps, "rep") for path, rep in _declared_reps(parameters)]
    found += [_unknown(parameters, "tools.yaml", path, tool, tools, "tool") for path, tool in _rated(parameters, tools)]
    for label, quarter in parameters.quarters.items():
        file = f"{label}.yaml"
        if first_day is not None:
            found.append(_quarter_outside(parameters, label, first_day, last_day))
        for team in quarter.quotas.teams:
            found.append(_unknown(parameters, file, ("quotas", "teams", team), team, teams, "team"))
        for rep in quarter.quotas.reps:
            found.append(_unknown(parameters, file, ("quotas", "reps", rep), rep, reps, "rep"))
    return [sentence for sentence in found if sentence]


def _declared_reps(parameters: Parameters) -> Iterator[tuple[KeyPath, str]]:
    """Reps of the block ``rep_comparison``, with the place of each."""
    declared = parameters.company.rep_comparison
    for rep in declared.leads.weights:
        yield ("rep_comparison", "leads", "weights", rep), rep
    for place, rep in enumerate(declared.leaderboard.opted_out):
        yield ("rep_comparison", "leaderboard", "opted_out", place), rep


def _rated(parameters: Parameters, tools: set[str]) -> Iterator[tuple[KeyPath, str]]:
    """Tools that people rated, with the place of each; none where the data has no tools."""
    ratings = parameters.tools.ratings if parameters.tools and tools else {}
    for criterion, by_tool in ratings.items():
        for tool in by_tool:
            yield ("ratings", criterion, tool), tool


def _unknown(parameters: Parameters, file: str, path: KeyPath, key: str, known: set[str], what: str) -> str:
    if key in known:
        return ""
    hint = did_you_mean(key, sorted(known))
    return f"{parameters.place(file, path)}the data has no {what} `{key}`.{hint}"


def _quarter_outside(parameters: Parameters, label: str, first_day: date, last_day: date) -> str:
    """A quarter before the data, or later than the one after it, is a slip of the year."""
    calendar = parameters.calendar
    quarter = calendar.period(label)
    latest = calendar.next(calendar.containing(last_day, "quarter"))
    if quarter.end >= first_day and quarter.start <= latest.end:
        return ""
    return (
        f"{parameters.place(f'{label}.yaml', ('quarter',))}{label} lies outside the data, "
        f"which runs from {day(first_day)} to {day(last_day)}. Is the year right?"
    )
