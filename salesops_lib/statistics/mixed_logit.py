"""Mixed logit: what share of deals is won, given the kind of deal, while reps may differ.

Cells of counts go in, described by factors. The model gives each cell the rate to expect of a rep like the others;
how far a rep lies from it is judged elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from salesops_lib.statistics.factor_cells import FactorCells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SPREADS = (1e-3, 5.0)
"""Bounds of the spread between reps on the logit scale."""


@dataclass(frozen=True)
class MixedLogit:
    """A fitted model."""

    coefficients: Floats
    """Intercept, then each factor's levels but the first."""
    spread: float
    """Standard deviation between reps on the logit scale."""
    deviance: float
    """-2 x the log-likelihood of the counts by Laplace's method; the prior of the coefficients is left out."""
    effects: Floats
    """Most likely logit of each rep over what the factors give."""
    cells: FactorCells

    def expected_rate(self, which: Sequence[int] | None = None) -> Floats:
        """Each cell's rate at what some factors give, reps aside; calibrated so that all expected wins are the wins.

        Args:
            which: Places of the factors that count; all of them if absent.
        """
        from scipy.special import expit

        cells = self.cells
        line = cells.sum_of(self.coefficients, which)
        shift = 0.0
        for _ in range(30):
            rate = expit(line + shift)
            step = (cells.won - cells.closed * rate).sum() / max((cells.closed * rate * (1 - rate)).sum(), 1e-9)
            shift += float(np.clip(step, -2, 2))
            if abs(step) < 1e-10:
                break
        return np.asarray(expit(line + shift))


def fit_mixed_logit(cells: FactorCells, *, prior_deviation: float | None = 2.5) -> MixedLogit:
    """Fit a logit with a normal intercept for each rep by maximum likelihood, integrated by Laplace's method.

    Args:
        cells: Counts with their factors.
        prior_deviation: Standard deviation of a normal prior around 0 for every level, so that a level without wins
            or without losses keeps a coefficient (our choice); none where missing.

    Source:
        Laplace approximation of the integrated likelihood: Breslow and Clayton (1993), JASA 88, 9-25; as in lme4's
        ``glmer`` (Bates et al. 2015, Journal of Statistical Software 67(1)).
    """
    from scipy.linalg import solve_triangular
    from scipy.optimize import minimize
    from scipy.special import gammaln

    won, n = cells.won, cells.closed
    penalty = np.zeros(cells.width)
    if prior_deviation is not None:
        penalty[1:] = 1 / prior_deviation**2
    beta, effects, spread = _start(cells, penalty)
    weights = _weights(cells, cells.sum_of(beta) + effects[cells.rep])[1]
    root = np.linalg.cholesky(_profiled(cells, weights, spread, penalty))
    state = _State(cells, penalty, effects)

    def objective(at: Floats) -> tuple[float, Floats]:
        # On this scale the likelihood is nearly round, so that few steps are needed.
        moved = beta + solve_triangular(root.T, at[:-1], lower=False)
        value, by_beta, by_spread = state.deviance(moved, float(at[-1]))
        return value / 2, np.append(solve_triangular(root, by_beta, lower=True), by_spread) / 2

    bounds = [(None, None)] * cells.width + [(np.log(SPREADS[0]), np.log(SPREADS[1]))]
    start = np.append(np.zeros(cells.width), np.log(spread))
    best = minimize(objective, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-11, "gtol": 1e-5})
    moved = beta + solve_triangular(root.T, best.x[:-1], lower=False)
    value = state.deviance(moved, float(best.x[-1]))[0] - float((penalty * moved**2).sum())
    value -= 2 * float((gammaln(n + 1) - gammaln(won + 1) - gammaln(n - won + 1)).sum())
    return MixedLogit(moved, float(np.exp(best.x[-1])), value, state.effects.copy(), cells)


