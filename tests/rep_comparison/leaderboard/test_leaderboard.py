"""Leaderboard: several winners by name, no places where luck could have set them, and a check on who always wins."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib import theme
from salesops_lib.data.anonymous import anonymised, shown_parameters
from salesops_lib.errors import MissingTableError
from salesops_lib.parameters.anonymous import codes_of
from salesops_lib.rep_comparison.leaderboard.metrics import leaderboard, winners_before
from salesops_lib.rep_comparison.leaderboard.narrative import describe_leaderboard
from salesops_lib.rep_comparison.leaderboard.plots import plot_leaderboard
from tests.builders import CALENDAR, make_crm
from tests.rep_comparison.recipes import SEPTEMBER, closed_deals, declaring, numbered

REPS = [f"r{place}" for place in range(6)]


def company(wins, quarters=("2026-Q3",), days=("2026-08-10",), *, reps_of=None, reps=REPS, with_goal=None, **tables):
    """Reps with a goal of 10,000 a quarter, and deals of 1,000 won by ``wins`` in each quarter, or those given."""
    quotas = [
        {"rep_id": rep, "level": "rep", "period": quarter, "measure": "bookings", "amount": 10_000}
        for rep in with_goal or reps
        for quarter in quarters
    ]
    deals = [deal for day in days for rep, n in wins.items() for deal in closed_deals(rep, day, n, 0)]
    return make_crm(deals=deals if reps_of is None else reps_of, reps=reps, quotas=quotas, **tables)


def board(crm, parameters, which="attainment", period=SEPTEMBER, **declared):
    """One board by rep; ``declared`` is what the company says of its boards."""
    rows = leaderboard(crm, period=period, parameters=declaring(parameters, leaderboard=declared), confidence=0.95)
    return rows[rows["board"] == which].set_index("rep_id")


def test_the_first_three_win_and_stand_by_name(parameters):
    """By attainment; the list is in the order of names."""
    rows = board(company({"r5": 12, "r0": 10, "r3": 11, "r1": 2}), parameters)

    assert rows.index[rows["is_winner"]].tolist() == ["r0", "r3", "r5"]
    assert rows.loc["r5", "value"] == pytest.approx(1.2)


def test_no_place_is_told_where_intervals_overlap(parameters):
    """12 and 11 deals of luck are no first and second."""
    rows = board(company({"r0": 12, "r1": 11, "r2": 10, "r3": 9, "r4": 8, "r5": 7}), parameters)

    assert rows["place"].isna().all()


def test_who_is_apart_from_all_others_has_a_place(parameters):
    """100 deals where nobody else has more than five."""
    rows = board(company({"r0": 100, "r1": 5, "r2": 5, "r3": 4, "r4": 4, "r5": 3}), parameters)

    assert rows["place"].dropna().to_dict() == {"r0": 1.0}


def test_improvement_is_against_the_own_quarters_before(parameters):
    """r1 has always had 5, and has 10 now; r0 has always had 10."""
    quarters, days = ("2026-Q1", "2026-Q2", "2026-Q3"), ("2026-02-10", "2026-05-10")
    crm = company({"r0": 10, "r1": 5}, quarters, days)
    now = [deal for rep in ("r0", "r1") for deal in closed_deals(rep, "2026-08-10", 10, 0)]
    before = [deal for day in days for rep, n in (("r0", 10), ("r1", 5)) for deal in closed_deals(rep, day, n, 0)]
    quotas = crm.fetch(crm.quotas)[["rep_id", "level", "period", "measure", "amount"]].to_dict("records")
    crm = make_crm(deals=[*before, *now], reps=REPS, quotas=quotas)

    rows = board(crm, parameters, "improvement", winners=1)

    assert rows.loc["r1", "value"] == pytest.approx(0.5)
    assert rows.loc["r0", "value"] == pytest.approx(0.0)
    assert rows.index[rows["is_winner"]].tolist() == ["r1"]


def test_who_opts_out_is_counted_and_not_named(parameters):
    """Neither in the table nor in the words."""
    rows = leaderboard(
        company({"r0": 12, "r1": 5, "r2": 4, "r3": 3}),
        period=SEPTEMBER,
        parameters=declaring(parameters, leaderboard={"opted_out": ["r0", "r9"]}),
        confidence=0.95,
    )

    assert "r0" not in set(rows["rep_id"])
    assert (rows["n_opted_out"] == 1).all()
    assert "1 rep stays off the boards." in describe_leaderboard(rows).text
    assert "R0" not in describe_leaderboard(rows).text


def test_a_rep_who_opts_out_stays_out_under_codes(parameters):
    """The company declares keys; the tables of a company that shows nobody speak of codes."""
    crm = anonymised(company({"r0": 12, "r1": 5, "r2": 4, "r3": 3}))
    declared = declaring(
        parameters, leaderboard={"opted_out": ["r0"]}, leads={"rule": "weighted", "weights": {"r1": 2}}
    )
    hidden = replace(declared, company=declared.company.model_copy(update={"anonymise": True}))
    codes = codes_of(REPS, "Rep")

    shown = shown_parameters(crm, hidden)
    rows = leaderboard(crm, period=SEPTEMBER, parameters=shown, confidence=0.95)

    assert codes["r0"] not in set(rows["rep_id"])
    assert codes["r1"] in set(rows["rep_id"])
    assert (rows["n_opted_out"] == 1).all()
    assert shown.company.rep_comparison.leads.weights == {codes["r1"]: 2}


def test_the_record_of_a_run_counts_who_opts_out_and_names_nobody(parameters):
    """It travels with the pack."""
    declared = declaring(parameters, leaderboard={"opted_out": ["r0", "r3"]})

    assert declared.public()["company"]["rep_comparison"]["leaderboard"]["opted_out"] == 2


def test_who_shares_the_last_winning_value_wins_as_well(parameters):
    """Two are meant to win; second and third have booked the same."""
    rows = board(company({"r0": 12, "r1": 5, "r2": 5, "r3": 4}), parameters, winners=2)

    assert rows.index[rows["is_winner"]].tolist() == ["r0", "r1", "r2"]


def test_a_place_is_told_though_somebody_has_booked_nothing_yet(parameters):
    """100 deals beside nothing, or next to nothing: what those might have by luck is known from the deals of others."""
    rows = board(company({"r0": 100, "r1": 2}), parameters)

    assert rows["place"].dropna().to_dict() == {"r0": 1.0}
    assert rows.loc["r5", ["low", "high"]].tolist() == pytest.approx([0, 0.3689], abs=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize(("n_reps", "n_deals"), [(4, 3), (20, 12)])
def test_equals_are_seldom_told_a_place(n_reps, n_deals, parameters):
    """Deals of very different sizes, the same goals: at most 5 % of 40 boards, and two standard errors."""
    rng = np.random.default_rng(n_reps)
    told = 0
    for _run in range(40):
        amounts = [rng.lognormal(7, 1, n) for n in rng.poisson(n_deals, n_reps)]
        deals = [
            deal for rep, own in enumerate(amounts) for amount in own
            for deal in closed_deals(f"r{rep}", "2026-08-10", 1, 0, amount=round(amount, 2))
        ]  # fmt: skip
        reps = [f"r{rep}" for rep in range(n_reps)]
        told += board(company({}, reps_of=numbered(deals), reps=reps), parameters)["place"].notna().any()

    assert told <= 4


def test_nobody_is_named_for_being_last(parameters):
    """Five deals beside a hundred of everybody else: apart from all, and not said."""
    rows = leaderboard(
        company({"r0": 100, "r1": 101, "r2": 99, "r3": 100, "r4": 98, "r5": 5}),
        period=SEPTEMBER,
        parameters=parameters,
        confidence=0.95,
    )

    assert rows["place"].isna().all()
    assert "R5" not in describe_leaderboard(rows).text


AUGUST = CALENDAR.period("2026-08")
QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3")


def halfway(now):
    """15 August, half-way in the quarter; each rep won ten in either half of the two quarters before."""
    days = ("2026-02-02", "2026-03-20", "2026-05-04", "2026-06-20")
    before = [deal for day in days for rep in now for deal in closed_deals(rep, day, 10, 0)]
    deals = before + [deal for rep, n in now.items() for deal in closed_deals(rep, "2026-08-03", n, 0)]
    return company({}, QUARTERS, reps_of=deals, as_of=date(2026, 8, 15))


def test_a_quarter_that_runs_is_held_against_the_same_point_of_those_before(parameters):
    """Ten by mid-August, and ten by the middle of each quarter before: no better and no worse."""
    rows = board(halfway(dict.fromkeys(REPS, 10)), parameters, "improvement", period=AUGUST)

    assert rows["value"].tolist() == pytest.approx([0] * 6)


def test_nobody_wins_on_improvement_without_improving(parameters):
    """All are behind the year before: the board is empty, and the words say so."""
    crm = halfway(dict.fromkeys(REPS, 6))
    rows = leaderboard(crm, period=AUGUST, parameters=parameters, confidence=0.95)

    assert not rows.loc[rows["board"] == "improvement", "is_winner"].any()
    assert "Nobody is ahead of their own quarters before." in describe_leaderboard(rows).text


def test_the_doubt_of_the_quarters_before_counts_in_the_interval_of_improvement(parameters):
    """Wider than what luck in this quarter alone gives."""
    crm = halfway(dict.fromkeys(REPS, 10))
    now, change = (board(crm, parameters, which, period=AUGUST) for which in ("attainment", "improvement"))

    assert (change["high"] - change["low"] > now["high"] - now["low"]).all()


def test_wins_are_told_out_of_the_quarters_that_there_are(parameters):
    """Three quarters before, not eight."""
    quarters, days = ("2025-Q4", *QUARTERS), ("2025-11-10", "2026-02-10", "2026-05-10", "2026-08-10")
    rows = leaderboard(
        company({rep: 3 + place for place, rep in enumerate(REPS)}, quarters, days),
        period=SEPTEMBER, parameters=parameters, confidence=0.95)  # fmt: skip

    assert (rows["n_quarters"] == 3).all()
    assert "of 3 quarters" in describe_leaderboard(rows).text


def test_reps_without_a_goal_are_counted(parameters):
    """They sold, and no board has them."""
    deals = closed_deals("zoe", "2026-08-10", 3, 0) + closed_deals("r0", "2026-08-10", 3, 0)
    rows = leaderboard(
        company({}, reps_of=deals, reps=[*REPS, "zoe"], with_goal=REPS), period=SEPTEMBER, parameters=parameters, confidence=0.95)  # fmt: skip

    assert (rows["n_without_goal"] == 1).all()
    assert "1 rep with bookings, without a goal: not on the boards." in describe_leaderboard(rows).text


@settings(max_examples=5, deadline=None)
@given(wins=st.lists(st.integers(0, 12), min_size=6, max_size=6), seed=st.integers(0, 99))
def test_the_order_of_the_deals_never_matters(wins, seed, parameters):
    """Same rows in the same order; whoever wins is ahead of whoever does not."""
    deals = numbered(
        [deal for rep, n in zip(REPS, wins, strict=True) for deal in closed_deals(rep, "2026-08-10", n, 0)]
    )
    mixed = [deals[place] for place in np.random.default_rng(seed).permutation(len(deals))]
    first, second = (
        leaderboard(company({}, reps_of=each), period=SEPTEMBER, parameters=parameters, confidence=0.95)
        for each in (deals, mixed)
    )

    pd.testing.assert_frame_equal(first, second)
    shown = first[first["board"] == "attainment"]
    won, others = shown[shown["is_winner"]], shown[~shown["is_winner"]]
    assert won.empty or others.empty or won["value"].min() > others["value"].max()


def past(winner_of):
    """Attainment of 30 reps in eight quarters; ``winner_of`` names the one who is ahead in each."""
    rows = []
    for quarter, winner in enumerate(winner_of):
        for rep in range(30):
            name = f"r{rep:02d}"
            rows.append(
                (f"2024-{quarter:02d}", name, 5.0 if name == winner else 1 + ((rep * 7 + quarter * 11) % 30) / 30)
            )
    table = pd.DataFrame(rows, columns=["quarter", "rep_id", "attainment_rate"])
    return table.assign(bookings_amount=1.0)


def test_one_who_always_wins_is_seen_and_the_words_say_what_to_change():
    """Eight of eight quarters: luck would give nobody more than three or four."""
    wins, luck, n_quarters = winners_before(past(["r00"] * 8), "2026-Q3", 3)

    assert n_quarters == 8
    assert wins["r00"] == 8
    assert 2 <= luck <= 5


def test_luck_s_most_wins_is_exceeded_in_about_one_of_twenty():
    """Winners drawn at random: somebody passes the line in at most one of ten of 60 trials."""
    rng = np.random.default_rng(2)
    over = []
    for _ in range(40):
        table = past([""] * 8).assign(attainment_rate=rng.random(240))
        wins, luck, _n = winners_before(table, "2026-Q3", 3)
        over.append(wins.max() > luck)

    assert np.mean(over) <= 0.1


def test_goals_are_needed(parameters):
    """The section says which table is missing."""
    with pytest.raises(MissingTableError):
        leaderboard(make_crm(reps=["ana"]), period=SEPTEMBER, parameters=parameters, confidence=0.95)


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_the_demo_company_s_board_is_drawn_and_told(width, demo_run):
    """Three bars, and words without places."""
    rows = demo_run.call(leaderboard)

    with theme.chart_style(width):
        ax = plot_leaderboard(rows)

    assert len(ax.patches) == 3
    assert describe_leaderboard(rows).title.startswith("Ahead in 2026-Q3")


def test_a_manager_is_on_no_board_and_among_those_without_a_goal_neither(parameters):
    """The quota stands for the team: own bookings against it would say nothing."""
    deals = closed_deals("r0", "2026-08-10", 3, 0) + closed_deals("max", "2026-08-10", 3, 0)
    for with_goal in (REPS, [*REPS, "max"]):
        teams = [{"team_id": "t", "name": "T", "manager_id": "max"}]
        crm = company({}, reps_of=deals, reps=[*REPS, "max"], with_goal=with_goal, teams=teams)
        rows = leaderboard(crm, period=SEPTEMBER, parameters=parameters, confidence=0.95)

        assert "max" not in set(rows["rep_id"])
        assert (rows["n_without_goal"] == 0).all()


NO_GOALS = {
    "goals of 0": [("rep", "r0", "2026-Q3", 0)],
    "goals of earlier quarters": [("rep", "r0", "2026-Q1", 5000)],
    "a goal of the next year": [("rep", "r0", "2027-Q1", 5000)],
    "a goal of the company": [("company", None, "2026-Q3", 5000)],
    "no row at all": [],
}


@pytest.mark.parametrize("name", NO_GOALS)
def test_a_quarter_in_which_nobody_has_a_goal_is_said_in_a_sentence(parameters, name):
    """Two reps sold; there is nothing to hold it against."""
    quotas = [
        {"level": level, "rep_id": rep, "period": period, "measure": "bookings", "amount": amount}
        for level, rep, period, amount in NO_GOALS[name]
    ]
    deals = [deal for rep in ("r0", "r1") for deal in closed_deals(rep, "2026-08-10", 2, 0)]

    rows = leaderboard(make_crm(deals=deals, quotas=quotas), period=SEPTEMBER, parameters=parameters, confidence=0.95)

    assert rows.empty
    assert describe_leaderboard(rows).title == "Nobody has a goal to be held against"


def test_goals_without_bookings_are_not_said_to_be_no_goals(parameters):
    """Nobody is ahead, and the reason is the right one."""
    rows = leaderboard(company({}), period=SEPTEMBER, parameters=parameters, confidence=0.95)

    assert describe_leaderboard(rows).text == "No rep on the boards has bookings in the quarter."


def test_whoever_is_alone_on_a_board_is_ahead_of_nobody(parameters):
    """A winner by name, without a place: there is nobody to be apart from."""
    rows = board(company({"r0": 12}, reps=["r0"]), parameters)

    assert rows["is_winner"].tolist() == [True]
    assert rows["place"].isna().all()
