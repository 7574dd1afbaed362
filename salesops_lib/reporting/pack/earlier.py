"""What an earlier report said: its tables, read back so that a figure that has moved since can be shown.

Figures are restated when a deal changes after its month was reported. The data of today does not tell what was
reported then; the earlier pack does.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from salesops_lib.reporting.pack.months import read_packs
from salesops_lib.reporting.tables.csv_text import read_csv_text

if TYPE_CHECKING:
    import pandas as pd

    from salesops_lib.periods import Period

REPORTS_VARIABLE = "SALESOPS_REPORTS"
"""Environment variable that names the folder of packs; a run that makes a pack sets it for its notebooks."""


def reports_folder() -> Path:
    """The folder of packs that this run knows: the environment's, or the project's own."""
    return Path(os.environ.get(REPORTS_VARIABLE) or Path(__file__).parents[3] / "reports")


def earlier_table(reports: Path, *, notebook: str, table: str, company: str, before: Period) -> pd.DataFrame:
    """A table of the last whole pack of the company for a month before the one that is reported.

    Args:
        reports: Folder of packs.
        notebook: The notebook that showed the table.
        table: The table's name.
        company: The company's name; another company's packs in the folder are passed over.
        before: The period that is reported now.

    Returns:
        The table as its CSV holds it, with ``attrs`` ``reported`` (the month's label) and ``reported_as_of`` (ISO
        date); an empty frame without columns where there is no such pack.
    """
    import pandas as pd

    for folder, run in read_packs(reports):
        file = reports / folder / "tables" / notebook / f"{table}.csv"
        is_earlier = str(run.get("month", "")) < before.label and run.get("status") == "whole"
        if is_earlier and run.get("company") == company and file.is_file():
            rows = read_csv_text(file)
            rows.attrs |= {"reported": str(run["month"]), "reported_as_of": str(run["data"]["as_of"])}
            return rows
    return pd.DataFrame()
