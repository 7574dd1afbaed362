"""Time to win: how much of what is created is won by which day, and what an old deal is still worth hoping for.

Tables in: ``opportunities`` with creation dates. Tables out: one row per group and day since creation.
Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures import deals, how_many
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.windows import first_day_of_closings, last_months, months_before, report_month
from salesops_lib.performance_visibility.winning.win_rates.counts import ripe_after
from salesops_lib.periods import Period
from salesops_lib.statistics.incidence import Incidence, incidence_of

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

STEP_DAYS = 7
FEWEST = 20
"""Deals that must be followed at a day for the curve to go on."""
GROUPS = ("all", "now", "before")


@tidy
def time_to_win(crm: Crm, *, period: Period, n_months: int = 12, confidence: float) -> pd.DataFrame:
    """Share of the deals created that are won by each day after creation, open deals counted for as long as they are.

    One row per group and week, and for the day by which nine of ten wins come, as far as at least twenty deals are
    followed: deals created in the last months (``now``), in as many months before (``before``) and in both together
    (``all``). A lost deal cannot be won any more and an open one has not lost: both are counted as such, which neither
    the closed nor the created win rate does. Deals created before the data begins are followed from then on, since
    those that had ended by then are not known.

    Args:
        crm: Needs ``reps`` and ``opportunities`` with creation dates.
        period: What is reported.
        n_months: Months of creation in each group, ending with the report month.
        confidence: Coverage of the intervals.

    Returns:
        group (str): all, now or before.
        days (int): Days since creation.
        n_created (int): Deals of the group.
        n_followed (int): Deals still open and followed at that day.
        won_rate (float, 0-1): Share won by that day.
        won_rate_low (float, 0-1): Lower end of its interval.
        won_rate_high (float, 0-1): Upper end.
        lost_rate (float, 0-1): Share lost by that day.
        open_rate (float, 0-1): Share still open.
        still_win_rate (float, 0-1): Of deals still open at that day, the share that will be won by the last day shown.
        still_win_rate_low (float, 0-1): Lower end of its interval.
        still_win_rate_high (float, 0-1): Upper end.
        ripe_days (float): Days in which nine of ten wins come; missing where no win has a creation date.
        p_value (float): How often chance alone would set the shares won by then of the same segments this far apart;
            on the rows of ``now`` only, and only where both groups are followed so far.
        is_changed (bool): It is beyond chance.

    Source:
        Aalen and Johansen (1978) with deals entering late; variance by the delta method (Pintilie 2006, section 4.3);
        interval on the scale log(-log). Change: difference at the one day named within segments, each weighted by its
        deals in both groups (direct standardisation), normal approximation.
    """
    month = report_month(crm.calendar, period, crm.as_of)
    now = last_months(crm.calendar, month, n_months)
    before = months_before(crm.calendar, now, n_months)
    cells = win_cells(crm, now, before)
    ripe = ripe_after(crm)
    curves = {group: incidence_of(_of(cells, group)) for group in GROUPS}
    parts = [_rows(group, curves[group], ripe, confidence) for group in GROUPS]
    rows = pd.concat(parts, ignore_index=True)
    p_value = _change(cells, ripe)
    is_now = rows["group"] == "now"
    return rows.assign(
        ripe_days=np.nan if ripe is None else float(ripe),
        p_value=np.where(is_now, p_value, np.nan),
        is_changed=is_now & bool(p_value < 1 - confidence),
    )


def win_cells(crm: Crm, now: Period, before: Period) -> pd.DataFrame:
    """Deals counted by group, segment and age in days: ``n_from``, ``n_to``, ``n_won``, ``n_lost`` at that age."""
    begin, end = ibis.date(str(first_day_of_closings(crm))), ibis.date(str(crm.as_of))
    created = deals(crm).filter(_.created_on.between(_day(before.start), _day(now.end)), _.created_on <= end)
    is_over = created.status != "open"
    until = ibis.ifelse(is_over, created.closed_on, end)
    rows = created.select(
        segment=created.segment.fill_null(""),
        group=ibis.ifelse(created.created_on >= _day(now.start), "now", "before"),
        status="status",
        first_age=ibis.greatest(begin.delta(created.created_on, unit="day").cast("int64"), 0),
        last_age=until.delta(created.created_on, unit="day").cast("int64"),
    ).filter(_.last_age >= _.first_age)
    begins = rows.group_by("group", "segment", age=rows.first_age).agg(n_from=_.count())
    ends = rows.group_by("group", "segment", age=rows.last_age).agg(
        n_to=_.count(), n_won=how_many(_.status == "won"), n_lost=how_many(_.status == "lost")
    )
    cells = pd.concat([crm.fetch(begins), crm.fetch(ends)], ignore_index=True)
    return cells.groupby(["group", "segment", "age"])[_COUNTS].sum().astype(int).reset_index()


_COUNTS = ["n_from", "n_to", "n_won", "n_lost"]


def _day(day: date) -> ibis.Value:
    return ibis.date(str(day))


def _of(cells: pd.DataFrame, group: str) -> pd.DataFrame:
    own = cells if group == "all" else cells[cells["group"] == group]
    return own.groupby("age")[_COUNTS].sum().reset_index()


def _rows(group: str, curve: Incidence, ripe: int | None, confidence: float) -> pd.DataFrame:
    """The curve week by week, at the ripe day and at the last day on which enough deals are followed."""
    last = curve.last_age(FEWEST)
    days = sorted({*range(0, last + 1, STEP_DAYS), last, *([] if ripe is None or ripe > last else [ripe])})
    won = [curve.won_by(day, confidence=confidence) for day in days]
    still = [curve.won_between(day, last, confidence=confidence) for day in days]
    return pd.DataFrame(
        {
            "group": pd.Series([group] * len(days), dtype="str"),
            "days": pd.Series(days, dtype=int),
            "n_created": pd.Series([curve.n] * len(days), dtype=int),
            "n_followed": pd.Series([int(curve.at_risk[day]) for day in days], dtype=int),
            **_ends("won_rate", won),
            "lost_rate": pd.Series([float(curve.lost[day]) for day in days], dtype=float),
            "open_rate": pd.Series([float(curve.open[day]) for day in days], dtype=float),
            **_ends("still_win_rate", still),
        }
    )


def _ends(name: str, values: list[tuple[float, float, float]]) -> dict[str, pd.Series[float]]:
    ends = ("", "_low", "_high")
    return {f"{name}{end}": pd.Series([each[k] for each in values], dtype=float) for k, end in enumerate(ends)}


def _change(cells: pd.DataFrame, ripe: int | None) -> float:
    """How often chance would set the shares won by the ripe day this far apart; missing where too few are followed."""
    from scipy.stats import norm

    if ripe is None:
        return float("nan")
    apart = variance = 0.0
    for _segment, own in cells.groupby("segment"):
        now, before = (incidence_of(own[own["group"] == group]) for group in ("now", "before"))
        if min(now.last_age(FEWEST), before.last_age(FEWEST)) >= ripe:
            weight = now.n + before.n
            apart += weight * float(now.won[ripe] - before.won[ripe])
            variance += weight**2 * (now.error(ripe) ** 2 + before.error(ripe) ** 2)
    return float(2 * norm.sf(abs(apart) / np.sqrt(variance))) if variance > 0 else float("nan")
