"""Luck: would a team of equals have looked like this?

Every rep is compared with the team in the same cells (month and segment). Were all reps alike, the wins of a cell
would fall on its deals at random; a rep's number of wins would then be a sum of hypergeometric draws, whose
distribution is worked out exactly. Counts per rep and cell go in; nothing here reads deals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

MOST_EXACT = 3000
"""Deals of a rep up to which chances are exact; above, the normal curve with half a deal of correction is as good."""


@dataclass(frozen=True)
class Odds:
    """What luck alone would give each rep, in the order of ``rep_ids``."""

    rep_ids: list[str]
    closed: Floats
    won: Floats
    expected: Floats
    """Wins expected from the team's rates in the same cells."""
    variance: Floats
    """Of the wins, were all reps alike; 0 where the cells leave no room for luck."""
    at_most: Floats
    """Chance of this many wins or fewer."""
    at_least: Floats
    """Chance of this many wins or more."""
    luck_low: Floats
    """Fewest wins that are within the range of luck."""
    luck_high: Floats
    """Most wins that are within it."""

    @property
    def p_values(self) -> Floats:
        """Two-sided: twice the smaller tail, at most 1."""
        return np.asarray(np.minimum(1.0, 2 * np.minimum(self.at_most, self.at_least)))

    @property
    def z_scores(self) -> Floats:
        """(won - expected) / standard deviation; missing without room for luck."""
        room = np.where(self.variance > 1e-9, self.variance, np.nan)
        return np.asarray((self.won - self.expected) / np.sqrt(room))


def odds_of(cells: pd.DataFrame, *, by: Sequence[str], confidence: float = 0.95) -> Odds:
    """Compare each rep's wins with what the same cells gave the whole team.

    Args:
        cells: One row per ``rep_id`` and cell with ``n_closed`` and ``n_won``.
        by: Columns that make a cell, for instance month and segment.
        confidence: Coverage of the range of luck.
    """
    cells = cells.sort_values("rep_id", kind="stable").reset_index(drop=True)
    sums = cells.groupby(list(by), dropna=False)[["n_closed", "n_won"]].transform("sum").astype(float)
    total, total_won = sums["n_closed"].to_numpy(), sums["n_won"].to_numpy()
    n, won = cells["n_closed"].to_numpy(float), cells["n_won"].to_numpy(float)
    expected = n * total_won / np.maximum(total, 1)
    variance = expected * (total - total_won) * (total - n) / np.maximum(total * (total - 1), 1)
    reps, starts = np.unique(cells["rep_id"].to_numpy(str), return_index=True)
    draws = [
        _Draw(total[rows], total_won[rows], n[rows], won[rows].sum(), (1 - confidence) / 2)
        for rows in np.split(np.arange(len(cells)), starts[1:])
        if len(rows)
    ]
    tails = np.array([_tails(draw) for draw in draws]).reshape(-1, 4).T
    return Odds(
        reps.tolist(),
        *(np.add.reduceat(values, starts) if len(starts) else values for values in (n, won, expected, variance)),
        *tails,
    )


@dataclass(frozen=True)
class _Draw:
    """One rep's cells: deals and wins of the whole team, deals of the rep; and the rep's wins over all of them."""

    total: Floats
    total_won: Floats
    n: Floats
    won: float
    tail: float
    """Chance left out at each end of the range of luck."""


def _tails(draw: _Draw) -> tuple[float, float, float, float]:
    """Chances of at most and of at least this many wins, and both ends of the range of luck."""
    if draw.n.sum() > MOST_EXACT:
        return _normal_tails(draw)
    chances = _chances_of_wins(draw.total, draw.total_won, draw.n)
    reached = np.cumsum(chances)
    low, high = np.searchsorted(reached, [draw.tail + 1e-12, 1 - draw.tail - 1e-12])
    at = round(draw.won)
    return min(float(reached[at]), 1.0), min(float(chances[at:].sum()), 1.0), float(low), float(high)


