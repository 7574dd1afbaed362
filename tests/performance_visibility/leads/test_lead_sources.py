"""Leads by source: waiting leads are censored, speed and worth are told apart only beyond chance."""

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from salesops_lib import theme
from salesops_lib.errors import MissingTableError
from salesops_lib.performance_visibility.leads.sources.counts import ALL
from salesops_lib.performance_visibility.leads.sources.metrics import _judged, _with_worth, leads_by_source
from salesops_lib.performance_visibility.leads.sources.narrative import describe_leads_by_source
from salesops_lib.performance_visibility.leads.sources.plots import plot_leads_by_source, table_leads_by_source
from salesops_lib.statistics.survival import life_table, log_rank
from tests.builders import CALENDAR, make_crm
from tests.test_contracts import promised

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)
NOW = datetime(2026, 8, 3, 9)
BEFORE = datetime(2026, 3, 2, 9)


def leads(waits, *, source="Web", start=NOW, deals=()):
    """One lead per wait in hours (none: never touched), all arriving at once; the first ones became ``deals``."""
    return [
        {
            "lead_id": f"{source}-{start:%m%d}-{place}", "source": source, "rep_id": "ana", "created_at": start,
            "first_touch_at": None if wait is None else start + timedelta(hours=float(wait)),
            "converted_opportunity_id": deals[place] if place < len(deals) else None,
        }
        for place, wait in enumerate(waits)
    ]  # fmt: skip


def company(rows, deals=(), as_of=END):
    """A company with these leads, seen at the end of September 2026."""
    return make_crm(reps=["ana"], leads=rows, deals=deals, as_of=as_of)


def of(frame, source):
    """The row of a source."""
    return frame.set_index("source").loc[source]


def test_the_median_wait_counts_untouched_leads_as_waiting():
    """Of five leads two are touched in 2 and 6 hours, one in 30, two never: half are touched within 30 hours."""
    row = of(leads_by_source(company(leads([1.5, 5.2, 29.1, None, None])), period=SEPTEMBER, confidence=0.95), "Web")

    assert row["first_touch_hours"] == 30
    assert row["touched_in_day_rate"] == pytest.approx(2 / 5)
    assert (row["n_touched"], row["n_waiting"], row["n_waiting_week"]) == (3, 2, 2)
    assert row["waiting_days"] == (END - NOW.date()).days


def test_a_touch_after_24_hours_is_not_within_the_day():
    """At 24 hours sharp it is, a minute later it is not."""
    sharp, late = leads([24, 24]), leads([24 + 1 / 60, 24 + 1 / 60])

    assert of(leads_by_source(company(sharp), period=SEPTEMBER, confidence=0.95), "Web")["touched_in_day_rate"] == 1
    assert of(leads_by_source(company(late), period=SEPTEMBER, confidence=0.95), "Web")["touched_in_day_rate"] == 0


def test_a_lead_that_has_not_had_a_day_is_censored():
    """Twenty leads of this evening wait; they say nothing about 24 hours, and four in ten of the others do."""
    rows = leads([6] * 4 + [None] * 6) + leads([None] * 20, source="Ads", start=datetime(2026, 9, 30, 22))

    frame = leads_by_source(company(rows), period=SEPTEMBER, confidence=0.95)

    assert of(frame, ALL)["touched_in_day_rate"] == pytest.approx(4 / 10)
    assert pd.isna(of(frame, "Ads")["touched_in_day_rate"])
    assert of(frame, "Ads")["n_waiting_week"] == 0


def test_fewer_than_half_touched_has_no_median():
    """Undefined is missing, never the longest wait seen."""
    row = of(leads_by_source(company(leads([3, None, None, None])), period=SEPTEMBER, confidence=0.95), "Web")

    assert pd.isna(row["first_touch_hours"])
    assert row["n_waiting"] == 3


def test_a_qualified_lead_without_a_noted_touch_does_not_wait():
    """Somebody spoke to it, noted or not."""
    rows = leads([None, None, 1])
    rows[0]["qualified_at"] = NOW + timedelta(days=1)

    assert of(leads_by_source(company(rows), period=SEPTEMBER, confidence=0.95), "Web")["n_waiting"] == 1


