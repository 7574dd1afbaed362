"""Shrinkage: intervals that cover, published examples, limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from salesops_lib.statistics.shrinkage import SPREADS, shrink_means, shrink_rates
from tests.published import example

# Hits in the first 45 times at bat of 1970, and the average of the rest of the season:
# Efron and Morris (1975), JASA 70, table 1.
HITS = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7])
REST_OF_SEASON = np.array(
    [0.346, 0.298, 0.276, 0.222, 0.273, 0.270, 0.263, 0.210, 0.269, 0.230, 0.264, 0.256, 0.303, 0.264, 0.226, 0.285,
     0.316, 0.200]
)  # fmt: skip


@pytest.mark.parametrize("spread", [0.0, 0.05, 0.1, 0.2, 0.3, 0.5])
def test_intervals_cover_the_true_rate_at_every_spread_between_reps(spread):
    """95 % intervals hold the true rate in at least 91 % of cases: 80 teams of 30 reps, few and many deals."""
    rng = np.random.default_rng(20260930)
    inside = []
    for _ in range(80):
        base = rng.choice([0.25, 0.63])
        true = expit(logit(base) + spread * rng.normal(size=30))
        closed = np.maximum(rng.poisson(90 * rng.gamma(4, 0.25, 30)), 1)
        won = rng.binomial(closed, true)
        reached = shrink_rates(won, closed, np.full(30, won.sum() / closed.sum())).cdf(true)
        inside.append(((reached > 0.025) & (reached < 0.975)).mean())

    assert np.mean(inside) >= 0.91


def test_identical_reps_keep_an_interval_worth_the_name():
    """30 reps with exactly the same rate: plugging in the best spread, 0, would leave next to nothing."""
    fit = shrink_rates(np.full(30, 60), np.full(30, 100), np.full(30, 0.6))

    assert (fit.quantile(0.975) - fit.quantile(0.025) > 0.02).all()


def test_a_quantile_is_where_the_distribution_reaches_it():
    """The two ways of reading the posterior agree."""
    fit = shrink_rates([3, 40, 9], [10, 60, 30], [0.5, 0.5, 0.5])

    for share in (0.025, 0.5, 0.975):
        assert fit.cdf(fit.quantile(share)) == pytest.approx(np.full(3, share), abs=1e-4)


def test_the_shrunken_rate_is_the_defined_one_averaged_over_the_grid():
    """(won + a) / (closed + a + b) for every grid point, by its weight."""
    fit = shrink_rates([3, 40], [10, 60], [0.5, 0.5])

    points = [zip(a, b, fit.weights, strict=True) for a, b in zip(fit.a, fit.b, strict=True)]
    by_hand = [sum(weight * a / (a + b) for a, b, weight in row) for row in points]

    assert fit.mean == pytest.approx(by_hand)
    assert fit.weights.sum() == pytest.approx(1)
    assert ((fit.a + fit.b) > np.array([[10], [60]])).all()


def test_few_deals_are_drawn_further_than_many():
    """Both raw rates lie 20 points above the team; the one of 10 deals comes back further."""
    won, closed = np.array([5, 250, *[30] * 10]), np.array([10, 500, *[100] * 10])
    fit = shrink_rates(won, closed, np.full(12, 0.3))

    assert 0.3 < fit.mean[0] < fit.mean[1] < 0.5


def test_each_rep_is_drawn_towards_what_is_expected_of_its_own_mix():
    """Two reps without a surprise stay where their segments are."""
    fit = shrink_rates([60, 20, 61, 19], [100, 100, 100, 100], [0.6, 0.2, 0.6, 0.2])

    assert fit.mean == pytest.approx([0.6, 0.2, 0.6, 0.2], abs=0.03)


def test_the_baseball_players_come_out_as_published():
    """Efron and Morris: James-Stein keeps 0.212 of each deviation and predicts about three times better."""
    raw = HITS / 45
    kept_by_james_stein = 1 - (18 - 3) * raw.mean() * (1 - raw.mean()) / 45 / ((raw - raw.mean()) ** 2).sum()
    fit = shrink_rates(HITS, np.full(18, 45), np.full(18, raw.mean()))
    kept = np.polyfit(raw - raw.mean(), fit.mean - raw.mean(), 1)[0]

    case = example("statistics", "em_js_c", "cases")
    assert kept_by_james_stein == pytest.approx(case["expected"]["c"], abs=case["tolerance"] + 5e-4)
    assert raw.mean() == pytest.approx(case["expected"]["ybar"], abs=5e-4)
    assert kept == pytest.approx(kept_by_james_stein, abs=0.12)
    assert ((fit.mean - REST_OF_SEASON) ** 2).sum() < ((raw - REST_OF_SEASON) ** 2).sum() / 3


def test_a_means_weight_is_its_precision():
    """With a spread far above the errors the own mean stays; with none all go to the common mean."""
    apart = shrink_means([0.0, 10.0, 20.0, 30.0], [50, 50, 50, 50], 1.0, confidence=0.95)
    equal = shrink_means([0.01, -0.01, 0.02, -0.02], [5, 5, 5, 5], 100.0, confidence=0.95)

    assert apart.mean == pytest.approx([0, 10, 20, 30], abs=0.05)
    assert np.ptp(equal.mean) < 0.02


def test_means_cover_too():
    """95 % intervals of shrunken means hold the true mean in at least 91 % of cases, spread 0 included."""
    rng = np.random.default_rng(7)
    for spread in (0.0, 0.1, 0.4):
        inside = []
        for _ in range(60):
            true, n = spread * rng.normal(size=25), rng.integers(3, 60, 25)
            seen = true + rng.normal(size=25) / np.sqrt(n)
            fit = shrink_means(seen, n, 1.0, confidence=0.95)
            inside.append(((fit.low < true) & (true < fit.high)).mean())
        assert np.mean(inside) >= 0.91


@settings(max_examples=25, deadline=None)
@given(
    counts=st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), min_size=1, max_size=8),
    expected=st.floats(0.02, 0.98),
)
def test_rates_and_intervals_stay_in_order_for_any_counts(counts, expected):
    """Ends stay inside 0 to 1 and hold the shrunken rate; the order of the reps does not matter."""
    won, closed = np.array([w for w, _ in counts]), np.array([w + lost for w, lost in counts])
    fit = shrink_rates(won, closed, np.full(len(won), expected))
    turned = shrink_rates(won[::-1], closed[::-1], np.full(len(won), expected))
    low, high = fit.quantile(0.025), fit.quantile(0.975)

    assert ((low >= 0) & (low <= fit.mean) & (fit.mean <= high) & (high <= 1)).all()
    assert turned.mean[::-1] == pytest.approx(fit.mean)
    assert SPREADS[0] <= fit.spread <= SPREADS[-1]


def test_a_rep_without_values_has_no_shrunken_mean():
    """Nothing won is not the team's deal size."""
    fit = shrink_means([1.0, np.nan, 2.0], [4, 0, 5], 1.0, confidence=0.95)

    assert np.isnan(fit.mean[1])
    assert not np.isnan(fit.mean[[0, 2]]).any()


@pytest.mark.parametrize("rate", [0.03, 0.05, 0.97])
def test_small_teams_near_the_edge_have_honest_intervals(rate):
    """Three equal reps of ten deals each, 200 teams: the true rate is inside at least 91 of 100 times."""
    rng = np.random.default_rng(1)
    inside = []
    for _ in range(200):
        won = rng.binomial(10, rate, 3)
        found = shrink_rates(won, [10] * 3, np.full(3, won.sum() / 30))
        inside.append(((found.quantile(0.025) <= rate) & (rate <= found.quantile(0.975))).mean())
    assert np.mean(inside) >= 0.91


def test_none_won_of_thirty_leaves_room_for_some():
    """Up to 8.5 %, where the exact interval of all thirty ends at 11.6 %; 2.2 % had been claimed."""
    found = shrink_rates([0, 0, 0], [10] * 3, np.zeros(3))

    assert found.quantile(0.975) == pytest.approx([0.085] * 3, abs=0.002)
