"""Scores: each against a slow, obvious loop."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.statistics import forecast_scores as scores

ROWS = st.lists(st.tuples(*[st.floats(1, 1e6)] * 4), min_size=1, max_size=30)


@given(ROWS)
@settings(max_examples=25, deadline=None)
def test_scores_are_what_their_definitions_say(rows):
    """WAPE, bias, MASE, coverage, interval score and pinball loss, row by row."""
    forecast, actual, one, two = map(np.array, zip(*rows, strict=True))
    low, high = np.minimum(one, two), np.maximum(one, two)
    errors = [abs(f - y) for f, y in zip(forecast, actual, strict=True)]
    winkler = [(u - d) + 10 * max(d - y, 0) + 10 * max(y - u, 0) for y, d, u in zip(actual, low, high, strict=True)]
    pinball = [0.1 * (y - q) if y >= q else 0.9 * (q - y) for y, q in zip(actual, low, strict=True)]

    assert scores.wape(forecast, actual) == pytest.approx(sum(errors) / sum(actual))
    assert scores.bias(forecast, actual) == pytest.approx((sum(forecast) - sum(actual)) / sum(actual), abs=1e-9)
    assert scores.mase(forecast, actual, one) == pytest.approx(
        sum(e / s for e, s in zip(errors, one, strict=True)) / len(rows)
    )
    inside = sum(d <= y <= u for y, d, u in zip(actual, low, high, strict=True))
    assert scores.n_covered(actual, low, high) == inside
    assert scores.interval_score(actual, low, high, coverage=0.8) == pytest.approx(sum(winkler) / len(rows))
    assert scores.pinball_loss(actual, low, share=0.1) == pytest.approx(sum(pinball) / len(rows))


def test_undefined_scores_are_missing_not_zero():
    """No bookings, no rows, no scale: nothing to divide by."""
    nothing = np.array([])

    assert np.isnan(scores.wape(np.array([1.0]), np.array([0.0])))
    assert np.isnan(scores.bias(nothing, nothing))
    assert np.isnan(scores.mase(np.array([1.0]), np.array([2.0]), np.array([np.nan])))
    assert np.isnan(scores.interval_score(nothing, nothing, nothing, coverage=0.8))
    assert np.isnan(scores.naive_scale(np.arange(14.0), 12))


def test_the_scale_is_last_years_error():
    """Mean absolute change from the same month a year before."""
    amounts = np.concatenate([np.zeros(12), np.arange(1.0, 13.0)])

    assert scores.naive_scale(amounts, 12) == 6.5
