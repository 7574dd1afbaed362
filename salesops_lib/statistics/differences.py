"""Differences: tests that tell a change or a gap between groups from noise, and what to make of many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def rank_test(values: pd.Series[float], before: pd.Series[int], after: pd.Series[int]) -> float:
    """Chance that two sets of counts over the same values differ this much in rank; missing if one is empty.

    Source:
        Mann and Whitney (1947), normal approximation with correction for ties, two-sided.
    """
    from scipy.stats import norm

    cells = pd.DataFrame({"value": values, "before": before, "after": after}).groupby("value").sum()
    n, m = float(cells["before"].sum()), float(cells["after"].sum())
    if not n or not m:
        return float("nan")
    here = cells["before"] + cells["after"]
    middle_rank = here.cumsum() - (here - 1) / 2
    u = float((cells["after"] * middle_rank).sum()) - m * (m + 1) / 2
    ties = float((here**3 - here).sum()) / ((n + m) * (n + m - 1))
    variance = n * m / 12 * (n + m + 1 - ties)
    if variance <= 0:
        return 1.0
    return float(2 * norm.sf(max(abs(u - n * m / 2) - 0.5, 0) / np.sqrt(variance)))


def fewer_than_before(hits: int, tries: int, hits_before: int, tries_before: int) -> float:
    """Chance of so low a share of hits, were the share still that of before; missing without tries.

    Source:
        Exact test of Fisher (1922), one-sided.
    """
    from scipy.stats import hypergeom

    if not tries or not tries_before:
        return float("nan")
    return float(hypergeom.cdf(hits, tries + tries_before, hits + hits_before, tries))


def two_rates(
    hits: pd.Series[float], tries: pd.Series[float], hits_before: pd.Series[float], tries_before: pd.Series[float]
) -> pd.Series[float]:
    """Chance that two rates differ this much, row by row, were they truly one; missing where either has no tries.

    Exact whatever the counts: of two answers one hit says little, and a test that leans on the normal curve takes it
    for much.

    Source:
        Exact test of Fisher (1922), two-sided.
    """
    counts = (each.astype(float).fillna(0).astype(int) for each in (hits, tries, hits_before, tries_before))
    return pd.Series([_exact(*row) for row in zip(*counts, strict=True)], index=tries.index, dtype=float)


def _exact(hits: int, tries: int, hits_before: int, tries_before: int) -> float:
    from scipy.stats import fisher_exact

    if not tries or not tries_before:
        return float("nan")
    return float(fisher_exact([[hits, tries - hits], [hits_before, tries_before - hits_before]]).pvalue)


def adjusted(p_values: ArrayLike) -> NDArray[np.float64]:
    """P-values adjusted for looking at several things at once; missing ones stay missing.

    Source:
        Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
    """
    given = np.asarray(p_values, dtype=float)
    out = np.full(given.shape, np.nan)
    places = np.argsort(given)[: int((~np.isnan(given)).sum())]  # missing ones sort last
    steps = given[places] * np.arange(len(places), 0, -1)
    out[places] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return out


def false_discovery(p_values: ArrayLike) -> NDArray[np.float64]:
    """P-values adjusted so that those up to ``q`` hold a share of at most ``q`` false ones; missing ones stay missing.

    Source:
        Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.
    """
    from scipy.stats import false_discovery_control

    given = np.asarray(p_values, dtype=float)
    known = np.isfinite(given)
    out = np.full(given.shape, np.nan)
    out[known] = false_discovery_control(given[known]) if known.any() else []
    return out


def apart_from_others(hits: ArrayLike, tries: ArrayLike, *, fewest: int = 1) -> NDArray[np.float64]:
    """Chance that each row's rate and that of all other rows together lie so far apart, were they one.

    Args:
        hits: Successes by row.
        tries: Tries by row.
        fewest: Tries that a row and all others need to be compared; else the chance is missing.

    Source:
        Exact test of Fisher (1922), two-sided; not adjusted over the rows.
    """
    won, n = np.asarray(hits, dtype=int), np.asarray(tries, dtype=int)
    others, of_others = won.sum() - won, n.sum() - n
    return np.array(
        [
            _exact(k, m, ko, mo) if min(m, mo) >= fewest else float("nan")
            for k, m, ko, mo in zip(won, n, others, of_others, strict=True)
        ],
        dtype=float,
    )
