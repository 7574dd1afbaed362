"""Ranges and tests: against numpy and scipy, by published figures and by simulation."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact, mannwhitneyu
from statsmodels.stats.multitest import multipletests

from salesops_lib.measures import exact_interval
from salesops_lib.performance_visibility.chance import (
    adjusted,
    cell_quantile,
    fewer_than_before,
    median_interval,
    rank_test,
    reach_probability,
    share_interval,
    sum_interval,
    two_rates,
)

VALUES = st.lists(st.integers(0, 12), min_size=1, max_size=30)


def cells_of(*samples):
    """Distinct values, and how often each sample has them."""
    values = pd.Series(sorted({value for sample in samples for value in sample}), dtype=float)
    return values, *(pd.Series([list(sample).count(value) for value in values]) for sample in samples)


@settings(max_examples=50, deadline=None)
@given(sample=VALUES, share=st.sampled_from([0, 0.25, 0.5, 0.9, 1]))
def test_quantiles_of_cells_are_those_of_the_values(sample, share):
    """As numpy's, linear between neighbours."""
    assert cell_quantile(*cells_of(sample), share) == pytest.approx(np.quantile(sample, share))


def test_a_quantile_of_nothing_is_missing():
    """No value, no median."""
    assert pd.isna(cell_quantile(pd.Series(dtype=float), pd.Series(dtype=int), 0.5))


@settings(max_examples=50, deadline=None)
@given(before=VALUES, after=VALUES)
def test_the_rank_test_of_cells_is_that_of_the_values(before, after):
    """As scipy's Mann-Whitney with ties and continuity."""
    values, n_before, n_after = cells_of(before, after)
    wanted = mannwhitneyu(after, before, method="asymptotic").pvalue if len({*before, *after}) > 1 else 1.0

    assert min(rank_test(values, n_before, n_after), 1.0) == pytest.approx(wanted, abs=1e-9)


def test_the_median_s_interval_has_the_ranks_of_the_binomial():
    """Of ten values the second and the ninth bound the median (coverage 97.9 %); of five nothing does."""
    ten = cells_of(range(1, 11))

    assert median_interval(*ten) == (2, 9)
    assert all(pd.isna(end) for end in median_interval(*cells_of(range(5))))


def test_equal_amounts_have_the_exact_interval_of_a_poisson_count():
    """Ten deals of 1: 4.795 to 18.39 (Fay and Feuer's interval is the exact one there)."""
    low, high = sum_interval([10.0], [10.0], [1.0])

    assert (low[0], high[0]) == pytest.approx((4.7954, 18.3904), abs=1e-3)


def test_a_sum_of_nothing_has_no_range():
    """No deal tells what a deal might bring."""
    low, high = sum_interval([0.0], [0.0], [0.0])

    assert np.isnan(low[0])
    assert np.isnan(high[0])


@pytest.mark.slow
def test_the_range_of_a_sum_covers_what_is_expected():
    """Quarters of 8 log-normal deals on average: the range holds the expected sum in 93 % or more."""
    rng = np.random.default_rng(7)
    sizes = [rng.lognormal(0, 0.6, n) for n in rng.poisson(8, 2000) if n]
    low, high = sum_interval([s.sum() for s in sizes], [(s**2).sum() for s in sizes], [s.max() for s in sizes])
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
            [(size * won).sum()], [size.sum()], [(size**2 * won).sum()], [(size**2).sum()], [200]
        )
        held.append(low[0] <= 0.5 <= high[0])

    assert 0.91 <= np.mean(held) <= 0.98


def test_a_value_rate_of_all_or_nothing_has_no_interval():
    """Nothing lost tells nothing about losing."""
    low, high = share_interval([5.0, 0.0], [5.0, 5.0], [13.0, 0.0], [13.0, 13.0], [2, 2])

    assert np.isnan([*low, *high]).all()


@settings(max_examples=50, deadline=None)
@given(hits=st.integers(0, 20), misses=st.integers(0, 20), before=st.integers(0, 20), before_misses=st.integers(0, 20))
def test_fewer_than_before_is_fishers_exact_test(hits, misses, before, before_misses):
    """One-sided, as scipy's; missing without tries."""
    p = fewer_than_before(hits, hits + misses, before, before + before_misses)

    if hits + misses and before + before_misses:
        assert p == pytest.approx(fisher_exact([[hits, misses], [before, before_misses]], "less").pvalue)
    else:
        assert pd.isna(p)


def test_adjusting_keeps_what_is_missing_and_never_lowers():
    """Holm of 0.01, 0.04, 0.03: 0.03, 0.06, 0.06."""
    assert adjusted([0.01, float("nan"), 0.04, 0.03]) == pytest.approx([0.03, float("nan"), 0.06, 0.06], nan_ok=True)


@settings(max_examples=8, deadline=None)
@given(p_values=st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_holm_is_that_of_statsmodels(p_values):
    """Step down, monotone, at most 1."""
    assert adjusted(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_two_equal_rates_do_not_differ():
    """The z of 30 of 100 against 60 of 200 is 0; all won on both sides is no difference; no tries, no answer."""
    one = pd.Series([30.0, 5.0, 0.0]), pd.Series([100.0, 5.0, 0.0])
    two = pd.Series([60.0, 9.0, 1.0]), pd.Series([200.0, 9.0, 3.0])

    assert two_rates(*one, *two).tolist() == pytest.approx([1.0, 1.0, float("nan")], nan_ok=True)


def test_exact_intervals_agree_with_the_published_example():
    """1 of 3 by Clopper and Pearson: 0.8 % to 90.6 % (varianceexplained.org)."""
    assert exact_interval(1, 3) == pytest.approx((0.008, 0.906), abs=5e-4)


@pytest.mark.slow
def test_a_change_of_cycle_is_rarely_seen_where_there_is_none():
    """Two samples of one law, 300 times: p below 5 % in at most 9 %."""
    rng = np.random.default_rng(3)
    samples = [rng.lognormal(3.4, 0.5, 60).astype(int) for _ in range(300)]
    p_values = [rank_test(*cells_of(days[20:], days[:20])) for days in samples]

    assert np.mean(np.array(p_values) < 0.05) <= 0.09


@pytest.mark.slow
def test_a_source_is_rarely_flagged_where_nothing_fell():
    """Four sources at 25 % throughout, 200 companies: any flagged in at most 9 %, where Holm promises 5 %."""
    rng = np.random.default_rng(5)
    now, before = rng.binomial(60, 0.25, (200, 4)), rng.binomial(220, 0.25, (200, 4))
    flagged = [
        (adjusted([fewer_than_before(int(k), 60, int(j), 220) for k, j in zip(*both, strict=True)]) < 0.05).any()
        for both in zip(now, before, strict=True)
    ]

    assert np.mean(flagged) <= 0.09


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
