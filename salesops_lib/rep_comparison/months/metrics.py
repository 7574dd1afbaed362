"""Months: was the last month a bad month, or is it a trend?

Tables in: ``reps``, ``opportunities`` and, where present, ``teams`` and ``team_members`` of a ``Crm``.
Tables out: one row per rep and fiscal month. Wins are held against what the team won of like deals in the same month,
so a month that is bad for all is bad for no one, and against the rep's own level in the months before, so a rep who
always wins more is not rising. What is left is a change: one month beyond chance is a bad month, an average that leaves
its limits is a trend. The limits allow for all months watched, for the usual spread between months, and for months that
resemble one another; the q-values allow for all reps looked at as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.rep_comparison.cells import MONTH, closed_cells, rate_of, with_expected
from salesops_lib.rep_comparison.months.watch import Counts, OwnLevel, Watch, noticeable_by_months, watch
from salesops_lib.rep_comparison.people import compared, in_order, people, window_to
from salesops_lib.statistics.control_limits import run_rules
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

MONTHS_BEFORE = 24
"""Months before those watched that give each rep's own level; from one year it is too uncertain (our choice)."""


@tidy
def control_chart_by_rep(
    crm: Crm,
    *,
    period: Period,
    months: int = 12,
    by: Sequence[str] = ("segment",),
    min_closed: int,
    confidence: float,
    shortfall: float = 0.3,
) -> pd.DataFrame:
    """Whether each rep's results have changed in the last months, or the last month alone was bad.

    One row per rep and fiscal month watched, by team and name, then month. Managers without deals are left out. The 24
    months before, as far as the data goes, give each rep's own level.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        period: The months end with it.
        months: Fiscal months watched.
        by: Columns of ``deals`` that make a cell, beside the month of closing.
        min_closed: Fewest deals closed in the months watched, and in those before, for a rep to be judged. Who closed
            fewer before has the first months watched counted as before.
        confidence: 1 less this is the chance that a rep without a change raises an alarm in any month watched.
        shortfall: The fall whose delay until it is noticed is worked out.

    Returns:
        rep_id (str): Key.
        name (str): The rep.
        team_name (str): Team at the end of the months.
        month (str): Fiscal month of closing.
        is_partial (bool): The month was not over when the data was taken.
        n_closed (int): Deals won or lost in the month, by the deal's owner.
        n_won (int): Deals won.
        expected_won (float): Wins had the rep won what the team did in the same month and segment; missing where no
            lost deal is recorded at all.
        usual_won (float): The same at the rep's own level before; missing where that is not known.
        z_score (float): How unusual ``n_won`` is beside ``usual_won``, as a normal score in usual spreads of the rep's
            months; missing without deals that can be compared.
        ewma (float): Moving average of ``z_score``, the newest month with a weight of 0.2; missing before the watch
            over the rep begins.
        limit_low (float): Lower limit of ``ewma``; missing with it, and in months that say nothing.
        limit_high (float): Upper limit.
        is_alarm (bool): ``ewma`` is outside the limits.
        run_rule (str): Run rule that the month completes; empty for none. For information: no verdict rests on it.
        verdict (str): Falling, rising, one bad month (the last), steady, or too few deals to judge; as for all rows of
            the rep.
        p_value (float, 0-1): Chance of ``ewma`` getting this far in any month watched; per rep, as are all below.
        q_value (float, 0-1): The same after Benjamini-Hochberg over all reps judged.
        since_month (str): Month in which the change began, as far as that can be dated; empty without one.
        n_closed_since (int): Deals closed since then; 0 without a change.
        n_won_since (int): Deals won since then.
        usual_won_since (float): Wins expected since then at the rep's own level; missing without a change.
        won_to_usual (float): ``n_won_since / usual_won_since``; missing without a change.
        won_to_usual_low (float): Lower end of its Wilson interval.
        won_to_usual_high (float): Upper end.
        n_months (int): Months watched that say something.
        n_closed_before (int): Deals that the rep's own level rests on.
        months_to_notice (float): Months until a fall by ``shortfall`` is noticed four times in five; missing above 36.
        noticeable_rate (float, 0-1): Smallest fall noticed four times in five within ``months``; missing if none is.
        autocorrelation (float, 0-1): How much a rep's month resembles the one before; the same for all rows.
        spread (float): Variance of months / what luck alone would give; the same for all rows.
        from_on (date): First day of the months watched.
        to_on (date): Last day.

    Source:
        EWMA chart: Roberts (1959), with limits for autoregressive months (Schmid 1997) at a chance per stretch of
        months; change dated by the CUSUM (Page 1954); Benjamini and Hochberg (1995).
    """
    window = window_to(crm, period, months + MONTHS_BEFORE)
    watched = window_to(crm, period, months)
    labels = [each.label for each in crm.calendar.between(window.start, window.end, "month")]
    cells = _with_variance(with_expected(closed_cells(crm, window, by=by), by=by), by)
    closed = cells[cells[MONTH].isin(labels[-months:])].groupby("rep_id")["n_closed"].sum()
    everyone = in_order(compared(people(crm, watched), closed))
    counts = _counts(cells, list(everyone["rep_id"]), labels)
    seen = watch(counts, months=months, min_closed=min_closed, confidence=confidence)
    noticed = noticeable_by_months(seen.own, months=months, confidence=confidence)
    reps = everyone.assign(**_per_rep(counts, seen, labels), **_delays(seen.own, noticed, months, shortfall))
    reps = _with_change(reps, confidence)
    rows = reps.loc[reps.index.repeat(len(labels))].reset_index(drop=True).assign(**_per_month(counts, seen, labels))
    if not (counts.closed > counts.won).any():
        rows["expected_won"] = np.nan
    rows = rows.assign(
        is_partial=rows["month"].eq(labels[-1]) & bool(crm.calendar.containing(window.end, "month").end > crm.as_of),
        from_on=pd.Timestamp(watched.start),
        to_on=pd.Timestamp(watched.end),
    )
    return rows[rows["month"].isin(labels[-months:])].reset_index(drop=True)


