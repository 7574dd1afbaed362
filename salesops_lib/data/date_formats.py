"""Formats of dates that company.yaml declares: which values do they speak of, and do they fit what the column holds?

A declared format reads the values that are written like it and nothing else of that writing; values that are written
otherwise are judged as if nothing were declared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from salesops_lib.data.date_macros import EPOCHS, SERIAL
from salesops_lib.data.date_writings import Column
from salesops_lib.wording import count, day

EXCEL = "excel"
"""Declares Excel's day numbers."""

_TIMES = re.compile(r"%-?[HIMSfgnpcXT]")
_ZONES = re.compile(r"%[zZ]")


@dataclass(frozen=True)
class Declared:
    """A declared format."""

    pattern: str
    writing: str
    """The writing whose values it speaks of, "" where that is none that could be judged."""

    @property
    def names_zone(self) -> bool:
        """Whether what it reads is a moment of UTC."""
        return self.pattern in EPOCHS or bool(_ZONES.search(self.pattern))

    @property
    def has_time(self) -> bool:
        """Whether what it reads has a time of day."""
        return self.pattern in EPOCHS or bool(_TIMES.search(self.pattern))

    def moment(self, text: str, parameter: str) -> str:
        """SQL of a text as the moment it is, missing where it is not written so; a parameter holds the pattern."""
        if self.pattern in EPOCHS:
            is_number = rf"regexp_matches({text}, '^-?\d+$')"
            return f"CASE WHEN {is_number} THEN epoch_moment({text}, {EPOCHS[self.pattern][1]}) END"
        if self.pattern == EXCEL:
            return f"serial_moment(TRY_CAST({text} AS DOUBLE))"
        parsed = f"plausible(try_strptime({text}, {parameter})::TIMESTAMP)"
        if "%Y" not in self.pattern:
            return parsed
        # DuckDB takes 17 for the year 17 where four digits are declared.
        return rf"CASE WHEN regexp_matches({text}, '\d{{4}}') THEN {parsed} END"


def declared_formats(column: Column, patterns: tuple[str, ...]) -> tuple[Declared, ...]:
    """The declared formats of a column; what is wrong with one is noted."""
    found = tuple(Declared(pattern, _writing_of(column, pattern)) for pattern in patterns)
    for place, declared in enumerate(found):
        column.bound[f"pattern{place}"] = declared.pattern
        _refuse_unlike(column, declared, _moment(place, declared))
    for place, one in enumerate(found):
        for earlier, other in enumerate(found[:place]):
            _refuse_both(column, (other, one), (_moment(earlier, other), _moment(place, one)))
    unread = " AND ".join(f"{_moment(place, declared)} IS NULL" for place, declared in enumerate(found))
    own = ", ".join(f"'{declared.writing}'" for declared in found)
    column.left = f"{unread} AND w NOT IN ({own})" if found else "true"
    return found


def _moment(place: int, declared: Declared) -> str:
    return declared.moment("v", f"$pattern{place}")


def _writing_of(column: Column, pattern: str) -> str:
    """The writing of what a format writes."""
    if pattern in EPOCHS:
        return pattern
    if pattern == EXCEL:
        return SERIAL
    sample = {"v": _sample(column, pattern)}
    return str(column.workshop.row("SELECT writing_of(v, date_parts(v)) FROM (SELECT $v AS v)", sample)[0])


def _sample(column: Column, pattern: str) -> str:
    """How a format writes the last minute of 2026."""
    return str(column.workshop.row("SELECT strftime(TIMESTAMP '2026-12-31 23:59:00', $p)", {"p": pattern})[0])


def _refuse_unlike(column: Column, declared: Declared, moment: str) -> None:
    """Note that a format fits no value."""
    n, n_read, example = column.workshop.row(
        f"SELECT count(*), count({moment}), arg_min(v, first) FROM {column.values()}", column.bound
    )
    if not n or n_read:
        return
    pattern = declared.pattern
    told = f", which writes 31 December 2026 as `{_sample(column, pattern)}`" if "%" in pattern else ""
    is_timed = ":" in example and not declared.has_time
    advice = "The values carry a time of day: add it, like `%H:%M`" if is_timed else "Change the format"
    column.problems.append(
        f"{column.place}: no value is written like `date_format: {pattern}` says{told}; the column holds `{example}`. "
        f"{advice}, or take the format out to have it found."
    )


def _refuse_both(column: Column, both: tuple[Declared, Declared], moments: tuple[str, str]) -> None:
    """Note that two formats read the same value as different days."""
    one, other = moments
    n, example, *days = column.workshop.row(
        f"SELECT sum(n)::BIGINT, arg_min(v, first), arg_min({one}, first), arg_min({other}, first) "
        f"FROM {column.values()} WHERE {one} <> {other}",
        column.bound,
    )
    if n:
        column.problems.append(
            f"{column.place}: `date_format` lists `{both[0].pattern}` and `{both[1].pattern}`, and both read "
            f"{count(n, 'value')} like `{example}`, as {day(days[0].date())} and as {day(days[1].date())}. Keep one."
        )
