"""Words for the table of reps, and for those whom it cannot judge."""

from __future__ import annotations

import pandas as pd

from salesops_lib import wording
from salesops_lib.rep_comparison.phrases import NO_LOSSES, span
from salesops_lib.wording import Finding, count, is_are, joined, listing, money, number, percent, plain


def describe_reps_side_by_side(reps: pd.DataFrame, *, min_closed: int, confidence: float) -> Finding:
    """Say how far the reps lie apart, raw and with luck taken out."""
    closed, won = int(reps["n_closed"].sum()), int(reps["n_won"].sum())
    if not closed:
        return Finding("No deal closed in the window", "There is nothing to compare yet.", is_headline=False)
    sellers = reps[reps["n_closed"] > 0]
    rated = reps[(reps["n_closed"] >= min_closed) & reps["win_rate"].notna()]
    base = f"{count(len(sellers), 'rep')} closed **{closed:,}** deals {span(reps)} and won **{won:,}** of them"
    rest = _sizes_and_cycles(sellers, confidence)
    if rated.empty:
        title = NO_LOSSES if closed == won else "Nobody closed enough deals to compare win rates"
        goals = sellers["attainment_rate"].dropna()
        if len(goals):
            title = (
                f"Attainment runs from {percent(goals.min())} to {percent(goals.max())} ({count(len(goals), 'rep')})"
            )
        return Finding(title, f"{base}. {rest}", is_headline=False)
    raw = f"{percent(rated['win_rate'].min())} to {percent(rated['win_rate'].max())}"
    low, high = (percent(rated["shrunken_win_rate"].agg(end)) for end in ("min", "max"))
    text = (
        f"{base} ({percent(won / closed, 1)}). Among the {len(rated)} with at least {min_closed} closed deals, the raw "
        f"win rate runs from {raw}; drawn towards the team by what luck can do, from **{low}** to **{high}**. {rest}"
    )
    return Finding(f"Win rates run from {raw}; adjusted for luck, {low} to {high}", text, is_headline=False)


def _sizes_and_cycles(sellers: pd.DataFrame, confidence: float) -> str:
    """The other columns in one sentence, each with its range over the reps."""
    said = []
    for name, column, write in (
        ("typical deals", "typical_deal_amount", money),
        ("median cycles in days", "cycle_days", number),
        ("attainment", "attainment_rate", percent),
    ):
        known = sellers[column].dropna()
        if len(known):
            said.append(f"{name} from {write(known.min())} to {write(known.max())} ({count(len(known), 'rep')})")
    ranges = f"Reps differ in {joined(said)}. " if said else ""
    return f"{ranges}{wording.percent(confidence)} intervals stand in the table."


def describe_reps_not_judged(people: pd.DataFrame) -> Finding:
    """Say who has no verdict, so that nobody is missing without a word."""
    if people.empty:
        return Finding("Everyone in the window is judged", "Nobody is left out.", is_headline=False)
    by_reason = people.groupby("reason", sort=False)["name"].agg(list)
    said = [
        f"{str(reason).capitalize()}: **{len(names)}** ({listing([plain(name) for name in names])})."
        for reason, names in by_reason.items()
    ]
    title = f"{count(len(people), 'person', 'people')} {is_are(len(people))} not judged"
    return Finding(title, f"{' '.join(said)} No verdict is not a bad verdict.", is_headline=False)
