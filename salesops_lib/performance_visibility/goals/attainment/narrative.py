"""Words for the attainment of teams and reps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row, most_of
from salesops_lib.wording import Finding, Status, bold, count, has_have, is_are, listing, money, number, percent, short

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties


def describe_attainment_by_team(rows: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say how many teams reached their goal, which is furthest from it, and what luck could do."""
    teams = rows[~rows["is_group"].astype(bool)] if len(rows) else rows
    if teams.empty:
        return Finding("No team has bookings or a goal yet", "Nothing to compare.", is_headline=False)
    judged = teams.dropna(subset="attainment_rate")
    name = teams["period_name"].iloc[0]
    if judged.empty:
        best = most_of(teams, "bookings_amount")
        text = (
            f"No team has a goal for {name}, so there is no attainment. {best['name']} booked the most: "
            f"**{money(best['bookings_amount'])}** of {money(teams['bookings_amount'].sum())}."
        )
        return Finding(f"{short(best['name'])} booked the most in {name}; no team has a goal", text, is_headline=False)
    behind = judged.assign(behind=judged["quota_amount"] * judged["elapsed_rate"] - judged["bookings_amount"])
    worst = most_of(behind, "behind")
    reached = int((judged["pace_rate"] >= 1).sum())
    is_partial = bool(judged["is_partial"].iloc[0])
    done = "at or above the pace of their goal" if is_partial else "at or above their goal"
    how_many = f"{number(reached) if reached else 'None'} of {number(len(judged))}"
    title = f"{how_many} teams are {done} for {name}"
    if worst["behind"] > 0:
        late = f"{short(worst['name'])} is {money(worst['behind'])}"
        title = f"{late} short; {how_many.lower()} teams made {name}"
        if is_partial:
            title = f"{late} behind pace; {how_many.lower()} on pace for {name}"
    text = (
        f"**{how_many}** teams with a goal {is_are(reached)} {done} for {name}; together they booked "
        f"{money(judged['bookings_amount'].sum())} of {money(judged['quota_amount'].sum())}."
    )
    if worst["behind"] > 0:
        where = f"{money(worst['behind'])} behind the pace of its goal" if is_partial else "furthest from its goal"
        text += (
            f" {bold(worst['name'])} is {where}: {money(worst['bookings_amount'])} of {money(worst['quota_amount'])}, "
            f"or {percent(worst['attainment_rate'])}. {_luck(worst, is_partial)}"
        )
    without = teams[teams["team_id"].notna() & teams["quota_amount"].isna()]
    if len(without):
        text += f" {listing(list(without['name']))} {has_have(len(without))} no goal."
    if teams["team_id"].isna().any():
        rest = teams[teams["team_id"].isna()].iloc[0]
        goal = f" and {money(rest['quota_amount'])} of goals" if pd.notna(rest["quota_amount"]) else ""
        text += f" {money(rest['bookings_amount'])}{' of bookings' if goal else ''}{goal} belong to no team."
    limit = duties.threshold("attainment")
    lowest = judged["pace_rate"].min()
    status: Status = "act" if _is_beyond_luck(judged, limit).any() else "watch" if lowest < 1 else "good"
    return Finding(title, text, status, stake=max(float(worst["behind"]), 0.0))


def _is_beyond_luck(rows: pd.DataFrame, limit: float) -> pd.Series[bool]:
    """Below the threshold's pace even at the upper end of what luck could do."""
    high = rows["attainment_rate_high"] / rows["elapsed_rate"].where(rows["elapsed_rate"] > 0)
    return (rows["pace_rate"] < limit) & (high < 1)


def _luck(row: Row, is_partial: bool) -> str:
    if pd.isna(row["attainment_rate_low"]):
        return ""
    so_far = " by now" if is_partial else ""
    return (
        f"With deals this few and this uneven, luck alone could have put it anywhere from "
        f"{percent(row['attainment_rate_low'])} to {percent(row['attainment_rate_high'])}{so_far}."
    )


def describe_attainment_by_rep(rows: pd.DataFrame) -> Finding:
    """Say how many reps reached their goal, how bookings are spread, and how much of it luck could be."""
    if rows.empty:
        text = "No rep of the table `reps` was there in the period, booked a deal or has a goal."
        return Finding("No rep to list", text, is_headline=False)
    name = rows["period_name"].iloc[0]
    total = rows["bookings_amount"].sum()
    ranked = rows.sort_values("bookings_amount", ascending=False)
    n_top = min(5, len(ranked))
    share = percent(ranked["bookings_amount"].head(n_top).sum() / total) if total > 0 else ""
    is_manager = rows["is_manager"] if "is_manager" in rows else pd.Series(False, index=rows.index)
    reps, managers = rows[~is_manager], rows[is_manager]
    judged = reps.dropna(subset="attainment_rate")
    without = reps[reps["quota_amount"].isna()]
    idle = int((rows["bookings_amount"] == 0).sum())
    if judged.empty:
        text = f"No rep has a goal for {name}. {count(idle, 'rep')} of {number(len(rows))} booked nothing."
        title = (
            f"The top {n_top} of {len(rows)} reps brought {share} of {name}" if share else f"No rep booked in {name}"
        )
        return Finding(title, f"{text} Reps are listed by bookings.", is_headline=False)
    is_partial = bool(judged["is_partial"].iloc[0])
    done = "are at the pace of their goal" if is_partial else "reached their goal"
    reached = int((judged["pace_rate"] >= 1).sum())
    low = int((judged["pace_rate"] < 0.5).sum())
    title = f"{number(reached)} of {number(len(judged))} reps {done} for {name}"
    if share and len(title) < 48:
        title += f"; the top {n_top} brought {share}"
    text = (
        f"Of {count(len(judged), 'rep')} with a goal for {name}, **{number(reached)}** {done} and "
        f"**{number(low)}** booked less than half of {'that pace' if is_partial else 'it'}."
        f"{f' The top {n_top} brought {share} of all bookings.' if share else ''} "
        "A rep's quarter is few deals: the range beside each figure is what luck alone could have made of it, so this "
        "list is no ranking of skill; the rep comparison is."
    )
    if len(without):
        text += f" {count(len(without), 'rep')} without a goal stand last: {listing(list(without['name']))}."
    if len(managers):
        text += f" Not counted, as they manage and their quota may be the team's: {listing(list(managers['name']))}."
    return Finding(title, text, is_headline=False)
