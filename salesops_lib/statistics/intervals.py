"""Intervals: how much of a number chance could explain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import ArrayLike, NDArray

FEWEST_PAIRS = 5


def with_rate(
    table: pd.DataFrame, successes: Hashable, tries: Hashable, name: str, *, confidence: float
) -> pd.DataFrame:
    """Add ``<name>_rate`` with ``_low`` and ``_high``: successes out of tries, missing where nothing was tried.

    Interval of Wilson (1927), JASA 22(158), 209-212: it stays inside 0 to 1 and holds for small n.
    """
    from statsmodels.stats.proportion import proportion_confint

    n = table[tries].astype(float).where(table[tries] > 0)
    won = table[successes].astype(float)
    if len(table):
        low, high = proportion_confint(won, n, alpha=1 - confidence, method="wilson")
    else:
        low = high = np.array([], dtype=float)
    return table.assign(**{f"{name}_rate": won / n, f"{name}_rate_low": low, f"{name}_rate_high": high})


def exact_interval(successes: int, tries: int, *, confidence: float) -> tuple[float, float]:
    """Interval of Clopper and Pearson (1934) for a rate; missing where nothing was tried."""
    from scipy.stats import beta

    if tries == 0:
        return float("nan"), float("nan")
    tail = (1 - confidence) / 2
    low = 0.0 if successes == 0 else float(beta.ppf(tail, successes, tries - successes + 1))
    high = 1.0 if successes == tries else float(beta.ppf(1 - tail, successes + 1, tries - successes))
    return low, high


def count_interval(counts: ArrayLike, *, confidence: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower and upper ends of what is expected where so many were counted.

    Source:
        Exact interval of a Poisson count, Garwood (1936), Biometrika 28, 437-442.
    """
    from scipy.stats import chi2

    n = np.asarray(counts, dtype=float)
    tail = (1 - confidence) / 2
    low = np.where(n > 0, chi2.ppf(tail, 2 * np.maximum(n, 1)) / 2, 0.0)
    return low, np.asarray(chi2.ppf(1 - tail, 2 * n + 2) / 2, dtype=float)


def sum_interval(
    total: ArrayLike, squares: ArrayLike, largest: ArrayLike, *, confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Range of a sum of amounts whose number is left to chance, for instance the bookings of a quarter.

    Args:
        total: Sum of the amounts.
        squares: Sum of their squares.
        largest: The largest amount; what one more deal might bring, where there is none yet.
        confidence: Coverage of the range.

    Returns:
        Lower and upper ends; both missing where nothing tells what a deal might bring.

    Source:
        Gamma interval for weighted sums of Poisson counts, Fay and Feuer (1997), Statistics in Medicine 16, 791-801.
    """
    from scipy.stats import chi2

    y, v, w = (np.asarray(each, dtype=float) for each in (total, squares, largest))
    tail = (1 - confidence) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(y > 0, v / (2 * y) * chi2.ppf(tail, 2 * y**2 / v), 0.0)
        high = (v + w**2) / (2 * (y + w)) * chi2.ppf(1 - tail, 2 * (y + w) ** 2 / (v + w**2))
    return np.where(w > 0, low, np.nan), np.where(w > 0, high, np.nan)


def mean_interval(
    values: pd.Series[float], *, lowest: float, highest: float, usual_spread: float, confidence: float
) -> tuple[float, float, float]:
    """Mean of values on a scale with its t interval, inside the scale; ends missing below two values.

    Values that are all alike say nothing of how they scatter: the usual standard deviation on the scale stands in.
    """
    from scipy.stats import t

    given = values.dropna().astype(float)
    if given.empty:
        return float("nan"), float("nan"), float("nan")
    mean = float(given.mean())
    if len(given) < 2:
        return mean, float("nan"), float("nan")
    spread = usual_spread if given.nunique() == 1 else float(given.std(ddof=1))
    half = float(t.ppf(0.5 + confidence / 2, len(given) - 1) * spread / np.sqrt(len(given)))
    return mean, max(mean - half, lowest), min(mean + half, highest)


def rank_correlation(x: pd.Series[float], y: pd.Series[float], confidence: float) -> tuple[float, float, float]:
    """Spearman's rank correlation with its interval; missing below five pairs or where one side is all alike."""
    from scipy.stats import norm

    if len(x) < FEWEST_PAIRS or x.nunique() < 2 or y.nunique() < 2:
        return float("nan"), float("nan"), float("nan")
    r = float(x.rank().corr(y.rank()))
    half = float(norm.ppf(0.5 + confidence / 2)) * np.sqrt((1 + r**2 / 2) / (len(x) - 3))
    middle = np.arctanh(min(max(r, -0.999999), 0.999999))
    return r, float(np.tanh(middle - half)), float(np.tanh(middle + half))
