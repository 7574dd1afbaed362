"""Marts: what the import works out once, so that no report works it out again.

``opportunities.team_id`` and ``credits`` put every deal where it belonged when it closed. ``spans``
and ``visits`` turn the stage history into states and stays, which as-of pictures, waterfalls and
stage conversion read. ``periods`` is the fiscal calendar by day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import ibis
from ibis import _

from salesops_lib.data.crediting import credited_amounts, full_credit
from salesops_lib.data.schemas import OPPORTUNITIES, TABLES

if TYPE_CHECKING:
    import ibis.expr.types as ir

Tables = dict[str, "ir.Table"]

ENDINGS = ("won", "lost")
"""What a stage is called once a deal is closed."""
MAY_BE_BLANK = ("amount", "expected_close_on", "rep_id")
"""What a change of a deal need not tell."""


def source_expression(name: str) -> ir.Table:
    """A canonical table as the source provides it: without the columns that the import derives."""
    return ibis.table({column.name: column.type for column in TABLES[name].source_columns}, name=name)


def derived_tables(
    present: Sequence[str],
    *,
    as_of: date,
    open_stages: Sequence[str],
    blank: Sequence[str] = (),
    has_credit_notes: bool = False,
) -> Tables:
    """The tables that replace or join the source's: expressions over the source tables present.

    Args:
        present: Names of the source tables there are.
        as_of: The evening that the data speaks of; open deals belong to their owner's team then.
        open_stages: Stages of the sales process, in order; a history row of any other stage ends a visit.
        blank: Columns of the stage history that some row leaves blank.
        has_credit_notes: Some won row has a negative amount; such rows make a table of their own.
    """
    tables = {name: source_expression(name) for name in present}
    tables["opportunities"] = _with_owner_at_closing(tables)
    rows = tables["opportunities"]
    placed = _with_team(rows, rows, tables, as_of).select(*OPPORTUNITIES.types())
    derived, deals = {"opportunities": placed}, rows
    if has_credit_notes:
        deals = rows.filter(~is_credit_note(rows))
        derived = {
            "opportunities": placed.filter(~is_credit_note(placed)),
            "credit_notes": placed.filter(is_credit_note(placed)),
        }
    derived["credits"] = _credits(tables, as_of)
    if "stage_history" in tables:
        changes = _with_blanks_filled(_changes(tables["stage_history"], deals, open_stages), deals, blank)
        derived["spans"] = _spans(changes, deals)
        derived["visits"] = _visits(changes, deals)
    return derived


def _with_owner_at_closing(tables: Tables) -> ir.Table:
    """The deals; one that closed belongs to whom the history names last by the closing day, whoever has it today."""
    deals = tables["opportunities"]
    if "stage_history" not in tables:
        return deals
    closed = deals.filter(deals.status != "open", deals.closed_on.notnull())
    days = closed.select(closed_deal=_.opportunity_id, day=_.closed_on)
    told = tables["stage_history"].filter(_.rep_id.notnull())
    told = told.inner_join(days, told.opportunity_id == days.closed_deal).filter(_.changed_at.date() <= _.day)
    latest = ibis.window(group_by="closed_deal", order_by=ibis.desc("changed_at"))
    owners = told.mutate(place=ibis.row_number().over(latest)).filter(_.place == 0)
    owners = owners.select("closed_deal", then_owner=_.rep_id)
    rows = deals.left_join(owners, deals.opportunity_id == owners.closed_deal)
    return rows.mutate(rep_id=ibis.coalesce(rows.then_owner, rows.rep_id)).select(*deals.columns)


def is_credit_note(rows: ir.Table) -> ir.Value:
    """Whether a row takes back what was won: it lowers bookings, and nobody decided on it as on a deal."""
    return (rows.status == "won") & (rows.amount < 0).fill_null(False)


def n_credit_notes(rows: ir.Table) -> ir.Table:
    """How many credit notes there are, as ``n``."""
    return rows.filter(is_credit_note(rows)).agg(n=_.count())


def _with_team(rows: ir.Table, deals: ir.Table, tables: Tables, as_of: date) -> ir.Table:
    """Add ``team_id``: the team of ``rows.rep_id`` on the day the deal closed, or as of now."""
    if "team_members" not in tables:
        return rows.mutate(team_id=ibis.null("string"))
    days = deals.select(deal=deals.opportunity_id, day=ibis.coalesce(deals.closed_on, ibis.date(str(as_of))))
    stays = tables["team_members"].select(member=_.rep_id, member_team=_.team_id, first=_.from_on, last=_.to_on)
    placed = rows.inner_join(days, rows.opportunity_id == days.deal)
    placed = placed.left_join(
        stays,
        [
            placed.rep_id == stays.member,
            stays.first.isnull() | (stays.first <= placed.day),
            stays.last.isnull() | (stays.last >= placed.day),
        ],
    )
    return placed.mutate(team_id=placed.member_team).select(*rows.columns, "team_id")


def _credits(tables: Tables, as_of: date) -> ir.Table:
    deals = tables["opportunities"]
    shares = full_credit(deals)
    if "credits" in tables:
        given = tables["credits"]
        has_main = given.filter(given.book == "main").select("opportunity_id").distinct()
        without = deals.anti_join(has_main, "opportunity_id")
        shares = given.select(*shares.columns).union(full_credit(without))
    placed = _with_team(shares, deals, tables, as_of)
    return credited_amounts(placed, deals).select(*TABLES["credits"].types())


def _changes(history: ir.Table, deals: ir.Table, open_stages: Sequence[str]) -> ir.Table:
    """Changes of deals until they closed for good; an ending that was undone is a stay in ``won`` or ``lost``."""
    closing = deals.select(deal=deals.opportunity_id, deal_created_on=deals.created_on, deal_closed_on=deals.closed_on)
    rows = history.inner_join(closing, history.opportunity_id == closing.deal)
    is_open_stage = rows.stage.isin(list(open_stages)) if open_stages else ~rows.stage.lower().isin(ENDINGS)
    rows = rows.mutate(changed_on=rows.changed_at.date(), is_open_stage=is_open_stage)
    rows = rows.filter(rows.deal_closed_on.isnull() | (rows.changed_on <= rows.deal_closed_on))
    # Only what was opened again ended before its end: the last ending is the deal's own.
    last_open = ibis.ifelse(rows.is_open_stage, rows.changed_at, ibis.null("timestamp")).max()
    rows = rows.mutate(last_open=last_open.over(ibis.window(group_by="opportunity_id")))
    rows = rows.filter(rows.is_open_stage | (rows.changed_at < rows.last_open))
    endings = _endings(deals)
    rows = rows.left_join(endings, rows.stage == endings.closed_stage)
    lower = rows.stage.lower()
    ending = ibis.ifelse(lower.isin(ENDINGS), lower, rows.ending)
    rows = rows.mutate(stage=ibis.ifelse(rows.is_open_stage, rows.stage, ending)).filter(_.stage.notnull())
    return rows.select("opportunity_id", "changed_at", "stage", "amount", "expected_close_on", "rep_id", "changed_on")


def _endings(deals: ir.Table) -> ir.Table:
    """What a closed deal's stage means, won or lost, where all deals that closed in it closed alike."""
    closed = deals.filter(deals.status != "open", deals.stage.notnull())
    by_stage = closed.group_by(closed_stage=closed.stage).agg(ending=_.status.min(), other=_.status.max())
    return by_stage.filter(_.ending == _.other).select("closed_stage", "ending")


