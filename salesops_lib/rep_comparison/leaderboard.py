"""Leaderboard: who is ahead this quarter, by goal and by improvement, and does the same one always win?

Tables in: ``reps``, ``opportunities``, ``credits`` and ``quotas`` of a ``Crm``.
Tables out: one row per board and rep. Several win; a place is told only where it is apart from the next.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures import credited_deals, goals, total, won_in
from salesops_lib.measures.intervals import sum_interval
from salesops_lib.periods import Period
from salesops_lib.rep_comparison.people import people

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters

BOARDS = {"attainment": "Attainment", "improvement": "Improvement on the own year before"}
N_BEFORE = 4
"""Quarters before that a rep is held against on the board of improvement."""
FEWEST_BEFORE = 2
N_QUARTERS = 8
"""Whole quarters over which winners are counted."""
N_DRAWS = 4000
SEED = 20_260_101


def leaderboard(
    crm: Crm,
    *,
    period: Period,
    parameters: Parameters,
    n_winners: int = 3,
    opted_out: Collection[str] = (),
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Those ahead in the quarter so far, by attainment and by improvement.

    One row per board and rep with a goal for the quarter, winners first and by name, then the others by name: a list is
    no ranking.

    Args:
        crm: Needs ``reps``, ``opportunities`` and ``quotas``; deals shared by ``credits`` count in parts.
        period: What is reported; the quarter that it ends in counts, to date while it runs.
        parameters: May name the teams.
        n_winners: How many win on each board.
        opted_out: Keys of reps who wish to stay off the boards.
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
        value (float): Attainment, or attainment less the mean of the four quarters before; missing with fewer than two.
        low (float): Lower end of its interval, from the luck in this quarter's deals.
        high (float): Upper end.
        is_winner (bool): Among the first on the board.
        place (float): Told only where the interval is apart from everybody else's.
        n_wins (int): Of the last eight whole quarters, those in which the rep was among the first by attainment.
        luck_wins (float): Most wins that anybody would have by luck, were winners drawn: exceeded once in twenty.
        n_opted_out (int): Reps left out at their wish; the same for all rows.
        quarter (str): Fiscal quarter.
        is_partial (bool): The quarter had not ended.

    Source:
        Range of a sum of amounts: Fay and Feuer (1997), Statistics in Medicine 16, 791-801.
    """
    crm.need("quotas")
    quarter = crm.calendar.containing(period.end, "quarter")
    quarters = [crm.calendar.previous(quarter, back) for back in range(N_QUARTERS + 1)]
    table = _attained(crm, quarters)
    now = table[table["quarter"] == quarter.label].set_index("rep_id")
    known = people(crm, quarter, parameters)
    out = set(map(str, opted_out)) & set(now.index)
    now = known[["rep_id", "name", "team_name"]].join(now.drop(index=list(out)), how="inner")
    wins, luck = winners_before(table[~table["rep_id"].isin(out)], quarter.label, n_winners)
    now = now.assign(n_wins=wins.reindex(now.index).fillna(0).astype(int), luck_wins=luck)
    low, high = sum_interval(now["bookings_amount"], now["squares"], now["largest"], confidence=confidence)
    now = now.assign(reach_low=low / now["quota_amount"], reach_high=high / now["quota_amount"])
    boards = [_board(now, key, _before(table, quarter.label, key), n_winners) for key in BOARDS]
    rows = pd.concat(boards, ignore_index=True) if len(now) else now.reindex(columns=_COLUMNS)
    rows = rows.assign(n_opted_out=len(out), quarter=quarter.label, is_partial=bool(quarter.end > crm.as_of))
    return rows[_COLUMNS].astype({"is_winner": bool, "n_won": int, "n_wins": int})


_COLUMNS = [
    "board", "board_name", "rep_id", "name", "team_name", "n_won", "bookings_amount", "quota_amount", "value", "low",
    "high", "is_winner", "place", "n_wins", "luck_wins", "n_opted_out", "quarter", "is_partial",
]  # fmt: skip


