"""What moved bookings: the change against an earlier period, split into volume, mix, win rate and deal size.

Tables in: ``reps``, ``opportunities``, ``credits``; ``teams`` and ``accounts`` for names and segments where present.
Tables out: one row per team and segment, or per rep. The parts are arithmetic: they say where to look, not why.
Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.measures.names import NO_TEAM, names_of_teams, teams_of_reps
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.changes.bookings.cells import (
    PARTS,
    BookingsWindows,
    Comparison,
    Span,
    bookings_windows,
    cells_with_parts,
    change_by_chance,
    changes_by,
    shared_deals,
)
from salesops_lib.periods import Period
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

COMPANY = "Company"
NO_SEGMENT = "No segment"
GROUPS: tuple[tuple[str, list[str]], ...] = (("company", []), ("team", ["team_id"]), ("segment", ["segment"]))
"""What the change is shown for, in order, with the key of each."""


@tidy
def bookings_change(
    crm: Crm, *, period: Period, span: Span = "quarter", compare_with: Comparison = "year_before",
    confidence: float,
) -> pd.DataFrame:  # fmt: skip
    """How bookings changed, and how much of it came from volume, mix, win rate and deal size.

    One row for the company, then one per team and one per segment, the largest change first. Deals count by credit, a
    shared one in parts, so that teams add up to the company; so do segments. The parts are worked out for each rep in
    each segment and team: win rate and deal size add up over any of them, and so do volume and mix together. A rep
    with decided deals in one period only has changed neither: all that such a rep brings or takes is volume or mix.

    Args:
        crm: Needs ``reps`` and ``opportunities``; deals shared by ``credits`` count in parts.
        period: What is reported.
        span: The period that holds the report month, to date while it runs.
        compare_with: The same days of the year before, or of the period before; the latter too where the data does
            not reach back a year.
        confidence: Coverage of the intervals; a change counts when chance alone would show it less often than the rest.

    Returns:
        group (str): company, team or segment.
        key (str): Team id or segment; empty for the company and for deals without one.
        name (str): Name of the team or segment.
        period (str): What is reported, for readers.
        compared_with (str): The period compared with; empty where the data reaches back to none.
        closed (float): Deals won or lost, a shared deal in parts.
        closed_before (float): The same then; missing, like all that concerns then, where nothing is compared with.
        won (float): Deals won, a shared deal in parts.
        won_before (float): The same then.
        win_rate (float, 0-1): Won / closed; missing where no loss is recorded in one of the two periods.
        win_rate_low (float, 0-1): Lower end of its interval.
        win_rate_high (float, 0-1): Upper end.
        before_rate (float, 0-1): Won / closed then; missing with ``win_rate`` for lack of losses.
        average_deal_amount (float): Bookings / won; missing when nothing was won.
        average_before_amount (float): The same then.
        bookings_amount (float): Credited amount won.
        before_amount (float): The same then.
        change_amount (float): Bookings less before; the four parts add up to it to the cent.
        volume_amount (float): Part from deciding more or fewer deals; deals won, where no losses are recorded.
        mix_amount (float): Part from deals shifting to reps and segments that bring more or less per deal decided.
        win_rate_amount (float): Part from the same reps winning a larger or smaller share in the same segments.
        deal_size_amount (float): Part from larger or smaller won deals of the same reps in the same segments.
        change_amount_low (float): Lower end of the range that chance leaves around the change; missing for a group
            with decided deals in one period only, which came or went.
        change_amount_high (float): Upper end.
        p_value (float): How often chance alone would show such a change, adjusted for all rows; missing likewise.
        is_beyond_chance (bool): The change is rarer than chance explains.
        n_closed (int): Whole deals decided in which the group has credit.
        n_won (int): Those of them that were won.
        n_closed_before (int): Deals decided then; 0 where nothing is compared with.
        n_won_before (int): Those of them that were won.
        is_partial (bool): The period had not ended; both are cut to the same days.

    Source:
        Shapley (1953) for the parts; bookings as compound Poisson, whose variance is the sum of the squares of the
        deals of both periods, with a continuity correction of one deal (our choice); teams and segments adjusted
        after Benjamini and Hochberg (1995), and the company and they after Bonferroni, so that the whole table raises
        a false alarm no more often than stated; interval of Wilson (1927), a little wide where deals are shared.
    """
    windows = bookings_windows(crm, period, span, compare_with)
    shared = shared_deals(crm, windows)
    cells, has_rates = cells_with_parts(crm, shared)
    parts = []
    for place, (group, by) in enumerate(GROUPS):
        own = changes_by(crm, shared, cells, by, has_rates).assign(group=group, place=place)
        own = own.rename(columns={by[0]: "key"}) if by else own.assign(key="")
        # Where nobody has a team there are no teams to compare.
        parts.append(own if group == "company" or own["key"].any() else own.head(0))
    # The company is the first question, its parts the second; each may err half as often as both together.
    families = [parts[0], pd.concat(parts[1:], ignore_index=True)]
    judged = [_judged(own, windows, has_rates, confidence, n_families=2) for own in families]
    rows = pd.concat([own for own in judged if len(own)], ignore_index=True)
    rows = rows.assign(name=_names(crm, rows))
    return _largest_first(rows, ["place"])


@tidy
def bookings_change_by_rep(
    crm: Crm, *, period: Period, span: Span = "quarter", compare_with: Comparison = "year_before",
    team_id: str | None = None, confidence: float,
) -> pd.DataFrame:  # fmt: skip
    """Whose bookings changed most, and how much of it came from volume, mix, win rate and deal size.

    One row per rep with a decided deal in either period, the largest change first. The rows add up to the company, or
    to the team asked for: a rep who moved has in each team what was closed there.

    Args:
        crm: Needs ``reps`` and ``opportunities``; deals shared by ``credits`` count in parts.
        period: What is reported.
        span: The period that holds the report month, to date while it runs.
        compare_with: What it is held against; see ``bookings_change``.
        team_id: Only what was closed in this team, empty for deals without one; all teams where absent.
        confidence: Coverage of the intervals; a change counts when chance alone would show it less often than the rest.

    Returns:
        rep_id (str): Key.
        name (str): Name of the rep.
        team (str): Name of the rep's team at the end of the period, or of the last one before; missing without one.
        period (str): What is reported, for readers.
        compared_with (str): The period compared with; empty where the data reaches back to none.
        closed (float): Deals won or lost, a shared deal in parts.
        closed_before (float): The same then; missing where nothing is compared with, as is all that concerns then.
        won (float): Deals won, a shared deal in parts.
        won_before (float): The same then.
        win_rate (float, 0-1): Won / closed; missing when nothing closed or no losses are recorded.
        win_rate_low (float, 0-1): Lower end of its interval.
        win_rate_high (float, 0-1): Upper end.
        before_rate (float, 0-1): Won / closed then.
        average_deal_amount (float): Bookings / won; missing when nothing was won.
        average_before_amount (float): The same then.
        bookings_amount (float): Credited amount won.
        before_amount (float): The same then.
        change_amount (float): Bookings less before; the four parts add up to it to the cent.
        volume_amount (float): Part from deciding more or fewer deals.
        mix_amount (float): Part from deals shifting to segments and teams where the rep's deals bring more or less.
        win_rate_amount (float): Part from winning a larger or smaller share in the same segment.
        deal_size_amount (float): Part from larger or smaller won deals in the same segment.
        change_amount_low (float): Lower end of the range that chance leaves around the change; missing for a rep
            with decided deals in one period only.
        change_amount_high (float): Upper end.
        p_value (float): How often chance alone would show such a change, adjusted over the reps; missing likewise.
        is_beyond_chance (bool): The change is rarer than chance explains.
        n_closed (int): Whole deals decided in which the rep has credit.
        n_won (int): Those of them that were won.
        n_closed_before (int): Deals decided then; 0 where nothing is compared with.
        n_won_before (int): Those of them that were won.
        is_partial (bool): The period had not ended; both are cut to the same days.

    Source:
        As in ``bookings_change``.
    """
    windows = bookings_windows(crm, period, span, compare_with)
    shared = shared_deals(crm, windows)
    cells, has_rates = cells_with_parts(crm, shared)
    if team_id is not None:
        cells, shared = cells[cells["team_id"] == team_id], shared.filter(shared.team_id == team_id)
    rows = changes_by(crm, shared, cells, ["rep_id"], has_rates)
    rows = _judged(rows, windows, has_rates, confidence)
    names = _by_key(crm.fetch(crm.reps.select("rep_id", "name")))
    rows = rows.assign(
        name=[names.get(rep, rep) for rep in rows["rep_id"]],
        team=rows["rep_id"].map(teams_of_reps(crm, windows.now.end)["team_name"]),
    )
    return _largest_first(rows, [])


_THEN = [
    "closed_before", "won_before", "before_rate", "average_before_amount", "before_amount", "change_amount", *PARTS,
    "change_amount_low", "change_amount_high", "p_value",
]  # fmt: skip
"""What is missing where there is nothing to compare with."""


def _judged(
    rows: pd.DataFrame, windows: BookingsWindows, has_rates: bool, confidence: float, *, n_families: int = 1
) -> pd.DataFrame:
    """Add rates, averages and what chance explains; what concerns then is missing without a then."""
    rows = with_rate(rows, "won", "closed", "win", confidence=confidence)
    before_rate = rows["won_before"] / rows["closed_before"].where(rows["closed_before"] > 0)
    # Who decided deals in one period only came or went, which is no matter of chance.
    squares = rows["squares"].where((rows["closed"] > 0) & (rows["closed_before"] > 0))
    booked = rows["bookings_amount"] + rows["before_amount"]
    low, high, p_values = change_by_chance(rows["change_amount"], booked, squares, confidence=confidence)
    rows = rows.assign(
        period=windows.name,
        compared_with=windows.before_name,
        before_rate=before_rate,
        average_deal_amount=rows["bookings_amount"] / rows["won"].where(rows["won"] > 0),
        average_before_amount=rows["before_amount"] / rows["won_before"].where(rows["won_before"] > 0),
        change_amount_low=low,
        change_amount_high=high,
        p_value=np.minimum(p_values * n_families, 1.0),
        is_partial=windows.is_partial,
    )
    is_compared = windows.before is not None
    if is_compared and not has_rates:
        rows = rows.assign(**dict.fromkeys(["win_rate", "win_rate_low", "win_rate_high", "before_rate"], np.nan))
    if not is_compared:
        rows = rows.assign(**dict.fromkeys(_THEN, np.nan))
    return rows.assign(is_beyond_chance=(rows["p_value"] < 1 - confidence).astype(bool))


def _largest_first(rows: pd.DataFrame, first: list[str]) -> pd.DataFrame:
    """By size of the change, or of bookings where nothing is compared with; ties by name."""
    size = rows["change_amount"].fillna(rows["bookings_amount"]).abs()
    order = [*first, "size", "name"]
    rows = rows.assign(size=size).sort_values(order, ascending=[name != "size" for name in order], kind="stable")
    return rows.reset_index(drop=True)


def _names(crm: Crm, rows: pd.DataFrame) -> list[str]:
    teams = names_of_teams(crm)
    empty = {"company": COMPANY, "team": NO_TEAM, "segment": NO_SEGMENT}
    pairs = zip(rows["group"], rows["key"], strict=True)
    return [(teams.get(key, key) if group == "team" else key) or empty[group] for group, key in pairs]


def _by_key(rows: pd.DataFrame) -> dict[str, str]:
    return dict(rows.itertuples(index=False, name=None))
