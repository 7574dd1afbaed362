"""The lead red flag: fires where volume holds and quality falls, stays quiet where chance explains it."""

from datetime import date, datetime, timedelta

import pytest

from salesops_lib.errors import MissingTableError
from salesops_lib.performance_visibility import lead_red_flag, lead_steps
from salesops_lib.performance_visibility.leads.red_flag.narrative import describe_lead_red_flag, describe_lead_steps
from tests.builders import CALENDAR, make_crm
from tests.published import example

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)
NOW = datetime(2026, 7, 1, 9)
BEFORE = datetime(2025, 7, 1, 9)


def leads(n, qualified, *, start=NOW, days=80, source="Web", rep="ana", touched=None):
    """``n`` leads spread over ``days``, the first ``qualified`` of them qualified a day later."""
    rows = []
    for place in range(n):
        created = start + timedelta(minutes=int(place * days * 1440 / n))
        rows.append(
            {
                "lead_id": f"{source}-{rep}-{start:%y%m}-{place}", "source": source, "rep_id": rep,
                "created_at": created,
                "first_touch_at": created + timedelta(hours=2) if touched is None or place < touched else None,
                "qualified_at": created + timedelta(days=1) if place < qualified else None,
            }
        )  # fmt: skip
    return rows


def test_a_deal_that_comes_late_counts_neither_now_nor_before():
    """The leads of before have had a year for it, those of now a few weeks: only what comes in time is compared."""
    rows = leads(100, 50) + leads(100, 50, start=BEFORE, days=300)
    deals = []
    for place, lead in enumerate(each for each in rows if each["qualified_at"]):
        lead["converted_opportunity_id"] = f"d{place}"
        wait = 100 if lead["created_at"] < NOW and place % 2 else 2
        opened = f"{lead['created_at'] + timedelta(days=wait):%Y-%m-%d}"
        deals.append({"opportunity_id": f"d{place}", "rep_id": "ana", "created_on": opened, "status": "open"})

    steps = lead_steps(company(rows, deals=deals), period=SEPTEMBER, confidence=0.95).set_index("step")

    assert steps.loc["Qualified to deal", "before_rate"] == 0.5


def company(rows, reps=("ana", "bo"), **tables):
    """A company with these leads, seen at the end of September 2026."""
    return make_crm(reps=list(reps), leads=rows, as_of=END, **tables)


def of(frame, name):
    """The row of a name."""
    return frame.set_index("name").loc[name]


def test_the_published_funnel_raises_the_flag():
    """1,247 leads, above goal, of which 67 qualify where 13 % did (incerto.ai): the flag fires, 864 are untouched."""
    funnel = example("kpi", "funnel-incerto")
    seen, expected = funnel["inputs"], funnel["expected"]
    now = leads(seen["mql"], seen["sql"], touched=seen["contacted"])
    deals = []
    for place, lead in enumerate(now[: seen["opportunity"]]):
        lead["converted_opportunity_id"] = f"d{place}"
        status = {"status": "won", "closed_on": "2026-09-29"} if place < seen["won"] else {"status": "open"}
        opened = {"created_on": f"{lead['created_at'] + timedelta(days=1):%Y-%m-%d}"}
        deals.append({"opportunity_id": f"d{place}", "rep_id": "ana", **opened, **status})
    crm = company(now + leads(4000, 520, start=BEFORE, days=364), deals=deals)

    flag = of(lead_red_flag(crm, period=SEPTEMBER, confidence=0.95), "All leads")
    steps = lead_steps(crm, period=SEPTEMBER, confidence=0.95).set_index("step")

    assert flag["is_red_flag"]
    assert steps.loc["Arrived to touched", "n_left"] == expected["untouched"]
    assert round(steps.loc["Deal to won", "of_all_rate"], 4) == expected["mql_to_won"]


def test_only_the_source_that_fell_is_flagged():
    """Ads fall from 30 % to 10 % at twice the volume; the web stays as it was."""
    rows = (
        leads(200, 20, source="Ads") + leads(400, 120, source="Ads", start=BEFORE, days=364)
        + leads(100, 30) + leads(400, 120, start=BEFORE, days=364)
    )  # fmt: skip

    frame = lead_red_flag(company(rows), period=SEPTEMBER, confidence=0.95)

    assert of(frame, "Ads")["is_red_flag"]
    assert not of(frame, "Web")["is_fallen"]
    assert of(frame, "Ads")["n_missing"] == pytest.approx(0.3 * 200 - 20)


