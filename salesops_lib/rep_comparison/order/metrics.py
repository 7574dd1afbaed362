"""Order within segments: whose win rate is higher over all, but lower in every segment that both sides work in?

Tables in: ``reps``, ``opportunities`` of a ``Crm``.
Tables out: one row per comparison whose order turns round (a rep with all others together, or two reps) and split.
A turn is a matter of the mix of deals: the side that is ahead over all works more where everyone wins more. Nothing
here says who sells better.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.rep_comparison.cells import closed_cells
from salesops_lib.rep_comparison.order.comparisons import (
    OTHERS,
    SegmentCounts,
    Sides,
    judged,
    per_split,
    segment_counts,
    with_all_others,
    with_one_another,
)
from salesops_lib.rep_comparison.people import people, window_to
from salesops_lib.statistics.intervals import with_rate
from salesops_lib.wording import listing

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

MOST_COMPARISONS = 500
"""Comparisons of each kind the frame holds, the most striking first; all are counted."""
ALL_OTHERS = "All others"
OVER_ALL = "Over all"


def is_reversed(strata_a: Sequence[tuple[int, int]], strata_b: Sequence[tuple[int, int]]) -> bool:
    """Whether the order of two overall rates is the opposite of the order in every stratum.

    Args:
        strata_a: Hits and tries of the first in each stratum.
        strata_b: Those of the second in the same strata.

    Returns:
        True where one is ahead over all and behind in each of at least two strata; a tie anywhere is no reversal.

    Source:
        Simpson (1951), Journal of the Royal Statistical Society B 13, 238-241; kidney stones of Charig et al. (1986).
    """
    a, b = np.asarray(strata_a, dtype=float).reshape(-1, 2), np.asarray(strata_b, dtype=float).reshape(-1, 2)
    if len(a) != len(b) or len(a) < 2 or (a[:, 1] <= 0).any() or (b[:, 1] <= 0).any():
        return False
    over_all = np.sign(a[:, 0].sum() * b[:, 1].sum() - b[:, 0].sum() * a[:, 1].sum())
    within = np.sign(a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1])
    return bool(over_all != 0 and (within == -over_all).all())


@tidy
def order_within_segments(
    crm: Crm,
    *,
    period: Period,
    months: int = 12,
    by: str = "segment",
    min_closed: int,
    confidence: float,
) -> pd.DataFrame:
    """Reps whose order by win rate is one way over all and the other way in every segment: to all others, and in pairs.

    One row per comparison that turns round and split: over all, then each segment that both sides work in, by name.
    Reps held against all others together come first, then pairs of reps; of each kind those beyond luck first, then by
    size of the opposing differences, at most 500. A side works in a segment with at least ``min_closed`` closed deals
    there; all figures are of the segments that both sides work in, two or more.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        period: The window ends with it.
        months: Fiscal months of the window.
        by: Column of ``deals`` that makes the segments, for instance ``segment``, ``source`` or ``product``.
        min_closed: Fewest closed deals of each side in a segment.
        confidence: Coverage of intervals; 1 less this is the false discovery rate over all comparisons of a kind.

    Returns:
        rep_id (str): Key of the rep.
        name (str): The rep; of two reps, the one who is ahead over all.
        other_rep_id (str): Key of the other rep; empty for all others together.
        other_name (str): The other rep, who is ahead in every segment, or All others.
        is_with_others (bool): The rep is held against all others together, two or more.
        is_over_all (bool): The row takes the segments that both sides work in together.
        split (str): The segment, or Over all.
        n_closed (int): Deals the rep closed there.
        n_won (int): Deals the rep won.
        win_rate (float, 0-1): ``n_won / n_closed``.
        win_rate_low (float, 0-1): Lower end of the Wilson interval.
        win_rate_high (float, 0-1): Upper end.
        other_n_closed (int): Deals the other side closed.
        other_n_won (int): Deals the other side won.
        other_win_rate (float, 0-1): ``other_n_won / other_n_closed``.
        other_win_rate_low (float, 0-1): Lower end of its interval.
        other_win_rate_high (float, 0-1): Upper end.
        difference_rate (float): ``win_rate`` less ``other_win_rate``; its sign over all is not that of any segment.
        within_rate (float): Rep less other side within segments, weighed as by Mantel and Haenszel; as for all rows of
            the comparison, as are all below.
        within_rate_low (float): Lower end of its interval.
        within_rate_high (float): Upper end.
        p_value (float, 0-1): Chance of so large a difference within segments were both alike there.
        q_value (float, 0-1): ``p_value`` after Benjamini-Hochberg over all comparisons of the kind.
        is_beyond_luck (bool): ``q_value`` is at most 1 - ``confidence``.
        segments (str): The segments that both sides work in.
        mix_segment (str): The segment through which the mix turns the order round most.
        is_mix_easier (bool): The two win more there than elsewhere; else they win less.
        mix_rate (float, 0-1): Share of the rep's deals that are of ``mix_segment``.
        other_mix_rate (float, 0-1): Share of the other side's.
        by (str): What makes the segments; from here on the same for all rows.
        n_reps (int): Reps held against all others together.
        n_reps_reversed (int): Those whose order to them turns round.
        n_pairs (int): Pairs of reps who both work in two segments or more.
        n_pairs_reversed (int): Pairs whose order turns round.
        from_on (date): First day of the window.
        to_on (date): Last day of the window.

    Source:
        Simpson (1951); test of Cochran, Mantel and Haenszel (1959), without correction for continuity; interval of
        Greenland and Robins (1985), Biometrics 41, 55-68.
    """
    window = window_to(crm, period, months)
    counts = segment_counts(closed_cells(crm, window, by=[by]), by)
    others, pairs = with_all_others(counts, min_closed), with_one_another(counts, min_closed)
    turned = [_turned(sides, counts, confidence) for sides in (others, pairs)]
    shown = pd.concat([kind[kind["place"] < MOST_COMPARISONS] for kind in turned], ignore_index=True)
    names = people(crm, window)[["rep_id", "name"]]
    for end in ("", "other_"):
        shown = with_rate(shown, f"{end}n_won", f"{end}n_closed", f"{end}win", confidence=confidence)
        known = names.reindex(shown[f"{end}key"])
        shown = shown.assign(**{f"{end}{column}": known[column].to_numpy() for column in names})
    is_with_others = shown["other_place"] == OTHERS
    return shown.assign(
        other_rep_id=shown["other_rep_id"].mask(is_with_others, ""),
        other_name=shown["other_name"].mask(is_with_others, ALL_OTHERS),
        is_with_others=is_with_others,
        difference_rate=shown["win_rate"] - shown["other_win_rate"],
        by=by,
        n_reps=len(others.rep),
        n_reps_reversed=int(turned[0]["is_over_all"].sum()),
        n_pairs=len(pairs.rep),
        n_pairs_reversed=int(turned[1]["is_over_all"].sum()),
        from_on=pd.Timestamp(window.start),
        to_on=pd.Timestamp(window.end),
    )


def _turned(sides: Sides, counts: SegmentCounts, confidence: float) -> pd.DataFrame:
    """Comparisons that turn round, the most striking first: over all, then segment by segment."""
    keys = np.array([*counts.reps, ""], dtype=object)  # all others together have no key: the last place
    rows = judged(sides, counts.segments, confidence=confidence)
    rows = rows[rows["is_reversed"]]
    rows = rows.assign(
        key=keys[rows["rep_place"]],
        other_key=keys[rows["other_place"]],
        is_beyond_luck=rows["q_value"] <= 1 - confidence,
        # The smaller of the two opposing differences; rounded, so that equal ones stay in the order of keys.
        size=rows[["over_all_rate", "within_rate"]].abs().min(axis=1).round(12),
    ).sort_values(["is_beyond_luck", "size", "key", "other_key"], ascending=[False, False, True, True], kind="stable")
    worded = [
        listing([counts.segments[at] for at in np.flatnonzero(both)], both.size) for both in sides.both[rows.index]
    ]
    rows = rows.assign(segments=pd.Series(worded, index=rows.index, dtype=object), place=np.arange(len(rows)))
    return per_split(sides, rows.index.to_numpy(), counts.segments, over_all=OVER_ALL).join(rows)
