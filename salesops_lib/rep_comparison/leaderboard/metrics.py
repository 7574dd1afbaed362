"""Leaderboard: who is ahead this quarter, by goal and by improvement, and does the same one always win?

Tables in: ``reps``, ``opportunities``, ``credits`` and ``quotas`` of a ``Crm``.
Tables out: one row per board and rep. Several win; a place is told only of a winner apart from everybody else, so
that nobody is shown to be last. A quarter that runs is held against the quarters before up to the same point.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures import booked_in, total, within
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.measures.goals import goals_of_selling_reps
from salesops_lib.measures.managers import managers
from salesops_lib.measures.tidy import tidy
from salesops_lib.periods import Period
from salesops_lib.rep_comparison.people import people
from salesops_lib.statistics.intervals import sum_interval

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters

BOARDS = {"attainment": "Attainment", "improvement": "Improvement on the own year before"}
N_BEFORE = 4
"""Quarters before that a rep is held against on the board of improvement."""
FEWEST_BEFORE = 2
N_QUARTERS = 8
"""Whole quarters over which winners are counted."""
N_DRAWS = 2000
SEED = 20_260_101


@tidy
def leaderboard(
    crm: Crm,
    *,
    period: Period,
    parameters: Parameters,
    confidence: float,
) -> pd.DataFrame:
    """Those ahead in the quarter so far, by attainment and by improvement.

    One row per board and rep with a goal for the quarter, winners first and by name, then the others by name: a list is
    no ranking. Who shares the last winning value wins as well. Managers are on no board: their quota is their team's.

    Args:
        crm: Needs ``reps``, ``opportunities`` and ``quotas``; deals shared by ``credits`` count in parts.
        period: What is reported; the quarter that it ends in counts, to date while it runs.
        parameters: Say how many win and who stays off the boards; may name the teams.
        confidence: Coverage of the intervals.

    Returns:
        board (str): attainment, or improvement.
        board_name (str): For readers.
        rep_id (str): Key.
        name (str): The rep.
        team_name (str): Team at the end of the quarter, or on the evening of the report.
        n_won (int): Deals won in the quarter with credit.
        bookings_amount (float): Their credited amount.
        quota_amount (float): Goal of the quarter.
        value (float): Attainment, or attainment less the mean of up to four quarters before, each up to the same share
            of its selling days; missing with fewer than two.
        low (float): Lower end of its interval, from the luck in the deals of this quarter and those before.
        high (float): Upper end.
        is_winner (bool): Among the first on the board; on that of improvement, only above 0.
        place (float): Told only of winners, and only where the interval is apart from everybody else's.
        n_wins (int): Of the whole quarters before, those in which the rep was among the first by attainment.
        luck_wins (float): Most wins that anybody would have by luck, were winners drawn: exceeded once in twenty.
        n_quarters (int): Whole quarters over which wins are counted, at most eight; the same for all rows.
        n_opted_out (int): Reps left out at their wish; the same for all rows.
        n_without_goal (int): Reps with bookings in the quarter and no goal for it; the same for all rows.
        quarter (str): Fiscal quarter.
        is_partial (bool): The quarter had not ended.

    Source:
        Range of a sum of amounts: Fay and Feuer (1997), Statistics in Medicine 16, 791-801; of a difference: Zou and
        Donner (2008), Statistics in Medicine 27, 1693-1702.
    """
    crm.need("quotas")
    quarter = crm.calendar.containing(period.end, "quarter")
    quarters = crm.calendar.last(quarter, N_QUARTERS + 1)[::-1]
    table, n_without_goal = _attained(crm, quarters)
    now = table[table["quarter"] == quarter.label].set_index("rep_id").rename_axis(index=None)
    known = people(crm, quarter)
    declared = parameters.company.rep_comparison.leaderboard
    out, n_winners = set(declared.opted_out) & set(now.index), declared.winners
    now = known[["rep_id", "name", "team_name"]].join(now.drop(index=list(out)), how="inner")
    if now.empty:
        return pd.DataFrame()
    wins, luck, n_quarters = winners_before(table[~table["rep_id"].isin(out)], quarter.label, n_winners)
    now = now.assign(n_wins=wins.reindex(now.index).fillna(0).astype(int), luck_wins=luck)
    now = now.join(_reach(now, confidence))
    boards = [_board(now, key, _before(table, quarter.label, key, confidence), n_winners) for key in BOARDS]
    return pd.concat(boards, ignore_index=True).assign(
        n_quarters=n_quarters, n_opted_out=len(out), n_without_goal=n_without_goal, quarter=quarter.label,
        is_partial=bool(quarter.end > crm.as_of),
    )  # fmt: skip


_SUMS = ["n_won", "bookings_amount", "so_far_amount", "squares", "largest"]


def _attained(crm: Crm, quarters: list[Period]) -> tuple[pd.DataFrame, int]:
    """Goal and bookings of each rep in each quarter with a goal, with what their range needs; and how many lack one.

    ``so_far_amount``, ``squares`` and ``largest`` are of each quarter up to the point that the first one has reached.
    """
    span = Period("quarters", "quarter", quarters[-1].start, min(quarters[0].end, crm.as_of))
    rows = booked_in(crm, span).anti_join(managers(crm), "rep_id")
    rows = with_fiscal(crm, rows, "closed_on", quarter="quarter")
    reached = crm.calendar.elapsed_share(quarters[0], crm.as_of)
    is_so_far = ibis.or_(*(within(rows.closed_on, _up_to(crm, quarter, reached)) for quarter in quarters))
    amount = is_so_far.ifelse(rows.credited_amount.cast("float64"), 0.0)
    sums = rows.group_by(["rep_id", "quarter"]).agg(
        n_won=_.opportunity_id.nunique(), bookings_amount=total(rows.credited_amount), so_far_amount=amount.sum(),
        squares=(amount * amount).sum(), largest=amount.max(),
    )  # fmt: skip
    booked = crm.fetch(sums.order_by(["rep_id", "quarter"]))
    wanted = goals_of_selling_reps(crm, list(reversed(quarters))).rename(columns={"period": "quarter"})
    wanted = wanted[wanted["quota_amount"] > 0][["rep_id", "quarter", "quota_amount"]]
    table = wanted.merge(booked, on=["rep_id", "quarter"], how="left")
    table = _with_usual_largest(table.fillna(dict.fromkeys(_SUMS, 0.0)))
    table = table.assign(attainment_rate=table["bookings_amount"] / table["quota_amount"]).astype({"n_won": int})
    selling, with_goal = (set(each.loc[each["quarter"] == quarters[0].label, "rep_id"]) for each in (booked, wanted))
    return table, len(selling - with_goal)


def _with_usual_largest(table: pd.DataFrame) -> pd.DataFrame:
    """Who has booked nothing so far may yet: deals as large, beside the goal, as the median of the others' largest."""
    share = (table["largest"] / table["quota_amount"]).where(table["so_far_amount"] > 0)
    usual = share.groupby(table["quarter"]).transform("median").fillna(0.0) * table["quota_amount"]
    return table.assign(largest=table["largest"].where(table["so_far_amount"] > 0, usual))


