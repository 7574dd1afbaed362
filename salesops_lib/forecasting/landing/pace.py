"""Landing by pace: what is booked so far, read against how past quarters went on from the same point.

Once a fifth of a quarter is usually booked, bookings so far divided by that usual share. Before, last
year's quarter with half of the growth since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from salesops_lib.statistics.series import Floats

LEAST_SHARE = 0.2
"""Usual share of the quarter booked from which on bookings so far carry the landing."""
PACE_QUARTERS = 8
YEAR = 4
UNKNOWN_DEVIATION = 0.2
"""Typical error on the log scale before any past quarter shows one; it weighs as much as one quarter."""


class PaceLanding(NamedTuple):
    """What is still to come in the quarter, by pace."""

    open_amount: float
    new_amount: float
    deviation: float
    """Typical error of the rest on the log scale, from how much past quarters differ."""
    basis: str
    usual_share: float
    """Share of the quarter usually booked at this point."""


def land_by_pace(sums: pd.DataFrame, totals: Floats, won_so_far: float) -> PaceLanding:
    """The rest of the quarter from the shares of past quarters, or from last year's quarter.

    Args:
        sums: ``quarter_sums`` of past points, oldest first; at least one.
        totals: Bookings of all complete quarters before the one to land, oldest first.
        won_so_far: Booked in the quarter to land.
    """
    recent = sums.tail(PACE_QUARTERS)
    booked, everything = recent["won_so_far_amount"].sum(), recent["bookings_amount"].sum()
    share = float(booked / everything) if everything else 0.0
    rests = (recent["bookings_amount"] - recent["won_so_far_amount"]).to_numpy(dtype=float)
    if share >= LEAST_SHARE:
        rest, basis = won_so_far * (1 / share - 1), "share booked by now"
        ratios = rests / np.maximum(recent["won_so_far_amount"].to_numpy(dtype=float), 1e-9)
    else:
        total, basis = expected_quarter(totals)
        rest, ratios = (1 - share) * total, rests
    new = float(recent["new_amount"].sum() / rests.sum()) if rests.sum() else 0.0
    return PaceLanding(rest * (1 - new), rest * new, _deviation(ratios), basis, share)


def expected_quarter(totals: Floats) -> tuple[float, str]:
    """The next quarter's bookings from past ones alone, and on what they rest."""
    if len(totals) < YEAR:
        return float(np.mean(totals)), "average of past quarters"
    n = min(YEAR, len(totals) - YEAR)
    growth = 1.0
    if n:
        now, before = float(np.sum(totals[-n:])), float(np.sum(totals[-n - YEAR : len(totals) - YEAR]))
        growth = float(np.sqrt(now / before)) if now > 0 and before > 0 else 1.0
    return float(totals[-YEAR]) * growth, "last year's quarter with half of the growth since"


def _deviation(ratios: Floats) -> float:
    """Spread of past quarters on the log scale, with what is assumed before any as one more quarter."""
    logs = np.log(ratios[ratios > 0])
    n = len(logs)
    if n < 2:
        return UNKNOWN_DEVIATION
    square = (UNKNOWN_DEVIATION**2 + float(((logs - logs.mean()) ** 2).sum())) / n
    return float(np.sqrt(square * (1 + 1 / n)))
