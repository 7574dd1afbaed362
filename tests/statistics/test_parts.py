"""Parts of a gap: they add up, whatever the numbers."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.statistics.parts import log_mean_parts, shapley_parts

factors = st.lists(st.floats(0, 1e4), min_size=3, max_size=3)
positive = st.lists(st.floats(0.01, 1e4), min_size=3, max_size=3)


@settings(max_examples=50, deadline=None)
@given(own=factors, base=factors)
def test_shapley_parts_add_up_to_the_gap(own, base):
    """Zeros included."""
    parts = shapley_parts(own, base)

    assert parts.sum() == pytest.approx(np.prod(own) - np.prod(base), abs=1e-9 * max(np.abs(parts).sum(), 1))


@settings(max_examples=50, deadline=None)
@given(own=positive, base=positive)
def test_log_mean_parts_add_up_without_a_residual(own, base):
    """Ang's identity: residual 0."""
    gap = np.prod(own) - np.prod(base)

    assert log_mean_parts(own, base).sum() == pytest.approx(gap, rel=1e-9, abs=1e-9 * max(np.prod(own), np.prod(base)))


def test_shapley_is_the_mean_over_all_orders():
    """Three factors, six orders, by hand."""
    own, base = np.array([12.0, 0.5, 900.0]), np.array([10.0, 0.3, 1000.0])
    parts = np.zeros(3)
    for order in permutations(range(3)):
        now = base.copy()
        for factor in order:
            before = now.prod()
            now[factor] = own[factor]
            parts[factor] += (now.prod() - before) / 6

    assert shapley_parts(own, base)[0] == pytest.approx(parts)


def test_a_factor_that_is_the_same_has_no_part():
    """By either method, the rest is the whole gap."""
    for split in (shapley_parts, log_mean_parts):
        assert split([12, 0.3, 1000], [10, 0.3, 1000])[0] == pytest.approx([600, 0, 0])


def test_both_methods_tell_the_same_story():
    """For ordinary gaps they differ in the third digit."""
    own, base = [130, 0.33, 21_000], [100, 0.30, 22_000]

    assert log_mean_parts(own, base)[0] == pytest.approx(shapley_parts(own, base)[0], rel=0.02)


def test_the_log_mean_is_missing_at_zero_and_defined_where_nothing_differs():
    """The logarithm of 0 is nothing; no gap has no parts."""
    assert np.isnan(log_mean_parts([0, 0.3], [10, 0.3])).all()
    assert log_mean_parts([10, 0.3], [10, 0.3])[0] == pytest.approx([0, 0])


def test_each_row_is_split_by_its_own_product():
    """Two rows at once give what each gives alone."""
    factors, base = [[2.0, 3.0], [5.0, 1.0]], [[1.0, 3.0], [4.0, 2.0]]
    alone = [log_mean_parts([row], [before])[0] for row, before in zip(factors, base, strict=True)]
    assert log_mean_parts(factors, base) == pytest.approx(np.array(alone))