def test_what_is_not_on_record_is_missing_and_said(given):
    """A company that notes no first touch has no waiting leads to blame anyone for."""
    rows = leads_by_source(company(leads([None] * 30)), period=SEPTEMBER, confidence=0.95)
    row = of(rows, "Web")

    assert row[["n_waiting", "touched_in_day_rate", "first_touch_hours", "lead_qualified_rate"]].isna().all()
    assert describe_leads_by_source(rows, **given).title == ("No first touch is recorded for 30 leads")


def test_a_source_that_slows_down_is_named_and_the_others_are_not(given):
    """Ads go from half within 5 hours to half within 40; the web stays."""
    rng = np.random.default_rng(1)
    rows = (
        leads(rng.exponential(58, 120), source="Ads") + leads(rng.exponential(7, 400), source="Ads", start=BEFORE)
        + leads(rng.exponential(7, 120)) + leads(rng.exponential(7, 400), start=BEFORE)
    )  # fmt: skip

    frame = leads_by_source(company(rows), period=SEPTEMBER, confidence=0.95)
    finding = describe_leads_by_source(frame, **given)

    assert frame.loc[frame["is_slower"], "source"].tolist() == ["Ads"]
    assert not frame["is_faster"].any()
    ads = of(frame, "Ads")
    assert finding.title == (
        f"Ads leads wait {ads['first_touch_hours']:.0f} hours for a first touch, was {ads['before_touch_hours']:.0f}"
    )
    assert finding.status == "act"
    assert "Ads" in finding.action.what


def test_a_shift_between_sources_is_no_change_of_speed():
    """Slow trade shows triple while no source changes: all leads wait longer, and nobody is called slower."""
    rng = np.random.default_rng(2)
    rows = (
        leads(rng.exponential(60, 300), source="Show") + leads(rng.exponential(60, 100), source="Show", start=BEFORE)
        + leads(rng.exponential(6, 100)) + leads(rng.exponential(6, 400), start=BEFORE)
    )  # fmt: skip

    frame = leads_by_source(company(rows), period=SEPTEMBER, confidence=0.95)

    assert of(frame, ALL)["first_touch_hours"] > 2 * of(frame, ALL)["before_touch_hours"]
    assert not frame["is_slower"].any()


def test_volume_is_per_selling_day_and_begins_with_the_first_lead():
    """30 leads in three months; 20 before, the first on 2 March: the days before it are unknown, not empty."""
    row = of(
        leads_by_source(company(leads([1] * 30) + leads([1] * 20, start=BEFORE)), period=SEPTEMBER, confidence=0.95),
        "Web",
    )

    assert row["daily_leads"] == pytest.approx(30 / CALENDAR.selling_days(date(2026, 7, 1), END))
    assert row["before_daily_leads"] == pytest.approx(20 / CALENDAR.selling_days(BEFORE.date(), date(2026, 6, 30)))
    assert row["daily_leads_low"] < row["daily_leads"] < row["daily_leads_high"]


def test_a_running_month_counts_the_days_that_have_passed():
    """On 12 August the last months are June, July and twelve days."""
    day = date(2026, 8, 12)
    row = of(
        leads_by_source(company(leads([1] * 30), as_of=day), period=CALENDAR.period("2026-08"), confidence=0.95), "Web"
    )

    assert row["daily_leads"] == pytest.approx(30 / CALENDAR.selling_days(date(2026, 6, 1), day))


def test_a_source_that_has_dried_up_keeps_its_row():
    """Forty before and none now: 0 leads a day is the news."""
    row = of(
        leads_by_source(
            company(leads([1]) + leads([1] * 40, source="Fair", start=BEFORE)), period=SEPTEMBER, confidence=0.95
        ),
        "Fair",
    )

    assert (row["n_leads"], row["n_leads_before"], row["daily_leads"]) == (0, 40, 0)


def test_worth_is_what_the_leads_before_have_won():
    """Of 40 leads two are won with 3,000 and 5,000: 200 a lead; open and lost deals add nothing."""
    keys = [f"d{place}" for place in range(4)]
    deals = [
        {"opportunity_id": key, "rep_id": "ana", "amount": amount, "status": status, "created_on": "2026-03-10",
         "closed_on": None if status == "open" else "2026-05-01"}
        for key, amount, status in zip(keys, (3000, 5000, 7000, 9000), ("won", "won", "lost", "open"), strict=True)
    ]  # fmt: skip
    rows = leads_by_source(
        company(leads([1] * 40, start=BEFORE, deals=keys) + leads([1]), deals), period=SEPTEMBER, confidence=0.95
    )
    row = of(rows, "Web")

    assert row["worth_amount"] == pytest.approx(200)
    assert row["worth_amount_low"] < 200 < row["worth_amount_high"]
    assert (row["n_won_before"], pd.isna(row["worth_p_value"])) == (2, True)


