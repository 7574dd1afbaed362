"""Faults of open deals: what each hygiene rule looks at, whom it can judge, and how to mend what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
from ibis import _

from salesops_lib.data.as_known import CLOSED_STAGES
from salesops_lib.measures import how_many, quantiles
from salesops_lib.performance_visibility.pipeline.pushes.counts import dated_spans

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

STUCK_SHARE = 0.9
"""A deal is stuck once it has been in its stage for longer than this share of the stays that ended there."""
MIN_STAYS = 20
"""Fewest ended stays before a stage's usual length is known."""
MOST_PUSHES = 2
TWIN_DAYS = 14
"""Two alike deals of one account opened within so many days are taken for one."""
MOST_TWINS_RATE = 0.02
"""Where more closed deals than this have a twin, customers buy alike deals in a row and twins say nothing."""


@dataclass(frozen=True)
class Fault:
    """One thing that can be wrong with an open deal."""

    key: str
    """Column of the flag."""
    name: str
    brief: str
    """A word or two, for lists."""
    fix: str
    needs: str
    """What the data must hold for the rule to judge anything."""


FAULTS = (
    Fault("is_too_old", "Older than any win", "too old", "Close, or restart as new",
          "creation dates and a won deal"),
    Fault("is_twin", "Perhaps entered twice", "twice", "Merge with its twin",
          "accounts, and amounts that tell deals apart"),
    Fault("is_overdue", "Close date has passed", "overdue", "Agree a new date, or close",
          "expected close dates"),
    Fault("is_stuck", "Stuck in its stage", "stuck", "Agree what moves it, or close", "a stage history"),
    Fault("is_pushed", "Pushed more than twice", "pushed", "Ask when they will buy",
          "a stage history with expected close dates"),
    Fault("has_no_amount", "No amount in stage 3 on", "no amount", "Enter the amount",
          "a sales process of three stages or more"),
    Fault("has_no_next_step", "No next step", "no next step", "Write down a next step", "next steps"),
)  # fmt: skip
"""Every fault, gravest first: the first one that a deal has decides what to do about it."""


def judged_faults(crm: Crm) -> set[str]:
    """Keys of the rules that this company's data can answer."""
    rows = crm.opportunities
    is_won = (rows.status == "won") & rows.created_on.notnull() & rows.closed_on.notnull()
    counts = crm.fetch(
        rows.agg(
            is_too_old=how_many(is_won),
            is_twin=how_many((rows.status == "open") & rows.account_id.notnull() & (rows.amount > 0)),
            is_overdue=how_many((rows.status == "open") & rows.expected_close_on.notnull()),
            has_no_next_step=how_many(rows.next_step.notnull()),
        )
    ).iloc[0]
    judged = {str(key) for key in counts.index if counts[key] > 0}
    if "is_twin" in judged and _twins_are_usual(crm):
        judged.remove("is_twin")
    if crm.has("visits"):
        judged.add("is_stuck")
    if crm.has("spans") and "is_overdue" in judged:
        judged.add("is_pushed")
    if len(crm.stages) > 2:
        judged.add("has_no_amount")
    return judged


def _twins_are_usual(crm: Crm) -> bool:
    closed = crm.opportunities.filter(_.status != "open")
    counts = crm.fetch(
        closed.mutate(twin=_twin_before(closed).notnull()).agg(n=_.count(), twins=how_many(_.twin))
    ).iloc[0]
    return bool(counts["twins"] > MOST_TWINS_RATE * counts["n"])


def flagged_deals(crm: Crm, judged: set[str]) -> ir.Table:
    """Open deals with ``n_faults``, ``age_days``, ``twin_id`` and one flag per fault; ``False`` where unjudged."""
    today = crm.periods.filter(_.date == ibis.date(str(crm.as_of))).select(evening=_.date)
    rows = crm.opportunities.filter(_.status == "open").mutate(evening=ibis.date(str(crm.as_of)))
    return flagged_on(crm, rows, today, judged)


def flagged_on(crm: Crm, rows: ir.Table, evenings: ir.Table, judged: set[str]) -> ir.Table:
    """Deals as they stood, open, on one or more evenings, with the flags of ``flagged_deals`` as of each evening.

    Args:
        crm: Where usual stays, longest cycles and pushes come from; only what was known on the evening counts.
        rows: One row per deal and ``evening`` on which it was open, with the columns of ``opportunities``.
        evenings: The evenings, in a column ``evening``.
        judged: Keys of the rules that judge; the others flag nothing.
    """
    rows = rows.mutate(age_days=_days(rows.created_on, rows.evening))
    rows = _with_longest_cycle(crm, rows, evenings)
    rows = rows.mutate(
        is_too_old=(rows.age_days > rows.longest_days),
        is_overdue=(rows.expected_close_on < rows.evening),
        has_no_next_step=(rows.next_step.fill_null("").strip() == ""),
        has_no_amount=rows.stage.isin(list(crm.stages[2:])) & (rows.amount.fill_null(0) <= 0),
        twin_id=_twin_before(rows, "evening"),
    ).mutate(is_twin=_.twin_id.notnull())
    if "is_stuck" in judged:
        rows = _with_stays(crm, rows, evenings)
    else:
        rows = rows.mutate(is_stuck=False, stage_days=ibis.null("int64"))
    rows = _with_pushes(crm, rows, evenings) if "is_pushed" in judged else rows.mutate(is_pushed=False)
    keys = [fault.key for fault in FAULTS]
    rows = rows.mutate(**{key: rows[key].fill_null(False) if key in judged else ibis.literal(False) for key in keys})
    n_faults = sum((ibis.ifelse(rows[key], 1, 0) for key in keys), ibis.literal(0))
    return rows.mutate(n_faults=n_faults.cast("int64"))


