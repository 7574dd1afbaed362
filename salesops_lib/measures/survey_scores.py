"""Scores of surveys, from answers alone: SUS, NPS and their intervals for small groups.

Numbers in, numbers out. Brooke (1996) for the system usability scale; the adjusted Wald interval of a net promoter
score is the one that Rocks (2016), The American Statistician 70(4), found best for small samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan, sqrt

SUS_ITEMS = 10
PROMOTER_FROM = 9
DETRACTOR_TO = 6
SATISFIED_FROM = 4


def sus_score(answers: Sequence[int]) -> float:
    """System usability scale of one answer sheet, 0 to 100.

    Args:
        answers: The ten answers in order, 1 (disagree) to 5 (agree). Odd items praise, even items complain.

    Errors:
        ValueError: There are not ten answers, or one is not 1 to 5.
    """
    if len(answers) != SUS_ITEMS or not all(1 <= answer <= 5 for answer in answers):
        raise ValueError(f"A SUS sheet has {SUS_ITEMS} answers from 1 to 5, not {list(answers)}.")
    odd = sum(answer - 1 for answer in answers[0::2])
    even = sum(5 - answer for answer in answers[1::2])
    return 2.5 * (odd + even)


def net_promoter(n_promoters: float, n_detractors: float, n: float) -> float:
    """Promoters less detractors as a share of all who answered, -1 to 1; missing where nobody did."""
    return (n_promoters - n_detractors) / n if n else nan


def net_promoter_variance(promoter_rate: float, detractor_rate: float) -> float:
    """Variance of one answer counted as 1 (promoter), 0 (passive) or -1 (detractor)."""
    return promoter_rate + detractor_rate - (promoter_rate - detractor_rate) ** 2


def net_promoter_interval(
    n_promoters: float, n_detractors: float, n: float, *, confidence: float
) -> tuple[float, float]:
    """Adjusted Wald interval of a net promoter score: three more answers, 3/4 promoters and 3/4 detractors.

    Returns:
        Both ends, kept within -1 and 1; missing where nobody answered.
    """
    from scipy.stats import norm

    if not n:
        return nan, nan
    promoters, detractors = (n_promoters + 0.75) / (n + 3), (n_detractors + 0.75) / (n + 3)
    middle = promoters - detractors
    half = float(norm.ppf(0.5 + confidence / 2)) * sqrt(net_promoter_variance(promoters, detractors) / (n + 3))
    return max(middle - half, -1.0), min(middle + half, 1.0)


def change_interval(
    now: tuple[float, float, int], before: tuple[float, float, int], *, confidence: float
) -> tuple[float, float, float]:
    """Change of a mean with its interval, each given as mean, standard deviation and n (Welch, 1947).

    The two groups are taken as separate people. Where the same people answered twice and are alike, the true
    interval is narrower, so a change that clears this one is real.
    """
    from scipy.stats import t

    change = now[0] - before[0]
    if min(now[2], before[2]) < 2:
        return change, nan, nan
    parts = [spread**2 / n for _mean, spread, n in (now, before)]
    error = sum(parts)
    if error == 0:
        return change, change, change
    freedom = error**2 / sum(part**2 / (n - 1) for part, (_m, _s, n) in zip(parts, (now, before), strict=True))
    half = float(t.ppf(0.5 + confidence / 2, freedom)) * sqrt(error)
    return change, change - half, change + half
