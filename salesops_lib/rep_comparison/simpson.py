"""Order within segments: whose win rate is higher over all, but lower in every segment that both work in?

Tables in: ``reps``, ``opportunities`` of a ``Crm``.
Tables out: one row per pair of reps whose order turns round. Such a pair is a matter of the mix of deals: the one who
is ahead over all works more where everyone wins more. Nothing here says who sells better.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from salesops_lib.measures.differences import false_discovery
from salesops_lib.measures.intervals import with_rate
from salesops_lib.rep_comparison.cells import closed_cells
from salesops_lib.rep_comparison.people import people, window_to
from salesops_lib.wording import listing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters
    from salesops_lib.periods import Period

    Floats = NDArray[np.float64]

MOST_PAIRS = 500
"""Pairs the frame holds, the most striking first; all are counted."""
MOST_REPS = 500
"""Reps with most deals that are paired with one another: their pairs are some 125,000."""


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


def order_within_segments(
    crm: Crm,
    *,
    period: Period,
    parameters: Parameters,
    months: int = 12,
    by: str = "segment",
    min_closed: int = 10,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Pairs of reps whose order by win rate is one way over all and the other way in every segment both work in.

    One row per pair, the largest opposing differences first, at most 500. A rep works in a segment with at least
    ``min_closed`` closed deals there; all figures of a pair are of the segments that both work in, two or more.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        period: The window ends with it.
        parameters: May name the teams.
        months: Fiscal months of the window.
        by: Column of ``deals`` that makes the segments, for instance ``segment``, ``source`` or ``product``.
        min_closed: Fewest closed deals of each of the two in a segment.
        confidence: Coverage of intervals; 1 less this is the false discovery rate over all pairs compared.

    Returns:
        rep_id (str): Key of the rep who is ahead over all.
        name (str): That rep.
        other_rep_id (str): Key of the rep who is ahead in every segment.
        other_name (str): That rep.
        n_closed (int): Deals the first closed.
        n_won (int): Deals the first won.
        win_rate (float, 0-1): ``n_won / n_closed``.
        win_rate_low (float, 0-1): Lower end of the Wilson interval.
        win_rate_high (float, 0-1): Upper end.
        other_n_closed (int): Deals the other closed.
        other_n_won (int): Deals the other won.
        other_win_rate (float, 0-1): Their quotient.
        other_win_rate_low (float, 0-1): Lower end.
        other_win_rate_high (float, 0-1): Upper end.
        difference_rate (float): First less other over all; above 0.
        within_rate (float): First less other within segments, weighed as by Mantel and Haenszel; below 0.
        within_rate_low (float): Lower end of its interval.
        within_rate_high (float): Upper end.
        p_value (float, 0-1): Chance of so large a difference within segments were both alike there.
        q_value (float, 0-1): The same after Benjamini-Hochberg over all pairs compared.
        is_beyond_luck (bool): ``q_value`` is at most 1 - ``confidence``.
        segments (str): The segments that both work in.
        mix_segment (str): The segment through which the mix turns the order round most.
        is_mix_easier (bool): The two win more there, and the first works more of it; else they win less, and less.
        mix_rate (float, 0-1): Share of the first's deals that are of ``mix_segment``.
        other_mix_rate (float, 0-1): Share of the other's.
        by (str): What makes the segments; from here on the same for all rows.
        n_pairs (int): Pairs of reps who both work in two segments or more.
        n_reversed (int): Pairs whose order turns round.
        from_on (date): First day of the window.
        to_on (date): Last day of the window.

    Source:
        Simpson (1951); test of Cochran, Mantel and Haenszel (1959), without correction for continuity; interval of
        Greenland and Robins (1985), Biometrics 41, 55-68.
    """
    window = window_to(crm, period, months)
    won, closed = _counts(closed_cells(crm, window, by=[by]), by)
    pairs = _pairs(won, closed, min_closed, confidence)
    everyone = people(crm, window, parameters)
    turned = pairs[pairs["is_reversed"]].assign(is_beyond_luck=lambda rows: rows["q_value"] <= 1 - confidence)
    size = turned[["difference_rate", "within_rate"]].abs().min(axis=1)
    turned = turned.assign(size=size.round(12)).sort_values(
        ["is_beyond_luck", "size", "key", "other_key"], ascending=[False, False, True, True], kind="stable"
    )
    rows = turned.head(MOST_PAIRS).reset_index(drop=True)
    for end in ("", "other_"):
        rows = with_rate(rows, f"{end}n_won", f"{end}n_closed", f"{end}win", confidence=confidence)
        shown = everyone[["rep_id", "name"]].reindex(rows[f"{end}key"])
        rows = rows.assign(**{f"{end}{column}": shown[column].to_numpy() for column in shown})
    return rows.assign(
        by=by,
        n_pairs=len(pairs),
        n_reversed=len(turned),
        from_on=pd.Timestamp(window.start),
        to_on=pd.Timestamp(window.end),
    )[_COLUMNS]


