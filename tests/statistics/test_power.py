"""Flags and power: false alarms among equals, planted reps found, tests of the spread."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from salesops_lib.statistics.differences import false_discovery
from salesops_lib.statistics.funnel_limits import dispersion
from salesops_lib.statistics.luck import odds_of
from salesops_lib.statistics.power import noticeable, power, widened
from salesops_lib.statistics.spread import pooled_test, same_cells_test
from tests.rep_comparison.recipes import team_cells


def flags(cells):
    """Reps flagged as the reports flag them: over-dispersion allowed for, Benjamini-Hochberg at 5 %."""
    odds = odds_of(cells, by=["cell"], confidence=0.95)
    error = np.sqrt(odds.variance) / odds.tries
    usual = dispersion(odds.z_scores, error)
    return false_discovery(widened(odds.p_values, np.sqrt(1 + usual.tau**2 / error**2))) <= 0.05


@pytest.mark.parametrize(
    ("n_reps", "n_deals", "rates", "n_teams"),
    [(30, 40, (0.3,), 400), (30, 40, (0.63,), 300), (30, 120, (0.8, 0.5, 0.5), 200), (300, 333, (0.3,), 80)],
)
def test_a_team_of_equals_raises_no_alarm(n_reps, n_deals, rates, n_teams):
    """At most 5 % of teams of identical reps have anyone flagged, with the rhythm of a quarter too."""
    rng = np.random.default_rng(1970)

    alarms = [flags(team_cells(rng, n_reps, n_deals, rates)).any() for _ in range(n_teams)]

    assert np.mean(alarms) <= 0.05


def test_reps_who_close_in_different_months_raise_no_alarm():
    """Half the team closes mostly in the strong month: raw rates differ widely, nobody is flagged."""
    rng = np.random.default_rng(12)
    alarms = 0
    for _ in range(150):
        n = np.r_[np.full(15, 60), np.full(15, 10)], np.r_[np.full(15, 10), np.full(15, 60)]
        parts = [
            pd.DataFrame({"rep_id": [f"r{rep:02d}" for rep in range(30)], "cell": cell, "n_closed": closed})
            for cell, closed in enumerate(n)
        ]
        for part, rate in zip(parts, (0.8, 0.5), strict=True):
            part["n_won"] = rng.binomial(part["n_closed"], rate)
        alarms += flags(pd.concat(parts)).any()

    assert alarms / 150 <= 0.05


def test_a_planted_rep_is_found_as_often_as_the_power_says():
    """One of 30 reps with 150 deals wins 40 % less: found about as often as stated, and hardly anyone else."""
    rng = np.random.default_rng(13)
    found = np.array([flags(team_cells(rng, 30, 150, (0.3,), odds=0.6)) for _ in range(200)])

    stated = power([150], [0.3], 0.4, level=0.05 / 30)[0]
    assert found[:, 0].mean() == pytest.approx(stated, abs=0.1)
    assert found[:, 0].mean() > 0.4
    assert found[:, 1:].mean() < 0.01


def test_power_grows_with_deals_and_is_missing_without():
    """Nobody without deals could be noticed or missed."""
    chances = power([40, 100, 400, 0], [0.3, 0.3, 0.3, np.nan], 0.3, level=0.05 / 30)

    assert chances[0] < chances[1] < chances[2]
    assert np.isnan(chances[3])


def test_the_noticeable_shortfall_is_the_first_with_four_chances_in_five():
    """One percent less would not do."""
    smallest = noticeable([150], [0.3], level=0.05 / 30)[0]

    assert power([150], [0.3], smallest, level=0.05 / 30)[0] >= 0.8
    assert power([150], [0.3], smallest - 0.01, level=0.05 / 30)[0] < 0.8
    assert np.isnan(noticeable([5], [0.3], level=0.05 / 30)[0])


def test_the_pooled_test_is_pearsons():
    """Against scipy's table of reps by won and lost."""
    won, closed = np.array([10, 25, 7]), np.array([40, 50, 30])
    scipy = chi2_contingency(np.array([won, closed - won]), correction=False)

    test = pooled_test(won, closed)

    assert (test.chi_square, test.p_value, test.degrees) == pytest.approx((scipy.statistic, scipy.pvalue, 2))


def test_within_one_cell_both_tests_agree():
    """The Mantel-Haenszel test is Pearson's times (N - 1) / N."""
    cells = team_cells(np.random.default_rng(3), 8, 60)

    within = same_cells_test(cells, by=["cell"])
    pooled = pooled_test(cells["n_won"], cells["n_closed"])

    assert within.chi_square == pytest.approx(pooled.chi_square * 479 / 480)
    assert within.degrees == pooled.degrees == 7
