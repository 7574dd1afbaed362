"""Seasons: those that are there are found, noise is shrunk."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.statistics.seasons import seasonal_effects, shrunken_means, smooth_trend


def test_seasons_that_are_there_are_found():
    """A strong month of the year, three years long, keeps most of its size."""
    rng = np.random.default_rng(1)
    places = np.arange(36) % 12
    truth = np.where(places == 11, 0.6, -0.6 / 11)
    effects = seasonal_effects(13 + 0.01 * np.arange(36) + truth + rng.normal(0, 0.05, 36), places)

    assert effects[11] == pytest.approx(0.6, abs=0.12)
    assert np.abs(np.delete(effects, 11)).max() < 0.15


def test_seasons_that_are_noise_are_shrunk():
    """Two years of noise leave at most a third of what plain monthly means would claim."""
    rng = np.random.default_rng(2)
    places = np.arange(24) % 12
    ours, plain = [], []
    for _ in range(40):
        noise = rng.normal(0, 0.2, 24)
        ours.append(seasonal_effects(13 + noise, places).std())
        plain.append(np.array([noise[places == place].mean() for place in range(12)]).std())

    assert np.mean(ours) < np.mean(plain) / 3


def test_short_histories_get_no_months_of_the_year():
    """Ten months carry the rhythm of the quarter at most: months three apart are alike."""
    rng = np.random.default_rng(4)
    places = np.arange(10) % 12
    effects = seasonal_effects(13 + np.tile([-0.3, 0, 0.3], 4)[:10] + rng.normal(0, 0.02, 10), places)

    assert effects.reshape(4, 3) == pytest.approx(np.tile(effects[:3], (4, 1)))
    assert effects[2] - effects[0] == pytest.approx(0.6, abs=0.1)
    assert (seasonal_effects(rng.normal(13, 0.1, 7), np.arange(7)) == 0).all()


def test_the_trend_line_keeps_straight_lines():
    """A line is its own trend."""
    line = np.linspace(3, 5, 20)

    assert smooth_trend(line) == pytest.approx(line)


@given(st.lists(st.floats(-5, 5), min_size=12, max_size=40))
@settings(max_examples=25, deadline=None)
def test_shrunken_means_never_exceed_the_plain_ones(values):
    """Shrinking goes towards the middle and keeps the order of groups."""
    values = np.array(values)
    groups = np.arange(len(values)) % 4
    ours = shrunken_means(values, groups, 4)
    plain = np.array([values[groups == group].mean() for group in range(4)])
    plain = plain - plain.mean()

    assert (np.abs(ours) <= np.abs(plain) + 1e-9).all()
