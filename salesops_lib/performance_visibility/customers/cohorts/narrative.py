"""Words for customer cohorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.phrases import most_of
from salesops_lib.wording import Finding, count, is_are, listing, number, percent

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties

YEAR = 12


def describe_customer_cohorts(rows: pd.DataFrame, *, duties: Duties) -> Finding:
    """Name the cohort that leaves faster than the others beyond chance, and say which are too young to judge."""
    cohorts = rows.drop_duplicates("cohort") if len(rows) else rows
    if cohorts.empty:
        return Finding("No customer cohort to follow", "No customer began within the data.", is_headline=False)
    judged = cohorts.dropna(subset="p_value")
    faster = judged[judged["is_leaving_faster"].astype(bool)]
    young = f" {_young(rows)}"
    if judged.empty:
        text = "No cohort has customers enough, and for long enough, to be held against the others."
        return Finding("Too few customers to compare cohorts", text + young, is_headline=False)
    if faster.empty:
        n = count(len(judged), "cohort")
        text = f"Held against all other customers of the same age, none of {n} leaves faster beyond chance."
        return Finding("No cohort of customers leaves faster than the others", text + young, "good", is_headline=False)
    worst = most_of(faster, "leave_ratio")
    text = (
        f"Of {count(worst['n_customers'], 'customer')} who began in **{worst['cohort']}**, {number(worst['n_left'])} "
        f"have left; at the pace of the others of the same age {number(worst['n_expected'])} would have: "
        f"**{number(worst['leave_ratio'], 1)} times** as many ({number(worst['leave_ratio_low'], 1)} to "
        f"{number(worst['leave_ratio_high'], 1)}), beyond chance over {count(len(judged), 'cohort')}."
        f"{_at_a_year(rows, worst['cohort'])}{_others(faster, worst['cohort'])}{young}"
    )
    action = duties.action(
        f"Call the customers of {worst['cohort']} who are still there and ask what they were promised.",
        kpi="net_retention",
        within=10,
        rule="A cohort of customers leaves faster than all others of the same age, beyond chance.",
    )
    title = f"Customers of {worst['cohort']} leave {number(worst['leave_ratio'], 1)} times as fast as others"
    return Finding(title, text, "act", action)


def _at_a_year(rows: pd.DataFrame, cohort: str) -> str:
    own = rows[(rows["cohort"] == cohort) & (rows["months"] == YEAR)]
    if own.empty:
        return ""
    row = own.iloc[0]
    return (
        f" After a year {percent(row['kept_rate'])} of them were left ({percent(row['kept_rate_low'])} to "
        f"{percent(row['kept_rate_high'])})."
    )


def _others(faster: pd.DataFrame, told: str) -> str:
    names = [name for name in faster["cohort"] if name != told]
    return f" So do those of {listing(names)}." if names else ""


def _young(rows: pd.DataFrame) -> str:
    ripe = rows.loc[rows["is_mature"] & (rows["months"] == YEAR), "cohort"]
    young = [name for name in rows["cohort"].unique() if name not in set(ripe)]
    if not young:
        return ""
    some = f"{count(len(young), 'cohort')} {is_are(len(young))}"
    return f"{some} too young for a year's share: {listing(young)}."
