"""Intervals: as published."""

import numpy as np
import pytest

from salesops_lib.measures import exact_interval
from salesops_lib.measures.intervals import count_interval
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
