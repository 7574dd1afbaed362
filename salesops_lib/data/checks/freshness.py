"""Is the data stale, and does it hold what came after its day?"""

from __future__ import annotations

from datetime import date

from salesops_lib.data.checks.rules import Import
from salesops_lib.wording import count, day

_CHANGES = (
    ("opportunities", "created_on", "true"),
    ("opportunities", "closed_on", "r.status <> 'open'"),
    ("stage_history", "changed_at", "true"),
    ("activities", "done_at", "true"),
    ("leads", "created_at", "true"),
)
"""Where a change of the data shows: table, column, rows that count."""


def check_freshness(imported: Import) -> None:
    """Compare the newest change with ``as_of``; count changes after it."""
    newest = _newest(imported, imported.as_of)
    if newest is not None:
        latest, table, column = newest
        age, limit = (imported.as_of - latest).days, imported.parameters.company.report.stale_after_days
        said = f"The newest change is of {day(latest)} (`{table}.{column}`), "
        said += f"{count(age, 'day')} before {day(imported.as_of)}."
        if age > limit:
            imported.report(
                "freshness", "warning", table, column, 0, said, "Export the data again, or correct `as_of`."
            )
        else:
            imported.report("freshness", "pass", table, column, 0, said)
    for table, column, rows in _CHANGES:
        if table != "opportunities" and imported.has(f"{table}.{column}"):
            n = imported.n(table, f"{rows} AND CAST(r.{column} AS DATE) > $as_of", {"as_of": imported.as_of})
            if n:
                imported.report(
                    "after as of",
                    "warning",
                    table,
                    column,
                    n,
                    f"`{table}.{column}`: {count(n, 'row')} later than {day(imported.as_of)}; reports leave them out.",
                    "Correct the dates in the source, or `as_of` in company.yaml.",
                )


def _newest(imported: Import, until: date) -> tuple[date, str, str] | None:
    found: list[tuple[date, str, str]] = []
    for table, column, rows in _CHANGES:
        if imported.has(f"{table}.{column}"):
            condition = f"{rows} AND CAST(r.{column} AS DATE) <= $until"
            newest = imported.workshop.row(
                f"SELECT CAST(max(r.{column}) AS DATE) FROM rows_{table} r WHERE {condition}", {"until": until}
            )[0]
            if newest is not None:
                found.append((newest, table, column))
    return max(found, key=lambda change: change[0]) if found else None