_COLUMNS = [
    "rep_id", "name", "other_rep_id", "other_name", "n_closed", "n_won", "win_rate", "win_rate_low", "win_rate_high",
    "other_n_closed", "other_n_won", "other_win_rate", "other_win_rate_low", "other_win_rate_high",
    "difference_rate", "within_rate", "within_rate_low", "within_rate_high", "p_value", "q_value", "is_beyond_luck",
    "segments", "mix_segment", "is_mix_easier", "mix_rate", "other_mix_rate", "by", "n_pairs", "n_reversed", "from_on",
    "to_on",
]  # fmt: skip


def _counts(cells: pd.DataFrame, by: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Deals won and deals closed by rep (rows) and known segment (columns), of the reps with most deals."""
    known = cells[cells[by] != ""]
    closed = known.pivot_table(index="rep_id", columns=by, values="n_closed", aggfunc="sum", fill_value=0)
    won = known.pivot_table(index="rep_id", columns=by, values="n_won", aggfunc="sum", fill_value=0)
    most = closed.sum(axis=1).sort_values(ascending=False, kind="stable").index[:MOST_REPS].sort_values()
    return won.loc[most], closed.loc[most]


def _pairs(all_won: pd.DataFrame, all_closed: pd.DataFrame, min_closed: int, confidence: float) -> pd.DataFrame:
    """All pairs of reps who work in two common segments or more, the one ahead over all first."""
    keys, segments = all_closed.index.to_numpy(str), [str(name) for name in all_closed.columns]
    won, closed = (values.to_numpy(float) for values in (all_won, all_closed))
    i, j = np.triu_indices(len(keys), 1)
    works = closed >= min_closed
    both = works[i] & works[j]
    enough = both.sum(axis=1) >= 2
    i, j, both = i[enough], j[enough], both[enough]
    w, n, v, m = (np.where(both, values[side], 0.0) for side in (i, j) for values in (won, closed))
    swap = w.sum(axis=1) * m.sum(axis=1) < v.sum(axis=1) * n.sum(axis=1)
    i, j = np.where(swap, j, i), np.where(swap, i, j)
    w, v = np.where(swap[:, None], v, w), np.where(swap[:, None], w, v)
    n, m = np.where(swap[:, None], m, n), np.where(swap[:, None], n, m)
    over_all = w.sum(axis=1) / n.sum(axis=1) - v.sum(axis=1) / m.sum(axis=1)
    is_behind = np.where(both, w * m < v * n, True).all(axis=1)
    rows = pd.DataFrame(
        {
            "key": keys[i], "other_key": keys[j], "n_won": w.sum(axis=1).astype(int),
            "n_closed": n.sum(axis=1).astype(int), "other_n_won": v.sum(axis=1).astype(int),
            "other_n_closed": m.sum(axis=1).astype(int), "difference_rate": over_all,
            "is_reversed": (over_all > 1e-12) & is_behind, **_within(w, n, v, m, confidence),
            **_mix(w, n, v, m, both, np.array(segments, dtype=object)),
        }
    )  # fmt: skip
    # Only what the frame shows is spelt out: a company has many pairs.
    turned = rows["is_reversed"].to_numpy()
    worded = [listing([segments[at] for at in np.flatnonzero(row)], len(segments)) for row in both[turned]]
    rows["segments"] = pd.Series(worded, index=rows.index[turned], dtype=object)
    return rows.assign(q_value=false_discovery(rows["p_value"]))


def _within(w: Floats, n: Floats, v: Floats, m: Floats, confidence: float) -> dict[str, Floats]:
    """Difference within segments with its interval, and the chance of one so large between equals."""
    from scipy.stats import norm

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


def _mix(w: Floats, n: Floats, v: Floats, m: Floats, both: NDArray[np.bool_], segments: Any) -> dict[str, Any]:
    """The segment whose share differs most in the first's favour, given what the two win there.

    Where the order turns round, the shares times the two's mean rates always favour the first.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.nan_to_num((w / n + v / m) / 2)
    share, other = n / n.sum(axis=1, keepdims=True), m / m.sum(axis=1, keepdims=True)
    ahead = rate - (other * rate).sum(axis=1, keepdims=True)
    part = np.where(both, (share - other) * ahead, -np.inf)
    place = part.argmax(axis=1) if part.size else np.array([], dtype=int)
    row = np.arange(len(n))
    return {
        "mix_segment": segments[place],
        "is_mix_easier": ahead[row, place] > 0,
        "mix_rate": share[row, place],
        "other_mix_rate": other[row, place],
    }
