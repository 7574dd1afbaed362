"""Sales cycle and velocity: how long do wins take, and how much do they bring a day?

Tables in: ``reps`` and ``opportunities``; segments from ``accounts`` where present.
Tables out: one row per segment. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from ibis import _

from salesops_lib.measures import deals, win_rates
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.windows import last_months, months_before, report_month
from salesops_lib.performance_visibility.winning.cycle.cells import ALL, cycle_cells
from salesops_lib.periods import Period
from salesops_lib.statistics.differences import adjusted, rank_test
from salesops_lib.statistics.sums_and_medians import cell_quantile, median_interval

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm


@tidy
def cycle_by_segment(crm: Crm, *, period: Period, n_months: int = 3, confidence: float) -> pd.DataFrame:
    """Days from creation to winning in the last months, against the twelve months before.

    One row over all deals, then one per segment with won deals, the longest cycle first; none where no deal won in
    these months has a creation date.

    Args:
        crm: Needs ``reps`` and ``opportunities`` with creation dates.
        period: What is reported.
        n_months: Months that count as now, ending with the report month.
        confidence: Coverage of the interval; a change counts when chance alone would show it less often than the rest.

    Returns:
        segment (str): Segment; all deals in the first row.
        n_won (int): Deals won in the last months that have a creation date.
        cycle_days (float): Their median days from creation to close; missing without such deals.
        cycle_days_low (float): Lower end of the median's interval; missing for fewer than six deals.
        cycle_days_high (float): Upper end.
        quarter_days (float): A quarter of them were faster than this.
        three_quarters_days (float): A quarter of them were slower than this.
        n_won_before (int): Deals won in the twelve months before.
        before_days (float): Their median.
        before_quarter_days (float): A quarter of them were faster than this.
        before_three_quarters_days (float): A quarter of them were slower than this.
        change_days (float): Median now less median before.
        p_value (float): How often chance alone would move the ranks this far, adjusted over the segments.
        is_changed (bool): The change is beyond chance.

    Source:
        Rank test of Mann and Whitney (1947), adjusted after Holm (1979).
    """
    month = report_month(crm.calendar, period, crm.as_of)
    now = last_months(crm.calendar, month, n_months)
    cells = cycle_cells(crm, now, months_before(crm.calendar, now, 12))
    segments = [name for name in cells["segment"].dropna().unique() if cells.loc[cells["segment"] == name, "n_0"].sum()]
    groups = [(ALL, cells), *((name, cells[cells["segment"] == name]) for name in segments)]
    rows = pd.DataFrame([_cycle_row(name, own, confidence) for name, own in groups])
    # Every row is a look: without this, one table in ten would claim a change where there is none.
    p_values = adjusted(rows["p_value"])
    rows = rows.assign(p_value=p_values, is_changed=[p < 1 - confidence for p in p_values])
    rows = rows.assign(is_part=rows["segment"] != ALL)
    rows = rows.sort_values(["is_part", "cycle_days", "segment"], ascending=[True, False, True])
    known = rows[["n_won", "n_won_before"]].to_numpy().any()
    return rows.head(len(rows) if known else 0)


def _cycle_row(name: str, cells: pd.DataFrame, confidence: float) -> dict[str, object]:
    days, now, before = cells["cycle_days"], cells["n_0"], cells["n_1"]
    middle, middle_before = cell_quantile(days, now, 0.5), cell_quantile(days, before, 0.5)
    low, high = median_interval(days, now, confidence=confidence)
    return {
        "segment": name,
        "n_won": int(now.sum()),
        "cycle_days": middle,
        "cycle_days_low": low,
        "cycle_days_high": high,
        "quarter_days": cell_quantile(days, now, 0.25),
        "three_quarters_days": cell_quantile(days, now, 0.75),
        "n_won_before": int(before.sum()),
        "before_days": middle_before,
        "before_quarter_days": cell_quantile(days, before, 0.25),
        "before_three_quarters_days": cell_quantile(days, before, 0.75),
        "change_days": middle - middle_before,
        "p_value": rank_test(days, before, now),
    }


def velocity(n_open: float, win_rate: float, average_deal_amount: float, cycle_days: float) -> float:
    """Sales velocity: open deals x win rate x average won amount / cycle days, in currency per day."""
    return n_open * win_rate * average_deal_amount / cycle_days if cycle_days else float("nan")


@tidy
def velocity_by_segment(crm: Crm, *, period: Period, n_months: int = 12, confidence: float) -> pd.DataFrame:
    """What the open deals are worth per day: open deals x win rate x average won amount / cycle days.

    One row over all deals, then one per segment with deals, the fastest money first; none where no velocity can be
    told. The rows do not add up: velocity multiplies averages.

    Args:
        crm: Needs ``reps`` and ``opportunities`` with creation dates.
        period: What is reported.
        n_months: Months behind win rate, average and cycle, ending with the report month.
        confidence: Coverage of the interval.

    Returns:
        segment (str): Segment; all deals in the first row.
        n_open (int): Open deals on the day the data speaks of.
        n_closed (int): Deals won or lost in the months.
        win_rate (float, 0-1): Share of them won.
        win_rate_low (float, 0-1): Lower end of its interval.
        win_rate_high (float, 0-1): Upper end.
        average_deal_amount (float): Won amount / won deals.
        cycle_days (float): Median days from creation to close of the won deals.
        velocity_amount (float): Currency per day.
    """
    window = last_months(crm.calendar, report_month(crm.calendar, period, crm.as_of), n_months)
    cells = cycle_cells(crm, window)
    is_open = deals(crm).filter(_.status == "open")
    counts = crm.fetch(is_open.group_by("segment").agg(n_open=_.count()))
    everything = win_rates(crm, window, confidence=confidence).assign(segment=ALL, n_open=int(counts["n_open"].sum()))
    segments = win_rates(crm, window, by=["segment"], confidence=confidence).merge(counts, on="segment", how="outer")
    rows = pd.concat([everything, segments.dropna(subset="segment")], ignore_index=True)
    rows = rows.fillna({"n_open": 0, "n_closed": 0, "n_won": 0})
    days = [_median_of(cells, name) for name in rows["segment"]]
    average = rows["won_amount"] / rows["n_won"].where(rows["n_won"] > 0)
    rows = rows.assign(cycle_days=days, average_deal_amount=average)
    values = [velocity(*each) for each in rows[["n_open", "win_rate", "average_deal_amount", "cycle_days"]].to_numpy()]
    rows = rows.assign(velocity_amount=values, is_part=rows["segment"] != ALL)
    rows = rows.sort_values(["is_part", "velocity_amount", "segment"], ascending=[True, False, True])
    return rows.head(len(rows) if rows["velocity_amount"].notna().any() else 0)


def _median_of(cells: pd.DataFrame, segment: str) -> float:
    own = cells if segment == ALL else cells[cells["segment"] == segment]
    return cell_quantile(own["cycle_days"], own["n_0"], 0.5)
