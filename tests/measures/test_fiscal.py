"""Fiscal periods of days in an expression."""

from __future__ import annotations

import pytest

from salesops_lib.measures.fiscal import with_fiscal
from tests.builders import make_crm

DEALS = [
    ("a", "r1", "won", 1, "2025-12-31", "2026-01-31"),
    ("b", "r1", "open", 1, "2026-02-01", None),
]


@pytest.fixture
def crm():
    """Two deals: one closed at the end of a month, one open."""
    rows = [
        {"opportunity_id": key, "rep_id": rep, "status": status, "amount": amount, "created_on": made, "closed_on": end}
        for key, rep, status, amount, made, end in DEALS
    ]
    return make_crm(deals=rows)


def labels(crm, day, **options):
    """Deal to the labels that its day lies in."""
    rows = crm.fetch(with_fiscal(crm, crm.opportunities, day, **options).order_by("opportunity_id"))
    names = [name for name in options if name != "keep_undated"]
    rows = rows.astype(object).where(rows.notna(), None)
    return {row["opportunity_id"]: tuple(row[name] for name in names) for row in rows.to_dict("records")}


def test_a_day_gets_the_labels_of_its_month_and_quarter(crm):
    """The last day of a month is still in it."""
    assert labels(crm, "closed_on", month="month", quarter="quarter") == {"a": ("2026-01", "2026-Q1")}


def test_a_row_without_a_day_is_kept_only_where_asked_for(crm):
    """An open deal has no day of closing: it is in no month."""
    assert labels(crm, "closed_on", keep_undated=True, month="month") == {"a": ("2026-01",), "b": (None,)}


def test_the_columns_are_called_what_the_caller_says(crm):
    """A join of its own adds no other column."""
    made = with_fiscal(crm, crm.opportunities, "created_on", cohort="quarter")
    assert set(made.columns) - set(crm.opportunities.columns) == {"cohort"}
