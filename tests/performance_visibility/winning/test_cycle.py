"""Cycle, age and velocity."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from salesops_lib.performance_visibility import age_of_open_deals, cycle_by_segment, velocity_by_segment
from salesops_lib.performance_visibility.winning.cycle.metrics import velocity
from tests.builders import CALENDAR, make_crm

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)
REPS = [{"rep_id": "ana", "name": "Ana", "segment": "SMB"}, {"rep_id": "bo", "name": "Bo", "segment": "Large"}]


def won(days, *, closed_on="2026-09-01", rep="ana", **more):
    """A deal won after so many days."""
    created = str((pd.Timestamp(closed_on) - pd.Timedelta(days=days)).date())
    return {"rep_id": rep, "closed_on": closed_on, "status": "won", "created_on": created, **more}


def test_cycle_is_the_median_of_won_deals_with_quartiles():
    """10, 20, 30, 100 days: median 25, quartiles 17.5 and 47.5; lost and open deals have no cycle."""
    deals = [won(days) for days in (10, 20, 30, 100)] + [won(500) | {"status": "lost"}, {"rep_id": "ana"}]

    row = cycle_by_segment(make_crm(deals=deals, reps=REPS, as_of=END), period=SEPTEMBER, confidence=0.95).iloc[0]

    assert (row["n_won"], row["cycle_days"]) == (4, 25)
    assert (row["quarter_days"], row["three_quarters_days"]) == (17.5, 47.5)


def test_a_longer_cycle_beyond_chance_is_said_per_segment():
    """Twenty wins of about 60 days after forty of about 30; the other segment stays as it was."""
    deals = [won(60 + place % 5) for place in range(20)]
    deals += [won(30 + place % 7, closed_on="2026-03-01") for place in range(40)]
    deals += [
        won(30 + place % 7, rep="bo", closed_on=day) for place in range(20) for day in ("2026-03-01", "2026-09-02")
    ]

    rows = cycle_by_segment(make_crm(deals=deals, reps=REPS, as_of=END), period=SEPTEMBER, confidence=0.95).set_index(
        "segment"
    )

    assert rows.loc["SMB", "is_changed"]
    assert not rows.loc["Large", "is_changed"]
    assert rows.loc["SMB", "change_days"] == 62 - 33


def test_without_creation_dates_the_cycle_is_missing():
    """Orders have no creation date: no cycle, no age, no velocity, and no error."""
    deals = [{"rep_id": "ana", "created_on": None, "closed_on": "2026-09-01", "status": "won"}]
    crm = make_crm(deals=deals, reps=REPS, as_of=END)

    assert cycle_by_segment(crm, period=SEPTEMBER, confidence=0.95).empty
    assert velocity_by_segment(crm, period=SEPTEMBER, confidence=0.95).empty
    assert age_of_open_deals(crm).empty


def test_open_deals_older_than_any_win_are_counted():
    """The longest win took 100 days: of three open deals one is older, one has no date."""
    deals = [
        won(100), {"rep_id": "ana", "created_on": "2026-06-22", "amount": 7},
        {"rep_id": "ana", "created_on": "2026-06-21", "amount": 11}, {"rep_id": "ana", "created_on": None},
    ]  # fmt: skip

    row = age_of_open_deals(make_crm(deals=deals, reps=REPS, as_of=END)).iloc[0]

    assert (row["n_open"], row["n_dated"], row["longest_won_days"]) == (4 - 1, 2, 100)
    assert (row["n_older"], row["older_amount"], row["oldest_days"]) == (1, 11, 101)


def test_velocity_is_the_published_product():
    """Opportunities x win rate x average won value / cycle length (kpitree.co): 100 x 0.25 x 10,000 / 50."""
    assert velocity(100, 0.25, 10_000, 50) == 5000
    assert np.isnan(velocity(100, 0.25, 10_000, 0))


def test_velocity_takes_its_factors_from_the_deals():
    """Two open, one of two won at 300 after 30 days: 2 x 0.5 x 300 / 30 = 10 a day."""
    deals = [won(30, amount=300), won(30) | {"status": "lost"}, {"rep_id": "ana"}, {"rep_id": "ana"}]

    row = velocity_by_segment(make_crm(deals=deals, reps=REPS, as_of=END), period=SEPTEMBER, confidence=0.95).iloc[0]

    assert row["velocity_amount"] == pytest.approx(10)
