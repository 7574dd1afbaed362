"""Words for what has changed since the last report."""

from __future__ import annotations

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row
from salesops_lib.wording import Finding, bold, count, day, money, number, percent, small

MOST_NAMED = 3


def describe_changes_since_last_report(rows: pd.DataFrame) -> Finding:
    """Say what moved most since the last report, where, and how far chance alone moves such sums."""
    company = rows[rows["group"] == "company"]
    if company.empty or not company[["n_before", "n_now"]].to_numpy().any():
        return Finding("Nothing has moved yet", "There are no deals to compare.", is_headline=False)
    first = company.iloc[0]
    since = day(first["last_on"].date())
    title = f"{first['measure_name']} {_moved(first)} since {since}"
    text = " ".join(f"{row['measure_name']}: {_then_and_now(row)}." for row in company.to_dict("records"))
    teams = rows[rows["group"] == "team"].head(MOST_NAMED)
    if len(teams) > 1:
        named = [f"{bold(row['name'])}, {small(row['measure_name'])} {_moved(row)}" for row in teams.to_dict("records")]
        text += f" The largest moves of teams are {'; '.join(named)}."
    return Finding(title, text, is_headline=False)


def _moved(row: Row) -> str:
    change = row["change_amount"]
    return f"{'rose' if change >= 0 else 'fell'} by {money(abs(change))}" if change else "did not move"


def _then_and_now(row: Row) -> str:
    share = f", {percent(abs(row['change_rate']))} {'more' if row['change_rate'] >= 0 else 'less'}"
    chance = f" (chance alone moves it by up to {money(row['chance_amount'])} either way)"
    return (
        f"**{money(row['now_amount'])}** from {count(row['n_now'], 'deal')} after {money(row['before_amount'])} from "
        f"{number(row['n_before'])}{share if pd.notna(row['change_rate']) else ''}"
        f"{chance if pd.notna(row['chance_amount']) else ''}"
    )