def _up_to(crm: Crm, quarter: Period, share: float) -> Period:
    """The part of a quarter in which so much of its selling days passes; all of it from a share of 1 on."""
    if not share < 1:
        return quarter
    days = [quarter.start + timedelta(days=place) for place in range(quarter.n_days)]
    passed = [day for day in days if crm.calendar.elapsed_share(quarter, day) <= share + 1e-9]
    return Period(quarter.label, "quarter", quarter.start, passed[-1] if passed else quarter.start)


def _reach(sums: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Attainment so far with the ends that luck in its deals gives it."""
    low, high = sum_interval(sums["so_far_amount"], sums["squares"], sums["largest"], confidence=confidence)
    goal = sums["quota_amount"]
    return pd.DataFrame({"rate": sums["so_far_amount"] / goal, "rate_low": low / goal, "rate_high": high / goal})


def _before(table: pd.DataFrame, quarter: str, board: str, confidence: float) -> pd.DataFrame:
    """What each rep is held against, by key: nothing, or the mean attainment to the same point of the last quarters."""
    if board == "attainment":
        return pd.DataFrame(0.0, index=table["rep_id"].unique(), columns=["rate", "rate_low", "rate_high"])
    past = table[table["quarter"] < quarter].sort_values(["rep_id", "quarter"], kind="stable")
    last = past.groupby("rep_id").tail(N_BEFORE)
    n = last.groupby("rep_id")["quarter"].transform("size")
    # Each quarter's deals count for their part of its goal: then a mean of rates is a sum of amounts like any other.
    part = 1 / (last["quota_amount"] * n)
    scaled = last.assign(
        so_far_amount=last["so_far_amount"] * part, squares=last["squares"] * part**2, largest=last["largest"] * part,
        quota_amount=1.0,
    )[n >= FEWEST_BEFORE]  # fmt: skip
    sums = scaled.groupby("rep_id").agg(
        so_far_amount=("so_far_amount", "sum"), squares=("squares", "sum"), largest=("largest", "max"),
        quota_amount=("quota_amount", "first"),
    )  # fmt: skip
    return _reach(sums, confidence)


def _board(now: pd.DataFrame, board: str, before: pd.DataFrame, n_winners: int) -> pd.DataFrame:
    own = before.reindex(now.index)
    value = now["rate"] - own["rate"]
    rows = now.assign(
        board=board,
        board_name=BOARDS[board],
        value=value,
        low=value - np.hypot(now["rate"] - now["rate_low"], own["rate_high"] - own["rate"]),
        high=value + np.hypot(now["rate_high"] - now["rate"], own["rate"] - own["rate_low"]),
    )
    may_win = (rows["bookings_amount"] > 0) & (value > 0)
    rank = value.where(may_win).rank(ascending=False, method="min")
    is_winner = rank <= n_winners
    rows = rows.assign(is_winner=is_winner, place=_places(rows, rank).where(is_winner))
    return rows.sort_values(["is_winner", "name", "rep_id"], ascending=[False, True, True], kind="stable")


def _places(rows: pd.DataFrame, rank: pd.Series[float]) -> pd.Series[float]:
    """The place of who is apart from everybody else on the board; missing for all others."""
    known = rows.dropna(subset=["low", "high"])
    if len(known) < 2:  # alone on a board is not ahead of anybody
        known = known.head(0)
    low, high = known["low"].to_numpy(float), known["high"].to_numpy(float)
    overlaps = (low[:, None] <= high[None, :]) & (low[None, :] <= high[:, None])
    return rank.where(rank.index.isin(known.index[overlaps.sum(axis=1) == 1]))


def winners_before(table: pd.DataFrame, quarter: str, n_winners: int) -> tuple[pd.Series[int], float, int]:
    """How often each rep was among the first by attainment before, what luck would give, and of how many quarters.

    Luck: in each quarter as many winners drawn among those with a goal; the most wins of anybody, exceeded once in
    twenty. Missing with fewer than three quarters.
    """
    past = table[(table["quarter"] < quarter) & (table["bookings_amount"] > 0)]
    rank = past.groupby("quarter")["attainment_rate"].rank(ascending=False, method="first")
    wins = past[rank <= n_winners].groupby("rep_id").size()
    quarters = [own["rep_id"].to_numpy() for _label, own in past.groupby("quarter")]
    if len(quarters) < 3:
        return wins, float("nan"), len(quarters)
    keys = np.unique(np.concatenate(quarters))
    rng = np.random.default_rng(SEED)
    counts = np.zeros((N_DRAWS, len(keys)), dtype=int)
    for own in quarters:
        places = np.searchsorted(keys, own)
        drawn = np.argpartition(rng.random((N_DRAWS, len(own))), min(n_winners, len(own)) - 1)[:, :n_winners]
        np.add.at(counts, (np.arange(N_DRAWS)[:, None], places[drawn]), 1)
    return wins, float(np.quantile(counts.max(axis=1), 0.95, method="higher")), len(quarters)
