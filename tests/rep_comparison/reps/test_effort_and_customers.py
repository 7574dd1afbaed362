"""Effort and customers: counts by hand, missing where there is no such data, alike customers compared."""

from datetime import date

import pandas as pd
import pytest

from salesops_lib import theme
from salesops_lib.errors import MissingTableError
from salesops_lib.rep_comparison.reps.effort_and_customers.metrics import effort_and_customers_by_rep
from salesops_lib.rep_comparison.reps.effort_and_customers.narrative import describe_effort_and_customers_by_rep
from salesops_lib.rep_comparison.reps.effort_and_customers.plots import plot_effort_and_customers_by_rep
from tests.builders import make_crm
from tests.rep_comparison.recipes import SEPTEMBER, closed_deals, numbered

DEALS = [
    *closed_deals("ana", "2025-01-10", 4, 0, account_id="a1"),
    *closed_deals("ana", "2026-08-10", 4, 2),
    *closed_deals("bo", "2026-08-10", 0, 3),
]


def company(**tables):
    """Ana, who wins, and Bo, who has not yet."""
    return make_crm(deals=numbered(DEALS), reps=["ana", "bo"], as_of=date(2026, 9, 30), **tables)


def activities(rep, n):
    """Calls in August 2026."""
    return [
        {"activity_id": f"{rep}{place}", "rep_id": rep, "kind": "call", "done_at": "2026-08-11 10:00"}
        for place in range(n)
    ]


def of(crm, parameters):
    """The rows by rep."""
    return effort_and_customers_by_rep(crm, period=SEPTEMBER, confidence=0.95).set_index("rep_id")


def test_activities_are_held_against_weeks_and_wins(parameters):
    """40 calls for 4 wins are 10 a win; whoever has not won has no such figure."""
    rows = of(company(activities=activities("ana", 40) + activities("bo", 7)), parameters)

    assert rows.loc["ana", ["n_activities", "n_won", "activities_per_win"]].tolist() == [40, 4, 10]
    assert rows.loc["ana", "activities_per_win_low"] < 10 < rows.loc["ana", "activities_per_win_high"]
    assert rows.loc["bo", "n_activities"] == 7
    assert pd.isna(rows.loc["bo", "activities_per_win"])


def test_what_there_is_no_table_for_is_missing_and_not_nothing(parameters):
    """Activities alone: no answer is no dissatisfaction, no customer no loyalty."""
    rows = of(company(activities=activities("ana", 3)), parameters)

    assert rows[["n_csat", "csat_rate", "n_customers", "logo_churn_rate", "shrunken_churn_rate"]].isna().all(axis=None)
    assert rows.loc["bo", "n_activities"] == 0


def test_without_any_of_the_three_tables_the_section_says_which_it_needs(parameters):
    """All three are named."""
    with pytest.raises(MissingTableError) as caught:
        of(company(), parameters)

    assert all(name in str(caught.value) for name in ("activities", "satisfaction", "subscriptions"))


def test_a_customer_counts_for_who_won_it_first(parameters):
    """Ana's customer of January 2025 has left since."""
    changes = [
        {"account_id": "a1", "changed_on": "2025-01-10", "change_amount": 1000, "kind": "start"},
        {"account_id": "a1", "changed_on": "2026-05-10", "change_amount": -1000, "kind": "churn"},
    ]

    rows = of(company(subscriptions=changes), parameters)

    assert rows.loc["ana", ["n_customers", "n_churned", "n_expected"]].tolist() == [1, 1, 1]
    assert rows.loc["bo", "n_customers"] == 0
    assert pd.isna(rows.loc["bo", "logo_churn_rate"])


def test_satisfaction_is_drawn_towards_the_team(parameters):
    """One bad answer of one is not nobody satisfied."""
    answers = [
        {"answer_id": f"{rep}{n}", "rep_id": rep, "asked_on": "2026-08-01", "score": score, "scale": "csat"}
        for rep, scores in (("ana", [5] * 40 + [1] * 10), ("bo", [1]))
        for n, score in enumerate(scores)
    ]

    rows = of(company(satisfaction=answers), parameters)

    assert rows.loc["bo", "csat_rate"] == 0
    assert rows.loc["bo", "shrunken_csat_rate"] > 0.5


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_the_demo_company_is_drawn_and_told(width, demo_run):
    """Every rep with activities has a bar or stands in the row of dots between."""
    rows = demo_run.call(effort_and_customers_by_rep)

    with theme.chart_style(width):
        ax = plot_effort_and_customers_by_rep(rows)

    assert 0 < len(ax.patches) <= len(rows)
    assert describe_effort_and_customers_by_rep(rows).title.startswith("A win takes ")


def test_nothing_to_compare_is_said(demo_run):
    """No rows, no claim."""
    empty = demo_run.call(effort_and_customers_by_rep).head(0)

    assert describe_effort_and_customers_by_rep(empty).title == "No effort or customers to compare"


def test_customers_of_whom_nothing_is_on_record_are_not_called_alike(parameters):
    """Activities alone: the title speaks of reps, not of customers."""
    done = [{"activity_id": "x", "rep_id": "ana", "kind": "call", "done_at": "2026-08-01T09:00:00"}]
    rows = of(make_crm(reps=["ana"], activities=done), parameters).reset_index()

    assert "alike" not in describe_effort_and_customers_by_rep(rows).title
