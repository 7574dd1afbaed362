"""Control limits: when has a series of results left its usual level, and how often would chance say so?

Arrays go in, with months along the last axis and in units of the usual spread of one month (``z``); nothing here
reads deals. A month without a result is missing: charts stay where they were.

One month against a limit sees large changes only. The EWMA and the CUSUM gather small ones over months. Where the
months of a rep resemble one another, an average of them varies more than independent ones would, so the limits of the
EWMA are those of an autoregressive series. They are held to a chance per stretch of months, not per month.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

WEIGHT = 0.2
"""Weight of the newest month: about what sees a change of one to one and a half spreads soonest (our choice)."""
ALLOWANCE = 0.5
"""Half the change, in spreads, that the CUSUM is to date: what it lets pass each month."""
MOST_AUTOCORRELATION = 0.8
N_NODES = 64
N_DRAWS = 50_000
N_KNOWN = 200
"""Draws beyond a point that its chance needs to be counted; further out it falls as the normal curve does."""
SEED = 20_260_101

BEYOND_3 = "one beyond 3"
TWO_OF_THREE = "two of three beyond 2"
FOUR_OF_FIVE = "four of five beyond 1"
EIGHT_ON_A_SIDE = "eight on one side"
RUN_RULES = {BEYOND_3: (1, 1, 3.0), TWO_OF_THREE: (2, 3, 2.0), FOUR_OF_FIVE: (4, 5, 1.0), EIGHT_ON_A_SIDE: (8, 8, 0.0)}
"""Months that must lie beyond a limit on one side, of how many in a row, and the limit."""


def ewma(z: ArrayLike, *, weight: float = WEIGHT, start: float = 0.0) -> Floats:
    """Exponentially weighted moving average: each month moves it by ``weight`` of the way to that month's result.

    Source:
        Roberts (1959), Technometrics 1, 239-250; NIST/SEMATECH e-Handbook 6.3.2.4.
    """
    given = np.asarray(z, dtype=float)
    out, level = np.empty_like(given), np.full(given.shape[:-1], start)
    for month in range(given.shape[-1]):
        step = weight * (given[..., month] - level)
        level = level + np.where(np.isnan(step), 0.0, step)
        out[..., month] = level
    return out


def ewma_deviation(is_seen: ArrayLike, *, weight: float = WEIGHT, autocorrelation: float = 0.0) -> Floats:
    """Standard deviation of the EWMA in each month, when single months have 1 and resemble the month before.

    It tends to the square root of weight / (2 - weight) x (1 + r) / (1 - r), with r = autocorrelation x (1 - weight).

    Args:
        is_seen: Whether a month has a result.
        weight: As in ``ewma``.
        autocorrelation: Correlation of a month with the one before; it fades as a power over longer gaps.
    """
    seen = np.asarray(is_seen, dtype=bool)
    out = np.empty(seen.shape)
    variance = np.zeros(seen.shape[:-1])
    shared = np.zeros(seen.shape[:-1])  # covariance of the EWMA with the month's result
    for month in range(seen.shape[-1]):
        now, shared = seen[..., month], shared * autocorrelation
        moved = (1 - weight) ** 2 * variance + weight**2 + 2 * weight * (1 - weight) * shared
        variance = np.where(now, moved, variance)
        shared = np.where(now, (1 - weight) * shared + weight, shared)
        out[..., month] = np.sqrt(variance)
    return out


def cusum(z: ArrayLike, *, allowance: float = ALLOWANCE) -> tuple[Floats, Floats]:
    """Sums of what months lie below ``-allowance`` and above ``allowance``, begun anew whenever they reach 0.

    Returns:
        The sum of falls and the sum of rises, both 0 or more.

    Source:
        Page (1954), Biometrika 41, 100-115.
    """
    given = np.nan_to_num(np.asarray(z, dtype=float))
    seen = ~np.isnan(np.asarray(z, dtype=float))
    falls, rises = np.empty_like(given), np.empty_like(given)
    fall = rise = np.zeros(given.shape[:-1])
    for month in range(given.shape[-1]):
        now, is_new = given[..., month], seen[..., month]
        fall = np.where(is_new, np.maximum(fall - now - allowance, 0.0), fall)
        rise = np.where(is_new, np.maximum(rise + now - allowance, 0.0), rise)
        falls[..., month], rises[..., month] = fall, rise
    return falls, rises


def run_rules(z: ArrayLike) -> NDArray[np.str_]:
    """The first run rule that each month completes, the plainest first; empty for none.

    Each rule adds false alarms: one in about 92 months with all four, where 3 spreads alone give one in 370
    (Champ and Woodall 1987). They are shown because readers know them; no verdict rests on them.

    Source:
        Western Electric, Statistical Quality Control Handbook (1956).
    """
    given = np.asarray(z, dtype=float)
    out = np.full(given.shape, "", dtype="U32")
    for name, (n_beyond, n_months, limit) in RUN_RULES.items():
        for beyond in (given > limit, given < -limit):
            before = np.cumsum(beyond, axis=-1)
            before[..., n_months:] = before[..., n_months:] - before[..., :-n_months]
            out = np.where((out == "") & beyond & (before >= n_beyond), name, out)
    return out


@dataclass(frozen=True)
class Usual:
    """How months vary about the level of their own series, all series together."""

    spread: float
    """Variance of a month's result / what luck alone would give; 1 or more."""
    autocorrelation: float
    """Of neighbouring months, 0 or more."""


