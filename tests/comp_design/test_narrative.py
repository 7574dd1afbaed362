"""Words about pay: each number of a sentence is that of its frame, and no frame makes the words stumble."""

from datetime import date

import pandas as pd
import pytest

from salesops_lib import comp_design, wording
from salesops_lib.parameters import Duties
from salesops_lib.reporting.run.companions import triple_of
from tests.builders import CALENDAR
from tests.calling import as_reported
from tests.comp_design.recipes import SEPTEMBER, company_of, make_plan, parameters_of, rep_quota, tiers
from tests.comp_design.test_metrics import CLIFF, FLAT, MIXED, SOLD, company, frame_of

METRICS = (
    "plan_in_force", "worked_example", "pay_by_team", "pay_distribution", "pay_spread", "reps_not_paid",
    "cost_of_sales", "plan_comparison", "payout_curves", "winners_by_attainment", "incentive_warnings",
)  # fmt: skip
AS_OF = date(2026, 9, 30)


def finding_of(name, frame, *listed):
    """The finding of a frame, called as a report does; ``listed`` are the company's plans."""
    return as_reported(
        triple_of(getattr(comp_design, name)).describe, frame, duties=Duties(parameters_of(*listed), AS_OF)
    )


def said(name, *listed, **more):
    """Frame and finding of a metric for these plans."""
    frame = frame_of(getattr(comp_design, name), *listed, **more)
    return frame, finding_of(name, frame, *listed or [MIXED])


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("listed", [(), (FLAT,), (MIXED, CLIFF)], ids=["no plan", "one plan", "two plans"])
def test_every_finding_stands_without_a_plan_with_one_and_with_two(name, listed):
    """A title that fits, sentences, and no missing value written out."""
    crm = company()
    frame = as_reported(getattr(comp_design, name), crm, period=SEPTEMBER, parameters=parameters_of(*listed))
    finding = finding_of(name, frame, *listed)
    assert 0 < len(finding.title) <= 80
    assert finding.text.endswith((".", ")"))
    assert not {"nan", "None", "NaN", "<NA>", wording.UNDEFINED} & set(finding.text.replace(",", " ").split())


@pytest.mark.parametrize("name", METRICS)
def test_every_finding_stands_for_two_people(name):
    """Nothing may be shown, so nothing is said about amounts."""
    crm = company_of({"ana": 120_000, "bo": 90_000})
    frame = as_reported(getattr(comp_design, name), crm, period=SEPTEMBER, parameters=parameters_of(FLAT, CLIFF))
    finding = finding_of(name, frame, FLAT, CLIFF)
    assert "nan" not in finding.text
    assert wording.UNDEFINED not in finding.text


def test_the_plan_is_said_in_its_own_rates():
    """Shares, rates by stretch, pay at quota, threshold and cap."""
    plan = make_plan(
        mix={"individual": "0.75", "team": "0.25"},
        tiers=tiers((0, "0.8"), ("0.5", "1.2"), (1, "1.6")), threshold="0.25", cap=3, meaning="Pays sellers.",
    )  # fmt: skip
    _frame, finding = said("plan_in_force", plan)
    assert finding.title == "Standard plan: 75% on own results, 25% on the team's"
    for words in (
        "Pays sellers. Attainment is bookings / quota", "**100% of quota pays 100% of target pay**", "0.8%",
        "1.2% from 50%", "1.6% from 100%", "nothing from 225%", "Pay jumps at 25% (by 20% of target)",
        "Below 25% nothing is paid", "No part pays more than 300% of its target",
    ):  # fmt: skip
        assert words in finding.text


def test_the_example_says_its_parts_and_their_sum():
    """120 % in a team at 90 % on 10,000 of target: 7,500 x 1.3 + 2,500 x 0.9."""
    _frame, finding = said("worked_example", MIXED)
    assert finding.title == "Example: a rep at 120% in a team at 90% earns $12,000.00"
    assert "own results $9,750.00 and the team's $2,250.00: **$12,000.00** in all, 120% of target pay" in finding.text


def test_without_a_team_part_the_example_has_no_team():
    """Everything on own results."""
    _frame, finding = said("worked_example", FLAT)
    assert finding.title == "Example: a rep at 120% earns $12,000.00"


