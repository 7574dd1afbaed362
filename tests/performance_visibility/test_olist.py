"""A real funnel, read through ``examples/olist_funnel``: 8,000 leads of which only wins are on record."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from salesops_lib.data import open_crm
from salesops_lib.parameters import Duties, read_parameters
from salesops_lib.performance_visibility.leads.cohorts.metrics import lead_cohorts
from salesops_lib.performance_visibility.leads.cohorts.narrative import describe_lead_cohorts
from salesops_lib.performance_visibility.leads.sources.metrics import leads_by_source
from salesops_lib.performance_visibility.leads.sources.narrative import describe_leads_by_source

ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("SALESOPS_REAL_DATA", ROOT.parent / "shared" / "real")) / "olist_funnel"
LAST_LEADS = date(2018, 5, 31)

pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"Olist's funnel is not in {REAL.parent} (SALESOPS_REAL_DATA names another)"
)


@pytest.fixture(scope="module")
def olist():
    """The parameters, and the company at the end of May 2018, the last month with leads."""
    parameters = read_parameters(ROOT / "examples" / "olist_funnel", source=str(REAL))
    return parameters, open_crm(parameters).at(LAST_LEADS)


@pytest.fixture(scope="module")
def cohorts(olist):
    """Twelve months of arrival, ending with May 2018."""
    crm = olist[1]
    return lead_cohorts(crm, period=crm.calendar.period("2018-05"), confidence=0.95)


@pytest.fixture(scope="module")
def funnel():
    """Both files as they are, joined: what the hand would count from."""
    all_leads = pd.read_csv(REAL / "olist_marketing_qualified_leads_dataset.csv", parse_dates=["first_contact_date"])
    wins = pd.read_csv(REAL / "olist_closed_deals_dataset.csv", parse_dates=["won_date"])[["mql_id", "won_date"]]
    both = all_leads.merge(wins, on="mql_id", how="left")
    # Wins are written in UTC: one at 02:32 on 1 June was won on the evening of 31 May.
    local = both["won_date"].dt.tz_localize("UTC").dt.tz_convert("America/Sao_Paulo").dt.tz_localize(None)
    both["won_date"] = local.dt.normalize().where(lambda day: day <= pd.Timestamp(LAST_LEADS))
    both["days"] = (both["won_date"] - both["first_contact_date"]).dt.days.clip(lower=0)
    both["age"] = (pd.Timestamp(LAST_LEADS) - both["first_contact_date"]).dt.days
    both["month"] = both["first_contact_date"].dt.strftime("%Y-%m")
    return both


def by_hand(own: pd.DataFrame, days: int) -> float:
    """Share won by a day, day by day: of those still followed, how many are won on it."""
    staying = 1.0
    for day in range(days + 1):
        is_followed = own["days"].fillna(own["age"]) >= day
        if is_followed.any():
            staying *= 1 - (own["days"] == day).sum() / is_followed.sum()
    return 1 - staying


def test_no_lead_is_lost_and_those_of_nobody_are_counted(cohorts, funnel, olist):
    """8,000 leads arrive in twelve months; all but 842 never had an owner."""
    once = cohorts.drop_duplicates("cohort").set_index("cohort")

    assert once["n_leads"].sum() == len(funnel) == 8000
    assert once["n_unassigned"].sum() == 8000 - 842
    assert once["n_won"].sum() == funnel["won_date"].notna().sum()
    parameters, crm = olist
    text = describe_lead_cohorts(
        cohorts, duties=Duties(parameters, crm.as_of)
    ).text  # fmt: skip
    assert "Nobody owns 7,158 of all 8,000 leads shown." in text


def test_volume_steps_up_five_times_in_january(cohorts, olist):
    """December 2017 brings 200 leads and January 1,141; sources say the same against their own months before."""
    n_leads = cohorts.drop_duplicates("cohort").set_index("cohort")["n_leads"]
    crm = olist[1].at(date(2018, 1, 31))

    month = leads_by_source(
        crm, period=crm.calendar.period("2018-01"), n_months=1, baseline_months=1, confidence=0.95
    ).iloc[0]

    assert n_leads["2018-01"] / n_leads["2017-12"] == pytest.approx(5.7, abs=0.05)
    assert (month["n_leads"], month["n_leads_before"]) == (1141, 200)
    assert 4 < month["daily_leads"] / month["before_daily_leads"] < 6


def test_shares_by_a_day_are_those_counted_by_hand(cohorts, funnel):
    """Each share of each month, mature or young, by the product formula from the files."""
    shown = cohorts.dropna(subset="converted_rate")

    assert {"2017-12", "2018-01", "2018-02"} <= set(shown.loc[(shown["days"] == 90) & shown["is_mature"], "cohort"])
    for row in shown.itertuples():
        own = funnel[funnel["month"] == row.cohort]
        assert row.converted_rate == pytest.approx(by_hand(own, row.days)), (row.cohort, row.days)


def test_the_last_months_are_young_and_no_fall_is_claimed(cohorts, olist):
    """By the end of May 5 % of May's leads are won, against 12 % of January's: young, not worse."""
    parameters, crm = olist
    once = cohorts.drop_duplicates("cohort").set_index("cohort")
    may = cohorts[cohorts["cohort"] == "2018-05"]

    finding = describe_lead_cohorts(cohorts, duties=Duties(parameters, crm.as_of))

    assert once.loc["2018-05", "n_won"] / once.loc["2018-05", "n_leads"] < 0.06
    assert not may["is_mature"].any()
    assert may["p_value"].isna().all()
    assert not cohorts["is_changed"].any()
    assert "May 2018 is too young for day 30" in finding.text
    assert finding.action is None


def test_months_before_wins_are_on_record_are_left_out(cohorts, olist):
    """Wins are on record from December 2017: June to November have leads, and no share that would be too low."""
    parameters, crm = olist
    early = cohorts[cohorts["cohort"] < "2017-12"]

    assert not early["is_on_record"].any()
    assert early["converted_rate"].isna().all()
    text = describe_lead_cohorts(cohorts, duties=Duties(parameters, crm.as_of)).text
    assert "6 months to November 2017 began before deals are on record." in text


def test_what_olist_does_not_note_is_said_not_counted(olist):
    """No first touch is on record: nobody is told that 3,829 leads wait."""
    parameters, crm = olist
    rows = leads_by_source(crm, period=crm.calendar.period("2018-05"), confidence=0.95)

    finding = describe_leads_by_source(rows, duties=Duties(parameters, crm.as_of))

    assert rows["n_waiting"].isna().all()
    assert finding.title == "No first touch is recorded for 3,829 leads"
    assert (finding.action, finding.is_headline) == (None, False)
