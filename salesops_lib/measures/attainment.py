"""Bookings against goal, for anyone and any period: attainment, gap, pace and run rate needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd

from salesops_lib.measures.expressions import booked, total, within
from salesops_lib.measures.goals import WHO, goals_or_why
from salesops_lib.measures.holders import Level
from salesops_lib.measures.overlay import overlay_booked, overlay_ids

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period


def bookings(crm: Crm, period: Period, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """Credited amount of deals won in the period, by close date.

    One row per value of ``by`` (columns of ``booked``); one row in all without.

    Returns:
        the ``by`` columns: Keys.
        bookings_amount (float): Credited amount, report currency.
        n_won (int): Deals won in which they have credit.
    """
    return bookings_of(crm, [period], by=by).drop(columns="period")


def bookings_of(
    crm: Crm, periods: Sequence[Period], *, by: Sequence[str] = (), with_overlay: bool = False
) -> pd.DataFrame:
    """Bookings of several periods in one query.

    One row per period and value of ``by`` with a deal won in any of the periods; without ``by`` one per period.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        periods: Any mix of weeks, months, quarters and years.
        by: Columns of ``booked``.
        with_overlay: Adds what overlay reps are credited with; only where rows of reps are not summed.

    Returns:
        the ``by`` columns: Keys.
        period (str): Label.
        bookings_amount (float): Credited amount, report currency; 0 where nothing was won.
        n_won (int): Deals won in which they have credit.
    """
    rows = booked(crm)
    if with_overlay and overlay_ids(crm):
        rows = rows.union(overlay_booked(crm).select(*rows.columns))
    rows = rows.filter(ibis.or_(*(within(rows.closed_on, period) for period in periods)))
    measures = {}
    for place, period in enumerate(periods):
        inside = within(rows.closed_on, period)
        measures[f"amount_{place}"] = total(ibis.ifelse(inside, rows.credited_amount, 0))
        measures[f"n_{place}"] = ibis.ifelse(inside, rows.opportunity_id, ibis.null("string")).nunique()
    table = rows.group_by(list(by)).agg(**measures).order_by(list(by)) if by else rows.agg(**measures)
    wide = crm.fetch(table)
    return pd.concat(
        [
            wide[list(by)].assign(
                period=period.label, bookings_amount=wide[f"amount_{place}"], n_won=wide[f"n_{place}"].astype(int)
            )
            for place, period in enumerate(periods)
        ],
        ignore_index=True,
    )


def attainment(crm: Crm, periods: Sequence[Period], *, level: Level) -> pd.DataFrame:
    """Bookings against goal for each period, for the company, its teams or its reps.

    One row per period and holder of bookings or a goal, in the order of ``periods``, then by key. A team that
    is the parent of others holds the bookings of all teams below it.

    Args:
        crm: Needs ``reps`` and ``opportunities``; goals come from ``quotas`` where present.
        periods: Any mix of weeks, months, quarters and years.
        level: Whose attainment.

    Returns:
        rep_id or team_id (str): Key; neither for the company.
        period (str): Label.
        period_start_on (date): First day.
        period_end_on (date): Last day.
        bookings_amount (float): Credited amount won in the period up to ``as_of``.
        n_won (int): Deals won.
        quota_amount (float): Goal of the whole period; missing where none is set.
        goal_basis (str): ``stated`` or ``sum of n goals``; who lacks a goal where a sum is none for want of it;
            missing where no goal is set.
        attainment_rate (float): bookings / quota; missing without a goal above 0.
        gap_amount (float): quota - bookings; negative when beaten.
        elapsed_rate (float, 0-1): Selling days elapsed / selling days of the period.
        pace_rate (float): attainment / elapsed; missing before the first selling day.
        selling_days_left (int): Selling days after ``as_of`` in the period.
        run_rate_needed_amount (float): gap per selling day left; missing when none is left, 0 when beaten.
        is_partial (bool): The period had not ended on ``as_of``.
    """
    who: list[str] = WHO[level]
    booked = bookings_of(crm, periods, by=who, with_overlay=level == "rep")
    if level == "team":
        booked = _with_parents(crm, booked)
    wanted = goals_or_why(crm, periods, level=level)
    order = {period.label: place for place, period in enumerate(periods)}
    rows = booked.merge(wanted, on=[*who, "period"], how="outer")
    if who:
        # An overlay rep without a goal has no bookings that are nobody else's.
        is_overlay = rows[who[0]].isin(overlay_ids(crm)) if level == "rep" else False
        has_something = ((rows["n_won"].fillna(0) > 0) & ~pd.Series(is_overlay, rows.index)) | rows[
            "quota_amount"
        ].notna()
        rows = rows[rows[who[0]].notna() & has_something]
    rows = rows.assign(place=rows["period"].map(order)).sort_values(["place", *who], kind="stable")
    return _against_goal(crm, rows.drop(columns="place").reset_index(drop=True), periods, who)


def _with_parents(crm: Crm, rows: pd.DataFrame) -> pd.DataFrame:
    """Add to each parent team what the teams below it booked; distinct deals may sit in two teams."""
    if not crm.has("teams"):
        return rows
    parents = crm.fetch(crm.teams.select("team_id", "parent_team_id")).set_index("team_id")["parent_team_id"].dropna()
    pieces, level = [rows], rows
    while len(level):
        level = level.assign(team_id=level["team_id"].map(parents)).dropna(subset="team_id")
        pieces.append(level)
        if len(pieces) > len(parents) + 1:
            break
    return pd.concat(pieces).groupby(["team_id", "period"], as_index=False).sum()


def _against_goal(crm: Crm, rows: pd.DataFrame, periods: Sequence[Period], who: list[str]) -> pd.DataFrame:
    calendar = {period.label: _progress(crm, period) for period in periods}
    progress = pd.DataFrame([calendar[label] for label in rows["period"]], columns=_PROGRESS, index=rows.index)
    rows = rows.join(progress).assign(
        bookings_amount=rows["bookings_amount"].fillna(0.0), n_won=rows["n_won"].fillna(0).astype(int)
    )
    quota = rows["quota_amount"].astype(float)
    gap = (quota - rows["bookings_amount"]).round(2)
    attained = rows["bookings_amount"] / quota.where(quota > 0)
    left = rows["selling_days_left"].where(rows["selling_days_left"] > 0)
    rows = rows.assign(
        quota_amount=quota,
        attainment_rate=attained,
        gap_amount=gap,
        pace_rate=attained / rows["elapsed_rate"].where(rows["elapsed_rate"] > 0),
        run_rate_needed_amount=np.maximum(gap, 0) / left,
    )
    return rows[[*who, *_COLUMNS]]


_PROGRESS = ["period_start_on", "period_end_on", "elapsed_rate", "selling_days_left", "is_partial"]
_COLUMNS = [
    "period", "period_start_on", "period_end_on", "bookings_amount", "n_won", "quota_amount", "goal_basis",
    "attainment_rate", "gap_amount", "elapsed_rate", "pace_rate", "selling_days_left", "run_rate_needed_amount",
    "is_partial",
]  # fmt: skip


def _progress(crm: Crm, period: Period) -> tuple[pd.Timestamp, pd.Timestamp, float, int, bool]:
    after = max(period.start, crm.as_of + timedelta(days=1))
    left = crm.calendar.selling_days(after, period.end) if after <= period.end else 0
    elapsed = crm.calendar.elapsed_share(period, crm.as_of)
    return pd.Timestamp(period.start), pd.Timestamp(period.end), elapsed, left, crm.as_of < period.end
