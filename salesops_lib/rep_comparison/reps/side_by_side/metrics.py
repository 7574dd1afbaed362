"""Side by side: what each rep closed, won, sold and took, raw and drawn towards the team by what luck can do.

Tables in: ``reps``, ``opportunities`` and, where present, ``teams``, ``team_members``, ``credits`` and ``quotas``.
Tables out: one row per rep.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.rep_comparison.cells import (
    attained,
    closed_cells,
    credited_cells,
    median_cycles,
    per_rep,
    rate_of,
    typical,
    with_expected,
    won_logs,
)
from salesops_lib.rep_comparison.people import compared, in_order, people, window_to
from salesops_lib.statistics.intervals import with_rate
from salesops_lib.statistics.shrinkage import shrink_rates

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period


@tidy
def reps_side_by_side(
    crm: Crm,
    *,
    period: Period,
    months: int = 12,
    by: Sequence[str] = ("segment",),
    confidence: float,
) -> pd.DataFrame:
    """Each rep's deals, win rate, deal size, cycle and attainment over the last twelve months, with n and intervals.

    One row per rep, by team and name. Managers without deals are left out.

    Args:
        crm: Needs ``reps`` and ``opportunities``; attainment needs ``quotas``.
        period: The window ends with it.
        months: Fiscal months of the window.
        by: Columns of ``deals`` that make a cell: reps are drawn towards what the team did in the same cells.
        confidence: Coverage of the intervals, between 0 and 1.

    Returns:
        rep_id (str): Key.
        name (str): The rep.
        team_name (str): Team at the end of the window.
        n_closed (int): Deals won or lost in the window, by the deal's owner.
        n_won (int): Deals won.
        win_rate (float, 0-1): ``n_won / n_closed``; missing when nothing closed, or no lost deal is recorded at all.
        win_rate_low (float, 0-1): Lower end of the Wilson interval.
        win_rate_high (float, 0-1): Upper end.
        expected_win_rate (float, 0-1): What all reps together won of the same months and segments.
        shrunken_win_rate (float, 0-1): Win rate drawn towards the team's in the same months and segments.
        shrunken_win_rate_low (float, 0-1): Lower end of the interval for the true rate.
        shrunken_win_rate_high (float, 0-1): Upper end.
        average_deal_amount (float): Won amount per deal won.
        typical_deal_amount (float): Typical won deal (mean of logs) drawn towards the segment's by precision.
        typical_deal_amount_low (float): Lower end of its interval.
        typical_deal_amount_high (float): Upper end.
        cycle_days (float): Median days from creation to closing of won deals.
        typical_cycle_days (float): Typical days (mean of logs) drawn towards the segment's by precision.
        typical_cycle_days_low (float): Lower end of its interval.
        typical_cycle_days_high (float): Upper end.
        bookings_amount (float): Credited amount of deals won in the window.
        attainment_rate (float): Bookings / goals over the months of the window with a goal; missing without one.
        n_goal_months (int): Months of the window with a goal.
        from_on (date): First day of the window.
        to_on (date): Last day of the window.

    Source:
        Hierarchical beta-binomial and normal models, integrated over the spread between reps: Gelman et al.,
        Bayesian Data Analysis (3rd ed.), chapter 5. Interval of the raw rate: Wilson (1927).
    """
    window = window_to(crm, period, months)
    counts = per_rep(with_expected(closed_cells(crm, window, by=by), by=by))
    rows = compared(people(crm, window), counts["n_closed"]).join(counts)
    rows[["n_closed", "n_won"]] = rows[["n_closed", "n_won"]].fillna(0).astype(int)
    rows = _with_shrunken_rate(with_rate(rows, "n_won", "n_closed", "win", confidence=confidence), confidence)
    if rows["n_closed"].sum() == rows["n_won"].sum():  # no lost deals on record: the rate says nothing
        rows[[name for name in rows.columns if "win_rate" in name]] = np.nan
    logs = won_logs(crm, window, by=by)
    for name, value in (("typical_deal_amount", "amount"), ("typical_cycle_days", "days")):
        fit = typical(logs, value, by=by, confidence=confidence)
        rows = rows.join(fit.set_axis([name, f"{name}_low", f"{name}_high"], axis="columns"))
    credited = credited_cells(crm, window, by=by)
    goals = attained(crm, window, credited).reindex(rows.index)
    rows = rows.assign(
        average_deal_amount=rate_of(rows["won_amount"], rows["n_won"]),
        cycle_days=median_cycles(crm, window).reindex(rows.index),
        bookings_amount=credited.groupby("rep_id")["bookings_amount"].sum().reindex(rows.index).fillna(0.0),
        attainment_rate=goals["attainment_rate"].astype(float),
        n_goal_months=goals["n_goal_months"].fillna(0).astype(int),
        from_on=pd.Timestamp(window.start),
        to_on=pd.Timestamp(window.end),
    )
    return in_order(rows)


def _with_shrunken_rate(rows: pd.DataFrame, confidence: float) -> pd.DataFrame:
    seen = (rows["n_closed"] > 0).to_numpy()
    out = np.full((3, len(rows)), np.nan)
    if seen.any():
        some = rows[seen]
        fit = shrink_rates(some["n_won"], some["n_closed"], some["expected_won"] / some["n_closed"])
        out[:, seen] = fit.mean, fit.quantile((1 - confidence) / 2), fit.quantile((1 + confidence) / 2)
    names = ["shrunken_win_rate", "shrunken_win_rate_low", "shrunken_win_rate_high"]
    rows = rows.assign(expected_win_rate=rate_of(rows["expected_won"], rows["n_closed"]))
    return rows.assign(**dict(zip(names, out, strict=True)))


@tidy
def reps_not_judged(crm: Crm, *, period: Period, months: int = 12, min_closed: int) -> pd.DataFrame:
    """Everyone in the window who is not judged, and why: no deals, too few, a manager, or no lost deal on record.

    One row per person, by reason, team and name.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        period: The window ends with it.
        months: Fiscal months of the window.
        min_closed: Fewest closed deals before a rep is judged.

    Returns:
        rep_id (str): Key.
        name (str): The person.
        team_name (str): Team at the end of the window.
        role (str): As the data has it; empty where missing.
        there_rate (float, 0-1): Share of the window's days in the seat.
        n_closed (int): Deals won or lost in the window.
        reason (str): Why there is no verdict.
    """
    window = window_to(crm, period, months)
    counts = per_rep(closed_cells(crm, window))
    rows = people(crm, window)
    rows = rows.assign(n_closed=counts["n_closed"].reindex(rows.index).fillna(0).astype(int))
    rows = rows[(rows["n_closed"] > 0) | (rows["there_rate"] > 0)]
    none, has_losses = rows["n_closed"] == 0, counts["n_closed"].sum() > counts["n_won"].sum()
    reasons = {
        "manager without deals": none & rows["is_manager"],
        "no closed deal": none,
        f"fewer than {min_closed} closed deals": rows["n_closed"] < min_closed,
        "no lost deal is recorded, so win rates say nothing": ~none & (not has_losses),
    }
    reason = np.select(list(reasons.values()), list(reasons), default="")
    rows = rows.assign(reason=pd.Categorical(reason, [*reasons, ""]))
    rows = rows[rows["reason"] != ""].sort_values(["reason", "team_name", "name", "rep_id"], kind="stable")
    return rows.assign(reason=rows["reason"].astype(str))
