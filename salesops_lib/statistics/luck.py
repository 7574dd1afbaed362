"""Luck: would a team of equals have looked like this?

Every rep is compared with the team in the same cells, for instance of month and segment. Were all reps alike, the
hits of a cell (deals won, customers lost) would fall on its tries at random; a rep's number of hits would then be a
sum of hypergeometric draws, whose distribution is worked out exactly. Counts per rep and cell go in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_EXACT = 3000
"""Tries of a rep up to which chances are exact; above, the normal curve with half a try of correction is as good."""


@dataclass(frozen=True)
class Odds:
    """What luck alone would give each rep, in the order of ``rep_ids``."""

    rep_ids: list[str]
    tries: Floats
    hits: Floats
    expected: Floats
    """Hits expected from the team's rates in the same cells."""
    variance: Floats
    """Of the hits, were all reps alike; 0 where the cells leave no room for luck."""
    at_most: Floats
    """Chance of this many hits or fewer."""
    at_least: Floats
    """Chance of this many hits or more."""
    luck_low: Floats
    """Fewest hits that are within the range of luck."""
    luck_high: Floats
    """Most hits that are within it."""

    @property
    def p_values(self) -> Floats:
        """Two-sided: twice the smaller tail, at most 1."""
        return np.asarray(np.minimum(1.0, 2 * np.minimum(self.at_most, self.at_least)))

    @property
    def z_scores(self) -> Floats:
        """(hits - expected) / standard deviation; missing without room for luck."""
        room = np.where(self.variance > 1e-9, self.variance, np.nan)
        return np.asarray((self.hits - self.expected) / np.sqrt(room))


def odds_of(
    cells: pd.DataFrame,
    *,
    by: Sequence[str],
    tries: str = "n_closed",
    hits: str = "n_won",
    confidence: float,
) -> Odds:
    """Compare each rep's hits with what the same cells gave the whole team.

    Args:
        cells: One row per ``rep_id`` and cell with tries and hits.
        by: Columns that make a cell, for instance month and segment.
        tries: Column of the tries.
        hits: Column of the hits.
        confidence: Coverage of the range of luck.
    """
    cells = cells.sort_values("rep_id", kind="stable").reset_index(drop=True)
    sums = cells.groupby(list(by), dropna=False)[[tries, hits]].transform("sum").astype(float)
    total, total_hits = sums[tries].to_numpy(), sums[hits].to_numpy()
    n, hit = cells[tries].to_numpy(float), cells[hits].to_numpy(float)
    expected = n * total_hits / np.maximum(total, 1)
    variance = expected * (total - total_hits) * (total - n) / np.maximum(total * (total - 1), 1)
    reps, starts = np.unique(cells["rep_id"].to_numpy(str), return_index=True)
    draws = [
        _Draw(total[rows], total_hits[rows], n[rows], hit[rows].sum(), (1 - confidence) / 2)
        for rows in np.split(np.arange(len(cells)), starts[1:])
        if len(rows)
    ]
    tails = np.array([_tails(draw) for draw in draws]).reshape(-1, 4).T
    return Odds(
        reps.tolist(),
        *(np.add.reduceat(values, starts) if len(starts) else values for values in (n, hit, expected, variance)),
        *tails,
    )


@dataclass(frozen=True)
class _Draw:
    """One rep's cells: tries and hits of the whole team, tries of the rep; and the rep's hits over all of them."""

    total: Floats
    total_hits: Floats
    n: Floats
    hits: float
    tail: float
    """Chance left out at each end of the range of luck."""


def _tails(draw: _Draw) -> tuple[float, float, float, float]:
    """Chances of at most and of at least this many hits, and both ends of the range of luck."""
    if draw.n.sum() > MOST_EXACT:
        return _normal_tails(draw)
    chances = _chances_of_hits(draw.total, draw.total_hits, draw.n)
    reached = np.cumsum(chances)
    low, high = np.searchsorted(reached, [draw.tail + 1e-12, 1 - draw.tail - 1e-12])
    at = round(draw.hits)
    return min(float(reached[at]), 1.0), min(float(chances[at:].sum()), 1.0), float(low), float(high)


def _chances_of_hits(total: Floats, total_hits: Floats, n: Floats) -> Floats:
    """Chance of 0, 1, 2 ... hits over all cells of one rep: a convolution of hypergeometric distributions."""
    from scipy.special import gammaln

    size = int(n.sum()) + 1
    k = np.arange(int(n.max()) + 1, dtype=float)[None, :]
    whole, hits, tries = (values[:, None] for values in (total, total_hits, n))

    def choose(of: Floats, some: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            logs = gammaln(of + 1) - gammaln(some + 1) - gammaln(of - some + 1)
        return np.where((some >= 0) & (some <= of), logs, -np.inf)

    draws = np.exp(choose(hits, k) + choose(whole - hits, tries - k) - choose(whole, tries))
    if len(draws) == 1:
        return np.asarray(draws[0])
    spectrum = np.fft.rfft(draws, n=size, axis=1).prod(axis=0)
    return np.maximum(np.fft.irfft(spectrum, n=size), 0.0)


def _normal_tails(draw: _Draw) -> tuple[float, float, float, float]:
    from scipy.stats import norm

    share = draw.total_hits / draw.total
    expected = float((draw.n * share).sum())
    variance = draw.n * share * (1 - share) * (draw.total - draw.n) / np.maximum(draw.total - 1, 1)
    deviation = np.sqrt(max(float(variance.sum()), 1e-12))
    above, half = draw.hits - expected, norm.isf(draw.tail) * deviation
    return (
        float(norm.cdf((above + 0.5) / deviation)),
        float(norm.sf((above - 0.5) / deviation)),
        float(np.ceil(expected - half)),
        float(np.floor(expected + half)),
    )