def test_deals_within_a_month_count_young_leads_for_as_long_as_they_have_been_there():
    """Five of ten August leads become deals at day 5; ten leads of yesterday do not halve the share."""
    keys = [f"d{place}" for place in range(5)]
    deals = [{"opportunity_id": key, "rep_id": "ana", "created_on": "2026-08-08"} for key in keys]
    rows = leads([1] * 10, deals=keys) + leads([1] * 10, start=datetime(2026, 9, 29, 9))

    assert of(leads_by_source(company(rows, deals), period=SEPTEMBER, confidence=0.95), "Web")[
        "converted_rate"
    ] == pytest.approx(0.5)


def test_worth_false_alarms_stay_within_five_percent_and_a_real_gap_is_found():
    """Five sources, skewed deals: alike in 600 companies, then one whose leads bring 2.2 times as much."""
    rng = np.random.default_rng(3)

    def flagged(factor):
        n = rng.integers(250, 1500, 5)
        won = rng.binomial(n, 0.05 * np.array([factor, 1, 1, 1, 1]))
        deals = [rng.lognormal(9, 0.9, each) for each in won]
        sources = pd.DataFrame({
            "split": "source", "source": list("abcde"), "n_leads_before": n, "n_won_before": won,
            "won_amount": [d.sum() for d in deals], "won_squares": [(d**2).sum() for d in deals],
            "won_largest": [d.max(initial=0) for d in deals],
        })  # fmt: skip
        whole = pd.DataFrame([sources.select_dtypes("number").sum()]).assign(split="all", source=ALL)
        rows = pd.concat([whole, sources], ignore_index=True)
        rows = _judged(_with_worth(rows, 0.95).assign(speed_p_value=np.nan, pace_ratio=np.nan), 0.95)
        return rows["is_worth_more"].to_numpy() | rows["is_worth_less"].to_numpy()

    alarms = np.mean([flagged(1).any() for _each in range(400)])
    found = np.mean([flagged(2.2)[1] for _each in range(60)])

    assert alarms <= 0.07
    assert found >= 0.8


def test_speed_is_rarely_called_changed_when_it_is_not():
    """The log-rank test on cells of hours with day-wide cells after two days: five in a hundred, censoring or not."""
    rng = np.random.default_rng(4)

    def p_value():
        tables = []
        for n, censored_at in ((60, 400.0), (200, 1400.0)):
            wait, until = np.ceil(rng.exponential(20, n)), rng.uniform(24, censored_at, n).round()
            is_touched = wait <= until
            age = np.where(is_touched, wait, until).astype(int)
            cells = pd.DataFrame({"age": age, "n_from": 0, "n_to": 1, "n_left": is_touched.astype(int)})
            start = pd.DataFrame({"age": [0], "n_from": [n], "n_to": [0], "n_left": [0]})
            tables.append(life_table(pd.concat([start, cells])))
        return log_rank(*tables, confidence=0.95)[3]

    assert 0.02 <= np.mean(np.array([p_value() for _each in range(400)]) < 0.05) <= 0.08


@settings(max_examples=6, deadline=None)
@for_any(waits=st.lists(st.one_of(st.none(), st.integers(0, 900)), max_size=25), shift=st.integers(0, 50))
def test_sources_add_up_to_all_leads_and_order_does_not_matter(waits, shift):
    """Nothing is lost, a missing source has a name, and the order of rows changes nothing."""
    rows = []
    for place, wait in enumerate(waits):
        start = NOW - timedelta(days=(place * shift) % 300)
        lead = leads([wait], source=("Web", "Ads", None)[place % 3], start=start)[0]
        rows.append(lead | {"lead_id": str(place)})

    frame = leads_by_source(company(rows), period=SEPTEMBER, confidence=0.95)
    again = leads_by_source(company(rows[::-1]), period=SEPTEMBER, confidence=0.95)

    assert_frame_equal(frame, again)
    sums = frame.groupby("split")[["n_leads", "n_leads_before", "n_touched", "n_converted"]].sum()
    assert sums.loc["all", "n_leads"] + sums.loc["all", "n_leads_before"] == len(rows)
    if len(rows):
        assert sums.loc["all"].tolist() == sums.loc["source"].tolist()


