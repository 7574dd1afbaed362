"""Exponential smoothing: one level, with or without a damped trend, fitted on a grid.

The recursions are linear in the starting level and trend. So each point of the grid is run once for
the series and once per start, all points side by side, and least squares gives the starts exactly.
A fit takes about a millisecond, which is what makes dozens of rolling origins affordable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from salesops_lib.statistics.series import Floats

LEVEL_GRID = np.concatenate([[0.01], np.arange(0.05, 1.0, 0.05)])
"""Weights of the newest month that the level alone may take."""
DAMPED_GRID = np.array(
    [
        (weight, share * weight, damping)
        for weight in np.arange(0.05, 1, 0.1)
        for share in (0, 0.05, 0.1, 0.2)
        for damping in (0.8, 0.9, 0.95)
    ]
)
"""Weights of level and trend and the damping, side by side."""


class Fit(NamedTuple):
    """The best point of the grid and where the series stood at its end."""

    level: float
    trend: float
    weight: float
    """Weight of the newest month in the level."""
    damping: float
    error: float
    """Sum of squared one-step errors."""


def fit_level(values: Floats, grid: Floats = LEVEL_GRID) -> Fit:
    """Simple exponential smoothing; the weight with the least squared one-step errors."""
    nothing = np.zeros_like(grid)
    return _best(values, grid, nothing, nothing, n_starts=1)


def fit_damped_trend(values: Floats, grid: Floats = DAMPED_GRID) -> Fit:
    """Additive damped trend (Gardner and McKenzie 1985); the grid point with the least squared errors."""
    return _best(values, grid[:, 0], grid[:, 1], grid[:, 2], n_starts=2)


def damped_path(fit: Fit, horizon: int) -> Floats:
    """The next ``horizon`` values of a damped trend."""
    path: Floats = fit.level + fit.trend * np.cumsum(fit.damping ** np.arange(1, horizon + 1))
    return path


def theta_path(values: Floats, horizon: int) -> Floats:
    """The theta method (Assimakopoulos and Nikolopoulos 2000): a level that drifts by half the slope.

    In the form of Hyndman and Billah (2003): simple smoothing plus half the least-squares slope.
    """
    n = len(values)
    slope = float(np.polyfit(np.arange(n), values, 1)[0]) if n > 2 else 0.0
    fit = fit_level(values)
    steps = np.arange(horizon) + (1 - (1 - fit.weight) ** n) / fit.weight
    return np.asarray(fit.level + slope / 2 * steps, dtype=np.float64)


def _best(values: Floats, alpha: Floats, beta: Floats, phi: Floats, *, n_starts: int) -> Fit:
    """Run every grid point, solve each one's starts by least squares, keep the one with least error."""
    errors, level, trend = _run(values, alpha, beta, phi, n_starts)
    # The one-step error is linear in the starts: errors[..., 0] + errors[..., 1:] @ starts.
    design, target = errors[:, :, 1:], -errors[:, :, 0]
    normal = design.transpose(0, 2, 1) @ design + 1e-9 * np.eye(n_starts)
    starts = np.linalg.solve(normal, design.transpose(0, 2, 1) @ target[:, :, None])[:, :, 0]
    left = (design @ starts[:, :, None])[:, :, 0] - target
    squares = (left**2).sum(axis=1)
    best = int(squares.argmin())
    return Fit(
        float(level[best, 0] + level[best, 1:] @ starts[best]),
        float(trend[best, 0] + trend[best, 1:] @ starts[best]),
        float(alpha[best]),
        float(phi[best]),
        float(squares[best]),
    )


def _run(values: Floats, alpha: Floats, beta: Floats, phi: Floats, n_starts: int) -> tuple[Floats, Floats, Floats]:
    """Errors (grid, time, run) and last level and trend: run 0 is the series from 0, then one per start."""
    a, b, damping = alpha[:, None], beta[:, None], phi[:, None]
    level = np.zeros((len(alpha), n_starts + 1))
    trend = np.zeros_like(level)
    level[:, 1] = 1.0
    if n_starts > 1:
        trend[:, 2] = 1.0
    errors = np.empty((len(alpha), len(values), n_starts + 1))
    for t, value in enumerate(values):
        expected = level + damping * trend
        error = -expected
        error[:, 0] += value
        errors[:, t] = error
        level = expected + a * error
        trend = damping * trend + b * error
    return errors, level, trend
