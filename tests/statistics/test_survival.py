"""Survival from cells: against statsmodels, and where the data does not reach."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from salesops_lib.statistics.survival import life_table, log_rank, median_days, staying_at


def drawn(rng, n, scale):
    """Stays as (age from which followed, age at the end, whether it ended), and their cells."""
    first = np.where(rng.random(n) < 0.3, rng.integers(1, 15, n), 0)
    last = first + np.minimum(rng.geometric(1 / scale, n), rng.integers(5, 60, n))
    ended = rng.random(n) < 0.8
    size = int(last.max()) + 1
    cells = {"n_from": first, "n_to": last, "n_left": last[ended]}
    counts = {name: np.bincount(ages, minlength=size) for name, ages in cells.items()}
    return first, last, ended, pd.DataFrame({"age": range(size), **counts})


# statsmodels takes the logarithm of 0 where everyone has left.
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("seed", range(5))
def test_medians_and_log_rank_agree_with_statsmodels(seed):
    """Stays that enter late and stays that go on, on both sides; there a stay is at risk after its entry."""
    rng = np.random.default_rng(seed)
    sides = [drawn(rng, 120, 12), drawn(rng, 300, 9)]
    tables = [life_table(side[-1]) for side in sides]
    for (first, last, ended, _cells), table in zip(sides, tables, strict=True):
        judge = SurvfuncRight(last, ended.astype(int), entry=first - 1)
        middle, low, high = median_days(table, confidence=0.95)
        assert middle == judge.quantile(0.5)
        assert (low, high) == pytest.approx(judge.quantile_ci(0.5))
    first, last, ended = (np.concatenate([side[place] for side in sides]) for place in range(3))
    group = np.repeat([0, 1], [120, 300])
    expected = survdiff(last, ended.astype(int), group, entry=first - 1)[1]

    ratio, ratio_low, ratio_high, p_value = log_rank(*tables, confidence=0.95)

    assert p_value == pytest.approx(expected)
    assert ratio_low < ratio < ratio_high
    assert ratio < 1


def test_a_median_that_the_data_does_not_reach_is_missing():
    """Half go on; or the only stay seen from its start ended while others, never seen young, were there."""
    half_go_on = life_table(
        pd.DataFrame({"age": [0, 3, 9], "n_from": [4, 0, 0], "n_to": [0, 1, 3], "n_left": [0, 1, 0]})
    )
    gap = life_table(
        pd.DataFrame({"age": [0, 2, 5, 9], "n_from": [1, 0, 5, 0], "n_to": [0, 1, 0, 5], "n_left": [0, 1, 0, 5]})
    )

    assert np.isnan(median_days(half_go_on, confidence=0.95)).all()
    assert np.isnan(median_days(gap, confidence=0.95)).all()
    assert np.isnan(
        log_rank(half_go_on, life_table(half_go_on.head(0).assign(age=0, n_from=0, n_to=0, n_left=0)), confidence=0.95)
    ).all()


def test_an_interval_of_everybody_is_not_a_point():
    """Ten of ten still there may be as few as seven of ten."""
    table = pd.DataFrame({"at_risk": [10, 10], "left": [0, 0]})

    assert staying_at(table, [1], confidence=0.95)[0] == pytest.approx((1.0, 0.025 ** (1 / 10), 1.0))


def test_once_everyone_has_left_nobody_is_there_and_few_might_have_been():
    """Ten stays, all ended: 0, and at most what ten that all left leave open (Clopper and Pearson)."""
    table = life_table(pd.DataFrame({"age": [0, 1], "n_from": [10, 0], "n_to": [0, 10], "n_left": [0, 10]}))
    ((share, low, high),) = staying_at(table, [40], confidence=0.95)
    assert (share, low) == (0.0, 0.0)
    assert high == pytest.approx(1 - 0.025 ** (1 / 10))