def test_a_fall_with_fewer_leads_is_no_red_flag():
    """Quality fell but so did volume: said, not flagged."""
    row = of(
        lead_red_flag(
            company(leads(40, 2) + leads(400, 160, start=BEFORE, days=364)), period=SEPTEMBER, confidence=0.95
        ),
        "Web",
    )

    assert row["is_fallen"]
    assert not row["is_volume_up"]
    assert not row["is_red_flag"]


def test_a_rep_does_not_answer_for_the_leads_they_are_given():
    """Bo gets the source that went bad; his share is far below the company's, and exactly his source's."""
    rows = (
        leads(200, 20, source="Ads", rep="bo") + leads(400, 120, source="Ads", rep="ana", start=BEFORE, days=364)
        + leads(100, 30) + leads(400, 120, start=BEFORE, days=364)
    )  # fmt: skip

    bo = of(lead_red_flag(company(rows), period=SEPTEMBER, confidence=0.95), "Bo")

    assert bo["lead_qualified_rate"] == 0.1
    assert bo["expected_rate"] == pytest.approx(0.1)
    assert not bo["is_fallen"]


def test_a_rep_below_what_the_sources_explain_is_named():
    """Of one source Ana qualifies 60 of 100 and Bo 20 of 100."""
    rows = leads(100, 60) + leads(100, 20, rep="bo") + leads(400, 160, start=BEFORE, days=364)

    frame = lead_red_flag(company(rows), period=SEPTEMBER, confidence=0.95)

    assert of(frame, "Bo")["is_fallen"]
    assert not of(frame, "Ana")["is_fallen"]


def test_young_leads_are_left_out_of_the_share():
    """Leads qualify after eight days here: those of the last week count for volume, not for the share."""
    slow = leads(100, 100, days=80)
    for lead in slow:
        lead["qualified_at"] = lead["created_at"] + timedelta(days=8)
    young = leads(50, 0, start=datetime(2026, 9, 24, 9), days=6, source="New")

    frame = lead_red_flag(company(slow + young), period=SEPTEMBER, confidence=0.95)
    everything = of(frame, "All leads")

    assert everything["ripe_days"] == 8
    assert (everything["n_leads"], everything["n_ripe"], everything["lead_qualified_rate"]) == (150, 100, 1.0)


def test_the_parts_add_up_to_all_leads():
    """Sources, and reps with the unassigned, hold every lead once."""
    rows = leads(30, 5) + leads(20, 2, source="Ads", rep="bo") + leads(10, 0, source=None, rep=None)

    frame = lead_red_flag(company(rows), period=SEPTEMBER, confidence=0.95)
    counts = frame.groupby("split")["n_leads"].sum()

    assert counts["all"] == counts["source"] == 60
    assert counts["rep"] == 50


def test_without_leads_the_table_is_named():
    """One line in the report, no failure."""
    with pytest.raises(MissingTableError, match="leads"):
        lead_red_flag(make_crm(reps=["ana"]), period=SEPTEMBER, confidence=0.95)


def test_leads_without_an_owner_are_judged_by_source_alone():
    """Nobody answers for them, and nothing fails for it."""
    rows = lead_red_flag(
        company(leads(40, 20, rep=None) + leads(40, 20, rep=None, start=BEFORE)), period=SEPTEMBER, confidence=0.95
    )

    assert rows["split"].tolist() == ["all", "source"]
    assert rows["lead_qualified_rate"].tolist() == [0.5, 0.5]


def test_months_without_a_lead_are_said_to_have_none(given):
    """The table has leads, but of two years before."""
    rows = lead_red_flag(company(leads(40, 20, start=datetime(2024, 7, 1, 9))), period=SEPTEMBER, confidence=0.95)

    assert rows.empty
    found = describe_lead_red_flag(rows, **given)
    assert (found.title, found.status) == ("No lead in these months", "note")


def test_an_empty_table_of_leads_is_said_to_have_none(given):
    """Not one row: the same sentence, and no step to follow."""
    crm = company([])

    assert (
        describe_lead_red_flag(lead_red_flag(crm, period=SEPTEMBER, confidence=0.95), **given).title
        == "No lead in these months"
    )
    assert describe_lead_steps(lead_steps(crm, period=SEPTEMBER, confidence=0.95)).title == "No lead to follow"


def test_leads_of_which_none_ever_qualified_are_not_on_track(given):
    """Nobody records it, perhaps: neither a flag nor its absence can be told."""
    rows = lead_red_flag(company(leads(40, 0) + leads(40, 0, start=BEFORE)), period=SEPTEMBER, confidence=0.95)

    found = describe_lead_red_flag(rows, **given)

    assert (found.title, found.status) == ("No lead qualified, now or before", "note")
    assert "`qualified_at`" in found.text
