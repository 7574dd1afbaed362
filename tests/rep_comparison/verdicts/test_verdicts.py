"""Verdicts: same months and segments, all four words, nobody blamed for the calendar."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from salesops_lib.rep_comparison import cards, reps_not_judged, verdict_by_rep, win_rate_funnel
from tests.builders import make_crm
from tests.rep_comparison.recipes import SEPTEMBER, closed_deals, numbered

STRONG, WEAK = "2026-09-10", "2026-08-10"


def plain_team(n_reps=8):
    """Reps who each won 30 of 100."""
    return [deal for rep in range(n_reps) for deal in closed_deals(f"r{rep}", STRONG, 30, 70)]


def test_a_rep_far_from_the_team_stands_out_on_either_side():
    """60 and 8 of 100 where the others won 30: one above, one below, the rest not different."""
    deals = [*plain_team(), *closed_deals("up", STRONG, 60, 40), *closed_deals("down", STRONG, 8, 92)]

    rows = verdict_by_rep(make_crm(deals=deals), period=SEPTEMBER, confidence=0.95, min_closed=20).set_index("rep_id")

    assert rows.loc["up", "verdict"] == "stands out above"
    assert rows.loc["down", "verdict"] == "stands out below"
    assert set(rows["verdict"].drop(["up", "down"])) == {"not different from the team"}


@pytest.mark.parametrize(("n_reps", "n_bad"), [(2, 1), (3, 1), (8, 2), (15, 3)])
def test_those_who_lie_apart_do_not_set_what_is_usual(n_reps, n_bad):
    """20 of 200 beside 80 of 200: one of two, or a fifth of the team, are found, and nobody else is below."""
    deals = [
        deal
        for rep in range(n_reps)
        for deal in closed_deals(f"r{rep:02d}", STRONG, 20 if rep < n_bad else 80, 180 if rep < n_bad else 120)
    ]

    rows = verdict_by_rep(make_crm(deals=deals), period=SEPTEMBER, confidence=0.95, min_closed=20).set_index("rep_id")

    below = rows.index[rows["verdict"] == "stands out below"]
    assert list(below) == [f"r{rep:02d}" for rep in range(n_bad)]


def test_a_rep_who_closes_in_strong_months_does_not_stand_out():
    """80 % in the strong month, 40 % in the weak one, for all: raw rates differ by 32 points, nobody stands out."""
    busy_late = [d for rep in "abc" for d in (*closed_deals(rep, STRONG, 72, 18), *closed_deals(rep, WEAK, 4, 6))]
    busy_early = [d for rep in "xyz" for d in (*closed_deals(rep, STRONG, 8, 2), *closed_deals(rep, WEAK, 36, 54))]

    rows = verdict_by_rep(make_crm(deals=[*busy_late, *busy_early]), period=SEPTEMBER, confidence=0.95, min_closed=20)

    assert rows["win_rate"].max() - rows["win_rate"].min() == pytest.approx(0.32)
    assert set(rows["verdict"]) == {"not different from the team"}
    assert rows["won_difference"].to_numpy() == pytest.approx(np.zeros(6))


def test_a_rep_is_compared_within_the_segment():
    """Enterprise wins less for everyone who sells it."""
    reps = [{"rep_id": f"{kind}{i}", "name": kind, "segment": kind} for kind in ("big", "small") for i in range(3)]
    deals = [
        deal
        for i in range(3)
        for deal in (*closed_deals(f"big{i}", STRONG, 10, 90), *closed_deals(f"small{i}", STRONG, 60, 40))
    ]

    crm = make_crm(deals=deals, reps=reps)
    rows = verdict_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20)

    assert set(rows["verdict"]) == {"not different from the team"}
    assert rows["held_alike"].iloc[0] == "months and segments"
    assert rows["p_value"].tolist() == pytest.approx([1.0] * 6)


def test_a_spread_that_all_reps_share_singles_nobody_out():
    """24 and 36 of 100 over 400 deals each, and nothing in the data says why: more than luck, and as reps differ."""
    deals = [
        deal
        for i in range(3)
        for deal in (*closed_deals(f"big{i}", STRONG, 96, 304), *closed_deals(f"small{i}", STRONG, 144, 256))
    ]
    crm = make_crm(deals=deals)

    rows = verdict_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20)
    funnel = win_rate_funnel(crm, period=SEPTEMBER, confidence=0.95, min_closed=20)

    assert rows["held_alike"].iloc[0] == "months"
    assert set(rows["verdict"]) == {"not different from the team"}
    assert funnel["spread_rate"].iloc[0] > 0.05
    assert funnel["pooled_p_value"].iloc[0] < 1e-6


def test_two_kinds_of_reps_far_apart_are_no_usual_spread():
    """10 and 60 of 100, three reps each: each half is named on its side."""
    deals = [
        deal
        for i in range(3)
        for deal in (*closed_deals(f"big{i}", STRONG, 10, 90), *closed_deals(f"small{i}", STRONG, 60, 40))
    ]

    rows = verdict_by_rep(make_crm(deals=deals), period=SEPTEMBER, confidence=0.95, min_closed=20).set_index("rep_id")

    assert rows["verdict"].to_dict() == {
        **{f"big{i}": "stands out below" for i in range(3)}, **{f"small{i}": "stands out above" for i in range(3)},
    }  # fmt: skip


def test_few_deals_are_not_judged_however_they_ended():
    """19 of 19 won is too few at 20, and enough at 19."""
    crm = make_crm(deals=[*plain_team(), *closed_deals("new", STRONG, 19, 0)])

    strict = verdict_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20).set_index("rep_id").loc["new"]
    loose = verdict_by_rep(crm, period=SEPTEMBER, min_closed=19, confidence=0.95).set_index("rep_id").loc["new"]

    assert (strict["verdict"], strict["win_rate"]) == ("too few deals to judge", 1.0)
    assert pd.isna(strict["q_value"])
    assert loose["verdict"] == "stands out above"


def test_a_manager_without_deals_is_left_out_and_listed():
    """A rep without deals stays as one with too few; a manager who sells is compared."""
    reps = [
        *({"rep_id": f"r{i}", "name": f"R{i}", "role": "account executive"} for i in range(8)),
        {"rep_id": "max", "name": "Max", "role": "Manager"},
        {"rep_id": "mia", "name": "Mia", "role": "manager"},
        {"rep_id": "new", "name": "New", "role": "account executive"},
        {"rep_id": "old", "name": "Old", "role": "account executive", "ended_on": "2025-01-31"},
    ]
    crm = make_crm(deals=[*plain_team(), *closed_deals("mia", STRONG, 9, 21)], reps=reps)

    rows = verdict_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20).set_index("rep_id")
    others = reps_not_judged(crm, period=SEPTEMBER, min_closed=20)

    assert sorted(set(rows.index)) == ["mia", "new", *(f"r{i}" for i in range(8))]
    assert rows.loc["new", "verdict"] == "too few deals to judge"
    assert pd.isna(rows.loc["new", "win_rate"])
    assert dict(zip(others["rep_id"], others["reason"], strict=True)) == {
        "max": "manager without deals",
        "new": "no closed deal",
    }


def test_whom_a_team_names_as_manager_is_no_rep_without_deals():
    """Whatever the role is called."""
    reps = [*({"rep_id": f"r{i}", "name": f"R{i}"} for i in range(8)), {"rep_id": "max", "name": "Max", "role": "Lead"}]
    crm = make_crm(deals=plain_team(), reps=reps, teams=[{"team_id": "t", "name": "T", "manager_id": "max"}])

    rows = verdict_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20)
    others = reps_not_judged(crm, period=SEPTEMBER, min_closed=20)

    assert "max" not in set(rows["rep_id"])
    assert others["reason"].tolist() == ["manager without deals"]


def test_without_a_lost_deal_on_record_nobody_has_a_win_rate():
    """A list of orders says nothing about what was lost."""
    crm = make_crm(deals=[*closed_deals("ana", STRONG, 30, 0), *closed_deals("bo", STRONG, 40, 0)])

    rows = verdict_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20)
    others = reps_not_judged(crm, period=SEPTEMBER, min_closed=20)

    assert rows[["win_rate", "expected_won", "won_difference", "power_rate"]].isna().all().all()
    assert set(rows["verdict"]) == {"too few deals to judge"}
    assert set(others["reason"]) == {"no lost deal is recorded, so win rates say nothing"}
    assert (
        cards(crm, period=SEPTEMBER, confidence=0.95, min_closed=20).set_index("key")["value"].isna()["win_rate_window"]
    )


def test_the_window_ends_with_the_month_and_can_be_narrowed():
    """Twelve months to the period's end by default; deals outside do not count."""
    deals = [
        *closed_deals("ana", "2025-09-30", 5, 5),
        *closed_deals("ana", "2025-10-01", 3, 3),
        *closed_deals("ana", "2026-09-30", 2, 2),
        *closed_deals("ana", "2026-10-01", 1, 1),
    ]
    crm = make_crm(deals=deals)

    year = verdict_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20).iloc[0]
    month = verdict_by_rep(crm, period=SEPTEMBER, months=1, confidence=0.95, min_closed=20).iloc[0]

    assert (year["n_closed"], month["n_closed"]) == (10, 4)
    assert (year["from_on"], year["to_on"]) == (pd.Timestamp("2025-10-01"), pd.Timestamp("2026-09-30"))


