"""Words for pairs whose order turns round within segments: a matter of mix, said as such."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salesops_lib.rep_comparison.narrative.phrases import plain, span
from salesops_lib.wording import Finding, count, percent, points

if TYPE_CHECKING:
    import pandas as pd

MOST_NAMED = 5


def describe_order_within_segments(pairs: pd.DataFrame, *, confidence: float = 0.95) -> Finding:
    """Say for how many pairs the order over all misleads, and name the most striking ones."""
    if pairs.empty:
        return Finding(
            "No pair of reps changes places within segments",
            "Of the reps who both work in two segments or more, none is ahead over all and behind in each of them.",
            is_headline=False,
        )
    first: Any = pairs.iloc[0]
    n = int(first.n_reversed)
    stand, change = ("stands", "changes") if n == 1 else ("stand", "change")
    named: list[Any] = list(pairs.head(MOST_NAMED).itertuples())
    parts = [
        f"**{n:,}** of {count(first.n_pairs, 'pair')} who both work in two {first.by}s or more {change} places "
        f"{span(pairs)}: ahead over all, behind in each {first.by}.",
        *(_pair(row) for row in named),
    ]
    if n > len(named):
        parts.append(f"These are the most striking; {n - len(named):,} more are not named.")
    parts.append(_luck(first, int(pairs["is_beyond_luck"].sum()), confidence))
    parts.append(f"Compare these reps within each {first.by}, not over all.")
    title = f"Over all, {count(n, 'pair')} of reps {stand} in the wrong order: a matter of mix"
    return Finding(title, " ".join(parts), is_headline=False)


def _pair(row: Any) -> str:
    name, other = plain(row.name), plain(row.other_name)
    more, easier = ("more", "easier") if row.is_mix_easier else ("less", "harder")
    return (
        f"**{name}** won a larger share than **{other}** over all ({percent(row.win_rate)} of {row.n_closed:,} against "
        f"{percent(row.other_win_rate)} of {row.other_n_closed:,}), but a smaller one in each of {row.segments} "
        f"({points(row.within_rate)}, {points(row.within_rate_low)} to {points(row.within_rate_high)}): {name} works "
        f"{more} of the {easier} {row.mix_segment} ({percent(row.mix_rate)} of the deals against "
        f"{percent(row.other_mix_rate)})."
    )


def _luck(first: Any, n_beyond: int, confidence: float) -> str:
    """Whether the order within segments is itself more than luck."""
    rule = f"(false discovery rate {percent(1 - confidence)} over {count(first.n_pairs, 'pair')})"
    who = f"{n_beyond:,} of them lie" if n_beyond > 1 else "1 of them lies" if n_beyond else "none of them lies"
    return f"Within the {first.by}s {who} further apart than luck would set equals {rule}."
