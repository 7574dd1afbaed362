"""Sentences on the ranking and its robustness: frames in, findings out; every number is from the frame's own rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salesops_lib.tool_evaluation.phrases import NO_CRITERIA
from salesops_lib.wording import Finding, count, listing, percent

if TYPE_CHECKING:
    import pandas as pd

SURE = 0.9
"""Share of rankings that a tool must lead to be called first whatever the weights (our choice)."""


def describe_ranking_by_tool(ranking: pd.DataFrame) -> Finding:
    """Whether the first place, and the last, depend on the choice of weights and method."""
    if ranking.empty:
        return NO_CRITERIA
    order = ranking.sort_values("first_rate", ascending=False, kind="stable")
    top, n = order.iloc[0], len(ranking)
    leaders = order[order["first_rate"] >= 0.005].to_dict("records")
    wins = [f"{row['name']} in {percent(row['first_rate'])}" for row in leaders]
    sentences = [
        f"Of {int(top['n_draws']):,} rankings with other weights and methods, first came {listing(wins, 4)}.",
    ]
    weak = ranking[ranking["rank_low"] > (n + 1) / 2]
    if len(weak):
        sentences.append(
            f"In the lower half by nearly every choice: **{listing(weak['name'].tolist())}** (interval of places "
            f"{', '.join(_places(row) for row in weak.head(3).to_dict('records'))} of {n})."
        )
    if top["first_rate"] >= SURE:
        title = f"{top['name']} is first in {percent(top['first_rate'])} of rankings with other weights"
    else:
        title = f"No tool is clearly first: {top['name']} leads {percent(top['first_rate'])} of rankings"
    return Finding(title, " ".join(sentences), is_headline=False)


def _places(row: dict[Any, Any]) -> str:
    low, high = int(row["rank_low"]), int(row["rank_high"])
    return f"{low}" if low == high else f"{low} to {high}"


def describe_ranking_by_method(methods: pd.DataFrame) -> Finding:
    """Whether another way of computing puts another tool first."""
    if methods.empty:
        return NO_CRITERIA
    stated = methods[methods["is_stated"]].iloc[0]
    others = methods[methods["first_name"] != stated["first_name"]]
    if others.empty:
        title = f"{stated['first_name']} is first by each of {len(methods)} ways to compute it"
    else:
        title = f"{len(others)} of {len(methods)} ways to compute it put another tool first"
    named = {str(name): len(rows) for name, rows in methods.groupby("first_name", sort=False)}
    firsts = ", ".join(f"{name} by {n}" for name, n in named.items())
    moved = methods.sort_values("n_moved", ascending=False, kind="stable").iloc[0]
    n_tools = count(stated["n_tools"], "tool")
    text = (
        f"First place: {firsts}. The way that differs most from ours, {moved['method']} with "
        f"{moved['normalisation']} normalisation, puts {int(moved['n_moved'])} of {n_tools} at another place. "
        f"By our own way {stated['first_name']} stays first under {percent(stated['first_rate'])} of the drawn "
        "weights."
    )
    return Finding(title, text, is_headline=False)


def describe_ranking_without_one(left_out: pd.DataFrame) -> Finding:
    """Whether the order of two tools depends on a third."""
    if left_out.empty:
        text = "The check needs three ranked tools."
        return Finding("Too few ranked tools to leave one out", text, is_headline=False)
    turned = left_out[left_out["n_swapped"] > 0]
    topsis = int((left_out["n_swapped_topsis"] > 0).sum())
    other = f"By TOPSIS {count(topsis, 'tool')} would turn one round." if topsis else "By TOPSIS none would either."
    if turned.empty:
        title = "Leaving any one tool out turns no order round"
        text = f"Each of {count(len(left_out), 'tool')} was left out in turn; the others kept their order. {other}"
        return Finding(title, text, is_headline=False)
    worst = turned.sort_values("n_swapped", ascending=False, kind="stable").iloc[0]
    text = (
        f"Without {worst['name']}, {count(worst['n_swapped'], 'pair')} of {worst['n_pairs']} change order "
        f"({worst['swapped']}): their order comes from the method, not from the two tools. {other}"
    )
    title = f"Leaving out one tool turns an order round for {len(turned)} of {count(len(left_out), 'tool')}"
    return Finding(title, text, is_headline=False)
