"""Log-odds: how much more readily one group uses each term than another, drawn towards no difference."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PRIOR_MENTIONS = 500.0
"""Mentions that the prior weighs, shared over the terms as both groups together use them (our choice)."""


def informative_prior(mentions: Floats) -> Floats:
    """The prior's mentions of each term, from those of both groups together; none without any."""
    return np.asarray(PRIOR_MENTIONS * mentions / max(float(mentions.sum()), 1.0))


def log_odds(ours: Floats, theirs: Floats, prior: Floats) -> tuple[Floats, Floats]:
    """Logarithm of the odds ratio of each term between two groups, and its variance.

    The odds of a term are its mentions against those of all other terms, so that who writes more or longer notes has no
    higher odds. Missing for a term that nobody mentions, and where there is no other.

    Args:
        ours: Mentions of each term by one group.
        theirs: Mentions of each term by the other.
        prior: Mentions of each term that are added to both.

    Source:
        Monroe, Colaresi and Quinn (2008), Fightin' Words, Political Analysis 16, 372-403, section 3.
    """
    ours, theirs = ours + prior, theirs + prior
    is_used = (ours > 0) & (theirs > 0) & (ours < ours.sum()) & (theirs < theirs.sum())
    ours_used, theirs_used = np.where(is_used, ours, np.nan), np.where(is_used, theirs, np.nan)
    ratio = np.log(ours_used / (ours.sum() - ours_used)) - np.log(theirs_used / (theirs.sum() - theirs_used))
    return np.asarray(ratio), np.asarray(1 / ours_used + 1 / theirs_used)


def combined(strata: Iterable[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """One log-odds ratio and its standard error from those of several strata, weighed by what each is sure of.

    Source:
        Woolf (1955), Annals of Human Genetics 19, 251-253.
    """
    ratios, variances = (np.array(each) for each in zip(*strata, strict=True))
    weights = np.where(np.isnan(variances), 0.0, 1 / variances)
    total = weights.sum(axis=0)
    total = np.where(total > 0, total, np.nan)
    return (weights * np.nan_to_num(ratios)).sum(axis=0) / total, 1 / np.sqrt(total)
