"""Month watch: each rep's months against the rep's own level before, on arrays of reps by months.

One month beyond chance is a bad month, an average that leaves its limits is a trend. The limits allow for all months
watched, for the usual spread between months, and for months that resemble one another; the q-values allow for all reps
looked at as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from salesops_lib.rep_comparison.vocabulary import BAD_MONTH, FALLING, RISING, STEADY, TOO_FEW
from salesops_lib.statistics.control_limits import (
    Usual,
    cusum,
    ewma,
    ewma_deviation,
    noticeable_shifts,
    reach,
    usual_months,
)
from salesops_lib.statistics.differences import false_discovery
from salesops_lib.statistics.shrinkage import shrink_means

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

FEWEST_MONTHS = 120
"""Months of all reps together, before those watched, that tell how months usually vary (our choice)."""
MOST_DRAWN = 0.25
"""Standard errors by which a level is drawn towards the team at most (our choice)."""
MOST_MONTHS_TO_NOTICE = 36


@dataclass(frozen=True)
class Counts:
    """Deals by rep (rows) and month (columns), and what the team makes of them."""

    closed: Floats
    won: Floats
    expected: Floats
    """Wins had the rep won what the team did in the same month and segment."""
    variance: Floats
    """Of the wins, were all reps alike; 0 where there is no room for luck."""


@dataclass(frozen=True)
class OwnLevel:
    """Each rep's months against the rep's own level before; one month's usual spread is 1."""

    usual: Usual
    is_judged: Flags
    """Per rep: enough deals watched, and enough before."""
    is_watched: Flags
    """Months of those judged that come after the level was taken."""
    is_used: Flags
    """Of these, the months that say something."""
    usual_won: Floats
    """Wins expected at the rep's own level."""
    deviation: Floats
    """Usual standard deviation of the wins at that level; missing in months that say nothing."""
    z_scores: Floats
    pull: Floats
    """What a standard error of the level does to each month's z-score."""


@dataclass(frozen=True)
class Watch:
    """What the months watched say about each rep (rows), by month (columns) where it is a matter of months."""

    own: OwnLevel
    ewma: Floats
    limit: Floats
    """Distance from 0 to both limits."""
    p_values: Floats
    """Per rep: chance of the EWMA getting so far in all months watched together."""
    q_values: Floats
    """The same after Benjamini-Hochberg over all reps judged."""
    verdicts: NDArray[np.str_]
    since: NDArray[np.int_]
    """Per rep: the month in which the change began; -1 without one."""


def own_levels(counts: Counts, *, months: int, min_closed: int) -> OwnLevel:
    """Take each rep's level from the months before those watched, drawn towards the team by what luck can do.

    Where a rep closed fewer than ``min_closed`` deals in them, months watched are added until it is that many, and the
    watch over this rep begins later.
    """
    seen = counts.variance > 1e-9
    variance = np.where(seen, counts.variance, 0.0)
    # A change in the months watched must not widen its own limits; where too few came before, all months count.
    quiet = slice(None, -months if seen[:, :-months].sum() >= FEWEST_MONTHS else None)
    before = np.cumsum(counts.closed, axis=1) - counts.closed
    after = (before >= min_closed) & (np.arange(seen.shape[1]) >= seen.shape[1] - months)
    n_basis = np.where(after, 0.0, counts.closed).sum(axis=1)
    least = counts.closed * (0.5 / (n_basis + 1))[:, None]  # no win so far does not make one impossible
    luck = np.ones_like(variance)
    for _ in range(2):  # what a month tells of the level hangs on its luck, and that on the level
        difference, told = (counts.won - counts.expected) / luck, variance / luck
        usual = usual_months(difference[:, quiet], told[:, quiet])
        basis = np.where(after, 0.0, told)
        level, error = _drawn_levels(np.where(basis > 0, difference, 0.0).sum(axis=1), basis.sum(axis=1), usual)
        usual_won = counts.expected + np.nan_to_num(level)[:, None] * variance
        usual_won = np.clip(usual_won, least, counts.closed - least)
        luck = np.where(seen, _binomial(usual_won, counts.closed) / _binomial(counts.expected, counts.closed), 1.0)
    judged = ((counts.closed * after).sum(axis=1) >= min_closed) & (seen & after).any(axis=1) & np.isfinite(level)
    watched = after & judged[:, None]
    deviation = np.sqrt(np.where(seen, usual.spread * variance * luck, np.nan))
    scale = np.sqrt(_binomial(usual_won, counts.closed)) / deviation
    z_scores = normal_scores(counts.won, counts.closed, usual_won) * scale
    pull = error[:, None] * variance / deviation
    return OwnLevel(usual, judged, watched, watched & seen, usual_won, deviation, z_scores, pull)


def _binomial(won: Floats, closed: Floats) -> Floats:
    """Variance of wins with this mean; tiny instead of 0."""
    return np.asarray(np.maximum(won * (1 - won / np.maximum(closed, 1.0)), 1e-9))


def normal_scores(won: Floats, closed: Floats, mean: Floats) -> Floats:
    """How unusual a binomial number of wins is, as the normal value that is as unusual.

    Few wins scatter further upwards than downwards: held against a standard deviation, rises would come up by chance
    and falls would not. A number counts half as reached, half as passed, which takes a twelfth of a win off the
    variance; it is put back.

    Source:
        Q chart: Quesenberry (1991), Journal of Quality Technology 23, 239-246; mid-p of Lancaster (1961), with
        Sheppard's correction.
    """
    from scipy.special import bdtr, ndtri

    tries, variance = closed.astype(int), _binomial(mean, closed)
    rate = mean / np.maximum(closed, 1.0)
    below = np.where(won > 0, bdtr(np.maximum(won - 1, 0.0), tries, rate), 0.0)
    scores = ndtri(np.clip((below + bdtr(won, tries, rate)) / 2, 1e-12, 1 - 1e-12))
    return np.asarray(scores / np.sqrt(1 - 1 / np.maximum(12 * variance, 2)))


