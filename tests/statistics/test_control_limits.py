"""Control limits: as published, as a slow sum finds them, and held to their chance over a stretch of months."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.statistics.control_limits import (
    WEIGHT,
    autoregressive,
    cusum,
    ewma,
    ewma_deviation,
    noticeable_shifts,
    reach,
    run_rules,
    usual_months,
)
from salesops_lib.statistics.run_lengths import cusum_arl, ewma_arl
from tests.published import example


def test_the_ewma_of_nist_is_reproduced():
    """All 20 values and both limits, three standard deviations of 2.0539 about 50."""
    case = example("statistics", "nist_ewma", "cases")
    path = ewma(case["inputs"]["x"], weight=0.3, start=50)
    half = 3 * 2.0539 * ewma_deviation(np.ones(200, dtype=bool), weight=0.3)[-1]

    assert path == pytest.approx(case["expected"]["ewma"], abs=case["tolerance"])
    assert (50 - half, 50 + half) == pytest.approx((case["expected"]["lcl"], case["expected"]["ucl"]), abs=1e-3)


def test_the_run_lengths_of_brook_and_evans_are_reproduced():
    """One-sided CUSUM, with and without a shift."""
    case = example("statistics", "cusum_arl_brook_evans", "cases")
    given = case["inputs"]
    lengths = [cusum_arl(given["h"], allowance=given["k"], shift=shift) for shift in given["mu"]]

    assert lengths == pytest.approx(case["expected"]["arl"], abs=case["tolerance"])


def test_the_run_lengths_of_crowder_are_reproduced():
    """Two-sided EWMA with a large and a small weight."""
    case = example("statistics", "ewma_arl_crowder", "cases")
    lengths = [ewma_arl(limit, weight=weight, shift=shift) for weight, limit, shift in case["inputs"]["cases"]]

    assert lengths == pytest.approx(case["expected"]["arl"], abs=case["tolerance"])


def first_months(alarms):
    """Month of the first alarm in each row, counted from 1; rows without one count in full."""
    return np.where(alarms.any(axis=1), alarms.argmax(axis=1) + 1, alarms.shape[1])


def test_the_drawn_charts_run_as_long_as_their_equations_say():
    """CUSUM past 3, EWMA past 2 of its spreads and all run rules (91.75: Champ and Woodall 1987), each within 5 %."""
    z = np.random.default_rng(11).standard_normal((2500, 600))
    top = 2 * np.sqrt(0.5 / 1.5)

    assert first_months(cusum(z)[1] > 3).mean() == pytest.approx(cusum_arl(3), rel=0.05)
    assert first_months(np.abs(ewma(z, weight=0.5)) > top).mean() == pytest.approx(ewma_arl(2, weight=0.5), rel=0.05)
    assert first_months(run_rules(z) != "").mean() == pytest.approx(91.75, rel=0.05)


def test_each_run_rule_is_named_where_it_is_completed():
    """One far out, two of three, four of five, eight on one side; a change of side begins anew."""
    assert run_rules([0.5, -3.2, 0.1]).tolist() == ["", "one beyond 3", ""]
    assert run_rules([2.1, 0.0, 2.2, -2.3]).tolist() == ["", "", "two of three beyond 2", ""]
    assert run_rules([-1.1, -1.2, 0.3, -1.3, -1.4]).tolist() == ["", "", "", "", "four of five beyond 1"]
    assert run_rules([0.2] * 8).tolist() == [""] * 7 + ["eight on one side"]
    assert run_rules([0.2] * 7 + [-0.2]).tolist() == [""] * 8


def test_a_month_without_a_result_moves_nothing():
    """Averages, sums and spreads stay where they were."""
    z = [1.0, np.nan, -2.0]

    assert ewma(z) == pytest.approx([0.2, 0.2, -0.24])
    assert cusum(z)[0] == pytest.approx([0.0, 0.0, 1.5])
    assert cusum(z)[1] == pytest.approx([0.5, 0.5, 0.0])
    spread = ewma_deviation(~np.isnan(z))
    assert spread[0] == spread[1] < spread[2]


@settings(max_examples=25, deadline=None)
@given(alike=st.floats(0, 0.8), seen=st.lists(st.booleans(), min_size=1, max_size=10))
def test_the_spread_of_the_ewma_is_that_of_all_its_months(alike, seen):
    """A double sum over weights and correlations finds the same, gaps included."""
    places = [month for month, is_seen in enumerate(seen) if is_seen]
    weights = [WEIGHT * (1 - WEIGHT) ** (len(places) - 1 - k) for k in range(len(places))]
    variance = sum(
        a * b * alike ** abs(s - t)
        for a, s in zip(weights, places, strict=True)
        for b, t in zip(weights, places, strict=True)
    )

    assert ewma_deviation(seen, autocorrelation=alike)[-1] == pytest.approx(np.sqrt(variance), abs=1e-9)


def test_the_limits_are_wider_in_the_long_run_by_the_known_factor():
    """Variance x (1 + r) / (1 - r) with r = 0.3 x 0.8."""
    long = np.ones(200, dtype=bool)
    ratio = ewma_deviation(long, autocorrelation=0.3)[-1] / ewma_deviation(long)[-1]

    assert ratio**2 == pytest.approx((1 + 0.24) / (1 - 0.24))


@pytest.mark.parametrize("alike", [0.0, 0.3])
def test_a_years_limits_are_left_in_one_year_of_twenty(alike):
    """20,000 fresh years: 5 % within half a point; limits for independent months would be left far more often."""
    z = autoregressive((20_000, 12), alike, seed=5)
    path = np.abs(ewma(z))
    months = np.ones(12, dtype=bool)
    limits = reach(12, autocorrelation=alike).limit(0.05, 12) * ewma_deviation(months, autocorrelation=alike)
    plain = reach(12).limit(0.05, 12) * ewma_deviation(months)

    assert (path > limits).any(axis=1).mean() == pytest.approx(0.05, abs=0.005)
    if alike:
        assert (path > plain).any(axis=1).mean() > 0.08


def test_chance_and_limit_are_two_ways_to_say_one_thing():
    """Also far beyond what was drawn; more months reach further; no months, no chance."""
    odds = reach(12)
    chances = [0.5, 0.05, 0.001, 1e-6]

    assert [float(odds.chance(odds.limit(p, 12), 12)) for p in chances] == pytest.approx(chances, rel=0.001)
    assert odds.limit(0.05, 1) == pytest.approx(1.96, abs=0.02)
    assert (np.diff(odds.limit(0.05, np.arange(1, 13))) > 0).all()
    assert np.isnan(odds.chance([1.0, np.nan], [0, 3])).all()


@pytest.mark.parametrize("alike", [0.0, 0.3, 0.6])
def test_spread_and_autocorrelation_are_found_about_unknown_levels(alike):
    """200 series of 24 months with levels of their own and half again the variance of luck."""
    rng = np.random.default_rng(2)
    variance = rng.uniform(1, 4, (200, 24))
    noise = np.sqrt(1.5 * variance) * autoregressive((200, 24), alike, seed=9)
    usual = usual_months(noise + rng.normal(0, 0.5, (200, 1)) * variance, variance)

    assert usual.autocorrelation == pytest.approx(alike, abs=0.04)
    assert usual.spread == pytest.approx(1.5, rel=0.08)


def test_nothing_to_estimate_from_is_luck_alone():
    """No months, or one for each."""
    assert usual_months(np.zeros((3, 5)), np.zeros((3, 5))).spread == 1
    assert usual_months(np.ones((3, 1)), np.ones((3, 1))).autocorrelation == 0


def test_a_fall_as_large_as_said_is_noticed_four_times_in_five():
    """Other draws, a fall of that size in each: 80 % within 6 and within 12 months, give or take two points."""
    limits = np.full(12, 0.95)
    falls = noticeable_shifts(limits, 0.1)
    rng = np.random.default_rng(21)
    quiet = rng.standard_normal((20_000, 24)) + 0.1 * rng.standard_normal((20_000, 1))
    for n_months in (6, 12):
        fallen = quiet - falls[n_months - 1] * (np.arange(24) >= 12)
        noticed = (ewma(fallen)[:, 12 : 12 + n_months] < -0.95).any(axis=1)
        assert noticed.mean() == pytest.approx(0.8, abs=0.02)
    assert (np.diff(falls) <= 0).all()
