"""How far off a forecast may be: intervals built from the errors that rolling origins made.

Errors are taken on the log scale. Three numbers describe them: their size one month ahead, how it grows
with the horizon, and how far the errors of one forecast go together. A dozen overlapping origins say
little about the last two, so both have floors, and the t distribution gets half as many degrees of
freedom as there are origins. With these, intervals of 80 % cover close to 80 % of simulated months and
of their sums; a test holds that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from salesops_lib.statistics.series import Floats

GROWTHS = np.array([0.05, 0.1, 0.2, 0.5, 1.0])
"""Growth of the squared error per month ahead, as a share of the first month's; the first is the floor."""
LEAST_TOGETHER = 0.3
"""Least share of the squared error that all months of one forecast have in common."""
FLATTERY = 1.1
"""The method was chosen for its small errors on the same origins; this makes up for that."""
LEAST_FREEDOM = 3.0
DRAWS = 5_000
SEED = 20_261_002
"""Fixed, so that the same data gives the same numbers; it carries no meaning."""


@dataclass(frozen=True)
class Spread:
    """The errors of a method on the log scale."""

    scale: float
    """Typical error one month ahead."""
    growth: float
    """Growth of the squared error per further month."""
    together: float
    """Share of the squared error that all months of a forecast have in common."""
    freedom: float
    """Degrees of freedom of the t distribution."""

    def width(self, ahead: Floats) -> Floats:
        """Typical error so many months ahead."""
        return np.asarray(self.scale * np.sqrt(1 + self.growth * (ahead - 1)))

    def quantile(self, share: float, ahead: Floats) -> Floats:
        """Quantile of the error on the log scale so many months ahead."""
        from scipy.stats import t

        return np.asarray(t.ppf(share, self.freedom) * self.width(ahead))

    def paths(self, logs: Floats, *, draws: int = DRAWS, seed: int = SEED) -> Floats:
        """Futures around a forecast: one row per draw, one column per month, still on the log scale."""
        rng = np.random.default_rng(seed)
        n = len(logs)
        luck = np.sqrt(self.freedom / rng.chisquare(self.freedom, size=(draws, 1)))
        common = np.sqrt(self.together) * rng.standard_normal((draws, 1))
        own = np.sqrt(1 - self.together) * rng.standard_normal((draws, n))
        return np.asarray(logs + luck * self.width(np.arange(1.0, n + 1)) * (common + own))


def fit_spread(errors: pd.DataFrame) -> Spread:
    """Describe the errors of one method at its known origins.

    Args:
        errors: ``origin``, ``n_months_ahead`` and ``log_error``, one row per forecast whose month is over.
    """
    ahead = errors["n_months_ahead"].to_numpy(dtype=float)
    error = errors["log_error"].to_numpy(dtype=float)
    growth = _likeliest_growth(ahead, error)
    standard = error / np.sqrt(1 + growth * (ahead - 1))
    square = max(float(np.mean(standard**2)), 1e-8)
    n_origins = errors["origin"].nunique()
    return Spread(
        float(np.sqrt(FLATTERY * square)),
        growth,
        _together(errors["origin"].to_numpy(), standard, square),
        max(LEAST_FREEDOM, n_origins / 2),
    )


def _likeliest_growth(ahead: Floats, error: Floats) -> float:
    """The growth under which normal errors of that size are likeliest."""

    def unlikelihood(growth: float) -> float:
        widening = 1 + growth * (ahead - 1)
        square = max(float(np.mean(error**2 / widening)), 1e-8)
        return float(np.log(widening).sum() + len(error) * np.log(square))

    return float(min(GROWTHS, key=unlikelihood))


def _together(origins: Floats, standard: Floats, square: float) -> float:
    """Mean product of two errors of one origin, as a share of the mean squared error."""
    products = pairs = 0.0
    for origin in np.unique(origins):
        own = standard[origins == origin]
        products += float(own.sum() ** 2 - (own**2).sum())
        pairs += len(own) * (len(own) - 1)
    return float(np.clip(products / pairs / square, LEAST_TOGETHER, 0.9)) if pairs else LEAST_TOGETHER
