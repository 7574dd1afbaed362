"""The frames that a report shows: sums that add up, groups that are large enough, plans compared like with like."""

from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib import comp_design
from salesops_lib.comp_design.alternatives.metrics import pay_for_performance
from salesops_lib.errors import ParameterError
from salesops_lib.measures import bookings
from tests.builders import make_crm
from tests.calling import as_reported
from tests.comp_design.recipes import Q3, SEPTEMBER, company_of, make_plan, parameters_of, plans, rep_quota, tiers

SOLD = {"ana": 30_000, "bo": 60_000, "cy": 90_000, "dee": 110_000, "eve": 130_000, "fay": 170_000, "gus": 95_000}
TEAMS = {"ana": "a", "bo": "a", "cy": "a", "dee": "b", "eve": "b", "fay": "b", "gus": "c"}
MIXED = make_plan(mix={"individual": "0.75", "team": "0.25"}, tiers=tiers((0, 1), (1, "1.5")))
FLAT = make_plan("flat")
CLIFF = make_plan("cliff", application="whole", tiers=tiers((0, "0.5"), (1, "1.5")), cap=2)


MANAGERS = {"max": "a", "mia": "b", "moe": "c"}


@cache
def company():
    """Seven sellers in three teams and three managers."""
    return company_of(SOLD, team_of=TEAMS, managers=MANAGERS)


def frame_of(metric, *listed, crm=None, period=SEPTEMBER, **options):
    """A metric's frame for these plans."""
    given = {"period": period, "parameters": parameters_of(*listed or [MIXED]), **options}
    return as_reported(metric, crm or company(), **given)


def test_teams_of_fewer_than_three_are_put_together_with_the_next():
    """One rep in team c: shown with the next larger team, so that subtraction tells nothing."""
    teams = frame_of(comp_design.pay_by_team)
    assert sorted(teams["n_reps"]) == [3, 4]
    assert set(teams["name"]) == {"B", "Small teams together"}
    assert teams.set_index("name").loc["Small teams together", ["team_id", "attainment_rate"]].isna().all()


def test_pay_of_two_people_is_missing_and_their_number_is_not():
    """Nothing to put them together with."""
    teams = frame_of(comp_design.pay_by_team, FLAT, crm=company_of({"ana": 1, "bo": 2}))
    assert teams["n_reps"].tolist() == [2]
    assert teams[["target_pay_amount", "individual_amount", "incentive_amount", "payout_rate"]].isna().all(axis=None)


def test_teams_add_up_to_all_reps_to_the_cent():
    """Each rep is in one row; own and team pay are the incentive pay."""
    teams = frame_of(comp_design.pay_by_team)
    people = frame_of(comp_design.pay_by_rep)
    reps = people[~people["is_lead"]]
    assert round(teams["incentive_amount"].sum(), 2) == float(reps["incentive_amount"].sum())
    assert np.allclose(teams["individual_amount"] + teams["team_amount"], teams["incentive_amount"])


def test_bands_of_payout_hold_everybody_and_three_each():
    """Reps paid are all in one band."""
    bands = frame_of(comp_design.pay_distribution)
    assert bands["n_reps"].sum() == len(SOLD)
    assert not bands["n_reps"].isin([1, 2]).any()
    assert bands["share_rate"].sum() == pytest.approx(1)


def test_the_middle_of_the_spread_is_the_median_payout():
    """Seven reps: only the median has three on either side."""
    spread = frame_of(comp_design.pay_spread, FLAT)
    assert spread["below_rate"].tolist() == [0.5]
    assert spread["payout_rate"].tolist() == pytest.approx([0.95])
    assert spread["incentive_amount"].tolist() == pytest.approx([9500])


def test_people_without_a_payout_are_counted_by_reason():
    """Two without a quota, one of a role that the plan does not know."""
    crm = company_of(
        {"ana": 10, "bo": 20, "cy": 30, "dee": 40},
        quotas=[rep_quota("cy", 100), rep_quota("dee", 100)],
        people={"dee": {"role": "intern"}},
    )
    reasons = frame_of(comp_design.reps_not_paid, FLAT, crm=crm)
    assert reasons[["who", "n_people", "bookings_amount"]].to_numpy().tolist() == [["rep", 2, 30.0], ["rep", 1, 40.0]]
    assert reasons["reason"].tolist() == ["No quota for the quarter", "The plan has no pay for the role"]
    assert reasons["n_paid"].tolist() == [1, 1]


