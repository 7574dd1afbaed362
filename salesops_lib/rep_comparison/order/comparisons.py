"""Sides: two reps, or a rep and all others together, held against each other over all and within segments.

Counts by rep and segment go in; arrays have one row per comparison and one column per segment. Nothing here knows a
name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from salesops_lib.statistics.differences import false_discovery

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int_]

MOST_REPS = 500
"""Reps with most deals that are compared: their pairs are some 125,000."""
OTHERS = -1
"""In the place of a rep: all others together."""


@dataclass(frozen=True)
class SegmentCounts:
    """Deals by rep (rows) and known segment (columns), of the reps with most deals."""

    reps: list[str]
    segments: list[str]
    won: Floats
    closed: Floats
    team_won: Floats
    """By segment, of everybody."""
    team_closed: Floats


@dataclass(frozen=True)
class Sides:
    """The two sides of each comparison; counts are 0 in segments that not both work in."""

    rep: Places
    other: Places
    both: Flags
    won: Floats
    closed: Floats
    other_won: Floats
    other_closed: Floats


def segment_counts(cells: pd.DataFrame, by: str) -> SegmentCounts:
    """Add up what ``closed_cells`` returns by rep and segment."""
    known = cells[cells[by] != ""]
    won, closed = (
        known.pivot_table(index="rep_id", columns=by, values=name, aggfunc="sum", fill_value=0)
        for name in ("n_won", "n_closed")
    )
    most = closed.sum(axis=1).sort_values(ascending=False, kind="stable").index[:MOST_REPS].sort_values()
    return SegmentCounts(
        reps=[str(rep) for rep in most],
        segments=[str(name) for name in closed.columns],
        won=won.loc[most].to_numpy(float),
        closed=closed.loc[most].to_numpy(float),
        team_won=won.sum().to_numpy(float),
        team_closed=closed.sum().to_numpy(float),
    )


def with_all_others(counts: SegmentCounts, min_closed: int) -> Sides:
    """Each rep and all others together, where these are two or more: a single one would be a pair."""
    places = np.arange(len(counts.reps))
    others_won, others_closed = counts.team_won - counts.won, counts.team_closed - counts.closed
    both = (counts.closed >= min_closed) & (others_closed >= min_closed)
    # Reps with a deal in any of each rep's segments; the rep is one of them.
    n_there = ((counts.closed > 0).astype(float) @ both.T.astype(float) > 0).sum(axis=0)
    both &= (n_there > 2)[:, None]
    return _comparable(
        Sides(places, np.full_like(places, OTHERS), both, counts.won, counts.closed, others_won, others_closed)
    )


def with_one_another(counts: SegmentCounts, min_closed: int) -> Sides:
    """All pairs of reps, the one ahead over all first."""
    i, j = np.triu_indices(len(counts.reps), 1)
    works = counts.closed >= min_closed
    both = works[i] & works[j]

    def sums(table: Floats, reps: Places) -> Floats:
        return np.asarray(np.where(both, table[reps], 0.0).sum(axis=1))

    is_behind = sums(counts.won, i) * sums(counts.closed, j) < sums(counts.won, j) * sums(counts.closed, i)
    i, j = np.where(is_behind, j, i), np.where(is_behind, i, j)
    return _comparable(Sides(i, j, both, counts.won[i], counts.closed[i], counts.won[j], counts.closed[j]))


def _comparable(sides: Sides) -> Sides:
    """Those with two common segments or more, with nothing counted elsewhere."""
    kept = sides.both.sum(axis=1) >= 2
    both = sides.both[kept]
    counts = (
        np.where(both, table[kept], 0.0) for table in (sides.won, sides.closed, sides.other_won, sides.other_closed)
    )
    return Sides(sides.rep[kept], sides.other[kept], both, *counts)


def judged(sides: Sides, segments: list[str], *, confidence: float) -> pd.DataFrame:
    """One row per comparison: whether its order turns round, how far apart both are within segments, and the mix.

    Returns:
        rep_place, other_place (int): Places of the two reps; -1 for all others together.
        over_all_rate (float): First less other over all.
        is_reversed (bool): Its sign is one way and that of each segment the other.
        q_value (float, 0-1): ``p_value`` after Benjamini-Hochberg over all rows.
        the columns from ``within_rate`` to ``p_value`` and from ``mix_segment`` to ``other_mix_rate``: As in
            ``order_within_segments``.
    """
    w, n, v, m = sides.won, sides.closed, sides.other_won, sides.other_closed
    over_all = w.sum(axis=1) / n.sum(axis=1) - v.sum(axis=1) / m.sum(axis=1)
    side = np.where(np.abs(over_all) > 1e-12, np.sign(over_all), 0.0)
    is_opposite = np.where(sides.both, np.sign(w * m - v * n) == -side[:, None], True).all(axis=1)
    rows = pd.DataFrame(
        {
            "rep_place": sides.rep, "other_place": sides.other, "over_all_rate": over_all,
            "is_reversed": (side != 0) & is_opposite, **_within(sides, confidence), **_mix(sides, side, segments),
        }
    )  # fmt: skip
    return rows.assign(q_value=false_discovery(rows["p_value"]))


def per_split(sides: Sides, rows: NDArray[np.int_], segments: list[str], *, over_all: str) -> pd.DataFrame:
    """Counts of these comparisons over all and in each segment both work in; the index is the comparison's row."""
    names = np.array([over_all, *segments], dtype=object)
    tables = {
        "n_closed": sides.closed, "n_won": sides.won, "other_n_closed": sides.other_closed,
        "other_n_won": sides.other_won,
    }  # fmt: skip
    shown = np.c_[np.ones(len(rows), dtype=bool), sides.both[rows]]
    at, split = np.nonzero(shown)
    counts = {name: np.c_[table[rows].sum(axis=1), table[rows]][shown].astype(int) for name, table in tables.items()}
    return pd.DataFrame({"is_over_all": split == 0, "split": names[split], **counts}, index=rows[at])