def _weights(cells: FactorCells, line: Floats) -> tuple[Floats, Floats, Floats]:
    """Rate, weight (variance of the wins) and its slope along the line."""
    from scipy.special import expit

    rate = expit(line)
    weight = cells.closed * rate * (1 - rate)
    return rate, weight, weight * (1 - 2 * rate)


def _profiled(cells: FactorCells, weights: Floats, spread: float, penalty: Floats) -> Floats:
    """Information about the coefficients once the reps' intercepts are allowed for."""
    shared = cells.gather_by_rep(weights)
    inner = cells.by_rep(weights) + 1 / spread**2
    return cells.cross(weights) + np.diag(penalty + 1e-9) - shared.T @ (shared / inner[:, None])


def _start(cells: FactorCells, penalty: Floats, n_steps: int = 8) -> tuple[Floats, Floats, float]:
    """Coefficients and intercepts that are most likely together, and a spread that goes with them."""
    from scipy.special import logit

    beta, effects, spread = np.zeros(cells.width), np.zeros(cells.n_reps), 0.3
    beta[0] = logit(np.clip(cells.won.sum() / max(cells.closed.sum(), 1.0), 1e-4, 1 - 1e-4))
    for _ in range(n_steps):
        rate, weights, _slope = _weights(cells, cells.sum_of(beta) + effects[cells.rep])
        rest = cells.won - cells.closed * rate
        inner = cells.by_rep(weights) + 1 / spread**2
        pull = cells.by_rep(rest) - effects / spread**2
        shared = cells.gather_by_rep(weights)
        push = cells.gather(rest) - penalty * beta - shared.T @ (pull / inner)
        step = np.linalg.solve(_profiled(cells, weights, spread, penalty), push)
        beta = beta + step
        effects = effects + (pull - shared @ step) / inner
        spread = float(np.clip(np.sqrt(np.mean(effects**2 + 1 / inner)), 0.02, 2.0))
        if np.abs(step).max() < 1e-4:
            break
    return beta, effects, spread


@dataclass
class _State:
    """The integrated likelihood; intercepts are kept from call to call, as the next are near."""

    cells: FactorCells
    penalty: Floats
    effects: Floats

    def deviance(self, beta: Floats, log_spread: float) -> tuple[float, Floats, float]:
        """-2 log-likelihood with the penalty, and its slopes by the coefficients and by the log of the spread."""
        cells, variance = self.cells, float(np.exp(2 * log_spread))
        line = cells.sum_of(beta)
        effects = self._modes(line, variance)
        whole = line + effects[cells.rep]
        rate, weights, slope = _weights(cells, whole)
        inner = cells.by_rep(weights) + 1 / variance
        logs = (cells.won * whole - cells.closed * np.logaddexp(0, whole)).sum()
        value = -2 * logs + (effects**2).sum() / variance + np.log(variance * inner).sum()
        # What the curvature adds: it moves with the coefficients and with the intercepts, which move with them.
        bend = cells.by_rep(slope) / inner
        by_beta = -2 * cells.gather(cells.won - cells.closed * rate)
        by_beta += cells.gather(slope / inner[cells.rep]) - cells.gather(weights * (bend / inner)[cells.rep])
        by_variance = -((effects / variance) ** 2).sum() + cells.n_reps / variance
        by_variance += ((bend * effects / inner - 1 / inner) / variance**2).sum()
        penalised = self.penalty * beta
        return (
            float(value + (penalised * beta).sum()),
            np.asarray(by_beta + 2 * penalised),
            float(by_variance * 2 * variance),
        )

    def _modes(self, line: Floats, variance: float) -> Floats:
        """The most likely intercepts by Newton's method, from the last ones."""
        effects = self.effects
        for _ in range(50):
            rate, weights, _slope = _weights(self.cells, line + effects[self.cells.rep])
            pull = self.cells.by_rep(self.cells.won - self.cells.closed * rate) - effects / variance
            step = np.clip(pull / (self.cells.by_rep(weights) + 1 / variance), -2, 2)
            effects = effects + step
            if np.abs(step).max() < 1e-8:
                break
        self.effects = effects
        return effects
