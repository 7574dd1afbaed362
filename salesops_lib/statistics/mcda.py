"""Multi-criteria decision analysis: numbers of different units made comparable, weighed and ordered.

Rows are alternatives, columns are criteria. Arrays in, arrays out: nothing here knows what a tool is.
Methods: weighted sum, and TOPSIS (Hwang and Yoon, 1981: nearness to the best and distance from the worst).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Normalisation = Literal["min_max", "max", "vector"]
Method = Literal["weighted_sum", "topsis"]
Direction = Literal["up", "down"]
Array = NDArray[np.float64]

NORMALISATIONS: tuple[Normalisation, ...] = ("min_max", "max", "vector")
METHODS: tuple[Method, ...] = ("weighted_sum", "topsis")

TIE = 1e-9
"""Scores closer than this are equal: what is left of equal numbers after rounding in the machine."""


def normalised(values: ArrayLike, directions: Sequence[Direction], normalisation: Normalisation) -> Array:
    """Values without units, more is better in every column.

    Args:
        values: One row per alternative, one column per criterion.
        directions: Which way is good, by column.
        normalisation: ``min_max``: share of the way from the worst to the best alternative. ``max``: value over
            the largest size in the column. ``vector``: value over the column's Euclidean length. Where less is
            better, ``max`` and ``vector`` give 1 less that quotient, which keeps the differences as they are.

    Returns:
        An array of the same shape. A column in which all alternatives are equal separates none of them.
    """
    table = np.asarray(values, dtype=float)
    is_down = np.array([direction == "down" for direction in directions])
    if normalisation == "min_max":
        low = table.min(axis=0)
        share = _over(table - low, table.max(axis=0) - low)
    elif normalisation == "max":
        share = _over(table, np.abs(table).max(axis=0))
    else:
        share = _over(table, np.sqrt((table**2).sum(axis=0)))
    return np.where(is_down, 1 - share, share)


def _over(table: Array, size: Array) -> Array:
    """Columns over their sizes; 0 where the size is, since nothing differs there."""
    return np.divide(table, size, out=np.zeros_like(table), where=size > 0)


def weighted_sum(scaled: ArrayLike, weights: ArrayLike) -> Array:
    """Score of each alternative: the mean of its criteria by weight.

    Args:
        scaled: Values without units, more is better.
        weights: One per criterion, or one row per set of weights; only their proportions matter.

    Returns:
        One score per alternative; one row of scores per set of weights where there are several.
    """
    scores: Array = _proportions(weights) @ np.asarray(scaled, dtype=float).T
    return scores


def topsis(scaled: ArrayLike, weights: ArrayLike) -> Array:
    """Closeness of each alternative to the best of all: distance to the worst over both distances.

    Args:
        scaled: Values without units, more is better.
        weights: As in ``weighted_sum``.

    Returns:
        Closeness, 0 (worst in every criterion) to 1 (best in every one), shaped as in ``weighted_sum``.
        Half where the alternatives do not differ at all: each is then best and worst at once.
    """
    table = np.asarray(scaled, dtype=float)
    squares = _proportions(weights) ** 2
    to_best = np.sqrt(squares @ ((table.max(axis=0) - table) ** 2).T)
    to_worst = np.sqrt(squares @ ((table - table.min(axis=0)) ** 2).T)
    both = to_best + to_worst
    closeness: Array = np.divide(to_worst, both, out=np.full_like(both, 0.5), where=both > 0)
    return closeness


def _proportions(weights: ArrayLike) -> Array:
    given = np.asarray(weights, dtype=float)
    shares: Array = given / given.sum(axis=-1, keepdims=True)
    return shares


SCORERS: dict[Method, Callable[[ArrayLike, ArrayLike], Array]] = {"weighted_sum": weighted_sum, "topsis": topsis}


def ranks(scores: ArrayLike) -> NDArray[np.int64]:
    """Place of each alternative, 1 is the highest score; equal scores share the better place."""
    given = np.asarray(scores, dtype=float)
    ahead: NDArray[np.int64] = (given[..., None, :] > given[..., :, None] + TIE).sum(axis=-1)
    return ahead + 1


def wins(scores: ArrayLike) -> Array:
    """Share of the sets of weights under which each alternative comes first; ties share the win."""
    first = (ranks(np.atleast_2d(np.asarray(scores, dtype=float))) == 1).astype(float)
    share: Array = (first / first.sum(axis=1, keepdims=True)).mean(axis=0)
    return share


def swapped_pairs(before: ArrayLike, after: ArrayLike) -> list[tuple[int, int]]:
    """Pairs of alternatives whose order turned round between two sets of scores; ties turn nothing."""
    old, new = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    return [
        (one, other)
        for one in range(len(old))
        for other in range(len(old))
        if old[one] > old[other] + TIE and new[other] > new[one] + TIE
    ]
