"""Seasons that a short history can carry: the rhythm within the quarter, then the month of the year.

Each effect is drawn towards none by as much as chance could have made it, so that three years of
noisy months do not turn into a confident calendar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from salesops_lib.statistics.series import Floats, Places

SMOOTHNESS = 14_400.0
"""Penalty on bends of the trend (Hodrick and Prescott), the usual one for months."""
MONTHS_FOR_RHYTHM = 8
"""Months from which the rhythm within the quarter is fitted."""
MONTHS_FOR_YEAR = 24
"""Months from which months of the year are told apart: two seasons."""


def seasonal_effects(logs: Floats, places: Places) -> Floats:
    """Effect of each of the year's twelve months on the log scale; 0 where nothing can be told.

    Args:
        logs: Logarithms of consecutive months.
        places: Where in the fiscal year each stands, 0 to 11.
    """
    if len(logs) < MONTHS_FOR_RHYTHM:
        return np.zeros(12)
    around_trend = logs - smooth_trend(logs)
    effects = shrunken_means(around_trend, places % 3, 3)[np.arange(12) % 3]
    if len(logs) >= MONTHS_FOR_YEAR:
        effects = effects + shrunken_means(around_trend - effects[places], places, 12)
    return effects


def smooth_trend(values: Floats, smoothness: float = SMOOTHNESS) -> Floats:
    """The smooth line through values that Hodrick and Prescott (1997) draw; straight where there are few."""
    bends = np.diff(np.eye(len(values)), n=2, axis=0)
    line = np.linalg.solve(np.eye(len(values)) + smoothness * bends.T @ bends, values)
    return np.asarray(line, dtype=np.float64)


def shrunken_means(values: Floats, groups: Places, n_groups: int) -> Floats:
    """Mean of each group, drawn towards 0 by the share of its spread that chance explains.

    The share kept is 1 - (mean square within / mean square between), at least 0: the one-way random
    effects estimate. A group without a value gets 0; the means are centred over the groups seen.
    """
    counts = np.bincount(groups, minlength=n_groups)
    seen = counts > 0
    means = np.bincount(groups, weights=values, minlength=n_groups) / np.maximum(counts, 1)
    freedom = len(values) - seen.sum()
    if freedom < seen.sum() / 2 or seen.sum() < 2:
        return np.zeros(n_groups)
    within = float(((values - means[groups]) ** 2).sum()) / freedom
    between = float((counts * means**2).sum()) / (seen.sum() - 1)
    kept = max(0.0, 1 - within / between) if between > 0 else 0.0
    return np.where(seen, kept * (means - means[seen].mean()), 0.0)
