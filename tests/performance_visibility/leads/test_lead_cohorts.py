"""Lead cohorts: young months are followed as far as they go, and only mature ones are held against others."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from salesops_lib import theme
from salesops_lib.errors import MissingTableError
from salesops_lib.performance_visibility.leads.cohorts.metrics import apart_from_months, lead_cohorts
from salesops_lib.performance_visibility.leads.cohorts.narrative import describe_lead_cohorts
from salesops_lib.performance_visibility.leads.cohorts.plots import plot_lead_cohorts, table_lead_cohorts
from salesops_lib.statistics.differences import adjusted
from tests.builders import CALENDAR, make_crm
from tests.test_contracts import promised

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)
LONG_AGO = {"opportunity_id": "old", "rep_id": "ana", "status": "lost", "created_on": "2024-01-02",
            "closed_on": "2024-02-02"}  # fmt: skip


def company(*groups, as_of=END, first=LONG_AGO, reps=("ana",)):
    """Groups of ``(day of arrival, n leads, n that become deals, days until they do)``."""
    rows, deals = [], [first] if first else []
    for group, (day, n, n_deals, wait) in enumerate(groups):
        arrived = date.fromisoformat(day)
        for place in range(n):
            key = f"d{group}-{place}" if place < n_deals else None
            rows.append({"lead_id": f"l{group}-{place}", "created_at": f"{day} 08:00", "rep_id": "ana",
                         "converted_opportunity_id": key})  # fmt: skip
            if key:
                created = arrived + timedelta(days=wait)
                deals.append({"opportunity_id": key, "rep_id": "ana", "created_on": created})
    return make_crm(reps=list(reps), leads=rows, deals=deals, as_of=as_of)


def row_of(rows, cohort, days):
    """The row of a month and horizon."""
    return rows[(rows["cohort"] == cohort) & (rows["days"] == days)].iloc[0]


def test_a_mature_month_is_counted():
    """Of 40 leads of May 10 are deals on day 30 and 4 more on day 31: 25 % by day 30, 35 % by day 60."""
    rows = lead_cohorts(
        company(("2026-05-04", 30, 10, 30), ("2026-05-04", 10, 4, 31)), period=SEPTEMBER, confidence=0.95
    )

    assert row_of(rows, "2026-05", 30)["converted_rate"] == 0.25
    assert row_of(rows, "2026-05", 60)["converted_rate"] == pytest.approx(0.35)
    assert rows.loc[rows["cohort"] == "2026-05", "is_mature"].all()
    assert row_of(rows, "2026-05", 30)["n_converted"] == 14


def test_a_young_month_counts_its_leads_for_as_long_as_they_have_been_there():
    """August, day 60: 10 leads had 60 days, 5 are deals on day 40; 10 of the 30th had 31 days and none is: half."""
    rows = lead_cohorts(company(("2026-08-01", 10, 5, 40), ("2026-08-30", 10, 0, 0)), period=SEPTEMBER, confidence=0.95)
    row = row_of(rows, "2026-08", 60)

    assert row["converted_rate"] == pytest.approx(0.5)
    assert (row["n_leads"], row["n_followed"], row["n_converted_by"]) == (20, 10, 5)
    assert not row["is_mature"]
    assert row_of(rows, "2026-08", 30)["is_mature"]
    assert pd.isna(row_of(rows, "2026-08", 90)["converted_rate"])


def test_a_month_is_mature_once_its_last_day_has_had_the_time():
    """Thirty days after 31 August it is, on the day before it is not."""
    groups = ("2026-08-03", 30, 5, 3)

    ripe = lead_cohorts(company(groups), period=SEPTEMBER, confidence=0.95)
    young = lead_cohorts(company(groups, as_of=date(2026, 9, 29)), period=SEPTEMBER, confidence=0.95)

    assert row_of(ripe, "2026-08", 30)["is_mature"]
    assert not row_of(young, "2026-08", 30)["is_mature"]


def test_no_fall_is_claimed_from_a_young_month():
    """September brings 500 leads and no deal yet: too young, whatever its share looks like."""
    steady = [(f"2026-{month:02}-03", 200, 60, 12) for month in range(1, 9)]

    rows = lead_cohorts(company(*steady, ("2026-09-02", 500, 0, 0)), period=SEPTEMBER, confidence=0.95)

    assert not rows["is_changed"].any()
    assert rows.loc[rows["cohort"] == "2026-09", "p_value"].isna().all()


def test_a_fall_of_the_latest_mature_month_is_found(given):
    """August: 10 % by day 30 where 30 % of the months before were; the words say so and nothing of September."""
    steady = [(f"2026-{month:02}-03", 200, 60, 12) for month in range(1, 8)]
    rows = lead_cohorts(
        company(*steady, ("2026-08-03", 200, 20, 12), ("2026-09-02", 100, 0, 0)), period=SEPTEMBER, confidence=0.95
    )
    august = row_of(rows, "2026-08", 30)

    finding = describe_lead_cohorts(rows, **given)

    assert rows.loc[rows["is_changed"], ["cohort", "days"]].to_numpy().tolist() == [["2026-08", 30]]
    assert (august["before_rate"], august["n_leads_before"]) == (pytest.approx(0.3), 1400)
    assert finding.title == "Leads that became deals by day 30 fell to 10% in August 2026, from 30%"
    assert (finding.status, finding.is_headline, finding.action.owner) == ("watch", True, "Flo")
    assert "September 2026 is too young for day 30" in finding.text


def test_a_rise_is_no_reason_to_act(given):
    """Said, marked good, no action."""
    steady = [(f"2026-{month:02}-03", 200, 20, 12) for month in range(1, 8)]

    finding = describe_lead_cohorts(
        lead_cohorts(company(*steady, ("2026-08-03", 200, 80, 12)), period=SEPTEMBER, confidence=0.95), **given
    )

    assert "rose to 40% in August 2026" in finding.title
    assert (finding.status, finding.action) == ("good", None)


def test_months_before_deals_are_on_record_are_not_compared(given):
    """Deals are on record from July on: June and May look like 0 %, and July is no rise on them."""
    groups = [
        ("2026-05-04", 300, 0, 0),
        ("2026-06-01", 300, 0, 0),
        ("2026-07-01", 300, 90, 4),
        ("2026-08-03", 300, 90, 4),
    ]

    rows = lead_cohorts(company(*groups, first=None), period=SEPTEMBER, confidence=0.95)

    assert not rows["is_changed"].any()
    assert rows.loc[rows["cohort"] < "2026-07", "converted_rate"].isna().all()
    assert row_of(rows, "2026-08", 30)["n_leads_before"] == 300
    assert "2 months to June 2026 began before deals are on record" in describe_lead_cohorts(
        rows, **given
    ).text  # fmt: skip


def test_a_month_that_differs_no_more_than_months_do_is_not_news():
    """Months between 5 % and 25 % of 1,000: one with 10 % is usual here, whatever an exact test of leads says."""
    n = pd.Series([1000] * 7)

    assert apart_from_months(pd.Series([50, 250, 120, 200, 80, 220, 100]), n) > 0.3
    assert apart_from_months(pd.Series([150, 152, 149, 151, 148, 150, 100]), n) < 0.01


def test_a_mature_share_is_tested_as_fisher_would():
    """Where earlier months vary as chance does, the p-value is Fisher's, recomputed here from the counts."""
    from scipy.stats import fisher_exact

    rows = lead_cohorts(company(*[(f"2026-{month:02}-03", 100, 30, 9) for month in range(3, 8)],
                                ("2026-08-03", 100, 20, 9)), period=SEPTEMBER, confidence=0.95)  # fmt: skip

    p_values = [1.0, 1.0, fisher_exact([[20, 80], [150, 350]]).pvalue]
    assert row_of(rows, "2026-08", 30)["p_value"] == pytest.approx(adjusted(p_values)[2])


