"""Mixed logit: the published fit, sums over codes as a table would give them, known truths found."""

import numpy as np
import pytest
from scipy.special import expit

from salesops_lib.statistics.factor_cells import cells_of
from salesops_lib.statistics.mixed_logit import fit_mixed_logit
from tests.published import example

# Contagious bovine pleuropneumonia, Lesnoff et al. (2004): herd, new cases, size, period.
HERD = np.repeat(np.arange(15), [4, 3, 4, 4, 4, 4, 4, 1, 4, 4, 4, 4, 4, 4, 4])
CASES = np.array(
    [2, 3, 4, 0, 3, 1, 1, 8, 2, 0, 2, 2, 0, 2, 0, 5, 0, 0, 1, 3, 0, 0, 1, 8, 1, 3, 0, 12, 2, 0, 0, 0, 1, 1, 0, 2, 0,
     5, 3, 1, 2, 1, 0, 0, 1, 2, 0, 0, 11, 0, 0, 0, 1, 1, 1, 0]
)  # fmt: skip
SIZE = np.array(
    [14, 12, 9, 5, 22, 18, 21, 22, 16, 16, 20, 10, 10, 9, 6, 18, 25, 24, 4, 17, 17, 18, 20, 16, 10, 9, 5, 34, 9, 6, 8,
     6, 22, 22, 18, 22, 25, 27, 22, 22, 10, 8, 6, 5, 21, 24, 19, 23, 19, 2, 3, 2, 19, 15, 15, 15]
)  # fmt: skip
PERIOD = np.concatenate([np.arange(4), np.arange(3), np.tile(np.arange(4), 5), [0], np.tile(np.arange(4), 7)])


def test_the_fit_is_that_of_the_published_example():
    """Coefficients, spread between herds and -2 log-likelihood by Laplace, as lme4's tests have them."""
    case = example("statistics", "cbpp_laplace", "cases")
    wanted, close = case["expected"], case["tolerance"]

    fit = fit_mixed_logit(cells_of(CASES, SIZE, HERD, [PERIOD]), prior_deviation=None)

    assert fit.coefficients == pytest.approx(np.array(wanted["beta"]), abs=close)
    assert fit.spread == pytest.approx(wanted["sigma"], abs=close)
    assert fit.deviance == pytest.approx(wanted["m2ll"], abs=close)


def made(seed=3, n=400):
    """Cells of three factors with the table of zeros and ones that they stand for."""
    rng = np.random.default_rng(seed)
    codes = [rng.integers(0, levels, n) for levels in (3, 4, 2)]
    columns = [np.ones(n)] + [codes[f] == level for f, k in enumerate((3, 4, 2)) for level in range(1, k)]
    cells = cells_of(rng.integers(0, 3, n), np.full(n, 3), rng.integers(0, 9, n), codes)
    return cells, np.column_stack(columns).astype(float)


def test_sums_over_codes_are_those_of_the_table_they_stand_for():
    """Line, gathered sums, sums by rep and products of pairs."""
    cells, table = made()
    rng = np.random.default_rng(4)
    weights, coefficients = rng.random(len(table)), rng.normal(size=table.shape[1])
    by_rep = np.stack([(table * weights[:, None])[cells.rep == rep].sum(axis=0) for rep in range(9)])

    assert cells.sum_of(coefficients) == pytest.approx(table @ coefficients)
    assert cells.gather(weights) == pytest.approx(table.T @ weights)
    assert cells.gather_by_rep(weights) == pytest.approx(by_rep)
    assert cells.cross(weights) == pytest.approx(table.T @ (table * weights[:, None]))


def test_a_line_of_some_factors_leaves_the_others_out():
    """The second factor alone: intercept and its own levels."""
    cells, table = made()
    coefficients = np.arange(1.0, 8.0)
    kept = coefficients * np.array([1, 0, 0, 1, 1, 1, 0])

    assert cells.sum_of(coefficients, [1]) == pytest.approx(table @ kept)


def test_known_coefficients_and_spread_are_found():
    """60 reps, 200 deals each, two levels one logit apart, reps 0.4 apart."""
    rng = np.random.default_rng(11)
    rep, level = np.repeat(np.arange(60), 200), np.tile([0, 1], 6000)
    won = rng.binomial(1, expit(-1 + level + 0.4 * rng.normal(size=60)[rep]))

    fit = fit_mixed_logit(cells_of(won, np.ones(12000), rep, [level]))

    assert fit.coefficients == pytest.approx([-1, 1], abs=0.12)
    assert fit.spread == pytest.approx(0.4, abs=0.1)


def test_expected_wins_are_the_wins_whichever_factors_count():
    """Calibrated: what is expected of all is what all won."""
    cells, _table = made()
    fit = fit_mixed_logit(cells)

    for which in (None, [], [0], [1, 2]):
        assert (cells.closed * fit.expected_rate(which)).sum() == pytest.approx(cells.won.sum())


def test_a_level_that_was_never_won_keeps_a_coefficient():
    """Where likelihood alone would run away, the prior holds it."""
    won, closed = np.array([30, 0, 20, 0]), np.array([60, 9, 60, 9])

    fit = fit_mixed_logit(cells_of(won, closed, [0, 0, 1, 1], [[0, 1, 0, 1]]))

    assert -6 < fit.coefficients[1] < -1.5


def test_reps_who_do_not_differ_have_next_to_no_spread():
    """The likelihood is highest at the edge, and the fit comes back."""
    fit = fit_mixed_logit(cells_of(np.full(20, 30), np.full(20, 100), np.arange(20), []))

    assert fit.spread < 0.02
    assert expit(fit.coefficients[0]) == pytest.approx(0.3, abs=1e-3)


def test_the_prior_pulls_a_level_by_its_distance_in_deviations():
    """At the best fit the counts pull a level up as much as the normal prior pulls it down: beta / deviation^2."""
    closed, won = np.array([50, 50, 50, 50]), np.array([10, 12, 35, 33])
    level, reps, deviation = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), 0.5
    fit = fit_mixed_logit(cells_of(won, closed, reps, [level]), prior_deviation=deviation)
    line = fit.coefficients[0] + fit.coefficients[1] * level + fit.effects[reps]
    pull = float(((won - closed * expit(line)) * level).sum())
    assert pull == pytest.approx(fit.coefficients[1] / deviation**2, rel=0.02)
