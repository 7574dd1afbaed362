"""Effort and customers: what each rep did for a win, and how content and how loyal the rep's customers are.

Tables in: ``reps``, ``opportunities``; ``activities``, ``satisfaction`` and ``subscriptions`` of a ``Crm`` where
present. Tables out: one row per rep, raw and drawn towards the team by what luck can do.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures import closed_in, how_many, within
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.measures.recurring_revenue import customers_between, first_winners
from salesops_lib.measures.survey_scores import SATISFIED_FROM
from salesops_lib.measures.tidy import tidy
from salesops_lib.rep_comparison.cells import rate_of
from salesops_lib.rep_comparison.people import compared, in_order, people, window_to
from salesops_lib.statistics.intervals import count_interval, with_rate
from salesops_lib.statistics.luck import odds_of
from salesops_lib.statistics.shrinkage import shrink_rates

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

NEEDS_ONE_OF = ("activities", "satisfaction", "subscriptions")
_ALIKE = ("segment", "year")


@tidy
def effort_and_customers_by_rep(crm: Crm, *, period: Period, months: int = 12, confidence: float) -> pd.DataFrame:
    """Activities, satisfaction and churn of each rep, with n and intervals, beside what luck leaves of them.

    One row per rep, by team and name. Managers without deals are left out. What the data has no table for is missing.

    Args:
        crm: Needs ``reps``, ``opportunities`` and at least one of ``activities``, ``satisfaction``, ``subscriptions``.
        period: The window ends with it.
        months: Fiscal months of the window.
        confidence: Coverage of the intervals.

    Returns:
        rep_id (str): Key.
        name (str): The rep.
        team_name (str): Team at the end of the window.
        seat_weeks (float): Weeks of the window in the seat.
        n_activities (float): Activities in the window; missing without such data.
        activities_per_week (float): Per week in the seat; missing for who was never in it.
        n_won (int): Deals won in the window.
        activities_per_win (float): Activities / deals won; missing without a win.
        activities_per_win_low (float): Lower end of its interval, from the number of wins.
        activities_per_win_high (float): Upper end; missing without a win.
        n_csat (float): Customers' answers from 1 to 5 about the rep in the window; missing without such data.
        csat_rate (float, 0-1): Share of them that are 4 or 5; missing without an answer.
        csat_rate_low (float, 0-1): Lower end of its interval.
        csat_rate_high (float, 0-1): Upper end.
        shrunken_csat_rate (float, 0-1): The same drawn towards the team by what luck can do.
        shrunken_csat_rate_low (float, 0-1): Lower end of its interval.
        shrunken_csat_rate_high (float, 0-1): Upper end.
        n_customers (float): Customers the rep had won before the window, with recurring revenue when it began.
        n_churned (float): Those of them who have left since.
        n_expected (float): How many would have, had they left as others of the same segment and year of start did.
        logo_churn_rate (float, 0-1): Churned / customers; missing without customers.
        logo_churn_rate_low (float, 0-1): Lower end of its interval.
        logo_churn_rate_high (float, 0-1): Upper end.
        shrunken_churn_rate (float, 0-1): The same drawn towards what is expected of such customers.
        shrunken_churn_rate_low (float, 0-1): Lower end of its interval.
        shrunken_churn_rate_high (float, 0-1): Upper end.
        from_on (date): First day of the window.
        to_on (date): Last day of the window.

    Errors:
        MissingTableError: None of the three tables is there.

    Source:
        Intervals of Wilson (1927) and Garwood (1936); shrinkage as in ``reps_side_by_side``.
    """
    if not any(crm.has(name) for name in NEEDS_ONE_OF):
        crm.need(*NEEDS_ONE_OF)
    window = window_to(crm, period, months)
    closed = closed_in(crm.opportunities, window).group_by("rep_id")
    counts = crm.fetch(closed.agg(n_closed=_.count(), n_won=how_many(_.status == "won"))).set_index("rep_id")
    everyone = compared(people(crm, window), counts["n_closed"])
    rows = everyone.join(
        [counts[["n_won"]], _activities(crm, window), _answers(crm, window), _customers(crm, window, confidence)]
    )
    rows = rows.assign(n_won=rows["n_won"].fillna(0).astype(int), seat_weeks=rows["there_rate"] * window.n_days / 7)
    rows = _with_effort(rows, crm.has("activities"), confidence)
    rows = _with_shrunken(_zero(rows, ["n_csat", "n_satisfied"], crm.has("satisfaction")), "csat", confidence)
    rows = _with_shrunken(
        _zero(rows, ["n_customers", "n_churned", "n_expected"], crm.has("subscriptions")), "churn", confidence
    )
    rows = rows.assign(from_on=pd.Timestamp(window.start), to_on=pd.Timestamp(window.end))
    return in_order(rows)


def _empty(*names: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(names), dtype=float)


def _activities(crm: Crm, window: Period) -> pd.DataFrame:
    if not crm.has("activities"):
        return _empty("n_activities")
    done = crm.activities.filter(within(_.done_at.date(), window)).group_by("rep_id").agg(n_activities=_.count())
    return crm.fetch(done).set_index("rep_id").astype(float)


def _answers(crm: Crm, window: Period) -> pd.DataFrame:
    if not crm.has("satisfaction"):
        return _empty("n_csat", "n_satisfied")
    answers = crm.satisfaction.filter(_.scale == "csat", within(_.asked_on, window), _.rep_id.notnull())
    sums = answers.group_by("rep_id").agg(n_csat=_.count(), n_satisfied=how_many(_.score >= SATISFIED_FROM))
    return crm.fetch(sums).set_index("rep_id").astype(float)


def _customers(crm: Crm, window: Period, confidence: float) -> pd.DataFrame:
    """Customers of before the window by the rep who won them first: how many, how many left, how many as expected."""
    if not crm.has("subscriptions"):
        return _empty("n_customers", "n_churned", "n_expected")
    customers, winners = customers_between(crm, window.start - timedelta(days=1), window.end), first_winners(crm)
    rows = customers.inner_join(winners, customers.account_id == winners.winner_account)
    rows = with_fiscal(crm, rows, "started_on", keep_undated=True, year="year").mutate(year=_.year.fill_null(""))
    keys = ["rep_id", *_ALIKE]
    cells = crm.fetch(
        rows.group_by(keys).agg(n_customers=_.count(), n_churned=how_many(_.end_cents <= 0)).order_by(keys)
    )
    odds = odds_of(cells, by=_ALIKE, tries="n_customers", hits="n_churned", confidence=confidence)
    sums = {"n_customers": odds.tries, "n_churned": odds.hits, "n_expected": odds.expected}
    return pd.DataFrame(sums, index=pd.Index(odds.rep_ids, dtype=object), dtype=float)


def _zero(rows: pd.DataFrame, columns: list[str], is_there: bool) -> pd.DataFrame:
    """Nothing counted is 0 where there is such data, and missing where there is none."""
    return rows.assign(**{name: rows[name].astype(float).fillna(0.0 if is_there else np.nan) for name in columns})


def _with_effort(rows: pd.DataFrame, has_activities: bool, confidence: float) -> pd.DataFrame:
    rows = _zero(rows, ["n_activities"], has_activities)
    low, high = count_interval(rows["n_won"], confidence=confidence)
    has_won = rows["n_won"] > 0
    return rows.assign(
        activities_per_week=rate_of(rows["n_activities"], rows["seat_weeks"]),
        activities_per_win=rate_of(rows["n_activities"], rows["n_won"].astype(float)),
        activities_per_win_low=(rows["n_activities"] / high).where(has_won),
        activities_per_win_high=(rows["n_activities"] / np.where(low > 0, low, np.nan)).where(has_won),
    )


def _with_shrunken(rows: pd.DataFrame, what: str, confidence: float) -> pd.DataFrame:
    """Add the rate with its interval, and the one drawn towards what is expected of the same customers."""
    hits, tries, name = ("n_satisfied", "n_csat", "csat") if what == "csat" else ("n_churned", "n_customers", "churn")
    raw = "csat" if what == "csat" else "logo_churn"
    rows = with_rate(rows, hits, tries, raw, confidence=confidence)
    names = [f"shrunken_{name}_rate{end}" for end in ("", "_low", "_high")]
    seen = (rows[tries] > 0).to_numpy()
    out = np.full((3, len(rows)), np.nan)
    if seen.any():
        some = rows[seen]
        expected = some["n_expected"] if what == "churn" else some[tries] * some[hits].sum() / some[tries].sum()
        fit = shrink_rates(some[hits], some[tries], expected / some[tries])
        out[:, seen] = fit.mean, fit.quantile((1 - confidence) / 2), fit.quantile((1 + confidence) / 2)
    return rows.assign(**dict(zip(names, out, strict=True)))
