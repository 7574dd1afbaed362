"""How often the watch over reps' months alarms where nothing changed, and how often it notices a fall in mid-year.

``python -m benchmarks.rep_trends [n]`` simulates ``n`` teams (2,000) of 20 for each line; the first rep lies off the
others' level all three years, and in a second run falls by 0.8 logits from month 7 of the year watched. It prints
Markdown.
"""

from __future__ import annotations

import sys
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit
from scipy.stats import binom, norm

from salesops_lib.rep_comparison.months.watch import Counts, watch
from salesops_lib.statistics.control_limits import autoregressive
from salesops_lib.statistics.intervals import exact_interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_REPS, N_MONTHS, N_WATCHED = 20, 36, 12
LEVELS = (-1.0, -0.8, 0.0, 0.8, 1.0)
FALL = 0.8


def counts_of(
    rng: np.random.Generator, first: NDArray[np.float64], *, rate: float, n_deals: int, alike: float
) -> Counts:
    """One team's deals: the first rep wins as many logits more than ``rate`` as ``first`` says by month."""
    line = np.full((N_REPS, N_MONTHS), logit(rate))
    line[0] += first
    closed = rng.poisson(n_deals, line.shape).astype(float)
    luck = norm.cdf(autoregressive((N_REPS, N_MONTHS), alike, seed=int(rng.integers(2**31))))
    won = np.maximum(binom.ppf(luck, closed, expit(line)), 0.0)
    total, wins = closed.sum(axis=0), won.sum(axis=0)
    expected = closed * wins / total
    return Counts(closed, won, expected, expected * (total - wins) * (total - closed) / (total * (total - 1)))


def alarms(n: int, *, level: float, fall: float, rate: float, n_deals: int, alike: float) -> tuple[int, int]:
    """Years of the first rep with an alarm on either side, and with one below."""
    rng = np.random.default_rng(2026)
    first = np.where(np.arange(N_MONTHS) < N_MONTHS - 6, level, level - fall)
    any_side = below = 0
    for _ in range(n):
        seen = watch(
            counts_of(rng, first, rate=rate, n_deals=n_deals, alike=alike),
            months=N_WATCHED,
            min_closed=20,
            confidence=0.95,
        )
        any_side += int((np.abs(seen.ewma[0]) > seen.limit[0]).any())
        below += int((seen.ewma[0] < -seen.limit[0]).any())
    return any_side, below


def main(n: int = 2_000) -> None:
    """Print false alarms and noticed falls by level, rate, deals a month and resemblance of months."""
    print("| win rate | deals a month | resemblance | logits off | false alarms | 95% interval | falls noticed |")
    print("|---|---|---|---|---|---|---|")
    for alike, n_deals, rate, level in product((0.0, 0.3), (10, 30), (0.2, 0.4), LEVELS):
        false, _ = alarms(n, level=level, fall=0.0, rate=rate, n_deals=n_deals, alike=alike)
        _, noticed = alarms(max(n // 4, 1), level=level, fall=FALL, rate=rate, n_deals=n_deals, alike=alike)
        low, high = exact_interval(false, n, confidence=0.95)
        print(
            f"| {rate:.0%} | {n_deals} | {alike} | {level:+.1f} | {false / n:.1%} | {low:.1%} to {high:.1%} "
            f"| {noticed / max(n // 4, 1):.0%} |",
            flush=True,
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
