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
CLOSING = """# How dates are read

A year of four digits in front (`2017-03-04`, `20170304`), a named month (`4 Mar 2017`) and Excel's day numbers (`42798`)
say what they mean and are read in any column, beside anything. The order of all else is decided by writing: the marks
between the parts, and place and length of the year. Within a column each writing is decided by its own values alone (a
day past the 12th, a month that cannot be); where none decides, the file is refused, and the message names first line,
number, example and the line to declare. A year of two digits may stand in front: `20-10-31` and `25.03.17` are refused
until declared.

Declare `date_format` for the column, one format or a list: `"%d.%m.%y"`, `["%m/%d/%Y", "%d-%m-%y"]`. A format reads
what is written like it; other values of that writing are set aside, values of other writings are read as if nothing
were declared. `%d` is the day, `%m` the month, `%b` its name, `%Y` and `%y` the year, `%H:%M:%S` the time, `%z` an
offset. `excel` stands for Excel's day numbers; `epoch_s`, `epoch_ms`, `epoch_us` and `epoch_ns` for seconds and their
parts since 1970.

A spreadsheet that opens dates of the other order swaps day and month where it can, up to the 12th, and keeps the rest
as text. A column parted so is refused, or told where few days may stand so by chance. Swapped dates that were saved in
the very writing of the others cannot be told from right ones: export from the CRM, do not save from a spreadsheet.

# Days and moments

A date without a time of day is a day and stays where it is. A time with an offset (`Z`, `+02:00`), a moment of Parquet
with a zone and seconds since 1970 become the company's local time, and so the day there. A time without a zone is local
time; where the files write another zone, declare `moments_in: UTC` (or another) under `source:`. Midnights are days
where most values of a column stand at midnight, and moments elsewhere; where the two differ, a warning gives both
numbers. `as: day` for a column keeps every day as it is written, `as: moment` makes midnights moments too.

# Dates that nobody meant

Dates before 1970 or after 2099 (for somebody's first day in sales, before 1930 or on the 1st of January 1970) are left
empty, or set their row aside where every row needs the date; the first is told with its line. The day as of which the data speaks is never set by a few
dates that stand far ahead of all others: an error names the row and asks for `as_of`.

# How text files are read

Rows and lines are reconciled: lines in = heading, rows, blank lines and line ends inside cells. The checks tell of line
ends inside cells, with the longest such row.

A cell in quotation marks may hold line ends, separators and, written twice, quotation marks. A cell that begins with a
mark by mistake would swallow the rows up to the next mark. So a file is refused, with the line on which the mark opens,

- where a cell over several lines has text behind its closing mark, or none closes it, unless it can hold no row: no
  separator is in it, and its row is as wide as the heading;
- where it is closed as it must be, but nearly all its lines that are not blank would make rows: as many cells as the
  heading has, of the kinds that the columns hold elsewhere, with no blank behind the separators.

Notes, addresses, e-mails and pasted tables of another width pass. Rows of the very export, pasted into one of its cells,
can be taken for swallowed ones: save such a file as .xlsx.

# What marks of currencies mean

An amount may show a sign, letters or a code before or after its number: `$5`, `CA$ 5`, `5 kr`, `CHF 5`. Where the row
names a currency (a mapped column or a constant), a mark that is not of that currency is an error. Where it names none,
the mark must be of the report currency. A mark that several currencies share is read as the row's or the report's; but
`$` beside `CA$` or `CAD` in a company that reports in CAD is an error, since the mark alone may then be the American
one. Anything else around a number, a percent sign too, makes it no amount: the row is set aside.
"""


def page() -> str:
    """The dictionary as Markdown."""
    return "\n".join([OPENING, *(_table(table) for table in TABLES.values()), CLOSING])


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
