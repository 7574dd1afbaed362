"""Moves of the pipeline: what each deal did between two evenings, in whole cents, so that every deal adds up.

An expression with one row per deal; the engine sums it. A deal's start and end are read from the two evenings
and never from its moves, so that a deal whose moves are wrong does not balance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

import ibis
from ibis import _

from salesops_lib.data.as_known import CLOSED_STAGES
from salesops_lib.errors import PeriodError, TableError
from salesops_lib.measures import how_many, within
from salesops_lib.performance_visibility.windows import report_month
from salesops_lib.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

    from salesops_lib.data.crm import Crm

Form = Literal["rolling", "period"]
Level = Literal["company", "team", "rep"]

SIGNS = {
    "new": 1, "appeared": 1, "received": 1, "pulled_in": 1, "slipped_in": 1, "increased": 1, "decreased": -1,
    "pushed_out": -1, "pulled_ahead": -1, "handed_on": -1, "lost": -1, "won": -1,
}  # fmt: skip
"""Every step from start to end, in the order shown, and whether it adds to the pipeline or takes from it."""

HANDED = ("received", "handed_on")
"""Steps between two teams or reps; they cancel in the company and are no part of a deal's own sum."""

OWN_SIGNS = {step: sign for step, sign in SIGNS.items() if step not in HANDED}

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """Two evenings, and the period whose pipeline is followed; the whole pipeline without one."""

    start_on: date
    end_on: date
    target: Period | None = None


def window_of(
    crm: Crm, period: Period, form: Form, *, start_on: date | None, end_on: date | None, target: str | None
) -> Window:
    """The two evenings and the period followed, as asked for or as usual.

    Errors:
        PeriodError: The evenings are not in order, the last one is not known yet, or the target is no period.
    """
    month = report_month(crm.calendar, period, crm.as_of)
    first = start_on or month.start - DAY
    last = end_on or min(month.end, crm.as_of)
    if last <= first:
        raise PeriodError(
            f"A waterfall runs from one evening to a later one, and {first} is not before {last}. "
            "Choose a `start_on` before `end_on`."
        )
    if last > crm.as_of:
        raise PeriodError(f"The data speaks of the evening of {crm.as_of}. Choose an `end_on` no later than that.")
    if form == "rolling":
        return Window(first, last)
    chosen = crm.calendar.period(target) if target else crm.calendar.containing(last + DAY, "quarter")
    return Window(first, last, chosen)


def evenings(crm: Crm, window: Window) -> ir.Table:
    """Every deal as it stood on both evenings, side by side: ``then_`` and ``now_``; missing where it was not there."""
    name = f"evenings_{window.start_on:%Y_%m_%d}_{window.end_on:%Y_%m_%d}"
    return crm.kept(name, lambda: side_by_side(crm.at(window.start_on), crm.at(window.end_on)))


def is_followed(crm: Crm, window: Window) -> bool:
    """Whether any deal was open on either evening, with an expected close date where that decides what counts."""
    rows = evenings(crm, window)
    then, now = rows.then_status == "open", rows.now_status == "open"
    if window.target is not None:
        then, now = then & rows.then_due.notnull(), now & rows.now_due.notnull()
    counts = crm.fetch(rows.agg(n_then=how_many(then.fill_null(False)), n_now=how_many(now.fill_null(False))))
    return bool(counts.to_numpy().sum() > 0)


def waterfall_moves(crm: Crm, window: Window) -> ir.Table:
    """What each deal did between the evenings; one row per deal in the pipeline on either of them or in between.

    Columns beside those of ``evenings``: ``<step>_cents``, a positive number, and ``is_<step>`` for start, end and
    every step but handing on; ``is_without_amount``; and ``residual_cents``, what the steps leave unexplained.
    """
    rows = _with_steps(_with_places(evenings(crm, window), window.target), window.target)
    amounts = {
        "start": rows.then_cents, "new": rows.out_cents, "appeared": rows.out_cents, "pulled_in": rows.then_cents,
        "slipped_in": rows.then_cents, "increased": rows.change_cents, "decreased": -rows.change_cents,
        "pushed_out": rows.then_cents, "pulled_ahead": rows.then_cents, "lost": rows.out_cents, "won": rows.out_cents,
        "end": rows.now_cents,
    }  # fmt: skip
    rows = rows.filter(rows.is_start | rows.stays).mutate(
        **{f"{step}_cents": ibis.ifelse(rows[f"is_{step}"], cents, 0) for step, cents in amounts.items()}
    )
    moved = sum((rows[f"{step}_cents"] * sign for step, sign in OWN_SIGNS.items()), ibis.literal(0))
    came_with = ibis.ifelse(rows.was_open, rows.then_cents, rows.out_cents)
    return rows.mutate(
        is_without_amount=(came_with == 0) | (rows.stays & (rows.out_cents == 0)),
        residual_cents=(rows.start_cents + moved - rows.end_cents).cast("int64"),
    )


def side_by_side(before: Crm, after: Crm) -> ir.Table:
    """What ``evenings`` stands for, spelt out."""
    then = before.opportunities.select(
        then_id=_.opportunity_id, then_status=_.status, then_cents=_cents(_.amount), then_due=_.expected_close_on,
        then_rep=_.rep_id, then_team=_.team_id.fill_null(""),
    )  # fmt: skip
    now = after.opportunities.select(
        "account_id", "created_on", "closed_on", now_id=_.opportunity_id, now_status=_.status,
        now_cents=_cents(_.amount), now_due=_.expected_close_on, now_rep=_.rep_id, now_team=_.team_id.fill_null(""),
    )  # fmt: skip
    rows = then.outer_join(now, then.then_id == now.now_id)
    rows = rows.mutate(opportunity_id=ibis.coalesce(rows.now_id, rows.then_id))
    if not after.has("spans"):
        return rows.mutate(out_cents=rows.now_cents)
    last = after.spans.filter(_.valid_to.notnull(), ~_.stage.isin(CLOSED_STAGES)).select(
        last_id=_.opportunity_id, last_until=_.valid_to, last_cents=_cents(_.amount)
    )
    joined = rows.left_join(last, [rows.now_id == last.last_id, rows.closed_on == last.last_until])
    # A lost deal leaves with what it was last open with: many companies set it to 0 on the day it is lost.
    is_known = (joined.now_status == "lost").fill_null(False) & joined.last_id.notnull()
    return joined.mutate(out_cents=ibis.ifelse(is_known, joined.last_cents, joined.now_cents)).select(
        *rows.columns, "out_cents"
    )