def _with_blanks_filled(changes: ir.Table, deals: ir.Table, columns: Sequence[str]) -> ir.Table:
    """Changes whose blanks keep the value of the change before: a new stage alone says nothing of amount or owner.

    Where the whole history of a deal is silent the deal's own value stands. Blanks before a deal's first value stay:
    the deal had none yet.
    """
    if not columns:
        return changes
    so_far = ibis.cumulative_window(group_by="opportunity_id", order_by="changed_at")
    of_deal = ibis.window(group_by="opportunity_id")
    # The rows with as many values before them as this one hold that one value, and blanks.
    same_value = ibis.window(group_by=["opportunity_id", "n_so_far"])
    own = deals.select(own_deal=_.opportunity_id, **{f"own_{column}": deals[column] for column in columns})
    rows = changes.inner_join(own, changes.opportunity_id == own.own_deal)
    for column in columns:
        rows = rows.mutate(n_so_far=rows[column].count().over(so_far), n_told=rows[column].count().over(of_deal))
        before = rows[column].max().over(same_value)
        rows = rows.mutate(**{column: ibis.ifelse(rows.n_told > 0, before, rows[f"own_{column}"])})
    return rows.select(*changes.columns)


def blank_counts(history: ir.Table) -> ir.Table:
    """How many rows of a stage history there are (``n``), and how many fill each column that may be blank."""
    return history.agg(n=_.count(), **{name: history[name].count() for name in MAY_BE_BLANK})