def test_false_alarms_stay_within_five_percent_and_a_halved_share_is_found():
    """Eleven months of 150 to 400 leads at 20 %: alike, alike with months that vary, and a last month at 10 %."""
    rng = np.random.default_rng(1)

    def p_value(last=0.2, spread=0.0):
        n = rng.integers(150, 400, 11)
        share = np.clip(rng.normal(0.2, spread, 11), 0.02, 0.9) * np.where(np.arange(11) == 10, last / 0.2, 1)
        return apart_from_months(pd.Series(rng.binomial(n, share)), pd.Series(n))

    alike, varying, halved = (
        np.mean([p_value(*each) < 0.05 for _time in range(800)]) for each in ((0.2,), (0.2, 0.06), (0.1,))
    )

    assert alike <= 0.07
    assert varying <= 0.07
    assert halved >= 0.9


def test_leads_of_nobody_and_months_without_leads_are_counted():
    """Nobody owns one lead; June has none and keeps its rows with a missing share."""
    crm = make_crm(
        reps=["ana"], as_of=END, deals=[LONG_AGO],
        leads=[{"lead_id": "a", "created_at": "2026-05-04 08:00", "rep_id": None},
               {"lead_id": "b", "created_at": "2026-07-04 08:00", "rep_id": "ana"}],
    )  # fmt: skip

    rows = lead_cohorts(crm, period=SEPTEMBER, confidence=0.95)

    assert rows["cohort"].unique().tolist() == ["2026-05", "2026-06", "2026-07", "2026-08", "2026-09"]
    assert row_of(rows, "2026-05", 30)["n_unassigned"] == 1
    assert row_of(rows, "2026-06", 30)["n_leads"] == 0
    assert pd.isna(row_of(rows, "2026-06", 30)["converted_rate"])


