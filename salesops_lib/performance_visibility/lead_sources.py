"""Leads by source: how many arrive, how soon they hear from us, how many qualify, and what they are worth.

Tables in: ``leads``; ``opportunities`` for what they became.
Tables out: one row per source. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures import how_many, with_rate, within
from salesops_lib.performance_visibility.funnel_change import discoveries
from salesops_lib.performance_visibility.lead_counts import NO_SOURCE, lead_cells, lead_windows
from salesops_lib.performance_visibility.leads import ALL
from salesops_lib.performance_visibility.survival import life_table, log_rank, median_days, staying_at
from salesops_lib.performance_visibility.windows import to_date
from salesops_lib.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

MOST_HOURS = 240
"""Leads are followed for ten days; one without a touch by then waits for longer, however long."""
A_DAY = 24


def leads_by_source(
    crm: Crm, *, period: Period, n_months: int = 3, baseline_months: int = 12, confidence: float = 0.95
) -> pd.DataFrame:
    """Volume, speed to first touch, qualified share and worth of the leads of each source, side by side.

    One row over all leads, then one per source with leads in the last months, most leads first. A lead that nobody has
    touched yet counts as waiting for as long as it has; left out, the slowest would make the speed look good.

    Args:
        crm: Needs ``leads``.
        period: What is reported.
        n_months: Months of arrival that count as now, ending with the report month.
        baseline_months: Months before them.
        confidence: Coverage of the intervals; a change of speed counts when chance alone would show it less often than
            the rest.

    Returns:
        source (str): Source; all leads first.
        n_leads (int): Leads that arrived in the last months.
        leads_per_day (float): The same per selling day.
        before_per_day (float): Leads per selling day in the months before.
        n_untouched (int): Leads of the last months that nobody has touched yet.
        oldest_untouched_days (float): Age of the oldest of them; missing where there is none.
        first_touch_hours (float): Hours in which half of the leads are touched; missing where fewer are in ten days.
        first_touch_hours_low (float): Lower end of its interval.
        first_touch_hours_high (float): Upper end.
        touched_in_a_day_rate (float, 0-1): Share touched within 24 hours.
        touched_in_a_day_rate_low (float, 0-1): Lower end of its interval.
        touched_in_a_day_rate_high (float, 0-1): Upper end.
        before_hours (float): Hours to first touch in the months before.
        p_value (float): How often chance alone would show such a change of speed, adjusted over all rows.
        is_slower (bool): Leads wait longer than before, beyond chance.
        n_ripe (int): Leads of the last months that have had their time to qualify; see ``lead_red_flag``.
        lead_qualified_rate (float, 0-1): Share of them that qualified within it.
        lead_qualified_rate_low (float, 0-1): Lower end of its interval.
        lead_qualified_rate_high (float, 0-1): Upper end.
        n_ripe_before (int): Leads of the months before.
        worth_amount (float): Won amount so far of the deals that a lead of the months before became, per lead; missing
            without such leads.

    Source:
        Kaplan and Meier (1958), interval of Brookmeyer and Crowley (1982); log-rank test of Mantel (1966), adjusted
        after Benjamini and Hochberg (1995). Qualified share: interval of Wilson (1927).
    """
    crm.need("leads")
    windows = lead_windows(crm, period, n_months, baseline_months)
    now, before = touch_cells(crm, windows.now), touch_cells(crm, windows.before)
    counts = lead_cells(crm, windows).groupby("source").sum(numeric_only=True)
    counts.loc[ALL] = counts.sum()
    counts = counts[counts["n_leads"] > 0].assign(is_part=lambda rows: rows.index != ALL)
    counts = counts.reset_index(names="source").sort_values(
        ["is_part", "n_leads", "source"], ascending=[True, False, True]
    )
    rows = with_rate(counts.reset_index(drop=True), "n_qualified", "n_ripe", "lead_qualified", confidence=confidence)
    speeds = pd.DataFrame([_speed(source, now, before, confidence) for source in rows["source"]], columns=_SPEED)
    rows = rows.join(speeds.astype(float)).merge(_untouched(crm, windows.now), on="source", how="left")
    days = {
        name: crm.calendar.selling_days(each.start, each.end)
        for name, each in (("now", windows.now), ("before", windows.before))
    }
    p_value = discoveries(list(rows["p_value"]))
    return rows.assign(
        leads_per_day=rows["n_leads"] / max(days["now"], 1),
        before_per_day=rows["n_leads_before"] / max(days["before"], 1),
        n_untouched=rows["n_untouched"].fillna(0).astype(int),
        p_value=p_value,
        is_slower=(p_value < 1 - confidence) & (rows["pace_ratio"] < 1),
        worth_amount=rows["won_amount_before"] / rows["n_ripe_before"].where(rows["n_ripe_before"] > 0),
    ).astype(dict.fromkeys(("n_leads", "n_ripe", "n_ripe_before"), int))[_COLUMNS]


_SPEED = [
    "first_touch_hours", "first_touch_hours_low", "first_touch_hours_high", "touched_in_a_day_rate",
    "touched_in_a_day_rate_low", "touched_in_a_day_rate_high", "before_hours", "pace_ratio", "p_value",
]  # fmt: skip
_COLUMNS = [
    "source", "n_leads", "leads_per_day", "before_per_day", "n_untouched", "oldest_untouched_days", *_SPEED[:7],
    "p_value", "is_slower", "n_ripe", "lead_qualified_rate", "lead_qualified_rate_low", "lead_qualified_rate_high",
    "n_ripe_before", "worth_amount",
]  # fmt: skip


def _seconds(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp())


def _hours(rows: ir.Table, until: ir.Value) -> ir.Value:
    """Whole hours from a lead's arrival to a moment given in seconds."""
    seconds = until - rows.created_at.epoch_seconds()
    return ((seconds - seconds % 3600) / 3600).round().cast("int64")


