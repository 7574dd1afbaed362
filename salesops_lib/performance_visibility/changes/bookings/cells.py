"""Bookings of two periods in cells of team, segment and rep, and the change between them split into its parts.

Bookings = deals decided x win rate x average won deal. Tables in: ``opportunities`` and ``credits``.
Tables out: sums per cell or group, additive, so that every roll-up is counted anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.data.schemas import SHARE
from salesops_lib.measures import credit_notes, deals, how_many, total, within
from salesops_lib.performance_visibility.windows import first_day_of_closings, report_month, same_days_of, to_date
from salesops_lib.periods import Period
from salesops_lib.statistics.differences import false_discovery
from salesops_lib.statistics.parts import shapley_parts

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from numpy.typing import NDArray

    from salesops_lib.data.crm import Crm

Span = Literal["month", "quarter", "year"]
Comparison = Literal["year_before", "previous"]

CELL = ["team_id", "segment", "rep_id"]
SUMS = ["closed", "won", "bookings_amount", "closed_before", "won_before", "before_amount"]
PARTS = ["volume_amount", "mix_amount", "win_rate_amount", "deal_size_amount"]
"""The parts of a change in bookings; the four add up to it."""


@dataclass(frozen=True)
class BookingsWindows:
    """What is reported and what it is held against, each as far as the first has run."""

    now: Period
    before: Period | None
    """Missing where the data reaches back neither to the year before nor to the period before."""
    name: str
    before_name: str
    is_partial: bool


def bookings_windows(crm: Crm, period: Period, span: Span, compare_with: Comparison) -> BookingsWindows:
    """The span that holds the report month, and the same days of the year before or of the span before it."""
    calendar = crm.calendar
    month = report_month(calendar, period, crm.as_of)
    chosen = calendar.containing(min(crm.as_of, month.end), span)
    others = [calendar.previous(chosen)]
    if compare_with == "year_before":
        others.insert(0, calendar.year_before(chosen))
    known_from = first_day_of_closings(crm)
    other = next((each for each in others if each.start >= known_from), None)
    return BookingsWindows(
        now=to_date(chosen, crm.as_of),
        before=None if other is None else same_days_of(other, chosen, crm.as_of),
        name=calendar.title(chosen),
        before_name="" if other is None else calendar.title(other),
        is_partial=crm.as_of < chosen.end,
    )


def shared_deals(crm: Crm, windows: BookingsWindows) -> ir.Table:
    """One row per deal decided in either period and rep credited: ``share`` of the deal, ``booked`` where won.

    Teams are those of the closing day; a missing team or segment is an empty text.
    """
    rows = deals(crm)
    is_now = within(rows.closed_on, windows.now)
    is_either = is_now if windows.before is None else is_now | within(rows.closed_on, windows.before)
    decided = rows.filter(rows.status != "open", is_either).select(
        "opportunity_id", is_now=is_now, is_won=rows.status == "won", segment=rows.segment.fill_null("")
    )
    shares = crm.credits.filter(_.book == "main").select(
        "rep_id", "share", "amount", credited_deal=_.opportunity_id, team_id=_.team_id.fill_null("")
    )
    rows = decided.inner_join(shares, decided.opportunity_id == shares.credited_deal)
    booked = ibis.ifelse(rows.is_won, rows.amount, 0)
    rows = rows.select("opportunity_id", *CELL, "is_now", "is_won", "share", booked=booked)
    notes = credit_notes(crm)
    return rows if notes is None else rows.union(_taken_back(notes, windows).select(*rows.columns))


def _taken_back(notes: ir.Table, windows: BookingsWindows) -> ir.Table:
    """Credit notes as rows of ``shared_deals``: no part of a deal, and an amount below zero."""
    is_now = within(notes.closed_on, windows.now)
    is_either = is_now if windows.before is None else is_now | within(notes.closed_on, windows.before)
    return notes.filter(is_either).select(
        "opportunity_id", "rep_id", team_id=notes.team_id.fill_null(""), segment=notes.segment.fill_null(""),
        is_now=is_now, is_won=ibis.literal(False), share=ibis.literal(0).cast(SHARE), booked=notes.credited_amount,
    )  # fmt: skip


def bookings_cells(crm: Crm, rows: ir.Table) -> pd.DataFrame:
    """Deals decided and won, a shared deal in parts, and bookings of both periods per team, segment and rep."""
    sums = {}
    for ending, here in (("", rows.is_now), ("_before", ~rows.is_now)):
        sums[f"closed{ending}"] = total(ibis.ifelse(here, rows.share, 0))
        sums[f"won{ending}"] = total(ibis.ifelse(here & rows.is_won, rows.share, 0))
    sums["bookings_amount"] = total(ibis.ifelse(rows.is_now, rows.booked, 0))
    sums["before_amount"] = total(ibis.ifelse(rows.is_now, 0, rows.booked))
    return crm.fetch(rows.group_by(CELL).agg(**sums).order_by(CELL))[[*CELL, *SUMS]]


def deal_counts(crm: Crm, rows: ir.Table, by: Sequence[str]) -> pd.DataFrame:
    """Whole deals of each group and the squares of what it booked in each: a deal shared within it counts once."""
    whole = rows.group_by(["opportunity_id", "is_now", "is_won", *by]).agg(booked=total(_.booked))
    counts = whole.group_by(list(by)) if by else whole
    table = counts.agg(
        n_closed=how_many(_.is_now & _.opportunity_id.notnull()),
        n_won=how_many(_.is_now & _.is_won),
        n_closed_before=how_many(~_.is_now & _.opportunity_id.notnull()),
        n_won_before=how_many(~_.is_now & _.is_won),
        squares=(_.booked * _.booked).sum().fill_null(0.0),
    )
    return crm.fetch(table.order_by(list(by)) if by else table)


def cells_with_parts(crm: Crm, rows: ir.Table) -> tuple[pd.DataFrame, bool]:
    """The cells with what win rate and deal size brought to each, and whether there are win rates at all."""
    cells = bookings_cells(crm, rows)
    has_rates = knows_losses(cells)
    return with_cell_parts(cells, has_rates=has_rates), has_rates


def changes_by(crm: Crm, rows: ir.Table, cells: pd.DataFrame, by: list[str], has_rates: bool) -> pd.DataFrame:
    """Sums, parts and whole deals of each group."""
    own, counts = change_of(cells, by, has_rates=has_rates), deal_counts(crm, rows, by)
    return own.merge(counts, on=by) if by else pd.concat([own, counts], axis=1)


def knows_losses(cells: pd.DataFrame) -> bool:
    """Whether both periods have a loss; a source that records none would otherwise read as winning everything."""
    lost, lost_before = cells["closed"] - cells["won"], cells["closed_before"] - cells["won_before"]
    return bool(lost.sum() > 1e-6 and lost_before.sum() > 1e-6)


def with_cell_parts(cells: pd.DataFrame, *, has_rates: bool) -> pd.DataFrame:
    """Add what each cell's win rate and deal size brought to its change: exact, and in whole cents to add up."""
    parts = _three_parts(cells, has_rates)
    return cells.assign(
        exact_parts=parts["win_rate"] + parts["deal_size"],
        win_rate_amount=parts["win_rate"].round(2),
        deal_size_amount=parts["deal_size"].round(2),
    )