def test_a_deal_older_than_its_lead_was_one_on_arrival():
    """Negative waiting would fall off the life table."""
    rows = lead_cohorts(company(("2026-05-04", 4, 2, -20)), period=SEPTEMBER, confidence=0.95)

    assert row_of(rows, "2026-05", 30)["converted_rate"] == 0.5


@settings(max_examples=8, deadline=None)
@for_any(
    groups=st.lists(
        st.tuples(st.dates(date(2025, 10, 1), END).map(str), st.integers(1, 6), st.integers(0, 6), st.integers(0, 100)),
        max_size=6,
    )
)
def test_every_lead_is_in_one_month_and_shares_only_grow(groups):
    """Months hold every lead once, shares stay inside their intervals and never fall with the days."""
    rows = lead_cohorts(company(*groups), period=SEPTEMBER, confidence=0.95)

    assert_frame_equal(rows, lead_cohorts(company(*groups[::-1]), period=SEPTEMBER, confidence=0.95))
    once = rows.drop_duplicates("cohort")
    assert once["n_leads"].sum() == sum(n for _day, n, _deals, _wait in groups)
    seen = rows.dropna(subset=["converted_rate", "converted_rate_low"])
    assert seen["converted_rate"].between(seen["converted_rate_low"] - 1e-9, seen["converted_rate_high"] + 1e-9).all()
    assert (rows.groupby("cohort")["converted_rate"].diff().dropna() >= -1e-9).all()


def test_the_demo_is_recomputed_by_hand_and_nothing_is_called_changed(demo_crm, demo_run, given):
    """May 2026 by day 30, from the tables; the words of August repeat the frame."""
    rows = demo_run.call(lead_cohorts)
    all_leads = demo_crm.fetch(demo_crm.leads)
    deals = demo_crm.fetch(demo_crm.opportunities.select("opportunity_id", "created_on"))
    may = all_leads[all_leads["created_at"].between("2026-05-01", "2026-05-31 23:59:59")]
    both = may.merge(deals, left_on="converted_opportunity_id", right_on="opportunity_id", how="left")
    waits = (both["created_on"] - both["created_at"].dt.normalize()).dt.days
    august = row_of(rows, "2026-08", 30)

    assert row_of(rows, "2026-05", 30)["n_leads"] == len(may)
    assert row_of(rows, "2026-05", 30)["converted_rate"] == pytest.approx((waits <= 30).mean())
    assert not rows["is_changed"].any()
    text = describe_lead_cohorts(rows, **given).text
    assert f"Of {august['n_leads']:,} leads that arrived in August 2026, **{august['converted_rate']:.1%}**" in text


def test_columns_are_those_promised_also_without_leads(demo_run, bare_run, given):
    """Same columns on the demo company and on an empty table; a missing table is named."""
    assert list(demo_run.call(lead_cohorts).columns) == promised(lead_cohorts)
    rows = lead_cohorts(company(), period=SEPTEMBER, confidence=0.95)
    assert list(rows.columns) == promised(lead_cohorts)
    assert len(rows) == 0
    assert describe_lead_cohorts(rows, **given).title == "No lead arrived in these months"
    with pytest.raises(MissingTableError, match="leads"):
        bare_run.call(lead_cohorts)


def test_too_few_to_compare_is_said(given):
    """Five leads in one month: their share is told, no verdict."""
    finding = describe_lead_cohorts(
        lead_cohorts(company(("2026-05-04", 5, 1, 3)), period=SEPTEMBER, confidence=0.95), **given
    )

    assert finding.title == "Too few leads to compare months of arrival"
    assert "**20.0%** were deals by day 90" in finding.text


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_the_chart_is_drawn_in_both_widths(demo_run, width):
    """Full, with a fall, and empty: shares from zero, no title; young months are hollow, not only paler."""
    steady = [(f"2026-{month:02}-03", 200, 60, 12) for month in range(1, 8)]
    fallen = lead_cohorts(company(*steady, ("2026-08-03", 200, 20, 12)), period=SEPTEMBER, confidence=0.95)
    for rows in (demo_run.call(lead_cohorts), fallen, lead_cohorts(company(), period=SEPTEMBER, confidence=0.95)):
        with theme.chart_style(width):
            ax = plot_lead_cohorts(rows)
        assert all(one.get_ylim()[0] == 0 and not one.get_title() for one in ax.figure.axes if len(rows))
        assert set(table_lead_cohorts(rows).columns) <= set(rows.columns)
    marks = {line.get_label(): line for one in plot_lead_cohorts(fallen).figure.axes for line in one.get_lines()}
    assert marks["Beyond chance"].get_marker() == "D"
