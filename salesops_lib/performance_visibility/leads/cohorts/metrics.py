"""Lead cohorts: of the leads that arrived in a month, how many have become deals by day 30, 60 and 90?

Tables in: ``leads``; ``opportunities`` for what they became. Tables out: one row per month of arrival and horizon.
Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.leads.cohorts.counts import HORIZONS, arrival_counts, conversion_cells
from salesops_lib.performance_visibility.windows import last_months, months_to, report_month, to_date
from salesops_lib.periods import Period
from salesops_lib.statistics.differences import adjusted
from salesops_lib.statistics.intervals import with_rate
from salesops_lib.statistics.survival import life_table, staying_at

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

FEWEST = 20
"""Leads that a cohort, and those before it, need to be compared."""


@tidy
def lead_cohorts(crm: Crm, *, period: Period, n_months: int = 12, confidence: float) -> pd.DataFrame:
    """Share of the leads of each month of arrival that have become deals by day 30, 60 and 90.

    One row per month and horizon, oldest month first, from the first month with a lead on. A lead that has not become
    a deal counts for as many days as it has been there, and no longer: a young cohort is no worse for being young.
    Only cohorts that are mature and whose deals are on record from their first day are compared. At each horizon the
    latest of them is held against the earlier ones together.

    Args:
        crm: Needs ``leads``; conversions need the ``opportunities`` they became.
        period: What is reported.
        n_months: Months of arrival shown, ending with the report month.
        confidence: Coverage of the intervals; a cohort counts as changed when chance alone would show it less often
            than the rest.

    Returns:
        cohort (str): Month of arrival.
        n_leads (int): Leads that arrived in it.
        n_unassigned (int): Those that nobody owns.
        n_qualified (int): Those qualified so far.
        n_converted (int): Those that have become deals so far.
        n_won (int): Those whose deals are won so far.
        days (int): The horizon: days after arrival.
        n_followed (int): Leads of the cohort that have had so many days.
        n_converted_by (int): Those of them that had become deals by then.
        converted_rate (float, 0-1): Share that become deals by then, the leads that have not had the time counted for
            as long as they have been there; missing where none has had it or no deals are on record so early.
        converted_rate_low (float, 0-1): Lower end of its interval.
        converted_rate_high (float, 0-1): Upper end.
        is_mature (bool): All leads of the cohort have had the time, and no more can follow.
        is_on_record (bool): The data holds deals from the cohort's first day on; else early ones may be missing.
        n_leads_before (float): Leads of the earlier mature cohorts; on the row that is compared only.
        before_rate (float, 0-1): Share of them that had become deals by then.
        p_value (float): How often chance alone would show such a difference, adjusted over the horizons.
        is_changed (bool): The latest mature cohort differs from the earlier ones beyond chance.

    Source:
        Interval of Wilson (1927) for mature cohorts; Kaplan and Meier (1958), interval on the scale log(-log), for
        young ones. Exact two-sided test of Fisher (1922); where the earlier months vary more than chance, the t-test of
        quasi-likelihood (McCullagh and Nelder 1989, section 4.5) if it is the milder. Adjusted after Holm (1979) over
        the horizons.
    """
    crm.need("leads")
    month = report_month(crm.calendar, period, crm.as_of)
    window = to_date(last_months(crm.calendar, month, n_months), crm.as_of)
    counts = arrival_counts(crm, window)
    staying = conversion_cells(crm, window, by="month")
    first = counts["month"].min() if len(counts) else None
    rows = [
        row
        for each in months_to(crm.calendar, month, n_months)
        if first is not None and each.label >= first
        for row in _cohort_rows(crm, each, counts, staying[staying["month"] == each.label], confidence)
    ]
    if not rows:
        return pd.DataFrame()
    return _judged(_mature_exactly(pd.DataFrame(rows), confidence), confidence)


def _cohort_rows(
    crm: Crm, month: Period, counts: pd.DataFrame, cells: pd.DataFrame, confidence: float
) -> list[dict[str, object]]:
    """A month's rows, one per horizon; a month without leads has counts of 0 and no share."""
    is_on_record = month.start >= crm.calendar.containing(crm.first_day(), "month").start
    own = counts[counts["month"] == month.label]
    known = {name: int(own[name].sum()) for name in counts.columns if name != "month"}
    shares = staying_at(life_table(cells), HORIZONS, confidence=confidence)
    rows: list[dict[str, object]] = []
    for days, (kept, kept_low, kept_high) in zip(HORIZONS, shares, strict=True):
        n_followed = known[f"n_followed_{days}"]
        has_share = is_on_record and n_followed
        rows.append(
            known
            | {
                "cohort": month.label,
                "days": days,
                "n_followed": n_followed,
                "n_converted_by": known[f"n_by_{days}"],
                "converted_rate": 1 - kept if has_share else float("nan"),
                "converted_rate_low": 1 - kept_high if has_share else float("nan"),
                "converted_rate_high": 1 - kept_low if has_share else float("nan"),
                "is_mature": (crm.as_of - month.end).days >= days,
                "is_on_record": is_on_record,
            }
        )
    return rows


