"""Shrinkage: how much of what a rep shows would be there again?

A rep's figure is drawn towards what is expected of the team in the same cells, the more so the fewer deals it
rests on. How far reps truly lie apart is not plugged in as one number but integrated over a grid: a single best
guess is often zero, and every interval would then collapse onto the team's figure.
Counts and sums go in, one row per rep; nothing here reads deals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

SPREADS = np.concatenate([[0.005], np.linspace(0.03, 1.2, 40)])
"""Standard deviations of the reps' true rates on the logit scale that are thought possible, all alike beforehand."""
N_SHIFTS = 13
"""Points for the reps' mean at each spread, over 3.5 standard errors to each side."""


@dataclass(frozen=True)
class RatePosterior:
    """What is known about each rep's true rate: a mixture of beta distributions, one part per grid point."""

    a: Floats
    """Reps x grid points."""
    b: Floats
    weights: Floats
    """Of the grid points; they add up to 1."""
    spread_weights: Floats
    """Of ``SPREADS``."""

    @property
    def mean(self) -> Floats:
        """Shrunken rate: (won + a) / (closed + a + b), averaged over the grid."""
        return np.asarray((self.a / (self.a + self.b)) @ self.weights)

    @property
    def spread(self) -> float:
        """Mean of the standard deviation between the reps' true rates, on the logit scale."""
        return float(SPREADS @ self.spread_weights)

    def cdf(self, rate: ArrayLike) -> Floats:
        """Chance that each rep's true rate is at most this."""
        from scipy.special import betainc

        rows = np.broadcast_to(np.asarray(rate, dtype=float), self.a.shape[:1])
        return np.asarray(betainc(self.a, self.b, rows[:, None]) @ self.weights)

    def quantile(self, share: float) -> Floats:
        """The rate that each rep's true rate stays below with this chance.

        On the scales of logit and probit the distribution is nearly a straight line, so that few steps of the secant
        reach it; where they do not, halving does.
        """
        from scipy.special import expit, logit, ndtri

        mean = np.clip(self.mean, 1e-9, 1 - 1e-9)
        size = self.a + self.b
        second = (self.a * (self.a + 1) / (size * (size + 1))) @ self.weights
        slope = np.sqrt(np.maximum(second - mean**2, 1e-18)) / (mean * (1 - mean))
        target, middle = float(ndtri(share)), logit(mean)

        def away(line: Floats) -> Floats:
            return np.asarray(ndtri(np.clip(self.cdf(expit(line)), 1e-15, 1 - 1e-15)) - target)

        line = middle + target * slope
        gap = away(line)
        for _ in range(6):
            moved = line - np.clip(gap * slope, -3, 3)
            new = away(moved)
            steeper = np.where(new != gap, (moved - line) / np.where(new != gap, new - gap, 1.0), slope)
            slope, line, gap = np.where((steeper > 0) & np.isfinite(steeper), steeper, slope), moved, new
            if np.abs(gap).max() < 5e-4:  # of a standard deviation
                return np.asarray(expit(line))
        return self._halved(share)

    def _halved(self, share: float) -> Floats:
        low, high = np.zeros(len(self.a)), np.ones(len(self.a))
        for _ in range(22):  # exact to 3e-7
            middle = (low + high) / 2
            is_below = self.cdf(middle) < share
            low, high = np.where(is_below, middle, low), np.where(is_below, high, middle)
        return (low + high) / 2

    def draws(self, n: int, *, seed: int) -> Floats:
        """True rates as they may be: reps x draws, all reps of a draw from the same grid point."""
        rng = np.random.default_rng(seed)
        point = rng.choice(len(self.weights), size=n, p=self.weights)
        return np.asarray(rng.beta(self.a[:, point], self.b[:, point]))


