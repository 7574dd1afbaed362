"""Time to win: losses compete, open deals count for as long as they are open, and an old deal's chances are told."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight

from salesops_lib import theme
from salesops_lib.performance_visibility.incidence import incidence_of
from salesops_lib.performance_visibility.narrative.time_to_win import describe_time_to_win
from salesops_lib.performance_visibility.plots.time_to_win import plot_time_to_win
from salesops_lib.performance_visibility.time_to_win import time_to_win
from tests.builders import CALENDAR, make_crm

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)
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


def company(n, *, every_now=3):
    """Deals of two years: one in three won after forty days, in the last year one in so many; the others lost."""
    deals = []
    for month in range(24):
        start = date(2024, 10, 1) + timedelta(days=30 * month)
        for number in range(n):
            is_won = number % (every_now if month >= 12 else 3) == 0
            end = start + timedelta(days=40 if is_won else 20)
            status = ("won" if is_won else "lost") if end <= END else "open"
            closed_on = str(end) if status != "open" else None
            deals.append({"rep_id": "ana", "created_on": str(start), "status": status, "closed_on": closed_on})
    return make_crm(deals=deals, as_of=END)


def test_groups_are_the_last_months_and_those_before_them():
    """Both together make all; every row has its n."""
    rows = time_to_win(company(15), period=SEPTEMBER, confidence=0.95).groupby("group")["n_created"].first()

    assert rows["now"] + rows["before"] == rows["all"]


def test_a_fall_is_seen_at_the_day_by_which_nine_of_ten_came():
    """One in three before, one in six now: beyond chance, and said; one in three throughout is not."""
    fallen, alike = (time_to_win(company(60, every_now=every), period=SEPTEMBER, confidence=0.95) for every in (6, 3))

    assert fallen.loc[fallen["group"] == "now", "is_changed"].all()
    assert describe_time_to_win(fallen).status == "watch"
    assert not alike["is_changed"].any()


def test_words_say_the_half_and_what_is_left_to_hope_for(demo_crm):
    """Every number is the curve's."""
    rows = time_to_win(demo_crm, period=SEPTEMBER, confidence=0.95)

    found = describe_time_to_win(rows)

    whole = rows[rows["group"] == "all"]
    half = whole[whole["won_rate"] >= whole["won_rate"].iloc[-1] / 2]["days"].iloc[0]
    assert found.title == f"Half of the wins come within {half} days"
    assert "A deal still open after" in found.text
    assert describe_time_to_win(rows.head(0)).title == "How long wins take cannot be told"


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_the_chart_has_a_curve_for_each_group(width, demo_crm):
    """Now and before, and a line where nine of ten wins have come."""
    with theme.chart_style(width):
        ax = plot_time_to_win(time_to_win(demo_crm, period=SEPTEMBER, confidence=0.95))

    assert len(ax.get_lines()) == 3
