"""Concentration: does the open pipeline of a quarter rest on few deals, and what if the largest one fell away?

Tables in: ``opportunities``; goals from ``quotas``, history from ``spans``, names from ``accounts`` where present.
Tables out: one row per quarter ahead, or per deal. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures import how_many, recorded_in_history, total, within
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.pipeline.coverage.metrics import pipeline_coverage
from salesops_lib.performance_visibility.pipeline.pushes.counts import close_date_moves, named
from salesops_lib.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

ALL = "all"
TOPS = (1, 5, 10)
"""Of how many of the largest deals or accounts the share is told."""


@tidy
def pipeline_concentration(crm: Crm, *, most_one: float = 0.1, most_five: float = 1 / 3) -> pd.DataFrame:
    """How much of the open pipeline rests on its largest deals and accounts, and what the loss of the largest would do.

    One row for the first quarter that is not over, one for the quarter after it, one for all open deals; only the last
    where no open deal has an expected close date, and none where no deal is open. A deal without an amount is counted
    and weighs nothing. Shares of accounts are of the whole open amount, so that deals without one make them low.

    Args:
        crm: Needs ``opportunities``; coverage needs expected close dates and ``quotas``, what is needed ``spans``.
        most_one: Share of the largest deal above which the pipeline counts as concentrated (our choice).
        most_five: The same for the five largest deals together (our choice).

    Returns:
        target (str): Label of the quarter, or all.
        target_name (str): Name for readers.
        n_open (int): Open deals expected to close in the quarter.
        n_without_amount (int): Those without an amount, or with none above 0.
        open_amount (float): Amounts of the others.
        largest_amount (float): Amount of the largest deal; missing where no deal has one, as all shares.
        top1_rate (float, 0-1): Its share of the open amount.
        top5_rate (float, 0-1): Share of the five largest deals.
        top10_rate (float, 0-1): Share of the ten largest.
        n_half (int): Fewest deals that make up half of the open amount.
        effective_deals (float): As many deals of one size would be as concentrated: 1 / sum of squared shares.
        n_without_account (int): Deals that name no account.
        n_accounts (int): Accounts with such a deal; missing where no deal names one, as the next four.
        account_top1_rate (float, 0-1): Share of the largest account.
        account_top5_rate (float, 0-1): Share of the five largest accounts.
        account_top10_rate (float, 0-1): Share of the ten largest.
        n_half_accounts (int): Fewest accounts that make up half of the open amount; missing where all of them do not.
        gap_amount (float): Goal of the quarter less bookings so far; missing without a goal.
        coverage_ratio (float): Open amount / gap; missing without a goal or once it is beaten.
        coverage_without_ratio (float): The same without the largest deal.
        needed_ratio (float): Open amount that former quarters had at the same point for each unit booked from then on,
            median; missing without history.
        luck_rate (float): Standard deviation of what the pipeline brings as a share of what it brings on average, were
            every deal won or lost by itself with the share of such pipeline that former quarters won; missing without.
        is_concentrated (bool): The largest deal or the five largest are above their limits.
        is_decided_by_largest (bool): The coverage reaches what is needed with the largest deal and not without it.

    Source:
        Effective number: Laakso and Taagepera (1979), Comparative Political Studies 12, 3-27, on amounts.
    """
    rows = pd.DataFrame([_target_row(crm, *each) for each in _targets(crm)], columns=_SHARES)
    coverage = pipeline_coverage(crm)[["quarter", "gap_amount", "coverage_ratio", "needed_ratio", "yield_rate"]]
    rows = rows.merge(coverage.rename(columns={"quarter": "target"}), on="target", how="left")
    rows = rows.astype(dict.fromkeys(["gap_amount", "coverage_ratio", "needed_ratio", "yield_rate"], float))
    won, without = rows.pop("yield_rate"), rows["coverage_ratio"] * (1 - rows["top1_rate"])
    odds = ((1 - won) / won.where(won > 0)).astype(float)
    rows = rows.assign(
        coverage_without_ratio=without,
        luck_rate=np.sqrt(odds / rows["effective_deals"]),
        is_concentrated=(rows["top1_rate"] > most_one) | (rows["top5_rate"] > most_five),
        is_decided_by_largest=(rows["coverage_ratio"] >= rows["needed_ratio"]) & (without < rows["needed_ratio"]),
    )
    return rows.astype({"n_accounts": "Int64", "n_half": "Int64", "n_half_accounts": "Int64"})


_DEAL_SHARES = ["largest_amount", "top1_rate", "top5_rate", "top10_rate", "n_half", "effective_deals"]
_ACCOUNT_SHARES = [
    "n_without_account", "n_accounts", "account_top1_rate", "account_top5_rate", "account_top10_rate",
    "n_half_accounts",
]  # fmt: skip
_SHARES = [
    "target", "target_name", "n_open", "n_without_amount", "open_amount", *_DEAL_SHARES, *_ACCOUNT_SHARES,
]  # fmt: skip


def _targets(crm: Crm) -> list[tuple[str, str, Period | None]]:
    """The quarter to land, the one after it and all, with names; only what the open deals can answer."""
    still_open = crm.opportunities.filter(_.status == "open")
    counts = crm.fetch(still_open.agg(n=_.count(), n_dated=how_many(_.expected_close_on.notnull()))).iloc[0]
    first = crm.calendar.containing(crm.as_of + timedelta(days=1), "quarter")
    ahead = [first, crm.calendar.next(first)] if counts["n_dated"] else []
    quarters = [(each.label, crm.calendar.title(each), each) for each in ahead]
    return [*quarters, (ALL, "All open deals", None)] if counts["n"] else []


def _open_deals(crm: Crm, target: Period | None) -> ir.Table:
    """Open deals expected to close in the quarter, or all, with ``value``: the amount, or 0 where there is none."""
    rows = crm.opportunities.filter(_.status == "open")
    if target is not None:
        rows = rows.filter(within(rows.expected_close_on, target))
    return rows.mutate(value=ibis.greatest(rows.amount.fill_null(0), 0).cast("float64"))


def _target_row(crm: Crm, label: str, name: str, target: Period | None) -> tuple[object, ...]:
    rows = _open_deals(crm, target)
    sums = rows.agg(
        n=_.count(), n_none=how_many(rows.value == 0), amount=total(rows.value),
        n_accounts=rows.account_id.nunique(), n_unnamed=how_many(rows.account_id.isnull()),
    )  # fmt: skip
    counts = crm.fetch(sums).iloc[0]
    amount, n_accounts = float(counts["amount"]), int(counts["n_accounts"])
    by_account = rows.filter(_.account_id.notnull()).group_by(key=_.account_id).agg(value=_.value.sum())
    _largest, *tops, half, _effective = _shares(crm, by_account, amount if n_accounts else 0.0)
    accounts = [int(counts["n_unnamed"]), n_accounts or pd.NA, *tops, half]
    deals = _shares(crm, rows.select("value", key=rows.opportunity_id), amount)
    return (label, name, int(counts["n"]), int(counts["n_none"]), amount, *deals, *accounts)


def _shares(crm: Crm, rows: ir.Table, amount: float) -> list[object]:
    """Largest value, shares of the largest ones, how many make up half, and the effective number."""
    if not amount:
        return [np.nan, *[np.nan] * len(TOPS), pd.NA, np.nan]
    from_top = ibis.cumulative_window(order_by=[ibis.desc("value"), "key"])
    ranked = rows.filter(rows.value > 0)
    ranked = ranked.mutate(place=ibis.row_number().over(from_top), above=ranked.value.sum().over(from_top))
    sums = {f"top{n}": total(ibis.ifelse(ranked.place < n, ranked.value, 0.0)) for n in TOPS}
    # A row belongs to the half as long as those above it, itself left out, have not reached it.
    sums |= {
        "n_half": how_many(ranked.above - ranked.value < amount / 2),
        "all": total(ranked.value),
        "squares": total(ranked.value * ranked.value),
    }
    row = crm.fetch(ranked.agg(**sums)).iloc[0]
    tops = [min(float(row[f"top{n}"]) / amount, 1.0) for n in TOPS]
    half = int(row["n_half"]) if row["all"] >= amount / 2 else pd.NA
    return [float(row["top1"]), *tops, half, amount**2 / float(row["squares"])]


@tidy
def largest_open_deals(crm: Crm, *, most: int = 25) -> pd.DataFrame:
    """The largest open deals of the quarter to land, and how much of its pipeline each is.

    One row per deal, the largest first; of all open deals where none has an expected close date.

    Args:
        crm: Needs ``reps`` and ``opportunities``; pushes need ``spans``.
        most: Deals listed.

    Returns:
        target (str): Label of the first quarter that is not over, or all.
        target_name (str): Name for readers.
        opportunity_id (str): Key.
        account (str): Name of the account; missing without one.
        rep_id (str): Owner.
        rep_name (str): Name of the owner.
        stage (str): Stage.
        amount (float): Amount; deals without one are left out.
        share_rate (float, 0-1): Share of the open amount of the quarter.
        running_rate (float, 0-1): Share of this deal and those above it together.
        age_days (float): Days since creation; missing without a creation date.
        expected_close_on (date): Expected close date; missing without one.
        n_pushes (int): Moves of that date to a later day; missing without a stage history.
    """
    targets = _targets(crm)
    label, name, target = targets[0] if targets else (ALL, "All open deals", None)
    rows = _open_deals(crm, target)
    open_amount = float(crm.fetch(rows.agg(amount=total(rows.value)))["amount"].iloc[0])
    listed = rows.filter(_.value > 0).order_by([ibis.desc("value"), "opportunity_id"]).limit(most)
    listed = named(crm, listed.mutate(age=ibis.date(str(crm.as_of)).delta(listed.created_on, unit="day")))
    if "expected_close_on" in recorded_in_history(crm):
        moves = close_date_moves(crm).select("moved_deal", "n_pushes")
        listed = listed.left_join(moves, listed.opportunity_id == moves.moved_deal).drop("moved_deal")
    else:
        listed = listed.mutate(n_pushes=ibis.null("int64"))
    table = crm.fetch(
        listed.select(*_FETCHED, amount=_.value, age_days=_.age.cast("float64")).order_by(
            [ibis.desc("amount"), "opportunity_id"]
        )
    )
    share = table["amount"] / open_amount if open_amount else table["amount"]
    return table.assign(
        target=label,
        target_name=name,
        share_rate=share,
        running_rate=share.cumsum().clip(upper=1.0),
        n_pushes=table["n_pushes"].astype("Int64"),
    )


_FETCHED = ["opportunity_id", "account", "rep_id", "rep_name", "stage", "expected_close_on", "n_pushes"]
