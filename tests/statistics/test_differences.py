"""Tests of differences: as scipy's and as published; few are found where there are none."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact, mannwhitneyu
from statsmodels.stats.multitest import multipletests

from salesops_lib.statistics.differences import adjusted, false_discovery, fewer_than_before, rank_test, two_rates
from tests.published import example
from tests.statistics.cells import VALUES, cells_of


@settings(max_examples=50, deadline=None)
@given(before=VALUES, after=VALUES)
def test_the_rank_test_of_cells_is_that_of_the_values(before, after):
    """As scipy's Mann-Whitney with ties and continuity."""
    values, n_before, n_after = cells_of(before, after)
    wanted = mannwhitneyu(after, before, method="asymptotic").pvalue if len({*before, *after}) > 1 else 1.0

    assert min(rank_test(values, n_before, n_after), 1.0) == pytest.approx(wanted, abs=1e-9)


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
    """30 of 100 against 60 of 200 is no difference; all won on both sides is no difference; no tries, no answer."""
    one = pd.Series([30.0, 5.0, 0.0]), pd.Series([100.0, 5.0, 0.0])
    two = pd.Series([60.0, 9.0, 1.0]), pd.Series([200.0, 9.0, 3.0])

    assert two_rates(*one, *two).tolist() == pytest.approx([1.0, 1.0, float("nan")], nan_ok=True)


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


def test_benjamini_hochberg_reproduces_the_published_example():
    """Four of the fifteen p-values of 1995 are rejected at 5 %; Bonferroni would reject three."""
    case = example("statistics", "bh1995", "cases")
    p_values = np.array(case["inputs"]["p"])

    assert (false_discovery(p_values) <= 0.05).sum() == case["expected"]["bh"]
    assert (p_values <= 0.05 / len(p_values)).sum() == case["expected"]["bonferroni"]


def test_missing_p_values_stay_missing_and_do_not_count():
    """Reps who are not judged do not make the others harder to tell apart."""
    assert false_discovery([0.01, np.nan, 0.04]) == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)


@pytest.mark.parametrize("sizes", [[3] * 8 + [100] * 2, [5] * 8 + [100] * 2, [10] * 10], ids=str)
def test_equal_groups_of_few_answers_are_seldom_told_apart(sizes):
    """In at most one of twenty companies whose groups are truly alike is any of them called different."""
    rng, n = np.random.default_rng(1), np.array(sizes)
    alarms = 0
    for _ in range(300):
        hits = rng.binomial(n, 0.93)
        sides = (hits, n, hits.sum() - hits, n.sum() - n)
        alarms += (adjusted(two_rates(*map(pd.Series, sides))) < 0.05).any()
    assert alarms / 300 <= 0.05


def test_one_unhappy_answer_of_two_is_no_difference():
    """Against 98 of 100: exact 0.058, where the normal curve says 0.0001."""
    sides = [pd.Series([value]) for value in (1, 2, 98, 100)]

    assert two_rates(*sides).iloc[0] == pytest.approx(0.0583, abs=5e-4)