def test_cost_of_sales_is_base_and_all_incentives_over_bookings():
    """Base of reps, incentives of reps and managers; managers' base is not in it."""
    last = frame_of(comp_design.cost_of_sales).iloc[-1]
    people = frame_of(comp_design.pay_by_rep)
    base = float(people.loc[~people["is_lead"], "base_amount"].sum())
    incentives = float(people["incentive_amount"].sum())
    assert last["base_amount"] == base
    assert last["incentive_amount"] == incentives
    assert last["lead_incentive_amount"] == float(people.loc[people["is_lead"], "incentive_amount"].sum())
    assert last["cost_of_sales_rate"] == pytest.approx((base + incentives) / sum(SOLD.values()))


def test_incentives_of_two_managers_are_not_shown_alone():
    """They are in the sum all the same."""
    crm = company_of(SOLD, team_of=TEAMS, managers={"max": "a", "mia": "b"})
    last = frame_of(comp_design.cost_of_sales, crm=crm).iloc[-1]
    people = frame_of(comp_design.pay_by_rep, crm=crm)
    assert pd.isna(last["lead_incentive_amount"])
    assert last["incentive_amount"] == float(people["incentive_amount"].sum())


def test_the_next_unit_costs_the_base_rate_times_the_slope():
    """Everybody between 100 % and 130 %, straight 1.5 beyond quota: 10,000 / 100,000 x 1.5."""
    crm = company_of(dict.fromkeys("abc", 120_000))
    last = frame_of(comp_design.cost_of_sales, make_plan(tiers=tiers((0, 1), (1, "1.5"))), crm=crm).iloc[-1]
    assert last["next_unit_cost_rate"] == pytest.approx(0.15)


def test_each_quarter_is_priced_with_its_own_bookings():
    """A deal of the second quarter is in the second quarter's row, against its own quota."""
    crm = company_of(
        dict.fromkeys("abc", 0),
        deals=[("a", "2026-05-04", "won", 80_000), ("a", "2026-08-03", "won", 50_000)],
        quotas=[rep_quota(who, 100_000, label) for who in "abc" for label in ("2026-Q2", "2026-Q3")],
    )
    quarters = frame_of(comp_design.cost_of_sales, FLAT, crm=crm).set_index("period")
    assert quarters.loc["2026-Q2", ["bookings_amount", "incentive_amount"]].tolist() == [80_000, 8_000]
    assert quarters.loc["2026-Q3", ["bookings_amount", "incentive_amount"]].tolist() == [50_000, 5_000]


def test_cost_of_two_people_is_missing():
    """Base and incentives of one or two people would be their pay."""
    last = frame_of(comp_design.cost_of_sales, FLAT, crm=company_of({"ana": 1, "bo": 2})).iloc[-1]
    assert last[["base_amount", "incentive_amount", "cost_amount", "cost_of_sales_rate"]].isna().all()


def test_a_running_quarter_is_marked_partial_in_every_frame():
    """Seen on 31 August, the third quarter is not over."""
    crm = company().at(date(2026, 8, 31))
    august = crm.calendar.period("2026-08")
    for metric in (
        comp_design.pay_by_team, comp_design.pay_distribution, comp_design.pay_spread, comp_design.cost_of_sales,
        comp_design.plan_comparison, comp_design.winners_by_attainment,
    ):  # fmt: skip
        assert frame_of(metric, MIXED, FLAT, crm=crm, period=august)["is_partial"].iloc[-1]


def test_cards_compare_with_the_quarter_before_only_when_whole():
    """A quarter to date beside a whole one would look like a fall."""
    quotas = [rep_quota(who, 100_000, label) for who in "abc" for label in ("2026-Q2", "2026-Q3")]
    deals = [(who, day, "won", 80_000) for who in "abc" for day in ("2026-05-04", "2026-08-03")]
    crm = company_of(dict.fromkeys("abc", 0), deals=deals, quotas=quotas)
    whole = frame_of(comp_design.cards, FLAT, crm=crm).set_index("key")
    running = frame_of(comp_design.cards, FLAT, crm=crm.at(date(2026, 8, 31)), period=Q3).set_index("key")
    assert whole.loc["incentives", "change"] == pytest.approx(0)
    assert whole.loc["incentives", "compared_with"] == "Q2 2026"
    assert running["change"].isna().all()
    assert set(running["compared_with"]) == {""}


