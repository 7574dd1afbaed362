"""Groups large enough to show: no figure about pay stands on fewer than three people.

Small neighbours are put together instead of being blanked, so that nothing can be had by subtraction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from salesops_lib.comp_design.pay import Paid
from salesops_lib.wording import percent

LEAST = 3
"""Fewest people behind any figure about pay."""
Band = tuple[float, float | None]
"""From, included, up to, not included; no end for the last."""


def reached_quota(reps: Sequence[Paid]) -> dict[str, int]:
    """Reps at or above their quota, of those paid on one."""
    attained = [each.seller.attainment for each in reps if each.seller.attainment is not None]
    return {"n_reached": sum(each >= 1 for each in attained), "n_reps": len(attained)}


def bands_of(values: Sequence[float], edges: Sequence[float], *, least: int = LEAST) -> list[tuple[Band, list[int]]]:
    """Sort values into bands that hold enough or nobody.

    Neighbours are put together until they hold enough; empty bands next to one another are one.

    Args:
        values: What is sorted; none missing.
        edges: Lower ends, rising from the lowest value possible.
        least: Fewest values in a band that has any; all in one band where there are not more.

    Returns:
        Each band with the places of its values, lowest first; nothing without values.
    """
    if not len(values):
        return []
    home = np.searchsorted(np.asarray(edges), np.asarray(values, dtype=float), side="right") - 1
    found: list[tuple[float, list[int]]] = []
    for place, low in enumerate(edges):
        here = [int(each) for each in np.flatnonzero(home == place)]
        last = found[-1][1] if found else None
        if last is None or len(last) >= least or (not last and here):
            found.append((low, here))
        else:
            last += here
    while len(found) > 1 and 0 < len(found[-1][1]) < least:
        rest = found.pop()[1]
        found[-1][1].extend(rest)
    ends = [*(low for low, _group in found[1:]), None]
    return [((low, high), sorted(group)) for (low, group), high in zip(found, ends, strict=True)]


def band_name(band: Band) -> str:
    """Write a band of rates: ``below 50%``, ``50% to 75%``, ``125% and more``."""
    low, high = band
    if high is None:
        return f"{percent(low)} and more" if low > 0 else "all"
    return f"{percent(low)} to {percent(high)}" if low > 0 else f"below {percent(high)}"


def small_together(sizes: Mapping[str, int], *, least: int = LEAST) -> set[str]:
    """The groups to be shown as one: those that are too small, and the next larger ones until it is enough."""
    in_order = sorted(sizes, key=lambda name: (sizes[name], name))
    together = {name for name in in_order if sizes[name] < least}
    for name in in_order:
        if not together or sum(sizes[each] for each in together) >= least:
            break
        together.add(name)
    return together


def quantile(values: Sequence[float], share: float, *, least: int = LEAST) -> float:
    """A quantile, linear between neighbours; missing where fewer than ``least`` values lie on either side of it."""
    if not len(values) or round(len(values) * min(share, 1 - share), 9) < least:
        return float("nan")
    return float(np.quantile(np.asarray(values, dtype=float), share))


def gini(values: Sequence[float], *, least: int = LEAST) -> float:
    """Gini coefficient: 0 when all are alike, towards 1 when one has everything; missing for few or nothing."""
    ordered = np.sort(np.asarray(values, dtype=float))
    n = len(ordered)
    if n < least or ordered.sum() <= 0:
        return float("nan")
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * ordered.sum()))


def shown_count(n: int, *, least: int = LEAST) -> int | None:
    """A count of people; nothing where it is so small that it points at someone."""
    return None if 0 < n < least else n
