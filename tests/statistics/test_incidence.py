"""Cumulative incidence: against statsmodels, and against truths."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight

from salesops_lib.statistics.incidence import incidence_of

OPEN, WON, LOST = 0, 1, 2


def cells_of(ages, ends, first=None):
    """Cells from one age and one end for each deal."""
    frame = pd.DataFrame({"age": ages, "end": ends})
    counts = pd.DataFrame(
        {
            "n_to": frame.groupby("age").size(),
            "n_won": (frame["end"] == WON).groupby(frame["age"]).sum(),
            "n_lost": (frame["end"] == LOST).groupby(frame["age"]).sum(),
        }
    )
    begins = pd.Series(first if first is not None else [0] * len(frame)).value_counts()
    return counts.join(begins.rename("n_from"), how="outer").fillna(0).astype(int).rename_axis("age").reset_index()


@pytest.mark.parametrize("seed", [1, 2])
def test_shares_and_errors_are_those_of_statsmodels(seed):
    """Estimates to nine digits; standard errors within two percent of theirs."""
    rng = np.random.default_rng(seed)
    ages, ends = rng.integers(1, 60, 400), rng.integers(0, 3, 400)
    judge = CumIncidenceRight(ages, ends)

    curve = incidence_of(cells_of(ages, ends))

    times = judge.times.astype(int)
    assert curve.won[times] == pytest.approx(judge.cinc[0], abs=1e-9)
    assert curve.lost[times] == pytest.approx(judge.cinc[1], abs=1e-9)
    middle = len(times) // 2
    assert curve.error(times[middle]) == pytest.approx(judge.cinc_se[0][middle], rel=0.02)


def test_won_lost_and_open_are_all_there_is():
    """At every age the three add up to one."""
    rng = np.random.default_rng(3)
    curve = incidence_of(cells_of(rng.integers(0, 40, 200), rng.integers(0, 3, 200)))

    assert curve.won + curve.lost + curve.open == pytest.approx(1.0)


def test_intervals_cover_the_truth():
    """Six hundred samples of 150 deals with losses and censoring: 92 to 98 in a hundred hold the true share."""
    rng, held = np.random.default_rng(4), 0
    truth = 0.25 * (1 - np.exp(-60 / 40))
    for _sample in range(600):
        wins = rng.random(150) < 0.25
        ages = np.floor(rng.exponential(40, 150))
        censored = rng.uniform(20, 200, 150)
        ends = np.where(ages > censored, OPEN, np.where(wins, WON, LOST))
        _share, low, high = incidence_of(cells_of(np.minimum(ages, censored).astype(int), ends)).won_by(
            59, confidence=0.95
        )
        held += low <= truth <= high

    assert 0.92 < held / 600 < 0.98


def test_deals_from_before_the_data_are_followed_from_then_on():
    """Only those that were still open are known: taken from day 0 they would make losses look slow, and wins rare."""
    rng = np.random.default_rng(6)
    ages, ends = np.floor(rng.exponential(40, 20000)).astype(int), np.where(rng.random(20000) < 0.25, WON, LOST)
    first = rng.integers(0, 120, 20000)
    known = ages >= first

    late = incidence_of(cells_of(ages[known], ends[known], first[known])).won_by(40, confidence=0.95)[0]
    naive = incidence_of(cells_of(ages[known], ends[known])).won_by(40, confidence=0.95)[0]

    truth = 0.25 * (1 - np.exp(-41 / 40))
    assert abs(late - truth) < 0.02
    assert abs(naive - truth) > 0.03


def test_an_old_deal_s_chances_are_those_of_deals_as_old():
    """Ten of twenty open at day 30 are won later."""
    ages, ends = [10] * 20 + [50] * 20, [WON] * 20 + [WON] * 10 + [LOST] * 10
    curve = incidence_of(cells_of(ages, ends))

    assert curve.won_between(30, 60, confidence=0.95)[0] == pytest.approx(0.5)
    assert curve.won_by(60, confidence=0.95)[0] == pytest.approx(0.75)
