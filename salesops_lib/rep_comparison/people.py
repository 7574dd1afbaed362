"""Who is compared: reps who sold in the window, their team and their time in the seat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures.managers import manager_ids
from salesops_lib.measures.names import NO_TEAM, teams_of_reps
from salesops_lib.periods import Period

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm


def window_to(crm: Crm, period: Period, months: int) -> Period:
    """The ``months`` fiscal months that end with the report's, no further than ``as_of`` and not before the data."""
    last = crm.calendar.containing(period.end, "month")
    first = crm.calendar.previous(last, max(months, 1) - 1)
    closed = crm.opportunities.filter(_.status != "open")
    earliest = crm.fetch(closed.agg(day=closed.closed_on.min()))["day"].iloc[0]
    start = first.start
    if pd.notna(earliest):
        start = max(start, crm.calendar.containing(earliest.date(), "month").start)
    end = max(min(last.end, crm.as_of), start)
    return Period(f"{first.label} to {last.label}", "month", start, end)


def people(crm: Crm, window: Period) -> pd.DataFrame:
    """Everyone in ``reps``, by their key in the data.

    Returns:
        index (str): Key.
        rep_id (str): Key.
        name (str): Name, or the key without one.
        team_id (str): Team on the window's last day, or the last one before it; empty without one.
        team_name (str): Its name.
        role (str): As the data has it; empty where missing.
        is_manager (bool): Manages a team, or has a manager's role.
        there_rate (float, 0-1): Share of the window's days in the seat; 1 where start and end are not recorded.
    """
    reps = crm.fetch(
        crm.reps.select("rep_id", "name", "started_on", "ended_on", role=_.role.fill_null("")).order_by("rep_id")
    ).set_index("rep_id", drop=False)
    teams = teams_of_reps(crm, window.end).reindex(reps.index)
    first, last = pd.Timestamp(window.start), pd.Timestamp(window.end)
    start, end = reps["started_on"].fillna(first), reps["ended_on"].fillna(last)
    start, end = start.where(start > first, first), end.where(end < last, last)
    there = ((end - start).dt.days + 1).clip(lower=0) / window.n_days
    return pd.DataFrame(
        {
            "rep_id": reps["rep_id"],
            "name": reps["name"].fillna(reps["rep_id"]),
            "team_id": teams["team_id"].fillna(""),
            "team_name": teams["team_name"].fillna(NO_TEAM),
            "role": reps["role"],
            "is_manager": reps["rep_id"].isin(manager_ids(crm)),
            "there_rate": there.astype(float),
        },
        index=reps.index.rename(None),
    )


def compared(everyone: pd.DataFrame, n_closed: pd.Series[float]) -> pd.DataFrame:
    """Those who closed a deal in the window, and reps in the seat without one; managers without deals are left out.

    Args:
        everyone: What ``people`` returns.
        n_closed: Deals closed by key in the data.
    """
    closed = n_closed.reindex(everyone.index).fillna(0)
    stays = (closed > 0) | (~everyone["is_manager"] & (everyone["there_rate"] > 0))
    return everyone[stays]


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows by team, then name, then key; the index is dropped."""
    return frame.sort_values(["team_name", "name", "rep_id"], kind="stable").reset_index(drop=True)


def seats(everyone: pd.DataFrame) -> pd.Series[float]:
    """Share of the window in the seat; 1 for those with deals after they left, whose time says nothing."""
    there = everyone["there_rate"]
    return there.where(there > 0, 1.0).replace(np.nan, 1.0)
