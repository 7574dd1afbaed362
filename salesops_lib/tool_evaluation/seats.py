"""Tool evaluation: who has a seat, and who uses it?

Tables in: ``tools``, ``tool_seats``, ``tool_usage`` and ``reps`` of a ``Crm``. Provisioned (paid for), assigned
(held by someone) and active (used lately by its holder) are three numbers and stay three.
"""

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

LONG_DAYS = 90
"""The longer of the two windows in which a seat is looked at."""

COUNTS = ["n_provisioned", "n_assigned", "n_active", "n_held_by_leavers", "n_active_here"]


def active_days(parameters: Parameters) -> int:
    """Days within which a seat must have been used to count as active."""
    return parameters.tools.active_within_days if parameters.tools else 30


def tools_in_use(crm: Crm) -> pd.DataFrame:
    """The tools that had been rolled out by the report's evening, or whose roll-out is not recorded."""
    tools = crm.tools.filter(_.rolled_out_on.isnull() | (_.rolled_out_on <= crm.as_of))
    return crm.fetch(tools.order_by("tool_id"))


def utilisation_by_tool(crm: Crm, *, parameters: Parameters, confidence: float) -> pd.DataFrame:
    """Share of each tool's assigned seats that were used lately.

    One row per tool in use, the least used first. Use is recorded by week: a week counts by its first day.

    Args:
        crm: Needs ``tools``, ``tool_seats`` and ``tool_usage``.
        parameters: How many days back a seat must have been used: ``active_within_days`` of ``tools.yaml``, else 30.
        confidence: Coverage of the intervals.

    Returns:
        tool_id (str): Key.
        name (str): Name of the tool.
        category (str): What it is for.
        owner (str): Who looks after it.
        n_provisioned (int): Seats paid for on the report's evening.
        n_assigned (int): Of these, seats held by someone.
        n_active (int): Of these, seats whose holder used the tool lately; missing where the tool's use is not recorded.
        utilisation_rate (float, 0-1): Active over assigned seats; missing without assigned seats.
        utilisation_rate_low (float, 0-1): Lower end of the interval.
        utilisation_rate_high (float, 0-1): Upper end of the interval.
        n_active_90 (int): Assigned seats used within 90 days.
        utilisation_90_rate (float, 0-1): The same share over 90 days.
        utilisation_90_rate_low (float, 0-1): Lower end of the interval.
        utilisation_90_rate_high (float, 0-1): Upper end of the interval.
        n_held_by_leavers (int): Assigned seats whose holder has left the company.
        n_active_here (int): Active seats held by people who are still here.
        utilisation_here_rate (float, 0-1): Active over assigned seats, those of leavers left out.

    Source:
        Interval of Wilson (1927), JASA 22(158), 209-212.
    """
    crm.need("tools", "tool_seats", "tool_usage")
    tools = tools_in_use(crm)[["tool_id", "name", "category", "owner"]]
    lately = seat_counts(crm, on=crm.as_of, days=active_days(parameters))
    longer = seat_counts(crm, on=crm.as_of, days=LONG_DAYS)[["tool_id", "n_active"]]
    rows = tools.merge(lately, on="tool_id", how="left")
    rows = rows.merge(longer.rename(columns={"n_active": "n_active_90"}), on="tool_id", how="left")
    held = ["n_provisioned", "n_assigned", "n_held_by_leavers"]
    rows[held] = rows[held].fillna(0)
    rows = with_shares(rows, "n_active", "utilisation", confidence)
    rows = with_shares(rows, "n_active_90", "utilisation_90", confidence)
    here = (rows["n_assigned"] - rows["n_held_by_leavers"]).astype(float)
    rows["utilisation_here_rate"] = rows["n_active_here"].astype(float) / here.where(here > 0)
    names = ["utilisation_rate", "utilisation_rate_low", "utilisation_rate_high"]
    long_names = [name.replace("utilisation", "utilisation_90") for name in names]
    columns = [
        *tools.columns, "n_provisioned", "n_assigned", "n_active", *names, "n_active_90", *long_names,
        "n_held_by_leavers", "n_active_here", "utilisation_here_rate",
    ]  # fmt: skip
    return rows[columns].sort_values(["utilisation_rate", "tool_id"], ignore_index=True)


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
