"""What an import made, as it is kept: canonical tables, checks, counts, and the list of what was set aside."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from salesops_lib.errors import DataError
from salesops_lib.wording import count

if TYPE_CHECKING:
    import pandas as pd

CHECK_COLUMNS = ["check", "severity", "table", "column", "n_rows", "detail", "discreet", "what_to_do"]
"""Columns of ``ImportedData.checks``."""


@dataclass(frozen=True)
class ImportedData:
    """What an import made."""

    folder: Path
    """Canonical source tables as ``<table>.parquet``, and ``import.json``."""
    as_of: date
    """The evening that the data speaks of: declared, or else the newest change in it."""
    checks: pd.DataFrame
    """One row per check: check, severity (error, warning or pass), table, column, n_rows, detail, what_to_do.

    ``discreet`` is the detail without anything that the source says, as a company that shows no names may read it.
    """
    counts: pd.DataFrame
    """One row per table: rows_in, rows_used, rows_set_aside, rows_left_out (on purpose), rows_repeated, rows_added."""
    quarantine: Path
    """CSV of the rows set aside and values left empty: table, file, line, column, value, reason, effect."""
    fingerprint: str

    @property
    def errors(self) -> pd.DataFrame:
        """The checks that failed so that no report should be made."""
        return self.checks[self.checks["severity"] == "error"]

    def without_people(self) -> ImportedData:
        """The same import whose checks quote nothing of the source, as any value, heading or file may name somebody."""
        return replace(self, checks=self.checks.assign(detail=self.checks["discreet"]))

    @property
    def is_dated(self) -> bool:
        """Whether ``as_of`` is a day of the data; it only fills in where an error says that no table holds a date."""
        return "as of" not in set(self.errors["check"])


def require_usable(imported: ImportedData) -> None:
    """Stop where a check of severity error failed.

    Errors:
        DataError: Lists every failed check with what to do; carries them as rows.
    """
    errors = imported.errors
    if errors.empty:
        return
    lines = [f"  {row.detail} {row.what_to_do}".rstrip() for row in errors.itertuples()]
    raise DataError(
        "\n".join(
            [
                f"The data failed {count(len(errors), 'check')}, so no report is made:",
                *lines,
                f"Rows that were set aside, with reasons: {imported.quarantine}",
            ]
        ),
        errors,
    )


def read_import(folder: Path) -> ImportedData:
    """The import that a folder holds."""
    import pandas as pd

    kept = json.loads((folder / "import.json").read_text(encoding="utf-8"))
    return ImportedData(
        folder=folder,
        as_of=date.fromisoformat(kept["as_of"]),
        checks=pd.DataFrame(kept["checks"], columns=CHECK_COLUMNS),
        counts=pd.DataFrame(kept["counts"]),
        quarantine=folder / kept["quarantine"],
        fingerprint=kept["fingerprint"],
    )