def test_cards_of_a_company_without_quotas_are_none():
    """And no error: the other cells say what is missing."""
    bare = make_crm(deals=[("ana", "2026-08-03", "won")])
    assert frame_of(comp_design.cards, FLAT, crm=bare).empty


def test_both_plans_are_priced_on_the_same_deals():
    """Attainment and people are the same; pay is each plan's own."""
    now, then = frame_of(comp_design.plan_comparison, FLAT, CLIFF).to_dict("records")
    assert now["n_reps"] == then["n_reps"] == len(SOLD)
    assert now["at_quota_rate"] == then["at_quota_rate"] == pytest.approx(3 / 7)
    reached = [amount / 100_000 for amount in SOLD.values()]
    assert now["payout_rate"] == pytest.approx(np.mean(reached))
    assert then["payout_rate"] == pytest.approx(np.mean([min(a * (1.5 if a >= 1 else 0.5), 2) for a in reached]))
    assert (now["n_jumps"], then["n_jumps"]) == (0, 1)
    assert then["largest_jump_rate"] == pytest.approx(1.0)


def test_a_straight_plan_pays_point_for_point():
    """Slope and correlation are 1 where pay is attainment."""
    now = frame_of(comp_design.plan_comparison, FLAT, CLIFF).iloc[0]
    assert now["pay_slope"] == pytest.approx(1)
    assert now["pay_correlation"] == pytest.approx(1)


@settings(max_examples=25, deadline=None)
@given(
    x=st.lists(st.floats(0, 3), min_size=3, max_size=30, unique=True).filter(lambda given: np.std(given) > 0.01),
    seed=st.integers(0, 99),
)
def test_slope_and_correlation_are_those_of_numpy(x, seed):
    """Least squares by polyfit, Pearson by corrcoef."""
    y = np.random.default_rng(seed).uniform(0, 2, len(x))
    slope, correlation = pay_for_performance(x, list(y))
    assert slope == pytest.approx(np.polyfit(x, y, 1)[0], rel=1e-6, abs=1e-8)
    assert correlation == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-8)


def test_slope_is_missing_where_attainment_does_not_vary():
    """Three people at the same attainment tell nothing about a slope."""
    assert np.isnan(pay_for_performance([1, 1, 1], [1, 2, 3])).all()


@settings(max_examples=25, deadline=None)
@given(other=plans())
def test_winners_losers_and_sums_hold_for_any_other_plan(other):
    """Everybody wins, loses or stays; the bands' sums are the difference of the two plans' pay."""
    crm = company()
    other = other.model_copy(update={"name": "other", "mix": MIXED.mix})
    bands = frame_of(comp_design.winners_by_attainment, MIXED, other, crm=crm)
    both = [frame_of(comp_design.pay_by_rep, plan, crm=crm) for plan in (MIXED, other)]
    now, then = (frame.loc[~frame["is_lead"], "incentive_amount"].reset_index(drop=True) for frame in both)
    assert (bands[["n_more", "n_same", "n_less"]].sum(axis=1) == bands["n_reps"]).all()
    assert bands["n_more"].sum() == sum(a > b for a, b in zip(then, now, strict=True))
    assert round(bands["change_amount"].sum(), 2) == float(sum(then) - sum(now))


def test_higher_base_pay_makes_winners_too():
    """Who earns the same incentive and 1,000 more base earns more."""
    richer = make_plan("richer", roles={"seller": {"base_amount": 84_000, "target_variable_amount": 40_000}})
    bands = frame_of(comp_design.winners_by_attainment, FLAT, richer, crm=company_of(SOLD))
    assert bands["n_more"].sum() == len(SOLD)
    assert bands["change_amount"].sum() == 1_000 * len(SOLD)


def test_without_another_plan_there_is_nothing_to_compare():
    """Empty frames with their columns."""
    for metric in (comp_design.plan_comparison, comp_design.winners_by_attainment, comp_design.payout_curves):
        assert frame_of(metric, FLAT).empty


