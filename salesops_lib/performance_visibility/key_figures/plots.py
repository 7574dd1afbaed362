"""Table of the key figures."""

from __future__ import annotations

import pandas as pd

from salesops_lib.performance_visibility.marks import first_only
from salesops_lib.reporting.tables.table import TableView


def table_kpi_status(rows: pd.DataFrame) -> TableView:
    """Show value, interval, target and owner, each figure in its own unit."""
    columns = ["label", "status", "over", "value", "low", "high", "n", "target", "threshold"]
    shown = [name for name in columns if len(rows) == 0 or rows[name].notna().any()]
    labels = {
        "label": "Key figure",
        "status": "Status",
        "value": "Value",
        "low": "From",
        "high": "To",
        "n": "n",
        "over": "Over",
    }
    by_row = dict.fromkeys(("value", "low", "high", "target", "threshold"), "unit")
    return TableView(columns=first_only(shown, rows), labels=labels, by_row=by_row)
