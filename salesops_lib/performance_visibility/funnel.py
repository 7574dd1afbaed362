"""Stage funnel: what becomes of the deals that enter a stage, and where has that changed?

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
from salesops_lib.measures import how_many, with_rate, within
from salesops_lib.performance_visibility.chance import adjusted, two_rates
from salesops_lib.performance_visibility.windows import last_months, months_before, report_month
from salesops_lib.periods import Period

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

ENDS = ("won", "lost")
OUTCOMES = ("n_advanced", "n_lost", "n_moved_back", "n_handed_off", "n_still_there")
"""What becomes of a stay in a stage; the five add up to the stays entered."""


def stage_funnel(crm: Crm, *, period: Period, n_months: int = 12, confidence: float = 0.95) -> pd.DataFrame:
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
    rows = pd.DataFrame([_stage_row(moves, stages, place) for place in range(len(stages))], columns=_FUNNEL[:8])
    check_balance(rows)
    rows = with_rate(rows, "n_advanced", "n_entered", "advance", confidence=confidence)
    stays = _stay_cells(crm, window)
    days = [median_stay(stays[stays["stage"] == stage]) for stage in stages]
    return rows.assign(stay_days=np.array(days, dtype=float))[_FUNNEL]


_FUNNEL = [
    "stage", "n_entered", *OUTCOMES, "n_skipped", "advance_rate", "advance_rate_low", "advance_rate_high", "stay_days",
]  # fmt: skip


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


def stages_in_order(crm: Crm) -> list[str]:
    """The open stages in order: as declared, or else by how early deals pass them."""
    if crm.stages:
        return list(crm.stages)
    places = crm.visits.group_by("stage").agg(place=_.visit.mean()).order_by(["place", "stage"])
    return list(crm.fetch(places)["stage"])


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


def _stage_row(moves: pd.DataFrame, stages: list[str], place: int) -> tuple[object, ...]:
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
    return (
        stages[place], int(counts.sum()) + skipped, advanced + skipped, int(counts[is_lost].sum()),
        int(counts[after < place].sum()), int(counts[after.isna() & ~is_there & ~is_lost].sum()),
        int(counts[is_there].sum()), skipped,
    )  # fmt: skip


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


def stage_change(
    crm: Crm, *, period: Period, n_months: int = 3, baseline_months: int = 12, confidence: float = 0.95
) -> pd.DataFrame:
    """Whether deals that leave a stage still advance as often as they did before.

    One row per stage, in the order of the sales process. Counted are stays that ended, by the day they ended, so
    that now and before are judged alike; jumps over a stage do not count.

    Args:
        crm: Needs ``opportunities`` and ``visits``, made from a ``stage_history``.
        period: What is reported.
        n_months: Months that count as now, ending with the report month.
        baseline_months: Months before them that count as before.
        confidence: Coverage of the interval; a change counts when chance alone would show it less often than the rest.

    Returns:
        stage (str): Stage.
        n_left (int): Stays that ended in the last months.
        n_advanced (int): Those that went on to a later stage or were won.
        exit_rate (float, 0-1): Advanced / ended.
        exit_rate_low (float, 0-1): Lower end of its interval.
        exit_rate_high (float, 0-1): Upper end.
        n_left_before (int): Stays that ended in the months before.
        before_rate (float, 0-1): Share of them that advanced.
        change_rate (float): Change of the rate, in points.
        p_value (float): How often chance alone would show such a change, adjusted over the stages.
        is_changed (bool): The change is beyond chance.
        n_wins_missing (float): Wins that the stage would have brought in the last months at its former rate, less
            those it brought; negative when it brings more.
        recoverable_amount (float): Those wins times the average won amount of the last months.

    Source:
        Two-sided test of two rates (pooled z), adjusted after Holm (1979).
    """
    crm.need("visits")
    now = last_months(crm.calendar, report_month(crm.calendar, period, crm.as_of), n_months)
    before = months_before(crm.calendar, now, baseline_months)
    stages = stages_in_order(crm)
    exits = [_exits(_moves(crm, each), stages) for each in (now, before)]
    rows = exits[0].assign(n_left_before=exits[1]["n_left"], n_advanced_before=exits[1]["n_advanced"])
    rows = with_rate(rows, "n_advanced", "n_left", "exit", confidence=confidence)
    rows = with_rate(rows, "n_advanced_before", "n_left_before", "before", confidence=confidence)
    p_value = adjusted(two_rates(rows["n_advanced"], rows["n_left"], rows["n_advanced_before"], rows["n_left_before"]))
    change = rows["exit_rate"] - rows["before_rate"]
    # A deal that goes on wins with the chances of the stages after it, as they are now.
    after = rows["exit_rate"][::-1].cumprod()[::-1].shift(-1, fill_value=1.0)
    missing = -change * rows["n_left"] * after
    return rows.assign(
        change_rate=change,
        p_value=p_value,
        is_changed=p_value < 1 - confidence,
        n_wins_missing=missing,
        recoverable_amount=missing * _average_won(crm, now),
    )[_CHANGE]


_CHANGE = [
    "stage", "n_left", "n_advanced", "exit_rate", "exit_rate_low", "exit_rate_high", "n_left_before", "before_rate",
    "change_rate", "p_value", "is_changed", "n_wins_missing", "recoverable_amount",
]  # fmt: skip


def _exits(moves: pd.DataFrame, stages: list[str]) -> pd.DataFrame:
    order = {name: number for number, name in enumerate(stages)} | {"won": len(stages)}
    onward = moves["next_stage"].map(order) > moves["stage"].map(order)
    sums = pd.DataFrame({"n_left": moves["n_ended"], "n_advanced": moves["n_ended"].where(onward, 0)})
    sums = sums.groupby(moves["stage"]).sum().reindex(stages, fill_value=0)
    return sums.reset_index(names="stage")


def _average_won(crm: Crm, window: Period) -> float:
    won = crm.opportunities.filter(_.status == "won", within(_.closed_on, window))
    average = crm.fetch(won.agg(average=_.amount.cast("float64").mean()))["average"].iloc[0]
    return float("nan") if pd.isna(average) else float(average)
