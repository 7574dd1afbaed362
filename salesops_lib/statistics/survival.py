"""Survival from cells: what lasts how long, where some of it goes on and some was there before we looked.

A cell is an age with counts: ``n_from`` (followed from this age on), ``n_to`` (followed to it) and ``n_left`` (of
those, ended at it). Stays in a stage, customers and leads are all judged by the same few functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_EXACT = 300
"""Endings up to which chances are worked out exactly; above, the normal curve is as good."""


def life_table(cells: pd.DataFrame) -> pd.DataFrame:
    """Stays ``at_risk`` of ending at each age in days and those that ``left`` at it, from the cells of one stage."""
    size = int(cells["age"].max()) + 1 if len(cells) else 0
    began, stopped, left = (
        np.bincount(cells["age"], weights=cells[name], minlength=size) for name in ("n_from", "n_to", "n_left")
    )
    # A stay that is followed to an age is at risk at that age still.
    at_risk = began.cumsum() - np.concatenate([[0.0], stopped.cumsum()[:-1]])[:size]
    return pd.DataFrame({"at_risk": at_risk, "left": left[:size]})


def staying_at(table: pd.DataFrame, ages: Sequence[int], *, confidence: float) -> list[tuple[float, float, float]]:
    """Share that is still there at each age, with its interval; missing where nobody is followed so far.

    Source:
        Kaplan and Meier (1958), variance of Greenwood (1926), interval on the scale log(-log); of Clopper and Pearson
        (1934) while nobody has left.
    """
    from scipy.stats import norm

    at_risk, left = table["at_risk"].to_numpy(dtype=float), table["left"].to_numpy(dtype=float)
    followed = at_risk > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.cumprod(np.where(followed, 1 - left / at_risk, 1.0))
        spread = np.sqrt(np.cumsum(np.where(followed & (left > 0), left / (at_risk * (at_risk - left)), 0.0)))
        middle, half = np.log(-np.log(share)), norm.ppf(0.5 + confidence / 2) * spread / np.abs(np.log(share))
        low, high = np.exp(-np.exp(middle + half)), np.exp(-np.exp(middle - half))
        # While nobody has left the scale is of no use; the exact end for all of them does.
        low = np.where(share == 1, ((1 - confidence) / 2) ** (1 / np.maximum(at_risk, 1)), low)
        high = np.where(share == 1, 1.0, high)
    last = int(np.flatnonzero(followed)[-1]) if followed.any() else -1
    missing = (float("nan"),) * 3
    # Once nobody is left, nobody will be; who is no longer followed may be there or not.
    beyond = missing
    if last >= 0 and share[last] == 0:
        beyond = (0.0, 0.0, float(1 - ((1 - confidence) / 2) ** (1 / at_risk.max())))
    found = []
    for age in ages:
        inside = (float(share[age]), float(low[age]), float(high[age])) if age <= last else beyond
        found.append(beyond if age <= last and inside[0] == 0 else inside)
    return found


def median_days(table: pd.DataFrame, *, confidence: float) -> tuple[float, float, float]:
    """Median length of a stay by a life table, with its interval; missing where the data does not reach so far."""
    from scipy.stats import norm

    missing = (float("nan"), float("nan"), float("nan"))
    seen = table[table["left"] > 0]
    n, left = seen["at_risk"].to_numpy(), seen["left"].to_numpy()
    staying = np.cumprod(1 - left / n)
    if not (staying <= 0.5).any():
        return missing
    place = int(np.argmax(staying <= 0.5))
    age = float(seen.index[place])
    if staying[place] == 0 and (table["at_risk"].loc[age + 1 :] > 0).any():
        # All few stays followed from the start have ended, while others were already older: nothing links the two.
        return missing
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(left / (n * (n - left)))) / np.abs(np.log(staying))
        middle = np.log(-np.log(staying)) - np.log(np.log(2))
    half = norm.ppf(0.5 + confidence / 2) * spread
    low, high = np.flatnonzero(middle + half >= 0), np.flatnonzero(middle - half >= 0)
    ends = [float(seen.index[each[0]]) if len(each) else float("nan") for each in (low, high)]
    return age, ends[0], ends[1]


def expected_endings(table: pd.DataFrame, others: pd.DataFrame) -> float:
    """How many would have ended, had they ended at the pace of the others of the same age."""
    ages = min(len(table), len(others))
    at_risk = others["at_risk"].to_numpy(dtype=float)[:ages]
    pace = np.divide(others["left"].to_numpy(dtype=float)[:ages], at_risk, out=np.zeros(ages), where=at_risk > 0)
    return float((table["at_risk"].to_numpy(dtype=float)[:ages] * pace).sum())


def log_rank(now: pd.DataFrame, before: pd.DataFrame, *, confidence: float) -> tuple[float, float, float, float]:
    """Pace now relative to before with its interval, and how often chance alone would show such a difference.

    All missing where the two life tables have no age in common at which some stays ended and others did not.

    Source:
        As in ``log_rank_within``.
    """
    return log_rank_within([(now, before)], confidence=confidence)


def log_rank_within(
    pairs: Sequence[tuple[pd.DataFrame, pd.DataFrame]], *, confidence: float
) -> tuple[float, float, float, float]:
    """The same within strata: what differs between them, and how they are mixed, plays no part.

    Args:
        pairs: Life tables now and before, one pair per stratum.
        confidence: Coverage of the interval.

    Source:
        Mantel (1966), Cancer Chemotherapy Reports 50, 163-170; ratio and interval from the same sums, after Peto and
        others (1977), British Journal of Cancer 35, 1-39, so that the interval and the test agree. Up to 300 endings
        the exact test of the same sums stands beside the normal one, and the larger p-value counts.
    """
    from scipy.stats import norm

    parts = [
        np.array([now["at_risk"].iloc[:ages], before["at_risk"].iloc[:ages], now["left"].iloc[:ages],
                  before["left"].iloc[:ages]], dtype=float)
        for now, before in pairs
        for ages in [min(len(now), len(before))]
    ]  # fmt: skip
    here, there, left, left_before = np.hstack(parts) if parts else np.zeros((4, 0))
    ended = left + left_before
    at_risk = here + there
    # Where one stay is at risk, or those of one side only, nothing can differ.
    share = here / np.maximum(at_risk, 1)
    variance = float((ended * share * (1 - share) * (at_risk - ended) / np.maximum(at_risk - 1, 1)).sum())
    if variance <= 0:
        return (float("nan"),) * 4
    above = float((left - ended * share).sum())
    half = norm.ppf(0.5 + confidence / 2) / np.sqrt(variance)
    low, ratio, high = (float(np.exp(above / variance + each)) for each in (-half, 0.0, half))
    p_value = float(2 * norm.sf(abs(above) / np.sqrt(variance)))
    return ratio, low, high, max(p_value, _exact_chance(left, ended, here, at_risk))


def _exact_chance(left: Floats, ended: Floats, here: Floats, at_risk: Floats) -> float:
    """Chance of so many or so few endings on this side, were each age's endings dealt out at random; two-sided.

    With few endings the normal curve calls too many of them surprising: their number is not symmetric about its mean.
    """
    from scipy.stats import hypergeom

    counted = (ended > 0) & (here > 0) & (here < at_risk)
    if ended[counted].sum() > MOST_EXACT:
        return 0.0
    chances = np.ones(1)
    for n, own, all_there in zip(ended[counted], here[counted], at_risk[counted], strict=True):
        chances = np.convolve(chances, hypergeom.pmf(np.arange(int(n) + 1), all_there, own, n))
    at = int(left[counted].sum())
    return float(min(1.0, 2 * min(chances[: at + 1].sum(), chances[at:].sum())))
