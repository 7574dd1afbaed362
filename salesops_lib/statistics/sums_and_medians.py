"""What chance can do to sums, shares of amounts and medians: their ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def reach_probability(
    booked: ArrayLike, squares: ArrayLike, n: ArrayLike, quota: ArrayLike, elapsed: ArrayLike
) -> NDArray[np.float64]:
    """Probability that a running period reaches its goal if deals go on coming at its pace so far.

    Args:
        booked: Bookings so far.
        squares: Sum of squares of the amounts booked so far.
        n: Deals behind them.
        quota: Goal of the whole period.
        elapsed: Share of the period that is over, by selling days, 0 to 1.

    Returns:
        Probabilities; 1 once the goal is reached; missing without a goal, for a period that is over or has not begun,
        and where nothing is booked yet, as nothing tells what a deal might bring.

    Source:
        Compound Poisson with a flat prior on the number of deals a day, which adds one to those counted; sizes as seen
        so far; a gamma distribution with the mean and variance of what is still to come (our choice).
    """
    from scipy.stats import gamma

    y, v, count, goal, share = (np.asarray(each, dtype=float) for each in (booked, squares, n, quota, elapsed))
    is_running = (share > 0) & (share < 1) & (goal > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ahead = (1 - share) / share
        one_more = (count + 1) / count
        mean = ahead * y * one_more
        spread = (ahead + ahead**2) * v * one_more
        reached = gamma.sf(goal - y, mean**2 / spread, scale=spread / mean)
    reached = np.where(y >= goal, 1.0, reached)
    return np.where(is_running & (y > 0), reached, np.nan)


def share_interval(
    part: ArrayLike, whole: ArrayLike, part_squares: ArrayLike, whole_squares: ArrayLike, n: ArrayLike,
    *, confidence: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """Interval of a share of amounts, such as a win rate by value: the deals are drawn, not the dollars.

    Args:
        part: Sum of the amounts that count, for instance won.
        whole: Sum of all amounts.
        part_squares: Sum of squares of the amounts that count.
        whole_squares: Sum of squares of all amounts.
        n: Deals behind the sums.
        confidence: Coverage of the interval.

    Returns:
        Lower and upper ends; both missing for fewer than two deals or where all or nothing was won.

    Source:
        Linearised variance of a ratio (Cochran 1977, section 6.4), on the log odds so that it stays inside 0 to 1.
    """
    from scipy.stats import norm

    y, x, yy, xx, count = (np.asarray(each, dtype=float) for each in (part, whole, part_squares, whole_squares, n))
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = y / x
        # Won amounts are the amounts themselves, so their cross product is the sum of their squares.
        spread = np.sqrt(count / (count - 1) * (yy * (1 - 2 * rate) + rate**2 * xx)) / x
        middle = np.log(rate / (1 - rate))
        half = norm.ppf(0.5 + confidence / 2) * spread / (rate * (1 - rate))
        known = (count > 1) & (rate > 0) & (rate < 1)
        low, high = 1 / (1 + np.exp(half - middle)), 1 / (1 + np.exp(-half - middle))
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def cell_quantile(values: pd.Series[float], counts: pd.Series[int], share: float) -> float:
    """Quantile of values that stand in cells with counts, linear between neighbours; missing when empty."""
    cells = counts.groupby(values).sum()
    cells = cells[cells > 0]
    if cells.empty:
        return float("nan")
    last_place = cells.cumsum().to_numpy() - 1
    at = (last_place[-1]) * share
    low, high = np.searchsorted(last_place, [np.floor(at), np.ceil(at)])
    below, above = float(cells.index[low]), float(cells.index[high])
    return below + (above - below) * float(at - np.floor(at))


def median_interval(values: pd.Series[float], counts: pd.Series[int], *, confidence: float) -> tuple[float, float]:
    """Interval of a median from the ranks of a binomial; missing where there are too few values for one."""
    from scipy.stats import binom

    cells = counts.groupby(values).sum()
    n = int(cells.sum())
    rank = int(binom.ppf((1 - confidence) / 2, n, 0.5)) if n else 0
    if rank < 1:
        return float("nan"), float("nan")
    reached = cells.cumsum().to_numpy()
    low, high = np.searchsorted(reached, [rank, n - rank + 1])
    return float(cells.index[low]), float(cells.index[high])
