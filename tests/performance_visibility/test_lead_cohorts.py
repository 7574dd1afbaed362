"""Lead cohorts: young months are marked, nothing is claimed from them, and a foreign funnel agrees."""

import os
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from salesops_lib import theme
from salesops_lib.performance_visibility.lead_cohorts import lead_cohorts
from salesops_lib.performance_visibility.narrative.lead_cohorts import describe_lead_cohorts
from salesops_lib.performance_visibility.plots.lead_cohorts import plot_lead_cohorts
from tests.builders import CALENDAR, make_crm

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)
REAL = Path(os.environ.get("SALESOPS_REAL_DATA", Path(__file__).parents[3] / "shared" / "real"))
needs_olist = pytest.mark.skipif(
    not (REAL / "olist_funnel").is_dir(),
    reason=f"the Olist funnel is not in {REAL} (SALESOPS_REAL_DATA names another)",
)


def company(leads):
    """Leads as ``(day of arrival, day they became a deal or nothing)``."""
    rows, deals = [], []
    for number, (arrived, deal) in enumerate(leads):
        rows.append({"lead_id": f"l{number}", "created_at": f"{arrived} 09:00", "rep_id": "ana"})
        if deal:
            rows[-1]["converted_opportunity_id"] = f"d{number}"
            deals.append({"opportunity_id": f"d{number}", "rep_id": "ana", "status": "open", "created_on": deal})
    return make_crm(deals=deals, reps=["ana"], leads=rows, as_of=END)


def test_a_share_counts_what_happened_by_the_day():
    """Of four leads of May one is a deal after 10 days, one after 70."""
    crm = company(
        [("2026-05-02", "2026-05-12"), ("2026-05-02", "2026-07-11"), ("2026-05-02", None), ("2026-05-03", None)]
    )

    rows = lead_cohorts(crm, period=SEPTEMBER).set_index("days")

    assert rows["converted_rate"].tolist() == pytest.approx([0.25, 0.25, 0.5])
    assert rows["is_mature"].all()


def test_a_young_month_is_followed_as_far_as_it_goes_and_marked():
    """September's leads have had at most 29 days; August's thirty, not sixty."""
    rows = lead_cohorts(
        company([("2026-08-20", None), ("2026-09-02", "2026-09-05"), ("2026-09-03", None)]), period=SEPTEMBER
    )

    assert rows[["month", "days", "is_mature"]].to_numpy().tolist() == [["2026-08", 30, True]]


def test_a_deal_older_than_its_lead_counts_at_once():
    """The lead was noted late."""
    rows = lead_cohorts(company([("2026-05-20", "2026-05-01")]), period=SEPTEMBER)

    assert rows["converted_rate"].tolist() == [1.0, 1.0, 1.0]


def test_a_fall_of_the_latest_mature_month_is_tested_and_no_younger_month_is():
    """Half converted until June, one in ten since: August is the latest that is mature at thirty days."""
    leads = [
        (f"2026-0{month}-05", f"2026-0{month}-15" if number % (2 if month < 7 else 10) == 0 else None)
        for month in (4, 5, 6, 8, 9)
        for number in range(80)
    ]

    rows = lead_cohorts(company(leads), period=SEPTEMBER)
    found = describe_lead_cohorts(rows)

    judged = rows.dropna(subset="p_value")
    assert judged[judged["days"] == 30]["month"].tolist() == ["2026-08"]
    assert judged[judged["days"] == 30]["is_changed"].all()
    assert found.status == "watch"
    assert found.title == "10% of August 2026's leads were deals after 30 days"


def test_words_claim_nothing_from_what_is_too_young():
    """A month without thirty days is named as such."""
    found = describe_lead_cohorts(lead_cohorts(company([("2026-05-02", None), ("2026-08-31", None)]), period=SEPTEMBER))

    assert "no fall is claimed" not in found.text
    assert describe_lead_cohorts(lead_cohorts(company([]), period=SEPTEMBER)).title == "No month of leads to follow"


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_the_heat_map_has_a_number_for_each_share(width, demo_crm):
    """Months and horizons of the demo company."""
    rows = lead_cohorts(demo_crm, period=SEPTEMBER)

    with theme.chart_style(width):
        assert len(plot_lead_cohorts(rows).texts) == len(rows)


@pytest.fixture(scope="module")
def olist():
    """The real funnel: 8,000 leads and 842 wins; what is not won is open or lost, nobody knows which."""
    leads = pd.read_csv(REAL / "olist_funnel" / "olist_marketing_qualified_leads_dataset.csv")
    wins = pd.read_csv(REAL / "olist_funnel" / "olist_closed_deals_dataset.csv", parse_dates=["won_date"])
    won = wins.drop_duplicates("mql_id").set_index("mql_id")
    deals = [
        {"opportunity_id": key, "rep_id": row["sr_id"], "status": "won", "closed_on": str(row["won_date"].date()),
         "created_on": str(row["won_date"].date()), "amount": 0}
        for key, row in won.to_dict("index").items()
    ]  # fmt: skip
    rows = [
        {"lead_id": row["mql_id"], "created_at": f"{row['first_contact_date']} 00:00",
         "source": row["origin"] if isinstance(row["origin"], str) else None,
         "rep_id": won["sr_id"].get(row["mql_id"]),
         "converted_opportunity_id": row["mql_id"] if row["mql_id"] in won.index else None}
        for row in leads.to_dict("records")
    ]  # fmt: skip
    crm = make_crm(deals=deals, leads=rows, as_of=date(2018, 6, 30))
    return crm, leads, won


@needs_olist
def test_olist_s_young_cohorts_are_immature_and_the_step_of_january_shows(olist):
    """Five times the leads since January 2018; May and June cannot be judged at 90 days, and no lead is lost."""
    crm, leads, _won = olist

    rows = lead_cohorts(crm.at(date(2018, 5, 31)), period=crm.calendar.period("2018-05"), n_months=12)

    months = rows.drop_duplicates("month").set_index("month")["n_leads"]
    assert 4 < months["2018-01"] / months["2017-12"] < 7
    at_ninety = rows[rows["days"] == 90].set_index("month")["is_mature"]
    assert at_ninety["2018-02"]
    assert not at_ninety.get("2018-03", False)
    assert "2018-05" not in set(rows.loc[rows["is_mature"], "month"])
    known = pd.to_datetime(leads["first_contact_date"])
    assert months["2018-02"] == ((known >= "2018-02-01") & (known <= "2018-02-28")).sum()


@needs_olist
def test_olist_s_share_of_an_old_cohort_is_that_counted_by_hand(olist):
    """November 2017: won within ninety days of first contact, of all its leads; those without an owner are counted."""
    crm, leads, won = olist
    own = leads[leads["first_contact_date"].str.startswith("2017-11")].set_index("mql_id")
    waits = (won["won_date"].dt.normalize() - pd.to_datetime(own["first_contact_date"]).reindex(won.index)).dt.days
    expected = (waits <= 90).sum() / len(own)

    rows = lead_cohorts(crm, period=crm.calendar.period("2018-06"))

    row = rows[(rows["month"] == "2017-11") & (rows["days"] == 90)].iloc[0]
    assert row["converted_rate"] == pytest.approx(expected)
    assert row["n_unassigned"] == len(own) - own.index.isin(won.index).sum()
