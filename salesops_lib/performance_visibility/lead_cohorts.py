"""Lead cohorts: of the leads that arrived in a month, how many have become deals by day 30, 60 and 90?

Tables in: ``leads``; ``opportunities`` for what they became. Tables out: one row per month of arrival and horizon.
Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import how_many, within
from salesops_lib.performance_visibility.lead_counts import NO_SOURCE
from salesops_lib.performance_visibility.windows import last_months, months_to, report_month, to_date
from salesops_lib.periods import Period
from salesops_lib.statistics.differences import adjusted
from salesops_lib.statistics.intervals import with_rate
from salesops_lib.statistics.survival import life_table, staying_at

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

HORIZONS = (30, 60, 90)
"""Days after arrival at which a cohort is looked at (our choice)."""
FEWEST = 20
"""Leads that a cohort, and those before it, need to be compared."""


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
    counts = _counts(crm, window)
    staying = conversion_cells(crm, window, by="month")
    first = counts["month"].min() if len(counts) else None
    rows = [
        row
        for each in months_to(crm.calendar, month, n_months)
        if first is not None and each.label >= first
        for row in _cohort_rows(crm, each, counts, staying[staying["month"] == each.label], confidence)
    ]
    table = pd.DataFrame(rows, columns=list(_RAW)).astype(_RAW)
    return _judged(_mature_exactly(table, confidence), confidence)[_COHORTS]


_RAW = {
    "cohort": "str", "n_leads": "int64", "n_unassigned": "int64", "n_qualified": "int64", "n_converted": "int64",
    "n_won": "int64", "days": "int64", "n_followed": "int64", "n_converted_by": "int64", "converted_rate": "float64",
    "converted_rate_low": "float64", "converted_rate_high": "float64", "is_mature": "bool", "is_on_record": "bool",
}  # fmt: skip
_COHORTS = [*_RAW, "n_leads_before", "before_rate", "p_value", "is_changed"]


def leads_and_deals(crm: Crm) -> ir.Table:
    """One row per lead with the deal it became and the day it did.

    Returns:
        The columns of ``leads``, with a name for a missing source; ``arrived_on``, ``deal`` (its key, missing without
        one), ``deal_status``, ``deal_amount`` and ``converted_on``.
    """
    return crm.kept("leads_and_deals", lambda: _leads_and_deals(crm))


def _leads_and_deals(crm: Crm) -> ir.Table:
    deals = crm.opportunities.select(
        deal=_.opportunity_id, deal_status=_.status, deal_amount=_.amount, deal_from_on=_.created_on,
        deal_until_on=_.closed_on,
    )  # fmt: skip
    rows = crm.leads.left_join(deals, crm.leads.converted_opportunity_id == deals.deal)
    # A deal without a creation date is known from its closing on, or at the latest now.
    known_on = ibis.coalesce(rows.deal_from_on, rows.deal_until_on, rows.qualified_at.date(), _day(crm.as_of))
    return rows.mutate(
        source=rows.source.fill_null(NO_SOURCE),
        arrived_on=rows.created_at.date(),
        converted_on=ibis.ifelse(rows.deal.notnull(), known_on, ibis.null("date")),
    ).select(*crm.leads.columns, "arrived_on", "deal", "deal_status", "deal_amount", "converted_on")


def _arrivals(crm: Crm, window: Period) -> ir.Table:
    """Leads that arrived in a window, with the fiscal month of their arrival as ``month``."""
    days = crm.periods.select(day_arrived=_.date, month=_.month)
    rows = leads_and_deals(crm).filter(within(_.arrived_on, window))
    return rows.inner_join(days, rows.arrived_on == days.day_arrived).drop("day_arrived")


def conversion_cells(crm: Crm, window: Period, *, by: str, most_days: int = max(HORIZONS)) -> pd.DataFrame:
    """Leads that arrived in a window, counted by ``by`` (month or source) and ``age`` in days, for a life table.

    Returns:
        The key; ``age``, ``n_from`` (all at age 0), ``n_to`` (followed to it) and ``n_left`` (of those, became deals).
    """
    rows = _arrivals(crm, window)
    last = ibis.coalesce(rows.converted_on, _day(crm.as_of))
    # A deal older than its lead was one on arrival. What comes after the last horizon is not asked: such leads are
    # followed to the day after it.
    age = ibis.least(ibis.greatest(_days(rows.arrived_on, last), 0), most_days + 1)
    rows = rows.mutate(age=age, is_deal=rows.converted_on.notnull() & (age <= most_days))
    counts = rows.group_by([by, "age"]).agg(n_to=_.count(), n_left=how_many(_.is_deal))
    return followed_from_arrival(crm.fetch(counts.order_by([by, "age"])), [by])


def followed_from_arrival(cells: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Add to cells with ``n_to`` and ``n_left`` by age that all of them are followed from age 0 on."""
    entered = cells.groupby(keys)[["n_to"]].sum().rename(columns={"n_to": "n_from"}).reset_index().assign(age=0)
    all_cells = pd.concat([entered, cells], ignore_index=True).groupby([*keys, "age"])
    return all_cells[["n_from", "n_to", "n_left"]].sum().astype(int).reset_index()


def _counts(crm: Crm, window: Period) -> pd.DataFrame:
    """Leads by month of arrival: how far they got so far, how many have had each horizon and were deals by then."""
    rows = _arrivals(crm, window)
    age, taken = _days(rows.arrived_on, _day(crm.as_of)), _days(rows.arrived_on, rows.converted_on)
    measures = {
        "n_leads": rows.count(),
        "n_unassigned": how_many(rows.rep_id.isnull()),
        "n_qualified": how_many(rows.qualified_at.notnull()),
        "n_converted": how_many(rows.deal.notnull()),
        "n_won": how_many((rows.deal_status == "won").fill_null(False)),
    }
    for days in HORIZONS:
        measures[f"n_followed_{days}"] = how_many(age >= days)
        measures[f"n_by_{days}"] = how_many((age >= days) & (taken <= days).fill_null(False))
    return crm.fetch(rows.group_by("month").agg(**measures).order_by("month"))


def _day(day: date) -> ir.Value:
    return ibis.date(str(day))


def _days(first: ir.Value, last: ir.Value) -> ir.Value:
    return last.delta(first, unit="day").cast("int64")


def _cohort_rows(
    crm: Crm, month: Period, counts: pd.DataFrame, cells: pd.DataFrame, confidence: float
) -> list[tuple[object, ...]]:
    """A month's rows, one per horizon; a month without leads has counts of 0 and no share."""
    is_on_record = month.start >= crm.calendar.containing(crm.first_day(), "month").start
    own = counts[counts["month"] == month.label]
    known = {name: int(own[name].sum()) for name in counts.columns if name != "month"}
    shares = staying_at(life_table(cells), HORIZONS, confidence=confidence)
    rows: list[tuple[object, ...]] = []
    for days, (kept, kept_low, kept_high) in zip(HORIZONS, shares, strict=True):
        n_followed = known[f"n_followed_{days}"]
        share = (1 - kept, 1 - kept_high, 1 - kept_low) if is_on_record and n_followed else (float("nan"),) * 3
        rows.append((
            month.label, *(known[name] for name in list(_RAW)[1:6]), days, n_followed, known[f"n_by_{days}"], *share,
            (crm.as_of - month.end).days >= days, is_on_record,
        ))  # fmt: skip
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
