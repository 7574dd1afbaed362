"""Power: what a comparison of so many deals could have noticed; the usual spread between reps is allowed for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


def widened(p_values: ArrayLike, inflation: ArrayLike) -> Floats:
    """P-values judged against the usual spread between reps as well as luck.

    Args:
        p_values: Two-sided, against luck alone.
        inflation: Standard deviation of luck and spread together / of luck alone; 1 leaves them as they are.
    """
    from scipy.stats import norm

    given, factor = np.asarray(p_values, dtype=float), np.asarray(inflation, dtype=float)
    return np.where(factor > 1, 2 * norm.sf(norm.isf(given / 2) / factor), given)


def power(
    closed: ArrayLike, expected_rate: ArrayLike, shortfall: ArrayLike, *, level: float, inflation: ArrayLike = 1.0
) -> Floats:
    """Chance that a rep who truly wins less than the team would be told apart.

    Args:
        closed: Deals closed, per rep.
        expected_rate: The team's rate on the same mix.
        shortfall: How much less the rep wins, as a share of the team's rate; a column of them gives a row for each.
        level: The p-value to reach; with Benjamini-Hochberg at least ``q`` / number of reps judged.
        inflation: As in ``widened``.
    """
    from scipy.stats import binom, norm

    n, rate = np.asarray(closed, dtype=float), np.asarray(expected_rate, dtype=float)
    tail = norm.sf(norm.isf(level / 2) * np.maximum(np.asarray(inflation, dtype=float), 1.0))
    with np.errstate(invalid="ignore"):
        most = binom.ppf(tail, n, rate)
        most = most - (binom.cdf(most, n, rate) > tail)
        chance = np.where(most >= 0, binom.cdf(np.maximum(most, 0), n, rate * (1 - np.asarray(shortfall))), 0.0)
    return np.where(np.isnan(n) | np.isnan(rate) | (n <= 0), np.nan, chance)


def noticeable(closed: ArrayLike, expected_rate: ArrayLike, *, level: float, inflation: ArrayLike = 1.0) -> Floats:
    """The smallest shortfall, as a share of the team's rate, that would be noticed four times in five.

    Missing where even a rep who wins nothing would not be; arguments as in ``power``.
    """
    shares = np.arange(1, 101) / 100
    enough = power(closed, expected_rate, shares[:, None], level=level, inflation=inflation) >= 0.8
    return np.where(enough.any(axis=0), shares[enough.argmax(axis=0)], np.nan)
