"""Words for selling and keeping."""

from __future__ import annotations

import pandas as pd

from salesops_lib.wording import Finding, Status, bold, count, has_have, listing, money, number, percent


def describe_selling_and_keeping(rows: pd.DataFrame) -> Finding:
    """Say whose customers stay or leave beyond chance, beside what was sold; for most, that nothing can be told."""
    if rows.empty or not rows[["n_new", "n_customers"]].to_numpy().any():
        return Finding("No rep has sold or kept a customer yet", "There is nothing to compare.", is_headline=False)
    judged = rows.dropna(subset="p_value")
    losing, keeping = (judged[judged[name].astype(bool)] for name in ("is_losing_more", "is_keeping_more"))
    n, left = rows["n_customers"].sum(), rows["n_churned"].sum()
    text = (
        f"{count(len(rows), 'rep')} sold {money(rows['new_amount'].sum())} of new business in twelve months. Of the "
        f"{number(n)} customers they had won before, {number(left)} left ({percent(left / n, 1)})." if n else
        f"{count(len(rows), 'rep')} sold {money(rows['new_amount'].sum())} of new business in twelve months; none of "
        "their customers is a year old."
    )  # fmt: skip
    few = len(rows) - len(judged)
    if few:
        text += f" {count(few, 'rep')} {has_have(few)} too few customers to judge."
    status: Status = "note"
    if judged.empty:
        return Finding("Too few customers to compare what reps keep", text, status, is_headline=False)
    if losing.empty and keeping.empty:
        title = f"No rep's customers leave more or less than others' ({number(len(judged))} judged)"
        return Finding(title, f"{text} None of the others differs beyond chance.", status, is_headline=False)
    if len(losing):
        status = "watch"
        named = [
            f"{bold(row['name'])} ({number(row['n_churned'])} of {number(row['n_customers'])}, where "
            f"{number(row['n_expected'], 1)} would have been usual)"
            for row in losing.to_dict("records")
        ]
        text += (
            f" More left, beyond chance and beyond what their segments and years of start explain, of those won by "
            f"{listing(named)}: look at what they were sold before at who sold it."
        )
    if len(keeping):
        text += f" Fewer left of those won by {listing([bold(name) for name in keeping['name']])}."
    title = f"{count(len(losing) + len(keeping), 'rep')} of {len(judged)} stand apart in the customers they keep"
    return Finding(title, text, status, is_headline=False)
