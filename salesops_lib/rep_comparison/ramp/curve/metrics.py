"""Ramp: how long does a new rep take to full productivity?

Tables in: ``reps`` with ``started_on``, ``opportunities`` of a ``Crm``; ``credits`` where deals are shared.
Tables out: one row per month in the seat. What is estimated is the productivity of the average hire, as if nobody had
left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.rep_comparison.people import window_to
from salesops_lib.rep_comparison.ramp.cells import MEASURES, MONTH_DAYS, joiners, middles, ramp_cells
from salesops_lib.rep_comparison.ramp.estimates import estimate, leavers_beside_stayers
from salesops_lib.statistics.intervals import count_interval

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period


@tidy
def ramp_curve(crm: Crm, *, period: Period, months: int = 36, confidence: float) -> pd.DataFrame:
    """How productive the average hire is by month in the seat, beside settled reps of the segment in the same months.

    One row per month of tenure, as far as any joiner has come and at most two years. Joiners are those whose first
    day lies in the window; they count for as long as they were there, whether or not they left.

    Args:
        crm: Needs ``reps`` and ``opportunities``; deals shared by ``credits`` count in parts.
        period: The window ends with it.
        months: Fiscal months of the window, as far as the data reaches back.
        confidence: Coverage of intervals.

    Returns:
        tenure_months (int): Whole months since the first day in sales.
        since_start_days (float): Middle of the days counted in the row.
        n_reps (int): Joiners there in that month of tenure.
        n_left_so_far (int): Joiners who had left by its end.
        bookings_amount (float): Credited amount of deals they won.
        productivity_rate (float): Bookings of the average hire / those of settled reps in the same days; missing
            where no settled rep was there to compare with.
        productivity_rate_low (float): Lower end of its interval: luck and the spread between hires.
        productivity_rate_high (float): Upper end.
        survivors_rate (float): The same over those present, leavers forgotten; too rosy where low bookers leave.
        fitted_rate (float): The curve at the row's ``since_start_days``.
        opened_rate (float): Deals opened by the average hire / by settled reps in the same days.
        opened_rate_low (float): Lower end.
        opened_rate_high (float): Upper end.
        closed_rate (float): Deals closed, likewise.
        closed_rate_low (float): Lower end.
        closed_rate_high (float): Upper end.
        won_to_expected (float): Deals won / those that settled reps win of as many closed deals of the month.
        won_to_expected_low (float): Lower end.
        won_to_expected_high (float): Upper end.
        n_closed (float): Deals closed by the joiners of the row, a shared deal counting in parts.
        n_joiners (int): Joiners; from here on the same for all rows.
        n_left (int): Those of them who have left.
        n_settled (int): Settled reps they are held against.
        usual_cycle_days (float): Median cycle of settled reps' won deals in the joiners' segments, from where the
            curve of bookings rises; missing without a creation date.
        plateau_rate (float): Height the curve levels off at, relative to settled reps; missing with the next.
        full_at_months (float): Months until the curve reaches 90% of its plateau; missing with fewer than six joiners,
            or where it is not reached in the tenures seen.
        full_at_months_low (float): Lower end, from weighing the joiners anew.
        full_at_months_high (float): Upper end; missing where it lies beyond the tenures seen.
        opened_full_at_months (float): The same for the number of deals opened.
        opened_full_at_months_low (float): Lower end.
        opened_full_at_months_high (float): Upper end.
        leavers_rate (float): Bookings of those who left / those of all joiners in the same months of tenure.
        stayers_rate (float): The same of those who stayed, over the months of tenure that leavers reached.
        leavers_p_value (float, 0-1): Chance of so large a difference between the two were they alike; missing with
            fewer than two on either side.
        from_on (date): First day of the window.
        to_on (date): Last day of the window.

    Source:
        Curve as in NIST's Misra1a; levels by a gamma frailty model, Clayton (1991), Biometrics 47, 467-485; interval
        of the time from the Bayesian bootstrap over joiners, Rubin (1981), Annals of Statistics 9, 130-134.
    """
    window = window_to(crm, period, months)
    cells = ramp_cells(crm, window)
    joined = joiners(cells, window)
    tenure = np.sort(joined["tenure"].unique())
    middle = middles(joined)
    n_reps = joined.groupby("tenure")["key"].nunique().reindex(tenure)
    curves = {measure: estimate(joined, measure, confidence) for measure in MEASURES}
    bookings, opened, closed = (curves[measure] for measure in ("bookings", "opened", "closed"))
    left = _left(joined, window)
    sums = joined.groupby("tenure")[["bookings_amount", "won", "usual_won", "closed"]].sum().reindex(tenure)
    won = sums["won"] / sums["usual_won"].where(sums["usual_won"] > 0)
    ends = count_interval(sums["won"], confidence=confidence)
    return pd.DataFrame(
        {
            "tenure_months": tenure.astype(int),
            "since_start_days": middle * MONTH_DAYS,
            "n_reps": n_reps.to_numpy(int),
            "n_left_so_far": [int((left <= month).sum()) for month in tenure],
            "bookings_amount": sums["bookings_amount"].to_numpy(),
            **_named("productivity_rate", bookings.interval),
            "survivors_rate": bookings.plain,
            "fitted_rate": bookings.fit.at(middle),
            **_named("opened_rate", opened.interval),
            **_named("closed_rate", closed.interval),
            **_named("won_to_expected", (won, *(end / sums["usual_won"].where(won.notna()) for end in ends))),
            "n_closed": sums["closed"].to_numpy(),
        }
    ).assign(
        n_joiners=joined["key"].nunique(),
        n_left=len(left),
        n_settled=cells.loc[cells["is_settled"], "key"].nunique(),
        usual_cycle_days=bookings.fit.start * MONTH_DAYS,
        plateau_rate=bookings.plateau,
        **_named("full_at_months", bookings.full_at),
        **_named("opened_full_at_months", opened.full_at),
        **leavers_beside_stayers(joined, left),
        from_on=pd.Timestamp(window.start),
        to_on=pd.Timestamp(window.end),
    )


def _named(name: str, ends: Sequence[ArrayLike]) -> dict[str, Any]:
    """A figure and its interval as columns."""
    values = [np.asarray(end, dtype=float) for end in ends]
    return {f"{name}{end}": value for end, value in zip(("", "_low", "_high"), values, strict=True)}


def _left(joined: pd.DataFrame, window: Period) -> pd.Series[float]:
    """Last month of tenure of each joiner who left by the window's end, by key."""
    gone = joined[joined["ended_on"] <= pd.Timestamp(window.end)]
    return gone.groupby("key")["tenure"].max()
