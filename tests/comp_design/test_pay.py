"""Pay of a person: order of calculation, rounding, who is paid and who is not."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.comp_design import pay_by_rep
from salesops_lib.comp_design.pay import Paid, pay_all
from salesops_lib.comp_design.payout import cents
from salesops_lib.comp_design.sellers import Seller, SoldQuarter
from salesops_lib.errors import MissingTableError
from tests.builders import make_crm
from tests.comp_design.recipes import (
    Q3,
    ROLE,
    SEPTEMBER,
    company_of,
    make_plan,
    parameters_of,
    plans,
    rep_quota,
    slow_payout,
    tiers,
)

MIXED = {"individual": Decimal("0.75"), "team": Decimal("0.25")}
money = st.decimals(0, 10**6, places=2)


def paid_of(crm, *listed, period=SEPTEMBER):
    """Pay by rep under the first plan."""
    return pay_by_rep(crm, period=period, parameters=parameters_of(*listed or [make_plan()])).set_index("rep_id")


def one_seller(own, team=(Decimal(0), None), employed=Fraction(1)):
    """A quarter with one seller."""
    seller = Seller("ana", ROLE, False, "t", employed, employed, own, team)
    return SoldQuarter(Q3, (seller,), own[0], False)


def test_quota_pays_target():
    """At 100 % of quota a straight plan pays a quarter of the yearly target."""
    assert paid_of(company_of({"ana": 100_000})).loc["ana", "incentive_amount"] == Decimal("10000.00")


def test_three_quarters_hang_on_own_and_one_on_the_teams_attainment():
    """Ana at 120 %, her team at 90 %: 7,500 x 1.2 + 2,500 x 0.9."""
    crm = company_of({"ana": 120_000, "bo": 60_000}, team_of={"ana": "t", "bo": "t"})

    ana = paid_of(crm, make_plan(mix=MIXED)).loc["ana"]

    assert ana["individual_amount"] == Decimal("9000.00")
    assert ana["team_amount"] == Decimal("2250.00")
    assert ana["incentive_amount"] == Decimal("11250.00")


@settings(max_examples=50, deadline=None)
@given(plan=plans(), own=money, team=money, quota=st.decimals(1, 10**6, places=2), share=st.fractions(0, 1))
def test_parts_add_up_to_the_cent_and_follow_the_table(plan, own, team, quota, share):
    """Targets add up to the target, pay to the incentive; each part is the table's share of its target, half-up."""
    [paid] = pay_all(one_seller((own, quota), (team, quota), share), plan)

    if not share:
        assert paid.pay.outcome == "not employed"
        return
    target = cents(Fraction(10_000) * share)
    own_target = cents(Fraction(target) * Fraction(plan.mix.individual))
    team_target = target - own_target
    assert paid.pay.target == target
    assert paid.pay.individual == cents(Fraction(own_target) * slow_payout(plan, Fraction(own) / Fraction(quota)))
    assert paid.pay.team == cents(Fraction(team_target) * slow_payout(plan, Fraction(team) / Fraction(quota)))
    assert paid.pay.incentive == paid.pay.individual + paid.pay.team
    if plan.cap is not None:
        assert paid.pay.incentive <= cents(Fraction(target) * Fraction(plan.cap)) + Decimal("0.01")


@settings(max_examples=10, deadline=None)
@given(amount=st.decimals(2, 10**6, places=2), share=st.fractions(0, 1))
def test_splitting_a_deal_in_two_changes_no_pay(amount, share):
    """One deal or two of the same sum: the same quarter, the same pay."""
    first = cents(Fraction(amount) * share)
    quotas = [rep_quota("ana", 250_000)]
    rep = [{"rep_id": "ana", "name": "Ana", "role": ROLE}]
    plan = make_plan(tiers=tiers((0, "0.8"), ("0.5", "1.2"), (1, "1.6")))
    pay = [
        paid_of(make_crm(deals=[("ana", "2026-08-03", "won", each) for each in deals], reps=rep, quotas=quotas), plan)
        for deals in ([amount], [first, amount - first])
    ]
    assert pay[0].loc["ana", "incentive_amount"] == pay[1].loc["ana", "incentive_amount"]


def test_a_joiner_has_part_of_the_target_by_days():
    """Target and base for the days from 16 August on, both ends included."""
    crm = company_of({"ana": 100_000}, people={"ana": {"started_on": "2026-08-16"}})

    ana = paid_of(crm).loc["ana"]

    days = (date(2026, 9, 30) - date(2026, 8, 16)).days + 1
    assert ana["target_pay_amount"] == cents(Fraction(10_000 * days, 92))
    assert ana["base_amount"] == cents(Fraction(20_000 * days, 92))


def test_a_leaver_is_paid_until_the_last_day():
    """Both ends included: 1 to 23 July are 23 of 92 days."""
    crm = company_of({"ana": 100_000}, people={"ana": {"ended_on": "2026-07-23"}})
    assert paid_of(crm).loc["ana", "target_pay_amount"] == Decimal("2500.00")


def test_a_running_quarter_accrues_on_bookings_to_date_and_base_by_days_over():
    """On 31 August the target is the whole quarter's; base is for 62 of 92 days."""
    crm = company_of({"ana": 50_000}).at(date(2026, 8, 31))

    ana = paid_of(crm, period=Q3).loc["ana"]

    assert ana["target_pay_amount"] == Decimal("10000.00")
    assert ana["incentive_amount"] == Decimal("5000.00")
    assert ana["base_amount"] == cents(Fraction(20_000 * 62, 92))