def _cents(amount: ir.Value) -> ir.Value:
    """An amount in whole cents; 0 where none is stated."""
    return (amount.fill_null(0) * 100).round().cast("int64")


def _with_places(rows: ir.Table, target: Period | None) -> ir.Table:
    """Add where the deal was then and is now: in the pipeline followed, elsewhere, or closed since."""
    rows = rows.mutate(
        was_there=rows.then_id.notnull(),
        was_open=(rows.then_status == "open").fill_null(False),
        is_open=(rows.now_status == "open").fill_null(False),
        has_won=(rows.now_status == "won").fill_null(False),
    )
    rows = rows.mutate(
        was_closed=rows.was_there & ~rows.was_open, is_start=rows.was_open & _due_in(rows.then_due, target)
    )
    # A deal due elsewhere comes in when it is won on a day of the target; one that is lost never did.
    comes_in = _due_in(rows.closed_on, target) & (~rows.was_there | rows.has_won)
    closes = rows.now_id.notnull() & ~rows.is_open & ~rows.was_closed & (rows.is_start | comes_in)
    rows = rows.mutate(closes=closes, is_end=rows.is_open & _due_in(rows.now_due, target))
    return rows.mutate(stays=rows.is_end | rows.closes)


def _due_in(day: ir.Value, target: Period | None) -> ir.Value:
    return ibis.literal(True) if target is None else within(day, target).fill_null(False)


def _due_after(day: ir.Value, target: Period | None) -> ir.Value:
    """Beyond the last day of the target, or at no known time."""
    return ibis.literal(False) if target is None else (day > ibis.date(str(target.end))).fill_null(True)


def _with_steps(rows: ir.Table, target: Period | None) -> ir.Table:
    """Add ``is_<step>`` for every step of the deal, and how far the amount of one that stayed in sight changed."""
    rows = rows.mutate(
        enters=rows.stays & ~rows.is_start,
        leaves=rows.is_start & rows.is_open & ~rows.is_end,
        is_unexplained=rows.was_closed | (~rows.was_there & rows.created_on.isnull()),
        change_cents=ibis.ifelse(rows.stays & rows.was_open, rows.out_cents - rows.then_cents, 0),
        was_later=_due_after(rows.then_due, target),
        is_later=_due_after(rows.now_due, target),
    )
    return rows.mutate(
        is_new=rows.enters & ~rows.was_there & ~rows.is_unexplained,
        is_appeared=rows.enters & rows.is_unexplained,
        is_pulled_in=rows.enters & rows.was_open & rows.was_later,
        is_slipped_in=rows.enters & rows.was_open & ~rows.was_later,
        is_increased=rows.change_cents > 0,
        is_decreased=rows.change_cents < 0,
        is_pushed_out=rows.leaves & rows.is_later,
        is_pulled_ahead=rows.leaves & ~rows.is_later,
        is_lost=rows.closes & ~rows.has_won,
        is_won=rows.closes & rows.has_won,
    )


def check_balance(crm: Crm, moves: ir.Table) -> None:
    """Raise ``TableError`` for deals whose start, steps and end do not add up to the cent."""
    apart = moves.filter(_.residual_cents != 0).mutate(residual_amount=_.residual_cents.cast("float64") / 100)
    rows = crm.fetch(apart.select("opportunity_id", "residual_amount").order_by("opportunity_id").limit(1000))
    if len(rows):
        raise TableError(_out_of_balance(rows), rows)


def _out_of_balance(rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    return (
        f"The pipeline waterfall does not add up for {len(rows):,} deals, first `{first['opportunity_id']}`: "
        f"its moves leave {first['residual_amount']:,.2f} unexplained between the two evenings. "
        "Run `make check`, then look at what became of the deal in the CRM."
    )


def with_names(crm: Crm, moves: ir.Table, steps: Sequence[str]) -> ir.Table:
    """The deals with names for keys, how they stood on both evenings, and the cents of each step by its name."""
    reps = crm.reps.select(rep=_.rep_id, rep_name=_.name)
    rows = moves.left_join(reps, moves.now_rep == reps.rep)
    if crm.has("accounts"):
        accounts = crm.accounts.select(account_key=_.account_id, account=_.name)
        rows = rows.left_join(accounts, rows.account_id == accounts.account_key)
    else:
        rows = rows.mutate(account=ibis.null("string"))
    return rows.select(
        "opportunity_id", "account", rep_name=_.rep_name.coalesce(_.now_rep), rep_id=_.now_rep,
        before_amount=ibis.ifelse(rows.was_open, rows.then_cents.cast("float64") / 100, ibis.null("float64")),
        after_amount=rows.out_cents.cast("float64") / 100,
        close_before_on=ibis.ifelse(rows.was_open, rows.then_due, ibis.null("date")),
        close_after_on=ibis.ifelse(rows.is_open, rows.now_due, rows.closed_on),
        **{step: rows[f"{step}_cents"] for step in steps},
    )  # fmt: skip
