"""Gaps: what a rep's bookings differ by from the team's, and through which part of the sum.

Bookings = deals closed x what such deals usually bring x (wins / usual wins) x (deal size / usual size). The gap
to the team's average for the same time in the seat is split over these four so that the parts add up exactly.
That is arithmetic: it says where to look, not why.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.rep_comparison.cells import MONTH, credited_cells, per_rep, rate_of
from salesops_lib.rep_comparison.people import in_order, people, seats, window_to
from salesops_lib.statistics.parts import log_mean_parts, shapley_parts

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

PARTS = ("volume", "mix", "win_rate", "deal_size")
FEWEST_PEERS = 3
"""Reps with deals that a team needs to be compared with; smaller ones are compared with the company."""
COMPANY = "the company"


@tidy
def gap_by_rep(
    crm: Crm,
    *,
    period: Period,
    months: int = 12,
    by: Sequence[str] = ("segment",),
    method: Literal["shapley", "log_mean"] = "shapley",
) -> pd.DataFrame:
    """How far each rep's bookings are from the team's average, split into volume, mix, win rate and deal size.

    One row per rep who closed a deal, by team and name. The average is what those of the team booked for the same
    time in the seat, so that a joiner of three months is held against three months.

    Args:
        crm: Needs ``reps`` and ``opportunities``; deals shared by ``credits`` count in parts.
        period: The window ends with it.
        months: Fiscal months of the window.
        by: Columns of ``deals`` that make a cell, beside the month of closing: within one, deals are thought alike.
        method: ``shapley``, or ``log_mean`` for log-mean Divisia, which is missing where a factor is 0.

    Returns:
        rep_id (str): Key.
        name (str): The rep.
        team_name (str): Team at the end of the window.
        compared_with (str): The team, or the company where fewer than three of the team closed deals.
        there_rate (float, 0-1): Share of the window in the seat, for which the average is taken.
        closed (float): Deals won or lost, a shared deal counting in parts.
        won (float): Deals won, likewise.
        bookings_amount (float): Credited amount of deals won.
        average_amount (float): Bookings of those compared with, per rep for the same time in the seat.
        gap_amount (float): Bookings less average; the four parts add up to it.
        volume_amount (float): Part from closing more or fewer deals.
        mix_amount (float): Part from months and segments whose deals bring more or less to everyone.
        win_rate_amount (float): Part from winning more or fewer of such deals than those compared with.
        deal_size_amount (float): Part from larger or smaller deals of the same segment than theirs.
        from_on (date): First day of the window.
        to_on (date): Last day of the window.

    Source:
        Shapley (1953); log-mean Divisia: Ang (2005), Energy Policy 33, 867-871.
    """
    window = window_to(crm, period, months)
    sums = per_rep(_with_usual(credited_cells(crm, window, by=by), by))
    rows = people(crm, window).join(sums, how="inner").rename_axis(None)
    rows = rows[rows["closed"] > 0]
    measures = ["closed", "won", "bookings_amount", "usual_won", "usual_amount"]
    rows = rows.assign(seat=seats(rows), group=_groups(rows))
    together = rows.groupby("group")[[*measures, "seat"]].transform("sum")
    base = _factors(together)
    base["volume"] = rows["seat"] * together["closed"] / together["seat"]
    own = _factors(rows).fillna(base)  # what is undefined for a rep differs from no one
    split = shapley_parts if method == "shapley" else log_mean_parts
    parts = pd.DataFrame(split(own[list(PARTS)], base[list(PARTS)]), columns=list(PARTS), index=rows.index)
    average = base.prod(axis=1).where(together["bookings_amount"] > 0, 0.0)
    rows = rows.assign(
        compared_with=np.where(rows["group"] == "", COMPANY, rows["team_name"]),
        there_rate=rows["seat"],
        average_amount=average,
        gap_amount=rows["bookings_amount"] - average,
        **{f"{name}_amount": parts[name].where(base.notna().all(axis=1), 0.0) for name in PARTS},
        from_on=pd.Timestamp(window.start),
        to_on=pd.Timestamp(window.end),
    )
    return in_order(rows)


def _with_usual(cells: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Add what the whole company would have won and booked on the same closed deals."""
    cell = cells.groupby([MONTH, *by])[["closed", "won"]].transform("sum")
    kind = cells.groupby(list(by))[["won", "bookings_amount"]].transform("sum") if by else cells.sum(numeric_only=True)
    usual_won = cells["closed"] * rate_of(cell["won"], cell["closed"])
    size = kind["bookings_amount"] / kind["won"] if by else kind["bookings_amount"] / max(kind["won"], 1e-12)
    return cells.assign(usual_won=usual_won, usual_amount=(usual_won * size).fillna(0.0))


def _factors(sums: pd.DataFrame) -> pd.DataFrame:
    """The four factors whose product is the bookings; missing where they are not defined."""
    size = rate_of(sums["bookings_amount"], sums["won"])
    return pd.DataFrame(
        {
            "volume": sums["closed"],
            "mix": rate_of(sums["usual_amount"], sums["closed"]),
            "win_rate": rate_of(sums["won"], sums["usual_won"]),
            "deal_size": rate_of(size, rate_of(sums["usual_amount"], sums["usual_won"])),
        }
    )


def _groups(rows: pd.DataFrame) -> pd.Series[str]:
    """The team a rep is compared with; empty for the company."""
    with_deals = (rows["closed"] > 0).groupby(rows["team_id"]).transform("sum")
    return rows["team_id"].where((with_deals >= FEWEST_PEERS) & (rows["team_id"] != ""), "")
