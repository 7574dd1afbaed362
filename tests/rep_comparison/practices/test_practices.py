"""Practices: counts by hand, noise is not called worth a look, a planted habit is, and words claim no cause."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from salesops_lib import theme
from salesops_lib.parameters import Duties
from salesops_lib.rep_comparison.people import window_to
from salesops_lib.rep_comparison.practices.habits.counts import HABITS, habit_counts, like_for_like
from salesops_lib.rep_comparison.practices.habits.metrics import practices_of_top_performers
from salesops_lib.rep_comparison.practices.habits.narrative import describe_practices_of_top_performers
from salesops_lib.rep_comparison.practices.habits.plots import plot_practices_of_top_performers
from salesops_lib.rep_comparison.practices.top_quarter import top_and_others, within_teams
from salesops_lib.statistics.differences import false_discovery
from tests.builders import make_crm
from tests.rep_comparison.recipes import SEPTEMBER, closed_deals, numbered

END = date(2026, 9, 30)
DAY = "2026-08-10"


def activities(rep, deal, *kinds):
    """One activity of each kind on a deal."""
    return [
        {"activity_id": f"{deal}-{place}", "rep_id": rep, "opportunity_id": deal, "kind": kind,
         "done_at": "2026-08-05 10:00"}
        for place, kind in enumerate(kinds)
    ]  # fmt: skip


def counted(crm):
    """The habits of the window."""
    return habit_counts(crm, window_to(crm, SEPTEMBER, 12))


def test_habits_are_counted_by_hand():
    """A call and two emails on one closed deal, a demo on an open one, which does not count yet."""
    deals = [*numbered(closed_deals("ana", DAY, 1, 1)), {"opportunity_id": "open", "rep_id": "ana", "status": "open"}]
    done = [*activities("ana", "o0000", "Call", "Email", "Email"), *activities("ana", "o0001", "Email"),
            *activities("ana", "open", "Demo")]  # fmt: skip
    made = counted(make_crm(deals=deals, activities=done, as_of=END)).loc["ana"]

    # Won and lost weigh as in the company, three activities to one: (1/3 x 3 + 0 x 1) / 4 are calls.
    assert made[["call_rate", "email_rate", "demo_rate"]].tolist() == pytest.approx([1 / 4, 3 / 4, 0])


def test_a_discount_is_the_last_amount_over_the_first():
    """80 of 100 was kept of the deal that was won; lost deals do not count."""
    deals = [{"opportunity_id": "d", "rep_id": "ana", "status": "won", "closed_on": DAY, "amount": 80}]
    history = [
        {"opportunity_id": "d", "changed_at": f"2026-07-0{day} 10:00", "stage": "A", "amount": amount, "rep_id": "ana"}
        for day, amount in ((1, 100), (3, 80))
    ]
    crm = make_crm(deals=deals, stage_history=history, as_of=END)

    assert counted(crm).loc["ana", "kept_amount_rate"] == 0.8


def worked(rng, n_reps=24, n_deals=60):
    """Equals in three teams: who wins more does so by luck, and a deal that is won draws more demos of anybody."""
    deals, done = [], []
    for rep in range(n_reps):
        for place in range(n_deals):
            deal, day, is_won = f"{rep}-{place}", f"2026-0{1 + place % 9}-15", rng.random() < 0.35
            deals.append({"opportunity_id": deal, "rep_id": f"r{rep:02d}", "closed_on": day,
                          "status": "won" if is_won else "lost"})  # fmt: skip
            shares = [0.3, 0.3, 0.4] if is_won else [0.45, 0.45, 0.1]
            kinds = rng.choice(["Call", "Email", "Demo"], 1 + rng.poisson(6), p=shares)
            done += activities(f"r{rep:02d}", deal, *map(str, kinds))
    members = [{"rep_id": f"r{rep:02d}", "team_id": "abc"[rep % 3]} for rep in range(n_reps)]
    teams = [{"team_id": team, "name": team} for team in "abc"]
    return make_crm(deals=deals, activities=done, teams=teams, team_members=members, as_of=END)


@pytest.mark.slow
def test_that_won_deals_draw_more_demos_is_no_habit_of_those_with_luck():
    """Four companies of equals; unless won and lost deals are held apart, most of them show a habit."""
    rng = np.random.default_rng(6)
    looks = [
        practices_of_top_performers(worked(rng), period=SEPTEMBER, confidence=0.95, min_closed=20)[
            "is_worth_a_look"
        ].any()
        for _ in range(4)
    ]

    assert sum(looks) <= 1


def test_won_and_lost_deals_weigh_alike_for_everybody():
    """Both put ten activities into a won deal and two into a lost one; ana only has more luck."""
    cells = pd.DataFrame(
        [("ana", "won", 3, 30), ("ana", "lost", 1, 2), ("bo", "won", 1, 10), ("bo", "lost", 3, 6)],
        columns=["rep_id", "status", "n_deals", "n_done"],
    )

    assert like_for_like(cells, {"habit": ("n_done", "n_deals")})["habit"].tolist() == [6, 6]


def test_who_has_no_won_deal_has_no_habit_on_won_deals():
    """Missing, rather than compared on lost ones alone."""
    cells = pd.DataFrame(
        [("ana", "won", 1, 10), ("ana", "lost", 1, 2), ("bo", "lost", 3, 6)],
        columns=["rep_id", "status", "n_deals", "n_done"],
    )

    assert like_for_like(cells, {"habit": ("n_done", "n_deals")})["habit"].isna().tolist() == [False, True]


def test_a_skip_and_a_step_back_are_counted_among_moves_between_stages():
    """A to C, C to B, B to won: one of two moves skips, one goes back; the way out is neither."""
    deals = [{"opportunity_id": "d", "rep_id": "ana", "status": "won", "closed_on": DAY}]
    history = [
        {"opportunity_id": "d", "changed_at": f"2026-07-0{day} 10:00", "stage": stage, "amount": 1, "rep_id": "ana"}
        for day, stage in ((1, "A"), (3, "C"), (5, "B"))
    ]
    crm = make_crm(deals=deals, stage_history=history, open_stages=["A", "B", "C"], as_of=END)

    assert counted(crm).loc["ana", ["back_rate", "skip_rate"]].tolist() == [
        0.5,
        0.5,
    ]


def test_medians_point_the_way_of_the_correlation_where_teams_work_otherwise():
    """Within either team those who win more call more; the team that calls least wins most."""
    calls = pd.Series([0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9])
    wins = pd.Series([4.0, 5, 6, 7, 0, 1, 2, 3])
    top, others = top_and_others(calls.to_frame("calls"), wins, pd.Series(list("aaaabbbb")))

    assert top["calls"] > others["calls"]


def flagged(rng, n_habits, *, planted=0.0):
    """Whether any of many habits of 30 reps in three teams is called worth a look; the first may be planted."""
    team = np.repeat(["a", "b", "c"], 10)
    outcome = rng.normal(size=30)
    habits = rng.normal(size=(n_habits, 30))
    habits[0] += planted * outcome
    p_values = [within_teams(habit, outcome, team, 0.95)[3] for habit in habits]
    return false_discovery(p_values) <= 0.05


@pytest.mark.slow
def test_twenty_habits_of_noise_are_seldom_worth_a_look():
    """At most 5 % of teams have any; 200 teams may show seven more by luck (two standard errors)."""
    rng = np.random.default_rng(3)

    assert np.mean([flagged(rng, 20).any() for _ in range(200)]) <= 0.08


def test_a_habit_that_goes_with_winning_is_found():
    """One that follows the results closely, among twenty."""
    rng = np.random.default_rng(4)

    assert np.mean([flagged(rng, 20, planted=2.0)[0] for _ in range(10)]) >= 0.8


def test_what_differs_between_teams_alone_is_no_habit():
    """Teams with more calls win more; within teams calls and wins have nothing to do with one another."""
    rng = np.random.default_rng(5)
    level = np.repeat([0.0, 10.0, 20.0], 10)
    team = np.repeat(["a", "b", "c"], 10)

    correlation, low, high, p_value = within_teams(level + rng.normal(size=30), level + rng.normal(size=30), team, 0.95)

    assert abs(correlation) < 0.5
    assert low < 0 < high
    assert p_value > 0.05


def test_what_cannot_be_counted_is_listed_with_the_reason():
    """No activities, no leads, no history: every habit says what is missing."""
    deals = [deal for rep in range(10) for deal in closed_deals(f"r{rep}", DAY, 30, 70)]
    rows = practices_of_top_performers(
        make_crm(deals=deals, as_of=END), period=SEPTEMBER, confidence=0.95, min_closed=20
    )

    assert len(rows) == len(HABITS)
    assert (rows["reason"] != "").all()
    assert not rows["is_worth_a_look"].any()


def words(rows, parameters):
    """The finding."""
    return describe_practices_of_top_performers(rows, duties=Duties(parameters, END), confidence=0.95)


def test_words_call_nothing_a_cause(demo_run, parameters):
    """With a finding made of the demo company's table: a candidate, and a warning."""
    rows = demo_run.call(practices_of_top_performers)
    first = rows.index == 0
    made = rows.assign(is_worth_a_look=first, candidate=np.where(first, "Write down more next steps", ""))

    found, none = words(made, parameters), words(rows.assign(is_worth_a_look=False), parameters)

    assert found.title.startswith("Worth a look: ")
    assert "need not be why" in found.text
    assert "Write down more next steps" in found.action.what
    assert none.title.startswith("No habit goes with winning more, beyond chance")


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_the_chart_has_a_mark_for_each_habit_looked_at(width, demo_run):
    """And an interval."""
    rows = demo_run.call(practices_of_top_performers)

    with theme.chart_style(width):
        ax = plot_practices_of_top_performers(rows)

    drawn = sum(len(line.get_xdata()) for line in ax.get_lines()) - 2  # without the line at 0
    assert drawn == rows["correlation"].notna().sum()


def test_a_company_without_deals_has_no_habits(parameters):
    """Said, not failed."""
    rows = practices_of_top_performers(make_crm(reps=["ana"]), period=SEPTEMBER, confidence=0.95, min_closed=20)

    assert words(rows, parameters).title == "No habits to look at yet"
    assert pd.isna(rows["correlation"]).all()
