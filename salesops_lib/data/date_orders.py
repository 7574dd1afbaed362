"""In which order does a column write day, month and year? Each way of writing in it is judged by itself.

One value alone cannot tell 3 April from 4 March; its writing mostly can, since some day is past the 12th. A writing
that cannot is refused, never guessed, and never decided by values that are written otherwise: a spreadsheet may have
rewritten some of them. A year of four digits in front, a named month and Excel's day numbers say their order.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

from salesops_lib.data.date_macros import COMPACT, EPOCHS, NAMED, SERIAL, YEAR_FIRST
from salesops_lib.data.date_writings import Column, Order, Writing
from salesops_lib.wording import count, day

EARLY_SHARE = 12 / 30.4
"""Share of days up to the 12th, which a spreadsheet can read in either order."""

ODD_SHARE = 0.1
"""A share of days of another order that are no slips of the pen."""

BY_CHANCE = 0.01
"""Where chance would part the days of a column so with a lower probability, a spreadsheet has done it."""


@dataclass(frozen=True)
class Doubt:
    """Days up to the 12th stand in one writing, those past it in another, as spreadsheets leave them."""

    early: Writing
    late: Writing

    @property
    def chance(self) -> float:
        """How often chance would part the days so."""
        return float(EARLY_SHARE**self.early.n_early * (1 - EARLY_SHARE) ** self.late.n_late)


def judge(column: Column, writing: Writing) -> Order:
    """The order of a writing; where nothing in it decides, a problem is noted that says what to declare."""
    possible = writing.possible()
    if writing.name in EPOCHS:
        _refuse_clock(column, writing)
    elif writing.name.endswith(YEAR_FIRST):
        # Nobody writes day before month behind the year, unless what could tell says so; one slip does not.
        n_odd = writing.misses["year first"]
        is_slip = n_odd <= max(1, ODD_SHARE * (writing.n_early + writing.n_late))
        if not is_slip and not writing.misses["day last but one"]:
            _refuse_undecided(column, writing, writing.orders)
        return "year first"
    elif not writing.n_read or writing.says_its_order:
        return "year first"
    elif not possible:
        _refuse_contradiction(column, writing)
    elif any(writing.clashes[pair] for pair in combinations(possible, 2)):
        _refuse_undecided(column, writing, possible)
    return possible[0] if possible else writing.orders[0]


def doubts(writings: Sequence[Writing], declared: Collection[str]) -> list[Doubt]:
    """Pairs of writings that part a column's days at the 12th, unless the early one is declared."""
    return [
        Doubt(early, late)
        for early in writings
        if early.says_its_order and early.n_early and not early.n_late and early.name not in declared
        for late in writings
        if not late.says_its_order and late.n_late and not late.n_early
    ]


def refuse_doubt(column: Column, doubt: Doubt) -> None:
    """Note that a spreadsheet has rewritten a part of the column."""
    early, late = doubt.early, doubt.late
    formats = " or ".join(
        f'`date_format: ["{late.format_in(order)}", "{_format_of(early)}"]`' for order in late.possible()
    )
    column.problems.append(
        f"{column.place}: all {count(early.n_read, 'date')} like `{early.example}` are of the 1st to 12th, and all "
        f"{count(late.n_read, 'date')} like `{late.example}` of later days. A spreadsheet leaves a column so when it "
        "swaps day and month where it can and keeps the rest as text. Export the file again and do not save it from a "
        f"spreadsheet. If all are right as they stand, declare both in company.yaml: {formats}."
    )


def _format_of(writing: Writing) -> str:
    """The format to declare for a writing that says its order."""
    known = {COMPACT: "%Y%m%d", NAMED: "%d %b %Y", SERIAL: "excel"}
    bare = known.get(writing.name) or writing.format_in("year first")
    return f"{bare} %H:%M:%S" if ":" in writing.example else bare


def _refuse_clock(column: Column, writing: Writing) -> None:
    digits, ticks = EPOCHS[writing.name]
    moment = column.workshop.row("SELECT epoch_moment($v, $ticks)", {"v": writing.example, "ticks": ticks})[0]
    if moment is None or not 1970 < moment.year < 2100:
        return
    unit = {1: "seconds", 1_000: "milliseconds", 1_000_000: "microseconds"}.get(ticks, "nanoseconds")
    column.problems.append(
        f"{column.place}: {count(writing.n_rows, 'number')} of {digits} digits like `{writing.example}` "
        f"({column.where(writing.first)}) look like {unit} since 1970; that one is {day(moment.date())}, "
        f"{moment:%H:%M} UTC. If so, add `date_format: {writing.name}` to the column in company.yaml."
    )


def _refuse_undecided(column: Column, writing: Writing, possible: Sequence[Order]) -> None:
    """Note that no value of a writing decides between some orders."""
    pairs = combinations(possible, 2)
    differ = " + ".join(f"(written_moment(p, '{one}') <> written_moment(p, '{other}'))::INT" for one, other in pairs)
    named = ", ".join(f"written_moment(p, '{order}')" for order in possible)
    example, *moments = column.workshop.row(
        f"SELECT v, {named} FROM {column.values()} WHERE w = $writing AND ({column.left}) AND {differ} > 0 "
        f"ORDER BY {differ} DESC, v LIMIT 1",
        {**column.bound, "writing": writing.name},
    )
    days = " or as ".join(day(moment.date()) for moment in moments)
    formats = " or ".join(f"`{column.declared_with(writing.format_in(order))}` ({order})" for order in possible)
    column.problems.append(
        f"{column.place}: {count(writing.n_read, 'date')} like `{example}` (the first of them on "
        f"{column.where(writing.first)}) can be read as {days}, and no value that is written so decides which. Say so "
        f"in company.yaml: add {formats} to the column."
    )


def _refuse_contradiction(column: Column, writing: Writing) -> None:
    """Note that a writing holds values of different orders."""
    found = []
    for order in writing.orders:
        others = " OR ".join(f"written_moment(p, '{other}') IS NOT NULL" for other in writing.orders if other != order)
        n, example = column.workshop.row(
            f"SELECT sum(n)::BIGINT, arg_min(v, first) FROM {column.values()} WHERE w = $writing AND ({column.left}) "
            f"AND written_moment(p, '{order}') IS NULL AND ({others})",
            {**column.bound, "writing": writing.name},
        )
        found.append(f"{count(n, 'value')} cannot be {order}, like `{example}`")
    formats = " or ".join(f'`date_format: "{writing.format_in(order)}"`' for order in writing.orders)
    column.problems.append(
        f"{column.place}: dates that are written alike, the first on {column.where(writing.first)}, have day, month "
        f"and year in different orders: {'; '.join(found)}. Export the file again with one way of writing, or say "
        f"which one holds: add {formats} to the column in company.yaml; rows that do not fit are then set aside."
    )
