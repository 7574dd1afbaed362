"""Funnel: interpolated exact limits and winsorised over-dispersion, as published."""

import numpy as np
import pytest
from scipy.stats import binom

from salesops_lib.statistics.funnel_limits import dispersion, funnel_limits
from tests.published import example


def test_limits_are_interpolated_between_whole_numbers_of_wins():
    """Spiegelhalter: r is the smallest number with F(r) > share; the limit lies alpha = (F(r) - share) / f(r) below."""
    n, target = 50, 0.3
    low, high = funnel_limits(target, [n], 0.95)

    for limit, share in ((low[0], 0.025), (high[0], 0.975)):
        r = next(r for r in range(n + 1) if binom.cdf(r, n, target) >= share)
        alpha = (binom.cdf(r, n, target) - share) / binom.pmf(r, n, target)
        assert limit == pytest.approx((r - alpha) / n)


def test_the_funnel_narrows_with_deals_and_the_outer_pair_holds_the_inner():
    """More deals, less luck; 99.8 % lies outside 95 %."""
    n = [10, 50, 200, 1000]
    inner, outer = funnel_limits(0.3, n, 0.95), funnel_limits(0.3, n, 0.998)

    assert (np.diff(inner[1] - inner[0]) < 0).all()
    assert (outer[0] <= inner[0]).all()
    assert (outer[1] >= inner[1]).all()


def test_limits_approach_the_normal_curve():
    """At 20,000 deals they are within a thousandth."""
    low, high = funnel_limits(0.3, [20_000], 0.95)
    half = 1.959964 * np.sqrt(0.3 * 0.7 / 20_000)

    assert (low[0], high[0]) == pytest.approx((0.3 - half, 0.3 + half), abs=1e-4)


def test_no_deals_have_no_limits_and_a_spread_widens_them():
    """Missing, not 0; tau adds to the variance of luck."""
    plain, wide = funnel_limits(0.3, [100, np.nan], 0.95), funnel_limits(0.3, [100, np.nan], 0.95, tau=0.05)
    factor = np.sqrt(1 + 0.05**2 / (0.3 * 0.7 / 100))

    assert np.isnan(plain[0][1])
    assert wide[1][0] - 0.3 == pytest.approx((plain[1][0] - 0.3) * factor)


def test_over_dispersion_follows_the_published_formula():
    """Phi = mean z^2 of winsorised z; tau^2 = (n phi - (n-1)) / (sum w - sum w^2 / sum w), spelt out."""
    case = example("statistics", "funnelplotr_tau2", "cases")
    assert case["method"] == "phi=mean(zw^2); tau2=max(0,(n*phi-(n-1))/(S1-S2/S1))"
    rng = np.random.default_rng(4)
    z, error = 2 * rng.normal(size=40), rng.uniform(0.02, 0.1, 40)

    found = dispersion(z, error)

    low, high = np.quantile(z, 0.1), np.quantile(z, 0.9)
    cut = [min(max(value, low), high) for value in z]
    phi = sum(value**2 for value in cut) / 40
    weights = [1 / one**2 for one in error]
    room = sum(weights) - sum(one**2 for one in weights) / sum(weights)
    assert found.phi == pytest.approx(phi)
    assert found.tau == pytest.approx(np.sqrt((40 * phi - 39) / room))


def test_luck_alone_has_no_spread_and_one_outlier_makes_none():
    """Tau is 0 for equals, and stays 0 when a single rep lies ten standard errors out."""
    z = np.linspace(-1.5, 1.5, 30)

    assert dispersion(z, np.full(30, 0.05)).tau == 0
    assert dispersion(np.r_[z[:-1], 10], np.full(30, 0.05)).tau == 0


def test_missing_scores_are_left_out():
    """A rep without room for luck says nothing about the spread."""
    z, error = np.array([1.0, -1.0, 2.0, -2.0]), np.full(4, 0.1)

    assert dispersion(np.r_[z, np.nan], np.r_[error, 0.0]) == dispersion(z, error)
    assert np.isnan(dispersion([np.nan], [0.1]).phi)
