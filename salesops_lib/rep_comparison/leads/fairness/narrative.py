"""Words for how evenly leads are shared, beside what the rule gives and what luck can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib import wording
from salesops_lib.rep_comparison.phrases import NO_LEADS, span
from salesops_lib.wording import Finding, count, has_have, joined, listing, number, plain

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties

_RULES = {
    "territory": "evenly within each team and segment, by days in the seat",
    "round_robin": "evenly among all, by days in the seat",
    "weighted": "by the weights given and the days in the seat",
}
_ASPECTS = {"count": "number", "quality": "quality", "value": "value", "source": "source", "waiting": "waiting time"}


def describe_lead_fairness(fairness: pd.DataFrame) -> Finding:
    """Say in which respects leads are shared unevenly, beside the unevenness of a fair sharing."""
    known = fairness.dropna(subset=["p_value"])
    if known.empty:
        return NO_LEADS
    first: Any = known.iloc[0]
    uneven, even = known[known["is_uneven"]], known[~known["is_uneven"]]
    title = (
        f"Leads are shared unevenly in {joined([_ASPECTS[each] for each in uneven['aspect']])}"
        if len(uneven)
        else "Leads are shared as evenly as luck allows"
    )
    said = [
        f"{count(first.n_leads, 'lead')} of {count(first.n_reps, 'rep')} {span(known)}, held against the rule: "
        f"{_RULES[first.rule]}."
    ]
    if len(uneven):
        said.append(f"Beyond luck: {'; '.join(_against_fair(row) for row in uneven.itertuples())}.")
    if len(even):
        said.append(f"Within luck: {'; '.join(_against_fair(row) for row in even.itertuples())}.")
    said.append("Gini 0 is exactly by the rule; luck alone never gives it.")
    if not first.is_ramped:
        said.append("How many leads joiners should get is not known here; they are left out in their first half year.")
    if first.n_outside:
        said.append(f"Left out: {count(first.n_outside, 'lead')} of people outside the pool, joiners included.")
    return Finding(title, " ".join(said), status="watch" if len(uneven) else "good", is_headline=len(uneven) > 0)


def _against_fair(row: Any) -> str:
    digits = 3 if row.gini >= 0.01 else 4
    ends = f"{number(row.fair_gini_low, digits)} to {number(row.fair_gini_high, digits)}"
    return (
        f"**{_ASPECTS[row.aspect]}** (Gini {number(row.gini, digits)}, a fair sharing {ends}; "
        f"p = {number(row.adjusted_p_value, 3)})"
    )


def describe_lead_share_by_month(months: pd.DataFrame) -> Finding:
    """Say in which months leads were shared unevenly."""
    known = months.dropna(subset=["gini"])
    if known.empty:
        return NO_LEADS
    parts = []
    for word, start, mark in (("number", "", "is_uneven"), ("source", "source_", "is_source_uneven")):
        told = known.dropna(subset=[f"{start}gini"])
        if told.empty:
            continue
        last, uneven = told.iloc[-1], list(told.loc[told[mark], "month"])
        ends = f"{number(last[f'{start}fair_gini_low'], 2)} to {number(last[f'{start}fair_gini_high'], 2)}"
        named = f" ({joined(uneven)})" if uneven else ""
        were = "was" if len(uneven) == 1 else "were"
        parts.append(
            f"By {word}, **{len(uneven)} of {count(len(told), 'month')}** {were} uneven beyond luck{named}; in "
            f"{last['month']} the Gini was {number(last[f'{start}gini'], 2)}, a fair sharing of its "
            f"{count(last['n_leads'], 'lead')} gives {ends}."
        )
    n, last = len(known), known.iloc[-1]
    both = int((known["is_uneven"] | known["is_source_uneven"]).sum())
    title = (
        f"Leads were shared unevenly in {both} of {count(n, 'month')}"
        if both
        else f"{'The one month' if n == 1 else f'All {n} months'} shared leads evenly"
    )
    partial = f" {last['month']} is not over." if last["is_partial"] else ""
    measures = "both measures" if len(parts) > 1 else "one measure"
    text = f"{' '.join(parts)} All months and {measures} are allowed for.{partial}"
    return Finding(title, text, status="watch" if both else "good", is_headline=False)


def describe_unassigned_leads(unassigned: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say how many leads have no rep, how old they are and where they came from."""
    whole = unassigned[unassigned["split"] == "all"].set_index("age_band")
    n, arrived = int(whole["n_unassigned"].sum()), int(whole["n_arrived"].sum())
    if not n:
        text = f"All {count(arrived, 'lead')} that arrived have a rep." if arrived else "No lead has arrived."
        return Finding("No lead waits for a rep", text, status="good" if arrived else "note", is_headline=False)
    late = whole.drop("0-1 day")
    fresh = late.loc[["2-7 days", "8-30 days"]]
    n_late, n_fresh = int(late["n_unassigned"].sum()), int(fresh["n_unassigned"].sum())
    ages = joined(
        [
            f"{waiting:,} of {of_all:,} aged {band.lower()}"
            for band, waiting, of_all in zip(whole.index, whole["n_unassigned"], whole["n_arrived"], strict=True)
            if waiting
        ]
    )
    sources = unassigned[unassigned["split"] == "source"].groupby("source")["n_unassigned"].sum()
    first = sources.sort_values(ascending=False, kind="stable")
    where = listing([f"{plain(name)} ({each:,})" for name, each in first.items()])
    evening = wording.day(duties.as_of)
    text = (
        f"Without a rep on the evening of {evening}: **{n:,}** of {count(arrived, 'lead')}, that is {ages}. "
        f"The oldest has waited {wording.days(whole['oldest_days'].max())}. By source: {where}. "
        "Whether the old ones were set aside on purpose is not recorded."
    )
    action = duties.action(
        f"Give the {count(n_fresh, 'lead')} of the last 30 days without a rep to someone, or close them.",
        kpi="first_touch_hours",
        within=2,
        rule="A lead has no rep more than a day after it arrived.",
    )
    title = f"{count(n_late, 'lead')} older than a day {has_have(n_late)} no rep" + (
        f", {n_fresh:,} of the last 30 days" if n_fresh and n_fresh < n_late else ""
    )
    return Finding(
        title if n_late else f"{count(n, 'lead')} of the last day {'waits' if n == 1 else 'wait'} for a rep",
        text,
        status="watch" if n_fresh else "note",
        action=action if n_fresh else None,
        is_headline=n_fresh > 0,
    )