def test_data_that_begins_later_shortens_the_window():
    """The frame says from when on there is something to count."""
    rows = verdict_by_rep(
        make_crm(deals=closed_deals("ana", "2026-06-17", 3, 3)), period=SEPTEMBER, confidence=0.95, min_closed=20
    )

    assert rows["from_on"].iloc[0] == pd.Timestamp("2026-06-01")


def test_the_funnel_puts_each_rep_on_the_companys_mix():
    """Company's rate + (won - expected) / closed; limits around the company's rate; the verdict is the same."""
    deals = [*plain_team(), *closed_deals("up", WEAK, 60, 40), *closed_deals("low", WEAK, 40, 60)]
    crm = make_crm(deals=deals)

    funnel = win_rate_funnel(crm, period=SEPTEMBER, confidence=0.95, min_closed=20).set_index("rep_id")
    verdicts = verdict_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20).set_index("rep_id")

    company = 340 / 1000
    assert funnel["company_win_rate"].tolist() == pytest.approx([company] * 10)
    assert funnel.loc["up", "adjusted_win_rate"] == pytest.approx(company + (60 - 50) / 100)
    assert funnel.loc["r0", "adjusted_win_rate"] == pytest.approx(company)
    assert (funnel["inner_low"] < company).all()
    assert funnel["verdict"].tolist() == verdicts["verdict"].tolist()


