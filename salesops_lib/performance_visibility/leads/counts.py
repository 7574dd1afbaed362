"""Leads counted now and before, by source and rep, and how far each got in the time it is given.

Tables in: ``leads``; ``opportunities`` for what they became. Tables out: additive counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures import how_many, quantiles, total, within
from salesops_lib.measures.leads import UNASSIGNED, leads_and_deals
from salesops_lib.performance_visibility.windows import last_months, months_before, report_month, to_date
from salesops_lib.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

RIPE_SHARE = 0.9
MOST_DAYS = 60
"""A lead has had its time once nine in ten that qualified, or became a deal, were faster, or after so many days at the
latest. What comes later counts neither now nor before: the leads of before have had longer for it."""


@dataclass(frozen=True)
class LeadWindows:
    """The months that count as now, those before, and how long a lead is given."""

    now: Period
    before: Period
    ripe_days: int
    ripe: Period
    """The part of ``now`` whose leads have had their time."""


def lead_windows(crm: Crm, period: Period, n_months: int, baseline_months: int) -> LeadWindows:
    """The months now and before, and the days in which nine in ten leads that ever qualified, or became a deal, did."""
    now = last_months(crm.calendar, report_month(crm.calendar, period, crm.as_of), n_months)
    before = months_before(crm.calendar, now, baseline_months)
    rows = _with_deals(crm).filter(_.qualified_at.notnull())
    waits = rows.mutate(days=ibis.greatest(_days(rows.created_at, rows.qualified_at), rows.deal_days.fill_null(0)))
    usual = crm.fetch(quantiles(waits, "days", shares=[RIPE_SHARE])).iloc[0]
    days = 0 if pd.isna(usual["n"]) or not usual["n"] else int(np.ceil(usual[f"q{RIPE_SHARE * 100:g}"]))
    days = min(days, MOST_DAYS)
    ripe = Period(now.label, now.kind, now.start, min(now.end, crm.as_of - timedelta(days=days)))
    return LeadWindows(to_date(now, crm.as_of), before, days, ripe)


def _days(first: ir.Value, last: ir.Value) -> ir.Value:
    return last.date().delta(first.date(), unit="day").cast("int64")


def _with_deals(crm: Crm) -> ir.Table:
    """Leads with the deal they became and ``deal_days``, their age when they did; missing without a deal."""
    rows = leads_and_deals(crm)
    return rows.mutate(deal_days=rows.converted_on.delta(rows.arrived_on, unit="day").cast("int64"))


def lead_cells(crm: Crm, windows: LeadWindows) -> pd.DataFrame:
    """Leads counted by ``source`` and ``rep_id``, now and before: arrived, ripe, and ripe ones that got further."""
    rows = _with_deals(crm)
    in_time, touched, has_deal = (
        (days <= windows.ripe_days).fill_null(False)
        for days in (
            _days(rows.created_at, rows.qualified_at), _days(rows.created_at, rows.first_touch_at), rows.deal_days,
        )
    )  # fmt: skip
    marks: dict[str, ir.Value] = {
        "ripe": ibis.literal(True),
        "touched": touched,
        "qualified": in_time,
        "deal": in_time & has_deal,
        "won": in_time & has_deal & (rows.deal_status == "won").fill_null(False),
    }
    counts: dict[str, ir.Value] = {}
    for ending, window, all_days in (("", windows.ripe, windows.now), ("_before", windows.before, windows.before)):
        here = within(rows.arrived_on, window)
        counts[f"n_leads{ending}"] = how_many(within(rows.arrived_on, all_days))
        counts |= {f"n_{name}{ending}": how_many(here & mark) for name, mark in marks.items()}
        counts[f"won_amount{ending}"] = total(ibis.ifelse(here & marks["won"], rows.deal_amount, 0))
    keyed = rows.mutate(rep_id=rows.rep_id.fill_null(UNASSIGNED))
    return crm.fetch(keyed.group_by(["source", "rep_id"]).agg(**counts).order_by(["source", "rep_id"]))
