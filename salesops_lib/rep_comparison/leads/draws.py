"""Draws: what sharing out the same leads by the rule would have looked like, in its moments and again and again.

Within each territory and month the number of leads is drawn by the rule (each lead goes to each rep with the fair
share), and which leads a rep gets is drawn as from a shuffled pile (as many for each rep as there were, so that more
leads are not mistaken for better ones). Counts per rep and kind go in; no lead is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

ASPECTS = ("count", "quality", "value", "source", "waiting")
RANGE_DRAWS = 200
"""A range needs fewer draws than a small chance."""
_TINY = 1e-9


@dataclass(frozen=True)
class Pile:
    """Leads as they were shared: one row per rep and month in the pool."""

    rep: Places
    """Place of the row's rep."""
    month: Places
    group: Places
    """Place of the territory and month within which leads are drawn."""
    share: Floats
    """Fair share of the group's leads; adds up to 1 per group."""
    kinds: Floats
    """Rows x kinds: leads."""
    scores: Floats
    """Rows x kinds x what is added up over a rep's leads: quality, value, then 1 for the kinds of each source."""
    waits: Floats
    """Rows x bands of waiting: leads."""
    n_reps: int
    n_months: int


@dataclass
class Sums:
    """Observed and drawn sums by rep of the measures: count, waiting, quality, value, then each source."""

    seen: Floats
    fair: Floats
    """Mean over all fair sharings."""
    variance: Floats
    third_moment: Floats
    """About the mean."""
    drawn: NDArray[np.float32]
    """Reps x measures x draws."""

    @property
    def has_room(self) -> NDArray[np.bool_]:
        """Whether the rule leaves room for luck."""
        return np.asarray(self.variance > _TINY)

    @property
    def deviation(self) -> Floats:
        """Standard deviation over all fair sharings; infinite without room for luck."""
        return np.where(self.has_room, np.sqrt(np.maximum(self.variance, _TINY)), np.inf)

    @property
    def z_scores(self) -> Floats:
        """(seen - fair) / standard deviation; 0 where the rule leaves no room for luck."""
        return np.asarray((self.seen - self.fair) / self.deviation)


@dataclass(frozen=True)
class Evenness:
    """One aspect over all reps: a statistic, how often a fair sharing exceeds it, and the Gini of both."""

    statistic: float
    p_value: float
    gini: float
    fair_gini: float
    fair_gini_low: float
    fair_gini_high: float


@dataclass(frozen=True)
class Drawn:
    """The whole window, and each month by itself."""

    sums: Sums
    aspects: dict[str, Evenness]
    months: list[dict[str, Evenness]] = field(default_factory=list)


def measures_of(aspect: str, n_measures: int) -> slice:
    """Where an aspect's measures stand."""
    return {
        "count": slice(0, 1), "waiting": slice(1, 2), "quality": slice(2, 3), "value": slice(3, 4),
        "source": slice(4, n_measures),
    }[aspect]  # fmt: skip


def share_out(pile: Pile, *, n_draws: int, seed: int, confidence: float) -> Drawn:
    """Share out the leads by the rule ``n_draws`` times and compare what was with what came of it.

    Args:
        pile: The leads as they were shared.
        n_draws: Draws; a p-value from them is (draws at least as far + 1) / (draws + 1).
        seed: Of the draws; the same seed gives the same figures.
        confidence: Share of the draws inside the range given for a fair sharing.
    """
    rng = np.random.default_rng(seed)
    n_measures = 2 + pile.scores.shape[2]
    whole = _nothing(pile.n_reps, n_measures, n_draws)
    months = []
    for month in range(pile.n_months):
        here = _nothing(pile.n_reps, n_measures, n_draws)
        rows = np.flatnonzero(pile.month == month)
        for group in np.unique(pile.group[rows]):
            _add_group(here, pile, rows[pile.group[rows] == group], rng)
        months.append({aspect: _evenness(here, aspect, confidence) for aspect in ("count", "source")})
        for name in ("seen", "fair", "variance", "third_moment", "drawn"):
            getattr(whole, name)[...] += getattr(here, name)
    return Drawn(whole, {aspect: _evenness(whole, aspect, confidence) for aspect in ASPECTS}, months)


def _nothing(n_reps: int, n_measures: int, n_draws: int) -> Sums:
    shape = (n_reps, n_measures)
    seen, fair, variance, third_moment = np.zeros((4, *shape))
    return Sums(seen, fair, variance, third_moment, np.zeros((*shape, n_draws), dtype=np.float32))


def _add_group(sums: Sums, pile: Pile, rows: Places, rng: np.random.Generator) -> None:
    """Add one territory's month: observed, moments, draws."""
    reps, share, kinds = pile.rep[rows], pile.share[rows], pile.kinds[rows]
    n = kinds.sum()
    sums.seen[reps, 0] += kinds.sum(axis=1)
    sums.fair[reps, 0] += n * share
    sums.variance[reps, 0] += n * share * (1 - share)
    sums.third_moment[reps, 0] += n * share * (1 - share) * (1 - 2 * share)
    # A rep stands in one territory a month.
    sums.drawn[reps, 0] = rng.multinomial(int(n), share, size=sums.drawn.shape[2]).T
    waits = pile.waits[rows]
    _add_shuffled(sums, slice(1, 2), reps, waits, np.broadcast_to(_ranks(waits), (len(rows), waits.shape[1], 1)), rng)
    _add_shuffled(sums, slice(2, sums.seen.shape[1]), reps, kinds, pile.scores[rows], rng)