@st.composite
def tables(draw):
    """1-5 reps, 0-40 deals in three months, any ending."""
    days = st.sampled_from(["2026-07-15", "2026-08-10", "2026-09-10"])
    one = st.tuples(st.sampled_from("abcde"), days, st.sampled_from(["won", "lost", "open"]))
    rows = draw(st.lists(one, max_size=40))
    return numbered(
        [
            {"rep_id": rep, "closed_on": None if status == "open" else day, "status": status, "amount": 100}
            for rep, day, status in rows
        ]
    )


@settings(max_examples=10, deadline=None)
@given(deals=tables())
def test_verdicts_hold_for_any_deals(deals):
    """Order never matters, nothing is lost, expected wins add up to the wins, and a slow loop finds the same."""
    reps = [{"rep_id": rep, "name": rep} for rep in "abcde"]
    crm = make_crm(deals=deals, reps=reps)
    rows = verdict_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20)
    turned = verdict_by_rep(make_crm(deals=deals[::-1], reps=reps), period=SEPTEMBER, confidence=0.95, min_closed=20)
    closed = [deal for deal in deals if deal["status"] != "open"]

    assert_frame_equal(rows, turned)
    assert rows["n_closed"].sum() == len(closed)
    if rows["n_closed"].sum() == rows["n_won"].sum():
        assert rows["expected_won"].isna().all()
        return
    assert rows["expected_won"].sum() == pytest.approx(rows["n_won"].sum())
    for row in rows.itertuples():
        expected = 0.0
        for own in (deal for deal in closed if deal["rep_id"] == row.rep_id):
            same = [deal for deal in closed if deal["closed_on"] == own["closed_on"]]
            expected += sum(deal["status"] == "won" for deal in same) / len(same)
        assert (row.expected_won if row.n_closed else 0) == pytest.approx(expected)


def test_a_company_without_deals_has_an_empty_comparison():
    """Reps are there, verdicts are too few, nothing fails."""
    crm = make_crm(reps=["ana"])

    assert verdict_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20)["verdict"].tolist() == [
        "too few deals to judge"
    ]
    assert win_rate_funnel(crm, period=SEPTEMBER, confidence=0.95, min_closed=20)["win_rate"].isna().all()


def test_cards_count_what_the_verdicts_say():
    """Judged, standing out, the common rate and the shortfall that the rep in the middle would be noticed for."""
    deals = [*plain_team(), *closed_deals("up", STRONG, 60, 40), *closed_deals("new", STRONG, 3, 3)]
    crm = make_crm(deals=deals)

    figures = cards(crm, period=SEPTEMBER, confidence=0.95, min_closed=20).set_index("key")
    verdicts = verdict_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20)

    assert figures.loc["reps_judged", "value"] == verdicts["q_value"].notna().sum() == 9
    assert figures.loc["reps_apart", "value"] == verdicts["verdict"].str.startswith("stands").sum() == 1
    assert figures.loc["win_rate_window", "value"] == pytest.approx(303 / 906)
    assert figures.loc["noticeable", "value"] == verdicts.set_index("rep_id").loc["r3", "noticeable_rate"]
    assert figures.loc["cycle_window", "value"] == 60
