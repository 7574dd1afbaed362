"""docs/data.md is made from the schemas; ``python -m tests.data.test_dictionary`` writes it anew."""

from __future__ import annotations

from pathlib import Path

from salesops_lib.data.schemas import TABLES, Column, Table

PAGE = Path(__file__).parents[2] / "docs" / "data.md"
OPENING = """# The canonical tables

Made from `salesops_lib/data/schemas.py`. Only `reps` and `opportunities` are required. `_on` is a day, `_at` a moment
in the company's time zone; amounts are in the report currency once imported. Columns marked \\* must be filled. Tables
and columns in italics are made by the import; a source never provides them.
"""


def page() -> str:
    """The dictionary as Markdown."""
    return "\n".join([OPENING, *(_table(table) for table in TABLES.values())])


def _table(table: Table) -> str:
    head = f"## {f'*{table.name}*' if table.derived else table.name}\n\n{table.grain}\n\n"
    return head + "| column | type | meaning |\n|---|---|---|\n" + "".join(_column(table, c) for c in table.columns)


def _column(table: Table, column: Column) -> str:
    name = f"*{column.name}*" if column.derived else column.name
    mark = "\\*" if column.required and not table.derived else ""
    more = f" One of: {', '.join(column.choices)}." if column.choices else ""
    more += f" Key of `{column.references}`." if column.references else ""
    return f"| {name}{mark} | {column.type} | {column.meaning}{more} |\n"


def test_the_data_dictionary_is_that_of_the_schemas():
    """What a newcomer reads is what the import checks."""
    assert PAGE.read_text(encoding="utf-8") == page()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
