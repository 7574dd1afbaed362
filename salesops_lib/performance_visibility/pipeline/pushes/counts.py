"""Moves of close dates: how often a deal's was put off, and what became of the deals that were due in a quarter.

Tables in: ``spans`` (made from ``stage_history``) and ``opportunities``. Tables out: expressions, and additive counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
from ibis import _

from salesops_lib.data.as_known import CLOSED_STAGES
from salesops_lib.measures import deals, how_many, recorded_in_history, total, within
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.performance_visibility.windows import first_day_of_closings
from salesops_lib.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

    from salesops_lib.data.crm import Crm

NO_SEGMENT = "No segment"


def dated_spans(spans: ir.Table) -> ir.Table:
    """Spans of open deals with an expected close date, with its ``place`` among the deal's and the ``days`` it moved.

    More than 0 days is a push, less is pulling in; the first date of a deal has not moved.
    """
    in_order = ibis.window(group_by="opportunity_id", order_by="valid_from")
    dated = spans.filter(~_.stage.isin(CLOSED_STAGES), _.expected_close_on.notnull())
    dated = dated.mutate(before=_.expected_close_on.lag().over(in_order), place=ibis.row_number().over(in_order))
    return dated.mutate(days=dated.expected_close_on.delta(dated.before, unit="day").cast("int64").fill_null(0))


def close_date_moves(crm: Crm) -> ir.Table:
    """How often the expected close date of each open deal was moved; a move to a later day is a push.

    One row per open deal that ever had one (``moved_deal``): ``n_moves``, ``n_pushes``, ``pushed_days`` (of
    all together) and ``first_close_on``, the first date written down. Several moves within one day count as one.
    """
    still_open = crm.opportunities.filter(_.status == "open")
    moves = dated_spans(crm.spans.semi_join(still_open, "opportunity_id"))
    return moves.group_by(moved_deal=moves.opportunity_id).agg(
        n_moves=how_many(moves.days != 0),
        n_pushes=how_many(moves.days > 0),
        pushed_days=ibis.greatest(moves.days, 0).sum().cast("int64"),
        first_close_on=ibis.ifelse(moves.place == 0, moves.expected_close_on, ibis.null("date")).max(),
    )


def quarters_to(crm: Crm, last: Period, n_quarters: int) -> list[Period]:
    """The quarters that end with ``last``, oldest first, as far as the data holds closed deals; always ``last``."""
    known_from = first_day_of_closings(crm)
    before = crm.calendar.last(last, n_quarters)[:-1]
    return [*(each for each in before if each.start >= known_from), last]


def due_cells(crm: Crm, quarters: Sequence[Period], *, by: Sequence[str]) -> pd.DataFrame:
    """Deals that were due in each quarter when it began, and what became of them, as additive counts and amounts.

    One row per value of ``by``: ``quarter``, ``rep_id`` (owner on the evening before the quarter), ``segment``,
    ``month`` (in which the deal was due). Amounts are those of that evening. On the last evening known of the quarter,
    every deal due is won, lost, pushed (open, with a close date beyond the quarter or none) or still due (open, with a
    date in the quarter or before it). ``n_pushed_by_then`` counts pushes on the evening as many days into the quarter
    as the data has reached of the last one. Pulled in are deals that were due later, or at no known time, and that were
    won in the quarter or are now due in it. A deal counts in every quarter in which it was due.
    """
    rows = _due_deals(crm, quarters)
    due, pushed, pulled = rows.is_due, rows.is_pushed, rows.is_pulled_in
    marks = {
        "due": due, "pushed": pushed, "won": due & (rows.end_stage == "won"), "lost": due & (rows.end_stage == "lost"),
        "still_due": due & rows.is_open & ~rows.is_pushed, "pulled_in": pulled,
        "pushed_by_then": rows.is_pushed_by_then,
    }  # fmt: skip
    sums = {f"n_{name}": how_many(mark) for name, mark in marks.items()}
    for name, mark in (("due", due), ("pushed", pushed), ("pulled_in", pulled)):
        amount = ibis.ifelse(mark, rows.amount, 0)
        sums |= {f"{name}_amount": total(amount), f"{name}_squares": total(amount.cast("float64") ** 2)}
    return crm.fetch(rows.group_by(list(by)).agg(**sums).order_by(list(by)))


def due_by_rep(crm: Crm, quarters: Sequence[Period]) -> pd.DataFrame:
    """Deals each rep had due, how many were pushed, and what dealing out everyone's pushes by chance would give.

    One row per ``rep_id`` (owner on the evening before the quarter) with ``n_due``, ``n_pushed`` and
    ``pushed_amount``. A deal counts once, in the first quarter in which it was due. Pushes are dealt out among the
    deals of a segment due in one month; over those strata of a rep, ``usual`` is the mean of the pushes, ``variance``
    and ``third_moment`` (about the mean) say how they scatter, ``fewest`` and ``most`` are the least and the largest
    number possible.
    """
    in_order = ibis.window(group_by="deal", order_by="first_on")
    rows = _due_deals(crm, quarters).filter(_.is_due)
    rows = rows.mutate(place=ibis.row_number().over(in_order)).filter(_.place == 0)
    cells = rows.group_by("rep_id", "segment", "month").agg(
        n=how_many(rows.is_due),
        n_pushed=how_many(rows.is_pushed),
        amount=total(ibis.ifelse(rows.is_pushed, rows.amount, 0)),
    )
    everyone = ibis.window(group_by=["segment", "month"])
    cells = cells.mutate(n_all=cells.n.sum().over(everyone), n_all_pushed=cells.n_pushed.sum().over(everyone))
    share, others = cells.n_all_pushed / cells.n_all, cells.n_all - cells.n
    mean = cells.n * share
    variance = mean * (1 - share) * others / ibis.greatest(cells.n_all - 1, 1)
    third = variance * (1 - 2 * share) * (others - cells.n) / ibis.greatest(cells.n_all - 2, 1)
    by_rep = cells.group_by("rep_id").agg(
        n_due=cells.n.sum(),
        n_pushed=cells.n_pushed.sum(),
        pushed_amount=cells.amount.sum(),
        usual=mean.sum(),
        variance=variance.sum(),
        third_moment=third.sum(),
        fewest=ibis.greatest(cells.n_all_pushed - others, 0).sum(),
        most=ibis.least(cells.n, cells.n_all_pushed).sum(),
    )
    return crm.fetch(by_rep.order_by("rep_id"))


def _due_deals(crm: Crm, quarters: Sequence[Period]) -> ir.Table:
    """One row per quarter and deal that was due in it when it began or that was pulled into it."""
    rows = _then(crm, _evenings(crm, quarters))
    rows = _with_state(crm, _with_state(crm, rows, "end"), "point")
    rows = rows.mutate(
        is_due=(rows.due_on <= rows.last_on).fill_null(False),
        is_open=~rows.end_stage.isin(CLOSED_STAGES),
        is_back=rows.end_due.between(rows.first_on, rows.last_on).fill_null(False),
        is_later=(rows.end_due > rows.last_on).fill_null(True),
        was_later=(rows.point_due > rows.last_on).fill_null(True) & ~rows.point_stage.isin(CLOSED_STAGES),
    )
    rows = rows.mutate(
        is_pushed=rows.is_due & rows.is_open & rows.is_later,
        is_pushed_by_then=rows.is_due & rows.was_later,
        is_pulled_in=~rows.is_due & ((rows.end_stage == "won") | (rows.is_open & rows.is_back)),
    ).filter(_.is_due | _.is_pulled_in)
    known = deals(crm).select(known_deal=_.opportunity_id, owner=_.rep_id, segment=_.segment.fill_null(NO_SEGMENT))
    rows = rows.inner_join(known, rows.deal == known.known_deal)
    rows = with_fiscal(crm, rows, "due_on", keep_undated=True, month="month")
    return rows.mutate(rep_id=ibis.coalesce(rows.then_rep, rows.owner))


def _evenings(crm: Crm, quarters: Sequence[Period]) -> ir.Table:
    """Each quarter's first and last day, the last evening known of it, and the one as far in as the last quarter is."""
    last = quarters[-1]
    days_over = (min(last.end, crm.as_of) - last.start).days + 1
    is_whole = last.end <= crm.as_of
    days = crm.periods.filter(within(_.date, Period(last.label, "quarter", quarters[0].start, last.end)))
    days = days.mutate(place=ibis.row_number().over(ibis.window(group_by="quarter", order_by="date")))
    is_known = days.date <= ibis.date(str(crm.as_of))
    in_time = is_known if is_whole else is_known & (days.place < days_over)
    return days.group_by("quarter").agg(
        first_on=days.date.min(),
        last_on=days.date.max(),
        end_on=ibis.ifelse(is_known, days.date, ibis.null("date")).max(),
        point_on=ibis.ifelse(in_time, days.date, ibis.null("date")).max(),
    )


