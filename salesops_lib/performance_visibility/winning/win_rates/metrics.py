"""Win rates three ways: by count, by value and by created cohort, side by side.

Tables in: ``reps`` and ``opportunities``; segments from ``accounts``, names from ``teams`` where present.
Tables out: one row per quarter, or per company, team and segment. Roll-ups are counted over deals, never averaged.
Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.measures.names import teams_named
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.windows import (
    first_day_of_closings,
    last_months,
    report_month,
    to_date,
)
from salesops_lib.performance_visibility.winning.win_rates.counts import (
    SUMS,
    closed_sums,
    created_sums,
    is_mature_on,
    losses_have_amounts,
    n_lost,
    ripe_after,
    with_three_rates,
)
from salesops_lib.periods import Period
from salesops_lib.statistics.differences import two_rates

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm


@tidy
def win_rate_by_quarter(crm: Crm, *, period: Period, n_quarters: int = 8, confidence: float) -> pd.DataFrame:
    """The company's win rate by quarter: of deals closed by count and by value, and of deals created.

    One row per quarter, oldest first, ending with the one that holds the report month; none where the data records no
    lost deal at all.

    Args:
        crm: Needs ``reps`` and ``opportunities``; the cohort needs creation dates.
        period: What is reported.
        n_quarters: Quarters shown; fewer where the data does not reach back.
        confidence: Coverage of the intervals.

    Returns:
        quarter (str): Label.
        n_closed (int): Deals won or lost in the quarter.
        n_won (int): Deals won.
        win_rate (float, 0-1): Won / closed; missing when nothing closed.
        win_rate_low (float, 0-1): Lower end of its interval.
        win_rate_high (float, 0-1): Upper end.
        value_win_rate (float, 0-1): The same on amounts; missing when no lost deal states an amount.
        value_win_rate_low (float, 0-1): Lower end of its interval; missing where all or nothing was won.
        value_win_rate_high (float, 0-1): Upper end.
        n_created (int): Deals created in the quarter.
        n_created_won (int): Those of them won by now.
        n_created_open (int): Those of them still open.
        cohort_win_rate (float, 0-1): Won by now / created; open deals stay in the base.
        cohort_win_rate_low (float, 0-1): Lower end of its interval.
        cohort_win_rate_high (float, 0-1): Upper end.
        is_mature (bool): The youngest deal created has had the time in which nine of ten wins come.
        before_rate (float, 0-1): Won / closed over the four quarters before; missing where the data has fewer.
        p_value (float): How often chance alone would set the quarter's rate by count this far from theirs.
        is_partial (bool): The quarter had not ended on the day the data speaks of.

    Source:
        Count and cohort: interval of Wilson (1927). Value: linearised ratio on the log odds. Change: Fisher (1922).
    """
    last = crm.calendar.containing(report_month(crm.calendar, period, crm.as_of).end, "quarter")
    known_from = first_day_of_closings(crm)
    quarters = crm.calendar.last(last, n_quarters)
    quarters = [each for each in quarters if each.start >= known_from or each is quarters[-1]]
    window = Period(last.label, "quarter", quarters[0].start, last.end)
    rows = pd.DataFrame({"quarter": [each.label for each in quarters]})
    rows = rows.merge(closed_sums(crm, window, ["quarter"]), on="quarter", how="left")
    rows = rows.merge(created_sums(crm, window, ["quarter"]), on="quarter", how="left")
    days = ripe_after(crm)
    rows = with_three_rates(rows, confidence, losses_have_amounts(crm))
    n_before, won_before = (rows[name].shift(1).rolling(4).sum() for name in ("n_closed", "n_won"))
    rows = rows.assign(
        is_mature=[is_mature_on(min(each.end, crm.as_of), crm.as_of, days) for each in quarters],
        before_rate=won_before / n_before.where(n_before > 0),
        p_value=two_rates(rows["n_won"], rows["n_closed"], won_before, n_before),
        is_partial=[each.end > crm.as_of for each in quarters],
    )
    return _if_losses(crm, rows)


@tidy
def win_rate_by_group(crm: Crm, *, period: Period, n_months: int = 12, confidence: float) -> pd.DataFrame:
    """Win rates three ways for the company, its teams and its segments over the last months.

    One row for the company, then one per team and one per segment with deals closed in the months, each group ordered
    by win rate; none where the data records no lost deal at all. The cohort is the deals created in as many months,
    moved back until its youngest deal is mature.

    Args:
        crm: Needs ``reps`` and ``opportunities``; teams and segments where present.
        period: What is reported.
        n_months: Months that count, ending with the report month.
        confidence: Coverage of the intervals.

    Returns:
        group (str): company, team or segment.
        name (str): Name of the team or segment.
        n_closed (int): Deals won or lost in the months.
        n_won (int): Deals won.
        win_rate (float, 0-1): Won / closed; missing when nothing closed.
        win_rate_low (float, 0-1): Lower end of its interval.
        win_rate_high (float, 0-1): Upper end.
        value_win_rate (float, 0-1): The same on amounts; missing when no lost deal states an amount.
        value_win_rate_low (float, 0-1): Lower end of its interval; missing where all or nothing was won.
        value_win_rate_high (float, 0-1): Upper end.
        n_created (int): Deals created in the cohort's months.
        n_created_won (int): Those of them won by now.
        n_created_open (int): Those of them still open.
        cohort_win_rate (float, 0-1): Won by now / created; open deals stay in the base.
        cohort_win_rate_low (float, 0-1): Lower end of its interval.
        cohort_win_rate_high (float, 0-1): Upper end.
        cohort_from_on (date): First day of creation of the cohort; missing without creation dates.
        cohort_to_on (date): Last day of creation of the cohort.
        is_mature (bool): The cohort's youngest deal has had the time in which nine of ten wins come.

    Source:
        Count and cohort: interval of Wilson (1927). Value: linearised ratio on the log odds.
    """
    month = report_month(crm.calendar, period, crm.as_of)
    window = to_date(last_months(crm.calendar, month, n_months), crm.as_of)
    days = ripe_after(crm)
    cohort = _ripe_cohort(crm, month, n_months, days)
    keys = ["team_id", "segment"]
    closed, created = closed_sums(crm, window, keys), created_sums(crm, cohort, keys)
    cells = pd.concat([closed, created], ignore_index=True)
    rows = pd.concat([_rolled_up(cells, group, key) for group, key in _GROUPS], ignore_index=True)
    rows = with_three_rates(rows, confidence, losses_have_amounts(crm)).assign(
        cohort_from_on=pd.to_datetime(pd.Series(cohort.start if days is not None else None, index=rows.index)),
        cohort_to_on=pd.to_datetime(pd.Series(cohort.end if days is not None else None, index=rows.index)),
        is_mature=is_mature_on(cohort.end, crm.as_of, days),
    )
    rows = rows[(rows["group"] == "company") | (rows["n_closed"] > 0)]
    named = rows["key"].where(rows["group"] != "team", teams_named(crm, rows["key"]))
    rows = rows.assign(name=named, place=rows["group"].map({"company": 0, "team": 1, "segment": 2}))
    rows = rows.sort_values(["place", "win_rate", "name"], ascending=[True, False, True], kind="stable")
    return _if_losses(crm, rows)


def _if_losses(crm: Crm, rows: pd.DataFrame) -> pd.DataFrame:
    """No rows for a company whose data records no loss: every rate would be 100% by construction."""
    return rows if n_lost(crm) else rows.head(0)


_GROUPS = (("company", None), ("team", "team_id"), ("segment", "segment"))


def _rolled_up(cells: pd.DataFrame, group: str, key: str | None) -> pd.DataFrame:
    """Sums over the cells of each team or segment, or over all."""
    if key is None:
        sums = cells[SUMS].sum().to_frame().T.assign(key="Company")
    else:
        sums = cells.groupby(key)[SUMS].sum().reset_index(names="key")
    return sums.assign(group=group)


def _ripe_cohort(crm: Crm, month: Period, n_months: int, days: int | None) -> Period:
    """The last months whose youngest deal is mature, as far back as the data knows what was created."""
    known_from = first_day_of_closings(crm)
    last = crm.calendar.containing(crm.as_of - timedelta(days=days or 0), "month")
    while last.end > crm.as_of - timedelta(days=days or 0):
        last = crm.calendar.previous(last)
    if last.end < known_from:
        return to_date(last_months(crm.calendar, month, n_months), crm.as_of)
    cohort = last_months(crm.calendar, last, n_months)
    return Period(cohort.label, cohort.kind, max(cohort.start, known_from), cohort.end)
