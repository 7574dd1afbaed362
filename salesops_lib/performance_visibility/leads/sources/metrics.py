"""Leads by source: how many come, how long they wait, how many get further and what one is worth.

Tables in: ``leads``; ``opportunities`` for what they became. Tables out: one row per source.
Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.leads.cohorts.counts import HORIZONS, conversion_cells
from salesops_lib.performance_visibility.leads.counts import LeadWindows
from salesops_lib.performance_visibility.leads.sources.counts import (
    ALL,
    DAY_HOURS,
    source_counts,
    source_windows,
    waiting_ages,
    waiting_cells,
)
from salesops_lib.periods import Period
from salesops_lib.statistics.differences import adjusted
from salesops_lib.statistics.intervals import sum_interval, with_rate
from salesops_lib.statistics.survival import life_table, log_rank, median_days, staying_at

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

FEWEST = 20
"""Leads that a source needs now and before to have its speed compared."""
FEWEST_WINS = 10
"""Wins that a source, and the others together, must have been due for their worth to be compared."""


@tidy
def leads_by_source(
    crm: Crm, *, period: Period, n_months: int = 3, baseline_months: int = 12, confidence: float
) -> pd.DataFrame:
    """Volume, speed, quality and worth of the leads of each source, side by side.

    One row over all leads, then one per source with leads now or before, most leads now first. A lead that nobody has
    touched is not left out: it counts as waiting for as long as it has. Two things are tested per source and together
    kept to one false alarm in twenty tables: whether leads wait longer or shorter than before, and whether a lead of
    the source was worth more or less than one of the others. Whether fewer qualify is what ``lead_red_flag`` tests.

    Args:
        crm: Needs ``leads``; worth needs the ``opportunities`` they became.
        period: What is reported.
        n_months: Months of arrival that count as now, ending with the report month.
        baseline_months: Months before them, as far as there are leads.
        confidence: Coverage of the intervals; a difference counts when chance alone would show it less often than the
            rest.

    Returns:
        split (str): all or source.
        source (str): Source.
        n_leads (int): Leads that arrived in the last months.
        daily_leads (float): Those per selling day.
        daily_leads_low (float): Lower end of its interval; missing without a lead.
        daily_leads_high (float): Upper end.
        n_leads_before (int): Leads that arrived in the months before.
        before_daily_leads (float): Those per selling day; missing where there are none at all.
        n_touched (int): Leads of the last months that somebody has touched.
        first_touch_hours (float): Median hours from arrival to first touch, untouched leads counted as waiting until
            now; missing when fewer than half have been touched.
        first_touch_hours_low (float): Lower end of its interval.
        first_touch_hours_high (float): Upper end; missing where the data does not reach so far.
        before_touch_hours (float): Median of the months before.
        touched_in_day_rate (float, 0-1): Share touched within 24 hours, untouched leads counted likewise.
        touched_in_day_rate_low (float, 0-1): Lower end of its interval.
        touched_in_day_rate_high (float, 0-1): Upper end.
        before_touched_in_day_rate (float, 0-1): Share of the months before.
        pace_ratio (float): How fast leads that still wait are touched now, relative to before; below 1 is slower.
        pace_ratio_low (float): Lower end of its interval, before any adjustment.
        pace_ratio_high (float): Upper end.
        speed_p_value (float): How often chance alone would show such a change of pace, adjusted over all tests of the
            table; missing for all leads together, whose mix of sources changes, and for fewer than 20 leads.
        is_slower (bool): Leads wait longer than before beyond chance.
        is_faster (bool): They wait shorter beyond chance.
        n_waiting (float): Leads of the last months that nobody has touched, qualified or made a deal of; missing, as
            all about waiting, where no first touch is on record at all.
        waiting_days (float): Median days that these have been waiting.
        n_waiting_week (float): Those of them that have waited for more than seven days.
        n_ripe (int): Leads of the last months that have had their time to qualify.
        n_qualified (int): Those of them that qualified within it.
        lead_qualified_rate (float, 0-1): Qualified / leads that have had their time; missing where no lead ever
            qualified.
        lead_qualified_rate_low (float, 0-1): Lower end of its interval.
        lead_qualified_rate_high (float, 0-1): Upper end.
        before_rate (float, 0-1): Share of the leads of the months before that qualified within it.
        n_converted (int): Leads of the last months that have become deals so far.
        converted_rate (float, 0-1): Share that become deals within 30 days, younger leads counted for as long as they
            have been there; missing where none is so old.
        converted_rate_low (float, 0-1): Lower end of its interval.
        converted_rate_high (float, 0-1): Upper end.
        n_won_before (int): Leads of the months before whose deals are won so far.
        worth_amount (float): Won amount per lead of the months before, so far.
        worth_amount_low (float): Lower end of its interval; missing where nothing was won.
        worth_amount_high (float): Upper end.
        worth_p_value (float): How often chance alone would set the worth of a source's lead so far from that of the
            others, adjusted over all tests of the table; missing where fewer than 10 wins were due.
        is_worth_more (bool): A lead of the source was worth more than one of the others beyond chance.
        is_worth_less (bool): It was worth less beyond chance.
        ripe_days (int): Days a lead is given to qualify.

    Source:
        Kaplan and Meier (1958), interval of Brookmeyer and Crowley (1982); log-rank test of Mantel (1966). Worth: means
        of two groups with pooled variance, as in a test by permutation; interval of Fay and Feuer (1997). All adjusted
        together after Holm (1979). Intervals of shares: Wilson (1927), Kaplan and Meier.
    """
    crm.need("leads")
    windows = source_windows(crm, period, n_months, baseline_months)
    counts = source_counts(crm, windows)
    rows = pd.concat([_whole(counts), counts.assign(split="source")], ignore_index=True)
    for more in (
        waiting_ages(crm, windows),
        _speed(crm, windows, list(counts["source"]), confidence),
        _converted(crm, windows, confidence),
    ):
        rows = rows.merge(more, on=["split", "source"], how="left")
    rows = _with_volume(crm, rows, windows, confidence)
    rows = with_rate(rows, "n_qualified", "n_ripe", "lead_qualified", confidence=confidence)
    ripe_before = rows["n_ripe_before"].where(rows["n_ripe_before"] > 0)
    rows = rows.assign(before_rate=rows["n_qualified_before"] / ripe_before, ripe_days=windows.ripe_days)
    rows = _judged(_with_worth(_on_record(rows), confidence), confidence)
    return rows.sort_values(["split", "n_leads", "source"], ascending=[True, False, True], kind="stable")


_CELLS = ["n_from", "n_to", "n_left"]


def _whole(counts: pd.DataFrame) -> pd.DataFrame:
    """All leads as one row: sums, and the largest of the largest."""
    numbers = counts.select_dtypes("number")
    sums = pd.DataFrame([numbers.sum()]).astype(numbers.dtypes)
    return sums.assign(split="all", source=ALL, won_largest=counts["won_largest"].max() if len(counts) else 0.0)


def _on_record(rows: pd.DataFrame) -> pd.DataFrame:
    """What the company does not write down is missing, not 0: first touches, or qualified leads."""
    whole = rows[rows["split"] == "all"].iloc[0]
    rows = rows.astype({"n_waiting": "float64", "n_waiting_week": "float64"})
    gone: list[str] = []
    if not whole["n_touched"] and not whole["n_touched_before"]:
        gone += [*_SPEED[2:], "n_waiting", "n_waiting_week", "waiting_days"]
    if not whole["n_qualified"] and not whole["n_qualified_before"]:
        gone += [name for name in rows.columns if name.startswith("lead_qualified_rate")] + ["before_rate"]
    return rows.assign(**dict.fromkeys(gone, float("nan")))


def _with_volume(crm: Crm, rows: pd.DataFrame, windows: LeadWindows, confidence: float) -> pd.DataFrame:
    now, before = (
        crm.calendar.selling_days(each.start, each.end) or float("nan") for each in (windows.now, windows.before)
    )
    n, n_before = rows["n_leads"].astype(float), rows["n_leads_before"].astype(float)
    # The interval of a count is that of a sum of ones.
    low, high = sum_interval(n, n, np.ones(len(rows)), confidence=confidence)
    return rows.assign(
        daily_leads=n / now,
        daily_leads_low=low / now,
        daily_leads_high=high / now,
        before_daily_leads=n_before / (before if n_before.sum() else float("nan")),
    )


def _speed(crm: Crm, windows: LeadWindows, sources: list[str], confidence: float) -> pd.DataFrame:
    """How long leads wait for a first touch now and before; the pace of each source against its own."""
    cells = waiting_cells(crm, windows)
    # All leads together have no pace: a source that is touched later and grows would look like a change of speed.
    rows = [("all", ALL, *_speed_row(cells, confidence)[:-4], *(float("nan"),) * 4)]
    for source in sources:
        rows.append(("source", source, *_speed_row(cells[cells["source"] == source], confidence)))
    kinds = {name: "str" if name in ("split", "source") else "float64" for name in _SPEED}
    return pd.DataFrame(rows, columns=_SPEED).astype(kinds)


_SPEED = [
    "split", "source", "first_touch_hours", "first_touch_hours_low", "first_touch_hours_high", "before_touch_hours",
    "touched_in_day_rate", "touched_in_day_rate_low", "touched_in_day_rate_high", "before_touched_in_day_rate",
    "pace_ratio", "pace_ratio_low", "pace_ratio_high", "speed_p_value",
]  # fmt: skip


def _speed_row(cells: pd.DataFrame, confidence: float) -> tuple[float, ...]:
    now, before = (life_table(_by_age(cells[cells["is_now"] == is_now])) for is_now in (True, False))
    waiting, low, high = staying_at(now, [DAY_HOURS], confidence=confidence)[0]
    is_enough = min(table["at_risk"].max() if len(table) else 0 for table in (now, before)) >= FEWEST
    return (
        *median_days(now, confidence=confidence), median_days(before, confidence=confidence)[0],
        1 - waiting, 1 - high, 1 - low,
        1 - staying_at(before, [DAY_HOURS], confidence=confidence)[0][0],
        *(log_rank(now, before, confidence=confidence) if is_enough else (float("nan"),) * 4),
    )  # fmt: skip


def _by_age(cells: pd.DataFrame) -> pd.DataFrame:
    return cells.groupby("age")[_CELLS].sum().reset_index()


def _converted(crm: Crm, windows: LeadWindows, confidence: float) -> pd.DataFrame:
    """Share of the leads of now that become deals by the first horizon of the cohorts."""
    horizon = HORIZONS[0]
    cells = conversion_cells(crm, windows.now, by="source", most_days=horizon)
    groups = [("all", ALL, cells), *(("source", str(name), own) for name, own in cells.groupby("source"))]
    rows = []
    for split, source, own in groups:
        kept, low, high = staying_at(life_table(_by_age(own)), [horizon], confidence=confidence)[0]
        rows.append((split, source, 1 - kept, 1 - high, 1 - low))
    names = ["split", "source", "converted_rate", "converted_rate_low", "converted_rate_high"]
    return pd.DataFrame(rows, columns=names)


def _with_worth(rows: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Won amount per lead of before, and how far chance alone would set a source apart from the others."""
    n = rows["n_leads_before"].astype(float).where(rows["n_leads_before"] > 0)
    low, high = sum_interval(rows["won_amount"], rows["won_squares"], rows["won_largest"], confidence=confidence)
    rows = rows.assign(worth_amount=rows["won_amount"] / n, worth_amount_low=low / n, worth_amount_high=high / n)
    whole = rows[rows["split"] == "all"].iloc[0]
    others = (whole["n_leads_before"] - n).where(lambda left: left > 0)
    apart = rows["worth_amount"] - (whole["won_amount"] - rows["won_amount"]) / others
    p_values = _worth_p_values(apart, n, others, whole)
    return rows.assign(worth_apart=apart, worth_p_value=p_values.where(rows["split"] == "source"))


