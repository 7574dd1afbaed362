"""Intervals: as published."""

import numpy as np
import pandas as pd
import pytest

from salesops_lib.statistics.intervals import count_interval, exact_interval, rank_correlation
from tests.published import example


def test_exact_intervals_agree_with_the_published_example():
    """1 of 3 by Clopper and Pearson: 0.8 % to 90.6 % (varianceexplained.org)."""
    assert exact_interval(1, 3, confidence=0.95) == pytest.approx((0.008, 0.906), abs=5e-4)


def test_intervals_of_counts_are_the_published_limits_of_a_funnel():
    """Observed against expected: the 95 % limits at 15, 20 and 30 expected."""
    case = example("kpi", "funnel-limits-poisson")
    expected = np.array(case["inputs"]["expected"], dtype=float)

    low, high = count_interval(expected, confidence=0.95)

    assert low / expected == pytest.approx(case["expected"]["ll95"], abs=1e-6)
    assert high / expected == pytest.approx(case["expected"]["ul95"], abs=1e-6)


def test_the_rank_correlation_is_spearman_s_and_its_interval_covers_no_link():
    """Perfect order is 1; 33 reps without a link keep 0 inside nineteen intervals of twenty."""
    x = pd.Series(range(8), dtype=float)
    assert rank_correlation(x, x**3, 0.95)[0] == pytest.approx(1)
    assert np.isnan(rank_correlation(x.head(4), x.head(4), 0.95)).all()
    assert np.isnan(rank_correlation(x, x * 0, 0.95)).all()
    rng = np.random.default_rng(11)
    pairs = [(pd.Series(rng.normal(size=33)), pd.Series(rng.normal(size=33))) for _ in range(400)]
    ends = [rank_correlation(*pair, 0.95)[1:] for pair in pairs]
    assert 0.92 <= np.mean([low <= 0 <= high for low, high in ends]) <= 0.985
