"""In which order does a column write day, month and year? Each way of writing in it is judged by itself.

One value alone cannot tell 3 April from 4 March; its writing mostly can, since some day is past the 12th. A writing
that cannot is refused, never guessed, and never decided by values that are written otherwise: a spreadsheet may have
rewritten some of them. A year of four digits in front, a named month and Excel's day numbers say their order.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

from salesops_lib.data.date_macros import COMPACT, EPOCHS, NAMED, SERIAL, SHORT, YEAR_FIRST, YEAR_LAST
from salesops_lib.data.store import Workshop
from salesops_lib.wording import count, day

Order = Literal["day first", "month first", "year first", "day last but one"]

_ORDERS: dict[str, tuple[Order, ...]] = {
    YEAR_LAST: ("day first", "month first"),
    SHORT: ("day first", "month first", "year first"),
    YEAR_FIRST: ("year first", "day last but one"),
}
_FORMATS: dict[Order, str] = {
    "day first": "%d{0}%m{1}{year}",
    "month first": "%m{0}%d{1}{year}",
    "year first": "{year}{0}%m{1}%d",
    "day last but one": "{year}{0}%d{1}%m",
}

EARLY_SHARE = 12 / 30.4
"""Share of days up to the 12th, which a spreadsheet can read in either order."""

ODD_SHARE = 0.1
"""A share of days of another order that are no slips of the pen."""

BY_CHANCE = 0.01
"""Where chance would part the days of a column so with a lower probability, a spreadsheet has done it."""

A_FILE = 1 << 40
"""Lines of a file at the most, so that file and line make one number."""


@dataclass(frozen=True)
class Writing:
    """The values of a column that are written alike."""

    name: str
    n_rows: int
    n_read: int
    """Rows that some order reads."""
    first: int
    """File and line of the first."""
    example: str
    misses: dict[Order, int]
    """Values that some order reads, but this one does not."""
    clashes: dict[tuple[Order, Order], int]
    """Values that two orders read as different days."""
    n_early: int
    """Days up to the 12th: those that another order could read."""
    n_late: int

    @property
    def orders(self) -> tuple[Order, ...]:
        """Orders in which a writing of this kind can stand."""
        return next((orders for kind, orders in _ORDERS.items() if self.name.endswith(kind)), ("year first",))

    @property
    def says_its_order(self) -> bool:
        """Whether a value alone can be read."""
        return self.name in (COMPACT, NAMED, SERIAL) or self.name.endswith(YEAR_FIRST)

    def possible(self) -> list[Order]:
        """Orders that read every value that can be read at all."""
        return [order for order in self.orders if not self.misses[order]]

    def format_in(self, order: Order) -> str:
        """The format to declare for an order."""
        return _FORMATS[order].format(*self.name[:2], year="%y" if self.name.endswith(SHORT) else "%Y")


@dataclass(frozen=True)
class Doubt:
    """Days up to the 12th stand in one writing, those past it in another, as spreadsheets leave them."""

    early: Writing
    late: Writing

    @property
    def chance(self) -> float:
        """How often chance would part the days so."""
        return float(EARLY_SHARE**self.early.n_early * (1 - EARLY_SHARE) ** self.late.n_late)


@dataclass
class Column:
    """A column of dates that is being judged: where it stands, and what is wrong with it."""

    workshop: Workshop
    relation: str
    text: str
    """SQL of a value as text."""
    place: str
    """How messages name the column, with its files."""
    files: Sequence[str]
    bound: dict[str, object] = field(default_factory=dict)
    left: str = "true"
    """Values that no declared format speaks of, as a condition on ``v`` and ``w``."""
    problems: list[str] = field(default_factory=list)

    def values(self, raw: str = "NULL") -> str:
        """SQL of the distinct values ``v`` with their rows ``n``, the first of them, parts ``p`` and writing ``w``."""
        return (
            "(SELECT *, writing_of(v, p) AS w FROM (SELECT *, date_parts(v) AS p FROM "
            f"(SELECT {self.text} AS v, {raw} AS raw, count(*) AS n, min(file_no::BIGINT * {A_FILE} + line) AS first "
            f"FROM {self.relation} WHERE {self.text} IS NOT NULL GROUP BY ALL)))"
        )

    def where(self, first: int) -> str:
        """File and line of a row, as an aside."""
        file, line = divmod(first, A_FILE)
        return f"line {line:,} of {self.files[file]}" if len(self.files) > 1 else f"line {line:,}"


def survey(column: Column) -> list[Writing]:
    """The writings of a column, those with most rows first."""
    orders: tuple[Order, ...] = ("day first", "month first", "year first", "day last but one")
    moments = ", ".join(f"written_moment(p, '{order}') AS o{place}" for place, order in enumerate(orders))
    misses = ", ".join(f"count(*) FILTER (readable AND o{place} IS NULL)" for place in range(len(orders)))
    pairs = list(combinations(range(len(orders)), 2))
    clashes = ", ".join(f"count(*) FILTER (o{one} <> o{other})" for one, other in pairs)
    is_early = (
        f"CASE WHEN w LIKE '%{YEAR_LAST}' OR w LIKE '%{SHORT}' THEN (o0 IS NOT NULL AND o1 IS NOT NULL) "
        "ELSE day(coalesce(o0, serial)) <= 12 END"
    )
    rows = column.workshop.rows(
        f"SELECT w, sum(n)::BIGINT, coalesce(sum(n) FILTER (readable), 0)::BIGINT, min(first), arg_min(v, first), "
        f"count(DISTINCT read::DATE) FILTER (is_early), count(DISTINCT read::DATE) FILTER (NOT is_early), "
        f"{misses}, {clashes} FROM (SELECT *, coalesce(o0, o1, o2, o3, serial) AS read, read IS NOT NULL AS readable, "
        f"{is_early} AS is_early FROM (SELECT *, {moments}, "
        f"CASE WHEN w = '{SERIAL}' THEN serial_moment(TRY_CAST(v AS DOUBLE)) END AS serial "
        f"FROM {column.values()} WHERE {column.left})) GROUP BY w ORDER BY 2 DESC, w",
        column.bound,
    )
    return [
        Writing(
            name,
            n_rows,
            n_read,
            first,
            example,
            dict(zip(orders, counts[: len(orders)], strict=True)),
            {(orders[one], orders[other]): n for (one, other), n in zip(pairs, counts[len(orders) :], strict=True)},
            n_early,
            n_late,
        )
        for name, n_rows, n_read, first, example, n_early, n_late, *counts in rows
    ]


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
    differ = [f"written_moment(p, '{one}') <> written_moment(p, '{other}')" for one, other in combinations(possible, 2)]
    named = ", ".join(f"written_moment(p, '{order}')" for order in possible)
    example, *moments = column.workshop.row(
        f"SELECT v, {named} FROM {column.values()} WHERE w = $writing AND ({column.left}) AND ({' OR '.join(differ)}) "
        "ORDER BY v LIMIT 1",
        {**column.bound, "writing": writing.name},
    )
    days = " or as ".join(day(moment.date()) for moment in moments)
    formats = " or ".join(f'`date_format: "{writing.format_in(order)}"` ({order})' for order in possible)
    listed = " to the list of formats there" if column.bound else " to the column"
    column.problems.append(
        f"{column.place}: {count(writing.n_read, 'date')} like `{example}` (the first of them on "
        f"{column.where(writing.first)}) can be read as {days}, and no value that is written so decides which. Say so "
        f"in company.yaml: add {formats}{listed}."
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
