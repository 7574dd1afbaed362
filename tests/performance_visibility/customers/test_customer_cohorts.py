"""Customer cohorts: young ones are not worse for being young, and the one that leaves faster is found."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from salesops_lib import theme
from salesops_lib.performance_visibility.customers.cohorts.metrics import customer_cohorts
from salesops_lib.performance_visibility.customers.cohorts.narrative import describe_customer_cohorts
from salesops_lib.performance_visibility.customers.cohorts.plots import plot_customer_cohorts
from salesops_lib.statistics.survival import life_table
from tests.builders import CALENDAR, make_crm

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)
FIRST = date(2024, 4, 1)


def company(lives):
    """Customers as ``(start, days they stay or nothing)``; the data begins in April 2024."""
    changes = []
    for number, (start, days) in enumerate(lives):
        key = f"a{number}"
        changes.append({"account_id": key, "changed_on": start, "change_amount": 100, "kind": "start"})
        if days is not None and start + timedelta(days=days) <= END:
            gone = start + timedelta(days=days)
            changes.append({"account_id": key, "changed_on": gone, "change_amount": -100, "kind": "churn"})
    return make_crm(deals=[("ana", str(FIRST), "won", 1)], subscriptions=changes, as_of=END)


def cohorts_of(rng, factor, n=60):
    """Ten cohorts with one hazard of leaving, but for the one of 2025-Q1."""
    lives = []
    for quarter in range(10):
        start = FIRST + timedelta(days=91 * quarter + 15)
        pace = 0.0006 * (factor if quarter == 3 else 1.0)
        lives += [(start, int(days)) for days in rng.exponential(1 / pace, n)]
    return lives


def test_shares_are_those_of_kaplan_and_meier():
    """Against statsmodels, week by week, customers who are still there followed until now."""
    lives = [(date(2025, 1, 10), days) for days in (30, 60, 90, 400, None, None, None, None)]

    rows = customer_cohorts(company(lives), period=SEPTEMBER, confidence=0.95).set_index("months")

    until = [(min(days, 628) if days is not None else 628) // 7 for _start, days in lives]
    judge = SurvfuncRight(until, [days is not None for _start, days in lives])
    at_a_year = judge.surv_prob[judge.surv_times <= 52][-1]
    assert rows.loc[12, "kept_rate"] == pytest.approx(at_a_year)
    assert rows.loc[12, ["n_customers", "n_left"]].tolist() == [8, 4]


def test_a_young_cohort_shows_only_the_ages_it_has_reached_and_is_marked():
    """Began in May 2026: three months, not all of them for all."""
    lives = [(date(2026, 4, 5), None), (date(2026, 6, 28), None)] * 20

    rows = customer_cohorts(company(lives), period=SEPTEMBER, confidence=0.95)

    assert rows["months"].tolist() == [3]
    assert rows["kept_rate"].tolist() == [1.0]
    assert rows["kept_rate_low"].iloc[0] < 0.95


def test_one_who_came_back_has_not_left():
    """The last thing that happened is a new start."""
    changes = [
        {"account_id": "a", "changed_on": "2025-01-10", "change_amount": 100, "kind": "start"},
        {"account_id": "a", "changed_on": "2025-06-10", "change_amount": -100, "kind": "churn"},
        {"account_id": "a", "changed_on": "2025-09-10", "change_amount": 100, "kind": "start"},
    ]
    crm = make_crm(deals=[("ana", "2024-04-01", "won", 1)], subscriptions=changes, as_of=END)

    assert customer_cohorts(crm, period=SEPTEMBER, confidence=0.95)["n_left"].unique().tolist() == [0]


def test_the_cohort_that_leaves_faster_is_found_and_no_other():
    """Three times the hazard, sixty customers a quarter."""
    rows = customer_cohorts(company(cohorts_of(np.random.default_rng(5), 3.0)), period=SEPTEMBER, confidence=0.95)

    assert rows.loc[rows["is_leaving_faster"], "cohort"].unique().tolist() == ["2025-Q1"]


def test_the_demo_company_s_bad_cohort_is_found_and_no_other(demo_crm):
    """Planted: customers of the first quarter of 2025 leave 2.8 times as fast; the interval holds it."""
    rows = customer_cohorts(demo_crm, period=SEPTEMBER, confidence=0.95)
    faster = rows[rows["is_leaving_faster"]]

    assert faster["cohort"].unique().tolist() == ["2025-Q1"]
    assert faster["leave_ratio_low"].iloc[0] < 2.8 < faster["leave_ratio_high"].iloc[0]


def test_where_all_leave_alike_a_cohort_is_blamed_at_most_one_time_in_twenty():
    """Eighty companies without a bad cohort, judged from cells as the metric does."""
    from salesops_lib.statistics.differences import false_discovery
    from salesops_lib.statistics.survival import log_rank

    rng, blamed = np.random.default_rng(8), 0
    for _company in range(80):
        days = [(quarter, 900 - 91 * quarter) for quarter in range(9) for _ in range(60)]
        lives = rng.exponential(1 / 0.0006, len(days))
        frame = pd.DataFrame(days, columns=["cohort", "followed"]).assign(life=lives)
        frame = frame.assign(age=(frame[["life", "followed"]].min(axis=1) // 7).astype(int))
        frame = frame.assign(n_left=(frame["life"] <= frame["followed"]).astype(int), n_to=1, n_from=0)
        tables = []
        for cohort in range(9):
            own, rest = frame[frame["cohort"] == cohort], frame[frame["cohort"] != cohort]
            tables.append([_table(own), _table(rest)])
        p_values = false_discovery([log_rank(*pair, confidence=0.95)[3] for pair in tables])
        faster = [log_rank(*pair, confidence=0.95)[0] > 1 for pair in tables]
        blamed += bool(((p_values < 0.05) & faster).any())

    assert blamed / 80 < 0.05 + 2.6 * (0.05 * 0.95 / 80) ** 0.5


def _table(frame):
    cells = frame.groupby("age")[["n_from", "n_to", "n_left"]].sum()
    begins = pd.DataFrame({"n_from": [len(frame)], "n_to": [0], "n_left": [0]}, index=[0])
    return life_table(cells.add(begins, fill_value=0).astype(int).rename_axis("age").reset_index())


def test_words_name_the_cohort_and_those_too_young(given):
    """Numbers of the rows; someone calls."""
    rows = customer_cohorts(company(cohorts_of(np.random.default_rng(5), 3.0)), period=SEPTEMBER, confidence=0.95)

    found = describe_customer_cohorts(rows, **given)

    assert found.title.startswith("Customers of 2025-Q1 leave ")
    assert "who began in **2025-Q1**" in found.text
    assert "too young for a year's share" in found.text
    assert (found.status, found.action.owner) == ("act", "Customer success")


def test_words_without_a_difference_or_without_customers(given):
    """Good news, and nothing to follow."""
    rows = customer_cohorts(company(cohorts_of(np.random.default_rng(6), 1.0)), period=SEPTEMBER, confidence=0.95)

    assert describe_customer_cohorts(rows, **given).status == "good"
    assert describe_customer_cohorts(rows.head(0), **given).title == "No customer cohort to follow"


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_the_heat_map_has_a_number_for_each_share_and_marks_the_young(width, demo_crm):
    """Brackets where not all have got there; the flagged cohort has a mark."""
    rows = customer_cohorts(demo_crm, period=SEPTEMBER, confidence=0.95)

    with theme.chart_style(width):
        ax = plot_customer_cohorts(rows)

    words = [text.get_text() for text in ax.texts]
    assert any(each.startswith("(") for each in words)
    assert "▸ 2025-Q1" in [label.get_text() for label in ax.get_yticklabels()]


def test_cohorts_too_small_to_compare_are_not_on_track(given):
    """Five customers a quarter: none is judged, so none is told to stay."""
    rows = customer_cohorts(
        company([(FIRST + timedelta(days=91 * n), None) for n in range(5)]), period=SEPTEMBER, confidence=0.95
    )

    found = describe_customer_cohorts(rows, **given)

    assert (found.title, found.status) == ("Too few customers to compare cohorts", "note")
