"""Ranges: against numpy and scipy and by simulation."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.statistics.intervals import sum_interval
from salesops_lib.statistics.sums_and_medians import cell_quantile, median_interval, reach_probability, share_interval
from tests.statistics.cells import VALUES, cells_of


@settings(max_examples=50, deadline=None)
@given(sample=VALUES, share=st.sampled_from([0, 0.25, 0.5, 0.9, 1]))
def test_quantiles_of_cells_are_those_of_the_values(sample, share):
    """As numpy's, linear between neighbours."""
    assert cell_quantile(*cells_of(sample), share) == pytest.approx(np.quantile(sample, share))


def test_a_quantile_of_nothing_is_missing():
    """No value, no median."""
    assert pd.isna(cell_quantile(pd.Series(dtype=float), pd.Series(dtype=int), 0.5))


def test_the_median_s_interval_has_the_ranks_of_the_binomial():
    """Of ten values the second and the ninth bound the median (coverage 97.9 %); of five nothing does."""
    ten = cells_of(range(1, 11))

    assert median_interval(*ten, confidence=0.95) == (2, 9)
    assert all(pd.isna(end) for end in median_interval(*cells_of(range(5)), confidence=0.95))


def test_equal_amounts_have_the_exact_interval_of_a_poisson_count():
    """Ten deals of 1: 4.795 to 18.39 (Fay and Feuer's interval is the exact one there)."""
    low, high = sum_interval([10.0], [10.0], [1.0], confidence=0.95)

    assert (low[0], high[0]) == pytest.approx((4.7954, 18.3904), abs=1e-3)


def test_a_sum_of_nothing_has_no_range():
    """No deal tells what a deal might bring."""
    low, high = sum_interval([0.0], [0.0], [0.0], confidence=0.95)

    assert np.isnan(low[0])
    assert np.isnan(high[0])


@pytest.mark.slow
def test_the_range_of_a_sum_covers_what_is_expected():
    """Quarters of 8 log-normal deals on average: the range holds the expected sum in 93 % or more."""
    rng = np.random.default_rng(7)
    sizes = [rng.lognormal(0, 0.6, n) for n in rng.poisson(8, 2000) if n]
    low, high = sum_interval(
        [s.sum() for s in sizes], [(s**2).sum() for s in sizes], [s.max() for s in sizes], confidence=0.95
    )
    expected = 8 * np.exp(0.18)

    assert 0.93 <= np.mean((low <= expected) & (expected <= high)) <= 0.999


@pytest.mark.slow
def test_the_interval_of_a_value_rate_covers_it():
    """Two hundred deals of uneven size, won by a coin: 91 % to 98 % of the intervals hold one half."""
    rng = np.random.default_rng(11)
    held = []
    for _ in range(400):
        size, won = rng.lognormal(0, 0.8, 200), rng.random(200) < 0.5
        low, high = share_interval(
            [(size * won).sum()], [size.sum()], [(size**2 * won).sum()], [(size**2).sum()], [200], confidence=0.95
        )
        held.append(low[0] <= 0.5 <= high[0])

    assert 0.91 <= np.mean(held) <= 0.98


def test_a_value_rate_of_all_or_nothing_has_no_interval():
    """Nothing lost tells nothing about losing."""
    low, high = share_interval([5.0, 0.0], [5.0, 5.0], [13.0, 0.0], [13.0, 13.0], [2, 2], confidence=0.95)

    assert np.isnan([*low, *high]).all()


def test_odds_of_a_goal_hold_what_they_promise():
    """Periods of 12 to 400 uneven deals, judged half way: among those told 30 %, about 30 % reach the goal."""
    rng = np.random.default_rng(7)
    rate = np.exp(rng.uniform(np.log(6), np.log(200), 4000))
    n = rng.poisson(rate)
    first = [rng.lognormal(9, 0.9, each) for each in n]
    booked = np.array([each.sum() for each in first])
    final = booked + [rng.lognormal(9, 0.9, each).sum() for each in rng.poisson(rate)]
    quota = 2 * booked * rng.uniform(0.6, 1.5, 4000)

    odds = reach_probability(booked, [(each**2).sum() for each in first], n, quota, np.full(4000, 0.5))

    told, was = pd.Series(odds), pd.Series(final >= quota, dtype=float)
    bands = pd.cut(told, [0, 0.2, 0.4, 0.6, 0.8, 1.0])
    apart = was.groupby(bands, observed=True).mean() - told.groupby(bands, observed=True).mean()
    assert apart.abs().max() < 0.06


def test_odds_need_a_goal_bookings_and_time_left():
    """Reached is certain; over, not begun, without a goal or without a deal nothing is told."""
    booked, squares, n = [120, 50, 50, 50, 0], [9e3, 2e3, 2e3, 2e3, 0], [5, 3, 3, 3, 0]

    odds = reach_probability(booked, squares, n, [100, 100, 100, np.nan, 100], [0.5, 1.0, 0.0, 0.5, 0.5])

    assert odds[0] == 1.0
    assert np.isnan(odds[1:]).all()