def test_nothing_planted_in_the_demo_is_called_a_change_of_speed(demo_run, given):
    """Paid social brings more and worse leads, no slower ones; the words repeat the frame."""
    rows = demo_run.call(leads_by_source)
    finding = describe_leads_by_source(rows, **given)
    whole = rows.iloc[0]

    social = of(rows, "Paid social")
    assert not rows["is_slower"].any()
    assert not rows["is_faster"].any()
    assert social["daily_leads"] / social["before_daily_leads"] > 1.5
    assert social["lead_qualified_rate_high"] < 0.65 * social["before_rate"]
    assert (
        f"{whole['n_leads']:,.0f} leads were touched within **{whole['first_touch_hours']:.0f} hours**" in finding.text
    )
    assert f"**{whole['n_waiting']:.0f}** of them" in finding.text
    assert finding.stake == pytest.approx(whole["n_waiting_week"] * whole["worth_amount"])


def test_the_demo_is_recomputed_by_hand(demo_crm, demo_run):
    """One source's counts, worth and median, from the tables themselves."""
    all_leads = demo_crm.fetch(demo_crm.leads)
    deals = demo_crm.fetch(demo_crm.opportunities.select("opportunity_id", "status", "amount"))
    own = all_leads[all_leads["source"] == "Webinar"]
    before = own[own["created_at"].between("2025-07-01", "2026-06-30 23:59:59")]
    now = own[own["created_at"] >= "2026-07-01"]
    won = before.merge(deals, left_on="converted_opportunity_id", right_on="opportunity_id").query("status == 'won'")
    waits = (now["first_touch_at"] - now["created_at"]).dt.total_seconds() / 3600
    row = of(demo_run.call(leads_by_source), "Webinar")

    assert (row["n_leads"], row["n_leads_before"], row["n_won_before"]) == (len(now), len(before), len(won))
    assert row["worth_amount"] == pytest.approx(float(won["amount"].sum()) / len(before))
    # Hardly any lead is censored within so few hours.
    assert row["first_touch_hours"] == pytest.approx(waits.fillna(1e6).median(), abs=1)


def test_columns_are_those_promised_also_without_leads(demo_run, bare_run, given):
    """Same columns on the demo company and on an empty table; a missing table is named."""
    assert list(demo_run.call(leads_by_source).columns) == promised(leads_by_source)
    rows = leads_by_source(company([]), period=SEPTEMBER, confidence=0.95)
    assert list(rows.columns) == promised(leads_by_source)
    assert describe_leads_by_source(rows, **given).title == ("No lead arrived in these months")
    with pytest.raises(MissingTableError, match="leads"):
        bare_run.call(leads_by_source)


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_the_chart_names_every_source_in_both_widths(demo_run, width):
    """Full, empty and with thirty sources: drawn, every axis from zero, no title."""
    many = [lead for place in range(30) for lead in leads([1, 2], source=f"Source {place:02}")]
    for rows in (
        demo_run.call(leads_by_source),
        leads_by_source(company([]), period=SEPTEMBER, confidence=0.95),
        leads_by_source(company(many), period=SEPTEMBER, confidence=0.95),
    ):
        with theme.chart_style(width):
            ax = plot_leads_by_source(rows)
        assert ax.get_yticklabels()[0].get_text() == ALL
        assert len(ax.get_yticklabels()) == min(len(rows), 24)
        assert all(one.get_xlim()[0] == 0 and not one.get_title() for one in ax.figure.axes)
        assert set(table_leads_by_source(rows).columns) <= set(rows.columns)


def test_three_wins_are_too_few_to_say_what_a_lead_is_worth(given):
    """All three wins come from the web: no verdict, and the words say why."""
    keys = ["d0", "d1", "d2"]
    deals = [
        {"opportunity_id": key, "rep_id": "ana", "amount": 5000, "status": "won", "closed_on": "2026-05-01"}
        for key in keys
    ]
    rows = leads([1] * 40, start=BEFORE, deals=keys) + leads([1] * 400, source="Ads", start=BEFORE) + leads([1] * 3)

    frame = leads_by_source(company(rows, deals), period=SEPTEMBER, confidence=0.95)

    assert frame["worth_p_value"].isna().all()
    assert not frame["is_worth_more"].any()
    text = describe_leads_by_source(frame, **given).text
    assert "Too few of the earlier leads are won to say which source is worth more." in text
