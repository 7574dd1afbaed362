"""Win rates, quantiles and intervals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.measures import deals, quantiles, win_rates
from salesops_lib.statistics.intervals import exact_interval
from tests.builders import CALENDAR, make_crm

Q3 = CALENDAR.period("2026-Q3")


def test_a_manager_s_rate_counts_reps_who_only_won():
    """Three reps, 200 won and 150 lost by value: 57.1 %, not 100 %."""
    crm = make_crm(
        deals=[
            ("ana", "2026-07-01", "won", 100),
            ("bo", "2026-07-02", "won", 100),
            ("cy", "2026-07-03", "lost", 150),
        ]
    )

    assert win_rates(crm, Q3, confidence=0.95).loc[0, "value_win_rate"] == pytest.approx(200 / 350)


def test_win_rate_is_missing_when_nothing_closed():
    """No closed deal is not a rate of 0 %."""
    crm = make_crm(deals=[("ana", None, "open")])

    company = win_rates(crm, Q3, confidence=0.95).iloc[0]

    assert company["n_closed"] == 0
    assert company[["win_rate", "win_rate_low", "win_rate_high", "value_win_rate"]].isna().all()


@settings(max_examples=25, deadline=None)
@given(
    values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20),
    share=st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]),
)
def test_quantiles_agree_with_numpy(values, share):
    """Linear between neighbours, as numpy's default."""
    answer = {"asked_on": "2026-01-01", "scale": "csat"}
    answers = [answer | {"answer_id": str(i), "score": value} for i, value in enumerate(values)]
    crm = make_crm(reps=["r"], satisfaction=answers)

    row = crm.fetch(quantiles(crm.satisfaction, "score", shares=[share])).iloc[0]

    assert row["n"] == len(values)
    assert row[f"q{share * 100:g}"] == pytest.approx(np.quantile(values, share), abs=1e-6)


def test_exact_interval_reproduces_the_published_example():
    """1 of 3: 0.8 % to 90.6 %."""
    assert exact_interval(1, 3, confidence=0.95) == pytest.approx((0.008, 0.906), abs=5e-4)
    assert all(pd.isna(end) for end in exact_interval(0, 0, confidence=0.95))


def test_rates_of_groups_are_one_row_a_group():
    """Two teams of reps: each its own count."""
    crm = make_crm(deals=[("ana", "2026-07-01", "won"), ("ana", "2026-07-02", "lost"), ("bo", "2026-07-03", "won")])
    rows = win_rates(crm, Q3, by=["rep_id"], confidence=0.95).set_index("rep_id")
    assert rows["n_closed"].to_dict() == {"ana": 2, "bo": 1}


def test_without_accounts_a_deal_has_the_segment_and_region_of_its_owner():
    """Many companies keep these with the rep."""
    crm = make_crm(
        deals=[("ana", "2026-07-01", "won")],
        reps=[{"rep_id": "ana", "name": "Ana", "segment": "SMB", "region": "North"}],
    )
    row = crm.fetch(deals(crm)).iloc[0]
    assert (row["segment"], row["region"]) == ("SMB", "North")
