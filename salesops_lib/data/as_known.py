"""The company as it was known on the evening of a day.

A deal closed later was open then, a lead qualified later was not yet, a stay that ended later had
not ended. Stage, amount, expected close and owner of then come from ``spans`` where the company has
a stage history; without one a deal is shown with the values last seen, and the closing is undone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import ibis
from ibis import _

from salesops_lib.data.crediting import credited_amounts

if TYPE_CHECKING:
    import ibis.expr.types as ir

Tables = Mapping[str, "ir.Table"]

CLOSED_STAGES = ("won", "lost")
"""What ``spans.stage`` says once a deal is closed."""


def as_known_on(
    day: date, tables: Tables, *, is_last_seen: bool = False, open_stages: Sequence[str] = ()
) -> dict[str, ir.Table]:
    """Each table, less what was not known on the evening of ``day``.

    Args:
        day: The evening.
        tables: The canonical tables of the company.
        is_last_seen: The rows were last seen that evening: a deal that no later change is recorded of stands as its
            row says, also where its history says less.
        open_stages: Stages of the sales process; those that the data shows of open deals if absent.
    """
    known = dict(tables)
    for name, rule in _RULES.items():
        if name in tables:
            known[name] = rule(tables[name], day)
    known["opportunities"] = _opportunities(tables, day, is_last_seen, open_stages)
    if "credits" in tables:
        held = [known[name] for name in ("opportunities", "credit_notes") if name in known]
        known["credits"] = _credits(tables, ibis.union(*held) if len(held) > 1 else held[0], day)
    if "reps" in tables:
        known["reps"] = _reps(
            tables["reps"], [known[name] for name in ("opportunities", "credit_notes", "credits") if name in known], day
        )
    return known


def later_rows(day: date, tables: Tables) -> ir.Table:
    """Rows that say something of a day after ``day``: one row per table, ``n_later``."""
    counts = [
        table.filter(reduce(or_, (_on(table[column]) > day for column in columns))).agg(n_later=_.count())
        for name, columns in _DATED.items()
        if (table := tables.get(name)) is not None
    ]
    return ibis.union(*counts)


def _until(column: str, *later: str) -> Callable[[ir.Table, date], ir.Table]:
    """A rule: keep rows whose date ``column`` had come; blank the ``later`` columns that had not."""

    def rule(table: ir.Table, day: date) -> ir.Table:
        here = table.filter(_on(table[column]) <= day)
        return here.mutate(**{name: _known(here[name], day) for name in later})

    return rule


def _on(column: ir.Value) -> ir.Value:
    """The day of a date or moment."""
    return column.date() if column.type().is_timestamp() else column


def _known(column: ir.Value, day: date) -> ir.Value:
    return ibis.ifelse(_on(column) <= day, column, ibis.null(column.type()))


def _reps(table: ir.Table, held: Sequence[ir.Table], day: date) -> ir.Table:
    """Reps who had started, whose start is not recorded, or who held a deal already; a later leaving was not known."""
    holders = ibis.union(*(each.select(holder=_.rep_id) for each in held)).distinct()
    # A joiner of next month may hold a leaver's deals today: without the rep these would be nobody's.
    here = table.left_join(holders, table.rep_id == holders.holder)
    here = here.filter(here.started_on.isnull() | (here.started_on <= day) | here.holder.notnull())
    return here.mutate(ended_on=_known(here.ended_on, day)).select(*table.columns)


def _team_members(table: ir.Table, day: date) -> ir.Table:
    here = table.filter(table.from_on.isnull() | (table.from_on <= day))
    return here.mutate(to_on=_known(here.to_on, day))


def _leads(table: ir.Table, day: date) -> ir.Table:
    moments = ("assigned_at", "first_touch_at", "qualified_at")
    dated = table.mutate(
        assigned_later=(_.assigned_at.date() > day).fill_null(False),
        qualified_later=(_.qualified_at.date() > day).fill_null(False),
    )
    here = _until("created_at", *moments)(dated, day)
    return here.mutate(
        # An owner or a deal that came with a later moment was not known; without the moment it is kept.
        rep_id=ibis.ifelse(_.assigned_later, ibis.null("string"), _.rep_id),
        converted_opportunity_id=ibis.ifelse(_.qualified_later, ibis.null("string"), _.converted_opportunity_id),
    ).select(*table.columns)


def _visits(table: ir.Table, day: date) -> ir.Table:
    here = table.filter(table.entered_on <= day)
    left = here.left_on <= day
    return here.mutate(
        left_on=ibis.ifelse(left, here.left_on, ibis.null("date")),
        next_stage=ibis.ifelse(left, here.next_stage, ibis.null("string")),
        days=ibis.ifelse(left, here.days, ibis.null("int64")),
    )


_DATED = {
    "opportunities": ("created_on", "closed_on"),
    "credit_notes": ("closed_on",),
    "reps": ("started_on", "ended_on"),
    "team_members": ("from_on", "to_on"),
    "leads": ("created_at", "assigned_at", "first_touch_at", "qualified_at"),
    "stage_history": ("changed_at",),
    "activities": ("done_at",),
    "subscriptions": ("changed_on",),
    "satisfaction": ("asked_on",),
    "tool_seats": ("from_on", "to_on"),
    "tool_usage": ("week_on",),
    "tool_survey": ("asked_on",),
}
"""Where a source table says of which day it speaks; what the import derives follows these."""

_RULES: dict[str, Callable[[ir.Table, date], ir.Table]] = {
    "credit_notes": _until("closed_on"),
    "team_members": _team_members,
    "leads": _leads,
    "stage_history": _until("changed_at"),
    "spans": _until("valid_from", "valid_to"),
    "visits": _visits,
    "activities": _until("done_at"),
    "subscriptions": _until("changed_on"),
    "satisfaction": _until("asked_on"),
    "tool_seats": _until("from_on", "to_on"),
    "tool_usage": _until("week_on"),
    "tool_survey": _until("asked_on"),
}


def _opportunities(tables: Tables, day: date, is_last_seen: bool, open_stages: Sequence[str]) -> ir.Table:
    """Deals that existed, with those closed later open again as they stood that evening."""
    stored = tables["opportunities"]
    # A deal without a creation date that has closed since is not known to have been there.
    known_from = ibis.coalesce(stored.created_on, stored.closed_on)
    deals = stored.filter(known_from.isnull() | (known_from <= day)).mutate(
        was_open=(_.status == "open") | (_.closed_on > day).fill_null(False)
    )
    deals = _without_closed_stages(deals, tables, open_stages)
    deals = _owners_team(_state_then(deals, tables, day, is_last_seen), tables, day)
    reopened = deals.was_open & (deals.status != "open")
    return deals.mutate(
        status=ibis.ifelse(deals.was_open, "open", deals.status),
        closed_on=ibis.ifelse(deals.was_open, ibis.null("date"), deals.closed_on),
        lost_reason=ibis.ifelse(reopened, ibis.null("string"), deals.lost_reason),
    ).select(*stored.columns)


def _without_closed_stages(deals: ir.Table, tables: Tables, open_stages: Sequence[str]) -> ir.Table:
    """A deal that was open then was not yet in a stage that only closed deals are in."""
    is_undone = deals.was_open & (deals.status != "open")
    if open_stages:
        keeps = deals.stage.isin(list(open_stages))
        return deals.mutate(stage=ibis.ifelse(is_undone & ~keeps, ibis.null("string"), deals.stage))
    stored = tables["opportunities"]
    seen = stored.filter(stored.status == "open").select(open_stage=_.stage)
    if "spans" in tables:
        spans = tables["spans"]
        seen = seen.union(spans.filter(~spans.stage.isin(CLOSED_STAGES)).select(open_stage=_.stage))
    seen = seen.filter(_.open_stage.notnull()).distinct()
    joined = deals.left_join(seen, deals.stage == seen.open_stage)
    stage = ibis.ifelse(is_undone & joined.open_stage.isnull(), ibis.null("string"), joined.stage)
    return joined.mutate(stage=stage).select(*deals.columns)


def _state_then(deals: ir.Table, tables: Tables, day: date, is_last_seen: bool) -> ir.Table:
    """Open deals take stage, amount, expected close and owner from the span of that evening."""
    if "spans" not in tables:
        return deals
    spans = tables["spans"]
    then = spans.filter(
        (spans.valid_from <= day) & (spans.valid_to.isnull() | (spans.valid_to > day)),
        *([spans.valid_to.notnull()] if is_last_seen else []),
    ).select(
        span_deal=_.opportunity_id,
        then_from=_.valid_from,
        then_stage=_.stage,
        then_amount=_.amount,
        then_expected=_.expected_close_on,
        then_rep=_.rep_id,
    )
    joined = deals.left_join(then, deals.opportunity_id == then.span_deal)
    known = joined.was_open & joined.span_deal.notnull()
    # Won or lost by that evening and opened again later: it stood as closed.
    had_ended = known & joined.then_stage.isin(CLOSED_STAGES)
    return joined.mutate(
        was_open=joined.was_open & ~had_ended,
        status=ibis.ifelse(had_ended, joined.then_stage, joined.status),
        closed_on=ibis.ifelse(had_ended, joined.then_from, joined.closed_on),
        stage=ibis.ifelse(had_ended, ibis.null("string"), ibis.ifelse(known, joined.then_stage, joined.stage)),
        amount=ibis.ifelse(known, joined.then_amount, joined.amount),
        expected_close_on=ibis.ifelse(known, joined.then_expected, joined.expected_close_on),
        rep_id=ibis.ifelse(known, ibis.coalesce(joined.then_rep, joined.rep_id), joined.rep_id),
    ).select(*deals.columns)


def _owners_team(deals: ir.Table, tables: Tables, day: date) -> ir.Table:
    """A closed deal keeps its team; an open one belongs to its owner's team of that day."""
    if "team_members" not in tables:
        return deals
    members = tables["team_members"]
    team = (
        members.filter(
            members.from_on.isnull() | (members.from_on <= day), members.to_on.isnull() | (members.to_on >= day)
        )
        .group_by(member=members.rep_id)
        .agg(team_then=_.team_id.max())
    )
    joined = deals.left_join(team, deals.rep_id == team.member)
    return joined.mutate(team_id=ibis.ifelse(joined.was_open, joined.team_then, joined.team_id)).select(*deals.columns)


def _credits(tables: Tables, deals: ir.Table, day: date) -> ir.Table:
    """Credits of the deals that existed; the shares of a deal open then are of its amount then."""
    stored = tables["credits"]
    shares = stored.join(deals.select("opportunity_id", is_open=_.status == "open"), "opportunity_id")
    shares = shares.mutate(was_open=_.is_open).select(*stored.columns, "was_open")
    shares = _owners_team(shares, tables, day)
    return credited_amounts(shares.select("opportunity_id", "rep_id", "share", "book", "team_id"), deals).select(
        *stored.columns
    )
