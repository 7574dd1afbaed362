"""Rules of the sales process, and the closed deals that kept or broke them, counted by owner and team.

Tables in: ``opportunities`` and ``visits``; ``spans`` where present. Tables out: additive counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import closed_in, how_many, recorded_in_history, within
from salesops_lib.performance_visibility.funnel.stage_funnel.counts import ENDS as ENDED
from salesops_lib.performance_visibility.funnel.stage_funnel.counts import stages_in_order
from salesops_lib.performance_visibility.windows import last_months, months_before, report_month
from salesops_lib.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

KEPT = "is_kept"
ENDS = ("", "_before")
"""Endings of the counts of now and of before."""


@dataclass(frozen=True)
class Rule:
    """One thing that the sales process asks of every deal."""

    key: str
    """Column of the flag of a deal that breaks it."""
    name: str
    needs: str
    """What the data must hold for the rule to judge anything."""


RULES = (
    Rule("is_skipped", "No stage skipped", "a sales process of two stages or more"),
    Rule("is_back", "No step back", "a sales process of two stages or more"),
    Rule("is_early_win", "Won from the last stage", "a sales process of two stages or more"),
    Rule("is_afterthought", "Created before closing", "creation dates"),
    Rule("has_no_amount", "Amount from stage 3 on", "a stage history with amounts and three stages or more"),
    Rule("is_late", "Closed by its date", "a stage history with expected close dates"),
)
"""What a closed deal is asked; a rule that does not concern a deal (a lost one cannot be won too early) is kept."""


def adherence_cells(crm: Crm, period: Period, n_months: int, baseline_months: int) -> tuple[set[str], pd.DataFrame]:
    """Keys of the rules judged, and deals closed now and before counted by owner and team: in all, kept, by rule."""
    crm.need("visits")
    now = last_months(crm.calendar, report_month(crm.calendar, period, crm.as_of), n_months)
    before = months_before(crm.calendar, now, baseline_months)
    stages = stages_in_order(crm)
    judged = _judged(crm, stages)
    rows = _flagged(crm, stages, Period(now.label, now.kind, before.start, now.end), judged)
    broken = ibis.or_(*(rows[rule.key] for rule in RULES))
    counts: dict[str, ir.Value] = {}
    for ending, window in zip(ENDS, (now, before), strict=True):
        here = within(rows.closed_on, window)
        counts |= {f"n_closed{ending}": how_many(here), f"n_kept{ending}": how_many(here & ~broken)}
        for rule in RULES:
            counts[f"of_{rule.key}{ending}"] = how_many(here & rows[f"of_{rule.key}"])
            counts[f"n_{rule.key}{ending}"] = how_many(here & rows[rule.key])
    table = rows.group_by(["rep_id", "team_id"]).agg(**counts).order_by(["rep_id", "team_id"])
    return judged, crm.fetch(table)


def _judged(crm: Crm, stages: list[str]) -> set[str]:
    """Keys of the rules that this company's data can answer."""
    judged: set[str] = set()
    if len(stages) > 1:
        judged |= {"is_skipped", "is_back", "is_early_win"}
    if crm.fetch(crm.opportunities.agg(n=_.created_on.count()))["n"].iloc[0]:
        judged.add("is_afterthought")
    told = recorded_in_history(crm)
    if "amount" in told and len(stages) > 2:
        judged.add("has_no_amount")
    if "expected_close_on" in told:
        judged.add("is_late")
    return judged


def _flagged(crm: Crm, stages: list[str], window: Period, judged: set[str]) -> ir.Table:
    """Deals closed in the window that have a stage history: per rule whether it concerns the deal and is broken."""
    closed = closed_in(crm.opportunities, window).select(
        "opportunity_id", "rep_id", "team_id", "created_on", "closed_on", "status"
    )
    path = _paths(crm, stages)
    rows = closed.inner_join(path, closed.opportunity_id == path.path_deal)
    rows = (
        _with_states(crm, rows, stages)
        if crm.has("spans")
        else rows.mutate(n_due=ibis.literal(0), n_without=ibis.literal(0), last_expected_on=ibis.null("date"))
    )
    # Where the history begins after the deal, the stage it began in is not known.
    began_late = (rows.first_place > 0) & (rows.first_entered_on <= rows.created_on).fill_null(True)
    yes = ibis.literal(True)
    found = {
        "is_skipped": (yes, (rows.n_jumps > 0) | began_late),
        "is_back": (yes, rows.n_backs > 0),
        "is_early_win": (rows.status == "won", rows.last_place < len(stages) - 1),
        "is_afterthought": (rows.created_on.notnull(), rows.created_on >= rows.closed_on),
        "has_no_amount": (rows.n_due > 0, rows.n_without > 0),
        "is_late": (rows.last_expected_on.notnull(), rows.closed_on > rows.last_expected_on),
    }
    flags: dict[str, ir.Value] = {}
    for key, (concerns, is_broken) in found.items():
        of_it = concerns.fill_null(False) if key in judged else ibis.literal(False)
        flags |= {f"of_{key}": of_it, key: of_it & is_broken.fill_null(False)}
    return rows.mutate(**flags)


def _paths(crm: Crm, stages: list[str]) -> ir.Table:
    """One row per deal: where it began and ended, and its jumps and steps back between stages of the process."""
    visits = crm.visits
    place = ibis.cases(
        *((visits.stage == name, number) for number, name in enumerate(stages)), else_=ibis.null("int64")
    )
    steps = visits.mutate(place=place.cast("int64")).filter(_.place.notnull())
    in_order = ibis.window(group_by="opportunity_id", order_by="visit")
    of_deal = ibis.window(group_by="opportunity_id")
    steps = steps.mutate(before=_.place.lag().over(in_order), last_visit=_.visit.max().over(of_deal))
    is_last = steps.visit == steps.last_visit
    return steps.group_by(path_deal=steps.opportunity_id).agg(
        first_place=ibis.ifelse(steps.before.isnull(), steps.place, ibis.null("int64")).max(),
        first_entered_on=steps.entered_on.min(),
        last_place=ibis.ifelse(is_last, steps.place, ibis.null("int64")).max(),
        n_jumps=how_many((steps.place - steps.before > 1).fill_null(False)),
        n_backs=how_many((steps.place < steps.before).fill_null(False)),
    )


def _with_states(crm: Crm, rows: ir.Table, stages: list[str]) -> ir.Table:
    """Add the evenings' states from the third stage on, those without an amount, and the close date expected last."""
    spans = crm.spans.filter(~_.stage.isin(list(ENDED)))
    newest_first = ibis.window(group_by="opportunity_id", order_by=ibis.desc("valid_from"))
    spans = spans.mutate(place=ibis.row_number().over(newest_first), is_due=spans.stage.isin(stages[2:]))
    states = spans.group_by(state_deal=spans.opportunity_id).agg(
        n_due=how_many(spans.is_due),
        n_without=how_many(spans.is_due & (spans.amount.fill_null(0) <= 0)),
        last_expected_on=ibis.ifelse(spans.place == 0, spans.expected_close_on, ibis.null("date")).max(),
    )
    return rows.left_join(states, rows.opportunity_id == states.state_deal)