@pytest.mark.parametrize(
    ("named", "words"), [("clif", "Did you mean"), ("standard", "is the plan in force"), ("x", "is no plan")]
)
def test_a_plan_that_is_not_there_is_named_with_what_is(named, words):
    """The message says which plans there are."""
    with pytest.raises(ParameterError, match=words):
        frame_of(comp_design.plan_comparison, make_plan(), CLIFF, alternative=named)


def test_the_alternative_named_is_the_one_compared():
    """Not the first other one."""
    frame = frame_of(comp_design.plan_comparison, FLAT, MIXED, CLIFF, alternative="cliff")
    assert frame["plan"].tolist() == ["flat", "cliff"]


def test_curve_frames_meet_and_say_their_jumps():
    """Pay at a stretch's start is pay at the end of the one before, plus the jump."""
    curve = frame_of(comp_design.plan_in_force, CLIFF)
    for before, after in pairwise(curve.to_dict("records")):
        assert after["from_rate"] == before["to_rate"]
        assert after["pay_from_rate"] == pytest.approx(before["pay_to_rate"] + after["jump_rate"])


@settings(max_examples=25, deadline=None)
@given(plan=plans())
def test_the_worked_examples_parts_add_up_to_its_total(plan):
    """To the cent, for any plan; target pay is own and team part."""
    steps = frame_of(comp_design.worked_example, plan, crm=company()).set_index("step")
    exact = steps["worked_amount"].map(lambda amount: Decimal(str(amount)))
    parts = exact[steps["kind"].isin(["own part", "team part"])]
    assert sum(parts) == exact["Pay of the quarter"]
    assert exact["Own part"] + exact["Team part"] == exact["Target pay of the quarter"]


def test_the_worked_example_is_nobodys_quota():
    """A round figure near the middle of the role's quotas."""
    crm = company_of(SOLD, quota=123_456)
    steps = frame_of(comp_design.worked_example, FLAT, crm=crm).set_index("step")
    assert steps.loc["Own bookings", "worked_amount"] == 120_000 * 1.2


def test_warnings_name_jump_threshold_and_reach_back():
    """A whole plan with a threshold: nothing below, a jump, a rate that reaches back, and the cap."""
    plan = make_plan(application="whole", tiers=tiers((0, 1), (1, "1.5")), threshold="0.5", cap=3)
    warnings = frame_of(comp_design.incentive_warnings, plan, crm=company_of(SOLD))
    assert list(zip(warnings["kind"], warnings["at_rate"], strict=True)) == [
        ("jump", 0.5), ("jump", 1.0), ("whole", 1.0), ("nothing", 0.5), ("flat", 2.0),
    ]  # fmt: skip
    jump = warnings.set_index(["kind", "at_rate"]).loc[("jump", 1.0)]
    assert jump["jump_rate"] == pytest.approx(0.5)
    assert jump["jump_amount"] == pytest.approx(5_000)


def test_reps_near_a_jump_are_counted_but_not_one_or_two():
    """95 % and 90 % are within ten points below 100 %; two people are too few to say."""
    warnings = frame_of(comp_design.incentive_warnings, CLIFF, crm=company_of(SOLD))
    assert pd.isna(warnings.set_index("kind").loc["jump", "n_near"])
    more = {**SOLD, "hal": 99_000}
    warnings = frame_of(comp_design.incentive_warnings, CLIFF, crm=company_of(more))
    assert warnings.set_index("kind").loc["jump", "n_near"] == 3


def test_a_straight_plan_without_end_warns_of_nothing():
    """No boundary, no warning."""
    assert frame_of(comp_design.incentive_warnings, FLAT).empty


def test_falling_points_are_said_to_lower_pay():
    """An interpolated plan may fall from point to point: each deal then costs the rep money."""
    plan = make_plan(application="interpolated", tiers=tiers((0, 0), (1, 1), (2, "0.5")))
    warnings = frame_of(comp_design.incentive_warnings, plan)
    assert warnings["kind"].tolist()[0] == "sinking"


def test_bookings_of_cost_are_the_companys(demo_crm, demo_parameters):
    """On the demo company: whoever is credited, with or without pay, is in the denominator."""
    costs = comp_design.cost_of_sales(demo_crm, period=SEPTEMBER, parameters=demo_parameters)
    booked = bookings(demo_crm, demo_crm.calendar.period(costs["period"].iloc[-1]))["bookings_amount"].iloc[0]
    assert costs["bookings_amount"].iloc[-1] == pytest.approx(booked, abs=0.005)
