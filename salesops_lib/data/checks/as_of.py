"""As of when does the data speak? Its newest change tells, unless that stands ahead of all others.

Planned activities tell nothing, and a lost deal often keeps the day on which it was expected to close: neither moves
the company's day beyond what else happened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from salesops_lib.data.checks.rules import Import
from salesops_lib.parameters.source import DemoSource
from salesops_lib.wording import count, day

Change = tuple[str, str, str]
"""Table, column, rows that count."""

LOST: Change = ("opportunities", "closed_on", "r.status = 'lost'")
CHANGES: tuple[Change, ...] = (
    ("opportunities", "created_on", "true"),
    ("opportunities", "closed_on", "r.status = 'won'"),
    ("stage_history", "changed_at", "true"),
    ("leads", "created_at", "true"),
)
"""Where a change of the data shows."""

FEW_ROWS, FEW_SHARE = 2, 0.01
"""At most so many changes, or such a share of all, stand ahead of the rest by a slip of the pen."""

RHYTHM_DAYS = 60
"""The last so many days with a change tell how long the company is silent now and then."""

LONGER = 3
"""A gap so many times the longest silence is none of the company's own."""

LEAST_GAPS = ((20, 31), (5, 92), (1, 1096))
"""With so many days of changes, a gap of fewer days proves nothing."""

LATE_LOSS_DAYS = 31
"""A loss may be the last thing that happened by so many days, or by the company's longest silence."""


def find_as_of(imported: Import) -> None:
    """Take ``as_of`` as declared, or else the newest change in the data."""
    source = imported.parameters.company.source
    if isinstance(source, DemoSource):
        from salesops_lib.data.demo import AS_OF

        imported.as_of = AS_OF
    elif source.as_of is not None:
        imported.as_of = source.as_of
    else:
        _infer(imported)


def _infer(imported: Import) -> None:
    changes, lost = _days(imported, CHANGES), _days(imported, (LOST,))
    if not changes and not lost:
        imported.as_of = date(1970, 1, 1)
        imported.report(
            "as of",
            "error",
            "opportunities",
            "closed_on",
            0,
            "No table holds a date, so no report can be made.",
            "Map `closed_on` and `created_on` of `opportunities`, or declare `as_of` under `source:`.",
        )
        return
    known = changes or lost
    rest = last_of_the_rest(known) or max(known)
    limit = rest + timedelta(days=max(LATE_LOSS_DAYS, longest_silence(d for d in known if d <= rest)))
    imported.as_of = max([rest, *(d for d in lost if d <= limit)])
    ahead = [each for each in (*CHANGES, LOST) if (_newest(imported, each) or date.min) > imported.as_of]
    for change in ahead:
        _refuse(imported, change)
    if not ahead:
        table, column, _ = next(each for each in (*CHANGES, LOST) if _newest(imported, each) == imported.as_of)
        imported.report(
            "as of",
            "pass",
            table,
            column,
            0,
            f"The data is taken to speak as of {day(imported.as_of)}, the newest date in `{table}.{column}`.",
            "Declare `as_of` under `source:` in company.yaml if the export was taken on another day.",
        )


def last_of_the_rest(changes: Counter[date]) -> date | None:
    """The newest day of a company's changes, without the few that stand ahead of all others; None where none do.

    Args:
        changes: How much changed on each day.
    """
    days = sorted(changes)
    few = max(FEW_ROWS, FEW_SHARE * changes.total())
    ahead = 0
    for place in range(len(days) - 1, 0, -1):
        ahead += changes[days[place]]
        if ahead > few:
            return None
        rest = days[:place]
        least = next(gap for n_days, gap in LEAST_GAPS if len(rest) >= n_days)
        if (days[place] - rest[-1]).days > max(least, LONGER * longest_silence(rest)):
            return rest[-1]
    return None


def longest_silence(days: Iterable[date]) -> int:
    """Days between two changes at the most, of late."""
    return max(((after - before).days for before, after in pairwise(sorted(days)[-RHYTHM_DAYS:])), default=0)


def _refuse(imported: Import, change: Change) -> None:
    """Name the row that stands furthest ahead, and ask for the day."""
    table, column, rows = change
    later, bound = f"{rows} AND CAST(r.{column} AS DATE) > $as_of", dict[str, object](as_of=imported.as_of)
    n, newest = imported.n(table, later, bound), _newest(imported, change) or date.max
    place = imported.place(table, later, bound, newest=column)
    loses = " A lost deal often keeps the day on which it was expected to close." if change == LOST else ""
    imported.report(
        "date ahead",
        "error",
        table,
        column,
        n,
        f"`{table}.{column}` is {day(newest)} in {place}: {count(n, 'date')} of the column "
        f"{'stands' if n == 1 else 'stand'} ahead of everything else in the data, which ends on {day(imported.as_of)}, "
        f"so it is not known as of when the data speaks.{loses}",
        "Correct the source, or declare the day on which the export was taken under `source:` in company.yaml, like "
        f'`as_of: "{imported.as_of}"`.',
    )


def _days(imported: Import, changes: Iterable[Change]) -> Counter[date]:
    """How much changed on each day."""
    found: Counter[date] = Counter()
    for table, column, rows in changes:
        if imported.has(f"{table}.{column}"):
            found.update(
                dict(
                    imported.workshop.rows(
                        f"SELECT CAST(r.{column} AS DATE) AS d, count(*) FROM rows_{table} r "
                        f"WHERE {rows} AND r.{column} IS NOT NULL GROUP BY d"
                    )
                )
            )
    return found


def _newest(imported: Import, change: Change) -> date | None:
    table, column, rows = change
    if not imported.has(f"{table}.{column}"):
        return None
    newest: date | None = imported.workshop.row(
        f"SELECT CAST(max(r.{column}) AS DATE) FROM rows_{table} r WHERE {rows}"
    )[0]
    return newest
