"""Hygiene: each rule finds its fault and nothing else, and rules that cannot judge say so."""

from datetime import date

import pandas as pd
import pytest

from salesops_lib.performance_visibility import deals_to_fix, hygiene_by_rep, hygiene_by_rule
from tests.builders import make_crm

END = date(2026, 9, 30)
STAGES = ["A", "B", "C"]
SOUND = {
    "rep_id": "ana", "created_on": "2026-09-01", "expected_close_on": "2026-10-20", "next_step": "Call", "stage": "A",
    "account_id": "acme", "amount": 50,
}  # fmt: skip
WON = {"rep_id": "ana", "created_on": "2026-05-01", "closed_on": "2026-08-09", "status": "won"}  # 100 days


def history(key, *changes):
    """Stage history rows ``(day, stage, expected close)``."""
    return [
        {"opportunity_id": key, "changed_at": f"{day} 09:00", "stage": stage, "expected_close_on": expected}
        for day, stage, expected in changes
    ]


def company(*open_deals, changes=(), **tables):
    """Sound deals but for what is said, a win of 100 days, and twenty deals that stayed ten days in stage A."""
    stays = [
        {"opportunity_id": f"s{n}", "rep_id": "ana", "created_on": "2026-06-01", "closed_on": "2026-06-11",
         "status": "lost", "amount": n} for n in range(20)
    ]  # fmt: skip
    rows = [row for n in range(20) for row in history(f"s{n}", ("2026-06-01", "A", "2026-06-11"))]
    deals = [SOUND | {"opportunity_id": f"o{n}"} | deal for n, deal in enumerate(open_deals)]
    return make_crm(
        deals=[WON, *stays, *deals], reps=["ana", "bo"], as_of=END, open_stages=STAGES,
        stage_history=[*rows, *changes], **tables,
    )  # fmt: skip


def faults_of(crm):
    """Number of deals per fault, those found only."""
    rows = hygiene_by_rule(crm).set_index("fault")["n_faults"].dropna()
    return {key: int(n) for key, n in rows.items() if n}


def test_a_sound_deal_has_no_fault():
    """All seven rules judge, none finds anything."""
    crm = company({})

    assert hygiene_by_rule(crm)["n_faults"].notna().all()
    assert faults_of(crm) == {"is_clean": 1}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"created_on": "2026-06-21"}, "is_too_old"),
        ({"expected_close_on": "2026-09-29"}, "is_overdue"),
        ({"next_step": None}, "has_no_next_step"),
        ({"next_step": "  "}, "has_no_next_step"),
        ({"stage": "C", "amount": 0}, "has_no_amount"),
        ({"stage": "C", "amount": None}, "has_no_amount"),
    ],
)
def test_each_rule_finds_its_fault(change, fault):
    """One change to a sound deal, one fault."""
    assert faults_of(company({}, change | {"account_id": None})) == {fault: 1, "is_clean": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"created_on": "2026-06-22"},  # exactly as old as the longest win
        {"expected_close_on": "2026-09-30"},  # due today
        {"stage": "B", "amount": None},  # the second stage may have no amount
    ],
)
def test_the_edge_of_a_rule_is_no_fault(change):
    """Up to the limit a deal is sound."""
    assert faults_of(company(change)) == {"is_clean": 1}


def test_a_deal_longer_in_its_stage_than_nine_in_ten_stays_is_stuck():
    """Stays in A lasted ten days: since 19 September is eleven, since the 20th ten."""
    crm = company(
        {}, {"account_id": None},
        changes=[*history("o0", ("2026-09-19", "A", "2026-10-20")), *history("o1", ("2026-09-20", "A", "2026-10-20"))],
    )  # fmt: skip

    assert faults_of(crm) == {"is_stuck": 1, "is_clean": 1}


def test_three_pushes_are_one_too_many_and_pulling_in_is_none():
    """Put off three times, or twice and once brought forward."""
    pushed = [("2026-09-21", "B", "2026-10-01"), ("2026-09-22", "B", "2026-10-05"), ("2026-09-23", "B", "2026-10-08")]
    crm = company(
        {"stage": "B"}, {"stage": "B", "account_id": None},
        changes=[
            *history("o0", *pushed, ("2026-09-24", "B", "2026-10-20")),
            *history("o1", *pushed, ("2026-09-24", "B", "2026-10-02")),
        ],
    )  # fmt: skip

    assert faults_of(crm) == {"is_pushed": 1, "is_clean": 1}


def test_the_second_of_two_alike_deals_of_an_account_may_be_a_twin():
    """Same account and amount two days later; a month later it is a new deal."""
    crm = company({}, {"created_on": "2026-09-03"}, {"created_on": "2026-09-28"})

    assert faults_of(crm) == {"is_twin": 1, "is_clean": 2}


def test_twins_say_nothing_where_customers_buy_alike_deals_in_a_row():
    """When closed deals come in alike pairs too, the rule does not judge."""
    pairs = [
        {"rep_id": "ana", "account_id": "acme", "created_on": day, "closed_on": "2026-08-01", "status": "lost"}
        for day in ("2026-07-01", "2026-07-02")
    ]
    rows = hygiene_by_rule(make_crm(deals=[*pairs, WON, SOUND, SOUND], as_of=END)).set_index("fault")

    assert pd.isna(rows.loc["is_twin", "n_faults"])
    assert "tell deals apart" in rows.loc["is_twin", "missing"]


def test_rules_that_cannot_judge_name_what_they_need():
    """Only creation dates: one rule judges, the others say what is missing, and no rule is counted as kept."""
    crm = make_crm(deals=[WON, {"rep_id": "ana", "created_on": "2025-01-01"}], as_of=END)

    rows = hygiene_by_rule(crm).set_index("fault")

    assert rows.loc["is_too_old", "n_faults"] == 1
    judged = rows["n_faults"].notna()
    assert list(rows.index[judged]) == ["is_too_old", "is_clean"]
    assert (rows.loc[~judged, "missing"] != "").all()


def test_a_rep_s_score_is_the_share_of_sound_deals():
    """Two of three for Ana, none of one for Bo; the company's is counted over deals, not averaged."""
    crm = company(
        {}, {"account_id": "b"}, {"account_id": "c", "next_step": None},
        {"rep_id": "bo", "account_id": "d", "expected_close_on": "2026-01-01", "next_step": None},
    )  # fmt: skip

    reps = hygiene_by_rep(crm).set_index("rep_id")
    clean = hygiene_by_rule(crm).set_index("fault").loc["is_clean"]

    assert reps["hygiene_score"].to_dict() == {"bo": 0, "ana": pytest.approx(2 / 3)}
    assert reps.loc["bo", ["n_overdue", "n_no_next_step"]].tolist() == [1, 1]
    assert clean["fault_rate"] == 0.5
    assert reps["n_clean"].sum() == clean["n_faults"]


def test_the_list_begins_with_the_worst_and_says_what_to_do():
    """Most faults first, then the amount; the gravest fault decides the fix."""
    crm = company(
        {"account_id": "z", "opportunity_id": "sound"},
        {"account_id": "a", "next_step": None, "amount": 10},
        {"account_id": "b", "next_step": None, "amount": 90},
        {"account_id": "c", "next_step": None, "expected_close_on": "2026-01-01"},
    )

    rows = deals_to_fix(crm)

    assert rows["opportunity_id"].tolist() == ["o3", "o2", "o1"]
    assert rows["faults"].tolist() == ["overdue, no next step", "no next step", "no next step"]
    assert rows["fix"].iloc[0] == "Agree a new date, or close"
    assert len(deals_to_fix(crm, most=2)) == 2