def _spans(changes: ir.Table, deals: ir.Table) -> ir.Table:
    """States by evening: the last change of each day, then won or lost from the closing day on."""
    last_of_day = ibis.window(group_by=["opportunity_id", "changed_on"], order_by=ibis.desc("changed_at"))
    evenings = changes.mutate(place=ibis.row_number().over(last_of_day)).filter(_.place == 0)
    closings = deals.filter(deals.status != "open", deals.closed_on.notnull()).select(
        "opportunity_id", "amount", "rep_id", "closed_on", stage=deals.status
    )
    closed = closings.select(
        "opportunity_id", "stage", "amount", "rep_id", expected_close_on=_.closed_on, valid_from=_.closed_on
    )
    states = evenings.select(
        "opportunity_id", "stage", "amount", "rep_id", "expected_close_on", valid_from=_.changed_on
    ).anti_join(closed, ["opportunity_id", "valid_from"])
    states = states.union(closed)
    by_day = ibis.window(group_by="opportunity_id", order_by="valid_from")
    return states.mutate(valid_to=_.valid_from.lead().over(by_day)).select(*TABLES["spans"].types())


def _visits(changes: ir.Table, deals: ir.Table) -> ir.Table:
    """Stays in a stage: consecutive changes within one stage are one stay."""
    in_order = ibis.window(group_by="opportunity_id", order_by="changed_at")
    entries = changes.mutate(before=_.stage.lag().over(in_order))
    entries = entries.filter(entries.before.isnull() | (entries.before != entries.stage))
    entries = entries.mutate(next_entry=_.changed_on.lead().over(in_order), stage_after=_.stage.lead().over(in_order))
    # An ending that was undone ends a stay; it is none itself.
    entries = entries.filter(~entries.stage.isin(ENDINGS))
    entries = entries.mutate(visit=(ibis.row_number().over(in_order) + 1).cast("int64"))
    ends = deals.select(end_deal=deals.opportunity_id, end_on=deals.closed_on, end_status=deals.status)
    stays = entries.inner_join(ends, entries.opportunity_id == ends.end_deal)
    is_closed = stays.end_status != "open"
    stays = stays.mutate(
        entered_on=_.changed_on,
        left_on=ibis.coalesce(stays.next_entry, ibis.ifelse(is_closed, stays.end_on, ibis.null("date"))),
        next_stage=ibis.coalesce(stays.stage_after, ibis.ifelse(is_closed, stays.end_status, ibis.null("string"))),
    )
    return stays.mutate(days=stays.left_on.delta(stays.entered_on, unit="day").cast("int64")).select(
        *TABLES["visits"].types()
    )
