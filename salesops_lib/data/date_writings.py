"""In how many ways does a column write its dates, and which orders of day, month and year does each way allow?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

from salesops_lib.data.date_macros import COMPACT, NAMED, SERIAL, SHORT, YEAR_FIRST, YEAR_LAST
from salesops_lib.data.store import Workshop

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

    def declared_with(self, pattern: str) -> str:
        """The line that declares one more format."""
        patterns = [f'"{each}"' for each in (*self.bound.values(), pattern)]
        listed = ", ".join(patterns)
        return f"date_format: {listed}" if len(patterns) == 1 else f"date_format: [{listed}]"

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
