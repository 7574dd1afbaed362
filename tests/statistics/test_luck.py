"""Luck: exact chances of a rep's hits, were all reps alike."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom

from salesops_lib.statistics import luck
from salesops_lib.statistics.luck import odds_of
from tests.rep_comparison.recipes import team_cells

TWO_CELLS = pd.DataFrame(
    [("ana", "a", 4, 3), ("ana", "b", 3, 0), ("bo", "a", 5, 2), ("bo", "b", 6, 2), ("cy", "b", 2, 2)],
    columns=["rep_id", "cell", "n_closed", "n_won"],
)


def test_expected_wins_are_the_teams_share_of_the_same_cells():
    """Ana: 4 of a's 9 deals, of which 5 were won, and 3 of b's 11, of which 4 were."""
    odds = odds_of(TWO_CELLS, by=["cell"], confidence=0.95)

    assert odds.rep_ids == ["ana", "bo", "cy"]
    assert odds.expected == pytest.approx([4 * 5 / 9 + 3 * 4 / 11, 5 * 5 / 9 + 6 * 4 / 11, 2 * 4 / 11])
    assert odds.expected.sum() == pytest.approx(odds.hits.sum())


def test_chances_are_those_of_dealing_the_wins_at_random():
    """Ana's 3 wins: every way to deal a's 5 and b's 4 wins, one by one."""
    odds = odds_of(TWO_CELLS, by=["cell"], confidence=0.95)

    a, b = hypergeom(9, 5, 4), hypergeom(11, 4, 3)
    at_most = sum(a.pmf(i) * b.pmf(j) for i in range(5) for j in range(4) if i + j <= 3)
    at_least = sum(a.pmf(i) * b.pmf(j) for i in range(5) for j in range(4) if i + j >= 3)

    assert odds.at_most[0] == pytest.approx(at_most)
    assert odds.at_least[0] == pytest.approx(at_least)
    assert odds.variance[0] == pytest.approx(a.var() + b.var())


def test_the_range_of_luck_holds_what_luck_gives():
    """Ends of the range leave at most 2.5 % on each side."""
    cells = team_cells(np.random.default_rng(1), 10, 50)
    odds = odds_of(cells, by=["cell"], confidence=0.95)
    total, won = cells["n_closed"].sum(), cells["n_won"].sum()

    draw = hypergeom(total, won, 50)
    assert (draw.cdf(odds.luck_low - 1) <= 0.025).all()
    assert (draw.cdf(odds.luck_low) > 0.025).all()
    assert (draw.cdf(odds.luck_high) >= 0.975).all()


def test_many_deals_go_over_to_the_normal_curve_without_a_jump(monkeypatch):
    """The same counts, exact and by the curve, differ in the third digit."""
    cells = team_cells(np.random.default_rng(2), 6, 900, (0.2, 0.4))
    exact = odds_of(cells, by=["cell"], confidence=0.95).p_values
    monkeypatch.setattr(luck, "MOST_EXACT", 0)

    assert odds_of(cells, by=["cell"], confidence=0.95).p_values == pytest.approx(exact, abs=0.004)


def test_a_cell_without_losses_leaves_no_room_for_luck():
    """All won: no z-score, no small p-value."""
    odds = odds_of(
        pd.DataFrame({"rep_id": ["a", "b"], "cell": 0, "n_closed": [5, 9], "n_won": [5, 9]}),
        by=["cell"],
        confidence=0.95,
    )

    assert np.isnan(odds.z_scores).all()
    assert odds.p_values == pytest.approx([1, 1])


def test_deals_whose_kind_is_not_recorded_are_a_cell_of_their_own():
    """A missing source is held against other missing ones, not left out of what a rep could expect."""
    cells = pd.DataFrame(
        [("ana", None, 4, 1), ("bo", None, 6, 4), ("ana", "a", 2, 2), ("bo", "a", 2, 0)],
        columns=["rep_id", "cell", "n_closed", "n_won"],
    )
    assert odds_of(cells, by=["cell"], confidence=0.95).expected == pytest.approx([4 * 5 / 10 + 1, 6 * 5 / 10 + 1])
