"""Selling and keeping: what each rep sold, and what became of the customers the rep had won before.

Tables in: ``reps``, ``opportunities``, ``credits``, ``subscriptions``; ``satisfaction`` and teams where present.
Tables out: one row per rep. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import booked_in, how_many, total, within
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.measures.names import teams_of_reps
from salesops_lib.measures.recurring_revenue import customers_between, first_winners
from salesops_lib.measures.survey_scores import SATISFIED_FROM
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.people import employed_reps
from salesops_lib.performance_visibility.windows import last_months, report_month
from salesops_lib.periods import Period
from salesops_lib.statistics.differences import false_discovery
from salesops_lib.statistics.intervals import with_rate
from salesops_lib.statistics.luck import odds_of

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

N_MONTHS = 12
FEWEST = 10
"""Customers, or answers, that a rep needs before being held against the others."""


@tidy
def selling_and_keeping(crm: Crm, *, period: Period, confidence: float) -> pd.DataFrame:
    """New business of the last twelve months beside what became of the customers that the rep had won before them.

    One row per rep employed in the twelve months who is no manager, most new business first. A customer belongs to the
    owner of its first won deal, whoever looks after it now: this is about what was sold, and to whom.

    Args:
        crm: Needs ``reps``, ``opportunities`` with accounts and ``subscriptions``; satisfaction where present.
        period: What is reported; the twelve months end with its month.
        confidence: Coverage of the intervals; a rep differs when chance alone would show it less often than the rest.

    Returns:
        rep_id (str): Key.
        name (str): Name of the rep.
        team (str): Name of the rep's team; missing without one.
        n_new (int): Deals of new business won with credit, or of no stated kind.
        new_amount (float): Their credited amount.
        n_customers (int): Customers the rep had won before, with recurring revenue at the start of the twelve months.
        n_churned (int): Those of them who have left since.
        n_expected (float): How many would have, had they left as others of the same segment and year of start did.
        logo_churn_rate (float, 0-1): Churned / customers; missing without customers.
        logo_churn_rate_low (float, 0-1): Lower end of its interval.
        logo_churn_rate_high (float, 0-1): Upper end.
        start_amount (float): Recurring revenue of those customers then.
        gross_retention_rate (float, 0-1): Share of it that is still there, expansion aside; missing without any.
        net_retention_rate (float): The same with expansion.
        n_csat (int): Answers from 1 to 5 about the rep.
        csat_rate (float, 0-1): Share of them that are 4 or 5; missing without an answer.
        csat_rate_low (float, 0-1): Lower end of its interval.
        csat_rate_high (float, 0-1): Upper end.
        p_value (float): How often chance alone would set the rep's churn this far from that of all customers of the
            same segments and years of start, adjusted over the reps; missing for fewer than ten customers, or none
            like them elsewhere.
        is_losing_more (bool): Beyond chance more of the rep's customers leave.
        is_keeping_more (bool): Beyond chance fewer do.

    Source:
        Intervals of Wilson (1927); sum of hypergeometric draws per segment and year of start, as in Mantel and
        Haenszel (1959), adjusted after Benjamini and Hochberg (1995).
    """
    crm.need("subscriptions")
    window = last_months(crm.calendar, report_month(crm.calendar, period, crm.as_of), N_MONTHS)
    end = min(window.end, crm.as_of)
    rows = employed_reps(crm, window).query("is_seller")[["rep_id", "name"]]
    cells = _kept_cells(crm, window.start - timedelta(days=1), end)
    kept = cells.groupby("rep_id")[_SUMS].sum().reset_index()
    for part in (_sold(crm, window), kept, _against_alike(cells, confidence), _content(crm, window)):
        rows = rows.merge(part, on="rep_id", how="left")
    counts = ["n_new", "n_customers", "n_churned", "n_csat", "n_satisfied"]
    amounts = ["new_amount", "start_amount", "kept_amount", "end_amount"]
    rows = rows.fillna(dict.fromkeys([*counts, *amounts], 0)).astype({**dict.fromkeys(counts, int)})
    rows = with_rate(rows, "n_churned", "n_customers", "logo_churn", confidence=confidence)
    rows = with_rate(rows, "n_satisfied", "n_csat", "csat", confidence=confidence)
    start = rows["start_amount"].astype(float).where(rows["start_amount"] > 0)
    others = rows["n_customers"].sum() - rows["n_customers"]
    is_judged = (rows["n_customers"] >= FEWEST) & (others >= FEWEST)
    p_value = pd.Series(false_discovery(rows["chance"].where(is_judged)), index=rows.index)
    is_different, more = p_value < 1 - confidence, rows["n_churned"] > rows["n_expected"]
    rows = rows.assign(
        team=rows["rep_id"].map(teams_of_reps(crm, end)["team_name"]).astype(object),
        gross_retention_rate=rows["kept_amount"] / start,
        net_retention_rate=rows["end_amount"] / start,
        p_value=p_value,
        is_losing_more=is_different & more,
        is_keeping_more=is_different & ~more,
    )
    return rows.sort_values(["new_amount", "name"], ascending=[False, True], kind="stable")


def _sold(crm: Crm, window: Period) -> pd.DataFrame:
    won = booked_in(crm, window).filter(_.kind.isnull() | (_.kind == "new"))
    sums = won.group_by("rep_id").agg(n_new=_.opportunity_id.nunique(), new_amount=total(_.credited_amount))
    return crm.fetch(sums.order_by("rep_id"))


def _kept_cells(crm: Crm, start: date, end: date) -> pd.DataFrame:
    """Customers of a year before by the rep who won them, segment and year of start: revenue and churn."""
    customers, winners = customers_between(crm, start, end), first_winners(crm)
    rows = customers.inner_join(winners, customers.account_id == winners.winner_account)
    rows = with_fiscal(crm, rows, "started_on", keep_undated=True, year="year").mutate(year=_.year.fill_null(""))
    kept = ibis.greatest(rows.start_cents - rows.contraction_cents - rows.churn_cents, 0)
    keys = ["rep_id", *_ALIKE]
    sums = (
        rows.mutate(kept_cents=kept)
        .group_by(keys)
        .agg(
            n_customers=_.count(),
            n_churned=how_many(_.end_cents <= 0),
            start_amount=total(_.start_cents) / 100,
            kept_amount=total(_.kept_cents) / 100,
            end_amount=total(_.end_cents) / 100,
        )
    )
    return crm.fetch(sums.order_by(keys))


_ALIKE = ("segment", "year")
_SUMS = ["n_customers", "n_churned", "start_amount", "kept_amount", "end_amount"]


def _against_alike(cells: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """How many of each rep's customers would have left as others like them did, and the chance of so many or few."""
    odds = odds_of(cells, by=_ALIKE, tries="n_customers", hits="n_churned", confidence=confidence)
    chance = pd.Series(odds.p_values, dtype=float).where(pd.Series(odds.variance, dtype=float) > 0)
    return pd.DataFrame({"rep_id": odds.rep_ids, "n_expected": odds.expected, "chance": chance}).astype(
        {"rep_id": "str", "n_expected": float}
    )


def _content(crm: Crm, window: Period) -> pd.DataFrame:
    """Answers about each rep in the months, and how many of them are satisfied."""
    if not crm.has("satisfaction"):
        return pd.DataFrame({"rep_id": pd.Series(dtype="str"), "n_csat": [], "n_satisfied": []})
    answers = crm.satisfaction.filter(_.scale == "csat", within(_.asked_on, window), _.rep_id.notnull())
    sums = answers.group_by("rep_id").agg(n_csat=_.count(), n_satisfied=how_many(_.score >= SATISFIED_FROM))
    return crm.fetch(sums.order_by("rep_id"))
