"""Words for stage cohorts."""

from __future__ import annotations

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row, least_of, most_of
from salesops_lib.wording import Finding, count, days, month_name, percent

WON = "Won"


def describe_stage_cohorts(rows: pd.DataFrame) -> Finding:
    """Say how many of the mature months' deals were won, how far those shares lie apart, and what is too young."""
    if rows.empty or not rows["n_created"].any():
        return Finding("No month of new deals to follow", "No deal was created in these months.", is_headline=False)
    won = rows[rows["stage"] == WON]
    ripe = won[won["is_mature"] & (won["n_created"] > 0)]
    young = won[~won["is_mature"]]
    wait = _wait(won, len(young))
    if won["ripe_days"].isna().all():
        text = "No deal was won after a day of creation that is known, so nobody knows what time to give a month."
        return Finding("No month of new deals can be judged: no win tells how long one takes", text, is_headline=False)
    if ripe.empty:
        text = f"None of {count(len(won), 'month')} has had the time in which nine of ten wins come. {wait}"
        return Finding("Every month of new deals is too young to judge", text.strip(), is_headline=False)
    rate = ripe["n_reached"].sum() / ripe["n_created"].sum()
    low, high = least_of(ripe, "reached_rate"), most_of(ripe, "reached_rate")
    text = (
        f"Of {count(ripe['n_created'].sum(), 'deal')} created in {count(len(ripe), 'mature month')}, "
        f"**{percent(rate)}** were won: from {_share(low)} to {_share(high)}. {wait} No fall is claimed from a month "
        "in brackets."
    )
    title = f"{percent(rate)} of the deals of mature months were won; {count(len(young), 'month')} too young"
    return Finding(title, " ".join(text.split()), is_headline=False)


def _wait(rows: pd.DataFrame, n_young: int) -> str:
    if not n_young:
        return ""
    longest = days(float(rows["ripe_days"].max()))
    return f"Nine of ten wins take up to {longest}, so {count(n_young, 'month')} cannot be judged yet."


def _share(row: Row) -> str:
    ends = f"{percent(row['reached_rate_low'])} to {percent(row['reached_rate_high'])}"
    return f"{percent(row['reached_rate'])} ({month_name(row['month'])}, {ends})"
