"""A saturating curve: how a new rep's productivity rises to a plateau, and when it is full.

Pairs of time and height go in; nothing here knows of reps or deals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

FULL_SHARE = 0.9
"""Share of the plateau that counts as full productivity; the plateau itself is never quite reached (our choice)."""


@dataclass(frozen=True)
class Ramp:
    """A saturating curve: plateau x (1 - exp(-speed x t)), with t counted from ``start``."""

    plateau: float
    speed: float
    rss: float
    """Weighted sum of squared residuals."""
    start: float = 0.0

    def at(self, t: ArrayLike) -> Floats:
        """Height of the curve; 0 before its start."""
        since = np.maximum(np.asarray(t, dtype=float) - self.start, 0.0)
        return np.asarray(-self.plateau * np.expm1(-self.speed * since))

    @property
    def full_at(self) -> float:
        """Time at which the curve reaches ``FULL_SHARE`` of its plateau."""
        return float(self.start - np.log1p(-FULL_SHARE) / self.speed)


def fit_ramp(t: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None) -> Ramp:
    """Fit ``y = b1 (1 - exp(-b2 t))`` by weighted least squares; b1 is free.

    Args:
        t: Times above 0.
        y: Heights; pairs with a missing one are left out.
        weights: Of the squared residuals; all alike if absent.

    Returns:
        Plateau b1, speed b2 and the residual sum of squares; all missing with fewer than three points.

    Source:
        The model of the NIST data set Misra1a. For a given b2 the best b1 is a quotient of sums, so only b2 is searched
        (variable projection: Golub and Pereyra 1973).
    """
    from scipy.optimize import minimize_scalar

    time, height = np.asarray(t, dtype=float), np.asarray(y, dtype=float)
    weight = np.ones_like(time) if weights is None else np.asarray(weights, dtype=float)
    known = np.isfinite(time) & np.isfinite(height) & (weight > 0) & (time > 0)
    if known.sum() < 3:
        return Ramp(np.nan, np.nan, np.nan)
    time, height, weight = time[known], height[known], weight[known]
    speeds = speeds_to_try(time)
    best = int(misfit_of(time, height[None], weight[None], speeds)[0].argmin())
    near = np.log(speeds[[min(best + 1, len(speeds) - 1), max(best - 1, 0)]])

    def misfit(log_speed: float) -> float:
        shape = -np.expm1(-np.exp(log_speed) * time)
        plateau = (weight * height * shape).sum() / (weight * shape**2).sum()
        return float((weight * (height - plateau * shape) ** 2).sum())

    found = minimize_scalar(misfit, bounds=tuple(near), method="bounded", options={"xatol": 1e-12})
    speed = float(np.exp(found.x))
    shape = -np.expm1(-speed * time)
    return Ramp(float((weight * height * shape).sum() / (weight * shape**2).sum()), speed, float(found.fun))


def speeds_to_try(t: Floats) -> Floats:
    """Speeds to try: full from the start to all but a straight line."""
    return np.asarray(-np.log1p(-FULL_SHARE) / (t.max() * np.geomspace(0.01, 20, 400)))


def misfit_of(t: Floats, y: Floats, weights: Floats, speeds: Floats) -> Floats:
    """Weighted residual sums of squares of many curves (rows of ``y``) at many speeds."""
    shapes = -np.expm1(-np.outer(speeds, np.maximum(t, 0.0)))
    explained = (weights * y) @ shapes.T
    return np.asarray((weights * y**2).sum(axis=1)[:, None] - explained**2 / (weights @ (shapes**2).T))


def fit_ramps(t: Floats, rates: Floats, days: Floats) -> list[Ramp]:
    """One curve per row of ``rates``, on a grid of speeds; ``days`` weigh the residuals.

    Times of 0 and below carry no weight.
    """
    weights, speeds = np.where(t > 0, days, 0.0), speeds_to_try(t)
    best = speeds[misfit_of(t, rates, weights, speeds).argmin(axis=1)]
    shapes = -np.expm1(-best[:, None] * np.maximum(t, 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        plateaus = (weights * rates * shapes).sum(axis=1) / (weights * shapes**2).sum(axis=1)
    return [Ramp(float(plateau), float(speed), np.nan) for plateau, speed in zip(plateaus, best, strict=True)]