def usual_months(difference: ArrayLike, variance: ArrayLike) -> Usual:
    """Estimate spread and autocorrelation from each series' months about the mean of those months.

    A mean taken from the same months follows them, which hides part of both; that part is put back.

    Args:
        difference: Results less what was expected, by series and month.
        variance: What luck alone would give them; 0 where a month says nothing.
    """
    v = np.asarray(variance, dtype=float)
    seen = v > 0
    rest = np.where(seen, np.asarray(difference, dtype=float), 0.0)
    level = rest.sum(axis=1) / np.maximum(v.sum(axis=1), 1e-9)
    rest = np.where(seen, rest - level[:, None] * v, 0.0) / np.sqrt(np.where(seen, v, 1.0))
    pairs = seen[:, 1:] & seen[:, :-1]
    n_series, n, n_pairs = int(seen.any(axis=1).sum()), int(seen.sum()), int(pairs.sum())
    if n <= n_series or not n_pairs:
        return Usual(1.0, 0.0)
    square = float((rest**2).sum() / n)
    raw = float((rest[:, 1:] * rest[:, :-1])[pairs].sum() / n_pairs) / max(square, 1e-12)
    autocorrelation, hidden = 0.0, n_series / n
    for _ in range(20):  # the part hidden depends on the autocorrelation; each turn brings both closer
        autocorrelation = float(np.clip(raw * (1 - hidden) + hidden, 0.0, MOST_AUTOCORRELATION))
        hidden = min((1 + autocorrelation) / (1 - autocorrelation) * n_series / n, 0.9)
    # Rounded up to steps of 0.02: cautious, and the same limits serve again.
    return Usual(max(square / (1 - hidden), 1.0), float(np.ceil(max(50 * autocorrelation - 1e-9, 0.0)) / 50))


@dataclass(frozen=True)
class Reach:
    """How far from the usual level, in its own standard deviations, the EWMA gets by chance over a stretch of months.

    Drawn with a fixed seed. An error of the usual level moves all months together: to leave it out is on the safe side.
    """

    furthest: Floats
    """Furthest points to either side by months since the start (rows) and draw, each row in ascending order."""

    def chance(self, reached: ArrayLike, n_months: ArrayLike) -> Floats:
        """Chance of getting so far within so many months; missing without a month."""
        from scipy.stats import norm

        points, rows = np.broadcast_arrays(np.asarray(reached, dtype=float), np.asarray(n_months, dtype=int))
        out = np.full(points.shape, np.nan)
        for n in np.unique(rows[(rows > 0) & ~np.isnan(points)]):
            here, row = (rows == n) & ~np.isnan(points), self.furthest[n - 1]
            known, size = row[-N_KNOWN], len(row)
            counted = (size - np.searchsorted(row, points[here])) / size
            beyond = N_KNOWN / size * norm.sf(points[here]) / norm.sf(known)
            out[here] = np.where(points[here] <= known, counted, beyond)
        return out

    def limit(self, chance: float, n_months: ArrayLike) -> Floats:
        """How far the EWMA gets with this chance within so many months; missing without a month."""
        from scipy.stats import norm

        rows = np.asarray(n_months, dtype=int)
        size = self.furthest.shape[-1]
        if chance * size >= N_KNOWN:
            limits = self.furthest[:, size - int(np.floor(chance * size))]
        else:
            limits = norm.isf(chance * size / N_KNOWN * norm.sf(self.furthest[:, -N_KNOWN]))
        return np.where(rows > 0, limits[np.maximum(rows, 1) - 1], np.nan)


@lru_cache(maxsize=8)
def reach(n_months: int, *, weight: float = WEIGHT, autocorrelation: float = 0.0) -> Reach:
    """Draw what chance does to the EWMA over up to so many months.

    Args:
        n_months: The longest stretch.
        weight: As in ``ewma``.
        autocorrelation: As in ``ewma_deviation``.
    """
    path = ewma(autoregressive((N_DRAWS, max(n_months, 1)), autocorrelation), weight=weight)
    deviation = ewma_deviation(np.ones(path.shape[-1], dtype=bool), weight=weight, autocorrelation=autocorrelation)
    furthest = np.maximum.accumulate(np.abs(path) / deviation, axis=-1)
    return Reach(np.sort(furthest.T, axis=-1))


def autoregressive(shape: tuple[int, int], autocorrelation: float, *, seed: int = SEED) -> Floats:
    """Series of normal months with variance 1, each resembling the one before."""
    z = np.random.default_rng(seed).standard_normal(shape)
    for month in range(1, shape[1]):
        z[:, month] = autocorrelation * z[:, month - 1] + np.sqrt(1 - autocorrelation**2) * z[:, month]
    return z


def noticeable_shifts(
    limits: ArrayLike, baseline_error: float, *, autocorrelation: float = 0.0, share: float = 0.8, n_draws: int = 4_000
) -> Floats:
    """The smallest fall that is noticed with this chance within 1, 2, 3 ... months of its start, in spreads of a month.

    Args:
        limits: The EWMA's upper limits by month after a year without a change; missing ones cannot be passed.
        baseline_error: Standard deviation of the error of the usual level, in spreads of one month.
        autocorrelation: As in ``ewma_deviation``.
        share: The chance to notice.
        n_draws: Draws, with a fixed seed.
    """
    top = np.asarray(limits, dtype=float)
    before = 12
    z = autoregressive((n_draws, before + len(top)), autocorrelation)
    error = baseline_error * np.random.default_rng(SEED + 1).standard_normal(n_draws)
    path = ewma(z + error[:, None])[:, before:]
    moved = 1 - (1 - WEIGHT) ** np.arange(1, len(top) + 1)
    # A fall of s moves the EWMA by s x moved, so the fall that each draw needs is known without trying.
    needed = np.minimum.accumulate((path + top) / moved, axis=-1)
    return np.asarray(np.quantile(needed, share, axis=0))
