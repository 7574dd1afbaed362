"""Changes: they know the season, and are dated where they began."""

import numpy as np
import pytest
from scipy.stats import binom

from salesops_lib.statistics.changes import UNKNOWN, change_point, seasonal_change


def months_of(level=4000, shock=0.03, effect=0.0, n=12, rng=None):
    """Counts of a year and the year before with a strong season and common shocks; an effect in the last quarter."""
    rng = rng or np.random.default_rng(1)
    season = np.exp(0.3 * np.sin(np.arange(n) * 2 * np.pi / 12))
    lift = np.where(np.arange(n) >= n - 3, 1 + effect, 1.0)
    return (
        rng.poisson(level * season * each * np.exp(shock * rng.normal(size=n))).astype(float) for each in (lift, 1.0)
    )


def changed(now, before, **options):
    """The change per week in the seat."""
    weeks = np.full(len(now), 140.0)
    return seasonal_change(
        now, before, weeks, weeks, **{"n_now": 3, "is_base_counted": False} | options, confidence=0.95
    )


def test_the_season_and_common_shocks_raise_few_alarms_and_a_rise_is_seen():
    """Twelve months against the twelve before: at most one alarm in twenty by chance, and most rises of 13 % seen."""
    rng = np.random.default_rng(7)

    def alarms(effect, n=300):
        return sum(changed(*months_of(effect=effect, rng=rng)).p_value < 0.05 for _ in range(n)) / n

    assert alarms(0.0) <= 0.08
    assert alarms(0.13) >= 0.7


def test_a_slow_rise_is_not_taken_for_scatter():
    """A tool that comes team by team lifts every month a little more: the interval stays narrow."""
    before = np.full(12, 4000.0)
    change = changed(before * (1 + 0.02 * np.arange(12)), before)

    assert change.rate == pytest.approx(0.2)
    assert change.p_value < 1e-5  # with the rise taken for scatter it would be about 0.001


def test_too_few_months_or_nothing_counted_is_unknown():
    """Five pairs, a month without the year before, no count at all: no verdict."""
    now, before = months_of()
    gap = np.r_[before[:-1], np.nan]

    assert changed(now[:5], before[:5]) == pytest.approx(UNKNOWN, nan_ok=True)
    assert changed(now, gap) == pytest.approx(UNKNOWN, nan_ok=True)
    assert changed(now * 0, before) == pytest.approx(UNKNOWN, nan_ok=True)


def test_a_ratio_of_two_counts_is_less_certain_than_one_of_a_count_and_weeks():
    """Wins are left to chance too: the same change of activities per win has a wider interval."""
    now, before = months_of(shock=0.0)
    wins = np.full(12, 100.0)
    each = [
        seasonal_change(now, before, wins, wins, n_now=3, is_base_counted=mark, confidence=0.95)
        for mark in (False, True)
    ]

    assert each[0].rate == each[1].rate
    assert each[1].high - each[1].low > each[0].high - each[0].low


def test_the_month_of_a_change_is_the_likeliest_split():
    """A slow loop over every split of the series as judge, with those within two units; the direction is kept."""
    n = np.array([40, 35, 0, 42, 38, 40, 44, 41])
    hits = np.array([20, 17, 0, 30, 27, 18, 17, 16])

    def fit(place):
        halves = ((n[:place], hits[:place]), (n[place:], hits[place:]))
        return sum(binom.logpmf(k.sum(), m.sum(), k.sum() / m.sum()) - np.log(binom_ways(k, m)) for m, k in halves)

    def binom_ways(k, m):
        from scipy.special import comb

        return comb(m.sum(), k.sum())

    down = [
        place for place in range(1, 8) if hits[place:].sum() / n[place:].sum() < hits[:place].sum() / n[:place].sum()
    ]
    best = max(down, key=fit)
    close = [place for place in down if fit(place) >= fit(best) - 2]

    assert change_point(n, hits, -0.1) == (best, min(close), max(close))
    assert best == 5
    assert change_point(n[:4], hits[:4], -0.1) is None