def open_on(crm: Crm, evenings: ir.Table) -> ir.Table:
    """Deals open on each evening with stage, amount and expected close of then: one query where ``at`` takes many."""
    deals = crm.opportunities
    known_from = ibis.coalesce(deals.created_on, deals.closed_on)
    rows = evenings.inner_join(
        deals,
        [
            known_from.isnull() | (known_from <= evenings.evening),
            (deals.status == "open") | (deals.closed_on > evenings.evening).fill_null(False),
        ],
    )
    if not crm.has("spans"):
        return rows
    spans = crm.spans.filter(~_.stage.isin(CLOSED_STAGES)).select(
        span_deal=_.opportunity_id, valid_from=_.valid_from, valid_to=_.valid_to,
        then_stage=_.stage, then_amount=_.amount, then_expected=_.expected_close_on,
    )  # fmt: skip
    joined = rows.left_join(
        spans,
        [
            rows.opportunity_id == spans.span_deal,
            spans.valid_from <= rows.evening,
            spans.valid_to.isnull() | (spans.valid_to > rows.evening),
        ],
    )
    # Today's deals are taken as every other section sees them.
    is_past = joined.span_deal.notnull() & (joined.evening < ibis.date(str(crm.as_of)))
    return joined.mutate(
        stage=ibis.ifelse(is_past, joined.then_stage, joined.stage),
        amount=ibis.ifelse(is_past, joined.then_amount, joined.amount),
        expected_close_on=ibis.ifelse(is_past, joined.then_expected, joined.expected_close_on),
    ).select(*rows.columns)


def _days(first: ir.Value, last: ir.Value) -> ir.Value:
    return last.delta(first, unit="day").cast("int64")


def _with_longest_cycle(crm: Crm, rows: ir.Table, evenings: ir.Table) -> ir.Table:
    """Add ``longest_days``: of the cycles that had ended in a win by the evening."""
    deals = crm.opportunities
    won = deals.filter(deals.status == "won", deals.created_on.notnull(), deals.closed_on.notnull())
    cycles = won.group_by(cycle_closed_on=won.closed_on).agg(cycle_days=_days(won.created_on, won.closed_on).max())
    by_then = evenings.inner_join(cycles, cycles.cycle_closed_on <= evenings.evening)
    longest = by_then.group_by(cycle_evening=by_then.evening).agg(longest_days=by_then.cycle_days.max())
    return rows.left_join(longest, rows.evening == longest.cycle_evening).drop("cycle_evening")


def _twin_before(rows: ir.Table, *by: str) -> ir.Value:
    """Key of an alike deal of the account, with the same amount, opened shortly before; missing without one."""
    alike = ibis.window(
        group_by=[*by, "account_id", "product", "kind", "amount"], order_by=["created_on", "opportunity_id"]
    )
    days = rows.created_on.delta(rows.created_on.lag().over(alike), unit="day")
    is_twin = rows.account_id.notnull() & (rows.amount > 0) & (days <= TWIN_DAYS)
    return ibis.ifelse(is_twin.fill_null(False), rows.opportunity_id.lag().over(alike), ibis.null("string"))


def _with_stays(crm: Crm, rows: ir.Table, evenings: ir.Table) -> ir.Table:
    """Add ``stage_days`` so far and whether that is longer than nine in ten stays that had ended in the stage."""
    visits = crm.visits
    ended = visits.filter(visits.left_on.notnull())
    ended = ended.inner_join(evenings, ended.left_on <= evenings.evening)
    usual = quantiles(ended, "days", by=["evening", "stage"], shares=[STUCK_SHARE]).filter(_.n >= MIN_STAYS)
    usual = usual.select(usual_evening=_.evening, usual_stage=_.stage, usual_days=_[f"q{STUCK_SHARE * 100:g}"])
    here = evenings.inner_join(
        visits,
        [
            visits.entered_on <= evenings.evening,
            visits.left_on.isnull() | (visits.left_on > evenings.evening),
        ],
    )
    here = here.group_by(stay_evening=here.evening, stay_deal=here.opportunity_id).agg(entered_on=_.entered_on.max())
    joined = rows.left_join(here, [rows.opportunity_id == here.stay_deal, rows.evening == here.stay_evening])
    joined = joined.left_join(usual, [joined.stage == usual.usual_stage, joined.evening == usual.usual_evening])
    joined = joined.mutate(stage_days=_days(joined.entered_on, joined.evening))
    return joined.mutate(is_stuck=joined.stage_days > joined.usual_days).drop(
        "stay_deal", "stay_evening", "entered_on", "usual_stage", "usual_evening", "usual_days"
    )


def _with_pushes(crm: Crm, rows: ir.Table, evenings: ir.Table) -> ir.Table:
    """Add whether the expected close date was put off more than twice while the deal was open."""
    pushes = dated_spans(crm.spans).filter(_.days > 0)
    pushes = evenings.inner_join(pushes, pushes.valid_from <= evenings.evening)
    counts = pushes.group_by(pushed_evening=pushes.evening, pushed_deal=pushes.opportunity_id).agg(n_pushes=_.count())
    joined = rows.left_join(counts, [rows.opportunity_id == counts.pushed_deal, rows.evening == counts.pushed_evening])
    return joined.mutate(is_pushed=joined.n_pushes > MOST_PUSHES).drop("pushed_deal", "pushed_evening", "n_pushes")
