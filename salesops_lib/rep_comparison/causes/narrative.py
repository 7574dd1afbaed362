"""Words for the causes: what mix, leads, process and time in the role account for, and what is left."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesops_lib.rep_comparison.phrases import NO_LOSSES, span
from salesops_lib.wording import Finding, count, is_are, joined, listing, number, percent, plain, signed

PARTS = {
    "mix_won": "the mix of deals",
    "leads_won": "the leads",
    "process_won": "the process of the team",
    "tenure_won": "the time in the role",
}
SURE = 0.9
LEAST_SHOWN = 0.05
"""Wins that are not written as 0.0."""


def describe_causes_by_rep(causes: pd.DataFrame) -> Finding:
    """Say how much each cause moves what is expected of reps, whom a cause explains, and whose place is sure."""
    known = causes.dropna(subset=["rest_won"])
    if known.empty:
        title = NO_LOSSES if len(causes) else "No closed deals to look for causes in"
        return Finding(title, "Causes need won and lost deals.", is_headline=False)
    explained = known[known["explained_by"] != ""]
    apart = known[known["verdict"].str.startswith("stands out")]
    moved = known[list(PARTS)].abs()
    title = f"What reps may be expected to win depends most on {PARTS[str(moved.sum().idxmax())]}"
    if float(moved.to_numpy().max()) < LEAST_SHOWN:
        title = "No cause moves what reps may be expected to win"
    if len(explained):
        title = f"{count(len(explained), 'rep')} who looked apart {is_are(len(explained))} explained"
    said = [
        f"The wins to expect of {count(len(known), 'rep')} {span(known)} allow for {known['held_alike'].iloc[0]}.",
        f"At most, they change by {joined([_largest(known, name) for name in PARTS])}.",
        *_explained(explained),
        _left(known, apart),
        _places(known),
    ]
    return Finding(title, " ".join(filter(None, said)), is_headline=bool(len(explained)))


def _largest(known: pd.DataFrame, name: str) -> str:
    row: Any = known.iloc[int(known[name].abs().to_numpy().argmax())]
    return f"**{signed(row[name], 1)}** through {PARTS[name]} ({plain(row['name'])})"


def _explained(rows: pd.DataFrame) -> list[str]:
    each: list[Any] = list(rows.head(3).itertuples())
    return [
        f"**{plain(row.name)}** won {row.n_won:,} of {row.n_closed:,}, where the same months would give "
        f"{number(row.expected_won, 1)}: {row.explained_by} {'explain' if row.explained_by == 'leads' else 'explains'} "
        f"most of it, and the rest, {signed(row.rest_won, 1)}, is within luck."
        for row in each
    ]


def _left(known: pd.DataFrame, apart: pd.DataFrame) -> str:
    if known["q_value"].isna().all():
        return "Whether what is left is more than luck cannot be told: nobody has enough deals like others'."
    if apart.empty:
        return "What is left of every rep's difference is within luck."
    names = listing([plain(name) for name in apart["name"]])
    return f"What is left is beyond luck for {names}: only there is the way of selling worth a look."


def _places(known: pd.DataFrame) -> str:
    """Whose place among the reps can be told: few, as a rule."""
    judged = known.dropna(subset=["rank_low"])
    if len(judged) < 2:
        return ""
    top, bottom = (judged[judged[f"{end}_quarter_rate"] >= SURE] for end in ("top", "bottom"))
    wide = (judged["rank_high"] - judged["rank_low"]).median()
    sure = [
        f"{listing([plain(name) for name in rows['name']])} in the {end} quarter"
        for end, rows in (("top", top), ("bottom", bottom))
        if len(rows)
    ]
    told = f"{joined(sure)} with a chance of at least {percent(SURE)}" if sure else "nobody's quarter"
    return (
        f"Of places among the {len(judged)} judged, the data tells {told}; half of the reps may stand on any of "
        f"{number(wide + 1)} places or more, so read no ranking into the table."
    )
