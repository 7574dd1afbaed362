"""Leaderboard: several winners by name, no places where luck could have set them, and a check on who always wins."""

import numpy as np
import pandas as pd
import pytest

from salesops_lib import theme
from salesops_lib.errors import MissingTableError
from salesops_lib.rep_comparison.leaderboard import leaderboard, winners_before
from salesops_lib.rep_comparison.narrative.leaderboard import describe_leaderboard
from salesops_lib.rep_comparison.plots.leaderboard import plot_leaderboard
from tests.builders import make_crm
from tests.rep_comparison.recipes import SEPTEMBER, closed_deals

REPS = [f"r{place}" for place in range(6)]


def company(wins, quarters=("2026-Q3",), days=("2026-08-10",), **tables):
    """Reps with a goal of 10,000 a quarter, and deals of 1,000 won by ``wins`` in each quarter."""
    quotas = [
        {"rep_id": rep, "level": "rep", "period": quarter, "measure": "bookings", "amount": 10_000}
        for rep in REPS
        for quarter in quarters
    ]
    deals = [deal for day in days for rep, n in wins.items() for deal in closed_deals(rep, day, n, 0)]
    return make_crm(deals=deals, reps=REPS, quotas=quotas, **tables)


def board(crm, parameters, which="attainment", **options):
    """One board by rep."""
    rows = leaderboard(crm, period=SEPTEMBER, parameters=parameters, **options)
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

    rows = board(crm, parameters, "improvement", n_winners=1)

    assert rows.loc["r1", "value"] == pytest.approx(0.5)
    assert rows.loc["r0", "value"] == pytest.approx(0.0)
    assert rows.index[rows["is_winner"]].tolist() == ["r1"]


def test_who_opts_out_is_counted_and_not_named(parameters):
    """Neither in the table nor in the words."""
    rows = leaderboard(
        company({"r0": 12, "r1": 5, "r2": 4, "r3": 3}),
        period=SEPTEMBER,
        parameters=parameters,
        opted_out=["r0", "nobody"],
    )

    assert "r0" not in set(rows["rep_id"])
    assert (rows["n_opted_out"] == 1).all()
    assert "1 rep stays off the boards." in describe_leaderboard(rows).text
    assert "R0" not in describe_leaderboard(rows).text


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
    wins, luck = winners_before(past(["r00"] * 8), "2026-Q3", 3)

    assert wins["r00"] == 8
    assert 2 <= luck <= 5


def test_luck_s_most_wins_is_exceeded_in_about_one_of_twenty():
    """Winners drawn at random: somebody passes the line in at most one of ten of 60 trials."""
    rng = np.random.default_rng(2)
    over = []
    for _ in range(60):
        table = past([""] * 8).assign(attainment_rate=rng.random(240))
        wins, luck = winners_before(table, "2026-Q3", 3)
        over.append(wins.max() > luck)

    assert np.mean(over) <= 0.1


def test_goals_are_needed(parameters):
    """The section says which table is missing."""
    with pytest.raises(MissingTableError):
        leaderboard(make_crm(reps=["ana"]), period=SEPTEMBER, parameters=parameters)


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_the_demo_company_s_board_is_drawn_and_told(width, demo_run):
    """Three bars, and words without places."""
    rows = demo_run.call(leaderboard)

    with theme.chart_style(width):
        ax = plot_leaderboard(rows)

    assert len(ax.patches) == 3
    assert describe_leaderboard(rows).title.startswith("Ahead in 2026-Q3")
