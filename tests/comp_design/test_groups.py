"""Groups large enough to show: nothing about pay stands on one or two people."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.comp_design.groups import LEAST, band_name, bands_of, gini, quantile, shown_count, small_together

EDGES = (0.0, 0.5, 1.0, 1.5)
values = st.lists(st.floats(0, 4), max_size=40)


@settings(max_examples=50, deadline=None)
@given(given_values=values)
def test_every_value_lies_in_one_band_of_enough(given_values):
    """Bands hold all values, and three each or none, unless there are not three in all."""
    bands = bands_of(given_values, EDGES)
    places = [place for _band, group in bands for place in group]
    assert sorted(places) == list(range(len(given_values)))
    for (low, high), group in bands:
        assert not group or len(group) >= min(LEAST, len(given_values))
        assert all(low <= given_values[place] and (high is None or given_values[place] < high) for place in group)


def test_bands_keep_their_edges_where_there_are_enough():
    """Three below, three above: nothing is put together."""
    assert [band for band, _group in bands_of([0.1] * 3 + [1.2] * 3, (0.0, 1.0))] == [(0.0, 1.0), (1.0, None)]


def test_empty_bands_next_to_one_another_are_one():
    """Nobody between 50 % and 100 %: the edge at 100 % stays."""
    bands = bands_of([0.1] * 3 + [1.2] * 3, (0.0, 0.5, 0.75, 1.0, 1.5))
    assert [(band, len(group)) for band, group in bands] == [
        ((0.0, 0.5), 3),
        ((0.5, 1.0), 0),
        ((1.0, 1.5), 3),
        ((1.5, None), 0),
    ]


def test_two_values_at_the_top_join_the_band_below():
    """Through empty bands, if need be."""
    bands = bands_of([0.1] * 3 + [3.0] * 2, (0.0, 0.5, 1.0))
    assert [(band, len(group)) for band, group in bands] == [((0.0, None), 5)]


def test_a_value_on_an_edge_belongs_to_the_upper_band():
    """100 % is reached, not missed."""
    bands = dict(bands_of([1.0] * 3 + [0.99] * 3, (0.0, 1.0)))
    assert bands[1.0, None] == [0, 1, 2]


@pytest.mark.parametrize(
    ("band", "name"),
    [
        ((0.0, 0.5), "below 50%"),
        ((0.5, 0.75), "50% to 75%"),
        ((1.25, None), "125% and more"),
        ((0.0, None), "all"),
    ],
)
def test_a_band_says_its_ends(band, name):
    """In words that fit a table and a sentence."""
    assert band_name(band) == name


@settings(max_examples=50, deadline=None)
@given(sizes=st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(1, 9), max_size=8))
def test_no_group_can_be_had_by_subtraction(sizes):
    """Small groups are shown as one of at least three, with a larger one where they are not enough alone."""
    together = small_together(sizes)
    assert {name for name, n in sizes.items() if n < LEAST} <= together
    if together and sum(sizes.values()) >= LEAST:
        assert sum(sizes[name] for name in together) >= LEAST


def test_a_group_of_two_takes_the_next_larger_one_with_it():
    """Else the total less the others would tell."""
    assert small_together({"a": 2, "b": 5, "c": 4}) == {"a", "c"}


def test_large_groups_stand_alone():
    """Nothing is put together without need."""
    assert small_together({"a": 3, "b": 4}) == set()


@pytest.mark.parametrize(
    ("n", "share", "is_shown"), [(5, 0.5, False), (6, 0.5, True), (29, 0.1, False), (30, 0.9, True)]
)
def test_a_quantile_needs_three_values_on_either_side(n, share, is_shown):
    """The lowest tenth of 29 would be two people."""
    assert (not np.isnan(quantile([*range(n)], share))) == is_shown


def test_gini_of_published_cases():
    """Equal pay is 0; one of four having all is 3/4; 1, 2, 3 is 2/9."""
    assert gini([5, 5, 5]) == pytest.approx(0)
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert gini([1, 2, 3]) == pytest.approx(2 / 9)


@settings(max_examples=25, deadline=None)
@given(pay=st.lists(st.floats(0.01, 100), min_size=3, max_size=30))
def test_gini_is_the_mean_difference_between_two(pay):
    """Half the mean absolute difference over the mean, by the obvious double loop."""
    slow = np.mean([abs(one - other) for one in pay for other in pay]) / (2 * np.mean(pay))
    assert gini(pay) == pytest.approx(slow, abs=1e-9)


def test_counts_of_one_and_two_are_not_shown():
    """0 and 3 are."""
    assert [shown_count(n) for n in range(4)] == [0, None, None, 3]