def _attained(crm: Crm, quarters: list[Period]) -> pd.DataFrame:
    """Goal and bookings of each rep in each quarter with a goal, with what their range needs."""
    span = Period("quarters", "quarter", quarters[-1].start, min(quarters[0].end, crm.as_of))
    days = crm.periods.select(day=_.date, quarter=_.quarter)
    rows = won_in(credited_deals(crm), span)
    rows = rows.join(days, rows.closed_on == days.day)
    amount = rows.credited_amount.cast("float64")
    sums = rows.group_by(["rep_id", "quarter"]).agg(
        n_won=_.opportunity_id.nunique(), bookings_amount=total(rows.credited_amount),
        squares=(amount * amount).sum(), largest=amount.max(),
    )  # fmt: skip
    booked = crm.fetch(sums.order_by(["rep_id", "quarter"]))
    wanted = goals(crm, list(reversed(quarters)), level="rep").rename(columns={"period": "quarter"})
    wanted = wanted[wanted["quota_amount"] > 0][["rep_id", "quarter", "quota_amount"]]
    table = wanted.merge(booked, on=["rep_id", "quarter"], how="left")
    table = table.fillna({"n_won": 0, "bookings_amount": 0.0, "squares": 0.0, "largest": 0.0})
    return table.assign(attainment_rate=table["bookings_amount"] / table["quota_amount"]).astype({"n_won": int})


def _before(table: pd.DataFrame, quarter: str, board: str) -> pd.Series[float]:
    """What each rep is held against: nothing, or the mean attainment of the last quarters, by key."""
    past = table[table["quarter"] < quarter]
    if board == "attainment":
        return pd.Series(0.0, index=table["rep_id"].unique())
    last = past.sort_values("quarter", kind="stable").groupby("rep_id").tail(N_BEFORE).groupby("rep_id")
    means: pd.Series[float] = last["attainment_rate"].mean()
    return means.where(last.size() >= FEWEST_BEFORE)


def _board(now: pd.DataFrame, board: str, before: pd.Series[float], n_winners: int) -> pd.DataFrame:
    own = before.reindex(now.index)
    rows = now.assign(
        board=board, board_name=BOARDS[board], value=now["attainment_rate"] - own, low=now["reach_low"] - own,
        high=now["reach_high"] - own,
    )  # fmt: skip
    rank = rows["value"].rank(ascending=False, method="min")
    rows = rows.assign(is_winner=(rank <= n_winners) & (rows["bookings_amount"] > 0), place=_places(rows, rank))
    return rows.sort_values(["is_winner", "name", "rep_id"], ascending=[False, True, True], kind="stable")


def _places(rows: pd.DataFrame, rank: pd.Series[float]) -> pd.Series[float]:
    """The place of who is apart from everybody else on the board; missing for all others."""
    low, high = rows["low"].to_numpy(float), rows["high"].to_numpy(float)
    overlaps = (low[:, None] <= high[None, :]) & (low[None, :] <= high[:, None])
    unknown = np.isnan(low)
    apart = (overlaps.sum(axis=1) == 1) & ~unknown & ~unknown.any()
    return rank.where(apart)


def winners_before(table: pd.DataFrame, quarter: str, n_winners: int) -> tuple[pd.Series[int], float]:
    """How often each rep was among the first by attainment in the whole quarters before, and what luck would give.

    Luck: in each quarter as many winners drawn among those with a goal; the most wins of anybody, exceeded once in
    twenty. Missing with fewer than three quarters.
    """
    past = table[(table["quarter"] < quarter) & (table["bookings_amount"] > 0)]
    rank = past.groupby("quarter")["attainment_rate"].rank(ascending=False, method="first")
    wins = past[rank <= n_winners].groupby("rep_id").size()
    quarters = [own["rep_id"].to_numpy() for _label, own in past.groupby("quarter")]
    if len(quarters) < 3:
        return wins, float("nan")
    keys = np.unique(np.concatenate(quarters))
    rng = np.random.default_rng(SEED)
    counts = np.zeros((N_DRAWS, len(keys)), dtype=int)
    for own in quarters:
        places = np.searchsorted(keys, own)
        drawn = rng.random((N_DRAWS, len(own))).argsort(axis=1)[:, :n_winners]
        np.add.at(counts, (np.arange(N_DRAWS)[:, None], places[drawn]), 1)
    return wins, float(np.quantile(counts.max(axis=1), 0.95, method="higher"))
