"""Gaps: the parts add up, time in the seat counts, zeros are no trouble."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.rep_comparison import gap_by_rep
from tests.builders import make_crm
from tests.rep_comparison.recipes import SEPTEMBER, closed_deals, numbered

DAY = "2026-09-10"
PARTS = ["volume_amount", "mix_amount", "win_rate_amount", "deal_size_amount"]


def test_a_gap_in_one_factor_is_that_factors_part():
    """Same rate and size, twice the deals: all volume."""
    deals = [*closed_deals("ana", DAY, 10, 10), *closed_deals("bo", DAY, 20, 20), *closed_deals("cy", DAY, 15, 15)]

    rows = gap_by_rep(make_crm(deals=deals), period=SEPTEMBER).set_index("rep_id")

    assert rows["gap_amount"].to_dict() == pytest.approx({"ana": -5000, "bo": 5000, "cy": 0})
    assert rows["volume_amount"].tolist() == pytest.approx(rows["gap_amount"].tolist())
    assert rows[PARTS[1:]].to_numpy() == pytest.approx(0)


def test_larger_deals_are_the_deal_size_part_and_more_wins_the_win_rate_part():
    """Three reps of one volume: one sells larger, one wins more."""
    deals = [
        *closed_deals("base", DAY, 10, 10, amount=1000),
        *closed_deals("large", DAY, 10, 10, amount=2000),
        *closed_deals("wins", DAY, 15, 5, amount=1000),
    ]

    rows = gap_by_rep(make_crm(deals=deals), period=SEPTEMBER).set_index("rep_id")

    assert rows[PARTS].abs().idxmax(axis=1).to_dict() == {
        "base": "deal_size_amount", "large": "deal_size_amount", "wins": "win_rate_amount",
    }  # fmt: skip
    assert rows[["volume_amount", "mix_amount"]].to_numpy() == pytest.approx(0)


def test_a_segment_that_brings_more_to_everyone_is_mix():
    """Enterprise deals are larger whoever sells them."""
    reps = [{"rep_id": rep, "name": rep, "segment": "big" if rep in "ab" else "small"} for rep in "abxy"]
    deals = [d for rep in "ab" for d in closed_deals(rep, DAY, 10, 10, amount=9000)]
    deals += [d for rep in "xy" for d in closed_deals(rep, DAY, 10, 10, amount=1000)]

    rows = gap_by_rep(make_crm(deals=deals, reps=reps), period=SEPTEMBER).set_index("rep_id")

    assert rows["mix_amount"].tolist() == pytest.approx(rows["gap_amount"].tolist())
    assert rows.loc["a", "gap_amount"] == pytest.approx(40_000)


def test_a_joiner_is_held_against_the_time_in_the_seat():
    """Three months of twelve at the team's pace: no gap."""
    reps = [
        *({"rep_id": rep, "name": rep} for rep in "abc"),
        {"rep_id": "new", "name": "new", "started_on": "2026-07-02"},
    ]
    year = ["2025-10-10", "2026-01-10", "2026-04-10", DAY]
    deals = [deal for rep in "abc" for day in year for deal in closed_deals(rep, day, 91, 91)]
    deals += closed_deals("new", DAY, 91, 91)

    crm = make_crm(deals=deals, reps=reps)
    rows = gap_by_rep(crm, period=SEPTEMBER).set_index("rep_id")

    assert rows.loc["new", "there_rate"] == pytest.approx(91 / 365)
    assert abs(rows.loc["new", "gap_amount"]) < 0.01 * rows.loc["new", "bookings_amount"]


def test_a_small_team_is_compared_with_the_company():
    """Two make no average."""
    crm = make_crm(
        deals=[deal for rep in "abcde" for deal in closed_deals(rep, DAY, 5, 5)],
        teams=[{"team_id": "t", "name": "T"}, {"team_id": "u", "name": "U"}],
        team_members=[{"rep_id": rep, "team_id": "t" if rep in "abc" else "u"} for rep in "abcde"],
    )

    rows = gap_by_rep(crm, period=SEPTEMBER).set_index("rep_id")

    assert rows["compared_with"].to_dict() == {
        "a": "T", "b": "T", "c": "T", "d": "the company", "e": "the company",
    }  # fmt: skip


@st.composite
def companies(draw):
    """Deals of up to five reps and two segments; some reps win nothing, some deals are worth nothing."""
    one = st.tuples(
        st.sampled_from("abcde"),
        st.sampled_from(["2026-08-10", DAY]),
        st.sampled_from(["won", "lost"]),
        st.sampled_from([0, 1, 250, 99_999]),
    )
    rows = draw(st.lists(one, min_size=1, max_size=30))
    return numbered([dict(zip(("rep_id", "closed_on", "status", "amount"), row, strict=True)) for row in rows])


@settings(max_examples=10, deadline=None)
@given(deals=companies())
def test_parts_add_up_and_gaps_cancel_for_any_deals(deals):
    """To the cent; reps without a win or a priced deal included."""
    reps = [{"rep_id": rep, "name": rep, "segment": "big" if rep in "ab" else "small"} for rep in "abcde"]
    rows = gap_by_rep(make_crm(deals=deals, reps=reps), period=SEPTEMBER)

    assert rows[PARTS].sum(axis=1).tolist() == pytest.approx(rows["gap_amount"].tolist(), abs=0.005)
    assert rows["gap_amount"].sum() == pytest.approx(0, abs=0.01)
    assert rows["bookings_amount"].sum() == sum(deal["amount"] for deal in deals if deal["status"] == "won")


def test_the_log_mean_split_adds_up_too():
    """Where every factor is positive."""
    deals = [
        *closed_deals("ana", DAY, 10, 30, 500),
        *closed_deals("bo", DAY, 25, 20, 900),
        *closed_deals("cy", DAY, 9, 9),
    ]
    rows = gap_by_rep(make_crm(deals=deals), period=SEPTEMBER, method="log_mean")

    assert rows[PARTS].sum(axis=1).tolist() == pytest.approx(rows["gap_amount"].tolist(), abs=0.005)


def test_a_shared_deal_counts_in_parts():
    """Half the deal, half the win, half the amount."""
    deals = [
        {"opportunity_id": "shared", "rep_id": "ana", "closed_on": DAY, "status": "won", "amount": 1000},
        *numbered(closed_deals("cy", DAY, 2, 2)),
    ]
    credits = [{"opportunity_id": "shared", "rep_id": rep, "share": 0.5, "book": "main"} for rep in ("ana", "bo")]
    credits += [
        {"opportunity_id": deal["opportunity_id"], "rep_id": "cy", "share": 1, "book": "main"} for deal in deals[1:]
    ]
    crm = make_crm(deals=deals, reps=["ana", "bo", "cy"], credits=credits)

    rows = gap_by_rep(crm, period=SEPTEMBER).set_index("rep_id")

    assert rows["closed"].to_dict() == {"ana": 0.5, "bo": 0.5, "cy": 4}
    assert rows["bookings_amount"].to_dict() == {"ana": 500, "bo": 500, "cy": 2000}


def test_no_deals_leave_an_empty_frame():
    """The columns stay."""
    rows = gap_by_rep(make_crm(reps=["ana"]), period=SEPTEMBER)

    assert rows.empty
    assert {"gap_amount", *PARTS} <= set(rows.columns)
