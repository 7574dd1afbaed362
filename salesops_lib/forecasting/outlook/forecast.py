"""The forecast itself: months ahead, each with the misses that its method made before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.forecasting.history import bookings_by_month, complete_series
from salesops_lib.forecasting.methods import METHODS
from salesops_lib.forecasting.origins import (
    HORIZON,
    LEAST_MONTHS,
    as_published,
    benchmark_of,
    choose_method,
    known_at,
    roll_origins,
)
from salesops_lib.statistics.forecast_intervals import fit_spread
from salesops_lib.statistics.series import Series

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period
    from salesops_lib.statistics.series import Floats


@dataclass(frozen=True, eq=False)
class Outlook:
    """A forecast with all it was judged by. Without enough history only the first two fields are filled."""

    history: pd.DataFrame
    """What ``bookings_by_month`` returns."""
    series: Series
    errors: pd.DataFrame
    """What ``roll_origins`` returns."""
    published: pd.DataFrame
    """What the reports of past months would have shown, method chosen afresh each time."""
    method: str
    """The method shown now."""
    benchmark: str
    beats_benchmark: bool
    """Whether the chosen methods erred less than the benchmark at the same origins."""
    months: tuple[Period, ...]
    """The months forecast."""
    medians: Floats
    paths: Floats
    """Possible futures: one row per draw, one column per month."""
    booked_amount: float
    """Already booked in the first month forecast, where it has begun."""


def forecast_bookings(crm: Crm) -> Outlook | None:
    """Forecast the twelve months after the last complete one; nothing where fewer than seven are complete.

    The method is the one with the least error over the rolling origins. Where the choice, made afresh
    at each origin with what was known then, does not beat the benchmark, the benchmark is shown.
    """
    return crm.remember("forecast_bookings", lambda: _forecast(crm))


def _forecast(crm: Crm) -> Outlook | None:
    history = bookings_by_month(crm)
    series, periods = complete_series(crm.calendar, history)
    if len(series) < LEAST_MONTHS:
        return None
    errors = roll_origins(series)
    published = as_published(series, errors)
    benchmark = benchmark_of(errors)
    beats = _misses(published) < _misses(errors[errors["method"] == benchmark])
    method = choose_method(errors, len(series)) if beats else benchmark
    months = [crm.calendar.next(periods[-1], n) for n in range(1, HORIZON + 1)]
    running = history[history["month"] == months[0].label]
    booked = float(running["bookings_amount"].sum())
    medians, paths = _future(series, errors, method, booked)
    return Outlook(history, series, errors, published, method, benchmark, beats, tuple(months), medians, paths, booked)


def _misses(rows: pd.DataFrame) -> float:
    return float((rows["forecast_amount"] - rows["actual_amount"]).abs().sum())


def _future(series: Series, errors: pd.DataFrame, method: str, booked: float) -> tuple[Floats, Floats]:
    """Median and possible futures of each month; the first cannot end below what is booked in it."""
    medians = METHODS[method](series, HORIZON)
    spread = fit_spread(known_at(errors[errors["method"] == method], len(series)))
    floor = max(float(series.amounts.mean()) / 1000, 1e-6)
    logs = np.log(np.maximum(medians + series.offset, floor))
    paths = series.amounts_of(spread.paths(logs))
    medians = medians.copy()
    medians[0] = max(medians[0], booked)
    paths[:, 0] = np.maximum(paths[:, 0], booked)
    return medians, paths
