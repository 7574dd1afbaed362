"""What was set aside: every row or value that could not be used, with file, line, value and reason."""

from __future__ import annotations

from pathlib import Path

from salesops_lib.data.store import Workshop

FILE_NAME = "quarantine.csv"
"""Name of the list in the import's folder."""

COLUMNS = ("table", "file", "line", "column", "value", "reason", "effect")

SET_ASIDE = "row set aside"
EMPTIED = "value left empty"

_DANGEROUS = "=+-@\t\r\n"
"""A spreadsheet takes a cell that starts so for a formula."""


def prepare(workshop: Workshop) -> None:
    """Make room for what is set aside."""
    workshop.run(
        "CREATE TABLE quarantine (table_name VARCHAR, file_no INTEGER, file VARCHAR, line BIGINT, column_name VARCHAR, "
        "value VARCHAR, reason VARCHAR, effect VARCHAR)"
    )


def set_aside(
    workshop: Workshop,
    table: str,
    rows: str,
    *,
    column: str,
    value: str,
    reason: str,
    effect: str = SET_ASIDE,
    values: dict[str, object] | None = None,
) -> int:
    """Note rows or values, and take the rows out of the table.

    Args:
        workshop: Holds the rows as ``rows_<table>``.
        table: Name of the canonical table.
        rows: Condition on ``r``, the rows of the table.
        column: Column that is at fault.
        value: SQL of the value to show.
        reason: Why, in a few words.
        effect: Whether the row goes or only its value.
        values: What the condition binds.

    Returns:
        How many rows were noted.
    """
    bound = {**(values or {}), "table_": table, "column_": column, "reason_": reason, "effect_": effect}
    before = workshop.number("SELECT count(*) FROM quarantine")
    workshop.run(
        "INSERT INTO quarantine SELECT $table_, r.file_no, f.file, r.line, $column_, "
        f"{value}, $reason_, $effect_ FROM rows_{table} r JOIN files_{table} f USING (file_no) WHERE {rows}",
        bound,
    )
    n = workshop.number("SELECT count(*) FROM quarantine") - before
    if n and effect == SET_ASIDE:
        workshop.run(
            f"DELETE FROM rows_{table} WHERE (file_no, line) IN "
            "(SELECT (file_no, line) FROM quarantine WHERE table_name = $table_ AND effect = $effect_)",
            bound,
        )
    return n


def n_set_aside(workshop: Workshop, table: str) -> int:
    """Rows of a table that were set aside."""
    return workshop.number(
        "SELECT count(DISTINCT (file_no, line)) FROM quarantine WHERE table_name = $table AND effect = $effect",
        {"table": table, "effect": SET_ASIDE},
    )


def harmless(text: str) -> str:
    """A text that a spreadsheet shows as it stands, never runs."""
    return f"'{text}" if text[:1] and (text[0] in _DANGEROUS or text.lstrip()[:1] in tuple("=+-@")) else text


def write_quarantine(workshop: Workshop, folder: Path) -> Path:
    """Write the list as CSV, in the order of tables, files and lines; written also when it is empty."""
    import csv

    path = folder / FILE_NAME
    rows = workshop.connection.execute(
        "SELECT table_name, file, line, column_name, value, reason, effect FROM quarantine "
        "ORDER BY table_name, file_no, line, column_name, reason"
    )
    # The byte order mark lets Excel see that the text is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        while block := rows.fetchmany(10_000):
            writer.writerows([[harmless(str(cell)) if cell is not None else "" for cell in row] for row in block])
    return path
