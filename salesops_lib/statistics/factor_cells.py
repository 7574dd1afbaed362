"""Counts in cells of many factors: sums over levels in the place of a table of zeros and ones.

A cell is a rep and one level of each factor (segment, source, month ...) with deals closed and won. Levels are codes
from 0 up. A hundred thousand cells cost a few hundred sums over codes; the table would hold millions of numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.intp]


@dataclass(frozen=True)
class FactorCells:
    """Counts per cell; ``factors`` hold the level of each cell, 0 the level that others are compared with."""

    won: Floats
    closed: Floats
    rep: Codes
    factors: tuple[Codes, ...]
    n_reps: int
    n_levels: tuple[int, ...]

    @property
    def width(self) -> int:
        """Coefficients: an intercept, and one for each level but the first of each factor."""
        return 1 + sum(self.n_levels) - len(self.n_levels)

    def starts(self) -> list[int]:
        """Where each factor's coefficients begin."""
        return [1 + sum(n - 1 for n in self.n_levels[:place]) for place in range(len(self.n_levels))]

    def sum_of(self, coefficients: Floats, which: Sequence[int] | None = None) -> Floats:
        """Each cell's linear predictor, from all factors or from some of them, the intercept always included."""
        out = np.full(len(self.won), coefficients[0])
        for place, start in enumerate(self.starts()):
            if which is None or place in which:
                levels = np.concatenate([[0.0], coefficients[start : start + self.n_levels[place] - 1]])
                out += levels[self.factors[place]]
        return out

    def gather(self, values: Floats) -> Floats:
        """Sum of the values over the cells of each coefficient: the transposed design times ``values``."""
        parts = [np.array([values.sum()])]
        for codes, n in zip(self.factors, self.n_levels, strict=True):
            parts.append(np.bincount(codes, weights=values, minlength=n)[1:])
        return np.concatenate(parts)

    def by_rep(self, values: Floats) -> Floats:
        """Sum of the values over each rep's cells."""
        return np.asarray(np.bincount(self.rep, weights=values, minlength=self.n_reps), dtype=float)

    def gather_by_rep(self, values: Floats) -> Floats:
        """The same as ``gather`` for each rep: reps x coefficients."""
        parts = [self.by_rep(values)[:, None]]
        for codes, n in zip(self.factors, self.n_levels, strict=True):
            table = np.bincount(self.rep * n + codes, weights=values, minlength=self.n_reps * n).astype(float)
            parts.append(table.reshape(self.n_reps, n)[:, 1:])
        return np.hstack(parts)

    def cross(self, weights: Floats) -> Floats:
        """Weighted products of all pairs of coefficients: the transposed design x weights x design."""
        out = np.zeros((self.width, self.width))
        out[0] = self.gather(weights)
        starts = self.starts()
        for one, (codes, n) in enumerate(zip(self.factors, self.n_levels, strict=True)):
            for other in range(one, len(self.factors)):
                m = self.n_levels[other]
                table = np.bincount(codes * m + self.factors[other], weights=weights, minlength=n * m)
                rows, columns = starts[one], starts[other]
                out[rows : rows + n - 1, columns : columns + m - 1] = table.reshape(n, m)[1:, 1:]
        return np.triu(out) + np.triu(out, 1).T


def cells_of(
    won: ArrayLike, closed: ArrayLike, rep: ArrayLike, factors: Sequence[ArrayLike], *, n_reps: int | None = None
) -> FactorCells:
    """Counts with the codes of reps and of factor levels, each from 0 up."""
    codes = tuple(np.asarray(each, dtype=np.intp) for each in factors)
    reps = np.asarray(rep, dtype=np.intp)
    return FactorCells(
        np.asarray(won, dtype=float), np.asarray(closed, dtype=float), reps, codes,
        int(reps.max(initial=-1)) + 1 if n_reps is None else n_reps,
        tuple(int(each.max(initial=0)) + 1 for each in codes),
    )  # fmt: skip
