"""What has changed since the last report: bookings, deals created and lost, open pipeline, ranked by size.

Tables in: ``opportunities``, ``credits``, ``reps``; ``teams`` where present.
Tables out: one row per measure and team. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures import booked, credited_deals, how_many, total, within
from salesops_lib.measures.names import teams_named
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.windows import report_month, same_days_of, to_date
from salesops_lib.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

MEASURES = (
    ("bookings", "Bookings of the month", True),
    ("created", "Pipeline created in the month", True),
    ("lost", "Lost in the month", True),
    ("open", "Open pipeline", False),
)
"""Key, name, and whether it counts a month's deals, which chance moves, or is a stock."""


@tidy
def changes_since_last_report(
    crm: Crm, *, period: Period, last_on: date | None = None, confidence: float
) -> pd.DataFrame:
    """What has moved since the last report, in money, largest first.

    One row per measure for the company, then one per measure and team, each by size of the change. Deals count by
    credit, so that teams add up to the company; those of the month are held against the month before it (its first
    days while the month runs), the open pipeline against the evening of the last report.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        period: What is reported.
        last_on: Evening that the last report spoke of; the one before the report month where absent.
        confidence: How often chance alone moves a month's sum by no more than ``chance_amount``.

    Returns:
        group (str): company or team.
        key (str): Team id; empty for the company and for deals without a team.
        name (str): Name of the team.
        measure (str): bookings, created, lost or open.
        measure_name (str): The same for readers.
        before_amount (float): Then, or the month before.
        now_amount (float): Now.
        change_amount (float): Now less before.
        change_rate (float): The same as a share of before; missing where there was nothing.
        n_before (int): Deals behind it then.
        n_now (int): Deals behind it now.
        chance_amount (float): How far chance alone moves the sum of a month, either way; missing for the stock. The
            rhythm of quarter and year comes on top, so that a larger change is no finding yet.
        last_on (date): Evening compared with.

    Source:
        Sums of amounts as compound Poisson counts: the variance is the sum of squares of both months.
    """
    from scipy.stats import norm

    month = report_month(crm.calendar, period, crm.as_of)
    then = last_on or month.start - timedelta(days=1)
    past = same_days_of(crm.calendar.previous(month), month, crm.as_of)
    parts = []
    for group, keys in (("company", []), ("team", ["key"])):
        own = pd.concat([_flows(crm, to_date(month, crm.as_of), past, keys), _stock(crm, crm.at(then), keys)])
        parts.append(own.assign(group=group))
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.assign(key=rows["key"].fillna("")) if "key" in rows else rows.assign(key="")
    change = (rows["now_amount"] - rows["before_amount"]).round(2)
    rows = rows.assign(
        name=teams_named(crm, rows["key"]).where(rows["group"] != "company", "Company"),
        measure_name=rows["measure"].map({key: name for key, name, _is_flow in MEASURES}),
        change_amount=change,
        change_rate=change / rows["before_amount"].where(rows["before_amount"] > 0),
        chance_amount=norm.ppf(0.5 + confidence / 2) * np.sqrt(rows["squares"].astype(float)),
        last_on=pd.Timestamp(then),
        size=change.abs(),
    )
    rows = rows[(rows["group"] == "company") | (rows["n_before"] + rows["n_now"] > 0)]
    return rows.sort_values(["group", "size", "name"], ascending=[True, False, True], kind="stable")


def _credited(crm: Crm) -> ir.Table:
    return credited_deals(crm).mutate(key=_.team_id.fill_null(""))


def _booked(crm: Crm) -> ir.Table:
    return booked(crm).mutate(key=_.team_id.fill_null(""))


def _flows(crm: Crm, now: Period, past: Period, keys: list[str]) -> pd.DataFrame:
    """Sums of the month and of the month before, by team or in all: won, lost and created."""
    rows = _credited(crm)
    parts = []
    for measure, status, day in _FLOWS:
        chosen = _booked(crm) if status == "won" else rows.filter(rows.status == status) if status else rows
        chosen = chosen.filter(within(chosen[day], now) | within(chosen[day], past))
        chosen = chosen.mutate(is_before=within(chosen[day], past))
        # A deal shared within a group counts once there, and chance moves it as a whole.
        whole = chosen.group_by(["opportunity_id", "is_before", *keys]).agg(deal_amount=_.credited_amount.sum())
        whole = whole.mutate(value=_.deal_amount.fill_null(0).cast("float64"))
        sums = {
            "before_amount": total(ibis.ifelse(_.is_before, _.deal_amount, 0)),
            "now_amount": total(ibis.ifelse(_.is_before, 0, _.deal_amount)),
            "n_before": how_many(_.is_before & _.opportunity_id.notnull()),
            "n_now": how_many(~_.is_before & _.opportunity_id.notnull()),
            "squares": (_.value * _.value).sum().fill_null(0.0),
        }
        parts.append(crm.fetch(_grouped(whole, keys, sums)).assign(measure=measure))
    return pd.concat(parts)


_FLOWS = (("bookings", "won", "closed_on"), ("lost", "lost", "closed_on"), ("created", "", "created_on"))


def _grouped(rows: ir.Table, keys: list[str], sums: dict[str, ir.Value]) -> ir.Table:
    return rows.group_by(keys).agg(**sums).order_by(keys) if keys else rows.agg(**sums)


def _stock(crm: Crm, then: Crm, keys: list[str]) -> pd.DataFrame:
    """Open pipeline by team or in all, now and on the evening of the last report."""
    sides = []
    for side, at in (("now", crm), ("before", then)):
        rows = _credited(at).filter(_.status == "open")
        sums = {f"{side}_amount": total(_.credited_amount), f"n_{side}": _.opportunity_id.nunique()}
        sides.append(at.fetch(_grouped(rows, keys, sums)))
    both = pd.concat(sides, ignore_index=True)
    numbers = both.drop(columns=keys).fillna(0.0)
    both = numbers.groupby(both["key"]).sum().reset_index() if keys else numbers.sum().to_frame().T
    return both.assign(measure="open", squares=np.nan)
