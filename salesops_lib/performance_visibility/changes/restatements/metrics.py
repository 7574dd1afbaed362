"""Restatements: which figures that were already reported are different now, and through which deals?

Tables in: ``opportunities`` and ``reps``; ``accounts`` where present; tables of the last report, as its pack holds
them. Tables out: one row per month or deal. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import deals, within
from salesops_lib.measures.tidy import columns_of, tidy
from salesops_lib.performance_visibility.goals.against_goal.metrics import bookings_by_month
from salesops_lib.performance_visibility.windows import report_month
from salesops_lib.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

CENT = 0.005


@tidy
def deals_won(crm: Crm, *, period: Period, most: int = 5000) -> pd.DataFrame:
    """The deals won in the report month, largest first.

    One row per deal. The list stands in the pack, so that the next report can say what has changed since.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        period: What is reported.
        most: Deals listed.

    Returns:
        opportunity_id (str): Key.
        account (str): Name of the account; missing without one.
        rep_id (str): Owner.
        rep_name (str): Name of the owner.
        segment (str): Segment of the account, or else of the owner.
        amount (float): Won amount.
        closed_on (date): Day it was won.
        cycle_days (float): Days from creation to the win; missing without a creation date.
        won_amount (float): All that was won in the month, listed or not.
        n_won (int): All deals won in the month.
    """
    month = report_month(crm.calendar, period, crm.as_of)
    rows = _won(crm).filter(within(_.closed_on, month))
    whole = ibis.window()
    rows = rows.mutate(won_amount=rows.amount.sum().over(whole), n_won=rows.count().over(whole).cast("int64"))
    shown = rows.order_by([ibis.desc(rows.amount), "opportunity_id"]).limit(most)
    return crm.fetch(shown.select(*columns_of(deals_won)))


def _won(crm: Crm) -> ir.Table:
    """Won deals with account and owner by name."""
    rows = deals(crm).filter(_.status == "won")
    reps = crm.reps.select(rep=_.rep_id, rep_name=_.name)
    rows = rows.left_join(reps, rows.rep_id == reps.rep).mutate(rep_name=_.rep_name.coalesce(_.rep_id))
    if crm.has("accounts"):
        accounts = crm.accounts.select(account_key=_.account_id, account=_.name)
        rows = rows.left_join(accounts, rows.account_id == accounts.account_key)
    else:
        rows = rows.mutate(account=ibis.null("string"))
    days = rows.closed_on.delta(rows.created_on, unit="day").cast("int64")
    return rows.mutate(amount=rows.amount.fill_null(0).cast("float64"), cycle_days=days)


@tidy
def restated_months(crm: Crm, *, period: Period, reported: pd.DataFrame) -> pd.DataFrame:
    """Months whose bookings are different from what the last report said.

    One row per whole month that both reports show, oldest first; none without an earlier report.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        period: What is reported.
        reported: ``bookings_by_month`` as the last report's pack holds it; empty where there is none.

    Returns:
        month (str): Label.
        reported_in (str): Month of the report that is compared with.
        reported_amount (float): Bookings as reported.
        bookings_amount (float): Bookings as known now.
        change_amount (float): Now less reported.
        n_won_reported (int): Deals won as reported.
        n_won (int): Deals won as known now.
        is_restated (bool): Amount or number of deals is different.
    """
    if reported.empty:
        return pd.DataFrame()
    whole = reported[~reported["is_partial"].astype(bool)].dropna(subset="bookings_amount")
    then = whole[["month", "bookings_amount", "n_won"]].rename(
        columns={"bookings_amount": "reported_amount", "n_won": "n_won_reported"}
    )
    now = bookings_by_month(crm, period=period, n_months=len(reported) + 1).dropna(subset="bookings_amount")
    rows = then.merge(now[["month", "bookings_amount", "n_won"]], on="month")
    change = (rows["bookings_amount"] - rows["reported_amount"]).round(2)
    return rows.assign(
        reported_in=str(reported.attrs.get("reported", "")),
        change_amount=change,
        is_restated=(change != 0) | (rows["n_won"].astype(int) != rows["n_won_reported"].astype(int)),
    )


@tidy
def restated_deals(crm: Crm, *, period: Period, reported: pd.DataFrame) -> pd.DataFrame:
    """Deals behind a restatement of the month that the last report was about.

    One row per deal that was won in that month then and is not now, or the reverse, or whose amount has changed, by
    size of the change; none without an earlier report.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        period: What is reported; its month is not compared with itself.
        reported: ``deals_won`` as the last report's pack holds it; empty where there is none.

    Returns:
        opportunity_id (str): Key.
        account (str): Name of the account, as known now or else as reported; missing without one.
        rep_name (str): Name of the owner, likewise.
        what (str): What has changed.
        reported_amount (float): Won amount as reported; 0 where it was not reported as won.
        amount (float): Amount that counts for the month now; 0 where it counts no more.
        change_amount (float): Now less reported.
        closed_on (date): Day it was won, as known now; missing where it is not won.
    """
    label = str(reported.attrs.get("reported", ""))
    if reported.empty or not label or label >= period.label:
        return pd.DataFrame()
    month = crm.calendar.period(label)
    # A list that was cut says nothing about the deals below its last one.
    is_complete = len(reported) >= int(reported["n_won"].iloc[0])
    smallest = 0.0 if is_complete else float(reported["amount"].min()) + CENT
    then = reported.assign(opportunity_id=reported["opportunity_id"].astype(str)).set_index("opportunity_id")
    then = then[then["amount"] >= smallest]
    here = _won_now(crm, month, smallest)
    elsewhere = _elsewhere(crm, month, [str(key) for key in then.index if key not in here.index])
    rows = pd.concat(
        [then[["account", "rep_name", "amount"]].add_suffix("_then"), here.add_suffix("_now"), elsewhere], axis=1
    )
    rows = rows.sort_index()
    rows = rows.assign(amount_now=rows["amount_now"].fillna(rows["amount_shrunk"]))
    rows = rows.assign(
        what=[_what(row) for row in rows.to_dict("records")],
        account=rows["account_now"].astype(object).fillna(rows["account_then"].astype(object)),
        rep_name=rows["rep_name_now"].astype(object).fillna(rows["rep_name_then"].astype(object)),
        reported_amount=rows["amount_then"].fillna(0.0),
        amount=rows["amount_now"].fillna(0.0),
        closed_on=rows["closed_on_now"].fillna(rows["moved_to"]),
    )
    change = (rows["amount"] - rows["reported_amount"]).round(2)
    rows = rows.assign(change_amount=change, size=change.abs()).reset_index(names="opportunity_id")
    rows = rows[rows["what"] != ""]
    return rows.sort_values(["size", "opportunity_id"], ascending=[False, True], kind="stable")


def _won_now(crm: Crm, month: Period, smallest: float) -> pd.DataFrame:
    """Deals won in the month as known now, by key; with a cut list only those above its smallest."""
    rows = _won(crm).filter(within(_.closed_on, month), _.amount >= smallest)
    names = ["opportunity_id", "account", "rep_name", "amount", "closed_on"]
    return crm.fetch(rows.select(*names).order_by("opportunity_id")).set_index("opportunity_id")


def _elsewhere(crm: Crm, month: Period, keys: Sequence[str]) -> pd.DataFrame:
    """Deals reported and not found: ``moved_to``, a day outside the month, or ``amount_shrunk`` within it."""
    empty = pd.DataFrame({"moved_to": pd.Series(dtype="datetime64[us]"), "amount_shrunk": pd.Series(dtype=float)})
    if not keys:
        return empty
    rows = _won(crm).filter(_.opportunity_id.isin(list(keys)))
    found = crm.fetch(rows.select("opportunity_id", "closed_on", "amount")).set_index("opportunity_id")
    is_here = found["closed_on"].between(pd.Timestamp(month.start), pd.Timestamp(month.end))
    return pd.DataFrame(
        {"moved_to": found["closed_on"].where(~is_here), "amount_shrunk": found["amount"].where(is_here)}
    )


def _what(row: Mapping[Hashable, Any]) -> str:
    then, now = row["amount_then"], row["amount_now"]
    if pd.isna(then):
        return "added to the month since"
    if not pd.isna(now):
        return "" if abs(now - then) < CENT else "amount changed"
    return "no longer won" if pd.isna(row["moved_to"]) else "moved to another month"
