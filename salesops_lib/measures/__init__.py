"""Measures that more than one area needs: one meaning for every number.

Expressions over a ``Crm`` come first, small frames after them; what a number means is in ``definitions``.
"""

from salesops_lib.measures.attainment import attainment, bookings
from salesops_lib.measures.definitions import DEFINITIONS, Definition
from salesops_lib.measures.expressions import (
    booked,
    booked_in,
    closed_in,
    credit_notes,
    credited_deals,
    deals,
    how_many,
    quantiles,
    ratio,
    total,
    within,
    won_in,
)
from salesops_lib.measures.goals import goals
from salesops_lib.measures.history import recorded_in_history
from salesops_lib.measures.holders import members_on
from salesops_lib.measures.win_rates import win_rates

__all__ = [
    "DEFINITIONS",
    "Definition",
    "attainment",
    "booked",
    "booked_in",
    "bookings",
    "closed_in",
    "credit_notes",
    "credited_deals",
    "deals",
    "goals",
    "how_many",
    "members_on",
    "quantiles",
    "ratio",
    "recorded_in_history",
    "total",
    "win_rates",
    "within",
    "won_in",
]
