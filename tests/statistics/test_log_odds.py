"""Log-odds: a published example, a hand's sum, and what holds for any counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesops_lib.statistics.log_odds import PRIOR_MENTIONS, combined, informative_prior, log_odds

COUNTS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=12)


def test_the_z_scores_are_those_of_a_published_example():
    """Two sentences and a flat prior of 0.05, as worked in the documentation of the package ``fightin_words``."""
    ours, theirs = (text.split() for text in (
        "the quick brown fox jumps over the lazy pig", "the lazy purple pig jumps over the lazier donkey",
    ))  # fmt: skip
    words = sorted({*ours, *theirs})
    counts = [np.array([text.count(word) for word in words], dtype=float) for text in (ours, theirs)]

    ratio, variance = log_odds(*counts, np.full(len(words), 0.05))

    z_scores = dict(zip(words, ratio / np.sqrt(variance), strict=True))
    assert {word for word, z in z_scores.items() if abs(z) < 1e-12} == {"the", "jumps", "lazy", "over", "pig"}
    for word in ("quick", "brown", "fox"):
        assert z_scores[word] == pytest.approx(0.6894227886807968)
    for word in ("purple", "lazier", "donkey"):
        assert z_scores[word] == pytest.approx(-0.6894227886807968)


def test_the_prior_shares_its_mentions_as_both_groups_do():
    """A term of 15 in 200 mentions gets that part of the prior."""
    assert informative_prior(np.array([15.0, 185.0])).tolist() == [
        15 / 200 * PRIOR_MENTIONS,
        185 / 200 * PRIOR_MENTIONS,
    ]


def test_log_odds_by_hand():
    """10 of 100 against 5 of 100, and a prior of 1.5 of 20: (11.5 / 108.5) / (6.5 / 113.5)."""
    ratio, variance = log_odds(np.array([10.0, 90.0]), np.array([5.0, 95.0]), np.array([1.5, 18.5]))

    assert ratio[0] == pytest.approx(np.log((11.5 / 108.5) / (6.5 / 113.5)))
    assert variance[0] == pytest.approx(1 / 11.5 + 1 / 6.5)


@given(counts=COUNTS)
def test_either_group_may_come_first(counts):
    """The ratio changes its sign and nothing else."""
    ours, theirs = np.array(counts, dtype=float).T
    prior = informative_prior(ours + theirs)

    ratio, variance = log_odds(ours, theirs, prior)
    turned, same = log_odds(theirs, ours, prior)

    np.testing.assert_allclose(turned, -ratio, atol=1e-9)
    np.testing.assert_allclose(same, variance)


@given(counts=COUNTS, times=st.integers(2, 50))
def test_who_writes_more_of_everything_has_no_higher_odds(counts, times):
    """The same notes, many times over."""
    ours = np.array(counts, dtype=float)[:, 0]

    ratio, _ = log_odds(ours, ours * times, informative_prior(ours * (times + 1)))

    np.testing.assert_allclose(np.nan_to_num(ratio), 0, atol=1e-9)


def test_a_term_that_nobody_mentions_has_no_odds():
    """Missing, and so is one beside which there is no other."""
    none, alone = np.array([0.0, 3.0, 4.0]), np.array([7.0])

    assert np.isnan(log_odds(none, none, informative_prior(none + none))[0]).tolist() == [True, False, False]
    assert np.isnan(log_odds(alone, alone, informative_prior(alone + alone))[0]).all()


def test_strata_weigh_by_what_each_is_sure_of():
    """1 with a variance of 1 and 4 with a variance of 0.5: 3, with a standard error of 1 / sqrt(3); one alone stands."""
    one, other = (np.array([1.0, 2.0]), np.array([1.0, 4.0])), (np.array([4.0, np.nan]), np.array([0.5, np.nan]))

    ratio, error = combined([one, other])

    assert ratio.tolist() == [3.0, 2.0]
    assert error == pytest.approx([1 / np.sqrt(3), 2.0])
