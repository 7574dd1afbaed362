"""The overlay book: specialists who are credited on top of whoever sold, with goals and attainment of their own.

An overlay rep is one who is credited in the overlay book and never in the main one. What they are credited with is
in no sum of bookings, as the deal is in it already; their quotas are in no sum of goals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from salesops_lib.measures.expressions import credited_in

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm


def overlay_ids(crm: Crm) -> frozenset[str]:
    """Keys of the overlay reps."""
    return crm.remember("overlay_ids", lambda: _overlay_ids(crm))


def _overlay_ids(crm: Crm) -> frozenset[str]:
    books = crm.credits.group_by("rep_id").agg(
        in_main=ibis.ifelse(_.book == "main", 1, 0).max(), in_overlay=ibis.ifelse(_.book == "overlay", 1, 0).max()
    )
    return frozenset(crm.fetch(books.filter(_.in_main == 0, _.in_overlay == 1))["rep_id"])


def overlay_booked(crm: Crm) -> ir.Table:
    """What overlay reps attain: won deals with the part credited to them, in the columns of ``booked``."""
    rows = credited_in(crm, "overlay")
    return rows.filter(rows.status == "won", rows.rep_id.isin(sorted(overlay_ids(crm))))
