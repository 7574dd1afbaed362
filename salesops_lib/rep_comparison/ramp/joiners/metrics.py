"""Joiners: where does each present joiner stand on the curve of the others?

Tables in: ``reps`` with ``started_on``, ``opportunities`` of a ``Crm``; ``credits`` where deals are shared.
Tables out: one row per joiner still on the way. The leads and accounts that each was given are not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.rep_comparison.people import in_order, people, window_to
from salesops_lib.rep_comparison.ramp.average_hire import average_hire
from salesops_lib.rep_comparison.ramp.cells import (
    EVERYONE,
    MONTH_DAYS,
    hires_of,
    joiners,
    middles,
    ramp_cells,
    usual_cycle,
)
from salesops_lib.rep_comparison.ramp.estimates import FEWEST_JOINERS, estimate, weighed_ramps
from salesops_lib.rep_comparison.vocabulary import AHEAD, AS_EXPECTED, BEHIND, TOO_EARLY
from salesops_lib.statistics.differences import false_discovery

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

    Floats = NDArray[np.float64]

FEWEST_DEALS = 5
"""Deals' worth of expected bookings below which it is too early to tell where a joiner stands."""
USUAL_RAMP_MONTHS = 12
"""Months in which a joiner is followed where the time to full productivity is not known."""


@tidy
def ramp_by_rep(crm: Crm, *, period: Period, months: int = 36, confidence: float) -> pd.DataFrame:
    """Where each present joiner stands on the curve of the other joiners.

    One row per rep still on the way, by team and name: in the seat for less than the time to full productivity, or
    less than 12 months where that is not known.

    Args:
        crm: Needs ``reps`` and ``opportunities``; deals shared by ``credits`` count in parts.
        period: The window ends with it.
        months: Fiscal months of the window, as far as the data reaches back.
        confidence: Coverage of the range of luck; 1 less this is the false discovery rate over all joiners.

    Returns:
        rep_id (str): Key.
        name (str): The rep.
        team_name (str): Team at the end of the window.
        started_on (date): First day in sales.
        tenure_months (float): Months since then, at the end of the window.
        held_against (str): Segment of the settled reps the rep is held against, or all settled reps.
        bookings_amount (float): Credited amount of deals won so far.
        expected_amount (float): Bookings of the other joiners' average in the same months of tenure, at the pace of the
            rep's segment and month and with its usual cycle; missing with fewer than six joiners.
        luck_amount_low (float): Lower end of what luck and the usual spread between joiners make of it.
        luck_amount_high (float): Upper end.
        expected_deals (float): ``expected_amount`` as a number of usual deals.
        bookings_to_expected (float): ``bookings_amount / expected_amount``.
        p_value (float, 0-1): Chance of bookings this far from expected; two-sided.
        q_value (float, 0-1): The same after Benjamini-Hochberg over the joiners judged; missing for the others.
        standing (str): Ahead, as expected, behind, or too early to tell (less than five deals expected).
        horizon_months (float): Months for which joiners are followed; from here on the same for all rows.
        n_joiners (int): Joiners that the curve rests on, those who left included.
        from_on (date): First day of the window.
        to_on (date): Last day of the window.

    Source:
        Negative binomial chances around a curve fitted without the rep; Benjamini and Hochberg (1995).
    """
    window = window_to(crm, period, months)
    joined = joiners(ramp_cells(crm, window), window)
    known = estimate(joined, "bookings", confidence).full_at[0]
    horizon = USUAL_RAMP_MONTHS if np.isnan(known) else known
    rows = _expected(joined, confidence)
    tenure = ((pd.Timestamp(window.end) - rows["started_on"]).dt.days + 1) / MONTH_DAYS
    is_here = rows["ended_on"].isna() | (rows["ended_on"] > pd.Timestamp(window.end))
    rows = rows.assign(tenure_months=tenure)[is_here & (tenure < horizon)]
    rows = people(crm, window).join(rows, how="inner")
    is_enough = rows["expected_deals"] >= FEWEST_DEALS
    q_value = pd.Series(false_discovery(rows["p_value"].where(is_enough)), index=rows.index)
    is_apart = q_value <= 1 - confidence
    is_above = rows["bookings_amount"] > rows["expected_amount"]
    rows = rows.assign(
        bookings_to_expected=rows["bookings_amount"] / rows["expected_amount"].where(rows["expected_amount"] > 0),
        q_value=q_value,
        standing=np.select(
            [~is_enough, is_apart & is_above, is_apart], [TOO_EARLY, AHEAD, BEHIND], default=AS_EXPECTED
        ),
        horizon_months=float(horizon),
        n_joiners=joined["key"].nunique(),
        from_on=pd.Timestamp(window.start),
        to_on=pd.Timestamp(window.end),
    )
    return in_order(rows)


def _expected(joined: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Bookings of each joiner beside those of the other joiners' curve, by key."""
    first = joined.groupby("key")[["started_on", "ended_on", "group"]].last()
    n = len(first)
    others = np.full((n, 2), np.nan)
    shape = np.full(n, np.nan)
    if n >= FEWEST_JOINERS:
        hires = hires_of(joined, "bookings")
        spread = average_hire(hires).spread
        weights = 1.0 - np.eye(n)
        t = middles(joined) - np.nan_to_num(usual_cycle(joined))
        others = np.array([(fit.plateau, fit.speed) for fit in weighed_ramps(hires, t, weights, spread)])
        # The curve itself rests on a few hires and their luck.
        shape = 1 / (spread**2 * n / (n - 1) + 1 / np.maximum(weights @ hires.n_made.sum(axis=1), 1.0))
    of = pd.DataFrame(others, index=first.index, columns=["plateau", "speed"]).loc[joined["key"]]
    # One curve serves all segments; where deals take longer to close, it sets in later.
    selling = (joined["since_start_days"] - joined["usual_cycle_days"].fillna(0.0)) / MONTH_DAYS
    rate = -of["plateau"].to_numpy() * np.expm1(-of["speed"].to_numpy() * np.maximum(selling, 0.0))
    days = joined["usual_bookings"] * rate
    sums = pd.DataFrame(
        {
            "bookings_amount": joined["bookings_amount"], "expected_amount": days * joined["per_day_amount"],
            "expected_deals": days / joined["size_bookings"],
            "deals": joined["made_bookings"] / joined["size_bookings"],
        }
    ).groupby(joined["key"]).sum(min_count=1)  # fmt: skip
    p_value, low, high = _chances(sums["deals"], sums["expected_deals"], shape, confidence)
    per_deal = sums["expected_amount"] / sums["expected_deals"]
    return first.join(sums.drop(columns="deals")).assign(
        held_against=first["group"].where(first["group"] != EVERYONE, "all settled reps"),
        p_value=p_value,
        luck_amount_low=low * per_deal,
        luck_amount_high=high * per_deal,
    )


def _chances(
    done: pd.Series[float], expected: pd.Series[float], shape: Floats, confidence: float
) -> tuple[Floats, Floats, Floats]:
    """Two-sided chance of so many deals, and both ends of the range of luck; counts need not be whole."""
    from scipy.special import betainc
    from scipy.stats import nbinom

    k, n = done.to_numpy(float), np.where(expected > 0, expected, np.nan)
    share = shape / (shape + n)
    at_most, at_least = betainc(shape, k + 1, share), 1 - betainc(shape, np.maximum(k, 1e-9), share)
    tail = (1 - confidence) / 2
    return np.minimum(1.0, 2 * np.minimum(at_most, at_least)), *(
        nbinom.ppf(end, shape, share) for end in (tail, 1 - tail)
    )
