"""Rolling origins: only the past is known, the usual method stays unless clearly beaten, intervals cover."""

import numpy as np
import pytest

from salesops_lib.forecasting import origins
from salesops_lib.forecasting.origins import as_published, benchmark_of, choose_method, known_at, roll_origins
from salesops_lib.forecasting.outlook.forecast import _future
from salesops_lib.statistics.forecast_intervals import fit_spread
from salesops_lib.statistics.series import Series
from tests.forecasting.recipes import series_of


@pytest.fixture(scope="module")
def series():
    """Three years with trend, rhythm and noise."""
    return Series(series_of("trend", 36, seed=1))


@pytest.fixture(scope="module")
def errors(series):
    """Its rolling origins."""
    return roll_origins(series)


def test_every_origin_uses_only_what_was_known_then(series, errors):
    """Changing the last year changes no forecast that was made before it."""
    changed = Series(np.concatenate([series.amounts[:24], series.amounts[24:] * 50]))
    before = errors[errors["origin"] <= 24]
    after = roll_origins(changed)

    same = after[after["origin"] <= 24]["forecast_amount"].to_numpy()
    assert same == pytest.approx(before["forecast_amount"].to_numpy())


def test_what_is_published_for_an_origin_uses_only_what_was_known_then(series, errors):
    """Method and interval of an origin stay the same whatever comes after it."""
    changed = Series(np.concatenate([series.amounts[:30], series.amounts[30:] * 50]))
    columns = ["method", "forecast_amount", "low_80", "high_80", "low_95", "high_95"]
    ours = as_published(series, errors)
    theirs = as_published(changed, roll_origins(changed))

    ours, theirs = (table.loc[table["origin"] <= 30, columns].reset_index(drop=True) for table in (ours, theirs))
    assert ours["method"].equals(theirs["method"])
    assert ours[columns[1:]].to_numpy() == pytest.approx(theirs[columns[1:]].to_numpy(), nan_ok=True)


def test_origins_and_horizons_are_all_there(errors):
    """36 months: 18 origins; one month ahead has 18 forecasts, twelve months ahead seven."""
    one = errors[errors["method"] == "combination"]

    assert one["origin"].nunique() == 18
    assert (one["n_months_ahead"] == 1).sum() == 18
    assert (one["n_months_ahead"] == 12).sum() == 7


def test_known_rows_are_over():
    """A forecast for a month after the origin teaches that origin nothing."""
    series = Series(series_of("noise", 20, seed=2))
    known = known_at(roll_origins(series), 14)

    assert (known["origin"] + known["n_months_ahead"]).max() == 14


def test_a_short_history_is_set_against_average_or_last_month(errors):
    """Last year's value needs a year at every origin: two seasons in all."""
    assert benchmark_of(errors) == "last_year"
    assert benchmark_of(roll_origins(Series(series_of("noise", 20, seed=3)))) == "average"
    drift = roll_origins(Series(np.exp(np.linspace(10, 14, 16))))
    assert benchmark_of(drift) == "last_month"


def test_the_usual_method_is_kept_unless_another_is_clearly_better(errors):
    """A tenth less error from twelve origins, or nothing changes."""
    assert choose_method(errors, 20) == "combination"
    assert choose_method(errors, 36) == "combination"
    better = errors.copy()
    steady = better["method"] == "steady_level"
    better.loc[steady, "forecast_amount"] = better.loc[steady, "actual_amount"] * 1.001
    assert choose_method(better, 36) == "steady_level"
    assert origins.usual_method(9) == "steady_level"


@pytest.mark.slow
def test_intervals_cover_as_often_as_they_say():
    """80% intervals cover 70 to 90% and 95% ones 88% or more of months and of sums, on series we can represent."""
    hits = {"month 80": [], "sum 80": [], "month 95": [], "sum 95": []}
    for kind in ("trend", "level", "noise"):
        for seed in range(20):
            amounts = series_of(kind, 48, seed=100 + seed)
            series, future = Series(amounts[:36]), amounts[36:]
            table = roll_origins(series)
            _medians, paths = _future(series, table, choose_method(table, 36), 0.0)
            sums, total = paths.sum(axis=1), future.sum()
            for name, share in (("80", 0.8), ("95", 0.95)):
                ends = [(1 - share) / 2, (1 + share) / 2]
                low, high = np.quantile(paths, ends, axis=0)
                hits[f"month {name}"] += list((future >= low) & (future <= high))
                low, high = np.quantile(sums, ends)
                hits[f"sum {name}"].append(low <= total <= high)

    covered = {name: np.mean(found) for name, found in hits.items()}
    assert 0.7 <= covered["month 80"] <= 0.9, covered
    assert 0.7 <= covered["sum 80"] <= 0.9, covered
    assert covered["month 95"] >= 0.88, covered
    assert covered["sum 95"] >= 0.88, covered


def test_wider_errors_and_longer_horizons_give_wider_intervals(errors):
    """Twice the error, twice the width; twelve months ahead is less sure than one."""
    own = errors[errors["method"] == "combination"]
    narrow = fit_spread(own)
    wide = fit_spread(own.assign(log_error=2 * own["log_error"]))
    ahead = np.array([1.0, 12.0])

    assert wide.width(ahead) == pytest.approx(2 * narrow.width(ahead))
    assert narrow.width(ahead)[1] > narrow.width(ahead)[0]
    assert narrow.quantile(0.1, ahead) == pytest.approx(-narrow.quantile(0.9, ahead))


def test_futures_have_the_spread_that_the_quantiles_say(errors):
    """Drawn paths and the t quantiles agree, month by month."""
    spread = fit_spread(errors[errors["method"] == "combination"])
    paths = spread.paths(np.zeros(12), draws=40_000)

    drawn = np.quantile(paths, 0.9, axis=0)
    assert drawn == pytest.approx(spread.quantile(0.9, np.arange(1.0, 13.0)), rel=0.05)
