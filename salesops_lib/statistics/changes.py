"""Changes: since when is a series of rates not what it was, and how far is a ratio from a year before?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CLOSE = 2.0
"""Months whose log-likelihood is within this of the best one's may be the month of the change as well."""
MIN_PAIRS = 6
"""Fewest months with a month a year before from which the usual scatter is told."""


def change_point(n: NDArray[np.int64], hits: NDArray[np.int64], change: float) -> tuple[int, int, int] | None:
    """Where a series of rates changed once: the first place of the new rate, and the earliest and latest that fit.

    Args:
        n: Tries, in order of time.
        hits: Those that succeeded.
        change: Its sign is the direction of the change looked for.
    """
    from scipy.special import xlogy

    tries = np.array([np.cumsum(n)[:-1], n.sum() - np.cumsum(n)[:-1]], dtype=float)
    good = np.array([np.cumsum(hits)[:-1], hits.sum() - np.cumsum(hits)[:-1]], dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = good / tries
        fit = (xlogy(good, rate) + xlogy(tries - good, 1 - rate)).sum(axis=0)
    fit = np.where((tries > 0).all(axis=0) & (np.sign(rate[1] - rate[0]) == np.sign(change)), fit, -np.inf)
    if not np.isfinite(fit).any():
        return None
    close = np.flatnonzero(fit >= fit.max() - CLOSE)
    return int(fit.argmax()) + 1, int(close[0]) + 1, int(close[-1]) + 1


class Change(NamedTuple):
    """A ratio of sums, now against a year before."""

    rate: float
    low: float
    high: float
    p_value: float


UNKNOWN = Change(*[float("nan")] * 4)


def seasonal_change(
    top: Floats, top_before: Floats, base: Floats, base_before: Floats, *, n_now: int, is_base_counted: bool,
    confidence: float,
) -> Change:  # fmt: skip
    """Relative change of ``top / base`` in the last months against the same months a year before.

    Args:
        top: Counts by month, oldest first.
        top_before: Counts of the same months a year before.
        base: What they are divided by, by month.
        base_before: The same a year before.
        n_now: How many of the last months are compared; the others only tell the usual scatter.
        is_base_counted: The base is left to chance too (wins), and not a size that is known (weeks in the seat).
        confidence: Coverage of the interval.

    Returns:
        Change (0.1 is a tenth more), its interval and how often chance alone would show so large a one; missing
        with fewer than six pairs of months or where a sum is 0.

    Source:
        Quasi-Poisson: the log of the ratio of two rates, its variance scaled by the scatter of the months. The scatter
        comes from differences between successive months' year-on-year changes (von Neumann 1941, Annals of
        Mathematical Statistics 12, 367-395), so that neither the season nor a slow rise is taken for it; never below
        Poisson's. t with two thirds of their number as degrees of freedom.
    """
    from scipy.stats import t

    counted = [top, top_before, *([base, base_before] if is_base_counted else [])]
    sums = [float(each[-n_now:].sum()) for each in (top, top_before, base, base_before)]
    known = np.isfinite(top + top_before + base + base_before) & (base > 0) & (base_before > 0)
    if known.sum() < MIN_PAIRS or not known[-n_now:].all() or min(sums) <= 0:
        return UNKNOWN
    # Half a count more keeps a month without a win from ending in the logarithm of 0.
    a, a0, b, b0 = (each[known] + (0.5 if each is top or each is top_before or is_base_counted else 0.0) for each in
                    (top, top_before, base, base_before))  # fmt: skip
    moves = np.log(a / b) - np.log(a0 / b0)
    poisson = sum((1 / (each[known] + 0.5) for each in counted), np.zeros(int(known.sum())))
    scatter = np.diff(moves) ** 2 / (poisson[1:] + poisson[:-1])
    spread = max(1.0, float(scatter.mean()))
    log_rate = np.log(sums[0] / sums[2]) - np.log(sums[1] / sums[3])
    error = float(np.sqrt(spread * sum(1 / float(each[-n_now:].sum()) for each in counted)))
    free = 2 / 3 * len(scatter)
    half = float(t.ppf(0.5 + confidence / 2, free)) * error
    low, rate, high = np.expm1([log_rate - half, log_rate, log_rate + half])
    return Change(float(rate), float(low), float(high), float(2 * t.sf(abs(log_rate) / error, free)))
