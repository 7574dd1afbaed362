"""The ways to forecast that compete in the backtest, each from a series to its next months.

Benchmarks are what anyone would do without a model. The models work on the log scale of a series from
which the seasons were taken, and put them back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from salesops_lib.statistics.seasons import seasonal_effects
from salesops_lib.statistics.smoothing import damped_path, fit_damped_trend, theta_path

if TYPE_CHECKING:
    from salesops_lib.statistics.series import Floats, Series

YEAR = 12
MONTHS_OF_GROWTH = 3
"""Months with a year before them from which growth is measured."""


def last_month(series: Series, horizon: int) -> Floats:
    """The last month's bookings, over and over."""
    return np.full(horizon, series.amounts[-1])


def average(series: Series, horizon: int) -> Floats:
    """The average month of the last year, or of all months while there are fewer."""
    return np.full(horizon, series.amounts[-YEAR:].mean())


def last_year(series: Series, horizon: int) -> Floats:
    """The bookings of the same month a year before: the seasonal naive forecast."""
    return series.amounts[-YEAR:][np.arange(horizon) % YEAR]


def last_year_half_growth(series: Series, horizon: int) -> Floats:
    """The same month a year before, with half of the growth since: growth rarely lasts in full."""
    n = min(YEAR, len(series) - YEAR)
    now, before = series.amounts[-n:].sum(), series.amounts[-YEAR - n : -YEAR].sum()
    growth = float(np.sqrt(now / before)) if now > 0 and before > 0 else 1.0
    return last_year(series, horizon) * growth


def steady_level(series: Series, horizon: int) -> Floats:
    """The average of the last year on the log scale, with the seasons."""
    effects, level = _without_seasons(series)
    return series.amounts_of(level[-YEAR:].mean() + _ahead(series, effects, horizon))


def damped_trend(series: Series, horizon: int) -> Floats:
    """Exponential smoothing with a trend that fades, with the seasons."""
    effects, level = _without_seasons(series)
    return series.amounts_of(damped_path(fit_damped_trend(level), horizon) + _ahead(series, effects, horizon))


def combination(series: Series, horizon: int) -> Floats:
    """Geometric mean of the damped trend, the theta method and last year with half its growth."""
    effects, level = _without_seasons(series)
    ahead = _ahead(series, effects, horizon)
    paths = [damped_path(fit_damped_trend(level), horizon) + ahead, theta_path(level, horizon) + ahead]
    if len(series) >= YEAR + MONTHS_OF_GROWTH:
        paths.append(np.log(np.maximum(last_year_half_growth(series, horizon), 0.0) + series.offset))
    return series.amounts_of(np.asarray(np.mean(paths, axis=0)))


def _without_seasons(series: Series) -> tuple[Floats, Floats]:
    effects = seasonal_effects(series.logs, series.places(0, len(series)))
    return effects, series.logs - effects[series.places(0, len(series))]


def _ahead(series: Series, effects: Floats, horizon: int) -> Floats:
    return effects[series.places(len(series), horizon)]


METHODS: dict[str, Callable[[Series, int], Floats]] = {
    "last_year": last_year,
    "average": average,
    "last_month": last_month,
    "steady_level": steady_level,
    "damped_trend": damped_trend,
    "combination": combination,
}
"""Every competitor by its key, benchmarks first."""

NEEDS: dict[str, int] = {"last_year": YEAR}
"""Months that a method needs; the others take any."""

BENCHMARKS = ("last_year", "average", "last_month")

NAMES = {
    "last_year": "last year's value",
    "average": "the 12-month average",
    "last_month": "the last month's value",
    "steady_level": "a steady level with seasons",
    "damped_trend": "a damped trend with seasons",
    "combination": "a combination of trend and last year",
}
"""What a method is called in a sentence."""
