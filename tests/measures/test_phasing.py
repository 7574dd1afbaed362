"""Phasing: parts of a goal add up to the cent in every shape, and joiners, leavers and ramps carry their share."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.measures import goals
from salesops_lib.measures.phasing import Phasing
from salesops_lib.parameters.company import GoalRules
from salesops_lib.periods import FiscalCalendar
from tests.builders import CALENDAR, make_crm

Q3 = CALENDAR.period("2026-Q3")
MONTHS = CALENDAR.within(Q3, "month")


def quota(amount, rep="ana", period="2026-Q3"):
    """One rep's goal."""
    return {"level": "rep", "rep_id": rep, "period": period, "measure": "bookings", "amount": amount}


def months_of(rules, *, deals=(), started=None, ended=None, amount=9000):
    """The goals of July, August and September out of one quarter's quota."""
    reps = [{"rep_id": "ana", "name": "Ana", "started_on": started, "ended_on": ended}]
    crm = make_crm(reps=reps, deals=deals, quotas=[quota(amount)], goal_rules=rules)
    return goals(crm, MONTHS, level="rep")["quota_amount"].tolist()


@settings(max_examples=15, deadline=None)
@given(
    amount=st.decimals(min_value=0, max_value=10**8, places=2),
    phasing=st.sampled_from(["selling_days", "last_year", "even"]),
    layout=st.sampled_from(["month", "4-4-5"]),
    started=st.dates(date(2026, 6, 1), date(2026, 9, 30)),
    ramp=st.lists(st.sampled_from([0.25, 0.5, 1.0]), max_size=3),
    seed=st.integers(1, 10**6),
)
def test_any_split_adds_up_to_the_quarter_to_the_cent(amount, phasing, layout, started, ramp, seed):
    """Days, months and the quarter itself, whatever the shape and whoever carries it."""
    calendar = FiscalCalendar(layout=layout)
    quarter = calendar.period("2026-Q3")
    months = calendar.within(quarter, "month")
    booked = {calendar.year_before(month).label: seed * (place + 1) % 997 + 1 for place, month in enumerate(months)}
    reps = [{"rep_id": "ana", "name": "Ana", "started_on": started}]
    rules = GoalRules(phasing=phasing, prorate=True, ramp=tuple(ramp))
    deals = [("ana", calendar.period(label).start, "won", value) for label, value in booked.items()]
    crm = make_crm(reps=reps, deals=deals, quotas=[quota(amount)], goal_rules=rules, calendar=calendar)

    parts = goals(crm, months, level="rep")["quota_amount"]
    whole = goals(crm, [quarter], level="rep")["quota_amount"]

    assert round(parts.sum(), 2) == whole.iloc[0] <= float(amount)


def test_last_years_shape_gives_each_month_its_share():
    """1 : 2 : 3 a year ago is 1,500 : 3,000 : 4,500 now."""
    deals = [("ana", f"2025-0{month}-10", "won", 100 * (month - 6)) for month in (7, 8, 9)]

    assert months_of(GoalRules(phasing="last_year"), deals=deals) == [1500, 3000, 4500]


def test_a_shape_with_an_empty_month_is_not_followed():
    """July without bookings a year ago is data that does not reach back, not a month without a goal."""
    deals = [("ana", "2025-08-10", "won", 100), ("ana", "2025-09-10", "won", 100)]

    assert months_of(GoalRules(phasing="last_year"), deals=deals) == months_of(GoalRules())


def test_an_even_phasing_counts_all_days():
    """31, 31 and 30 of 92 days."""
    assert months_of(GoalRules(phasing="even"), amount=9200) == [3100, 3100, 3000]


def test_a_joiner_carries_the_days_employed():
    """From the 1st of September: 22 of the quarter's 66 selling days."""
    assert months_of(GoalRules(prorate=True), started="2026-09-01", amount=6600) == [0, 0, 2200]


def test_a_leaver_carries_nothing_after_the_last_day():
    """To the end of July: 23 of 66 selling days."""
    assert months_of(GoalRules(prorate=True), ended="2026-07-31", amount=6600) == [2300, 0, 0]


def test_a_ramp_counts_months_since_the_start():
    """A quarter of the full quota in the first month, half in the second, then all of it."""
    got = months_of(GoalRules(prorate=True, ramp=(0.25, 0.5)), started="2026-07-01", amount=6600)

    assert got == [2300 * 0.25, 2100 * 0.5, 2200]


def test_a_quota_stated_as_owed_is_not_cut():
    """The usual case: whoever set the goal has allowed for the start already."""
    assert months_of(GoalRules(), started="2026-09-01", amount=6600) == [2300, 2100, 2200]


def test_a_week_of_holidays_only_still_has_its_goal():
    """No selling day to spread it over: it is spread over all of them."""
    week = CALENDAR.containing(date(2026, 9, 7), "week")
    calendar = FiscalCalendar(holidays=frozenset(date(2026, 9, day) for day in range(7, 12)))

    part = Phasing(calendar, GoalRules()).part(Decimal(700), week, week)

    assert part == Decimal(700)


@pytest.mark.parametrize("phasing", ["selling_days", "last_year", "even"])
def test_the_company_s_goal_is_phased_as_the_reps_are(phasing):
    """The sum over reps is the sum over months, in every shape."""
    deals = [("ana", f"2025-0{month}-10", "won", 100 * (month - 6)) for month in (7, 8, 9)]
    crm = make_crm(
        reps=["ana", "bo"],
        deals=deals,
        quotas=[quota(1000), quota(333.33, "bo")],
        goal_rules=GoalRules(phasing=phasing),
    )

    company = goals(crm, [*MONTHS, Q3], level="company").set_index("period")["quota_amount"]

    assert company["2026-Q3"] == 1333.33 == round(company.drop("2026-Q3").sum(), 2)
