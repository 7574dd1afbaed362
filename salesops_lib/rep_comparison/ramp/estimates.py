"""What a ramp shows: the curve through the average hire's months, how sure it is, and whether leavers differ.

The cells of joiners go in. Everything counts each joiner for as long as they were there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.rep_comparison.ramp.average_hire import AverageHire, average_hire
from salesops_lib.rep_comparison.ramp.cells import Hires, hires_of, middles, quotient, usual_cycle
from salesops_lib.statistics.intervals import count_interval
from salesops_lib.statistics.saturating_curve import Ramp, fit_ramp, fit_ramps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEWEST_JOINERS = 6
"""Joiners below whom no time to full productivity is given."""
FEWEST_AT_END = 3
"""Joiners that a month of tenure needs to say how far the curve is known."""
N_DRAWS = 400
SEED = 20_260_101


@dataclass(frozen=True)
class Estimate:
    """One measure's productivity by tenure, and the curve through it."""

    fit: Ramp
    plain: Floats
    interval: tuple[Floats, Floats, Floats]
    plateau: float
    full_at: tuple[float, ...]


def estimate(cells: pd.DataFrame, measure: str, confidence: float) -> Estimate:
    """Estimate one measure (bookings, opened or closed) from the cells of joiners."""
    if cells.empty:
        none, missing = np.array([]), (np.nan, np.nan, np.nan)
        return Estimate(Ramp(np.nan, np.nan, np.nan), none, (none, none, none), np.nan, missing)
    hires, start = hires_of(cells, measure), usual_cycle(cells) if measure == "bookings" else 0.0
    t = middles(cells) - np.nan_to_num(start)
    average = average_hire(hires)
    rates, days = average.rates[0], hires.usual.sum(axis=0)
    fit = fit_ramp(t, rates, days)
    furthest = t[(hires.usual > 0).sum(axis=0) >= FEWEST_AT_END].max(initial=0.0)
    is_known = len(hires.made) >= FEWEST_JOINERS and fit.plateau > 0 and fit.full_at <= furthest
    times = (
        (fit.full_at, *full_at_interval(hires, t, average.spread, fit.full_at, furthest, confidence))
        if is_known
        else (np.nan,) * 3
    )
    return Estimate(
        fit=replace(fit, start=start),
        plain=hires.without_effect()[0],
        interval=(rates, *_rate_ends(hires, average, confidence)),
        plateau=fit.plateau if is_known else np.nan,
        full_at=tuple(float(time + np.nan_to_num(start)) for time in times),
    )


def _rate_ends(hires: Hires, average: AverageHire, confidence: float) -> tuple[Floats, Floats]:
    """Interval of each month's rate: deals come by chance, and other hires would have had other levels."""
    rates = np.nan_to_num(average.rates[0])
    made, days, n = hires.made.sum(axis=0), hires.usual.sum(axis=0), hires.n_usual.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        stroke = quotient(days, n)
        squares = made * stroke + (average.spread * rates) ** 2 * (hires.usual**2).sum(axis=0)
        stroke = np.where(made > 0, squares / made, stroke)
        low, high = count_interval(made / stroke, confidence=confidence)
    weighed = average.levels[0] @ hires.usual
    return quotient(low * stroke, weighed), quotient(high * stroke, weighed)


def full_at_interval(
    hires: Hires, t: Floats, spread: float, full_at: float, furthest: float, confidence: float
) -> tuple[float, float]:
    """Interval of the time to full productivity: the joiners weighed anew many times over.

    Few joiners know their own spread badly; Student's t widens the interval, on the scale of the log.
    """
    from scipy.stats import norm
    from scipy.stats import t as student

    n = len(hires.made)
    weights = np.random.default_rng(SEED).exponential(size=(N_DRAWS, n))
    logs = np.log([fit.full_at for fit in weighed_ramps(hires, t, weights, spread)])
    tail = (1 - confidence) / 2
    wider = student.ppf(tail, n - 1) / norm.ppf(tail) * np.sqrt((n + 1) / (n - 1))
    middle = np.log(full_at)
    low, high = np.exp(middle + wider * (np.quantile(logs, [tail, 1 - tail]) - middle))
    return float(low), float(high) if high <= furthest else np.nan


def weighed_ramps(hires: Hires, t: Floats, weights: Floats, spread: float) -> list[Ramp]:
    """One curve per set of weights of the hires."""
    rates = np.nan_to_num(average_hire(hires, weights=weights, spread=spread).rates)
    return fit_ramps(t, rates, weights @ hires.usual)


def leavers_beside_stayers(joined: pd.DataFrame, left: pd.Series[float]) -> dict[str, float]:
    """Whether those who left booked less than those who stayed, over the months of tenure that both had."""
    from scipy.stats import norm

    names = ("leavers_rate", "stayers_rate", "leavers_p_value")
    keys = np.sort(joined["key"].unique())
    is_gone = np.isin(keys, left.index)
    if not is_gone.any() or is_gone.all():
        return dict.fromkeys(names, np.nan)
    hires = hires_of(joined, "bookings")
    average = average_hire(hires)
    both = (hires.usual[is_gone].sum(axis=0) > 0) & (hires.usual[~is_gone].sum(axis=0) > 0)
    made = hires.n_made[:, both].sum(axis=1)
    expected = hires.n_usual[:, both] @ np.nan_to_num(average.rates[0, both])
    variance = expected + (average.spread * expected) ** 2
    rates = [float(made[side].sum() / max(expected[side].sum(), 1e-12)) for side in (is_gone, ~is_gone)]
    error = sum(variance[side].sum() / max(expected[side].sum(), 1e-12) ** 2 for side in (is_gone, ~is_gone)) ** 0.5
    # Against all joiners in these months, so that the two sides lie around 1.
    usual = max(float(made.sum() / max(expected.sum(), 1e-12)), 1e-12)
    is_enough = min(is_gone.sum(), (~is_gone).sum()) >= 2
    p_value = float(2 * norm.sf(abs(rates[0] - rates[1]) / error)) if is_enough and error > 0 else np.nan
    return dict(zip(names, (*(rate / usual for rate in rates), p_value), strict=True))
