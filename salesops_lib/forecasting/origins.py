"""Rolling origins: what each method would have said at the end of each past month, and what came.

One row per method, origin and month ahead. Whatever is chosen or measured for an origin uses only rows
whose month was over at that origin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.forecasting.methods import BENCHMARKS, METHODS, MONTHS_OF_GROWTH, NEEDS, YEAR
from salesops_lib.statistics.forecast_intervals import fit_spread

if TYPE_CHECKING:
    from salesops_lib.statistics.series import Series

HORIZON = 12
"""Months ahead."""
LEAST_MONTHS = 7
"""Complete months without which nothing is forecast: four to learn from, three to be tested on."""
MOST_ORIGINS = 24
LEAST_ORIGINS = 3
"""Past origins that an interval needs."""
ORIGINS_TO_CHOOSE = 12
"""Past origins from which another method than the usual may be preferred."""
CLEARLY = 0.9
"""Error of that method, as a share of the usual one's, at or below which it is preferred.

Picking the least error of a few overlapping origins picks luck as often as skill.
"""

COLUMNS = ["method", "origin", "n_months_ahead", "forecast_amount", "actual_amount", "log_error"]


def first_origin(n: int) -> int:
    """Months known at the first origin: half of the history, at least 4, for at most 24 origins."""
    return max(4, n // 2, n - MOST_ORIGINS)


def roll_origins(series: Series, *, horizon: int = HORIZON) -> pd.DataFrame:
    """Forecast from every origin by every method and set what came beside it.

    One row per method, origin and month ahead that is over.

    Returns:
        method (str): Key of the method.
        origin (int): Months that were known.
        n_months_ahead (int): 1 for the month after.
        forecast_amount (float): What the method said.
        actual_amount (float): What came.
        log_error (float): Logarithm of actual over forecast; positive when more came.
    """
    n = len(series)
    rows = [
        pd.DataFrame(
            {
                "method": name,
                "origin": origin,
                "n_months_ahead": np.arange(1, min(horizon, n - origin) + 1),
                "forecast_amount": method(series.until(origin), min(horizon, n - origin)),
                "actual_amount": series.amounts[origin : origin + horizon],
            }
        )
        for name, method in METHODS.items()
        if first_origin(n) >= NEEDS.get(name, 0)
        for origin in range(first_origin(n), n)
    ]
    if not rows:
        return pd.DataFrame({name: pd.Series(dtype=str if name == "method" else float) for name in COLUMNS})
    table = pd.concat(rows, ignore_index=True)
    least = np.maximum(table["forecast_amount"], 0) + series.offset
    # A forecast of nothing would be infinitely wrong on the log scale; a thousandth of the mean is wrong enough.
    floor = max(series.amounts.mean() / 1000, 1e-6)
    came = np.maximum(np.maximum(table["actual_amount"], 0) + series.offset, floor)
    return table.assign(log_error=np.log(came / np.maximum(least, floor)))[COLUMNS]


def known_at(errors: pd.DataFrame, origin: int) -> pd.DataFrame:
    """The rows whose month was over at an origin."""
    return errors[errors["origin"] + errors["n_months_ahead"] <= origin]


def usual_method(n: int) -> str:
    """What forecasts a history of ``n`` months unless the backtest clearly says otherwise.

    A trend fitted to about a year of months does harm: on the M3 competition's monthly series cut to 12
    months a level did better, from 16 months on the combination (mean sMAPE 14.3 against 15.5, then 13.4
    against 14.3).
    """
    return "combination" if n >= YEAR + MONTHS_OF_GROWTH else "steady_level"


def choose_method(errors: pd.DataFrame, origin: int) -> str:
    """The usual method, or the one whose absolute error over the rows known then is least and clearly below."""
    usual = usual_method(origin)
    known = known_at(errors, origin)
    if known["origin"].nunique() < ORIGINS_TO_CHOOSE:
        return usual
    misses = (known["forecast_amount"] - known["actual_amount"]).abs().groupby(known["method"], sort=False).sum()
    return str(misses.idxmin()) if misses.min() <= CLEARLY * misses[usual] else usual


def benchmark_of(errors: pd.DataFrame) -> str:
    """What the model has to beat: last year's value, or the better of average and last month where there is none."""
    present = [name for name in BENCHMARKS if (errors["method"] == name).any()]
    if "last_year" in present:
        return "last_year"
    misses = (errors["forecast_amount"] - errors["actual_amount"]).abs().groupby(errors["method"]).sum()
    return str(misses[present].idxmin())


def as_published(series: Series, errors: pd.DataFrame, *, method: str = "") -> pd.DataFrame:
    """What a report of each past origin would have shown, with its intervals.

    One row per origin and month ahead. The method is the one that would have been chosen then, or always
    ``method``. Intervals need three earlier origins and are missing before.

    Returns:
        the columns of ``roll_origins``, then ``low_80``, ``high_80``, ``low_95``, ``high_95`` (float).
    """
    parts = []
    for origin in sorted(errors["origin"].unique()):
        name = method or choose_method(errors, origin)
        own = errors[errors["method"] == name]
        rows = own[own["origin"] == origin]
        parts.append(_with_interval(rows, known_at(own, origin), series.offset))
    return pd.concat(parts, ignore_index=True)


def _with_interval(rows: pd.DataFrame, known: pd.DataFrame, offset: float) -> pd.DataFrame:
    ends = {"low_80": 0.1, "high_80": 0.9, "low_95": 0.025, "high_95": 0.975}
    if known["origin"].nunique() < LEAST_ORIGINS:
        return rows.assign(**dict.fromkeys(ends, np.nan))
    spread = fit_spread(known)
    ahead = rows["n_months_ahead"].to_numpy(dtype=float)
    centre = rows["forecast_amount"] + offset
    return rows.assign(
        **{name: np.maximum(centre * np.exp(spread.quantile(share, ahead)) - offset, 0) for name, share in ends.items()}
    )