def _drawn_levels(difference: Floats, variance: Floats, usual: Usual) -> tuple[Floats, Floats]:
    """Each rep's level and its standard error, about as shifts of the log odds; missing without a month before.

    Drawn towards the team by a quarter of a standard error at most; where that is not enough, the error is that of the
    rep's own mean, with what it was drawn by. Who lies far from all others would else be called rising or falling for
    being drawn too far.

    Source:
        Limited translation: Efron and Morris (1972), Journal of the American Statistical Association 67, 130-139.
    """
    from scipy.stats import norm

    # Months that resemble one another tell less than as many independent ones.
    within = usual.spread * (1 + usual.autocorrelation) / (1 - usual.autocorrelation)
    known = np.where(variance > 0, variance, np.nan)
    shown, error = difference / known, np.sqrt(within / known)
    drawn = shrink_means(shown, variance, within, confidence=norm.cdf(1) - norm.cdf(-1))
    least, most = shown - MOST_DRAWN * error, shown + MOST_DRAWN * error
    is_near = (least <= drawn.mean) & (drawn.mean <= most)
    far = error * np.sqrt(1 + MOST_DRAWN**2)
    return np.clip(drawn.mean, least, most), np.where(is_near, (drawn.high - drawn.low) / 2, far)


def watch(counts: Counts, *, months: int, min_closed: int, confidence: float) -> Watch:
    """Tell changes from chance in each rep's last months.

    Args:
        counts: The months before and the months watched.
        months: How many of the last months are watched.
        min_closed: Fewest deals closed in the months watched, and in those before.
        confidence: 1 less this is the chance that a rep without a change leaves the limits in any month watched.
    """
    own = own_levels(counts, months=months, min_closed=min_closed)
    z = np.where(own.is_used, own.z_scores, np.nan)
    path = np.where(own.is_watched, ewma(z), np.nan)
    pulled = ewma(np.where(own.is_used, own.pull, np.nan))
    deviation = np.hypot(ewma_deviation(own.is_used, autocorrelation=own.usual.autocorrelation), pulled)
    deviation = np.where(own.is_used, deviation, np.nan)
    odds, n_used = reach(months, autocorrelation=own.usual.autocorrelation), own.is_used.sum(axis=1)
    reached = np.where(own.is_used, np.abs(path) / deviation, 0.0).max(axis=1, initial=0.0)
    p_values = odds.chance(reached, n_used)
    limit = odds.limit(1 - confidence, n_used)[:, None] * deviation
    sides, since = _changes(z, path, limit)
    verdicts = np.select(
        [~own.is_judged, sides < 0, sides > 0, _is_bad_month(own, confidence)],
        [TOO_FEW, FALLING, RISING, BAD_MONTH],
        default=STEADY,
    )
    return Watch(own, path, limit, p_values, false_discovery(p_values), verdicts, since)


def _changes(z: Floats, path: Floats, limit: Floats) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Side of each rep's change that still lasts (-1, 0, 1), and the month it began in (-1 without one).

    A change lasts until the EWMA is back at the rep's own level. It began where the CUSUM of that side last left 0.
    """
    sides, since = np.zeros(len(z), dtype=int), np.full(len(z), -1)
    for side, sums in zip((-1, 1), cusum(z), strict=True):
        for rep in np.flatnonzero((side * path > limit).any(axis=1)):
            alarm = np.flatnonzero(side * path[rep] > limit[rep])[-1]
            if not (side * path[rep, alarm:] <= 0).any():
                sides[rep] = side
                since[rep] = np.flatnonzero((sums[rep, :alarm] == 0) | np.isnan(z[rep, :alarm])).max(initial=-1) + 1
    return sides, since


def _is_bad_month(own: OwnLevel, confidence: float) -> Flags:
    """Whether the last month's wins are so few that chance gives each rep such a month once in 20 at most."""
    from scipy.stats import norm

    step = 0.5 / own.deviation[:, -1]  # wins come in whole deals
    unusual = own.z_scores[:, -1] + step <= norm.ppf(1 - confidence) * np.hypot(1.0, own.pull[:, -1])
    return np.asarray(own.is_used[:, -1] & unusual)


def noticeable_by_months(own: OwnLevel, *, months: int, confidence: float) -> Floats:
    """Smallest fall noticed four times in five within 1, 2, 3 ... months, in usual spreads of one month.

    For a level known as well as the middle month's; missing where nobody is judged.
    """
    pulls = own.pull[own.is_used]
    if not len(pulls):
        return np.full(MOST_MONTHS_TO_NOTICE, np.nan)
    error, autocorrelation = float(np.median(pulls)), own.usual.autocorrelation
    deviation = ewma_deviation(np.ones(120, dtype=bool), autocorrelation=autocorrelation)[-1]  # of the long run
    top = float(reach(months, autocorrelation=autocorrelation).limit(1 - confidence, months))
    limits = np.full(MOST_MONTHS_TO_NOTICE, top * np.hypot(deviation, error))
    return noticeable_shifts(limits, error, autocorrelation=autocorrelation)
