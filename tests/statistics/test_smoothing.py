"""Smoothing: the fits are those of statsmodels."""

import numpy as np
import pytest

from salesops_lib.statistics.smoothing import damped_path, fit_damped_trend, fit_level, theta_path


@pytest.fixture(scope="module")
def logs():
    """Three years of a level that drifts."""
    rng = np.random.default_rng(3)
    return 13 + np.cumsum(rng.normal(0.01, 0.05, 36)) + rng.normal(0, 0.08, 36)


def test_the_damped_trend_is_the_one_of_statsmodels(logs):
    """At the same weights both give the same path, and nearly the same error."""
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    ours = fit_damped_trend(logs, np.array([[0.3, 0.06, 0.9]]))
    theirs = ExponentialSmoothing(logs, trend="add", damped_trend=True, initialization_method="estimated").fit(
        smoothing_level=0.3, smoothing_trend=0.2, damping_trend=0.9, optimized=True
    )

    assert damped_path(ours, 6) == pytest.approx(theirs.forecast(6), abs=1e-3)
    assert ours.error == pytest.approx(theirs.sse, rel=1e-3)


def test_the_smoothed_level_is_the_one_of_statsmodels(logs):
    """The grid's best weight gives the level that statsmodels gives at that weight."""
    from statsmodels.tsa.holtwinters import SimpleExpSmoothing

    ours = fit_level(logs)
    theirs = SimpleExpSmoothing(logs, initialization_method="estimated").fit(smoothing_level=ours.weight)

    assert ours.level == pytest.approx(float(theirs.forecast(1)[0]), abs=1e-3)


def test_theta_is_the_one_of_statsmodels(logs):
    """Half the slope on top of the smoothed level, at the weight of our grid."""
    from statsmodels.tsa.forecasting.theta import ThetaModel

    theirs = ThetaModel(logs, deseasonalize=False, period=12).fit().forecast(12)

    assert theta_path(logs, 12) == pytest.approx(np.asarray(theirs), abs=0.03)