def shrink_rates(won: ArrayLike, closed: ArrayLike, expected_rate: ArrayLike) -> RatePosterior:
    """Fit the hierarchical beta-binomial model to the reps' counts.

    A rep's true rate has a beta prior around the rate expected of the rep's own mix of deals, moved by a shift
    that all reps share; its width follows from the spread between reps. Shift and spread are integrated out.

    Args:
        won: Deals won, per rep.
        closed: Deals closed, per rep; a rep without any adds nothing.
        expected_rate: The team's rate on the rep's mix, between 0 and 1; the same for all where there is one cell.

    Source:
        Hierarchical model of Gelman et al., Bayesian Data Analysis (3rd ed.), section 5.3: posterior on a grid;
        prior of Jeffreys (1946) on the rate of all reps together.
    """
    from scipy.special import betaln, expit, logit, logsumexp

    w, n = np.asarray(won, dtype=float), np.asarray(closed, dtype=float)
    least = max(1e-4, 0.5 / (n.sum() + 1))
    middle = logit(np.clip(np.asarray(expected_rate, dtype=float), least, 1 - least))
    shifts, spreads = _grid(w, n, middle)
    prior_mean = expit(middle[:, None] + shifts)
    size = 1 / (spreads**2 * prior_mean * (1 - prior_mean)) - 1
    a, b = size * prior_mean, size * (1 - prior_mean)
    likelihood = (betaln(w[:, None] + a, (n - w)[:, None] + b) - betaln(a, b)).sum(axis=0)
    # The shift's grid is wider where the spread is: its step keeps the prior flat, but for the factor of Jeffreys.
    # Without it a team that won nothing would be sure to win next to nothing.
    likelihood += np.log(np.repeat(np.ptp(shifts.reshape(len(SPREADS), -1), axis=1), N_SHIFTS))
    common = (prior_mean * n[:, None]).sum(axis=0) / max(n.sum(), 1.0)
    likelihood += 0.5 * np.log(np.clip(common * (1 - common), 1e-300, None))
    weights = np.exp(likelihood - logsumexp(likelihood))
    kept = weights > 1e-4 * weights.max()
    return RatePosterior(
        a=(w[:, None] + a)[:, kept],
        b=((n - w)[:, None] + b)[:, kept],
        weights=weights[kept] / weights[kept].sum(),
        spread_weights=weights.reshape(len(SPREADS), -1).sum(axis=1),
    )


def _grid(won: Floats, closed: Floats, middle: Floats) -> tuple[Floats, Floats]:
    """Shift and spread of each grid point: for every spread, shifts around the one that fits best."""
    from scipy.special import expit

    seen = closed > 0
    rate = expit(middle[seen])
    information = closed[seen] * rate * (1 - rate)
    # One step of Newton from no shift: on counts of a team it is within a hundredth.
    start = (won[seen] - closed[seen] * rate).sum() / max(information.sum(), 1e-9)
    start = float(np.clip(start, -3, 3))
    weight = 1 / (1 / np.maximum(information, 1e-9)[:, None] + SPREADS**2)
    error = 1 / np.sqrt(np.maximum(weight.sum(axis=0), 1e-9))
    error = np.minimum(error, 3.0)
    shifts = start + error[:, None] * np.linspace(-3.5, 3.5, N_SHIFTS)
    return shifts.ravel(), np.repeat(SPREADS, N_SHIFTS)


@dataclass(frozen=True)
class ShrunkenMeans:
    """Precision-weighted means with their intervals, on the scale they were given in."""

    mean: Floats
    low: Floats
    high: Floats
    spread: float
    """Mean of the standard deviation between the reps' true means."""


def shrink_means(mean: ArrayLike, n: ArrayLike, within_variance: float, *, confidence: float) -> ShrunkenMeans:
    """Draw each rep's mean towards the reps' common mean by precision; the spread between reps is integrated out.

    Args:
        mean: Mean per rep of values that are near normal, such as logs less what is expected of the cell.
        n: Values behind each mean; reps with none get missing values.
        within_variance: Variance of single values around their rep's mean.
        confidence: Coverage of the intervals.

    Source:
        Normal hierarchical model of Gelman et al., Bayesian Data Analysis (3rd ed.), section 5.4: flat prior on the
        mean and on the spread, the spread's posterior on a grid.
    """
    from scipy.stats import norm

    y, count = np.asarray(mean, dtype=float), np.asarray(n, dtype=float)
    seen = (count > 0) & ~np.isnan(y)
    out = np.full((3, len(y)), np.nan)
    if not seen.any():
        return ShrunkenMeans(out[0], out[1], out[2], float("nan"))
    error = max(within_variance, 1e-12) / count[seen]
    top = 3 * np.sqrt(y[seen].var() + error.min())
    spreads = np.linspace(0, top, 60)
    weight = 1 / (error[:, None] + spreads**2)
    total = weight.sum(axis=0)
    centre = (weight * y[seen][:, None]).sum(axis=0) / total
    fit = 0.5 * (np.log(weight).sum(axis=0) - np.log(total) - (weight * (y[seen][:, None] - centre) ** 2).sum(axis=0))
    chance = np.exp(fit - fit.max())
    chance /= chance.sum()
    keeps = spreads**2 * weight  # share of the rep's own mean that is kept
    means = keeps * y[seen][:, None] + (1 - keeps) * centre
    variances = keeps * error[:, None] + (1 - keeps) ** 2 / total
    centre_of = means @ chance
    deviation = np.sqrt((variances + (means - centre_of[:, None]) ** 2) @ chance)
    half = norm.ppf(0.5 + confidence / 2) * deviation
    out[:, seen] = centre_of, centre_of - half, centre_of + half
    return ShrunkenMeans(out[0], out[1], out[2], float(spreads @ chance))
