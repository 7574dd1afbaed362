"""Table of missing goals."""

from __future__ import annotations

import pandas as pd

from salesops_lib.performance_visibility.marks import first_only
from salesops_lib.reporting.tables.table import TableView

ROWS_SHOWN = 20


def table_missing_goals(rows: pd.DataFrame) -> TableView:
    """Show who lacks a goal for what, and who sets it."""
    columns = ("name", "level", "missing", "bookings_amount", "n_won", "must_set")
    labels = {"name": "Who", "level": "Level", "missing": "No goal for", "bookings_amount": "Booked this quarter",
              "n_won": "Deals won", "must_set": "Set by"}  # fmt: skip
    return TableView(columns=first_only(columns, rows), labels=labels, first=ROWS_SHOWN)
