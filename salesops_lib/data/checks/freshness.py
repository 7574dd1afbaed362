"""As of when does the data speak, and is it stale?"""

from __future__ import annotations

from datetime import date

from salesops_lib.data.checks.rules import Import
from salesops_lib.parameters.source import DemoSource
from salesops_lib.wording import count, day

_CHANGES = (
    ("opportunities", "created_on", "true"),
    ("opportunities", "closed_on", "r.status <> 'open'"),
    ("stage_history", "changed_at", "true"),
    ("activities", "done_at", "true"),
    ("leads", "created_at", "true"),
)
"""Where a change of the data shows: table, column, rows that count."""


def find_as_of(imported: Import) -> None:
    """Take ``as_of`` as declared, or else the newest change in the data."""
    source = imported.parameters.company.source
    if isinstance(source, DemoSource):
        from salesops_lib.data.demo import AS_OF

        imported.as_of = AS_OF
    elif source.as_of is not None:
        imported.as_of = source.as_of
    else:
        newest = _newest(imported, None)
        if newest is None:
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
        imported.as_of, table, column = newest
        imported.report(
            "as of",
            "pass",
            table,
            column,
            0,
            f"The data is taken to speak as of {day(imported.as_of)}, the newest date in `{table}.{column}`.",
            "Declare `as_of` under `source:` in company.yaml if the export was taken on another day.",
        )


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


def _newest(imported: Import, until: date | None) -> tuple[date, str, str] | None:
    found: list[tuple[date, str, str]] = []
    for table, column, rows in _CHANGES:
        if imported.has(f"{table}.{column}"):
            condition = f"{rows} AND CAST(r.{column} AS DATE) <= $until" if until else rows
            newest = imported.workshop.row(
                f"SELECT CAST(max(r.{column}) AS DATE) FROM rows_{table} r WHERE {condition}", {"until": until}
            )[0]
            if newest is not None:
                found.append((newest, table, column))
    return max(found, key=lambda change: change[0]) if found else None