def _worth_p_values(
    apart: pd.Series[float], n: pd.Series[float], others: pd.Series[float], whole: pd.Series[float]
) -> pd.Series[float]:
    """Two-sided, with the variance of all leads together: which of them are the source's is then left to chance."""
    from scipy.stats import norm

    in_all = float(whole["n_leads_before"])
    if not in_all or not whole["won_amount"]:
        return pd.Series(np.nan, index=apart.index)
    variance = whole["won_squares"] / in_all - (whole["won_amount"] / in_all) ** 2
    z: pd.Series[float] = apart / (variance * (1 / n + 1 / others)) ** 0.5
    # With few wins due one large deal decides, and the normal curve does not know it.
    due = np.minimum(n, others) * whole["n_won_before"] / in_all
    return pd.Series(2 * norm.sf(z.abs()), index=apart.index).where(z.notna() & (due >= FEWEST_WINS))


def _judged(rows: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Verdicts on speed and worth, adjusted together: they stand in one table."""
    n = len(rows)
    p_values = adjusted([*rows["speed_p_value"].astype(float), *rows["worth_p_value"].astype(float)])
    speed, worth = pd.Series(p_values[:n], index=rows.index), pd.Series(p_values[n:], index=rows.index)
    is_other_pace, is_other_worth = speed < 1 - confidence, worth < 1 - confidence
    return rows.assign(
        speed_p_value=speed,
        worth_p_value=worth,
        is_slower=(is_other_pace & (rows["pace_ratio"] < 1)).astype(bool),
        is_faster=(is_other_pace & (rows["pace_ratio"] > 1)).astype(bool),
        is_worth_more=(is_other_worth & (rows["worth_apart"] > 0)).astype(bool),
        is_worth_less=(is_other_worth & (rows["worth_apart"] < 0)).astype(bool),
    )
