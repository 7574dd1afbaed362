"""Keys: does each row stand once?

A row that repeats another word for word is set aside. Of rows with the same key that differ, the
last in the file is used, since exports append; the others are set aside.
"""

from __future__ import annotations

from salesops_lib.data.checks.rules import MANY, Import, instance
from salesops_lib.data.schemas import TABLES
from salesops_lib.wording import count


def check_keys(imported: Import) -> None:
    """Set repeated rows aside, and all but the last of rows that share a key."""
    for table in imported.tables:
        schema = TABLES[table]
        total = imported.n(table)
        everything = ", ".join(column.name for column in schema.source_columns)
        repeats = imported.set_aside(
            table,
            _beyond_first(table, everything, "file_no, line"),
            schema.key[0],
            "repeats an earlier row word for word",
        )
        if repeats:
            imported.report(
                "repeated rows",
                "warning",
                table,
                schema.key[0],
                repeats,
                f"`{table}`: {count(repeats, 'row')} repeated word for word; the first of each is used.",
                "If that is how the export is, declare `distinct: true` for the table.",
            )
        key = ", ".join(schema.key)
        example = _example(imported, table, key)
        doubles = imported.set_aside(
            table,
            _beyond_first(table, key, "file_no DESC, line DESC"),
            schema.key[0],
            f"a later row has the same {key}",
        )
        if doubles:
            is_broken = len(schema.key) == 1 and doubles > MANY * total
            imported.report(
                "duplicate keys",
                "error" if is_broken else "warning",
                table,
                key,
                doubles,
                f"`{table}`: {count(doubles, 'row')} set aside because a later row has the same {key} but other "
                f"values{instance(example)}; the last row is used.",
                f"Check that the column mapped to `{schema.key[0]}` is the id, and export each row once.",
            )
        if not repeats and not doubles:
            imported.report("keys", "pass", table, key, 0, f"`{table}`: every {key} stands once.")


def _beyond_first(table: str, columns: str, order: str) -> str:
    """Condition: another row with the same columns comes first."""
    return (
        "(r.file_no, r.line) IN (SELECT (file_no, line) FROM (SELECT file_no, line, "
        f"row_number() OVER (PARTITION BY {columns} ORDER BY {order}) AS place FROM rows_{table}) WHERE place > 1)"
    )


def _example(imported: Import, table: str, key: str) -> str:
    found = imported.workshop.rows(
        f"SELECT concat_ws(', ', {key}) AS shown FROM rows_{table} "
        f"GROUP BY {key} HAVING count(*) > 1 ORDER BY shown LIMIT 1"
    )
    return str(found[0][0]) if found else ""
