"""Words for the deals of the month, and for what was reported differently before."""

from __future__ import annotations

import pandas as pd

from salesops_lib.performance_visibility.phrases import most_of
from salesops_lib.wording import Finding, bold, count, money, month_name, number, percent

N_LARGEST = 5


def describe_deals_won(rows: pd.DataFrame) -> Finding:
    """Say how many deals were won and how much rests on the largest few."""
    if rows.empty:
        return Finding("No deal was won in the month", "There is nothing to list.", is_headline=False)
    total, n = float(rows["won_amount"].iloc[0]), int(rows["n_won"].iloc[0])
    top = rows["amount"].head(N_LARGEST).sum()
    first = rows.iloc[0]
    whose = f" with {bold(first['account'])}" if pd.notna(first["account"]) else ""
    text = f"{count(n, 'deal')} brought **{money(total)}**. The largest{whose} is {money(first['amount'])}"
    text += f"; the {N_LARGEST} largest are {percent(top / total)} of it." if n > N_LARGEST and total > 0 else "."
    if len(rows) < n:
        text += f" The list holds the {number(len(rows))} largest."
    share = f", {percent(top / total)} of it from the {N_LARGEST} largest" if n > N_LARGEST and total > 0 else ""
    return Finding(f"{count(n, 'deal')} won for {money(total)}{share}", text, is_headline=False)


def describe_restated_months(rows: pd.DataFrame) -> Finding:
    """Say which months read differently now than in the last report, and by how much."""
    if rows.empty:
        text = "Restatements show from the second report of a company on, where both lie in one reports folder."
        return Finding("No earlier report to compare with", text, is_headline=False)
    reported_in = month_name(rows["reported_in"].iloc[0])
    moved = rows[rows["is_restated"].astype(bool)]
    if moved.empty:
        text = f"Bookings and deals won of {count(len(rows), 'month')} read as they did in the report on {reported_in}."
        return Finding("No month was restated since the last report", text, "good", is_headline=False)
    largest = most_of(moved.assign(size=moved["change_amount"].abs()), "size")
    up, by = largest["change_amount"] >= 0, money(abs(largest["change_amount"]))
    text = (
        f"{number(len(moved))} of {count(len(rows), 'month')} read differently now than in the report on "
        f"{reported_in}, by {money(moved['change_amount'].sum())} in all. {month_name(largest['month'])} moved most: "
        f"{money(largest['reported_amount'])} from {count(largest['n_won_reported'], 'deal')} then, "
        f"**{money(largest['bookings_amount'])}** from {count(largest['n_won'], 'deal')} now."
    )
    title = f"{month_name(largest['month'])} was restated {'up' if up else 'down'} by {by}"
    return Finding(title, text, "watch", stake=float(moved["change_amount"].abs().sum()), is_headline=False)


def describe_restated_deals(rows: pd.DataFrame) -> Finding:
    """Say which deals of the month reported last count differently now."""
    if rows.empty:
        text = "None of the deals of the month reported last has changed since, or there is no earlier report."
        return Finding("No reported deal has changed", text, is_headline=False)
    kinds = rows["what"].value_counts()
    parts = ", ".join(f"{number(n)} {what}" for what, n in kinds.items())
    first = rows.iloc[0]
    whose = f" of {bold(first['account'])}" if pd.notna(first["account"]) else ""
    text = (
        f"Of the month reported last, {parts}: **{money(rows['change_amount'].sum())}** in all. The largest is a deal"
        f"{whose}, {first['what']}: {money(first['reported_amount'])} then, {money(first['amount'])} now."
    )
    return Finding(
        f"{count(len(rows), 'reported deal')} changed since the last report", text, "watch", is_headline=False
    )
