"""What chance can do to pushes: is a quarter unlike those before, a rep unlike what is usual for such deals?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.measures import with_rate
from salesops_lib.measures.differences import false_discovery

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


def against_usual(cells: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Counts of each rep, the share usual for such deals, and the test against it; one row per ``rep_id``.

    Args:
        cells: ``n_due``, ``n_pushed`` and ``pushed_amount`` by ``rep_id``, ``segment`` and ``month``.
        confidence: Coverage of the intervals.

    Source:
        Exact test of independence within strata, one-sided (Mehta, Patel and Gray 1985), adjusted after Benjamini and
        Hochberg (1995).
    """
    strata = cells.groupby(["segment", "month"])[["n_due", "n_pushed"]].transform("sum").astype(float)
    cells = cells.assign(n_all=strata["n_due"], n_all_pushed=strata["n_pushed"])
    cells = cells.assign(usual=cells["n_due"] * cells["n_all_pushed"] / cells["n_all"])
    rows = cells.groupby("rep_id")[["n_due", "n_pushed", "pushed_amount", "usual"]].sum().reset_index()
    rows = with_rate(rows, "n_pushed", "n_due", "push", confidence=confidence)
    chances = [chances_of_pushes(own) for _rep, own in cells.groupby("rep_id")]
    tails = [each[::-1].cumsum()[::-1] for each in chances]
    p_value = false_discovery([min(float(tail[n]), 1.0) for tail, n in zip(tails, rows["n_pushed"], strict=True)])
    # A rep who alone differs must stand out from as many reps as are tested.
    level = (1 - confidence) / max(len(rows), 1)
    enough = [np.flatnonzero(tail <= level) for tail in tails]
    return rows.assign(
        usual_rate=rows["usual"] / rows["n_due"],
        n_extra=rows["n_pushed"] - rows["usual"],
        n_to_show=pd.array([each[0] if len(each) else pd.NA for each in enough], dtype="Int64"),
        p_value=p_value,
        is_above_company=p_value < 1 - confidence,
    )


def chances_of_pushes(own: pd.DataFrame) -> NDArray[np.float64]:
    """Probability of each number of pushes, from 0 up, were the pushes of every stratum dealt out by chance alone.

    Args:
        own: One row per stratum: ``n_due`` of the rep, ``n_all`` and ``n_all_pushed`` of everyone.
    """
    from scipy.stats import hypergeom

    chances = np.ones(1)
    for n, n_all, n_all_pushed in own[["n_due", "n_all", "n_all_pushed"]].astype(int).to_numpy().tolist():
        chances = np.convolve(chances, hypergeom.pmf(np.arange(n + 1), n_all, n_all_pushed, n))
    return chances