def test_pay_by_team_says_sums_and_extremes():
    """All sums are of the rows; most and least paid of target are named with n."""
    frame, finding = said("pay_by_team")
    incentive, target = frame["incentive_amount"].sum(), frame["target_pay_amount"].sum()
    of_target = wording.percent(incentive / target)
    assert finding.title == f"Reps earned {wording.money(incentive)} in incentives in Q3 2026, {of_target} of target"
    most = frame.loc[frame["payout_rate"].idxmax()]
    assert (
        f"{most['name']} earned {wording.percent(most['payout_rate'])} of target pay (n = {most['n_reps']})"
        in finding.text
    )
    assert f"**{wording.money(frame['individual_amount'].sum())}** on own results" in finding.text
    assert finding.stake == incentive


def test_a_running_quarter_says_so():
    """So far, and accrued on bookings to date."""
    crm = company().at(date(2026, 8, 31))
    _frame, finding = said("pay_by_team", crm=crm, period=CALENDAR.period("2026-08"))
    assert "Q3 2026 so far" in finding.title
    assert "pay accrued on bookings to date" in finding.text
    _frame, finding = said("plan_comparison", MIXED, FLAT, crm=crm, period=CALENDAR.period("2026-08"))
    assert "a plan that pays more at the bottom looks dearer" in finding.text


def test_the_distribution_counts_those_at_target():
    """Three of nine at 100 % or more, when a band begins there."""
    sold = {f"r{place}": amount * 1000 for place, amount in enumerate([10, 12, 14, 60, 62, 64, 105, 110, 120])}
    _frame, finding = said("pay_distribution", FLAT, crm=company_of(sold))
    assert finding.title == "3 of 9 reps earned their target pay or more in Q3 2026"


def test_the_spread_says_the_middle():
    """Median payout, with n."""
    frame, finding = said("pay_spread", FLAT)
    assert finding.title == "The rep in the middle earned 95% of target in Q3 2026"
    assert f"(n = {frame['n_reps'].iloc[0]})" in finding.text


def test_people_without_a_payout_who_booked_ask_for_an_action():
    """Somebody must say what they earn; without bookings it is for information."""
    crm = company_of({"ana": 10_000, "bo": 1}, quotas=[rep_quota("bo", 1)])
    _frame, finding = said("reps_not_paid", FLAT, crm=crm)
    assert finding.title == "1 person has no payout under the plan for Q3 2026"
    assert (finding.status, finding.stake) == ("watch", 10_000)
    assert finding.action
    assert CALENDAR.selling_days(date(2026, 10, 1), finding.action.due_on) == 7
    crm = company_of({"ana": 0, "bo": 1}, quotas=[rep_quota("bo", 1)])
    _frame, finding = said("reps_not_paid", FLAT, crm=crm)
    assert (finding.status, finding.action) == ("note", None)
    assert "None of them booked" in finding.text


def test_cost_of_sales_is_said_per_hundred():
    """The rate of the last row, the change to the row before, and what the next hundred costs."""
    frame, finding = said("cost_of_sales")
    last = frame.iloc[-1]
    assert finding.title == f"Each $100 of bookings cost ${last['cost_of_sales_rate'] * 100:.2f} in pay in Q3 2026"
    assert f"**${last['next_unit_cost_rate'] * 100:.2f}** in incentives" in finding.text
    assert f"{wording.money(last['lead_incentive_amount'])} of it managers'" in finding.text


def test_a_next_unit_dearer_than_the_average_is_watched():
    """Base of 80,000 a year on little: only an accelerator can do it."""
    roles = {"seller": {"base_amount": 0, "target_variable_amount": 40_000}}
    plan = make_plan(roles=roles, tiers=tiers((0, 1), (1, 3)))
    _frame, finding = said("cost_of_sales", plan, crm=company_of(dict.fromkeys("abc", 120_000)))
    assert finding.status == "watch"


