"""Leads by source: waiting counts, speed is compared beyond chance, worth and quality stand beside volume."""

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from salesops_lib import theme
from salesops_lib.performance_visibility import lead_red_flag, lead_steps
from salesops_lib.performance_visibility.lead_sources import leads_by_source
from salesops_lib.performance_visibility.narrative.lead_sources import describe_leads_by_source
from salesops_lib.performance_visibility.plots.lead_sources import plot_leads_by_source
from tests.builders import CALENDAR, make_crm

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)


def company(waits, *, source="Web", day="2026-08-03", before=()):
    """Leads of one day by hours until the first touch, nothing for none; ``before`` arrived a year earlier."""
    leads = []
    for arrived, hours in [*((day, each) for each in waits), *(("2025-11-03", each) for each in before)]:
        moment = datetime.fromisoformat(f"{arrived} 08:00")
        touched = None if hours is None else moment + timedelta(hours=hours)
        leads.append({"created_at": moment, "first_touch_at": touched, "source": source, "rep_id": "ana"})
    rows = [{"lead_id": f"l{number}", **each} for number, each in enumerate(leads)]
    return make_crm(reps=["ana"], leads=rows, as_of=END)


def test_the_median_wait_counts_leads_that_nobody_has_touched():
    """Two of five waiting: half are touched within four hours, not within two."""
    row = leads_by_source(company([1, 2, 4, None, None]), period=SEPTEMBER).iloc[0]

    assert (row["first_touch_hours"], row["n_untouched"], row["oldest_untouched_days"]) == (4, 2, 58)
    assert row["touched_in_a_day_rate"] == pytest.approx(0.6)


def test_fewer_than_half_touched_has_no_median():
    """Undefined is missing."""
    rows = leads_by_source(company([1, None, None]), period=SEPTEMBER)

    assert pd.isna(rows.iloc[0]["first_touch_hours"])


def test_all_leads_come_first_and_are_the_sum_of_their_sources(demo_crm):
    """Counted anew; leads without a source have a row of their own."""
    rows = leads_by_source(demo_crm, period=SEPTEMBER)

    assert rows["source"].iloc[0] == "All leads"
    assert rows[["n_leads", "n_untouched", "n_ripe"]].iloc[1:].sum().tolist() == rows[
        ["n_leads", "n_untouched", "n_ripe"]
    ].iloc[0].tolist()  # fmt: skip


def test_a_source_that_waits_longer_than_before_is_found():
    """Five hours then, forty now; the words name it and someone looks."""
    rng = np.random.default_rng(2)
    rows = leads_by_source(company(rng.exponential(40, 80), before=rng.exponential(5, 80)), period=SEPTEMBER)

    assert rows["is_slower"].all()


def test_the_demo_company_s_sources_are_as_fast_as_before(demo_crm):
    """Paid social brings more and worse leads; its speed is unchanged, and so is everybody's."""
    assert not leads_by_source(demo_crm, period=SEPTEMBER)["is_slower"].any()


def test_the_same_speed_is_called_slower_at_most_one_time_in_twenty():
    """Six hundred companies of four sources, judged from cells as the metric does."""
    from salesops_lib.performance_visibility.funnel_change import discoveries
    from salesops_lib.performance_visibility.survival import log_rank

    rng, flagged = np.random.default_rng(3), 0
    for _company in range(600):
        tables = [[_table(rng.exponential(20, n)) for n in (60, 200)] for _source in range(4)]
        results = [log_rank(*pair) for pair in tables]
        p_values = discoveries([each[3] for each in results])
        flagged += bool(((p_values < 0.05) & np.array([each[0] < 1 for each in results])).any())

    assert flagged / 600 < 0.05


def _table(waits):
    left = np.bincount(np.minimum(waits, 239).astype(int), minlength=240)
    return pd.DataFrame({"at_risk": len(waits) - np.concatenate([[0], left.cumsum()[:-1]]), "left": left})


def test_a_published_funnel_is_counted_as_published():
    """1,247 leads, 383 touched, 67 qualified, 12 deals, 2 won: 864 untouched, 0.16 % of leads won."""
    leads, deals = [], []
    for number in range(1247):
        lead = {"lead_id": f"l{number}", "created_at": "2026-07-03 08:00", "source": "Web", "rep_id": "ana"}
        if number < 383:
            lead["first_touch_at"] = "2026-07-03 10:00"
        if number < 67:
            lead["qualified_at"] = "2026-07-04 10:00"
        if number < 12:
            lead["converted_opportunity_id"] = f"d{number}"
            deals.append(
                {"opportunity_id": f"d{number}", "rep_id": "ana", "created_on": "2026-07-06",
                 "status": "won" if number < 2 else "open", "closed_on": "2026-08-01" if number < 2 else None}
            )  # fmt: skip
        leads.append(lead)
    # A year before, half as many leads came and a quarter of them qualified.
    for number in range(600):
        lead = {"lead_id": f"o{number}", "created_at": f"2025-{10 + number % 3}-03 08:00", "source": "Web"}
        lead["qualified_at"] = f"2025-{10 + number % 3}-04 08:00" if number % 4 == 0 else None
        leads.append(lead)
    crm = make_crm(deals=deals, reps=["ana"], leads=leads, as_of=END)

    steps = lead_steps(crm, period=SEPTEMBER)

    assert steps["n_passed"].tolist() == [383, 67, 12, 2]
    assert steps["of_all_rate"].iloc[-1] == pytest.approx(0.0016, abs=5e-5)
    assert leads_by_source(crm, period=SEPTEMBER).iloc[0]["n_untouched"] == 864
    assert lead_red_flag(crm, period=SEPTEMBER).iloc[0]["is_red_flag"]


def test_words_say_how_long_leads_wait(given, demo_crm):
    """Every number is the first row's."""
    rows = leads_by_source(demo_crm, period=SEPTEMBER)

    found = describe_leads_by_source(rows, as_of=END, **given)

    assert found.title == f"Half of the leads hear from us within {rows['first_touch_hours'].iloc[0]:.0f} hours"
    assert f"{rows['n_leads'].iloc[0]:,} leads arrived in 3 months" in found.text
    assert describe_leads_by_source(rows.head(0), as_of=END, **given).title == "No lead arrived in these months"


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_the_chart_has_a_row_for_each_source(width, demo_crm):
    """Touched within a day and qualified, with n beside the name."""
    rows = leads_by_source(demo_crm, period=SEPTEMBER)

    with theme.chart_style(width):
        assert len(plot_leads_by_source(rows).get_yticks()) == len(rows)