def _ranks(waits: Floats) -> Floats:
    """Mean rank of each band among the group's leads, 0 to 1."""
    counts = waits.sum(axis=0)
    return np.asarray((np.cumsum(counts) - counts / 2) / max(counts.sum(), 1))[:, None]


def _add_shuffled(
    sums: Sums, where: slice, reps: Places, table: Floats, scores: Floats, rng: np.random.Generator
) -> None:
    """Add what the group's pile gives when shuffled: as many leads for each rep and of each kind as there were."""
    own, pile = table.sum(axis=1), table.sum(axis=0)
    n = pile.sum()
    if n == 0:
        return
    mean = np.einsum("k,rka->ra", pile / n, scores)
    away = scores - mean[:, None, :]
    spread, lean = (np.einsum("k,rka->ra", pile / n, away**power) for power in (2, 3))
    # Without replacement: what one rep has drawn, the others cannot.
    scatter = own * (n - own) / max(n - 1, 1)
    sums.seen[reps, where] += np.einsum("rk,rka->ra", table, scores)
    sums.fair[reps, where] += own[:, None] * mean
    sums.variance[reps, where] += scatter[:, None] * spread
    sums.third_moment[reps, where] += (scatter * (n - 2 * own) / max(n - 2, 1))[:, None] * lean
    got, some = np.flatnonzero(own), np.flatnonzero(pile)
    tables = _shuffled(own[got].astype(int), pile[some].astype(int), sums.drawn.shape[2], rng)
    values = np.matmul(tables.transpose(1, 0, 2), scores[got][:, some])  # reps x draws x measures
    sums.drawn[reps[got], where] = values.transpose(0, 2, 1)


def _shuffled(
    own: NDArray[np.int_], pile: NDArray[np.int_], n_draws: int, rng: np.random.Generator
) -> NDArray[np.int_]:
    """Draws x rows x columns: tables at random with these sums."""
    from scipy.stats import random_table

    # One row or column leaves nothing to shuffle, and scipy's sampler does not fill such a table.
    if min(len(own), len(pile)) == 1:
        return np.broadcast_to(np.outer(own, pile) // own.sum(), (n_draws, len(own), len(pile)))
    return np.asarray(random_table(own, pile).rvs(n_draws, random_state=rng))


def _evenness(sums: Sums, aspect: str, confidence: float) -> Evenness:
    """How far an aspect lies from the rule, and how far fair sharings do."""
    where = measures_of(aspect, sums.seen.shape[1])
    fair = sums.fair[:, where]
    if sums.has_room[:, where].sum() < 2:
        return Evenness(*[float("nan")] * 6)
    statistic = float((sums.z_scores[:, where] ** 2).sum())
    away = (sums.drawn[:, where] - fair[..., None]) / sums.deviation[:, where, None]
    drawn = np.einsum("rmd,rmd->d", away, away)
    ginis = np.array([_gini(sums.seen[:, each, None], sums.fair[:, each]) for each in range(where.start, where.stop)])
    of_draws = np.array(
        [_gini(sums.drawn[:, each, :RANGE_DRAWS], sums.fair[:, each]) for each in range(where.start, where.stop)]
    )
    weight = fair.sum(axis=0) / fair.sum()
    tail = (1 - confidence) / 2
    low, middle, high = np.quantile(weight @ of_draws, [tail, 0.5, 1 - tail])
    return Evenness(
        statistic, p_value(drawn, statistic), float((weight @ ginis)[0]), float(middle), float(low), float(high)
    )


def p_value(drawn: Floats, seen: float) -> float:
    """Share of the draws at least as far as what was seen, which counts as one of them."""
    return float((np.sum(drawn >= seen - 1e-6) + 1) / (len(drawn) + 1))


def _gini(values: NDArray[np.floating], fair: Floats) -> Floats:
    """Gini of what reps got per unit of what is fair, by column; a rep counts by the fair part.

    0 is all as the rule has it, towards 1 one rep has everything. Source: Gini (1912), from the Lorenz curve.
    """
    some = fair > _TINY
    got, weight = values[some], fair[some]
    if not some.any():
        return np.zeros(values.shape[1])
    order = np.argsort(got / weight[:, None], axis=0)
    parts, widths = np.take_along_axis(got, order, axis=0), weight[order]
    below = np.cumsum(parts, axis=0)
    total = np.where(below[-1] > 0, below[-1], 1.0)
    return np.asarray(1 - (widths * (2 * below - parts)).sum(axis=0) / (widths.sum(axis=0) * total))
