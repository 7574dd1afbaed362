"""What has changed since the last report: ranked by size, adding up over teams, and no noise called news."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from salesops_lib import theme
from salesops_lib.measures.names import NO_TEAM
from salesops_lib.performance_visibility.changes.since_last_report.metrics import changes_since_last_report
from salesops_lib.performance_visibility.changes.since_last_report.narrative import describe_changes_since_last_report
from salesops_lib.performance_visibility.changes.since_last_report.plots import plot_changes_since_last_report
from tests.builders import CALENDAR, make_crm
from tests.test_contracts import promised

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)
TEAMS = {
    "teams": [{"team_id": "a", "name": "A"}, {"team_id": "b", "name": "B"}],
    "team_members": [
        {"rep_id": "ana", "team_id": "a", "to_on": "2026-08-31"},
        {"rep_id": "ana", "team_id": "b", "from_on": "2026-09-01"},
        {"rep_id": "bo", "team_id": "b"},
    ],
}


def changes(deals, **company):
    """The changes of September for these deals."""
    return changes_since_last_report(make_crm(deals=deals, as_of=END, **company), period=SEPTEMBER, confidence=0.95)


def of(rows, measure, name="Company"):
    """One row as numbers: before, now, change and deals of both."""
    row = rows[(rows["measure"] == measure) & (rows["name"] == name)]
    return row[["before_amount", "now_amount", "change_amount", "n_before", "n_now"]].to_numpy().tolist()


def test_the_month_is_held_against_the_month_before():
    """Won, lost and created in August and in September."""
    rows = changes(
        [
            {"rep_id": "ana", "status": "won", "closed_on": "2026-08-10", "created_on": "2026-02-01", "amount": 100},
            {"rep_id": "ana", "status": "won", "closed_on": "2026-09-10", "created_on": "2026-02-01", "amount": 250},
            {"rep_id": "ana", "status": "lost", "closed_on": "2026-09-11", "created_on": "2026-08-01", "amount": 30},
        ]
    )

    assert of(rows, "bookings") == [[100, 250, 150, 1, 1]]
    assert of(rows, "lost") == [[0, 30, 30, 0, 1]]
    assert of(rows, "created") == [[30, 0, -30, 1, 0]]


def test_the_open_pipeline_is_that_of_the_evening_of_the_last_report():
    """A deal that closed in September was open then."""
    deals = [
        {"rep_id": "ana", "status": "won", "closed_on": "2026-09-10", "created_on": "2026-08-01", "amount": 250},
        {"rep_id": "ana", "status": "open", "created_on": "2026-09-02", "amount": 70},
    ]

    assert of(changes(deals), "open") == [[250, 70, -180, 1, 1]]


def test_a_month_that_runs_is_held_against_the_same_days():
    """Seen on the 10th, the 20th of August does not count."""
    deals = [("ana", "2026-08-05", "won", 1), ("ana", "2026-08-20", "won", 10), ("ana", "2026-09-05", "won", 100)]
    crm = make_crm(deals=deals, as_of=date(2026, 9, 10))

    assert of(changes_since_last_report(crm, period=SEPTEMBER, confidence=0.95), "bookings") == [[1, 100, 99, 1, 1]]


@settings(max_examples=6, deadline=None)
@for_any(
    deals=st.lists(
        st.tuples(
            st.sampled_from(["ana", "bo", "cy"]),
            st.dates(date(2026, 8, 1), END),
            st.sampled_from(["won", "lost"]),
            st.integers(1, 10**6),
        ),
        max_size=12,
    )
)
def test_teams_add_up_to_the_company_through_a_move_between_them(deals):
    """Ana changes team between the months, Cy has none; order is no matter."""
    rows = changes(deals, reps=["ana", "bo", "cy"], **TEAMS)
    back = changes(deals[::-1], reps=["ana", "bo", "cy"], **TEAMS)

    pd.testing.assert_frame_equal(rows, back)
    teams = rows[rows["group"] == "team"].groupby("measure")[["before_amount", "now_amount", "change_amount"]].sum()
    company = rows[rows["group"] == "company"].set_index("measure")
    for measure, sums in teams.iterrows():
        assert sums.round(2).to_dict() == company.loc[measure, sums.index].astype(float).round(2).to_dict()


def test_deals_without_a_team_have_a_row_of_their_own():
    """Otherwise the teams would not add up."""
    rows = changes([("cy", "2026-09-10", "won", 5)], reps=["cy"], **TEAMS)

    assert of(rows, "bookings", NO_TEAM) == [[0, 5, 5, 0, 1]]


def test_the_largest_move_comes_first_within_company_and_teams():
    """Ranked by size, whatever the sign."""
    rows = changes([("bo", "2026-08-10", "lost", 900), ("bo", "2026-09-10", "won", 50)], reps=["bo"], **TEAMS)

    sizes = rows.groupby("group", sort=False)["change_amount"].apply(lambda own: own.abs().tolist())
    assert all(own == sorted(own, reverse=True) for own in sizes)
    assert rows["group"].iloc[0] == "company"


def test_chance_alone_moves_a_sum_by_no_more_than_said_nineteen_times_in_twenty():
    """Two thousand pairs of months of the same business: 93 to 97 in a hundred changes stay inside."""
    rng = np.random.default_rng(11)
    sums = [rng.lognormal(9, 0.8, n) for n in rng.poisson(25, 4000)]
    totals, squares = np.array([[each.sum(), (each**2).sum()] for each in sums]).reshape(2, 2000, 2).transpose(2, 0, 1)
    said = 1.959964 * np.sqrt(squares.sum(axis=0))

    assert 0.93 < (np.abs(totals[1] - totals[0]) <= said).mean() < 0.97


def test_what_chance_moves_follows_from_number_and_size_of_deals():
    """Four deals of 100 in two months: 1.96 times the root of four times 100 squared."""
    deals = [("ana", "2026-08-10", "won", 100)] * 2 + [("ana", "2026-09-10", "won", 100)] * 2

    rows = changes(deals).set_index(["group", "measure"])

    assert rows.loc[("company", "bookings"), "chance_amount"] == pytest.approx(1.959964 * 200, rel=1e-6)
    assert pd.isna(rows.loc[("company", "open"), "chance_amount"])


def test_a_deal_shared_within_a_team_is_one_deal_to_chance():
    """Two halves of 200 vary as 200 does, not as two deals of 100."""
    shares = [{"opportunity_id": "d00000", "rep_id": rep, "share": 0.5, "book": "main"} for rep in ("ana", "bo")]

    rows = changes([("ana", "2026-09-10", "won", 200)], reps=["ana", "bo"], credits=shares).set_index(
        ["group", "measure"]
    )

    assert rows.loc[("company", "bookings"), "n_now"] == 1
    assert rows.loc[("company", "bookings"), "chance_amount"] == pytest.approx(1.959964 * 200, rel=1e-6)


def test_words_take_their_numbers_from_the_rows():
    """The largest move of the company opens; what chance does is said beside each month's sum."""
    rows = changes([("bo", "2026-08-10", "won", 900), ("bo", "2026-09-10", "won", 2500)], reps=["bo"], **TEAMS)

    found = describe_changes_since_last_report(rows)

    assert found.title == "Open pipeline fell by $2,500 since 31 August 2026"
    assert (
        "Bookings of the month: **$2,500** from 1 deal after $900 from 1, 178% more (chance alone moves it by up to "
        in (found.text)
    )


def test_words_without_deals():
    """Nothing to compare is said in a sentence."""
    assert describe_changes_since_last_report(changes([], reps=["ana"])).title == "Nothing has moved yet"


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_the_chart_has_a_bar_for_each_move(width):
    """At most a dozen, largest first."""
    rows = changes([("bo", "2026-08-10", "won", 900), ("bo", "2026-09-10", "won", 2500)], reps=["bo"], **TEAMS)

    with theme.chart_style(width):
        ax = plot_changes_since_last_report(rows)

    assert len(ax.patches) == min(len(rows), 12)


def test_columns_are_those_promised(demo_run, bare_run):
    """On the demo company and on one without deals."""
    assert list(demo_run.call(changes_since_last_report).columns) == promised(changes_since_last_report)
    assert list(bare_run.call(changes_since_last_report).columns) == promised(changes_since_last_report)
