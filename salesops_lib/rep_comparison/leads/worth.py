"""What a lead is worth before anyone works it: the share of its kind that qualifies, and what its source brings.

Counts by rep and kind go in. A rep's leads are valued by what the others of the company made of such leads, never by
what the rep did with them: whoever qualifies few leads is not thereby given poor ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.rep_comparison.cells import MONTH
from salesops_lib.rep_comparison.leads.cells import NO_SCORE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEADYING_LEADS = 20
"""Leads' weight of what source, score and month make likely each by itself, beside the leads of the cell itself."""
STEADYING_WINS = 30
"""Wins' weight of the company's average beside the amounts won from a source: a few large deals are no pattern."""


@dataclass(frozen=True)
class Kinds:
    """Names of the sources and number of score bands; a kind is one of each."""

    sources: list[str]
    n_bands: int

    def place(self, cells: pd.DataFrame) -> NDArray[np.intp]:
        """The kind of each cell as a number: the bands of the first source, of the second, ..."""
        source = np.searchsorted(self.sources, cells["source"].to_numpy(str)) if len(cells) else np.array([], int)
        return np.asarray(source * self.n_bands + (cells["band"].to_numpy(int) - NO_SCORE), dtype=np.intp)

    @property
    def source_marks(self) -> Floats:
        """Kinds x sources: 1 where the kind is of the source."""
        return np.repeat(np.eye(len(self.sources)), self.n_bands, axis=0)

    @property
    def n(self) -> int:
        """Number of kinds."""
        return len(self.sources) * self.n_bands


def kinds_of(cells: pd.DataFrame) -> Kinds:
    """The kinds that occur."""
    highest = int(cells["band"].max()) if len(cells) else NO_SCORE
    return Kinds(sorted(cells["source"].astype(str).unique()), highest - NO_SCORE + 1)


def _sums(cells: pd.DataFrame, kinds: Kinds, reps: list[str], months: list[str], column: str) -> Floats:
    """Reps x months x sources x bands; those not named in ``reps`` stand in the last row."""
    rep = pd.Index(reps).get_indexer(pd.Index(cells["rep_id"]))
    out = np.zeros((len(reps) + 1, len(months), kinds.n))
    month = pd.Index(months).get_indexer(pd.Index(cells[MONTH]))
    np.add.at(out, (rep, month, kinds.place(cells)), cells[column].to_numpy(float))
    return out.reshape(len(reps) + 1, len(months), len(kinds.sources), kinds.n_bands)


def _of_others(sums: Floats) -> Floats:
    """What all reps but each one have together; the last row stands for nobody the kit compares."""
    return np.asarray((sums.sum(axis=0, keepdims=True) - sums)[:-1])


def qualified_shares(cells: pd.DataFrame, kinds: Kinds, reps: list[str], months: list[str]) -> Floats:
    """Share of each kind's leads of a month that qualified so far in the hands of the others.

    A thin cell is drawn towards what its month, source and score band make likely. Young leads have had less time,
    which is why shares are compared within a month only.

    Args:
        cells: What ``lead_cells`` returns for the window.
        kinds: Sources and score bands.
        reps: Keys, in order.
        months: Fiscal months of the window, in order.

    Returns:
        Reps x months x kinds.
    """
    hits, tries = (_of_others(_sums(cells, kinds, reps, months, name)) for name in ("n_qualified", "n_leads"))

    def rate(over: tuple[int, ...]) -> Floats:
        n = tries.sum(axis=over, keepdims=True)
        return np.asarray(hits.sum(axis=over, keepdims=True) / np.maximum(n, 1))

    whole = rate((1, 2, 3))
    likely = np.minimum(rate((2, 3)) * rate((1,)) / np.where(whole > 0, whole, 1.0), 1.0)
    shares = (hits + STEADYING_LEADS * likely) / (tries + STEADYING_LEADS)
    return np.asarray(shares.reshape(len(reps), len(months), kinds.n))


def source_worth(cells: pd.DataFrame, kinds: Kinds, reps: list[str], territories: pd.Series[str]) -> Floats:
    """Amount won per qualified lead of each source, in the hands of the others, as a multiple of the average.

    The average is that of the same territories and months: a source is not worth more for going to those who sell
    large deals, nor less for having grown lately.

    Args:
        cells: What ``lead_cells`` returns, over a window long enough for wins.
        kinds: Sources and score bands.
        reps: Keys, in order.
        territories: Territory by key; those missing are taken together.

    Returns:
        Reps x sources; 1 is the average.
    """
    keyed = cells.assign(territory=cells["rep_id"].map(dict(territories)).astype(object).fillna(""))
    sums = keyed.groupby("territory")[["won_amount", "n_qualified"]].transform("sum")
    usual = keyed["n_qualified"] * sums["won_amount"] / sums["n_qualified"].where(sums["n_qualified"] > 0)
    keyed = keyed.assign(usual=usual.fillna(0.0))
    by_month = keyed.groupby(MONTH)[["won_amount", "usual"]].transform("sum")
    level = by_month["won_amount"] / by_month["usual"].where(by_month["usual"] > 0)
    keyed = keyed.assign(usual=keyed["usual"] * level.fillna(0.0), all_months="")
    months = keyed.drop(columns=MONTH).rename(columns={"all_months": MONTH})
    amount, expected, won = (
        _of_others(_sums(months, kinds, reps, [""], name)).sum(axis=(1, 3)) for name in ("won_amount", "usual", "n_won")
    )
    # Weighed by the wins expected: a source that should have brought some and brought none is worth less, not unknown.
    wins = won.sum(axis=1, keepdims=True)
    size = np.where(wins > 0, amount.sum(axis=1, keepdims=True) / np.maximum(wins, 1), 0.0)
    size = np.where(size > 0, size, 1.0)
    return np.asarray((amount / size + STEADYING_WINS) / (expected / size + STEADYING_WINS))
