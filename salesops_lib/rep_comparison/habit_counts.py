"""Habits: how each rep works, one number per habit, counted in the engine.

Tables in: ``opportunities``; ``activities``, ``leads``, ``spans`` and ``visits`` of a ``Crm`` where present.
Tables out: one row per rep, one column per habit; habits without their table are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.data.as_known import CLOSED_STAGES
from salesops_lib.measures import closed_in, how_many, quantiles, ratio, within

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period


@dataclass(frozen=True)
class Habit:
    """Something a rep does more or less of."""

    key: str
    name: str
    unit: str
    needs: str
    """Table that the habit is counted from."""
    practice: str
    """What others might try, where it goes with winning more; ``{more}`` is more or less."""


HABITS = (
    Habit("activities_per_deal", "Activities per closed deal", "number", "activities",
          "Put {more} activities into a deal"),
    Habit("kinds_per_deal", "Kinds of activity per closed deal", "number2", "activities",
          "Work a deal in {more} ways: calls, emails, meetings, demos"),
    Habit("call_rate", "Share of calls", "rate", "activities", "Make {more} of the activities calls"),
    Habit("email_rate", "Share of emails", "rate", "activities", "Make {more} of the activities emails"),
    Habit("meeting_rate", "Share of meetings", "rate", "activities", "Make {more} of the activities meetings"),
    Habit("demo_rate", "Share of demos", "rate", "activities", "Make {more} of the activities demos"),
    Habit("first_touch_hours", "Hours to the first touch of a lead", "number", "leads",
          "Take {more} time until a lead is first touched"),
    Habit("kept_amount_rate", "Last amount / first amount of won deals", "rate", "spans",
          "Hold {more} of a deal's first amount"),
    Habit("back_rate", "Stays that went back a stage", "rate", "visits", "Move deals back {more} often"),
    Habit("next_step_rate", "Open deals with a next step on record", "rate", "opportunities",
          "Write down {more} next steps"),
)  # fmt: skip

KINDS = ("call", "email", "meeting", "demo")


def habit_counts(crm: Crm, window: Period) -> pd.DataFrame:
    """Each rep's habits in the window, by key; missing where the rep has nothing to count."""
    closed = closed_in(crm.opportunities, window)
    parts = [_of_open_deals(crm)]
    if crm.has("activities"):
        parts += [_of_activities(crm, window), _per_deal(crm, closed)]
    if crm.has("leads"):
        parts.append(_of_leads(crm, window))
    if crm.has("spans"):
        parts.append(_of_amounts(crm, closed))
    if crm.has("visits") and crm.stages:
        parts.append(_of_stages(crm, closed))
    frames = [crm.fetch(part.order_by("rep_id")).set_index("rep_id").astype(float) for part in parts]
    return pd.concat(frames, axis="columns").sort_index()


def _of_open_deals(crm: Crm) -> ir.Table:
    rows = crm.opportunities.filter(_.status == "open")
    has_step = rows.next_step.fill_null("").strip() != ""
    return rows.group_by("rep_id").agg(next_step_rate=ratio(how_many(has_step), rows.count()))


def _of_activities(crm: Crm, window: Period) -> ir.Table:
    done = crm.activities.filter(within(_.done_at.date(), window))
    shares = {f"{kind}_rate": ratio(how_many(done.kind.lower() == kind), done.count()) for kind in KINDS}
    return done.group_by("rep_id").agg(**shares)


def _per_deal(crm: Crm, closed: ir.Table) -> ir.Table:
    done = crm.activities.filter(_.opportunity_id.notnull())
    by_deal = done.group_by(worked_deal=done.opportunity_id).agg(n=_.count(), kinds=_.kind.nunique())
    rows = closed.left_join(by_deal, closed.opportunity_id == by_deal.worked_deal)
    return rows.group_by("rep_id").agg(
        activities_per_deal=ratio(_.n.fill_null(0).sum(), _.count()),
        kinds_per_deal=ratio(_.kinds.fill_null(0).sum(), _.count()),
    )


def _of_leads(crm: Crm, window: Period) -> ir.Table:
    leads = crm.leads.filter(within(_.created_at.date(), window), _.rep_id.notnull(), _.first_touch_at.notnull())
    waits = leads.mutate(hours=leads.first_touch_at.delta(leads.created_at, unit="minute").cast("float64") / 60)
    middle = quantiles(waits, "hours", by=["rep_id"])
    return middle.select("rep_id", first_touch_hours=_.q50)


def _of_amounts(crm: Crm, closed: ir.Table) -> ir.Table:
    order = ibis.window(group_by="opportunity_id", order_by="valid_from")
    dated = crm.spans.filter(~_.stage.isin(CLOSED_STAGES), _.amount > 0)
    first = dated.mutate(place=ibis.row_number().over(order)).filter(_.place == 0)
    first = first.select(first_deal=_.opportunity_id, first_amount=_.amount.cast("float64"))
    won = closed.filter(_.status == "won", _.amount > 0)
    rows = won.inner_join(first, won.opportunity_id == first.first_deal)
    return rows.group_by("rep_id").agg(kept_amount_rate=ratio(_.amount.cast("float64").sum(), _.first_amount.sum()))


def _of_stages(crm: Crm, closed: ir.Table) -> ir.Table:
    def place(stage: ir.Value) -> ir.Value:
        return stage.cases(*((name, order) for order, name in enumerate(crm.stages)), else_=len(crm.stages))

    stays = crm.visits.filter(_.next_stage.notnull())
    stays = stays.select(
        stay_deal=_.opportunity_id, went_back=ibis.ifelse(place(_.next_stage) < place(_.stage), 1, 0)
    )  # fmt: skip
    rows = closed.inner_join(stays, closed.opportunity_id == stays.stay_deal)
    return rows.group_by("rep_id").agg(back_rate=ratio(_.went_back.sum(), _.count()))