def touch_cells(crm: Crm, window: Period) -> pd.DataFrame:
    """Leads of a window counted by source and ``age`` in hours: ``n_from``, ``n_to``, ``n_left`` (touched)."""
    window = to_date(window, crm.as_of)
    end = _seconds(datetime.combine(crm.as_of + timedelta(days=1), time()))
    rows = crm.leads.filter(within(crm.leads.created_at.date(), window))
    # Where a touch is noted before the lead, it was there at once.
    until = ibis.ifelse(rows.first_touch_at.isnull(), ibis.literal(end), rows.first_touch_at.epoch_seconds())
    rows = rows.mutate(source=rows.source.fill_null(NO_SOURCE), wait=ibis.greatest(_hours(rows, until), 0))
    is_touched = rows.first_touch_at.notnull() & (rows.wait <= MOST_HOURS)
    cells = rows.group_by("source", age=ibis.least(rows.wait, MOST_HOURS)).agg(
        n_to=_.count(), n_left=how_many(is_touched)
    )
    found = crm.fetch(cells)
    begins = found.groupby("source")["n_to"].sum().rename("n_from").reset_index().assign(age=0)
    cells = pd.concat([found, begins], ignore_index=True).fillna(0)
    return cells.groupby(["source", "age"])[["n_from", "n_to", "n_left"]].sum().astype(int).reset_index()


def _speed(source: str, now: pd.DataFrame, before: pd.DataFrame, confidence: float) -> tuple[float, ...]:
    here, there = (life_table(_of(cells, source)) for cells in (now, before))
    waiting = staying_at(here, [A_DAY], confidence=confidence)[0]
    ratio, _low, _high, p_value = log_rank(here, there, confidence=confidence)
    return (
        *median_days(here, confidence=confidence), 1 - waiting[0], 1 - waiting[2], 1 - waiting[1],
        median_days(there, confidence=confidence)[0], ratio, p_value,
    )  # fmt: skip


def _of(cells: pd.DataFrame, source: str) -> pd.DataFrame:
    own = cells if source == ALL else cells[cells["source"] == source]
    return own.groupby("age")[["n_from", "n_to", "n_left"]].sum().reset_index()


def _untouched(crm: Crm, window: Period) -> pd.DataFrame:
    """Leads of the window without a touch, by source and in all, and the age of the oldest."""
    window = to_date(window, crm.as_of)
    rows = crm.leads.filter(within(crm.leads.created_at.date(), window), crm.leads.first_touch_at.isnull())
    rows = rows.mutate(source=rows.source.fill_null(NO_SOURCE), arrived=rows.created_at.date())
    found = crm.fetch(rows.group_by("source").agg(n_untouched=_.count(), first=_.arrived.min()))
    if found.empty:
        return pd.DataFrame({"source": pd.Series(dtype="str"), "n_untouched": [], "oldest_untouched_days": []})
    whole = pd.DataFrame(
        {"source": [ALL], "n_untouched": [found["n_untouched"].sum()], "first": [found["first"].min()]}
    )
    found = pd.concat([found, whole], ignore_index=True)
    ages = (pd.Timestamp(crm.as_of) - found["first"]).dt.days.astype(float)
    return found.assign(oldest_untouched_days=ages, n_untouched=found["n_untouched"].astype(np.int64)).drop(
        columns="first"
    )
