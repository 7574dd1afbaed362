"""The funnel: how far from the team's rate may a rep lie by luck, given how many deals the rep closed?

Limits are exact and interpolated between whole numbers of wins; where reps differ by more than luck as a rule, the
limits are widened by that usual spread (over-dispersion). Counts go in; nothing here draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Dispersion:
    """How much more the reps differ than luck would make them."""

    phi: float
    """Mean of the squared, winsorised z-scores; about 0.7 when only luck is at work, as winsorising cuts the tails."""
    tau: float
    """Standard deviation between the reps on the scale of the standard errors; 0 where luck is enough."""


def dispersion(
    z_scores: ArrayLike, standard_errors: ArrayLike, *, trim: float = 0.1, most: float = float("inf")
) -> Dispersion:
    """Estimate the spread between reps that is not luck; missing z-scores are left out.

    Args:
        z_scores: One per rep.
        standard_errors: Of the reps' rates, on the scale wanted for ``tau``.
        trim: Share of the z-scores set to the quantile at each end, so that a few outliers do not hide themselves.
        most: The largest spread that is thought usual, on the scale of the errors: where many lie apart, or there are
            two only, those who are to be judged would else set what is usual.

    Source:
        phi = mean z^2, tau^2 = max(0, (n phi - (n-1)) / (sum w - sum w^2 / sum w)), w = 1/se^2:
        Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202; Quality and Safety in Health Care 14, 347-351.
    """
    z, error = np.asarray(z_scores, dtype=float), np.asarray(standard_errors, dtype=float)
    known = ~np.isnan(z) & (error > 0)
    z, weight = z[known], 1 / error[known] ** 2
    n = len(z)
    if n < 2:
        return Dispersion(float("nan"), 0.0)
    low, high = np.quantile(z, [trim, 1 - trim])
    phi = float(np.mean(np.clip(z, low, high) ** 2))
    room = weight.sum() - (weight**2).sum() / weight.sum()
    return Dispersion(phi, min(float(np.sqrt(max(0.0, (n * phi - (n - 1)) / room))), most))


def funnel_limits(target: ArrayLike, n: ArrayLike, coverage: float, *, tau: float = 0.0) -> tuple[Floats, Floats]:
    """Lower and upper limits of a rate of ``n`` tries about a target.

    Args:
        target: The rate all are thought to have.
        n: Tries; limits are missing where there are none.
        coverage: Share of rates that lie inside by luck, for instance 0.95 and 0.998.
        tau: Usual spread between reps, on the scale of the rate; widens the limits.

    Source:
        Exact binomial limits, interpolated: Spiegelhalter (2005), appendix A.1.1.
    """
    tries, rate = np.broadcast_arrays(np.asarray(n, dtype=float), np.asarray(target, dtype=float))
    low, high = (_binomial_quantile(share, tries, rate) for share in ((1 - coverage) / 2, (1 + coverage) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        luck = rate * (1 - rate) / tries
        factor = np.sqrt(1 + np.where(luck > 0, tau**2 / luck, 0.0))
        low, high = rate + (low / tries - rate) * factor, rate + (high / tries - rate) * factor
    return np.clip(low, 0, 1), np.clip(high, 0, 1)


def _binomial_quantile(share: float, n: Floats, rate: Floats) -> Floats:
    """The number of wins that a share of all outcomes stays below, linear between whole numbers."""
    from scipy.stats import binom

    tries = np.where(n > 0, n, np.nan)
    with np.errstate(invalid="ignore"):
        whole = binom.ppf(share, tries, rate)
        reached, before = binom.cdf(whole, tries, rate), binom.cdf(whole - 1, tries, rate)
        return np.asarray(np.clip(whole - (reached - share) / (reached - before), 0, tries))
