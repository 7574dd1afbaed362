"""Hygiene over time, and what of the pipeline ahead rests on deals with a fault.

Tables in: ``opportunities``, ``periods``; ``spans`` and ``visits`` where present.
Tables out: one row per month, or per quarter and fault. Nothing here draws, prints, reads a file or asks what day
it is.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures import closed_in, how_many, recorded_in_history, total, within
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.records.hygiene.faults import (
    FAULTS,
    flagged_deals,
    flagged_on,
    judged_faults,
    open_on,
)
from salesops_lib.performance_visibility.windows import (
    first_day_of_closings,
    last_months,
    months_to,
    report_month,
)
from salesops_lib.periods import Period
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

CHANGE_MONTHS = 3
"""The last evening is held against the one this many months before."""
CLEAN = "is_clean"


@tidy
def hygiene_by_month(crm: Crm, *, period: Period, n_months: int = 12, confidence: float) -> pd.DataFrame:
    """Share of the open deals without a fault at the end of each of the last months, as known then.

    One row per month, oldest first; months before the first closing in the data are left out, and there are none where
    no rule can be asked of a past evening. Only the last month is tested, against three months before.

    Args:
        crm: Needs ``opportunities``; all rules but age need a ``stage_history``, as only that records what was.
        period: What is reported.
        n_months: Months shown, ending with the report month.
        confidence: Coverage of the intervals; a change counts when chance alone would show it less often than the rest.

    Returns:
        month (str): Label of the month.
        month_end_on (date): The evening looked at: the month's last, or the day the data speaks of.
        is_partial (bool): The month had not ended on that evening.
        n_open (int): Deals open that evening.
        n_clean (int): Those without a fault.
        hygiene_score (float, 0-1): Clean / open.
        hygiene_score_low (float, 0-1): Lower end of its interval.
        hygiene_score_high (float, 0-1): Upper end.
        open_amount (float): Amounts of the open deals then, where stated.
        fault_amount (float): Amounts of those with a fault.
        change_rate (float): Score less the score three months before; missing but in the last row.
        change_rate_low (float): Lower end of its interval.
        change_rate_high (float): Upper end.
        p_value (float): How often chance alone would show so large a change.
        is_changed (bool): The change is beyond chance.
        left_out (str): Rules that judge today but not past evenings, by name.

    Source:
        Interval of Wilson (1927). Change: linearised difference of two ratios with deals clustered by their present
        owner (Cochran 1977, section 9.5), t with one degree of freedom less than owners; a deal open on both evenings
        stays in its cluster, so that the overlap counts as what it is.
    """
    months = months_to(crm.calendar, report_month(crm.calendar, period, crm.as_of), n_months)
    known_from = first_day_of_closings(crm)
    ends = {min(month.end, crm.as_of): month for month in months if month.end >= known_from}
    judged = judged_faults(crm)
    dated = judged & _dated_rules(crm)
    cells = _owner_cells(crm, list(ends), dated) if dated and ends else pd.DataFrame(columns=_CELLS)
    sums = cells.groupby("evening")[_CELLS[2:]].sum()
    days = pd.Series(pd.to_datetime(sorted(ends)), dtype="datetime64[us]")
    rows = sums.reindex(days).fillna(0.0).reset_index(drop=True).astype({"n_open": int, "n_clean": int})
    rows = with_rate(rows, "n_clean", "n_open", "hygiene_score", confidence=confidence)
    rows = rows.rename(columns=lambda name: name.replace("hygiene_score_rate", "hygiene_score"))
    rows = rows.assign(
        month=[ends[day.date()].label for day in days],
        month_end_on=days,
        is_partial=[ends[day.date()].end > crm.as_of for day in days],
        left_out=", ".join(each.name for each in FAULTS if each.key in judged - dated),
        change_rate=np.nan, change_rate_low=np.nan, change_rate_high=np.nan, p_value=np.nan, is_changed=False,
    ).astype({"open_amount": float, "fault_amount": float})  # fmt: skip
    if len(rows) > CHANGE_MONTHS:
        then, now = days.iloc[-1 - CHANGE_MONTHS], days.iloc[-1]
        change = overlapping_change(cells[cells["evening"] == then], cells[cells["evening"] == now], confidence)
        rows.loc[rows.index[-1], _CHANGE] = change
        rows.loc[rows.index[-1], "is_changed"] = bool(change[-1] < 1 - confidence)
    return rows.head(len(rows) if rows["n_open"].any() else 0)


_CELLS = ["evening", "rep_id", "n_open", "n_clean", "open_amount", "fault_amount"]
_CHANGE = ["change_rate", "change_rate_low", "change_rate_high", "p_value"]


def _dated_rules(crm: Crm) -> set[str]:
    """Keys of the rules whose facts are recorded with their day, so that a past evening can be judged."""
    rules = {"is_too_old", "is_stuck", "is_pushed"}
    told = recorded_in_history(crm)
    rules |= {"is_twin", "has_no_amount"} if "amount" in told else set()
    rules |= {"is_overdue"} if "expected_close_on" in told else set()
    return rules


def _owner_cells(crm: Crm, days: list[object], judged: set[str]) -> pd.DataFrame:
    """Deals open on each evening, counted by present owner."""
    evenings = crm.periods.filter(_.date.isin([ibis.date(str(day)) for day in days])).select(evening=_.date)
    rows = flagged_on(crm, open_on(crm, evenings), evenings, judged)
    is_clean = rows.n_faults == 0
    sums = rows.group_by(["evening", "rep_id"]).agg(
        n_open=_.count(),
        n_clean=how_many(is_clean),
        open_amount=total(_.amount),
        fault_amount=total(ibis.ifelse(is_clean, 0, rows.amount)),
    )
    return crm.fetch(sums.order_by(["evening", "rep_id"]))


def overlapping_change(before: pd.DataFrame, now: pd.DataFrame, confidence: float) -> tuple[float, float, float, float]:
    """Change of a share between two evenings that have deals in common, its interval and the chance of it.

    Args:
        before: Counts by ``rep_id``: ``n_open``, ``n_clean``.
        now: The same later.
        confidence: Coverage of the interval.

    Returns:
        Change, lower end, upper end and p-value; missing with fewer than two owners or no deals on either evening.
    """
    from scipy.stats import t

    first, last = (each.set_index("rep_id")[["n_open", "n_clean"]].astype(float) for each in (before, now))
    owners = first.index.union(last.index)
    n, m = float(first["n_open"].sum()), float(last["n_open"].sum())
    if not n or not m or len(owners) < 2:
        return float("nan"), float("nan"), float("nan"), float("nan")
    shares = float(first["n_clean"].sum()) / n, float(last["n_clean"].sum()) / m
    parts = [
        ((each["n_clean"] - share * each["n_open"]) / size).reindex(owners, fill_value=0.0)
        for each, share, size in zip((first, last), shares, (n, m), strict=True)
    ]
    change = shares[1] - shares[0]
    error = float(np.sqrt(((parts[1] - parts[0]) ** 2).sum() * len(owners) / (len(owners) - 1)))
    free = len(owners) - 1
    half = float(t.ppf(0.5 + confidence / 2, free)) * error
    p_value = float(2 * t.sf(abs(change) / error, free)) if error else float(change == 0)
    return change, change - half, change + half, p_value


@tidy
def pipeline_on_bad_records(crm: Crm, *, period: Period, n_months: int = 12) -> pd.DataFrame:
    """How much of the pipeline due in the quarters ahead rests on deals with a fault, by the gravest fault of each.

    One row per quarter (the first that is not over, and the next) and fault found in either, gravest first, the deals
    without any fault last; none where no open deal is expected to close in them. The rows of a quarter add up to its
    pipeline. Shares are of what is on the books, counted in full: nothing is estimated but the win shares.

    Args:
        crm: Needs ``opportunities`` with expected close dates; weights need a ``stage_history``.
        period: What is reported.
        n_months: Months of closings behind the win shares, ending with the report month.

    Returns:
        quarter (str): Label.
        quarter_name (str): Name for readers.
        fault (str): Key of the gravest fault; ``is_clean`` for deals without one.
        name (str): What is wrong.
        n_open (int): Open deals expected to close in the quarter.
        open_amount (float): Their amounts, where stated.
        amount_rate (float, 0-1): Share of the quarter's open amount; missing where that is 0.
        weighted_amount (float): Amounts times the share of deals in the same stage that were won; missing without it.
        weighted_rate (float, 0-1): Share of the quarter's weighted amount.
        fix (str): What mends it.
    """
    first = crm.calendar.containing(crm.as_of + timedelta(days=1), "quarter")
    quarters = [first, crm.calendar.next(first)]
    window = last_months(crm.calendar, report_month(crm.calendar, period, crm.as_of), n_months)
    cells = _fault_cells(crm, quarters)
    weights = stage_win_shares(crm, window)
    share = cells["stage"].map(weights).astype(float).fillna(weights.get("", float("nan")))
    cells = cells.assign(weighted_amount=cells["open_amount"] * share)
    found = [each for each in FAULTS if (cells["fault"] == each.key).any()]
    names = {each.key: (each.name, each.fix) for each in found} | {CLEAN: ("No fault", "")}
    sums = cells.groupby(["quarter", "fault"])[["n_open", "open_amount", "weighted_amount"]].sum(min_count=1)
    grid = pd.MultiIndex.from_product([[each.label for each in quarters], list(names)], names=["quarter", "fault"])
    rows = sums.reindex(grid).reset_index()
    filled = {"n_open": 0, "open_amount": 0.0} | ({"weighted_amount": 0.0} if len(weights) else {})
    rows = rows.fillna(filled).astype({"n_open": int, "open_amount": float, "weighted_amount": float})
    titles = {each.label: crm.calendar.title(each) for each in quarters}
    wholes = rows.groupby("quarter")[["open_amount", "weighted_amount"]].transform("sum")
    wholes = wholes.where(wholes > 0)
    rows = rows.assign(
        quarter_name=rows["quarter"].map(titles),
        name=[names[key][0] for key in rows["fault"]],
        fix=[names[key][1] for key in rows["fault"]],
        amount_rate=rows["open_amount"] / wholes["open_amount"],
        weighted_rate=rows["weighted_amount"] / wholes["weighted_amount"],
    )
    return rows.head(len(rows) if len(cells) else 0)


def _fault_cells(crm: Crm, quarters: list[Period]) -> pd.DataFrame:
    """Open deals due in the quarters, counted by quarter, gravest fault and stage."""
    judged = judged_faults(crm)
    rows = flagged_deals(crm, judged)
    due = ibis.cases(*((within(rows.expected_close_on, each), each.label) for each in quarters))
    gravest = ibis.cases(*((rows[each.key], each.key) for each in FAULTS), else_=CLEAN)
    rows = rows.mutate(quarter=due, fault=gravest, stage=rows.stage.fill_null("")).filter(_.quarter.notnull())
    sums = rows.group_by(["quarter", "fault", "stage"]).agg(n_open=_.count(), open_amount=total(_.amount))
    return crm.fetch(sums.order_by(["quarter", "fault", "stage"]))


def stage_win_shares(crm: Crm, window: Period) -> pd.Series[float]:
    """Share won of the deals closed in the window that had been in each stage; of all of them under an empty name.

    Empty without a stage history or closings.
    """
    if not crm.has("visits"):
        return pd.Series(dtype=float)
    closed = closed_in(crm.opportunities, window).select(deal=_.opportunity_id, is_won=_.status == "won")
    stays = crm.visits.select("opportunity_id", "stage").distinct()
    by_stage = closed.inner_join(stays, closed.deal == stays.opportunity_id).group_by("stage")
    counts = crm.fetch(by_stage.agg(n=_.count(), n_won=how_many(_.is_won)).order_by("stage"))
    whole = crm.fetch(closed.agg(n=_.count(), n_won=how_many(_.is_won))).assign(stage="")
    counts = pd.concat([counts, whole]).set_index("stage")
    return (counts["n_won"] / counts["n"].where(counts["n"] > 0)).dropna()
