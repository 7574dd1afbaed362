"""The top quarter and the others: who is in it, and what goes with winning within teams."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

N_SHUFFLES = 4000
SEED = 20_260_101
TOP_SHARE = 0.25


def top_and_others(
    known: pd.DataFrame, outcome: pd.Series[float], team: pd.Series[str]
) -> tuple[pd.Series[float], pd.Series[float]]:
    """Medians of both by column, within teams as the correlation is: else a team's level could turn the two round."""
    level = known - known.groupby(team).transform("mean") + known.mean()
    is_top = in_top_quarter(outcome, team)
    return level[is_top].median(), level[~is_top].median()


def in_top_quarter(outcome: pd.Series[float], team: pd.Series[str]) -> pd.Series[bool]:
    """Whether a rep is of the quarter who win most beside what is expected and what their team does."""
    beyond = outcome - outcome.groupby(team).transform("mean")
    return beyond >= beyond.quantile(1 - TOP_SHARE)


def within_teams(
    habit: Floats, outcome: Floats, team: NDArray[np.str_], confidence: float
) -> tuple[float, float, float, float]:
    """Rank correlation within teams with its interval, and its p-value by shuffling within teams."""
    from scipy.stats import norm, rankdata

    groups = np.unique(team, return_inverse=True)[1]
    x, y = (_centred(rankdata(values), groups) for values in (habit, outcome))
    size = np.sqrt((x**2).sum() * (y**2).sum())
    if size <= 0:
        return (float("nan"),) * 4
    correlation = float((x * y).sum() / size)
    as_strong = int((np.abs(_shuffled(groups.tobytes(), y.tobytes()) @ x) >= abs((x * y).sum()) - 1e-9).sum())
    freedom = len(y) - (groups.max() + 1) - 2
    half = norm.ppf(0.5 + confidence / 2) * np.sqrt((1 + correlation**2 / 2) / max(freedom, 1))
    ends = np.tanh(np.arctanh(np.clip(correlation, -0.999999, 0.999999)) + np.array([-half, half]))
    return correlation, float(ends[0]), float(ends[1]), (as_strong + 1) / (N_SHUFFLES + 1)


@lru_cache(maxsize=4)
def _shuffled(groups: bytes, values: bytes) -> Floats:
    """Values of reps in shuffled orders, within teams only; all habits that the same reps show share them."""
    team = np.frombuffer(groups, dtype=np.intp)
    keys = np.random.default_rng(SEED).random((N_SHUFFLES, len(team))) + team
    orders = np.empty(keys.shape, dtype=np.intp)
    orders[:, np.argsort(team, kind="stable")] = np.argsort(keys, axis=1)
    return np.asarray(np.frombuffer(values)[orders])


def _centred(values: Floats, groups: NDArray[np.intp]) -> Floats:
    means = np.bincount(groups, weights=values) / np.bincount(groups)
    return np.asarray(values - means[groups])
