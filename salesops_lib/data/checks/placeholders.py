"""Dates that nobody meant: 1900-01-01, 9999-12-31 and the like, which systems write where there is none.

One such date must not move the first or the last day of a company, nor cost a deal its bookings: the value is left
empty, and told.
"""

from __future__ import annotations

from salesops_lib.data.checks.rules import Import
from salesops_lib.data.quarantine import EMPTIED, SET_ASIDE, set_aside
from salesops_lib.data.schemas import TABLES, Column
from salesops_lib.wording import count, day

FIRST, FIRST_IN_SALES, LAST = "1970-01-02", "1930-01-01", "2099-12-30"
"""What a company can have meant; somebody's first day in sales may lie further back."""

ZERO = ("1969-12-31", "1970-01-01")
"""Where the clocks of computers begin, in zones west and east of London."""

STILL = ("ended_on", "to_on")
"""Columns in which a date of no end says that it goes on, as an empty cell does."""


def check_placeholders(imported: Import) -> None:
    """Leave dates empty that cannot be; where every row needs the date, the row is set aside."""
    for table in imported.tables:
        for column in TABLES[table].source_columns:
            if column.type in ("date", "timestamp") and imported.has(f"{table}.{column.name}"):
                _check(imported, table, column)


def _check(imported: Import, table: str, column: Column) -> None:
    name = column.name
    first = FIRST_IN_SALES if name == "started_on" else FIRST
    too_late = f"CAST(r.{name} AS DATE) > DATE '{LAST}'"
    is_zero = f"CAST(r.{name} AS DATE) BETWEEN DATE '{ZERO[0]}' AND DATE '{ZERO[1]}'"
    wrong = f"(CAST(r.{name} AS DATE) < DATE '{first}' OR {too_late} OR {is_zero})"
    n = imported.n(table, wrong)
    if not n:
        return
    example = imported.workshop.row(
        f"SELECT CAST(r.{name} AS DATE) FROM rows_{table} r WHERE {wrong} ORDER BY r.file_no, r.line LIMIT 1"
    )[0]
    place = imported.place(table, wrong)
    goes_on = name in STILL and imported.n(table, too_late) == n
    effect = SET_ASIDE if column.required else EMPTIED
    shown, reason = f"CAST(r.{name} AS VARCHAR)", "a date that cannot be meant"
    set_aside(imported.workshop, table, wrong, column=name, value=shown, reason=reason, effect=effect)
    if effect == EMPTIED:
        imported.workshop.run(f"UPDATE rows_{table} r SET {name} = NULL WHERE {wrong}")
    fate = "the rows are set aside" if effect == SET_ASIDE else "read as no end" if goes_on else "left empty"
    imported.report(
        "placeholders",
        "pass" if goes_on else "warning",
        table,
        name,
        n,
        f"`{table}.{name}`: {count(n, 'date')} that cannot be meant, like {day(example)} in {place}; {fate}.",
        "" if goes_on else "Correct them in the source, or list them under `missing:` of the column in company.yaml.",
    )
