"""Spread: do the reps together differ more than luck would make them?

Two tests of the same question: against one rate for everybody, and against the rate of each cell (month and segment).
Counts per rep and cell go in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True)
class SpreadTest:
    """Whether the reps together differ more than luck would make them."""

    chi_square: float
    degrees: int
    p_value: float
    """Missing with fewer than two reps, or where nothing was left to luck."""


def pooled_test(won: ArrayLike, closed: ArrayLike) -> SpreadTest:
    """Won and lost deals of each rep against the rate of all reps together, whatever the month or segment.

    Source:
        Pearson's chi-square test of a table of reps by won and lost.
    """
    w, n = np.asarray(won, dtype=float), np.asarray(closed, dtype=float)
    w, n = w[n > 0], n[n > 0]
    rate = w.sum() / n.sum() if n.sum() else float("nan")
    if len(n) < 2 or not 0 < rate < 1:
        return SpreadTest(float("nan"), max(len(n) - 1, 0), float("nan"))
    return _chi_square(float(((w - n * rate) ** 2 / (n * rate * (1 - rate))).sum()), len(n) - 1)


def same_cells_test(cells: pd.DataFrame, *, by: Sequence[str]) -> SpreadTest:
    """The same against the rate of each cell: mix and rhythm of the months are taken out.

    Source:
        Generalised Cochran-Mantel-Haenszel test: Mantel (1963), JASA 58, 690-700.
    """
    table = cells.pivot_table(index="rep_id", columns=list(by), values=["n_closed", "n_won"], aggfunc="sum").fillna(0)
    if table.empty:
        return SpreadTest(float("nan"), 0, float("nan"))
    n, won = table["n_closed"].to_numpy(float), table["n_won"].to_numpy(float)
    total, total_won = n.sum(axis=0), won.sum(axis=0)
    rate = total_won / total
    unit = rate * (1 - rate) / np.maximum(total - 1, 1)
    covariance = np.diag((n * total * unit).sum(axis=1)) - (n * unit) @ n.T
    away = (won - n * rate).sum(axis=1)
    # Where no two reps share a cell, rounding alone must not pass for something to compare.
    degrees = int(np.linalg.matrix_rank(covariance, hermitian=True, tol=1e-9 * max(float(n.sum()), 1.0)))
    if degrees < 1:
        return SpreadTest(float("nan"), 0, float("nan"))
    return _chi_square(float(away @ np.linalg.pinv(covariance, hermitian=True) @ away), degrees)


def _chi_square(value: float, degrees: int) -> SpreadTest:
    from scipy.stats import chi2

    return SpreadTest(value, degrees, float(chi2.sf(value, degrees)))
