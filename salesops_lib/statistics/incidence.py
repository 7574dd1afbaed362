"""Cumulative incidence from cells: how much is won by which age, while losses take deals away and others go on.

A cell is an age in days with counts: ``n_from`` (followed from this age on), ``n_to`` (followed to it), ``n_won`` and
``n_lost`` (of those, ended so at it).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Incidence:
    """Shares by age in days, from 0 on.

    Source:
        Aalen and Johansen (1978), Scandinavian Journal of Statistics 5, 141-150.
    """

    n: int
    """All that were followed at some age."""
    at_risk: Floats
    """Still open and followed at each age."""
    ended_won: Floats
    ended_lost: Floats
    won: Floats
    """Share won by the end of each age."""
    lost: Floats
    open: Floats
    """Share neither won nor lost by the end of each age."""

    def last_age(self, fewest: int) -> int:
        """The last age up to which at least so many are followed without a break; 0 where there are fewer at all."""
        too_few = np.flatnonzero(self.at_risk < fewest)
        last = int(too_few[0]) - 1 if len(too_few) else len(self.at_risk) - 1
        return max(last, 0)

    def error(self, age: int, since: int = 0) -> float:
        """Standard error of the share won by an age, of those who were open at ``since``.

        Source:
            Delta method, Pintilie (2006), Competing Risks, section 4.3.
        """
        at_risk, won, ended = (
            each[since : age + 1] for each in (self.at_risk, self.ended_won, self.ended_won + self.ended_lost)
        )
        ok = at_risk > 0
        n = np.where(ok, at_risk, 1.0)
        before = np.concatenate([[1.0], np.cumprod(1 - ended / n)[:-1]])
        share = np.cumsum(before * won / n)
        still = share[-1] - share
        # Where everybody ends at one age the variance of what follows is 0.
        left = np.where(n > ended, n - ended, 1.0)
        variance = (
            (still**2 * ended / (n * left)).sum()
            + (before**2 * won * (n - won) / n**3).sum()
            - 2 * (still * before * won / n**2).sum()
        )
        return float(np.sqrt(max(variance, 0.0)))

    def won_by(self, age: int, *, confidence: float) -> tuple[float, float, float]:
        """Share won by an age with its interval."""
        return self.won_between(0, age, confidence=confidence) if len(self.won) else (float("nan"),) * 3

    def won_between(self, since: int, until: int, *, confidence: float) -> tuple[float, float, float]:
        """Of those open at the beginning of an age, the share won by another, with its interval."""
        from scipy.stats import norm

        at_risk, won = self.at_risk[since : until + 1], self.ended_won[since : until + 1]
        if not len(at_risk) or at_risk[0] <= 0:
            return (float("nan"),) * 3
        n = np.where(at_risk > 0, at_risk, 1.0)
        ended = won + self.ended_lost[since : until + 1]
        before = np.concatenate([[1.0], np.cumprod(1 - ended / n)[:-1]])
        share = float((before * won / n).sum())
        if not 0 < share < 1:
            return share, *_exact(share, int(at_risk[0]), confidence)
        reach = norm.ppf(0.5 + confidence / 2) * self.error(until, since) / (share * np.log(share))
        low, high = sorted((share ** np.exp(-reach), share ** np.exp(reach)))
        return share, float(low), float(high)


def _exact(share: float, n: int, confidence: float) -> tuple[float, float]:
    """Ends for none or all of n (Clopper and Pearson 1934)."""
    tail = ((1 - confidence) / 2) ** (1 / n)
    return (0.0, 1 - tail) if share <= 0 else (tail, 1.0)


def incidence_of(cells: pd.DataFrame) -> Incidence:
    """Shares won, lost and open by age from the cells of one group."""
    size = int(cells["age"].max()) + 1 if len(cells) else 1
    began, stopped, won, lost = (
        np.bincount(cells["age"].astype(int), weights=cells[name], minlength=size).astype(float)
        for name in ("n_from", "n_to", "n_won", "n_lost")
    )
    at_risk = began.cumsum() - np.concatenate([[0.0], stopped.cumsum()[:-1]])
    n = np.where(at_risk > 0, at_risk, 1.0)
    staying = np.cumprod(1 - (won + lost) / n)
    before = np.concatenate([[1.0], staying[:-1]])
    return Incidence(
        n=int(began.sum()),
        at_risk=at_risk,
        ended_won=won,
        ended_lost=lost,
        won=np.cumsum(before * won / n),
        lost=np.cumsum(before * lost / n),
        open=staying,
    )
