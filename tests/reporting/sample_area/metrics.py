"""Metrics of the sample area."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from salesops_lib.data.crm import Crm
from salesops_lib.periods import Period

TEAMS = ["SMB", "Mid-Market", "Enterprise", "Partner"]


def bookings_by_month(crm: Crm, *, period: Period) -> pd.DataFrame:
    """Bookings of the last twelve months against goal and the year before.

    One row per month, oldest first.

    Args:
        crm: Unused; the figures are made up.
        period: The month that is reported.

    Returns:
        month (str): Label of the month.
        bookings_amount (float): Credited amount of deals won in the month.
        year_before_amount (float): The same a year earlier.
        quota_amount (float): Goal of the month.
        attainment_rate (float): Bookings as a share of the goal.
    """
    actual = np.array([1.72, 1.95, 2.33, 1.28, 1.83, 2.24, 2.46, 1.68, 2.08, 1.66, 1.79, 2.03]) * 1e6
    before = np.array([1.25, 0.98, 1.77, 1.04, 1.46, 1.4, 1.49, 1.52, 1.86, 1.98, 1.9, 2.24]) * 1e6
    quota = np.array([1.65, 1.68, 2.05, 1.7, 1.74, 2.1, 1.78, 1.77, 2.16, 1.81, 1.83, 2.2]) * 1e6
    months = pd.period_range(end=period.label, periods=12, freq="M").astype(str)
    return pd.DataFrame(
        {"month": months, "bookings_amount": actual, "year_before_amount": before, "quota_amount": quota}
    ).assign(attainment_rate=actual / quota)


def win_rate_by_rep(crm: Crm, *, period: Period, confidence: float = 0.9, min_closed: int = 20) -> pd.DataFrame:
    """Share of each rep's closed deals that were won, with an interval for chance.

    One row per rep.

    Args:
        crm: Needs ``reps``.
        period: Deals closed in it count.
        confidence: Coverage of the interval.
        min_closed: Fewest closed deals before a rep is judged.

    Returns:
        rep_id (str): Key.
        name (str): The rep as people say it.
        n_closed (int): Deals won or lost in the period,
            whatever their size.
        n_won (int): Deals won in the period.
        win_rate (float, 0-1): ``n_won / n_closed``; missing when nothing closed.
        win_rate_low (float, 0-1): Lower end of the interval; missing with ``win_rate``.
        win_rate_high (float, 0-1): Upper end of the interval; missing with ``win_rate``.
        is_judged (bool): Whether enough deals closed.
    """
    reps = crm.fetch(crm.reps.select("rep_id", "name").order_by("rep_id"))
    closed = pd.Series([40, 31, 22, 0][: len(reps)])
    won = pd.Series([18, 9, 3, 0][: len(reps)])
    rate = won / closed.where(closed > 0)
    doubt = 0.3 * confidence
    return reps.assign(
        n_closed=closed,
        n_won=won,
        win_rate=rate,
        win_rate_low=(rate - doubt).clip(0),
        win_rate_high=(rate + doubt).clip(upper=1),
        is_judged=closed >= min_closed,
    )


def rep_table(crm: Crm, *, n_reps: int = 24) -> pd.DataFrame:
    """Each rep's bookings, attainment and trend side by side.

    One row per rep, most bookings first.

    Args:
        crm: Unused; the figures are made up.
        n_reps: Rows.

    Returns:
        rep_id (str): Key.
        name (str): The rep as people say it.
        team (str): The rep's team.
        bookings_amount (float): Credited amount of deals won.
        attainment_rate (float): Bookings as a share of the goal; missing without a goal.
        n_won (int): Deals won.
        cycle_days (float): Median days from creation to closing.
        started_on (date): First day in sales.
        trend (list): Bookings of the last twelve months.
    """
    rng = np.random.default_rng(7)
    bookings = np.sort(rng.gamma(3, 80_000, n_reps))[::-1]
    attainment = bookings / 220_000
    attainment[-1:] = np.nan
    return pd.DataFrame(
        {
            "rep_id": [f"r{number:02d}" for number in range(n_reps)],
            "name": [f"Rep {number:02d} <b>" if number == 3 else f"Rep {number:02d}" for number in range(n_reps)],
            "team": [TEAMS[number % 4] for number in range(n_reps)],
            "bookings_amount": bookings,
            "attainment_rate": attainment,
            "n_won": rng.integers(1, 30, n_reps),
            "cycle_days": rng.uniform(9, 130, n_reps),
            "started_on": [date(2024, 1 + number % 12, 1) for number in range(n_reps)],
            "trend": [list(rng.gamma(3, 8_000, 12)) for _ in range(n_reps)],
        }
    )


def leads_by_source(crm: Crm) -> pd.DataFrame:
    """Leads and the share of them that qualified, by source.

    Returns:
        source (str): Where the lead came from.
        n_leads (int): Leads created in the period.
    """
    crm.need("leads")
    return pd.DataFrame({"source": ["web"], "n_leads": [3]})