def _with_variance(cells: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Add the variance of the wins in each cell, were all reps alike: that of a hypergeometric draw."""
    sums = cells.groupby([MONTH, *by], dropna=False)[["n_closed", "n_won"]].transform("sum").astype(float)
    total, lost = sums["n_closed"], sums["n_closed"] - sums["n_won"]
    room = lost * (total - cells["n_closed"]) / (total * (total - 1)).clip(lower=1)
    return cells.assign(variance=cells["expected_won"] * room)


def _counts(cells: pd.DataFrame, reps: list[str], labels: list[str]) -> Counts:
    sums = cells.groupby(["rep_id", MONTH])[["n_closed", "n_won", "expected_won", "variance"]].sum()
    rows = sums.reindex(pd.MultiIndex.from_product([reps, labels]), fill_value=0).astype(float)
    return Counts(*(rows[name].to_numpy().reshape(len(reps), len(labels)) for name in sums.columns))


def _per_month(counts: Counts, seen: Watch, labels: list[str]) -> dict[str, NDArray[np.generic]]:
    """Columns by rep and month, one rep's months after another's."""
    own = seen.own
    known = {
        "month": np.broadcast_to(np.array(labels, dtype=object), counts.closed.shape),
        "n_closed": counts.closed.astype(int),
        "n_won": counts.won.astype(int),
        "expected_won": counts.expected,
        "usual_won": np.where(own.is_watched, own.usual_won, np.nan),
        "z_score": np.where(own.is_used, own.z_scores, np.nan),
        "ewma": seen.ewma,
        "limit_low": -seen.limit,
        "limit_high": seen.limit,
        "is_alarm": np.abs(seen.ewma) > seen.limit,
        "run_rule": run_rules(np.where(own.is_used, own.z_scores, np.nan)).astype(object),
    }
    return {name: values.reshape(-1) for name, values in known.items()}


def _per_rep(counts: Counts, seen: Watch, labels: list[str]) -> dict[str, Any]:
    own = seen.own
    since = (np.arange(len(labels)) >= seen.since[:, None]) & (seen.since >= 0)[:, None]
    return {
        "verdict": seen.verdicts.astype(object),
        "p_value": seen.p_values,
        "q_value": seen.q_values,
        "since_month": np.array([labels[month] if month >= 0 else "" for month in seen.since], dtype=object),
        "n_closed_since": (counts.closed * since).sum(axis=1).astype(int),
        "n_won_since": (counts.won * since).sum(axis=1).astype(int),
        "usual_won_since": np.where(seen.since >= 0, (own.usual_won * since).sum(axis=1), np.nan),
        "n_months": own.is_used.sum(axis=1),
        "n_closed_before": (counts.closed * ~own.is_watched * own.is_judged[:, None]).sum(axis=1).astype(int),
        "autocorrelation": own.usual.autocorrelation,
        "spread": own.usual.spread,
    }


def _with_change(reps: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Add how wins since the change compare with those usual; the usual level is taken as known."""
    rates = with_rate(reps, "n_won_since", "n_closed_since", "since", confidence=confidence)
    usual = rate_of(reps["usual_won_since"], reps["n_closed_since"].astype(float))
    ends = {"": "since_rate", "_low": "since_rate_low", "_high": "since_rate_high"}
    return reps.assign(**{f"won_to_usual{end}": rate_of(rates[name], usual) for end, name in ends.items()})


def _delays(own: OwnLevel, noticed: Floats, months: int, shortfall: float) -> dict[str, Floats]:
    """Per rep: months until a fall is noticed, and the smallest fall noticed within the months watched."""
    n = np.maximum(own.is_used.sum(axis=1), 1)
    usual_won = (own.usual_won * own.is_used).sum(axis=1) / n
    spread = np.sqrt(np.where(own.is_used, own.deviation**2, 0.0).sum(axis=1) / n)
    whole = np.where(usual_won > 0, usual_won / np.where(spread > 0, spread, 1.0), np.nan)  # a fall to no wins at all
    is_noticed = noticed <= (shortfall * whole)[:, None]
    within = noticed[min(months, len(noticed)) - 1] / whole
    return {
        "months_to_notice": np.where(is_noticed.any(axis=1), is_noticed.argmax(axis=1) + 1.0, np.nan),
        "noticeable_rate": np.where(within <= 1, within, np.nan),
    }
