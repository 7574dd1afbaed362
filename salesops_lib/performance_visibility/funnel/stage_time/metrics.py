"""Time in stage: which stage takes longer than before, with stays that go on counted for as long as they last?

Tables in: ``visits`` (made from ``stage_history``).
Tables out: one row per stage. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures import deals, how_many
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.funnel.stage_funnel.counts import stages_in_order
from salesops_lib.performance_visibility.windows import (
    first_day_of_closings,
    last_months,
    months_before,
    report_month,
    to_date,
)
from salesops_lib.periods import Period
from salesops_lib.statistics.differences import false_discovery
from salesops_lib.statistics.survival import life_table, log_rank_within, median_days

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

MOST_DAYS = 730
"""Stays are followed for two years; what happens to older ones tells nothing about the usual length."""
DAYS_A_MONTH = 365.25 / 12


@tidy
def stage_time(
    crm: Crm, *, period: Period, n_months: int = 3, baseline_months: int = 12, confidence: float
) -> pd.DataFrame:
    """How long a stay in each stage takes at the pace of the last months, against the months before.

    One row per stage, in the order of the sales process. A month's pace is the share of the stays that reached a
    given age in it and ended at that age. So every day that a stay spends in the stage counts where it falls: a stay
    that goes on counts as lasting until now, and one that began earlier counts from the age at which the months
    found it. Stays sorted by the day they were entered would leave the months now with young ones only, and would
    put a delay that hits deals already in the stage down to the months before.

    Args:
        crm: Needs ``visits``, made from a ``stage_history``.
        period: What is reported.
        n_months: Months that count as now, ending with the report month.
        baseline_months: Months before them that count as before, as far as the data holds closed deals.
        confidence: Coverage of the intervals; a change counts when chance alone would show it less often than the rest.

    Returns:
        stage (str): Stage.
        n_left (int): Stays that ended in the last months, within two years of entering.
        n_still_there (int): Stays that go on after the last months, if younger than two years.
        stay_days (float): Median days in the stage at the pace of the last months; missing where fewer than half
            would have ended, or where too few stays leave a gap.
        stay_days_low (float): Lower end of its interval.
        stay_days_high (float): Upper end; missing where the data does not reach so far.
        n_left_before (int): Stays that ended in the months before, within two years of entering.
        before_days (float): Median at their pace.
        before_days_low (float): Lower end of its interval.
        before_days_high (float): Upper end.
        change_days (float): Median now less median before.
        pace_ratio (float): How fast stays of one age and segment end now, relative to before, over all ages and
            segments; below 1 is slower.
        pace_ratio_low (float): Lower end of its interval, before any adjustment over the stages.
        pace_ratio_high (float): Upper end.
        p_value (float): How often chance alone would show such a change of pace, against the months before and against
            the same months of the year before: the larger of both, adjusted over the stages. The first alone would
            take a season for news; the second is left out where the data does not reach back so far.
        is_changed (bool): The change of pace is beyond chance.
        is_slower (bool): It is, and stays take longer.
        n_entered_per_month (float): Stays that began in the last months, a month.
        extra_days (float): Those times the change of the median: days that the stays of a month take longer.

    Source:
        Median by Kaplan and Meier (1958) with stays entering late (Andersen, Borgan, Gill and Keiding 1993, chapter
        III.3); interval of Brookmeyer and Crowley (1982) on the scale log(-log). Log-rank test of Mantel (1966)
        within segments, adjusted after Benjamini and Hochberg (1995) over the stages.
    """
    crm.need("visits")
    now = to_date(last_months(crm.calendar, report_month(crm.calendar, period, crm.as_of), n_months), crm.as_of)
    cells, past = stay_cells(crm, now), stay_cells(crm, _baseline(crm, now, baseline_months))
    stages = stages_in_order(crm)
    if not stages:
        return pd.DataFrame()
    rows = pd.DataFrame([_stage_row(name, cells, past, confidence) for name in stages])
    season = _same_season(crm, now, n_months)
    if season is not None:
        year_ago = stay_cells(crm, season)
        rows["p_value"] = np.maximum(rows["p_value"], [_chance(name, cells, year_ago, confidence) for name in stages])
    p_value = false_discovery(rows["p_value"])
    is_changed = p_value < 1 - confidence
    change = rows["stay_days"] - rows["before_days"]
    per_month = rows["n_begun"] / now.n_days * DAYS_A_MONTH
    return rows.assign(
        p_value=p_value,
        is_changed=is_changed,
        is_slower=is_changed & (rows["pace_ratio"] < 1),
        change_days=change,
        n_entered_per_month=per_month,
        extra_days=change * per_month,
    )


def _baseline(crm: Crm, now: Period, n_months: int) -> Period:
    before = months_before(crm.calendar, now, n_months)
    # Of the time before the first closing only deals are known that were still open then: the long-lived ones. Where
    # that leaves nothing, the stretch starts on the day after it ends, and nobody is followed in it.
    first = min(first_day_of_closings(crm), now.start)
    return Period(before.label, before.kind, max(before.start, first), before.end)


def _same_season(crm: Crm, now: Period, n_months: int) -> Period | None:
    """The same months of the year before; none where not all of their closings are known."""
    window = last_months(crm.calendar, crm.calendar.year_before(crm.calendar.containing(now.end, "month")), n_months)
    return window if window.start >= first_day_of_closings(crm) else None


def stay_cells(crm: Crm, window: Period) -> pd.DataFrame:
    """Stays seen in a window, counted by ``stage``, ``segment`` of the deal and ``age`` in days.

    Returns:
        stage, segment, age; ``n_from`` (followed from this age on), ``n_to`` (followed to this age), ``n_left`` (of
        those, ended at it), ``n_begun`` (entered in the window) and ``n_there`` (still there at its end).
    """
    start, end = ibis.date(str(window.start)), ibis.date(str(window.end))
    stays = crm.visits.filter(_.entered_on <= end, _.left_on.isnull() | (_.left_on >= start))
    is_over = (stays.left_on <= end).fill_null(False)
    kinds = deals(crm).select(kind_of=_.opportunity_id, segment=_.segment.fill_null(""))
    stays = stays.left_join(kinds, stays.opportunity_id == kinds.kind_of)
    rows = stays.select(
        "stage",
        segment=stays.segment.fill_null(""),
        first_age=ibis.greatest(_days(stays.entered_on, start), 0),
        last_age=_days(stays.entered_on, ibis.ifelse(is_over, stays.left_on, end)),
        is_over=is_over,
        is_new=stays.entered_on >= start,
    )
    rows = rows.filter(_.first_age <= MOST_DAYS)
    is_young = rows.last_age <= MOST_DAYS
    begins = rows.group_by("stage", "segment", age=rows.first_age).agg(n_from=_.count(), n_begun=how_many(_.is_new))
    ends = rows.group_by("stage", "segment", age=ibis.least(rows.last_age, MOST_DAYS)).agg(
        n_to=_.count(), n_left=how_many(rows.is_over & is_young), n_there=how_many(~rows.is_over & is_young)
    )
    cells = pd.concat([crm.fetch(begins), crm.fetch(ends)], ignore_index=True)
    return cells.groupby(["stage", "segment", "age"])[_CELLS].sum().astype(int).reset_index()


_CELLS = ["n_from", "n_to", "n_left", "n_begun", "n_there"]


def _days(first: ir.Value, last: ir.Value) -> ir.Value:
    return last.delta(first, unit="day").cast("int64")


def _stage_row(stage: str, now: pd.DataFrame, before: pd.DataFrame, confidence: float) -> dict[str, object]:
    own, past = (cells[cells["stage"] == stage] for cells in (now, before))
    table, table_before = life_table(own), life_table(past)
    sums = own[_CELLS].sum()
    stay, low, high = median_days(table, confidence=confidence)
    then, then_low, then_high = median_days(table_before, confidence=confidence)
    pace, pace_low, pace_high, p_value = log_rank_within(_pairs(own, past), confidence=confidence)
    return {
        "stage": stage, "n_left": int(sums["n_left"]), "n_still_there": int(sums["n_there"]),
        "n_begun": int(sums["n_begun"]), "stay_days": stay, "stay_days_low": low, "stay_days_high": high,
        "n_left_before": int(past["n_left"].sum()), "before_days": then, "before_days_low": then_low,
        "before_days_high": then_high, "pace_ratio": pace, "pace_ratio_low": pace_low, "pace_ratio_high": pace_high,
        "p_value": p_value,
    }  # fmt: skip


def _chance(stage: str, now: pd.DataFrame, before: pd.DataFrame, confidence: float) -> float:
    """How often chance alone would show such a change of pace; 0, which rules nothing out, where it cannot be told."""
    own, past = (cells[cells["stage"] == stage] for cells in (now, before))
    p_value = log_rank_within(_pairs(own, past), confidence=confidence)[3]
    return 0.0 if np.isnan(p_value) else p_value


def _pairs(now: pd.DataFrame, before: pd.DataFrame) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    """Life tables now and before of each segment seen in both: a slow segment that grows slows no stage down."""
    both = sorted(set(now["segment"]) & set(before["segment"]))
    tables = [{name: life_table(cells[cells["segment"] == name]) for name in both} for cells in (now, before)]
    return [(tables[0][name], tables[1][name]) for name in both]
