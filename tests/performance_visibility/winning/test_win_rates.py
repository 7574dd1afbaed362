"""Win rates three ways: by count, by value, by created cohort."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from salesops_lib.measures import win_rates
from salesops_lib.performance_visibility import win_rate_by_group, win_rate_by_quarter
from tests.builders import CALENDAR, make_crm
from tests.published import example

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)


def deals_of(created_on, *, won=0, lost=0, still_open=0, rep="ana", amount=100):
    """So many deals created on a day; those that closed did so five days later."""
    closed_on = str((pd.Timestamp(created_on) + pd.Timedelta(days=5)).date())
    row = {"rep_id": rep, "created_on": created_on, "amount": amount}
    return (
        [row | {"status": "won", "closed_on": closed_on}] * won
        + [row | {"status": "lost", "closed_on": closed_on}] * lost
        + [row | {"status": "open"}] * still_open
    )


def test_created_and_closed_win_rate_are_the_published_ones():
    """3 won, 7 lost, 90 open of 100 created: 3 % of the cohort, 30 % of the closed (Varicent Lift)."""
    case = example("kpi", "created-win-rate")
    numbers = case["inputs"]
    deals = deals_of("2026-07-01", won=numbers["won"], lost=numbers["lost"], still_open=numbers["open"])

    row = win_rate_by_quarter(make_crm(deals=deals, as_of=END), period=SEPTEMBER, confidence=0.95).iloc[-1]

    assert row["cohort_win_rate"] == pytest.approx(case["expected"]["created_win_rate"])
    assert row["win_rate"] == pytest.approx(case["expected"]["closed_win_rate"])


def test_a_rate_without_losses_or_without_deals_is_what_the_field_corrected_it_to():
    """100 won and nothing lost is 100 %; nothing closed is missing, where dbt_salesforce gave 0."""
    case = example("kpi", "win-rate-undefined")
    deals = [
        *deals_of("2026-07-01", won=case["inputs"]["rep_a"]["won"]),
        *deals_of("2026-07-01", still_open=3, rep="bo"),
        *deals_of("2026-07-01", lost=1, rep="cy"),
    ]

    rates = win_rates(
        make_crm(deals=deals, as_of=END), CALENDAR.period("2026"), by=["rep_id"], confidence=0.95
    ).set_index("rep_id")

    assert rates.loc["ana", "win_rate"] == case["expected"]["correct_a"]
    assert "bo" not in rates.index  # nothing closed: no row, hence no rate


def test_a_company_that_records_no_loss_has_no_win_rates():
    """Every rate would be 100 % by construction."""
    crm = make_crm(deals=deals_of("2026-07-01", won=5), as_of=END)

    assert win_rate_by_quarter(crm, period=SEPTEMBER, confidence=0.95).empty
    assert win_rate_by_group(crm, period=SEPTEMBER, confidence=0.95).empty


def test_the_value_rate_is_missing_where_losses_state_no_amount():
    """Lost deals at 0 would make it 100 %."""
    deals = deals_of("2026-07-01", won=2) + deals_of("2026-07-01", lost=2, amount=0)

    row = win_rate_by_quarter(make_crm(deals=deals, as_of=END), period=SEPTEMBER, confidence=0.95).iloc[-1]

    assert pd.isna(row["value_win_rate"])
    assert row["win_rate"] == 0.5


def test_a_cohort_is_mature_when_nine_of_ten_wins_came_as_fast_as_its_youngest_is_old():
    """Wins take 5 days: the second quarter is mature on 30 September, the third (created to the last day) is not."""
    deals = deals_of("2026-01-05", won=9, lost=1) + deals_of("2026-05-05", won=1, lost=1)
    deals += deals_of("2026-09-29", still_open=1)

    rows = win_rate_by_quarter(make_crm(deals=deals, as_of=END), period=SEPTEMBER, confidence=0.95).set_index("quarter")

    assert rows["is_mature"].to_dict() == {"2026-Q1": True, "2026-Q2": True, "2026-Q3": False}


def test_the_change_is_against_the_four_quarters_before():
    """10 of 20 against 20 of 80: half, before a quarter, p of the exact test 0.053 (the normal curve says 0.029)."""
    deals = deals_of("2026-07-01", won=10, lost=10)
    for day in ("2025-07-01", "2025-10-01", "2026-01-05", "2026-04-01"):
        deals += deals_of(day, won=5, lost=15)

    row = win_rate_by_quarter(make_crm(deals=deals, as_of=END), period=SEPTEMBER, confidence=0.95).iloc[-1]

    assert (row["win_rate"], row["before_rate"]) == (0.5, 0.25)
    assert row["p_value"] == pytest.approx(0.0534, abs=2e-4)


def test_teams_and_segments_have_their_own_rates():
    """A roll-up is counted over its deals: 150 of 350 lost by value is one rate, not a mean of rates."""
    reps = [{"rep_id": "ana", "name": "Ana", "segment": "SMB"}, {"rep_id": "bo", "name": "Bo", "segment": "Large"}]
    deals = deals_of("2026-07-01", won=3, lost=1) + deals_of("2026-07-01", won=1, lost=3, rep="bo")
    crm = make_crm(
        deals=deals, reps=reps, as_of=END, teams=[{"team_id": "t", "name": "Team T"}],
        team_members=[{"rep_id": "ana", "team_id": "t"}],
    )  # fmt: skip

    rows = win_rate_by_group(crm, period=SEPTEMBER, confidence=0.95).set_index(["group", "name"])

    assert rows["win_rate"].to_dict() == {
        ("company", "Company"): 0.5, ("team", "Team T"): 0.75, ("segment", "SMB"): 0.75, ("segment", "Large"): 0.25,
    }  # fmt: skip


deal_rows = st.lists(
    st.tuples(
        st.sampled_from(["ana", "bo"]), st.dates(date(2025, 11, 1), END), st.sampled_from(["won", "lost"]),
        st.integers(1, 1000),
    ),
    max_size=20,
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@for_any(deals=deal_rows)
def test_rates_hold_for_any_deals(deals):
    """Order never matters, each interval covers its rate, and the company's rate is that of the measures."""
    rows = [(rep, str(day), status, amount) for rep, day, status, amount in deals]
    crm = make_crm(deals=rows, reps=["ana", "bo"], as_of=END)
    found = win_rate_by_group(crm, period=SEPTEMBER, confidence=0.95)
    back = win_rate_by_group(
        make_crm(deals=rows[::-1], reps=["ana", "bo"], as_of=END), period=SEPTEMBER, confidence=0.95
    )

    pd.testing.assert_frame_equal(found, back)
    for name in ("win_rate", "value_win_rate", "cohort_win_rate"):
        known = found.dropna(subset=[name, f"{name}_low"])
        assert known[name].between(known[f"{name}_low"] - 1e-9, known[f"{name}_high"] + 1e-9).all()
    if len(found):
        months = CALENDAR.between(date(2025, 10, 1), END, "month")
        counted = [win_rates(crm, month, confidence=0.95).iloc[0] for month in months]
        assert found.iloc[0]["n_won"] == sum(row["n_won"] for row in counted)
        assert found.iloc[0]["n_closed"] == sum(row["n_closed"] for row in counted)
