"""What chance can do to pushes: is a quarter unlike those before, a rep unlike what is usual for such deals?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.statistics.differences import false_discovery
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_QUARTERS = 4
"""Fewer former quarters do not show how far quarters usually lie apart."""


def unlike_before(hits: int, tries: int, hits_before: pd.Series[int], tries_before: pd.Series[int]) -> float:
    """Chance that a quarter's share lies this far from that of the quarters before; missing where those are few.

    The larger of two answers: as if every deal were drawn from one share, and as if shares of quarters scattered as
    those of the quarters before did. The first alone takes the usual unrest between quarters for news.
    """
    from scipy.stats import f, fisher_exact

    before, n_before = hits_before[tries_before > 0], tries_before[tries_before > 0]
    if not tries or len(before) < FEWEST_QUARTERS:
        return float("nan")
    y, n = int(before.sum()), int(n_before.sum())
    exact = float(fisher_exact([[hits, tries - hits], [y, n - y]]).pvalue)
    rate, pooled = y / n, (y + hits) / (n + tries)
    unrest = float(((before - rate * n_before) ** 2 / n_before).sum()) / (len(before) - 1)
    if not unrest:
        return exact
    distance = (hits / tries - rate) ** 2 / (pooled * (1 - pooled) * (1 / tries + 1 / n))
    return max(exact, float(f.sf(distance * rate * (1 - rate) / unrest, 1, len(before) - 1)))


def against_usual(rows: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Add to the counts of each rep the share usual for such deals, and the test against it.

    Args:
        rows: One row per rep, as ``counts.due_by_rep`` counts them.
        confidence: Coverage of the intervals.

    Source:
        Exact test of independence within strata, one-sided (Mehta, Patel and Gray 1985), by the chances of
        ``chances_of_pushes``; adjusted after Benjamini and Hochberg (1995).
    """
    rows = with_rate(rows, "n_pushed", "n_due", "push", confidence=confidence)
    chances = chances_of_pushes(rows)
    p_value = false_discovery(chances[np.arange(len(rows)), rows["n_pushed"].to_numpy(int)])
    # A rep who alone differs must stand out from as many reps as are tested.
    enough = chances <= (1 - confidence) / max(len(rows), 1)
    enough &= np.arange(chances.shape[1]) <= rows["n_due"].to_numpy(int)[:, None]
    n_to_show = pd.Series(enough.argmax(axis=1), index=rows.index).where(np.asarray(enough.any(axis=1)))
    return rows.assign(
        usual_rate=rows["usual"] / rows["n_due"],
        n_extra=rows["n_pushed"] - rows["usual"],
        n_to_show=n_to_show.astype("Int64"),
        p_value=p_value,
        is_above_company=p_value < 1 - confidence,
    )


def chances_of_pushes(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Chance of at least 0, 1, 2 ... pushes for each rep, were the pushes of every stratum dealt out by chance alone.

    One row per row of ``rows``, one column per number of pushes up to the most deals that any rep had due. A shifted
    binomial with the same mean, variance and third moment: the engine can add those up over the strata, so that one
    row per rep leaves it, however many strata there are.

    Args:
        rows: ``n_due``, ``usual``, ``variance``, ``third_moment``, ``fewest`` and ``most`` of each rep.

    Source:
        Draws without replacement are sums of independent indicators (Vatutin and Mikhailov 1982), and such sums lie
        close to a binomial of three parameters (Pekoz, Rollin, Cekanavicius and Shwartz 2009).
    """
    from scipy.special import betainc

    numbers = np.arange(int(rows["n_due"].max() if len(rows) else 0) + 1, dtype=float)
    names = ("usual", "variance", "third_moment", "fewest", "most")
    mean, variance, third, fewest, most = (rows[name].to_numpy(float)[:, None] for name in names)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (1 - third / variance) / 2
        tries = variance / (share * (1 - share))
        above = numbers - (mean - tries * share)
        tail = np.where(above < tries + 1, betainc(np.maximum(above, 1e-9), tries + 1 - above, share), 0.0)
    # Where chance has no room, and outside the possible numbers, the answer is known.
    return np.where(numbers <= fewest, 1.0, np.where((numbers > most) | (variance <= 1e-12), 0.0, tail))
