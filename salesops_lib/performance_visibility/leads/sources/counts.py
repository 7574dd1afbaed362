"""Leads of each source counted now and before: how many, how far, what they won and how long they wait.

Tables in: ``leads``; ``opportunities`` for what they became. Tables out: additive counts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import how_many, quantiles, total, within
from salesops_lib.measures.leads import leads_and_deals
from salesops_lib.performance_visibility.leads.cohorts.counts import followed_from_arrival
from salesops_lib.performance_visibility.leads.counts import LeadWindows, lead_cells, lead_windows
from salesops_lib.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

ALL = "All leads"
DAY_HOURS = 24
"""Hours within which a lead should be touched (our choice)."""
FINE_HOURS = 48
"""Waiting is counted by the hour up to here and by the day after it."""
MOST_HOURS = 60 * DAY_HOURS
"""A lead is followed for 60 days; a first touch after that tells nothing about how fast leads are touched."""
WEEK_DAYS = 7
SECONDS = 3600


def source_windows(crm: Crm, period: Period, n_months: int, baseline_months: int) -> LeadWindows:
    """The months now and before; those before begin with the first lead: what came earlier is unknown, not nothing."""
    windows = lead_windows(crm, period, n_months, baseline_months)
    first = crm.fetch(crm.leads.agg(first=_.created_at.min()))["first"].iloc[0]
    day = crm.as_of if pd.isna(first) else first.date()
    before = windows.before
    # Where no lead is that old the stretch is one day long, and nobody arrived on it.
    start = min(max(before.start, day), before.end)
    return replace(windows, before=Period(before.label, before.kind, start, before.end))


def _arrivals(crm: Crm, windows: LeadWindows) -> ir.Table:
    """Leads of both windows with ``is_now``."""
    rows = leads_and_deals(crm)
    rows = rows.filter(within(rows.arrived_on, windows.now) | within(rows.arrived_on, windows.before))
    return rows.mutate(is_now=within(_.arrived_on, windows.now), age_days=_age(crm, rows.arrived_on))


def _age(crm: Crm, arrived: ir.Value) -> ir.Value:
    return _day(crm.as_of).delta(arrived, unit="day").cast("int64")


def _is_waiting(rows: ir.Table) -> ir.Value:
    """Nobody has touched the lead; one that qualified or became a deal was touched, recorded or not."""
    return rows.first_touch_at.isnull() & rows.qualified_at.isnull() & rows.deal.isnull()


def source_counts(crm: Crm, windows: LeadWindows) -> pd.DataFrame:
    """Leads counted by source, now and before, with sums of what those before have won."""
    rows = _arrivals(crm, windows)
    is_won = ~rows.is_now & (rows.deal_status == "won").fill_null(False)
    # Squares of amounts would not fit the engine's decimals.
    amount = ibis.ifelse(is_won, rows.deal_amount.cast("float64").fill_null(0.0), 0.0)
    is_waiting = rows.is_now & _is_waiting(rows)
    got = rows.group_by("source").agg(
        n_touched=how_many(rows.is_now & rows.first_touch_at.notnull()),
        n_touched_before=how_many(~rows.is_now & rows.first_touch_at.notnull()),
        n_waiting=how_many(is_waiting),
        n_waiting_week=how_many(is_waiting & (rows.age_days > WEEK_DAYS)),
        n_converted=how_many(rows.is_now & rows.deal.notnull()),
        n_won_before=how_many(is_won),
        won_amount=total(amount),
        won_squares=total(amount * amount),
        won_largest=amount.max(),
    )
    names = ["n_leads", "n_leads_before", "n_ripe", "n_qualified", "n_ripe_before", "n_qualified_before"]
    cells = lead_cells(crm, windows).groupby("source", as_index=False)[names].sum()
    return cells.merge(crm.fetch(got.order_by("source")), on="source", how="inner")


def waiting_ages(crm: Crm, windows: LeadWindows) -> pd.DataFrame:
    """Median age (``waiting_days``) of the leads of now that still wait, over all and by source."""
    rows = _arrivals(crm, windows).filter(_.is_now)
    rows = rows.filter(_is_waiting(rows))
    by_source = crm.fetch(quantiles(rows, "age_days", by=["source"]).order_by("source")).assign(split="source")
    whole = crm.fetch(quantiles(rows, "age_days")).assign(split="all", source=ALL)
    both = pd.concat([whole, by_source], ignore_index=True).rename(columns={"q50": "waiting_days"})
    return both[["split", "source", "waiting_days"]].astype({"waiting_days": "float64"})


def waiting_cells(crm: Crm, windows: LeadWindows) -> pd.DataFrame:
    """Leads counted by ``source``, ``is_now`` and ``age`` in hours: the last hour at which each was seen waiting.

    A first touch falls into the hour (later the day) by whose end it was made; waiting that goes on counts by whole
    hours (later days) only.

    Returns:
        source, is_now, age; ``n_from``, ``n_to`` and ``n_left`` (touched) as a life table needs them.
    """
    rows = _arrivals(crm, windows)
    evening = ibis.timestamp(f"{crm.as_of + timedelta(days=1)} 00:00:00")
    until = ibis.coalesce(rows.first_touch_at, evening)
    seconds = until.epoch_seconds().cast("int64") - rows.created_at.epoch_seconds().cast("int64")
    # A touch noted before the lead was one on arrival.
    rows = rows.mutate(seconds=ibis.greatest(seconds, 0), was_touched=rows.first_touch_at.notnull())
    rows = rows.mutate(hours=ibis.ifelse(rows.was_touched, _hour_after(rows.seconds), _hour_before(rows.seconds)))
    rows = rows.mutate(is_touched=rows.was_touched & (rows.hours <= MOST_HOURS), age=ibis.least(rows.hours, MOST_HOURS))
    keys = ["source", "is_now", "age"]
    cells = rows.group_by(keys).agg(n_to=_.count(), n_left=how_many(_.is_touched))
    return followed_from_arrival(crm.fetch(cells.order_by(keys)), keys[:2])


def _hour_before(seconds: ir.Value) -> ir.Value:
    """Whole hours that have passed; whole days once past the fine ones."""
    days = _units(seconds, DAY_HOURS * SECONDS) * DAY_HOURS
    return ibis.ifelse(seconds < FINE_HOURS * SECONDS, _units(seconds, SECONDS), days)


def _hour_after(seconds: ir.Value) -> ir.Value:
    """The hour by whose end so many seconds have passed; the day once past the fine ones."""
    hours = _units(seconds + SECONDS - 1, SECONDS)
    days = _units(seconds + DAY_HOURS * SECONDS - 1, DAY_HOURS * SECONDS) * DAY_HOURS
    return ibis.ifelse(seconds <= FINE_HOURS * SECONDS, hours, days)


def _units(value: ir.Value, unit: int) -> ir.Value:
    return ((value - value % unit) / unit).round().cast("int64")


def _day(day: date) -> ir.Value:
    return ibis.date(str(day))
