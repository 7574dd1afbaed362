"""Selling and keeping: a customer is that of whoever won it first, and a rep stands apart only beyond chance."""

from datetime import date

import pandas as pd
import pytest

from salesops_lib import theme
from salesops_lib.performance_visibility.customers.selling_and_keeping.metrics import selling_and_keeping
from salesops_lib.performance_visibility.customers.selling_and_keeping.narrative import describe_selling_and_keeping
from salesops_lib.performance_visibility.customers.selling_and_keeping.plots import (
    plot_selling_and_keeping,
    table_selling_and_keeping,
)
from tests.builders import CALENDAR, make_crm

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)


def company(customers, **tables):
    """Customers as ``(rep who won it, whether it left)``, won in January 2025; Bo wins an expansion of each later.

    A third entry is the customer's segment.
    """
    deals, changes, accounts = [], [], []
    for number, (rep, has_left, *segment) in enumerate(customers):
        key = f"a{number}"
        accounts.append({"account_id": key, "segment": segment[0] if segment else "SMB"})
        deals.append({"rep_id": rep, "account_id": key, "status": "won", "closed_on": "2025-01-10", "kind": "new"})
        deals.append(
            {"rep_id": "bo", "account_id": key, "status": "won", "closed_on": "2026-02-10", "kind": "expansion"}
        )
        changes.append({"account_id": key, "changed_on": "2025-01-10", "change_amount": 1000, "kind": "start"})
        if has_left:
            changes.append({"account_id": key, "changed_on": "2026-05-10", "change_amount": -1000, "kind": "churn"})
    return make_crm(deals=deals, reps=["ana", "bo"], subscriptions=changes, accounts=accounts, as_of=END, **tables)


def test_a_customer_is_that_of_who_won_it_first():
    """Bo's later expansion does not make it Bo's, and is no new business."""
    rows = selling_and_keeping(company([("ana", True), ("ana", False)]), period=SEPTEMBER, confidence=0.95).set_index(
        "rep_id"
    )

    assert rows.loc["ana", ["n_customers", "n_churned", "gross_retention_rate"]].tolist() == [2, 1, 0.5]
    assert rows.loc["bo", ["n_customers", "n_new", "new_amount"]].tolist() == [0, 0, 0.0]
    assert pd.isna(rows.loc["bo", "logo_churn_rate"])


def test_a_rep_whose_customers_leave_beyond_chance_stands_apart():
    """15 of 30 against 1 of 30."""
    customers = [("ana", n < 15) for n in range(30)] + [("bo", n < 1) for n in range(30)]

    rows = selling_and_keeping(company(customers), period=SEPTEMBER, confidence=0.95).set_index("rep_id")
    found = describe_selling_and_keeping(rows.reset_index())

    assert rows.loc["ana", ["is_losing_more", "is_keeping_more"]].tolist() == [True, False]
    assert found.title == "2 reps of 2 stand apart in the customers they keep"
    assert "**Ana** (15 of 30, where 8.0 would have been usual)" in found.text


def test_customers_are_held_against_those_of_the_same_segment():
    """Ana has those whom everybody loses: half of hers left as half of Bo's few did, and nobody stands apart."""
    customers = [("ana", n < 20, "SMB") for n in range(40)] + [("bo", n < 20, "SMB") for n in range(40)]
    customers += [("bo", False, "Enterprise")] * 60

    rows = selling_and_keeping(company(customers), period=SEPTEMBER, confidence=0.95).set_index("rep_id")

    assert rows["n_expected"].tolist() == pytest.approx([20, 20])
    assert not rows[["is_losing_more", "is_keeping_more"]].any(axis=None)


def test_too_few_customers_are_not_judged():
    """Five of five left: a pity, and no finding."""
    customers = [("ana", True)] * 5 + [("bo", False)] * 30

    rows = selling_and_keeping(company(customers), period=SEPTEMBER, confidence=0.95).set_index("rep_id")

    assert pd.isna(rows.loc["ana", "p_value"])
    assert not rows["is_losing_more"].any()


def test_managers_are_left_out_and_answers_are_counted():
    """Satisfaction stands beside what was sold."""
    answers = [
        {"answer_id": f"s{n}", "rep_id": "ana", "asked_on": "2026-08-01", "score": score, "scale": "csat"}
        for n, score in enumerate((5, 1))
    ]
    crm = company([("ana", False)], satisfaction=answers)

    rows = selling_and_keeping(crm, period=SEPTEMBER, confidence=0.95).set_index("rep_id")

    assert rows.loc["ana", ["n_csat", "csat_rate"]].tolist() == [2, 0.5]


def test_words_say_when_nobody_can_be_judged():
    """Customers of two reps, one of whom has none to be held against."""
    found = describe_selling_and_keeping(
        selling_and_keeping(company([("ana", False)] * 30), period=SEPTEMBER, confidence=0.95)
    )

    assert found.title == "Too few customers to compare what reps keep"
    assert found.text.endswith("2 reps have too few customers to judge.")


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_the_chart_has_a_dot_for_each_rep_with_customers(width, demo_crm):
    """The table shows twenty; the CSV has all."""
    rows = selling_and_keeping(demo_crm, period=SEPTEMBER, confidence=0.95)

    with theme.chart_style(width):
        ax = plot_selling_and_keeping(rows)

    assert sum(len(line.get_xdata()) for line in ax.get_lines()) == rows["logo_churn_rate"].notna().sum()
    assert table_selling_and_keeping(rows).first == 20
