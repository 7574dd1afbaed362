"""Words for the leaderboard: several winners by name, no ranking, and whether the game still is one."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesops_lib.wording import Finding, count, joined, money, number, percent, plain, points

NO_GOALS = Finding(
    "Nobody has a goal to be held against",
    "The boards hold bookings against each rep's own goal of the quarter, and no rep on them has one above 0. Goals of "
    "reps stand in the table `quotas`, or under `quotas: reps:` in the quarter's YAML.",
    is_headline=False,
)


def describe_leaderboard(rows: pd.DataFrame) -> Finding:
    """Say who is ahead on each board, by name and not by place, and whether the same one always wins."""
    if rows.empty:
        return NO_GOALS
    winners = rows[rows["is_winner"]]
    if winners.empty:
        return Finding("Nobody is ahead yet", "No rep on the boards has bookings in the quarter.", is_headline=False)
    first: Any = rows.iloc[0]
    so_far = " so far" if first.is_partial else ""
    parts = [_board(winners[winners["board"] == board], so_far) for board in dict.fromkeys(winners["board"])]
    told = winners.dropna(subset=["place"])
    if told.empty:
        parts.append("No interval is apart from all others', so no places are told; winners stand by name.")
    parts += [
        f"{plain(row['name'])} is ahead of all others by more than luck ({str(row['board_name']).lower()})."
        for row in told.to_dict("records")
    ]
    parts.append(_without_improvement(rows))
    parts.append(_always(rows))
    if first.n_without_goal:
        parts.append(f"{count(first.n_without_goal, 'rep')} with bookings, without a goal: not on the boards.")
    if first.n_opted_out:
        parts.append(f"{count(first.n_opted_out, 'rep')} stay{'s' if first.n_opted_out == 1 else ''} off the boards.")
    names = [plain(name) for name in winners.loc[winners["board"] == "attainment", "name"]]
    title = f"Ahead in {first.quarter}{so_far}: {joined(names)}" if names else f"Ahead in {first.quarter}{so_far}"
    return Finding(title, " ".join(filter(None, parts)), is_headline=False)


def _board(rows: pd.DataFrame, so_far: str) -> str:
    each: list[Any] = list(rows.itertuples())
    board = each[0].board
    point = ", to the same point of each quarter" if so_far and board == "improvement" else so_far
    said = [
        f"**{plain(row.name)}** {percent(row.value) if board == 'attainment' else points(row.value, 0)} "
        f"({money(row.bookings_amount)} from {count(row.n_won, 'deal')})"
        for row in each
    ]
    return f"{each[0].board_name}{point}: {joined(said)}."


def _without_improvement(rows: pd.DataFrame) -> str:
    """Why the board of improvement has no winner; empty where it has."""
    board = rows[rows["board"] == "improvement"]
    if board["is_winner"].any():
        return ""
    if board["value"].isna().all():
        return "Improvement cannot be told from fewer than two quarters before."
    return "Nobody is ahead of their own quarters before."


def _always(rows: pd.DataFrame) -> str:
    """Whether somebody wins more often than luck would let anybody."""
    once = rows.drop_duplicates("rep_id")
    luck, quarters = once["luck_wins"].iloc[0], once["n_quarters"].iloc[0]
    if pd.isna(luck):
        return "Whether the same ones always win cannot be told from fewer than three quarters."
    often = once[once["n_wins"] > luck]
    if often.empty:
        most = int(once["n_wins"].max())
        return f"Nobody was among the first more often than luck may have it ({most} of {quarters} quarters at most)."
    said = [f"{plain(row.name)} ({row.n_wins} of {quarters})" for row in often.itertuples()]
    return (
        f"The same ones win: {joined(said)}, where luck would give nobody more than {number(luck)}. A board that the "
        "same ones win moves nobody else: let improvement count, or change the game."
    )
