"""Recurring revenue: a contract swapped within a day is one change; who leaves has left, who comes back has not."""

from datetime import date

import pytest

from salesops_lib.measures.recurring_revenue import customers_between, recurring_changes
from salesops_lib.performance_visibility.customers.cohorts.metrics import customer_cohorts
from salesops_lib.performance_visibility.customers.retention.metrics import retention_by_segment
from tests.builders import CALENDAR, make_crm

SEPTEMBER = CALENDAR.period("2026-09")
START = ("2025-04-10", 1000, "start")


def company(*changes):
    """One customer whose contract starts on 10 April 2025, with ``(day, amount, kind)`` after that."""
    rows = [
        {"account_id": "a", "changed_on": day, "change_amount": amount, "kind": kind}
        for day, amount, kind in (START, *changes)
    ]
    deal = {"rep_id": "ana", "account_id": "a", "status": "won", "closed_on": "2025-01-10"}
    return make_crm(deals=[deal], reps=["ana"], subscriptions=rows, as_of=date(2026, 9, 30))


def after_start(crm):
    """Kind and cents of what changed after the start."""
    rows = crm.fetch(recurring_changes(crm).order_by("changed_on", "kind"))
    return list(rows.iloc[1:][["kind", "change_cents"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("new", "wanted"),
    [(1200, [("expansion", 20_000)]), (700, [("contraction", -30_000)]), (1000, [])],
    ids=["a larger one", "a smaller one", "the same"],
)
def test_a_swapped_contract_is_one_change_by_the_difference(new, wanted):
    """One ends and another starts on the same day."""
    assert after_start(company(("2026-05-10", -1000, "churn"), ("2026-05-10", new, "start"))) == wanted


def test_who_swaps_a_contract_has_not_left():
    """Neither in the retention nor in the cohorts."""
    crm = company(("2026-05-10", -1000, "churn"), ("2026-05-10", 900, "start"))

    whole = retention_by_segment(crm, period=SEPTEMBER, confidence=0.95).iloc[0]
    cohort = customer_cohorts(crm, period=SEPTEMBER, confidence=0.95).iloc[0]

    assert whole[["n_churned", "churn_amount", "contraction_amount", "expansion_amount"]].tolist() == [0, 0, 100, 0]
    assert cohort["n_left"] == 0


def test_a_contract_started_and_ended_on_the_day_another_ends_leaves_nobody():
    """Revenue is gone that evening: the customer has left."""
    crm = company(("2026-05-10", -1000, "churn"), ("2026-05-10", 900, "start"), ("2026-05-10", -900, "churn"))

    assert retention_by_segment(crm, period=SEPTEMBER, confidence=0.95).iloc[0][
        ["n_churned", "end_amount"]
    ].tolist() == [1, 0]


def test_who_comes_back_on_a_later_day_came_back():
    """A gap of a day is churn and a start, as the data says."""
    crm = company(("2026-05-10", -1000, "churn"), ("2026-05-11", 900, "start"))

    assert [kind for kind, _cents in after_start(crm)] == ["churn", "start"]


def test_a_change_on_the_first_day_counts_as_known_that_day():
    """A contract that starts on the evening the comparison begins is there at its start."""
    crm = company()
    rows = crm.fetch(customers_between(crm, date(2025, 4, 10), date(2026, 4, 10)))
    assert rows[["start_cents", "end_cents"]].to_numpy().tolist() == [[100_000, 100_000]]