def test_a_manager_is_paid_on_the_team_alone():
    """A straight plan and a team at 90 %: 0.9 of 5,000, although the mix puts everything on own results."""
    crm = company_of({"ana": 90_000}, team_of={"ana": "t"}, managers={"max": "t"})

    pay = paid_of(crm).loc["max"]

    assert pay["is_lead"]
    assert pay["individual_amount"] == 0
    assert pay["team_amount"] == Decimal("4500.00")


def test_whom_a_team_names_as_manager_is_paid_on_the_team_whatever_the_role():
    """A team lead with the team's goal once more and no deal of their own: the team is at 90 %, and so is the pay."""
    crm = company_of(
        {"ana": 90_000},
        team_of={"ana": "t"},
        managers={"max": "t"},
        people={"max": {"role": ROLE}},
        quotas=[rep_quota(who, 100_000) for who in ("ana", "max")],
    )

    pay = paid_of(crm).loc["max"]

    assert pay["is_lead"]
    assert (pay["individual_amount"], pay["team_amount"]) == (0, Decimal("9000.00"))


def test_a_manager_of_two_teams_is_measured_on_both_together():
    """150 of 200 booked over two teams pays 0.75, not the mean of two payouts."""
    crm = company_of(
        {"ana": 150_000, "bo": 0},
        reps=[{"rep_id": who, "name": who, "role": ROLE} for who in ("ana", "bo")]
        + [{"rep_id": "max", "name": "Max", "role": "manager"}],
        teams=[{"team_id": team, "name": team, "manager_id": "max"} for team in ("a", "b")],
        team_members=[{"rep_id": "ana", "team_id": "a"}, {"rep_id": "bo", "team_id": "b"}],
    )
    plan = make_plan(tiers=tiers((0, 1), (1, 3)))
    assert paid_of(crm, plan).loc["max", "team_amount"] == Decimal("3750.00")


def test_a_team_s_pay_counts_the_goals_of_those_who_left_it():
    """Bo went at the end of July with 23 of 66 selling days of goal: 50,000 of 134,848 and not of 100,000 pay."""
    crm = company_of(
        {"ana": 50_000, "bo": 0},
        teams=[{"team_id": team, "name": team} for team in ("a", "b")],
        team_members=[
            {"rep_id": "ana", "team_id": "a"},
            {"rep_id": "bo", "team_id": "a", "to_on": "2026-07-31"},
            {"rep_id": "bo", "team_id": "b", "from_on": "2026-08-01"},
        ],
    )
    plan = make_plan(mix={"individual": 0, "team": 1})

    assert paid_of(crm, plan).loc["ana", "team_amount"] == cents(Fraction(50_000) / Fraction("134848.48") * 10_000)


def test_who_moves_is_paid_on_the_last_team():
    """Ana left team a for b in August; b is at 200 %."""
    crm = company_of(
        {"ana": 0, "bo": 200_000},
        teams=[{"team_id": "a", "name": "A"}, {"team_id": "b", "name": "B"}],
        team_members=[
            {"rep_id": "ana", "team_id": "a", "to_on": "2026-08-09"},
            {"rep_id": "ana", "team_id": "b", "from_on": "2026-08-10"},
            {"rep_id": "bo", "team_id": "b"},
        ],
        quotas=[
            *(rep_quota(who, 100_000) for who in ("ana", "bo")),
            {"level": "team", "team_id": "b", "period": "2026-Q3", "measure": "bookings", "amount": 100_000},
        ],
    )
    ana = paid_of(crm, make_plan(mix=MIXED)).loc["ana"]
    assert ana["team_id"] == "b"
    assert ana["team_amount"] == Decimal("5000.00")


@pytest.mark.parametrize(
    ("changes", "mix", "outcome"),
    [
        ({"quota": None, "quotas": [rep_quota("bo", 1)]}, None, "no quota"),
        ({"people": {"ana": {"role": "intern"}}}, None, "role not in plan"),
        ({"people": {"ana": {"ended_on": "2026-06-30"}}}, None, "not employed"),
        ({}, MIXED, "no team goal"),
        ({"quota": 0}, None, "no quota"),
    ],
    ids=["no quota", "unknown role", "left before", "no team", "quota of 0"],
)
def test_who_cannot_be_paid_is_listed_with_the_reason(changes, mix, outcome):
    """No amount is guessed: incentive pay is missing, not 0."""
    sold = {"ana": 50_000, **({"bo": 0} if "quotas" in changes else {})}
    ana = paid_of(company_of(sold, **changes), make_plan(**({"mix": mix} if mix else {}))).loc["ana"]
    assert ana["outcome"] == outcome
    assert ana["incentive_amount"] is None


def test_without_a_quota_base_pay_still_counts():
    """It is paid whether or not a goal was agreed."""
    crm = company_of({"ana": 50_000, "bo": 1}, quotas=[rep_quota("bo", 1)])
    assert paid_of(crm).loc["ana", "base_amount"] == Decimal("20000.00")


def test_without_quotas_the_missing_table_is_named():
    """A company without goals gets a note, not a payout."""
    crm = make_crm(deals=[("ana", "2026-08-03", "won")])
    with pytest.raises(MissingTableError, match="quotas"):
        paid_of(crm)


def test_without_a_plan_nobody_is_paid():
    """An empty frame with the same columns."""
    frame = pay_by_rep(company_of({"ana": 1}), period=SEPTEMBER, parameters=parameters_of())
    assert frame.empty


def test_payout_of_no_target_is_missing():
    """Pay of a role without variable pay is no share of anything."""
    plan = make_plan(roles={ROLE: {"base_amount": 1, "target_variable_amount": 0}})
    [paid] = pay_all(one_seller((Decimal(5), Decimal(10))), plan)
    assert isinstance(paid, Paid)
    assert pd.isna(paid.payout_rate)
