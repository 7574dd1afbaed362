"""Practices: which habits go with winning more than expected, and so may be worth a look?

Tables in: ``opportunities``; ``activities``, ``leads``, ``spans`` and ``visits`` of a ``Crm`` where present.
Tables out: one row per habit. Reps are compared within their team. A habit that goes with winning need not be why.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.rep_comparison.habit_counts import HABITS, Habit, habit_counts
from salesops_lib.rep_comparison.standing import beyond_expected, standing
from salesops_lib.statistics.differences import false_discovery

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

    Floats = NDArray[np.float64]

FEWEST_REPS = 8
"""Reps needed before a habit is looked at."""
N_SHUFFLES = 4000
SEED = 20_260_101
TOP_SHARE = 0.25


def practices_of_top_performers(
    crm: Crm,
    *,
    period: Period,
    months: int = 12,
    min_closed: int,
    confidence: float,
) -> pd.DataFrame:
    """Habits beside winning more than expected: which are worth a look?

    One row per habit, the strongest first; habits that cannot be counted last.

    Args:
        crm: Needs ``reps`` and ``opportunities``; habits come from whatever other tables are present.
        period: The window ends with it.
        months: Fiscal months of the window.
        min_closed: Fewest closed deals of a rep who counts.
        confidence: Coverage of intervals; 1 less this is the false discovery rate over all habits.

    Returns:
        habit (str): Key.
        name (str): The habit, for readers.
        unit (str): How its figures are written: rate, number or number2.
        n_reps (int): Reps compared.
        top_value (float): Median of the quarter of reps who win most beside what is expected and what their team does,
            each held against the team's mean and written at the company's level.
        others_value (float): Median of the others, likewise.
        correlation (float): Rank correlation with winning more than expected, within teams; missing below eight reps.
        correlation_low (float): Lower end of its interval.
        correlation_high (float): Upper end.
        p_value (float): How often a shuffling within teams shows as strong a correlation.
        q_value (float): The same after Benjamini-Hochberg over the habits looked at.
        is_worth_a_look (bool): Beyond chance.
        candidate (str): What others might try, as a candidate for the playbook; empty where it is not worth a look.
        reason (str): Why a habit is not looked at; empty where it is.
        from_on (date): First day of the window.
        to_on (date): Last day of the window.

    Source:
        Spearman's correlation of ranks within teams, permutation test (Good 2005, Permutation, Parametric and Bootstrap
        Tests of Hypotheses); interval of Bonett and Wright (2000); Benjamini and Hochberg (1995).
    """
    seen = standing(crm, period=period, months=months, by=("segment",), confidence=confidence)
    reps = beyond_expected(seen, min_closed=min_closed)
    habits = habit_counts(crm, seen.window).reindex(reps.index)
    rows = pd.DataFrame([_row(each, habits, reps["beyond"], reps["team_id"], confidence) for each in HABITS])
    q_value = pd.Series(false_discovery(rows["p_value"]), index=rows.index)
    is_found = q_value <= 1 - confidence
    candidates = [
        (each.more if up else each.less) if found else ""
        for each, found, up in zip(HABITS, is_found, rows["correlation"] > 0, strict=True)
    ]
    rows = rows.assign(
        q_value=q_value,
        is_worth_a_look=is_found,
        candidate=candidates,
        from_on=pd.Timestamp(seen.window.start),
        to_on=pd.Timestamp(seen.window.end),
    )
    order = rows["p_value"].fillna(2.0)
    return rows.iloc[np.argsort(order, kind="stable")][_COLUMNS].reset_index(drop=True)


_COLUMNS = [
    "habit", "name", "unit", "n_reps", "top_value", "others_value", "correlation", "correlation_low",
    "correlation_high", "p_value", "q_value", "is_worth_a_look", "candidate", "reason", "from_on", "to_on",
]  # fmt: skip


def _row(
    habit: Habit, habits: pd.DataFrame, beyond: pd.Series[float], teams: pd.Series[str], confidence: float
) -> dict[str, object]:
    known = habits[habit.key].dropna() if habit.key in habits.columns else pd.Series(dtype=float)
    n = len(known)
    reason = "" if habit.key in habits.columns else f"no `{habit.needs}`"
    if not reason and n < FEWEST_REPS:
        reason = f"fewer than {FEWEST_REPS} reps"
    elif not reason and known.nunique() == 1:
        reason = "all reps alike"
    found = (np.nan,) * 4
    top = others = np.nan
    if not reason:
        outcome, group = beyond[known.index], teams[known.index]
        x, y = (np.asarray(each, dtype=np.float64) for each in (known, outcome))
        found = within_teams(x, y, group.to_numpy(str), confidence)
        top, others = (each.item() for each in top_and_others(known.to_frame(), outcome, group))
    return {
        "habit": habit.key, "name": habit.name, "unit": habit.unit, "n_reps": n, "top_value": top,
        "others_value": others,
        **dict(zip(("correlation", "correlation_low", "correlation_high", "p_value"), found, strict=True)),
        "reason": reason,
    }  # fmt: skip


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