def _chances_of_wins(total: Floats, total_won: Floats, n: Floats) -> Floats:
    """Chance of 0, 1, 2 ... wins over all cells of one rep: a convolution of hypergeometric distributions."""
    from scipy.special import gammaln

    size = int(n.sum()) + 1
    k = np.arange(int(n.max()) + 1, dtype=float)[None, :]
    whole, wins, tries = (values[:, None] for values in (total, total_won, n))

    def choose(of: Floats, some: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            logs = gammaln(of + 1) - gammaln(some + 1) - gammaln(of - some + 1)
        return np.where((some >= 0) & (some <= of), logs, -np.inf)

    draws = np.exp(choose(wins, k) + choose(whole - wins, tries - k) - choose(whole, tries))
    if len(draws) == 1:
        return np.asarray(draws[0])
    spectrum = np.fft.rfft(draws, n=size, axis=1).prod(axis=0)
    return np.maximum(np.fft.irfft(spectrum, n=size), 0.0)


def _normal_tails(draw: _Draw) -> tuple[float, float, float, float]:
    from scipy.stats import norm

    share = draw.total_won / draw.total
    expected = float((draw.n * share).sum())
    variance = draw.n * share * (1 - share) * (draw.total - draw.n) / np.maximum(draw.total - 1, 1)
    deviation = np.sqrt(max(float(variance.sum()), 1e-12))
    above, half = draw.won - expected, norm.isf(draw.tail) * deviation
    return (
        float(norm.cdf((above + 0.5) / deviation)),
        float(norm.sf((above - 0.5) / deviation)),
        float(np.ceil(expected - half)),
        float(np.floor(expected + half)),
    )


def widened(p_values: ArrayLike, inflation: ArrayLike) -> Floats:
    """P-values judged against the usual spread between reps as well as luck.

    Args:
        p_values: Two-sided, against luck alone.
        inflation: Standard deviation of luck and spread together / of luck alone; 1 leaves them as they are.
    """
    from scipy.stats import norm

    given, factor = np.asarray(p_values, dtype=float), np.asarray(inflation, dtype=float)
    return np.where(factor > 1, 2 * norm.sf(norm.isf(given / 2) / factor), given)


def power(
    closed: ArrayLike, expected_rate: ArrayLike, shortfall: float, *, level: float, inflation: ArrayLike = 1.0
) -> Floats:
    """Chance that a rep who truly wins less than the team would be told apart.

    Args:
        closed: Deals closed, per rep.
        expected_rate: The team's rate on the same mix.
        shortfall: How much less the rep wins, as a share of the team's rate.
        level: The p-value to reach; with Benjamini-Hochberg at least ``q`` / number of reps judged.
        inflation: As in ``widened``.
    """
    from scipy.stats import binom, norm

    n, rate = np.asarray(closed, dtype=float), np.asarray(expected_rate, dtype=float)
    tail = norm.sf(norm.isf(level / 2) * np.maximum(np.asarray(inflation, dtype=float), 1.0))
    with np.errstate(invalid="ignore"):
        most = binom.ppf(tail, n, rate)
        most = most - (binom.cdf(most, n, rate) > tail)
        chance = np.where(most >= 0, binom.cdf(np.maximum(most, 0), n, rate * (1 - shortfall)), 0.0)
    return np.where(np.isnan(n) | np.isnan(rate) | (n <= 0), np.nan, chance)


def noticeable(closed: ArrayLike, expected_rate: ArrayLike, *, level: float, inflation: ArrayLike = 1.0) -> Floats:
    """The smallest shortfall, as a share of the team's rate, that would be noticed four times in five.

    Missing where even a rep who wins nothing would not be; arguments as in ``power``.
    """
    shares = np.arange(1, 101) / 100
    chances = np.array([power(closed, expected_rate, share, level=level, inflation=inflation) for share in shares])
    enough = chances >= 0.8
    return np.where(enough.any(axis=0), shares[enough.argmax(axis=0)], np.nan)