def test_the_comparison_says_the_difference_and_both_rates():
    """Cost of the second row less the first; both costs of sales, slopes and Ginis."""
    frame, finding = said("plan_comparison", MIXED, CLIFF)
    now, then = frame.to_dict("records")
    change = then["cost_amount"] - now["cost_amount"]
    more = "more" if change > 0 else "less"
    assert finding.title == f"Cliff plan would cost {wording.money(abs(change))} {more} on the same deals"
    rates = [wording.percent(each["cost_of_sales_rate"], 1) for each in (then, now)]
    assert f"Cost of sales would be **{rates[0]}** in place of {rates[1]}" in finding.text
    assert (
        f"{then['pay_slope'] * 10:.1f} points more of target pay in place of {now['pay_slope'] * 10:.1f}"
        in finding.text
    )
    assert f"Gini {then['gini']:.2f} in place of {now['gini']:.2f}" in finding.text
    low, high = wording.percent(then["at_quota_rate_low"]), wording.percent(then["at_quota_rate_high"])
    assert f"(n = 7, 95% interval {low} to {high})" in finding.text


def test_plans_that_pay_other_people_say_so():
    """A plan without the manager's team goal, or the seller's role, compares unlike with like."""
    crm = company_of({**SOLD, "zed": 50_000}, people={"zed": {"role": "farmer"}})
    roles = {**{role: pay.model_dump() for role, pay in FLAT.roles.items()}}
    wider = make_plan("wider", roles={**roles, "farmer": {"base_amount": 1, "target_variable_amount": 1}})
    _frame, finding = said("plan_comparison", FLAT, wider, crm=crm)
    assert "The plans do not pay the same people: 7 reps now, 8 then." in finding.text


def test_winners_and_losers_are_the_rows_sums():
    """More, less and the largest change of a band."""
    frame, finding = said("winners_by_attainment", FLAT, CLIFF)
    more, less = frame["n_more"].sum(), frame["n_less"].sum()
    assert finding.title == f"{more} of 7 reps would earn more under Cliff plan, {less} less"
    gain = frame.loc[frame["change_amount"].idxmax()]
    assert f"**{wording.money(gain['change_amount'])}** more" in finding.text


def test_curves_are_compared_where_they_differ_most():
    """Below quota the cliff pays half; at 125 % it pays 187.5 %."""
    _frame, finding = said("payout_curves", FLAT, CLIFF)
    assert finding.title == "At 125% of quota: 187.5% of target, in place of 125%"
    assert "25% at 50% of quota (now 50%)" in finding.text


def test_equal_curves_are_said_to_be_equal():
    """A plan under another name."""
    _frame, finding = said("payout_curves", FLAT, make_plan("twin"))
    assert finding.title == "Both plans pay the same share of target at each attainment"


def test_a_jump_in_the_plan_in_force_asks_for_an_action():
    """A rate that reaches back is severe; the due day is ten selling days on."""
    _frame, finding = said("incentive_warnings", CLIFF, FLAT)
    assert finding.title == "Pay jumps by 100% of target at 100% of quota"
    assert finding.status == "act"
    assert finding.action
    assert CALENDAR.selling_days(date(2026, 10, 1), finding.action.due_on) == 10


def test_a_threshold_alone_is_watched():
    """A cliff, but no rate that reaches back."""
    _frame, finding = said("incentive_warnings", make_plan(threshold="0.5"))
    assert finding.title == "Pay jumps by 50% of target at 50% of quota"
    assert finding.status == "watch"


def test_a_smooth_plan_is_good_and_the_others_faults_are_said():
    """The plan in force has none; the other one jumps."""
    _frame, finding = said("incentive_warnings", FLAT, CLIFF)
    assert finding.status == "good"
    assert "Cliff plan: pay jumps at 100%" in finding.text


@pytest.mark.parametrize("name", ["incentive_warnings", "reps_not_paid"])
def test_without_a_plan_nothing_is_said_of_the_plan_in_force(name):
    """No plan pays everybody, and none is without a jump: there is none."""
    finding = finding_of(name, frame_of(getattr(comp_design, name), crm=company()).head(0))

    assert finding.title == "No compensation plan is in force"
    assert finding.status == "note"


def test_long_titles_of_plans_are_cut_in_titles():
    """A finding's title stays short."""
    long = make_plan("long", title="The plan that was agreed with everybody after the third round of talks")
    for name in ("plan_comparison", "winners_by_attainment"):
        assert len(said(name, FLAT, long)[1].title) <= 80


def test_findings_of_a_metric_without_rows_never_open_the_report():
    """Nothing to say is no headline."""
    for name in METRICS:
        frame = as_reported(getattr(comp_design, name), company(), period=SEPTEMBER, parameters=parameters_of())
        if frame.empty:
            assert not finding_of(name, frame).is_headline
            assert isinstance(frame, pd.DataFrame)
