"""Scores of forecasts: plain functions of arrays, each with the field's own meaning.

``forecast`` and ``actual`` are arrays of one length; undefined is nan, never 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from salesops_lib.statistics.series import Floats


def wape(forecast: Floats, actual: Floats) -> float:
    """Sum of absolute errors as a share of the sum of absolute actuals."""
    total = float(np.abs(actual).sum())
    return float(np.abs(forecast - actual).sum()) / total if total else float("nan")


def bias(forecast: Floats, actual: Floats) -> float:
    """Sum of forecast less actual as a share of the sum of actuals; positive is over-forecast."""
    total = float(np.sum(actual))
    return float(np.sum(forecast - actual)) / total if total else float("nan")


def mase(forecast: Floats, actual: Floats, scale: Floats) -> float:
    """Mean absolute error, each as a share of its origin's ``scale`` (Hyndman and Koehler 2006).

    Rows without a scale are left out.
    """
    usable = scale > 0
    if not usable.any():
        return float("nan")
    return float(np.mean(np.abs(forecast - actual)[usable] / scale[usable]))


def naive_scale(amounts: Floats, lag: int) -> float:
    """In-sample mean absolute change over ``lag`` months; nan with fewer than three such changes."""
    if len(amounts) < lag + 3:
        return float("nan")
    return float(np.mean(np.abs(amounts[lag:] - amounts[:-lag])))


def n_covered(actual: Floats, low: Floats, high: Floats) -> int:
    """How many actuals lie inside their interval, ends included."""
    return int(((actual >= low) & (actual <= high)).sum())


def interval_score(actual: Floats, low: Floats, high: Floats, *, coverage: float) -> float:
    """Mean score of Winkler (1972): width, plus 2 / (1 - coverage) times what falls outside. Less is better."""
    if not len(actual):
        return float("nan")
    penalty = 2 / (1 - coverage)
    outside = np.maximum(low - actual, 0) + np.maximum(actual - high, 0)
    return float(np.mean(high - low + penalty * outside))


def pinball_loss(actual: Floats, quantile: Floats, *, share: float) -> float:
    """Mean loss of a quantile forecast: ``share`` per unit too low, 1 - ``share`` per unit too high."""
    if not len(actual):
        return float("nan")
    error = actual - quantile
    return float(np.mean(np.maximum(share * error, (share - 1) * error)))