def _mature_exactly(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """A mature cohort has nothing censored: its share is a count, with the interval of one."""
    exact = with_rate(table, "n_converted_by", "n_followed", "converted", confidence=confidence)
    is_count = table["is_mature"] & table["is_on_record"]
    names = ["converted_rate", "converted_rate_low", "converted_rate_high"]
    return table.assign(**{name: exact[name].where(is_count, table[name]) for name in names})


def _judged(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """The latest mature cohort of each horizon against the earlier ones together."""
    judged = table.assign(n_leads_before=float("nan"), before_rate=float("nan"), p_value=float("nan"))
    ripe = table[table["is_mature"] & table["is_on_record"] & (table["n_leads"] > 0)]
    p_values: dict[int, float] = {}
    for _horizon, rows in ripe.groupby("days"):
        latest, earlier = rows.iloc[-1], rows.iloc[:-1]
        n_before = int(earlier["n_leads"].sum())
        if min(int(latest["n_leads"]), n_before) >= FEWEST:
            place = int(rows.index[-1])
            p_values[place] = apart_from_months(rows["n_converted_by"], rows["n_leads"])
            judged.loc[place, ["n_leads_before", "before_rate"]] = [
                n_before, earlier["n_converted_by"].sum() / n_before,
            ]  # fmt: skip
    judged.loc[list(p_values), "p_value"] = adjusted(list(p_values.values()))
    return judged.assign(is_changed=(judged["p_value"] < 1 - confidence).astype(bool))


def apart_from_months(hits: pd.Series[int], tries: pd.Series[int]) -> float:
    """Chance that the last of several months differs so much from those before it.

    The leads alone are left to chance by the exact test. Where the earlier months differ among themselves by more than
    that, one more month may too: the larger of the two p-values counts.
    """
    from scipy.stats import fisher_exact, t

    x, n = hits.to_numpy(dtype=float), tries.to_numpy(dtype=float)
    both = [[x[-1], n[-1] - x[-1]], [x[:-1].sum(), n[:-1].sum() - x[:-1].sum()]]
    p_value = float(fisher_exact(both).pvalue)
    share, n_months = x[:-1].sum() / n[:-1].sum(), len(x) - 1
    if n_months < 2 or not 0 < share < 1:
        return p_value
    usual = share * (1 - share)
    excess = float(((x[:-1] - n[:-1] * share) ** 2 / (n[:-1] * usual)).sum()) / (n_months - 1)
    if excess <= 1:
        return p_value
    z = (x[-1] / n[-1] - share) / (excess * usual * (1 / n[-1] + 1 / n[:-1].sum())) ** 0.5
    return max(p_value, float(2 * t.sf(abs(z), n_months - 1)))
