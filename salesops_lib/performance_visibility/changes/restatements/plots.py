"""Tables of the deals of the month and of restatements."""

from __future__ import annotations

import pandas as pd

from salesops_lib.performance_visibility.marks import first_only
from salesops_lib.reporting.tables.table import TableView

DEALS_SHOWN = 10


def table_deals_won(rows: pd.DataFrame) -> TableView:
    """Show the largest deals; the CSV has them all."""
    columns = ["opportunity_id", "account", "rep_name", "segment", "amount", "closed_on", "cycle_days"]
    shown = [name for name in columns if len(rows) == 0 or rows[name].notna().any()]
    labels = {"opportunity_id": "Deal", "rep_name": "Owner", "closed_on": "Won on", "cycle_days": "Cycle, days"}
    return TableView(columns=first_only(shown, rows), labels=labels, first=DEALS_SHOWN)


def table_restated_months(rows: pd.DataFrame) -> TableView:
    """Show both figures side by side."""
    columns = ("month", "reported_amount", "bookings_amount", "change_amount", "n_won_reported", "n_won", "is_restated")
    labels = {"reported_amount": "As reported", "bookings_amount": "Now", "change_amount": "Change",
              "n_won_reported": "Deals as reported", "n_won": "Deals now", "is_restated": "Restated"}  # fmt: skip
    return TableView(columns=first_only(columns, rows), labels=labels, formats={"change_amount": "exact"})


def table_restated_deals(rows: pd.DataFrame) -> TableView:
    """Show what each deal counted then and now."""
    labels = {"opportunity_id": "Deal", "rep_name": "Owner", "what": "What changed", "reported_amount": "As reported",
              "amount": "Now", "change_amount": "Change", "closed_on": "Won on"}  # fmt: skip
    return TableView(columns=first_only([*rows.columns], rows), labels=labels, first=DEALS_SHOWN)
