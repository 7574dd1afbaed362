"""References: does what a row points to exist?

A deal or credit of an unknown rep stays, and the rep is added under their id: setting it aside
would lose bookings. Any other row that needs what it points to is set aside. A reference that a row
can do without is kept and counted. If most rows of a table point nowhere, the two columns hold
different things (names here, ids there), and that is an error.
"""

from __future__ import annotations

from salesops_lib.data.checks.alike_keys import ADVICE, join_alike, told_alike
from salesops_lib.data.checks.rules import MOST, Import
from salesops_lib.data.schemas import TABLES, Column
from salesops_lib.wording import count

_ADDS_REPS = ("opportunities", "credits")


def check_references(imported: Import) -> None:
    """Look up every column that refers to another table the source provides."""
    for table in imported.tables:
        if table == "quotas":
            continue  # Goals of people nobody knows are judged with the goals.
        for column in TABLES[table].source_columns:
            if column.references and imported.has(f"{table}.{column.name}") and imported.has(column.references):
                _check(imported, table, column)


def _check(imported: Import, table: str, column: Column) -> None:
    target, key = column.references, TABLES[column.references].key[0]
    named = f"r.{column.name} IS NOT NULL AND r.{column.name} <> '{column.stand_in}'"
    orphan = f"{named} AND NOT EXISTS (SELECT 1 FROM rows_{target} t WHERE t.{key} = r.{column.name})"
    joined = join_alike(imported, table, column, orphan)
    if joined:
        text = f"`{table}.{column.name}`: {count(joined, 'row')} joined to keys of `{target}` that are written alike."
        imported.report("references", "pass", table, column.name, joined, text)
    n, total = imported.n(table, orphan), imported.n(table, named)
    if not n:
        imported.report("references", "pass", table, column.name, 0, f"`{table}.{column.name}`: all are in `{target}`.")
        return
    example = imported.example(table, f"r.{column.name}", orphan)
    found = f"`{table}.{column.name}`: {count(n, 'row')} of {total:,} not in `{target}`{example}"
    like = told_alike(imported, table, column, orphan)
    if n > MOST * total and (column.required or table == "opportunities"):
        imported.report(
            "references",
            "error",
            table,
            column.name,
            n,
            f"{found}.{like or ' The two columns hold different things.'}",
            ADVICE
            if like
            else f"Map `{table}.{column.name}` to what `{target}.{key}` holds: ids to ids, or names to names.",
        )
    elif table in _ADDS_REPS and column.name == "rep_id":
        added = _add_reps(imported, table, orphan)
        imported.report(
            "references",
            "warning",
            table,
            column.name,
            n,
            f"{found}. They count in full; {count(added, 'rep')} added under their ids.{like}",
            ADVICE if like else "Add these reps to the reps' file; people who left belong there too.",
        )
    elif column.required:
        imported.set_aside(table, orphan, column.name, f"no such row in {target}")
        imported.report(
            "references",
            "warning",
            table,
            column.name,
            n,
            f"{found}; set aside.{like}",
            ADVICE
            if like
            else f"Export `{target}` and `{table}` over the same time, or repair the ids under `values:`.",
        )
    else:
        imported.report(
            "references",
            "warning",
            table,
            column.name,
            n,
            f"{found}; the rows are used without it.{like}",
            ADVICE if like else f"Export `{target}` in full, or repair the ids under `values:`.",
        )


def _add_reps(imported: Import, table: str, orphan: str) -> int:
    before = imported.n("reps")
    imported.workshop.run(
        "INSERT INTO rows_reps (file_no, line, rep_id, name) "
        f"SELECT -1, {before} + row_number() OVER (ORDER BY rep_id), rep_id, rep_id "
        f"FROM (SELECT DISTINCT r.rep_id FROM rows_{table} r WHERE {orphan})"
    )
    added = imported.n("reps") - before
    imported.added["reps"] = imported.added.get("reps", 0) + added
    return added
