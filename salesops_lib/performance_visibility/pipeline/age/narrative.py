"""Words for the age of open deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.phrases import NO_DATES, first_of
from salesops_lib.wording import Finding, Status, count, days, money, number, percent

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties


def describe_age_of_open_deals(rows: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say how old the open deals are, and how many are older than any deal that was ever won."""
    first = first_of(rows)
    if first is None:
        return Finding("No deal is open", "There is no open deal on this day.", is_headline=False)
    if pd.isna(first["age_days"]) or pd.isna(first["longest_won_days"]):
        n = count(first["n_open"], "open deal")
        return Finding(f"The age of {n} cannot be judged", NO_DATES, is_headline=False)
    share = first["n_older"] / first["n_open"]
    status: Status = "act" if share >= 0.2 else "watch" if first["n_older"] else "good"
    title = f"{number(first['n_older'])} of {count(first['n_open'], 'open deal')} are older than any deal ever won"
    text = (
        f"The longest cycle that ended in a win took {days(first['longest_won_days'])}. **{number(first['n_older'])}** "
        f"open deals ({percent(share)}), worth {money(first['older_amount'])} on paper, are older; the oldest is "
        f"{days(first['oldest_days'])} old. Half of the open deals are younger than {days(first['age_days'])}."
    )
    undated = int(first["n_open"] - first["n_dated"])
    if undated:
        text += f" {count(undated, 'open deal')} have no creation date and cannot be judged."
    action = None
    if status == "act":
        action = duties.action(
            f"Close the {count(first['n_older'], 'deal')} older than any win as lost, or restart them as new deals.",
            kpi="hygiene_score",
            within=5,
            rule="A fifth of the open deals or more are older than the longest cycle that ever ended in a win.",
        )
    return Finding(title, text, status, action, stake=float(first["older_amount"]))
