"""Cells: what the engine counts per rep, month and segment, and all that the models ever see of the deals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures import closed_in, credit_notes, deals, goals, quantiles, total, within
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.statistics.shrinkage import shrink_means

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

MONTH = "month"


def closed_cells(crm: Crm, window: Period, *, by: Sequence[str] = ("segment",)) -> pd.DataFrame:
    """Deals won or lost in the window by owner and cell.

    One row per rep, fiscal month and value of ``by`` (columns of ``deals``); a missing value is a cell of its own.

    Returns:
        rep_id (str): Owner of the deals.
        month (str): Fiscal month of closing.
        the ``by`` columns (str): Empty where missing.
        n_closed (int): Deals won or lost.
        n_won (int): Deals won.
        won_amount (float): Their amounts.
    """
    rows = _in_cells(crm, closed_in(deals(crm), window), by)
    keys = ["rep_id", MONTH, *by]
    cells = rows.group_by(keys).agg(
        n_closed=_.count(),
        n_won=_count(_.status == "won"),
        won_amount=total(ibis.ifelse(_.status == "won", _.amount, 0)),
    )
    return crm.fetch(cells.order_by(keys))


def credited_cells(crm: Crm, window: Period, *, by: Sequence[str] = ("segment",)) -> pd.DataFrame:
    """The same by credit in the main book: a deal shared by two counts in parts that add up to one.

    Returns:
        rep_id, month and the ``by`` columns (str): Keys, as in ``closed_cells``.
        closed (float): Shares of deals won or lost.
        won (float): Shares of deals won.
        bookings_amount (float): Credited amount of deals won.
    """
    rows = _in_cells(crm, closed_in(deals(crm), window), by).drop("rep_id")
    shares = crm.credits.filter(_.book == "main").select(
        "rep_id", "share", credited_amount=_.amount, credited_deal=_.opportunity_id
    )
    rows = rows.inner_join(shares, rows.opportunity_id == shares.credited_deal)
    keys = ["rep_id", MONTH, *by]
    is_won = rows.status == "won"
    cells = rows.group_by(keys).agg(
        closed=total(_.share),
        won=total(is_won.ifelse(rows.share, 0)),
        bookings_amount=total(is_won.ifelse(rows.credited_amount, 0)),
    )
    return _with_notes(crm, window, crm.fetch(cells.order_by(keys)), by)


def _with_notes(crm: Crm, window: Period, cells: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """The cells less what credit notes took back; they are no part of a deal."""
    notes = credit_notes(crm)
    if notes is None:
        return cells
    keys = ["rep_id", MONTH, *by]
    rows = _in_cells(crm, notes.filter(within(notes.closed_on, window)), by)
    taken = crm.fetch(rows.group_by(keys).agg(bookings_amount=total(_.credited_amount)))
    both = pd.concat([cells, taken.assign(closed=0.0, won=0.0)])
    return both.groupby(keys)[["closed", "won", "bookings_amount"]].sum().reset_index()


def _in_cells(crm: Crm, rows: ir.Table, by: Sequence[str]) -> ir.Table:
    rows = with_fiscal(crm, rows, "closed_on", month="month")
    return rows.mutate(**{name: rows[name].cast("string").fill_null("") for name in by})


def _count(condition: ir.Value) -> ir.Value:
    return condition.sum().fill_null(0).cast("int64")


def with_expected(cells: pd.DataFrame, *, by: Sequence[str] = ("segment",)) -> pd.DataFrame:
    """Add ``expected_won``: deals closed in each cell x the share the whole team won of that cell."""
    sums = cells.groupby([MONTH, *by], dropna=False)[["n_closed", "n_won"]].transform("sum")
    return cells.assign(expected_won=cells["n_closed"] * sums["n_won"] / sums["n_closed"])


def per_rep(cells: pd.DataFrame) -> pd.DataFrame:
    """Sums of the cells by rep."""
    numbers = [name for name in cells.columns if pd.api.types.is_numeric_dtype(cells[name])]
    return cells.groupby("rep_id")[numbers].sum()


def won_logs(crm: Crm, window: Period, *, by: Sequence[str] = ("segment",)) -> pd.DataFrame:
    """Sums of the logs of amount and cycle over the deals won in the window, by owner and value of ``by``.

    Returns:
        rep_id and the ``by`` columns (str): Keys.
        n_amount, sum_amount, squares_amount (float): Deals with an amount above 0, and sums of its log.
        n_days, sum_days, squares_days (float): Deals with a creation date, and sums of the log of their days;
            a cycle of 0 days counts as half a day.
    """
    rows = closed_in(deals(crm), window).filter(_.status == "won")
    amount, days = rows.amount.cast("float64"), _cycle(rows)
    rows = rows.mutate(
        log_amount=ibis.ifelse(amount > 0, amount, None).ln(),
        log_days=ibis.ifelse(days >= 0, ibis.greatest(days, 0.5), None).ln(),
        **{name: rows[name].cast("string").fill_null("") for name in by},
    )
    measures: dict[str, ir.Value] = {}
    for name in ("amount", "days"):
        log = rows[f"log_{name}"]
        measures |= {
            f"n_{name}": log.count().cast("float64"),
            f"sum_{name}": log.sum().fill_null(0.0),
            f"squares_{name}": (log * log).sum().fill_null(0.0),
        }
    keys = ["rep_id", *by]
    return crm.fetch(rows.group_by(keys).agg(**measures).order_by(keys))


def _cycle(rows: ir.Table) -> ir.Value:
    return rows.closed_on.delta(rows.created_on, unit="day").cast("float64")


def median_cycles(crm: Crm, window: Period) -> pd.Series[float]:
    """Median days from creation to closing of the deals each rep won in the window."""
    middle = quantiles(_cycles(crm, window), "days", by=["rep_id"])
    return crm.fetch(middle.select("rep_id", "q50")).set_index("rep_id")["q50"]


def median_cycle(crm: Crm, window: Period) -> pd.Series[float]:
    """The same over all reps together: ``q50`` and ``n``."""
    return crm.fetch(quantiles(_cycles(crm, window), "days")).iloc[0]


def _cycles(crm: Crm, window: Period) -> ir.Table:
    rows = closed_in(crm.opportunities, window).filter(_.status == "won", _.created_on.notnull())
    return rows.mutate(days=_cycle(rows)).filter(_.days >= 0)


def typical(logs: pd.DataFrame, value: str, *, by: Sequence[str] = ("segment",), confidence: float) -> pd.DataFrame:
    """Typical amount or cycle of each rep: mean of logs, drawn towards the segment's by precision.

    Args:
        logs: What ``won_logs`` returns.
        value: ``amount`` or ``days``.
        by: Columns within which values are expected to be alike.
        confidence: Coverage of the interval.

    Returns:
        index (str): Rep.
        mean, low, high (float): Typical value with its interval, back from the log scale.
    """
    sums = logs.rename(columns={f"{name}_{value}": name for name in ("n", "sum", "squares")})
    sums = sums[sums["n"] > 0]
    kinds = sums.groupby(list(by))[["n", "sum"]].transform("sum") if by else sums[["n", "sum"]].sum()
    usual = kinds["sum"] / kinds["n"]
    parts = sums.assign(
        usual=sums["n"] * usual,
        rest=sums["sum"] - sums["n"] * usual,
        rest_squares=sums["squares"] - 2 * usual * sums["sum"] + sums["n"] * usual**2,
    )
    reps = parts.groupby("rep_id")[["n", "usual", "rest", "rest_squares"]].sum()
    own = reps["rest"] / reps["n"]
    freedom = reps["n"].sum() - len(reps)
    # Rounding must not make a variance negative where all values of a rep are equal.
    within = max(float((reps["rest_squares"] - reps["n"] * own**2).sum()), 0.0) / freedom if freedom > 0 else np.nan
    if np.isnan(within):
        return pd.DataFrame(np.nan, index=reps.index, columns=["mean", "low", "high"])
    fit = shrink_means(own, reps["n"], within, confidence=confidence)
    base = reps["usual"] / reps["n"]
    ends = {"mean": fit.mean, "low": fit.low, "high": fit.high}
    return pd.DataFrame({name: np.exp(base + end) for name, end in ends.items()}, index=reps.index)


def attained(crm: Crm, window: Period, credited: pd.DataFrame) -> pd.DataFrame:
    """Bookings against goal over the months of the window that have a goal, by rep.

    Args:
        crm: Goals come from ``quotas`` where present.
        window: Whole months; the last may be partial.
        credited: What ``credited_cells`` returns.

    Returns:
        index (str): Rep.
        attainment_rate (float): Bookings of the months with a goal / those goals; missing without a goal above 0.
        n_goal_months (int): Months with a goal.
    """
    wanted = goals(crm, crm.calendar.between(window.start, window.end, "month"), level="rep")
    made = credited.groupby(["rep_id", MONTH])["bookings_amount"].sum().rename("made")
    both = wanted.merge(made.reset_index(), how="left", left_on=["rep_id", "period"], right_on=["rep_id", MONTH])
    sums = (
        both.fillna({"made": 0.0})
        .groupby("rep_id")
        .agg(made=("made", "sum"), quota=("quota_amount", "sum"), n_goal_months=("period", "size"))
    )
    return sums.assign(attainment_rate=rate_of(sums["made"], sums["quota"]))[["attainment_rate", "n_goal_months"]]


def rate_of(part: pd.Series[float], whole: pd.Series[float]) -> pd.Series[float]:
    """A quotient, missing where there is nothing to divide by."""
    return part / whole.where(whole != 0)
