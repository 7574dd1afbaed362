"""The average hire: productivity by month of tenure, as if nobody had left.

A mean over those who stayed is too rosy where those who booked little leave, so each month is weighed by how much the
reps then present book in all their months: a rep's own level is drawn towards the average hire's by what luck can do
(gamma-Poisson model, fitted to all joiners for as long as they were there). That is right as long as leaving hangs on
the results the data shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from salesops_lib.rep_comparison.ramp.cells import Hires, quotient

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SPREADS = np.linspace(0.05, 1.2, 24)
"""Standard deviations of the hires' true levels around their average that are thought possible."""


@dataclass(frozen=True)
class AverageHire:
    """Productivity of the average hire by month of tenure."""

    rates: Floats
    """One row per set of weights."""
    levels: Floats
    """Each hire's own level around the average's 1, drawn towards it by what luck can do."""
    spread: float
    """Standard deviation of the true levels."""


def average_hire(hires: Hires, *, weights: Floats | None = None, spread: float | None = None) -> AverageHire:
    """Estimate the average hire's productivity by month of tenure, leavers counted for as long as they were there.

    Args:
        hires: What each did month by month.
        weights: Sets of weights of the hires, one set a row; all alike if absent.
        spread: Standard deviation of the hires' true levels; from the data if absent.

    Source:
        Gamma frailty model with Poisson counts, by EM: Clayton (1991), Biometrics 47, 467-485; valid where leaving
        depends on what was observed (Rubin 1976, Biometrika 63, 581-592).
    """
    of = np.ones((1, len(hires.made))) if weights is None else weights
    done = hires.n_made.sum(axis=1)
    rates, scale = hires.without_effect(of), spread
    for _round in range(4 if spread is None else 1):
        if spread is None:
            scale = _spread(done, hires.n_usual @ np.nan_to_num(rates[0])) if len(done) > 1 else float(SPREADS[0])
        shape = 1 / float(scale or SPREADS[0]) ** 2
        for _step in range(40):
            levels = (shape + done) / (shape + np.nan_to_num(rates) @ hires.n_usual.T)
            rates = _rates(hires, of, levels)
            rates = rates * _common_factor(hires, of, rates, shape, done)[:, None]
    levels = (shape + done) / (shape + np.nan_to_num(rates) @ hires.n_usual.T)
    return AverageHire(rates, levels, shape**-0.5)


def _rates(hires: Hires, weights: Floats, levels: Floats) -> Floats:
    return quotient(weights @ hires.made, (weights * levels) @ hires.usual)


def _common_factor(hires: Hires, weights: Floats, rates: Floats, shape: float, done: Floats) -> Floats:
    """The factor on all months at which what was done and what was expected agree; EM alone creeps towards it."""
    n, days = (np.nan_to_num(rates) @ each.T for each in (hires.n_usual, hires.usual))
    made = (weights * hires.made.sum(axis=1)).sum(axis=1)
    factor = np.ones(len(rates))
    for _step in range(4):
        level = (shape + done) / (shape + factor[:, None] * n)
        expected = factor * (weights * level * days).sum(axis=1)
        slope = (weights * level * days * shape / (shape + factor[:, None] * n)).sum(axis=1)
        factor = np.maximum(factor - (expected - made) / np.maximum(slope, 1e-12), factor / 3)
    return np.where(made > 0, factor, 1.0)


def _spread(done: Floats, expected: Floats) -> float:
    """Mean of the spread's posterior on a grid, from each hire's deals and those expected (negative binomial)."""
    from scipy.special import gammaln

    shape = 1 / SPREADS[:, None] ** 2
    fit = gammaln(done + shape) - gammaln(shape) + shape * np.log(shape) - (done + shape) * np.log(shape + expected)
    chance = fit.sum(axis=1)
    chance = np.exp(chance - chance.max())
    return float(SPREADS @ chance / chance.sum())