def change_of(cells: pd.DataFrame, by: Sequence[str], *, has_rates: bool) -> pd.DataFrame:
    """Sums and parts of the change per group of cells; one row in all without ``by``.

    Win rate and deal size are the sums over the group's cells, volume is worked out on the group's own totals, and
    mix is the rest: the shift of deals between cells of which some bring more per deal than others.
    """
    sums = [*SUMS, "exact_parts", "win_rate_amount", "deal_size_amount"]
    rows = cells.groupby(list(by), sort=True)[sums].sum().reset_index() if by else cells[sums].sum().to_frame().T
    # Sums of decimals are whole cents and millionths; as floats they are so but for the last digits.
    rows = rows.round({name: 2 if name.endswith("_amount") else 6 for name in sums if name != "exact_parts"})
    change = (rows["bookings_amount"] - rows["before_amount"]).round(2)
    volume = _three_parts(rows, has_rates)["volume"]
    mix = (change - volume - rows["exact_parts"]).round(2) + 0.0
    # The cents that rounding leaves over go to volume: a group of one cell then has no mix at all.
    volume = (change - mix - rows["win_rate_amount"] - rows["deal_size_amount"]).round(2) + 0.0
    return rows.assign(change_amount=change, volume_amount=volume, mix_amount=mix).drop(columns="exact_parts")


def _three_parts(rows: pd.DataFrame, has_rates: bool) -> pd.DataFrame:
    """Shapley parts of each row's change: ``volume``, ``win_rate`` and ``deal_size``."""
    now = _factors(rows["closed" if has_rates else "won"], rows["won"], rows["bookings_amount"])
    before = _factors(rows["closed_before" if has_rates else "won_before"], rows["won_before"], rows["before_amount"])
    # What is undefined on one side is taken from the other and moves nothing: without a deal then, all is volume.
    parts = shapley_parts(now.fillna(before).fillna(0.0), before.fillna(now).fillna(0.0))
    return pd.DataFrame(parts, columns=list(now.columns), index=rows.index)


def _factors(closed: pd.Series[float], won: pd.Series[float], booked: pd.Series[float]) -> pd.DataFrame:
    rate, size = won / closed.where(closed > 0), booked / won.where(won > 0)
    return pd.DataFrame({"volume": closed, "win_rate": rate, "deal_size": size})


def change_by_chance(
    change: pd.Series[float], booked: pd.Series[float], squares: pd.Series[float], *, confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """What chance leaves of changes in sums of amounts: lower and upper ends of each, and adjusted p-values.

    Args:
        change: Sum now less sum before.
        booked: Both sums together.
        squares: Sum of squares of the amounts of both.
        confidence: Coverage of the ranges.

    Returns:
        Lower ends, upper ends and p-values adjusted over the rows; all missing where nothing was booked.

    Source:
        Compound Poisson with a normal approximation, adjusted after Benjamini and Hochberg (1995). Sums move in steps
        of a deal, so that one usual deal, weighted by size, is taken off the change before it is judged (our choice).
    """
    from scipy.stats import norm

    known = (booked > 0) & (squares > 0)
    spread, step = np.sqrt(squares.where(known)), (squares / booked.where(known)).where(known)
    reach = norm.ppf(0.5 + confidence / 2) * spread + step
    p_values = false_discovery(2 * norm.sf((change.abs() - step).clip(lower=0.0) / spread))
    return np.asarray(change - reach, dtype=float), np.asarray(change + reach, dtype=float), p_values
