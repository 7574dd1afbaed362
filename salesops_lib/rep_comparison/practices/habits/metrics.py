"""Practices: which habits go with winning more than expected, and so may be worth a look?

Tables in: ``opportunities``; ``activities``, ``leads``, ``spans`` and ``visits`` of a ``Crm`` where present.
Tables out: one row per habit. Reps are compared within their team. A habit that goes with winning need not be why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.rep_comparison.practices.habits.counts import HABITS, Habit, habit_counts
from salesops_lib.rep_comparison.practices.top_quarter import top_and_others, within_teams
from salesops_lib.rep_comparison.verdicts.wins_and_luck import beyond_expected, standing
from salesops_lib.statistics.differences import false_discovery

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

FEWEST_REPS = 8
"""Reps needed before a habit is looked at."""


@tidy
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
    return rows.iloc[np.argsort(order, kind="stable")]


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
