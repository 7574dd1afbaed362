"""Deals that name no owner count for the company and are nobody's."""

from __future__ import annotations

from pathlib import Path

from salesops_lib.data.schemas import NO_OWNER
from salesops_lib.measures import bookings
from tests.builders import CALENDAR, make_crm
from tests.data.exports import deals, found, import_files, rows_of

DEALS = deals("D1,ana,5,,2026-08-03,won", "D2,,9,,2026-08-04,won", "D3,  ,2,,2026-08-05,lost")


def test_a_deal_without_an_owner_is_used_and_told(tmp_path: Path) -> None:
    """Blank cells are no owner either."""
    imported = import_files(tmp_path, DEALS)

    assert [row["rep_id"] for row in rows_of(imported, "opportunities", ["rep_id"])] == ["ana", NO_OWNER, NO_OWNER]
    assert found(imported, "values read", "warning") == [
        "`opportunities.rep_id`: 2 rows name nobody: counted for the company under `No owner`, and for no rep or team."
    ]


def test_nobody_is_added_to_the_reps(tmp_path: Path) -> None:
    """An owner whom `reps` does not know is; nobody is no such owner."""
    imported = import_files(tmp_path, DEALS)

    assert [row["rep_id"] for row in rows_of(imported, "reps", ["rep_id"])] == ["ana", "bo"]


def test_bookings_of_the_company_hold_them() -> None:
    """And those of the reps do not."""
    crm = make_crm(deals=[("ana", "2026-09-01", "won", 100), (NO_OWNER, "2026-09-02", "won", 900)], reps=["ana"])
    september = CALENDAR.period("2026-09")

    assert bookings(crm, september)["bookings_amount"].tolist() == [1000]
    assert bookings(crm, september, by=["rep_id"]).set_index("rep_id")["bookings_amount"].to_dict() == {
        "ana": 100, NO_OWNER: 900,
    }  # fmt: skip