def _within(sides: Sides, confidence: float) -> dict[str, Floats]:
    """Difference within segments with its interval, and the chance of one so large between equals."""
    from scipy.stats import norm

    w, n, v, m = sides.won, sides.closed, sides.other_won, sides.other_closed
    total, hits = n + m, w + v
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = np.nan_to_num(n * m / total)
        p, q = np.nan_to_num(w / n), np.nan_to_num(v / m)
        room = np.nan_to_num(n * m * hits * (total - hits) / (total**2 * (total - 1)))
        spread = np.nan_to_num(p * (1 - p) / n) + np.nan_to_num(q * (1 - q) / m)
        off = (w - np.nan_to_num(n * hits / total)).sum(axis=1)
        z = off / np.sqrt(room.sum(axis=1))
    sums = weight.sum(axis=1)
    difference = (weight * (p - q)).sum(axis=1) / sums
    half = norm.ppf(0.5 + confidence / 2) * np.sqrt((weight**2 * spread).sum(axis=1)) / sums
    return {
        "within_rate": difference,
        "within_rate_low": difference - half,
        "within_rate_high": difference + half,
        "p_value": np.where(room.sum(axis=1) > 0, 2 * norm.sf(np.abs(np.nan_to_num(z))), 1.0),
    }


def _mix(sides: Sides, side: Floats, segments: list[str]) -> dict[str, Any]:
    """The segment whose share differs most in favour of the one ahead over all, given what the two win there.

    Where the order turns round, the shares times the two's mean rates always favour the one ahead.
    """
    n, m = sides.closed, sides.other_closed
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.nan_to_num((sides.won / n + sides.other_won / m) / 2)
    share, other = n / n.sum(axis=1, keepdims=True), m / m.sum(axis=1, keepdims=True)
    ahead = rate - (other * rate).sum(axis=1, keepdims=True)
    part = np.where(sides.both, side[:, None] * (share - other) * ahead, -np.inf)
    place = part.argmax(axis=1) if part.size else np.array([], dtype=int)
    row = np.arange(len(n))
    return {
        "mix_segment": np.array(segments, dtype=object)[place],
        "is_mix_easier": ahead[row, place] > 0,
        "mix_rate": share[row, place],
        "other_mix_rate": other[row, place],
    }
