"""Stage funnel: what becomes of the deals that enter a stage?

Tables in: ``visits`` (made from ``stage_history``) and ``opportunities``.
Tables out: one row per stage. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.errors import TableError
from salesops_lib.measures import how_many, within
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.funnel.stage_funnel.counts import stages_in_order
from salesops_lib.performance_visibility.windows import last_months, report_month
from salesops_lib.periods import Period
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

OUTCOMES = ("n_advanced", "n_lost", "n_moved_back", "n_handed_off", "n_still_there")
"""What becomes of a stay in a stage; the five add up to the stays entered."""


@tidy
def stage_funnel(crm: Crm, *, period: Period, n_months: int = 12, confidence: float) -> pd.DataFrame:
    """What became of the deals that entered each stage in the last months.

    One row per stage, in the order of the sales process. Every stay counts: a deal that comes back enters anew. A deal
    that jumps over a stage counts as having entered it and advanced from it.

    Args:
        crm: Needs ``opportunities`` and ``visits``, made from a ``stage_history``.
        period: What is reported.
        n_months: Months in which the stage was entered, ending with the report month.
        confidence: Coverage of the interval.

    Returns:
        stage (str): Stage.
        n_entered (int): Stays that began in the months, jumps over the stage included.
        n_advanced (int): Those that went on to a later stage or were won, jumps included.
        n_lost (int): Those lost from the stage.
        n_moved_back (int): Those that went back to an earlier stage.
        n_handed_off (int): Those that left for a stage outside the sales process.
        n_still_there (int): Those still in the stage.
        n_skipped (int): Jumps over the stage, part of entered and of advanced.
        advance_rate (float, 0-1): Advanced / entered; the deals still there stay in the base.
        advance_rate_low (float, 0-1): Lower end of its interval.
        advance_rate_high (float, 0-1): Upper end.
        stay_days (float): Median days in the stage, open stays counted as lasting at least until now; missing when
            fewer than half have left.

    Errors:
        TableError: For some stage, the five outcomes do not add up to the stays entered; ``rows`` holds it.

    Source:
        Interval of Wilson (1927); median by Kaplan and Meier (1958).
    """
    crm.need("visits")
    window = last_months(crm.calendar, report_month(crm.calendar, period, crm.as_of), n_months)
    stages = stages_in_order(crm)
    moves = _moves(crm, window)
    found = [_stage_row(moves, stages, place) for place in range(len(stages))]
    rows = pd.DataFrame(found, columns=["stage", "n_entered", *OUTCOMES, "n_skipped"])
    check_balance(rows)
    rows = with_rate(rows, "n_advanced", "n_entered", "advance", confidence=confidence)
    stays = _stay_cells(crm, window)
    days = [median_stay(stays[stays["stage"] == stage]) for stage in stages]
    return rows.assign(stay_days=np.array(days, dtype=float))


def check_balance(rows: pd.DataFrame) -> None:
    """Raise ``TableError`` where entered is not advanced + lost + moved back + handed off + still there."""
    apart = rows[rows["n_entered"] != rows[list(OUTCOMES)].sum(axis=1)]
    if len(apart):
        first = apart.iloc[0]
        raise TableError(
            f"The stage funnel does not add up for {len(apart)} of {len(rows)} stages, first `{first['stage']}`: "
            f"{first['n_entered']:,} entered, but {first[list(OUTCOMES)].sum():,} are accounted for. "
            "The stage history names moves that cannot be; run `make check` to list them.",
            apart,
        )


def _moves(crm: Crm, window: Period) -> pd.DataFrame:
    """Moves counted by ``stage`` and ``next_stage``: stays begun (``n_begun``) and ended (``n_ended``) in the window.

    A first stay that begins on the day of creation is also counted as a move from nowhere (``n_started``).
    """
    visits, deals = crm.visits, crm.opportunities.select(deal=_.opportunity_id, deal_created_on=_.created_on)
    rows = visits.inner_join(deals, visits.opportunity_id == deals.deal)
    begun, ended = within(rows.entered_on, window), within(rows.left_on, window)
    is_start = (rows.visit == 1) & (rows.entered_on <= rows.deal_created_on)
    counts = rows.group_by(["stage", "next_stage"]).agg(
        n_begun=how_many(begun), n_ended=how_many(ended.fill_null(False)), n_started=how_many(begun & is_start)
    )
    return crm.fetch(counts.order_by(["stage", "next_stage"]))


def _stage_row(moves: pd.DataFrame, stages: list[str], place: int) -> dict[str, object]:
    order = {name: number for number, name in enumerate(stages)} | {"won": len(stages)}
    here = moves[moves["stage"] == stages[place]]
    after = here["next_stage"].map(order)
    counts = here["n_begun"]
    is_there, is_lost = here["next_stage"].isna(), here["next_stage"] == "lost"
    # Passed over: by a move from an earlier stage to a later one, or by starting later.
    begins, ends = moves["stage"].map(order), moves["next_stage"].map(order)
    skipped = int(moves.loc[(begins < place) & (ends > place), "n_ended"].sum())
    skipped += int(moves.loc[begins > place, "n_started"].sum())
    advanced = int(counts[after > place].sum())
    return {
        "stage": stages[place],
        "n_entered": int(counts.sum()) + skipped,
        "n_advanced": advanced + skipped,
        "n_lost": int(counts[is_lost].sum()),
        "n_moved_back": int(counts[after < place].sum()),
        "n_handed_off": int(counts[after.isna() & ~is_there & ~is_lost].sum()),
        "n_still_there": int(counts[is_there].sum()),
        "n_skipped": skipped,
    }


def _stay_cells(crm: Crm, window: Period) -> pd.DataFrame:
    """Stays begun in the window, counted by ``stage``, ``days`` so far and whether they ended."""
    rows = crm.visits.filter(within(_.entered_on, window))
    so_far = ibis.coalesce(rows.left_on, ibis.date(str(crm.as_of))).delta(rows.entered_on, unit="day").cast("int64")
    rows = rows.mutate(so_far=so_far, has_left=rows.left_on.notnull())
    cells = rows.group_by(["stage", "so_far", "has_left"]).agg(n=_.count())
    return crm.fetch(cells.order_by(["stage", "so_far", "has_left"]))


def median_stay(cells: pd.DataFrame) -> float:
    """Median length of stays of which some go on, from cells (``so_far``, ``has_left``, ``n``); missing when unknown.

    Source:
        Kaplan and Meier (1958), Journal of the American Statistical Association 53, 457-481.
    """
    ended = cells["n"].where(cells["has_left"], 0).groupby(cells["so_far"]).sum()
    all_here = cells.groupby("so_far")["n"].sum()
    at_risk = all_here[::-1].cumsum()[::-1]
    staying = (1 - ended / at_risk).cumprod()
    below = staying[staying <= 0.5]
    return float(below.index[0]) if len(below) else float("nan")
