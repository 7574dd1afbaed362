"""Words for the lead red flag."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row, first_of, last_of, least_of
from salesops_lib.wording import Finding, bold, count, listing, money, number, percent, short

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties

NEVER_QUALIFIED = (
    "Whether fewer leads qualify cannot be told from leads of which none does. If that is because nobody records it, "
    "map `qualified_at` of the table `leads`."
)


def describe_lead_red_flag(rows: pd.DataFrame, *, duties: Duties, n_months: int = 3) -> Finding:
    """Say whether lead volume hides a fall of quality, where, and whether any rep's share needs a look."""
    whole = first_of(rows)
    if whole is None:
        return Finding("No lead in these months", f"None arrived in {count(n_months, 'month')}.", is_headline=False)
    if not whole["n_ripe"]:
        text = f"None of {count(whole['n_leads'], 'lead')} of these months has had its time to qualify."
        return Finding("Too few leads to judge", text, is_headline=False)
    if whole["lead_qualified_rate"] == 0 and whole["before_rate"] == 0:
        return Finding("No lead qualified, now or before", NEVER_QUALIFIED, is_headline=False)
    if pd.isna(whole["before_rate"]):
        rate = percent(whole["lead_qualified_rate"], 1)
        text = f"{rate} of {count(whole['n_ripe'], 'lead')} qualified; there are no earlier leads to compare with."
        return Finding(f"{rate} of leads qualified; nothing earlier to compare", text, is_headline=False)
    sources = rows[(rows["split"] == "source") & rows["is_red_flag"].astype(bool)]
    text = f"{_all(whole, n_months)} {_sources(rows)} {_reps(rows)}"
    if sources.empty and not whole["is_red_flag"]:
        fallen = bool(whole["is_fallen"]) or bool(rows.loc[rows["split"] == "source", "is_fallen"].any())
        title = f"{percent(whole['lead_qualified_rate'], 1)} of leads qualified; no red flag"
        return Finding(title, " ".join(text.split()), "watch" if fallen else "good", is_headline=fallen)
    flagged = first_of(sources) if len(sources) else whole
    subject = short(flagged["name"]) if len(sources) else "Leads overall"
    title = (
        f"Red flag: {subject}, {number(flagged['volume_rate'], 1)}x the leads, "
        f"{percent(flagged['lead_qualified_rate'])} qualify, was {percent(flagged['before_rate'])}"
    )
    whom = f"the source {flagged['name']}" if len(sources) else "all sources"
    action = duties.action(
        f"Check targeting and spend of {whom} before sending more of its leads to reps.",
        kpi="lead_qualified_rate",
        within=5,
        rule="Leads per day at or above the months before while the qualified share is below theirs beyond chance.",
    )
    stake = flagged["missing_amount"]
    return Finding(
        title, " ".join(text.split()), "act", action, stake=0.0 if pd.isna(stake) else max(float(stake), 0.0)
    )


def _all(row: Row, n_months: int) -> str:
    more = "more" if row["volume_rate"] >= 1 else "fewer"
    return (
        f"{number(row['n_leads'])} leads arrived in {count(n_months, 'month')}, {percent(abs(row['volume_rate'] - 1))} "
        f"{more} a day than in the months before; of the {number(row['n_ripe'])} that have had "
        f"{count(row['ripe_days'], 'day')} to qualify, **{percent(row['lead_qualified_rate'], 1)}** did, "
        f"against {percent(row['before_rate'], 1)} before."
    )


def _sources(rows: pd.DataFrame) -> str:
    sources = rows[rows["split"] == "source"]
    fallen = sources[sources["is_fallen"].astype(bool)]
    if sources.empty:
        return ""
    if fallen.empty:
        return f"None of {count(len(sources), 'source')} fell beyond chance."
    worst = first_of(fallen)
    worth = "" if pd.isna(worst["missing_amount"]) else f", worth about {money(worst['missing_amount'])} in won deals"
    others = f" {number(len(fallen) - 1)} more fell." if len(fallen) > 1 else " No other source fell beyond chance."
    return (
        f"{bold(worst['name'])} fell from {percent(worst['before_rate'], 1)} to "
        f"{percent(worst['lead_qualified_rate'], 1)} of {number(worst['n_ripe'])} leads: "
        f"about {number(worst['n_missing'])} qualified leads short{worth}.{others}"
    )


def _reps(rows: pd.DataFrame) -> str:
    reps = rows[rows["split"] == "rep"]
    if reps.empty:
        return ""
    below = reps[reps["is_fallen"].astype(bool)]
    if below.empty:
        return f"None of {count(len(reps), 'rep')} is below what the sources of their leads explain."
    return f"Below what the sources of their leads explain: {listing(list(below['name']))}."


def describe_lead_steps(rows: pd.DataFrame) -> Finding:
    """Say at which step leads fall away more than before, and how many nobody touched."""
    first, last = first_of(rows), last_of(rows)
    if first is None or not first["n_reached"]:
        text = "No lead arrived in these months, or none of them has had its time to qualify."
        return Finding("No lead to follow", text, is_headline=False)
    fallen = rows[rows["is_fallen"].astype(bool)]
    text = (
        f"Of {number(first['n_reached'])} leads, {number(first['n_left'])} were never touched and "
        f"{number(rows['n_passed'].iloc[1])} qualified; {number(last['n_passed'])} are won deals so far "
        f"({percent(last['of_all_rate'], 1)}), and more will follow as deals close."
    )
    if fallen.empty:
        return Finding(
            f"No step of the lead funnel fell: {number(first['n_left'])} leads untouched", text, is_headline=False
        )
    worst = least_of(fallen, "p_value")
    step = worst["step"].lower()
    title = f"Leads fall away from {step}: {percent(worst['pass_rate'])} pass, was {percent(worst['before_rate'])}"
    text += (
        f" From {step}, **{percent(worst['pass_rate'], 1)}** of {number(worst['n_reached'])} passed, against "
        f"{percent(worst['before_rate'], 1)} before: beyond chance."
    )
    return Finding(title, text, "watch", is_headline=False)
