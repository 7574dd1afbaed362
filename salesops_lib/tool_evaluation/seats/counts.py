"""Seats counted: held, in use over a stretch of days, and over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters

COUNTS = ["n_provisioned", "n_assigned", "n_active", "n_held_by_leavers", "n_active_here"]


def active_days(parameters: Parameters) -> int:
    """Days within which a seat must have been used to count as active."""
    return parameters.tools.active_within_days if parameters.tools else 30


def tools_in_use(crm: Crm) -> pd.DataFrame:
    """The tools that had been rolled out by the report's evening, or whose roll-out is not recorded."""
    tools = crm.tools.filter(_.rolled_out_on.isnull() | (_.rolled_out_on <= crm.as_of))
    return crm.fetch(tools.order_by("tool_id"))


def with_shares(rows: pd.DataFrame, active: str, name: str, confidence: float) -> pd.DataFrame:
    """Add a share of assigned seats with its interval; missing where the use is not recorded."""
    counted = rows.assign(tries=rows["n_assigned"].where(rows[active].notna(), 0).astype(float))
    counted["used"] = rows[active].astype(float).fillna(0.0)
    return with_rate(counted, "used", "tries", name, confidence=confidence).drop(columns=["tries", "used"])


def seat_counts(crm: Crm, *, on: date, days: int) -> pd.DataFrame:
    """Seats of each tool on a day: provisioned, assigned, active, held by leavers, active and still here.

    One row per tool with a seat. Without ``tool_seats`` no row; without any recorded use of a tool, now or before,
    its active seats are missing: nobody uses it and nobody counts it look alike in the data.
    """
    if not crm.has("tool_seats"):
        return pd.DataFrame(columns=["tool_id", *COUNTS]).astype(dict.fromkeys(COUNTS, "Int64"))
    return crm.fetch(seats_on(crm, on, days).order_by("tool_id")).astype(dict.fromkeys(COUNTS, "Int64"))


def seats_over_time(crm: Crm, *, on: Sequence[date], days: int) -> pd.DataFrame:
    """Assigned and active seats of all tools with recorded use, on each of several days: day, n_assigned, n_active."""
    pieces = [
        seats_on(crm, day, days)
        .filter(_.n_active.notnull())
        .agg(n_assigned=_.n_assigned.sum().fill_null(0), n_active=_.n_active.sum().fill_null(0))
        .mutate(place=ibis.literal(place))
        for place, day in enumerate(on)
    ]
    rows = crm.fetch(ibis.union(*pieces).order_by("place")) if len(pieces) > 1 else crm.fetch(pieces[0])
    return rows.assign(day=list(on))[["day", "n_assigned", "n_active"]]


def seats_on(crm: Crm, on: date, days: int) -> ir.Table:
    """The expression behind ``seat_counts``: one row per tool with a seat on that day."""
    seats = crm.tool_seats.filter((_.from_on <= on) & (_.to_on.isnull() | (_.to_on >= on)))
    # Someone with two seats of a tool uses one of them.
    holders = seats.group_by("tool_id", "rep_id").agg(n_seats=_.count())
    left = crm.reps.filter(_.ended_on < on).select(leaver=_.rep_id)
    used = _use(crm, on, days)
    recorded = used.select(recorded_tool=_.used_tool).distinct()
    rows = holders.left_join(left, holders.rep_id == left.leaver)
    rows = rows.left_join(used, [rows.tool_id == used.used_tool, rows.rep_id == used.user])
    rows = rows.left_join(recorded, rows.tool_id == recorded.recorded_tool)
    is_held, has_left = rows.rep_id.notnull(), rows.leaver.notnull()
    is_active = is_held & (rows.is_recent == 1).fill_null(False)
    counts = rows.group_by("tool_id").agg(
        n_provisioned=_.n_seats.sum(),
        n_assigned=ibis.ifelse(is_held, rows.n_seats, 0).sum(),
        n_active=ibis.ifelse(is_active, 1, 0).sum(),
        n_held_by_leavers=ibis.ifelse(is_held & has_left, rows.n_seats, 0).sum(),
        n_active_here=ibis.ifelse(is_active & ~has_left, 1, 0).sum(),
        n_recorded=rows.recorded_tool.count(),
    )
    known = {
        name: ibis.ifelse(counts.n_recorded > 0, counts[name], ibis.null("int64"))
        for name in ("n_active", "n_active_here")
    }
    return counts.select("tool_id", **{name: known.get(name, counts[name]).cast("int64") for name in COUNTS})


def _use(crm: Crm, on: date, days: int) -> ir.Table:
    """Who has used which tool up to a day, and whether they did in the last ``days`` of it."""
    if not crm.has("tool_usage"):
        nobody = crm.tool_seats.filter(ibis.literal(False))
        return nobody.select(used_tool=_.tool_id, user=_.rep_id, is_recent=ibis.literal(0))
    first = on - timedelta(days=days - 1)
    known = crm.tool_usage.filter((_.week_on <= on) & (_.n_actions > 0))
    by_user = known.group_by(used_tool=_.tool_id, user=_.rep_id)
    return by_user.agg(is_recent=ibis.ifelse(_.week_on >= first, 1, 0).max())
