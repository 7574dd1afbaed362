"""Chances: how often a fair sharing puts a rep's leads as far from the rule, and how far luck reaches.

Moments of each rep's sums over all fair sharings go in. So there is no limit to how small a chance can be told, which
a number of draws would set: among 300 reps a single one must be told apart at 1 in 6,000.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from salesops_lib.rep_comparison.leads.draws import Sums, measures_of
from salesops_lib.statistics.differences import adjusted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def chances(sums: Sums) -> Floats:
    """How often a fair sharing puts each measure of each rep as far out, either way; missing without room for luck.

    Source:
        Pearson's curve of type III with the mean, variance and third moment of the sum.
    """
    from scipy.stats import pearson3

    # A whole lead is the least that can change: half of one is taken off.
    away = np.maximum(np.abs(sums.seen - sums.fair) - _half(sums), 0.0) / sums.deviation
    upwards = np.where(sums.seen >= sums.fair, 1.0, -1.0)
    tail = pearson3.sf(away, upwards * _skewness(sums))
    return np.where(sums.has_room, np.minimum(2 * tail, 1.0), np.nan)


def furthest(sums: Sums) -> tuple[Floats, Floats]:
    """Per rep, how often a fair sharing puts any measure as far out: p-value of the furthest, and of each measure.

    Those of each measure allow for all measures of the rep having been looked at, after Holm (1979); 1 where luck has
    no room.
    """
    each = np.array([adjusted(row) for row in chances(sums)]).reshape(sums.seen.shape)
    each = np.where(sums.has_room, each, 1.0)
    return np.asarray(each.min(axis=1, initial=1.0)), each


def luck_range(sums: Sums, confidence: float) -> tuple[Floats, Floats]:
    """Least and largest sum of each rep and measure within the range of fair sharings; whole numbers where it counts.

    Source:
        Pearson's curve of type III, as in ``chances``.
    """
    from scipy.stats import pearson3

    tail, skewness, half = (1 - confidence) / 2, _skewness(sums), _half(sums)
    deviation = np.where(sums.has_room, sums.deviation, 0.0)
    low, high = (sums.fair + deviation * pearson3.ppf(share, skewness) for share in (tail, 1 - tail))
    is_counted = half > 0
    # A sum beyond these ends would have a tail of less than the share left out.
    low = np.where(is_counted & sums.has_room, np.ceil(low - half), low)
    high = np.where(is_counted & sums.has_room, np.floor(high + half), high)
    return np.maximum(low, 0.0), high


def _skewness(sums: Sums) -> Floats:
    return np.where(sums.has_room, sums.third_moment / np.maximum(sums.variance, 1e-12) ** 1.5, 0.0)


def _half(sums: Sums) -> Floats:
    """Half of the step in which each measure moves: a lead for the count and each source, nothing for the others."""
    n_measures = sums.seen.shape[1]
    half = np.zeros(n_measures)
    for aspect in ("count", "source"):
        half[measures_of(aspect, n_measures)] = 0.5
    return np.broadcast_to(half, sums.seen.shape)
