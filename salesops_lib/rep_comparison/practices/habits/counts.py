"""Habits: how each rep works, one number per habit, counted in the engine.

Tables in: ``opportunities``; ``activities``, ``leads``, ``spans`` and ``visits`` of a ``Crm`` where present.
Tables out: one row per rep, one column per habit; habits without their table are left out.
What is counted on closed deals is held like for like: a deal that is won takes other work than one that is lost,
whoever sells, so a rep with luck would seem to work otherwise. Won and lost deals weigh for each rep as in the company.
How much is done is no habit here: it goes with luck, whichever way it is counted (see docs/decisions.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.data.as_known import CLOSED_STAGES
from salesops_lib.measures import closed_in, how_many, quantiles, ratio, recorded_in_history, within

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
    more: str
    """What others might try, where more of it goes with winning more."""
    less: str
    """The same, where less of it does."""


HABITS = (
    Habit("call_rate", "Share of calls", "rate", "activities",
          "Let calls be a larger share of activities", "Let calls be a smaller share of activities"),
    Habit("email_rate", "Share of emails", "rate", "activities",
          "Let emails be a larger share of activities", "Let emails be a smaller share of activities"),
    Habit("meeting_rate", "Share of meetings", "rate", "activities",
          "Let meetings be a larger share of activities", "Let meetings be a smaller share of activities"),
    Habit("demo_rate", "Share of demos", "rate", "activities",
          "Let demos be a larger share of activities", "Let demos be a smaller share of activities"),
    Habit("first_touch_hours", "Hours to the first touch of a lead", "number", "leads",
          "Touch a lead later", "Touch a lead sooner"),
    Habit("kept_amount_rate", "Last amount / first amount of won deals", "rate", "spans",
          "Hold more of a deal's first amount", "Give way more on a deal's first amount"),
    Habit("back_rate", "Stays that went back a stage", "rate", "visits",
          "Move deals back a stage more often", "Move deals back a stage less often"),
    Habit("skip_rate", "Stays that skipped a stage", "rate", "visits",
          "Skip stages more often", "Skip stages less often"),
    Habit("next_step_rate", "Open deals with a next step on record", "rate", "opportunities",
          "Write down more next steps", "Write down fewer next steps"),
)  # fmt: skip

KINDS = ("call", "email", "meeting", "demo")


def habit_counts(crm: Crm, window: Period) -> pd.DataFrame:
    """Each rep's habits in the window, by key; missing where the rep has nothing to count."""
    closed = closed_in(crm.opportunities, window)
    parts = [_of_open_deals(crm)]
    if crm.has("leads"):
        parts.append(_of_leads(crm, window))
    if "amount" in recorded_in_history(crm):
        parts.append(_of_amounts(crm, closed))
    frames = [crm.fetch(part.order_by("rep_id")).set_index("rep_id").astype(float) for part in parts]
    if crm.has("activities"):
        frames.append(like_for_like(crm.fetch(_of_activities(crm, closed)), _RATIOS_OF_ACTIVITIES))
    if crm.has("visits") and crm.stages:
        frames.append(like_for_like(crm.fetch(_of_stages(crm, closed)), _RATIOS_OF_STAGES))
    return pd.concat(frames, axis="columns").sort_index()


def like_for_like(cells: pd.DataFrame, ratios: dict[str, tuple[str, str]]) -> pd.DataFrame:
    """Ratios by rep, as if won and lost deals were the same part of the work of each as they are of the company's.

    Args:
        cells: Sums by ``rep_id`` and ``status``.
        ratios: For each habit the columns to divide, and to divide by.

    Returns:
        index (str): Rep.
        a column per habit (float): Missing where the rep has none of a status that the company has.

    Source:
        Direct standardisation (Altman 1991, Practical Statistics for Medical Research).
    """
    reps = pd.Index(sorted(cells["rep_id"].unique()), name="rep_id")
    part, base = ([each[place] for each in ratios.values()] for place in (0, 1))
    sums = [own.set_index("rep_id").reindex(reps) for _status, own in cells.groupby("status")]
    weights = np.array([own[base].sum().to_numpy(float) for own in sums]).reshape(len(sums), len(ratios))
    total = weights.sum(axis=0)
    made = np.full((len(reps), len(ratios)), np.where(total > 0, 0.0, np.nan))
    for own, weight in zip(sums, weights, strict=True):
        bases = own[base].to_numpy(float)
        rates = own[part].to_numpy(float) / np.where(bases > 0, bases, np.nan)
        # A status that the company does not have is missed by nobody.
        made += np.where(weight > 0, rates * weight / np.where(total > 0, total, 1.0), 0.0)
    return pd.DataFrame(made, index=reps, columns=list(ratios))


def _of_open_deals(crm: Crm) -> ir.Table:
    rows = crm.opportunities.filter(_.status == "open")
    has_step = rows.next_step.fill_null("").strip() != ""
    return rows.group_by("rep_id").agg(next_step_rate=ratio(how_many(has_step), rows.count()))


_RATIOS_OF_ACTIVITIES = {f"{kind}_rate": (f"n_{kind}", "n_done") for kind in KINDS}
_RATIOS_OF_STAGES = {"back_rate": ("n_back", "n_stays"), "skip_rate": ("n_skipped", "n_stays")}


def _of_activities(crm: Crm, closed: ir.Table) -> ir.Table:
    done = crm.activities.filter(_.opportunity_id.notnull())
    by_deal = done.group_by(worked_deal=done.opportunity_id).agg(
        n_done=_.count(),
        **{f"n_{kind}": how_many(done.kind.lower() == kind) for kind in KINDS},
    )
    rows = closed.left_join(by_deal, closed.opportunity_id == by_deal.worked_deal)
    sums = ["n_done", *(f"n_{kind}" for kind in KINDS)]
    cells = rows.group_by(["rep_id", "status"]).agg(**{name: rows[name].fill_null(0).sum() for name in sums})
    return cells.order_by(["rep_id", "status"])


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
        return stage.cases(*((name, order) for order, name in enumerate(crm.stages)), else_=ibis.null("int64"))

    # The way out is no step: only moves from one open stage to another can go back or skip one.
    stays = crm.visits.mutate(step=place(_.next_stage) - place(_.stage)).filter(_.step.notnull())
    stays = stays.select(
        stay_deal=_.opportunity_id, went_back=(_.step < 0).ifelse(1, 0), skipped=(_.step > 1).ifelse(1, 0)
    )
    rows = closed.inner_join(stays, closed.opportunity_id == stays.stay_deal)
    cells = rows.group_by(["rep_id", "status"]).agg(
        n_stays=_.count(), n_back=_.went_back.sum(), n_skipped=_.skipped.sum()
    )
    return cells.order_by(["rep_id", "status"])
