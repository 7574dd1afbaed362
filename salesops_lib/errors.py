"""What can go wrong, said to the person at the desk: what, where, how many, and what to do.

Every message of the kit is one of these. The command line prints them without a traceback;
a notebook shows them above the traceback. Names in a message are the reader's own (file, table,
column, line), never the library's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


class SalesopsError(Exception):
    """The base of all errors that the kit raises on purpose."""


class ParameterError(SalesopsError):
    """The parameters folder says something that cannot be used; carries every problem found."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n".join([f"{count} in the parameters:", *(f"  {line}" for line in problems)]))


class PeriodError(SalesopsError):
    """A period's label is not one, or lies outside the data."""


class SourceError(SalesopsError):
    """A source file cannot be read as what its name or the parameters say."""


class DataError(SalesopsError):
    """The data failed a check of severity error; the run stops before any notebook starts."""

    def __init__(self, message: str, rows: pd.DataFrame | None = None) -> None:
        self.rows = rows
        super().__init__(message)


class TableError(SalesopsError):
    """A table lacks what was asked of it; ``rows`` holds the offenders where there are any."""

    def __init__(self, message: str, rows: pd.DataFrame | None = None) -> None:
        self.rows = rows
        super().__init__(message)


class MissingTableError(SalesopsError):
    """An optional table is absent: the section says so in one line and the rest of the report stands."""

    def __init__(self, tables: list[str], message: str = "") -> None:
        self.tables = tables
        names = " and ".join(f"`{name}`" for name in tables)
        super().__init__(
            message
            or f"The company's data has no table {names}. "
            "Declare it under `source: tables:` in company.yaml; README.md, “Bring your own data”, shows how."
        )


class MissingColumnError(MissingTableError):
    """No row fills an optional column: to a section that needs it, the same as an absent table."""

    def __init__(self, table: str, column: str, reason: str = "") -> None:
        why, unless = (f"; {reason}", "Otherwise map") if reason else ("", "Map")
        super().__init__(
            [table],
            f"No row of the company's `{table}` fills `{column}`{why}. {unless} it under `source: tables: {table}: "
            "columns:` in company.yaml; README.md, “Bring your own data”, shows how.",
        )
