"""The overlay book: credited on top, attained and paid on its own, in no sum of the main book."""

from __future__ import annotations

import pytest

from salesops_lib.comp_design import pay_by_rep
from salesops_lib.measures import attainment, bookings
from salesops_lib.measures.overlay import overlay_ids
from salesops_lib.parameters.plan import Plan
from salesops_lib.performance_visibility import missing_goals
from salesops_lib.rep_comparison import leaderboard
from tests.builders import make_crm
from tests.comp_design.recipes import Q3, SEPTEMBER, parameters_of, rep_quota

DEAL = {"opportunity_id": "d", "rep_id": "ae", "closed_on": "2026-08-03", "status": "won", "amount": 100_000}
REPS = [{"rep_id": "ae", "name": "Ada", "role": "ae"}, {"rep_id": "spec", "name": "Sol", "role": "specialist"}]
ROLES = {
    "ae": {"base_amount": 0, "target_variable_amount": 40_000},
    "specialist": {"base_amount": 0, "target_variable_amount": 20_000},
}


def company(*more, quotas=None, share=1):
    """A deal that one rep sold and a specialist helped with; both have a goal."""
    credits = [
        {"opportunity_id": "d", "book": "main", "rep_id": "ae", "share": 1},
        {"opportunity_id": "d", "book": "overlay", "rep_id": "spec", "share": share},
        *more,
    ]
    return make_crm(
        deals=[DEAL], reps=REPS, credits=credits,
        quotas=quotas or [rep_quota("spec", 100_000), rep_quota("ae", 100_000)],
        teams=[{"team_id": "t", "name": "T"}],
        team_members=[{"rep_id": rep, "team_id": "t"} for rep in ("spec", "ae")],
    )  # fmt: skip


def row(crm, level, key=None):
    """Attainment of the quarter."""
    rows = attainment(crm, [Q3], level=level)
    return (rows if key is None else rows[rows["rep_id"] == key]).iloc[0]


def test_an_overlay_rep_attains_what_the_overlay_book_credits():
    """Half of a deal of 100,000 against a goal of 100,000."""
    assert row(company(share=0.5), "rep", "spec")["attainment_rate"] == 0.5


@pytest.mark.parametrize("level", ["team", "company"])
def test_neither_credit_nor_quota_is_in_a_sum_of_the_main_book(level):
    """100,000 of 100,000: the deal once, and the seller's goal alone."""
    found = row(company(), level)
    assert (found["bookings_amount"], found["quota_amount"]) == (100_000.0, 100_000.0)


def test_an_overlay_rep_is_paid_from_the_overlay_book():
    """Goal reached: a quarter of the target variable pay."""
    plan = Plan.model_validate({"name": "p", "title": "P", "roles": ROLES, "mix": {"individual": 1, "team": 0}})
    rows = pay_by_rep(company(), period=SEPTEMBER, parameters=parameters_of(plan)).set_index("rep_id")
    assert [float(amount) for amount in rows["incentive_amount"]] == [10_000.0, 5_000.0]


def test_an_overlay_rep_without_a_goal_makes_no_row():
    """There is nothing to attain, and the bookings are the seller's."""
    assert list(attainment(company(quotas=[rep_quota("ae", 100_000)]), [Q3], level="rep")["rep_id"]) == ["ae"]


def test_who_is_credited_in_both_books_sells():
    """A seller who helps a colleague once keeps a place in the main book, and is not credited twice."""
    crm = company({"opportunity_id": "d", "book": "overlay", "rep_id": "ae", "share": 1})
    assert overlay_ids(crm) == {"spec"}
    assert row(crm, "rep", "ae")["bookings_amount"] == 100_000.0


def test_bookings_by_rep_add_up_to_the_company():
    """Whatever is summed over reps leaves the overlay out."""
    assert bookings(company(), Q3, by=["rep_id"])["bookings_amount"].sum() == 100_000.0


def test_an_overlay_rep_without_a_goal_leaves_the_teams_goal_whole():
    """Only who sells in the main book can be missed there."""
    crm = company(quotas=[rep_quota("ae", 100_000)])
    assert row(crm, "team")["quota_amount"] == 100_000.0
    assert "spec" not in set(missing_goals(crm, period=SEPTEMBER, parameters=parameters_of())["name"])


def test_the_leaderboard_ranks_who_sells():
    """A specialist's credit is no place among sellers."""
    assert "Sol" not in set(
        leaderboard(company(), period=SEPTEMBER, parameters=parameters_of(), confidence=0.95)["name"]
    )
