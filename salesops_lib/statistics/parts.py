"""Parts: a gap between two products, split over their factors so that the parts add up exactly.

Bookings are a product: deals closed x what such deals usually bring x ... . When two products differ, each factor
gets the part of the difference that it brings about, whatever the order in which the factors are changed.
"""

from __future__ import annotations

from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


def shapley_parts(factors: ArrayLike, base: ArrayLike) -> Floats:
    """Split the product of ``factors`` less the product of ``base``: mean over all orders of changing them.

    Copes with zeros and negative factors, which is why reports use it.

    Args:
        factors: Rows x factors.
        base: The same for what is compared with.

    Returns:
        Rows x factors; each row adds up to its gap.

    Source:
        Shapley (1953); for decompositions Ang, Liu and Chew (2003), Energy Policy 31, 1561-1566.
    """
    x, x0 = np.atleast_2d(np.asarray(factors, dtype=float)), np.atleast_2d(np.asarray(base, dtype=float))
    n = x.shape[1]
    parts = np.zeros_like(x)
    for this in range(n):
        others = [each for each in range(n) if each != this]
        for size in range(n):
            share = factorial(size) * factorial(n - size - 1) / factorial(n)
            for changed in combinations(others, size):
                kept = [each for each in others if each not in changed]
                rest = x[:, list(changed)].prod(axis=1) * x0[:, kept].prod(axis=1)
                parts[:, this] += share * rest * (x[:, this] - x0[:, this])
    return parts


def log_mean_parts(factors: ArrayLike, base: ArrayLike) -> Floats:
    """The same split by logarithmic mean (LMDI-I, additive), for positive factors; missing elsewhere.

    Source:
        Ang (2005), Energy Policy 33, 867-871, equations 3 to 5.
    """
    x, x0 = np.atleast_2d(np.asarray(factors, dtype=float)), np.atleast_2d(np.asarray(base, dtype=float))
    y, y0 = x.prod(axis=1), x0.prod(axis=1)
    positive = np.asarray((np.minimum(x, x0) > 0).all(axis=1))
    with np.errstate(divide="ignore", invalid="ignore"):
        same = np.isclose(y, y0, rtol=1e-12, atol=0)
        weight = np.where(same, y, (y - y0) / np.log(y / y0))
        parts = weight[:, None] * np.log(x / x0)
    return np.where(positive[:, None], parts, np.nan)