def _then(crm: Crm, evenings: ir.Table) -> ir.Table:
    """Deals open on the evening before each quarter, but those whose close date had passed."""
    # Dates that the history does not tell stand as last seen: of those nobody knows whether they moved.
    spans = crm.spans.filter(ibis.literal("expected_close_on" in recorded_in_history(crm)))
    held = [
        spans.valid_from < evenings.first_on,
        spans.valid_to.isnull() | (spans.valid_to >= evenings.first_on),
        spans.expected_close_on.isnull() | (spans.expected_close_on >= evenings.first_on),
    ]
    return (
        spans.inner_join(evenings, held)
        .filter(~_.stage.isin(CLOSED_STAGES))
        .select(
            "quarter", "first_on", "last_on", "end_on", "point_on", deal=_.opportunity_id, due_on=_.expected_close_on,
            amount=_.amount, then_rep=_.rep_id,
        )
    )  # fmt: skip


def _with_state(crm: Crm, rows: ir.Table, evening: str) -> ir.Table:
    """Add stage and close date of each deal on the evening ``<evening>_on``."""
    states = crm.spans.select(
        **{f"{evening}_deal": _.opportunity_id, f"{evening}_from": _.valid_from, f"{evening}_to": _.valid_to,
           f"{evening}_stage": _.stage, f"{evening}_due": _.expected_close_on}
    )  # fmt: skip
    first, after = states[f"{evening}_from"], states[f"{evening}_to"]
    day = rows[f"{evening}_on"]
    held = [rows.deal == states[f"{evening}_deal"], first <= day, after.isnull() | (after > day)]
    return rows.inner_join(states, held).drop(f"{evening}_deal", f"{evening}_from", f"{evening}_to")


def named(crm: Crm, rows: ir.Table) -> ir.Table:
    """Deals with ``rep_name``, the owner's name or else key, and ``account``, its name; missing where there is none."""
    reps = crm.reps.select(rep=_.rep_id, rep_name=_.name)
    rows = rows.left_join(reps, rows.rep_id == reps.rep).drop("rep")
    # An owner whose first day is later than the report's is not known yet.
    rows = rows.mutate(rep_name=rows.rep_name.coalesce(rows.rep_id))
    if not crm.has("accounts"):
        return rows.mutate(account=ibis.null("string"))
    accounts = crm.accounts.select(account_key=_.account_id, account=_.name)
    return rows.left_join(accounts, rows.account_id == accounts.account_key).drop("account_key")
