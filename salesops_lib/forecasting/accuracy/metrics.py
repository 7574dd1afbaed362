"""Accuracy: how far off were these forecasts when only the past was known?

Tables in: ``reps``, ``opportunities``. Tables out: one row per horizon or method. Every figure comes from
rolling origins: the forecast of each past month-end, made with what was known on that evening.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from salesops_lib.forecasting.methods import NAMES
from salesops_lib.forecasting.origins import as_published
from salesops_lib.forecasting.outlook.forecast import Outlook, forecast_bookings
from salesops_lib.measures.tidy import tidy
from salesops_lib.statistics import forecast_scores as scores
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

NEAR = 3
"""Months ahead that count as near."""
CHOSEN = "chosen"
"""Key of the model as chosen afresh at each origin."""


@tidy
def accuracy_by_horizon(crm: Crm, *, confidence: float) -> pd.DataFrame:
    """How far forecasts of past month-ends were off, one to twelve months ahead, beside the benchmark.

    One row per months ahead and forecaster: the model, chosen afresh at each origin from what was known
    then, and the benchmark. Empty where nothing could be forecast.

    Args:
        crm: Needs ``opportunities``.
        confidence: Coverage of the interval of the covered share.

    Returns:
        n_months_ahead (int): 1 for the month after the origin.
        method (str): chosen, or the key of the benchmark.
        name (str): What it is called.
        is_shown (bool): Whether this report's forecast is made this way.
        n_origins (int): Past month-ends that were forecast from.
        wape_rate (float): Sum of absolute errors / sum of actuals.
        mase (float): Mean absolute error / in-sample mean change from the same month a year before (from the
            month before, where there are fewer than 24 months).
        forecast_bias_rate (float): Sum of forecast less actual / sum of actuals; positive is over-forecast.
        n_intervals (int): Of these origins, those with three earlier ones, which an interval needs.
        covered_rate (float): Share of actuals inside their 80% interval.
        covered_rate_low (float): Lower end of the Wilson interval of that share.
        covered_rate_high (float): Upper end.
        covered_95_rate (float): Share of actuals inside their 95% interval.
        interval_score_amount (float): Width of the 80% interval plus ten times what fell outside; less is better.
    """
    outlook = forecast_bookings(crm)
    rows: list[dict[str, Any]] = []
    for key, name, is_shown, table in _forecasters(outlook, [CHOSEN, outlook.benchmark] if outlook else []):
        for ahead, part in table.groupby("n_months_ahead"):
            rows.append({"n_months_ahead": ahead, "method": key, "name": name, "is_shown": is_shown, **_scores(part)})
    if not rows:
        return pd.DataFrame()
    table = pd.DataFrame(rows).sort_values(["n_months_ahead", "is_shown"], ascending=[True, False], kind="stable")
    return _with_covered(table, confidence)


@tidy
def accuracy_by_method(crm: Crm, *, confidence: float) -> pd.DataFrame:
    """How far each way to forecast was off over all months ahead: what the choice of method rests on.

    One row per method, least error first. The first three months ahead are also shown on their own.

    Args:
        crm: Needs ``opportunities``.
        confidence: Coverage of the interval of the covered share.

    Returns:
        method (str): Key; chosen is the best method as known at each origin.
        name (str): What it is called.
        is_shown (bool): Whether this report's forecast is made this way.
        is_benchmark (bool): What a model has to beat.
        is_used_now (bool): The method of the present forecast.
        n_origins (int): Past month-ends that were forecast from.
        n_better (int): Of these, those at which its summed error was below the benchmark's.
        n_forecasts (int): Months forecast from them.
        near_wape_rate (float): Sum of absolute errors / sum of actuals, one to three months ahead.
        wape_rate (float): The same over all months ahead, up to twelve.
        mase (float): Mean absolute error / in-sample mean change from the same month a year before (from the
            month before, where there are fewer than 24 months).
        forecast_bias_rate (float): Sum of forecast less actual / sum of actuals; positive is over-forecast.
        n_intervals (int): Forecasts with an interval: those with three earlier origins.
        covered_rate (float): Share of actuals inside their 80% interval.
        covered_rate_low (float): Lower end of the Wilson interval of that share. Neighbouring forecasts err
            together, so the truth may lie outside more often than the interval says.
        covered_rate_high (float): Upper end.
        covered_95_rate (float): Share of actuals inside their 95% interval.
        interval_score_amount (float): Width of the 80% interval plus ten times what fell outside; less is better.
    """
    outlook = forecast_bookings(crm)
    rows: list[dict[str, Any]] = []
    for key, name, is_shown, table in _forecasters(outlook, _all_methods(outlook)):
        near = table[table["n_months_ahead"] <= NEAR]
        row = {"method": key, "name": name, "is_shown": is_shown, **_scores(table)}
        row |= {"near_wape_rate": scores.wape(*_pair(near)), **_standing(outlook, key, table)}
        rows.append(row)
    if not rows:
        return pd.DataFrame()
    return _with_covered(pd.DataFrame(rows).sort_values("wape_rate", kind="stable"), confidence)


def _all_methods(outlook: Outlook | None) -> list[str]:
    return [CHOSEN, *outlook.errors["method"].unique()] if outlook else []


def _forecasters(outlook: Outlook | None, keys: list[str]) -> Iterator[tuple[str, str, bool, pd.DataFrame]]:
    """Key, name, whether shown, and what each would have published at every origin."""
    if outlook is None:
        return
    for key in keys:
        if key == CHOSEN:
            table, name, is_shown = outlook.published, "the model, chosen at each origin", outlook.beats_benchmark
        else:
            table = as_published(outlook.series, outlook.errors, method=key)
            name, is_shown = NAMES[key], not outlook.beats_benchmark and key == outlook.method
        yield key, name, is_shown, _with_scale(outlook, table)


def _with_scale(outlook: Outlook, table: pd.DataFrame) -> pd.DataFrame:
    lag = 12 if len(outlook.series) >= 24 else 1
    amounts = outlook.series.amounts
    scale = {origin: scores.naive_scale(amounts[:origin], lag) for origin in table["origin"].unique()}
    return table.assign(scale=table["origin"].map(scale))


def _pair(rows: pd.DataFrame) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    return rows["forecast_amount"].to_numpy(dtype=float), rows["actual_amount"].to_numpy(dtype=float)


def _scores(rows: pd.DataFrame) -> dict[str, Any]:
    forecast, actual = _pair(rows)
    inside = rows.dropna(subset="low_80")
    came = inside["actual_amount"].to_numpy(dtype=float)
    ends = {name: inside[name].to_numpy(dtype=float) for name in ("low_80", "high_80", "low_95", "high_95")}
    return {
        "n_origins": rows["origin"].nunique(),
        "n_forecasts": len(rows),
        "wape_rate": scores.wape(forecast, actual),
        "mase": scores.mase(forecast, actual, rows["scale"].to_numpy(dtype=float)),
        "forecast_bias_rate": scores.bias(forecast, actual),
        "n_intervals": len(inside),
        "n_covered": scores.n_covered(came, ends["low_80"], ends["high_80"]),
        "n_covered_95": scores.n_covered(came, ends["low_95"], ends["high_95"]),
        "interval_score_amount": scores.interval_score(came, ends["low_80"], ends["high_80"], coverage=0.8),
    }


def _standing(outlook: Outlook | None, key: str, table: pd.DataFrame) -> dict[str, Any]:
    """What the method is to this report, and at how many origins it erred less than the benchmark."""
    if outlook is None:
        return {}
    rival = outlook.errors[outlook.errors["method"] == outlook.benchmark]
    own, other = (
        (rows["forecast_amount"] - rows["actual_amount"]).abs().groupby(rows["origin"]).sum() for rows in (table, rival)
    )
    return {
        "is_benchmark": key == outlook.benchmark,
        "is_used_now": key == outlook.method,
        "n_better": int((own < other).sum()),
    }


def _with_covered(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Add the shares of actuals that their intervals covered."""
    table = with_rate(table, "n_covered", "n_intervals", "covered", confidence=confidence)
    tried = table["n_intervals"].astype(float)
    return table.assign(covered_95_rate=table["n_covered_95"].astype(float) / tried.where(tried > 0))
