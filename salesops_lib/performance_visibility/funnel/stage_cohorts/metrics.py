"""Stage cohorts: of the deals created in a month, how many have reached each stage, and which months are too young?

Tables in: ``visits`` (made from ``stage_history``) and ``opportunities``.
Tables out: one row per month and stage. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures import quantiles, within
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.funnel.stage_funnel.counts import stages_in_order
from salesops_lib.performance_visibility.windows import first_day_of_closings, months_to, report_month
from salesops_lib.performance_visibility.winning.win_rates.counts import RIPE_SHARE, is_mature_on
from salesops_lib.periods import Period
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

WON = "Won"


@tidy
def stage_cohorts(crm: Crm, *, period: Period, n_months: int = 12, confidence: float) -> pd.DataFrame:
    """How many of the deals created in each month have got to each stage, or were won.

    One row per month of creation and stage after the first, oldest month first, stages in the order of the process and
    won last. A deal that was in a later stage, or won, has got to all before it. Deals that are still open may get
    there yet: a month is mature for a stage once its youngest deal has had the time in which nine of ten that ever get
    there do.

    Args:
        crm: Needs ``opportunities`` with creation dates and ``visits``, made from a ``stage_history``.
        period: What is reported.
        n_months: Months of creation, ending with the report month; those before the data begins are left out.
        confidence: Coverage of the intervals.

    Returns:
        month (str): Month of creation.
        stage (str): Stage got to; Won for the end.
        n_created (int): Deals created in the month.
        n_reached (int): Those of them that have got there by now.
        reached_rate (float, 0-1): Reached / created; missing where none was created.
        reached_rate_low (float, 0-1): Lower end of its interval.
        reached_rate_high (float, 0-1): Upper end.
        ripe_days (float): Days in which nine of ten that get there do; missing where none has.
        is_mature (bool): Every deal of the month has had that time; else the share will still rise.

    Source:
        Interval of Wilson (1927). Maturity at nine of ten is our choice.
    """
    crm.need("visits")
    stages = [*stages_in_order(crm), WON]
    months = months_to(crm.calendar, report_month(crm.calendar, period, crm.as_of), n_months)
    months = [each for each in months if each.start >= first_day_of_closings(crm)]
    ripe = _ripe_days(crm, stages)
    counts = _furthest(crm, months, stages)
    rows = []
    for month in months:
        own = counts.get(month.label, pd.Series(dtype=int))
        for place, stage in enumerate(stages[1:], start=1):
            reached = int(own[own.index >= place].sum())
            rows.append(
                {
                    "month": month.label,
                    "stage": stage,
                    "n_created": int(own.sum()),
                    "n_reached": reached,
                    "ripe_days": ripe[stage],
                    "is_mature": _is_ripe(crm, month, ripe[stage]),
                }
            )
    if not rows:
        return pd.DataFrame()
    return with_rate(pd.DataFrame(rows), "n_reached", "n_created", "reached", confidence=confidence)


def _is_ripe(crm: Crm, month: Period, days: float) -> bool:
    return is_mature_on(min(month.end, crm.as_of), crm.as_of, None if np.isnan(days) else int(days))


def _place(stage: ir.Value, stages: list[str]) -> ir.Value:
    """The place of a stage in the process; missing for one outside it."""
    return ibis.cases(*((stage == name, place) for place, name in enumerate(stages[:-1])), else_=ibis.null("int64"))


def _furthest(crm: Crm, months: list[Period], stages: list[str]) -> dict[str, pd.Series[int]]:
    """Deals created in each month, counted by the place of the furthest stage they have got to."""
    if not months:
        return {}
    span = Period("all", "month", months[0].start, months[-1].end)
    visits = crm.visits.mutate(place=_place(crm.visits.stage, stages))
    seen = visits.group_by(seen_deal=visits.opportunity_id).agg(place=_.place.max())
    deals = with_fiscal(crm, crm.opportunities.filter(within(_.created_on, span)), "created_on", month="month")
    rows = deals.left_join(seen, deals.opportunity_id == seen.seen_deal)
    furthest = ibis.ifelse(rows.status == "won", len(stages) - 1, rows.place.fill_null(0))
    counts = crm.fetch(rows.group_by(["month", furthest.cast("int64").name("furthest")]).agg(n=_.count()))
    return {str(month): own.set_index("furthest")["n"] for month, own in counts.groupby("month")}


def _ripe_days(crm: Crm, stages: list[str]) -> dict[str, float]:
    """Days from creation in which nine of ten deals that got to a stage, or past it, first did so."""
    deals = crm.opportunities.select(
        deal=_.opportunity_id, created_on=_.created_on, closed_on=_.closed_on, status=_.status
    )
    visits = crm.visits.mutate(place=_place(crm.visits.stage, stages))
    entries = visits.filter(_.place.notnull()).select("opportunity_id", "place", day=_.entered_on)
    wins = deals.filter(_.status == "won").select(
        opportunity_id=_.deal, place=ibis.literal(len(stages) - 1).cast("int64"), day=_.closed_on
    )
    reached = entries.mutate(place=_.place.cast("int64")).union(wins)
    found = {}
    for place, stage in enumerate(stages):
        first = reached.filter(_.place >= place).group_by("opportunity_id").agg(day=_.day.min())
        waits = first.inner_join(deals, first.opportunity_id == deals.deal).filter(_.created_on.notnull())
        waits = waits.mutate(wait=waits.day.delta(waits.created_on, unit="day").cast("int64"))
        usual = crm.fetch(quantiles(waits, "wait", shares=[RIPE_SHARE])).iloc[0]
        found[stage] = float("nan") if not usual["n"] else float(usual[f"q{RIPE_SHARE * 100:g}"])
    return found
