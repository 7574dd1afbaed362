"""Words for reps and pairs whose order turns round within segments: a matter of mix, said as such."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salesops_lib.rep_comparison.phrases import span
from salesops_lib.wording import Finding, count, percent, plain, points

if TYPE_CHECKING:
    import pandas as pd

MOST_NAMED = 5
MOST_REPS_NAMED = 3
"""Reps beside all others who are named where pairs wait for the room."""


def describe_order_within_segments(orders: pd.DataFrame, *, confidence: float) -> Finding:
    """Say for how many reps and pairs the order over all misleads, and name the most striking ones."""
    over_all = orders[orders["is_over_all"].astype(bool)]
    if over_all.empty:
        return Finding(
            "No rep and no pair of reps changes places within segments",
            "Of the reps who work in two segments or more, none is ahead of all others together over all and behind "
            "them in each segment, or the other way round; nor do any two of them change places so.",
            is_headline=False,
        )
    first: Any = over_all.iloc[0]
    with_others = over_all["is_with_others"].astype(bool)
    reps, pairs = over_all[with_others], over_all[~with_others]
    n_named = min(len(reps), max(MOST_REPS_NAMED, MOST_NAMED - len(pairs)))
    parts = [
        *_against_others(reps, n_named, first, confidence),
        *_pairs(pairs, MOST_NAMED - n_named, first, confidence),
        f"Deals closed {span(orders)}. Compare these reps within each {first.by}, not over all.",
    ]
    return Finding(_title(int(first.n_reps_reversed), int(first.n_pairs_reversed)), " ".join(parts), is_headline=False)


def _title(n_reps: int, n_pairs: int) -> str:
    stand = "stands" if n_reps + n_pairs == 1 else "stand"
    if not n_reps:
        return f"Over all, {count(n_pairs, 'pair')} of reps {stand} in the wrong order: a matter of mix"
    reps = f"Over all, {count(n_reps, 'rep')} {'stands' if n_reps == 1 else 'stand'} on the wrong side of all others"
    if not n_pairs:
        return f"{reps}: a matter of mix"
    return f"{reps}, and {count(n_pairs, 'pair')} in the wrong order: a matter of mix"


def _against_others(rows: pd.DataFrame, most: int, first: Any, confidence: float) -> list[str]:
    if rows.empty:
        if not first.n_reps:
            return [f"Nobody shares two {first.by}s with two others or more, so no rep is held against all others."]
        return [f"No rep changes places with all others together ({first.n_reps:,} compared)."]
    n = int(first.n_reps_reversed)
    named: list[Any] = list(rows.head(most).itertuples())
    return [
        f"**{n:,}** of {count(first.n_reps, 'rep')} who {'works' if first.n_reps == 1 else 'work'} in two "
        f"{first.by}s or more {'changes' if n == 1 else 'change'} places with all others together.",
        *(_order(row, "all others together") for row in named),
        *_not_named(n, len(named)),
        _luck(rows, first, count(first.n_reps, "rep"), confidence),
    ]


def _pairs(rows: pd.DataFrame, most: int, first: Any, confidence: float) -> list[str]:
    if rows.empty:
        if not first.n_pairs:
            return [f"No two reps both work in two {first.by}s or more."]
        return [f"No two reps change places ({count(first.n_pairs, 'pair')} compared)."]
    n = int(first.n_pairs_reversed)
    named: list[Any] = list(rows.head(most).itertuples())
    return [
        f"**{n:,}** of {count(first.n_pairs, 'pair')} who both work in two {first.by}s or more "
        f"{'changes' if n == 1 else 'change'} places: ahead over all, behind in each {first.by}.",
        *(_order(row, f"**{plain(row.other_name)}**") for row in named),
        *_not_named(n, len(named)),
        _luck(rows, first, count(first.n_pairs, "pair"), confidence),
    ]


def _order(row: Any, other: str) -> str:
    """Both ways of the order, and the mix that turns it round."""
    name = plain(row.name)
    over_all, within = ("larger", "smaller") if row.difference_rate > 0 else ("smaller", "larger")
    more, easier = "more" if row.mix_rate > row.other_mix_rate else "less", "easier" if row.is_mix_easier else "harder"
    apart, low, high = (points(value) for value in (row.within_rate, row.within_rate_low, row.within_rate_high))
    return (
        f"**{name}** won a {over_all} share than {other} over all ({percent(row.win_rate)} of {row.n_closed:,} against "
        f"{percent(row.other_win_rate)} of {row.other_n_closed:,}), but a {within} one in each of "
        f"{plain(row.segments)} ({apart}, {low} to {high}): {name} works {more} of the {easier} "
        f"{plain(row.mix_segment)} ({percent(row.mix_rate)} of the deals against {percent(row.other_mix_rate)})."
    )


def _not_named(n: int, n_named: int) -> list[str]:
    return [f"These are the most striking; {n - n_named:,} more are not named."] if n > n_named else []


def _luck(rows: pd.DataFrame, first: Any, over: str, confidence: float) -> str:
    """Whether the order within segments is itself more than luck."""
    n = int(rows["is_beyond_luck"].sum())
    who = f"{n:,} of them lie" if n > 1 else "1 of them lies" if n else "none of them lies"
    return (
        f"Within the {first.by}s {who} further apart than luck would set equals "
        f"(false discovery rate {percent(1 - confidence)} over {over})."
    )
