"""Hygiene over time: past evenings as they were known, the change beyond chance, the pipeline that rests on faults."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from salesops_lib import theme
from salesops_lib.measures import how_many
from salesops_lib.performance_visibility.records.hygiene import narrative as hygiene_words
from salesops_lib.performance_visibility.records.hygiene import plots as hygiene_plots
from salesops_lib.performance_visibility.records.hygiene.faults import flagged_deals, judged_faults
from salesops_lib.performance_visibility.records.hygiene.metrics import deals_to_fix, hygiene_by_team
from salesops_lib.performance_visibility.records.hygiene_trend import narrative as words
from salesops_lib.performance_visibility.records.hygiene_trend import plots
from salesops_lib.performance_visibility.records.hygiene_trend.metrics import (
    hygiene_by_month,
    overlapping_change,
    pipeline_on_bad_records,
    stage_win_shares,
)
from salesops_lib.reporting.tables.csv_text import csv_text
from salesops_lib.reporting.tables.table import write_table
from salesops_lib.wording import money
from tests.builders import CALENDAR, make_crm
from tests.calling import as_reported
from tests.performance_visibility.frames import NAN, frame
from tests.test_contracts import promised

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)
METRICS = (hygiene_by_month, pipeline_on_bad_records, hygiene_by_team, deals_to_fix)
WON = {"rep_id": "ana", "created_on": "2026-01-01", "closed_on": "2026-06-30", "status": "won"}  # 180 days


def opened(key, created, expected="2026-12-01", **more):
    """An open deal with a next step, and its own account."""
    return {
        "opportunity_id": key, "rep_id": "ana", "created_on": created, "expected_close_on": expected, "stage": "A",
        "next_step": "Call", "account_id": key, "amount": 100, **more,
    }  # fmt: skip


def change(key, day, stage="A", expected="2026-12-01", amount=100):
    """A row of the stage history."""
    return {
        "opportunity_id": key, "changed_at": f"{day} 09:00", "stage": stage, "expected_close_on": expected,
        "amount": amount,
    }  # fmt: skip


def company(*deals, changes=(), **tables):
    """These deals and a win of 180 days, as known at the end of September."""
    return make_crm(deals=[WON, *deals], reps=["ana", "bo"], as_of=END, open_stages=["A", "B", "C"],
                    stage_history=list(changes), **tables)  # fmt: skip


def months(crm, **options):
    """The months' rows by label."""
    return hygiene_by_month(crm, period=SEPTEMBER, **options, confidence=0.95).set_index("month")


def test_a_month_counts_what_was_known_on_its_last_evening():
    """Due on 15 August, put off on 3 September: overdue at the end of August, sound before and after."""
    crm = company(
        opened("d1", "2026-07-01"),
        changes=[change("d1", "2026-07-01", expected="2026-08-15"), change("d1", "2026-09-03")],
    )

    assert months(crm).loc["2026-07":, "n_clean"].to_dict() == {"2026-07": 1, "2026-08": 0, "2026-09": 1}


def test_a_deal_closed_since_was_open_then():
    """Lost in September: part of August's pipeline, with its amount of August."""
    lost = opened("d1", "2026-07-01", closed_on="2026-09-10", status="lost", amount=7)
    crm = company(lost, opened("d2", "2026-09-01"), changes=[change("d1", "2026-07-01", amount=55)])

    rows = months(crm)

    assert rows.loc[["2026-08", "2026-09"], "n_open"].tolist() == [1, 1]
    assert rows.loc["2026-08", "open_amount"] == 55


def test_what_has_no_past_is_left_out_of_every_month_and_named():
    """Only the latest next step is on record: the trend does without, the score of today does not."""
    crm = company(
        opened("d1", "2026-07-01", next_step=None), opened("d2", "2026-07-01"), changes=[change("d1", "2026-07-01")]
    )

    last = months(crm).iloc[-1]

    assert (last["n_clean"], last["left_out"]) == (2, "No next step")
    assert sound_today(crm) == 1


def sound_today(crm):
    """Sound open deals of today."""
    rows = flagged_deals(crm, judged_faults(crm))
    return int(crm.fetch(rows.agg(n=how_many(rows.n_faults == 0)))["n"].iloc[0])


def test_without_a_stage_history_only_age_is_judged():
    """Close dates are those last seen: nobody can say whether a deal was overdue in August."""
    crm = make_crm(deals=[WON, opened("d1", "2026-02-01", expected="2026-08-01")], as_of=END)

    rows = months(crm)

    assert rows["n_clean"].iloc[-1] == 0  # 241 days, older than 180
    assert rows.loc["2026-07", "n_clean"] == 1  # 180 days
    assert "Close date has passed" in rows["left_out"].iloc[-1]


def test_one_query_sees_what_a_picture_of_each_evening_sees(demo_crm):
    """The slow and obvious loop over as-of pictures is the judge."""
    rows = hygiene_by_month(demo_crm, period=SEPTEMBER, confidence=0.95).set_index("month")
    judged = judged_faults(demo_crm) - {"has_no_next_step"}

    for label in ("2026-06", "2026-09"):
        then = demo_crm.at(min(CALENDAR.period(label).end, END))
        flagged = flagged_deals(then, judged)
        seen = then.fetch(flagged.agg(n=flagged.count(), clean=how_many(flagged.n_faults == 0))).iloc[0]
        assert (rows.loc[label, "n_open"], rows.loc[label, "n_clean"]) == (seen["n"], seen["clean"])


def test_a_running_month_is_seen_on_the_day_of_the_data():
    """In the middle of September the last evening is that day, and said to be partial."""
    crm = company(opened("d1", "2026-07-01"), changes=[change("d1", "2026-07-01")]).at(date(2026, 9, 15))

    last = hygiene_by_month(crm, period=SEPTEMBER, confidence=0.95).iloc[-1]

    assert (last["month_end_on"], last["is_partial"]) == (pd.Timestamp(2026, 9, 15), True)


def cells(*rows):
    """Counts by owner."""
    return frame("rep_id n_open n_clean", *rows)


def test_deals_that_stayed_the_same_are_no_news():
    """The same deals on both evenings leave nothing to chance: no change, certainly."""
    same = cells(("a", 10, 7), ("b", 20, 11))

    assert overlapping_change(same, same, 0.95) == (0, 0, 0, 1)


def test_a_change_is_the_difference_of_the_two_shares():
    """From 50 % to 75 % over the company; one owner tells nothing of chance."""
    changed, low, high, _p = overlapping_change(
        cells(("a", 10, 5), ("b", 10, 5)), cells(("a", 10, 7), ("b", 10, 8)), 0.95
    )

    assert changed == pytest.approx(0.25)
    assert low < 0.25 < high
    assert np.isnan(overlapping_change(cells(("a", 9, 5)), cells(("a", 9, 7)), 0.95)).all()


def test_the_change_raises_few_false_alarms_where_a_naive_test_is_blind():
    """30 owners, most deals open on both evenings: 5 % alarms by chance, and most falls of a tenth are seen."""
    rng = np.random.default_rng(3)

    def alarms(fall, n=200):
        found = 0
        for _ in range(n):
            share = np.clip(0.7 + 0.1 * rng.normal(size=30), 0.1, 0.9)
            first = rng.poisson(20, 30)
            clean = rng.binomial(first, share)
            stay, stay_clean = rng.binomial(first - clean, 0.7), rng.binomial(clean, 0.7)
            new = rng.poisson(6, 30)
            after = rng.binomial(stay_clean + rng.binomial(new, share), 1 - fall)
            before = pd.DataFrame({"rep_id": range(30), "n_open": first, "n_clean": clean})
            now = pd.DataFrame({"rep_id": range(30), "n_open": stay + stay_clean + new, "n_clean": after})
            found += overlapping_change(before, now, 0.95)[3] < 0.05
        return found / n

    assert alarms(0.0) <= 0.08
    assert alarms(0.1) >= 0.7


def test_the_pipeline_of_a_quarter_is_split_by_the_gravest_fault():
    """One overdue and without a next step counts once, under the graver; the rows add up to what is due."""
    crm = make_crm(
        deals=[
            WON, opened("d1", "2026-08-01", "2026-10-05", amount=60),
            opened("d2", "2026-02-01", "2026-11-05", amount=30, next_step=None),
            opened("d3", "2026-08-01", "2027-01-05", amount=10, next_step=None), opened("d4", "2026-08-01", "2027-06-01"),
        ],
        as_of=END,
    )  # fmt: skip

    rows = pipeline_on_bad_records(crm, period=SEPTEMBER).set_index(["quarter", "fault"])

    assert rows.loc["2026-Q4", "open_amount"].to_dict() == {"is_too_old": 30, "has_no_next_step": 0, "is_clean": 60}
    assert rows.loc["2027-Q1", "amount_rate"].to_dict() == {"is_too_old": 0, "has_no_next_step": 1, "is_clean": 0}
    assert rows["weighted_amount"].isna().all()


def test_amounts_are_weighted_by_what_the_stage_won():
    """Of two closed deals that had been in B one was won: 100 in B counts as 50."""
    closed = [
        opened(f"c{n}", "2026-05-01", closed_on="2026-07-01", status=status)
        for n, status in enumerate(("won", "lost", "lost"))
    ]
    crm = company(
        *closed, opened("d1", "2026-09-01", stage="B"),
        changes=[*(change(f"c{n}", "2026-05-01") for n in range(3)), *(change(f"c{n}", "2026-05-05", "B") for n in range(2)),
                 change("d1", "2026-09-01", "B")],
    )  # fmt: skip

    rows = pipeline_on_bad_records(crm, period=SEPTEMBER)

    assert stage_win_shares(crm, SEPTEMBER).empty  # nothing closed in September
    assert rows["weighted_amount"].sum() == 50


def test_teams_add_up_to_the_company():
    """The company is counted over its deals; the lowest team stands first."""
    crm = company(
        opened("d1", "2026-09-01"), opened("d2", "2026-09-01", rep_id="bo", next_step=None), opened("d3", "2026-09-01"),
        teams=[{"team_id": "t", "name": "North"}],
        team_members=[{"rep_id": "ana", "team_id": "t"}],
    )  # fmt: skip

    rows = hygiene_by_team(crm, confidence=0.95)

    assert rows["name"].tolist() == ["All open deals", "No team", "North"]
    assert rows["hygiene_score"].tolist() == [pytest.approx(2 / 3), 0, 1]
    assert rows["n_open"].iloc[0] == rows["n_open"].iloc[1:].sum()


def test_a_cut_list_keeps_something_for_every_owner_and_names_the_twin():
    """Four faulty deals of Ana and a mild one of Bo; two places: one for each. The twin's key says which deal to merge."""
    deals = [opened(f"a{n}", "2026-09-01", "2026-09-02", amount=1000 + n) for n in range(3)]
    twins = [opened(key, "2026-09-01", account_id="x", amount=5) for key in ("t1", "t2")]
    crm = company(*deals, *twins, opened("b0", "2026-09-01", "2026-09-02", rep_id="bo", amount=1))

    everything, cut = deals_to_fix(crm).set_index("opportunity_id"), deals_to_fix(crm, most=2)

    assert everything.loc["t2", ["twin_id", "fix"]].tolist() == ["t1", "Merge with its twin"]
    assert everything["twin_id"].notna().sum() == 1
    assert cut["opportunity_id"].tolist() == ["a2", "b0"]
    assert cut["n_of_owner"].tolist() == [4, 1]
    assert "every owner's worst, 2 of 5 open deals" in hygiene_words.describe_deals_to_fix(cut, most=2).text


def test_the_list_is_harmless_in_a_spreadsheet():
    """An account named like a formula stays text."""
    crm = company(
        opened("d1", "2026-09-01", "2026-09-02", next_step="=1+1"),
        accounts=[{"account_id": "d1", "name": "=cmd|'x'!A1"}],
    )

    text = csv_text(deals_to_fix(crm))

    assert "'=cmd" in text
    assert "'=1+1" in text


@drawn(
    rows=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)), max_size=8)
)
@settings(deadline=None, max_examples=15)
def test_a_change_turned_around_is_the_same_change_back(rows):
    """In any order of owners and with any counts: as large, as likely, and inside its interval."""
    first = cells(*((n, open_then, min(clean, open_then)) for n, (open_then, clean, *_) in enumerate(rows)))
    last = cells(*((n, open_now, min(clean, open_now)) for n, (*_, open_now, clean) in enumerate(rows)))

    there, back = overlapping_change(first, last, 0.95), overlapping_change(last[::-1], first, 0.95)

    assert there[0] == pytest.approx(-back[0], nan_ok=True)
    assert there[3] == pytest.approx(back[3], nan_ok=True)
    assert np.isnan(there[0]) or there[1] <= there[0] <= there[2]


def test_the_order_of_rows_does_not_matter():
    """Deals and changes turned around give the same months and the same quarters."""
    deals = [
        opened(f"d{n}", f"2026-0{n + 3}-01", f"2026-{10 + n % 3}-01", rep_id=("ana", "bo")[n % 2]) for n in range(6)
    ]
    changes = [change(f"d{n}", f"2026-0{n + 3}-01", expected=f"2026-{7 + n % 3:02d}-01", amount=n) for n in range(6)]
    here, there = company(*deals, changes=changes), company(*deals[::-1], changes=changes[::-1])

    for metric in METRICS[:2]:
        pd.testing.assert_frame_equal(*(as_reported(metric, crm, period=SEPTEMBER) for crm in (here, there)))


@pytest.mark.parametrize("metric", METRICS)
def test_columns_are_those_of_the_docstring(metric, demo_run, bare_run):
    """With data and without."""
    assert list(demo_run.call(metric).columns) == promised(metric)
    if metric is not hygiene_by_team:  # a company without teams has its table named
        empty = bare_run.call(metric)
        assert list(empty.columns) == promised(metric)
        assert empty.empty


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_charts_draw_what_the_frames_hold(width, demo_run):
    """Scores on the line, amounts in the bars, at both widths; tables write without rows too."""
    with theme.chart_style(width):
        rows = demo_run.call(hygiene_by_month)
        drawn_scores = next(line for line in plots.plot_hygiene_by_month(rows).get_lines())
        assert list(drawn_scores.get_ydata())[-1] == rows["hygiene_score"].iloc[-1]
        pipeline = demo_run.call(pipeline_on_bad_records)
        bars = [bar for box in plots.plot_pipeline_on_bad_records(pipeline).containers for bar in box]
        assert sorted(bar.get_width() for bar in bars) == sorted(pipeline["open_amount"])
        teams = demo_run.call(hygiene_by_team)
        dots = hygiene_plots.plot_hygiene_by_team(teams).get_lines()
        assert any(list(line.get_xdata()) == teams["hygiene_score"].tolist() for line in dots)
    for name, shown, module in (
        ("hygiene_by_month", rows, plots), ("pipeline_on_bad_records", pipeline, plots), ("hygiene_by_team", teams, hygiene_plots),
    ):  # fmt: skip
        table = getattr(module, f"table_{name}")
        for each in (shown, shown.head(0)):
            assert write_table(each, caption="c", name="n", view=table(each))


MONTHS = (
    "month n_open n_clean hygiene_score hygiene_score_low hygiene_score_high change_rate change_rate_low change_rate_high "
    "is_changed left_out"
)


def trend(last_score, change_rate, is_changed):
    """Four months of a hundred deals."""
    low, high = (change_rate - 0.05, change_rate + 0.05) if change_rate == change_rate else (NAN, NAN)
    before = [(f"2026-0{m}", 100, 80, 0.8, 0.7, 0.9, NAN, NAN, NAN, False, "No next step") for m in (6, 7, 8)]
    n = round(100 * last_score)
    last = ("2026-09", 100, n, last_score, 0.6, 0.8, change_rate, low, high, is_changed, "No next step")
    return frame(MONTHS, *before, last)


def test_a_fall_beyond_chance_leads_and_one_within_chance_does_not():
    """Same numbers, other verdicts."""
    fell = words.describe_hygiene_by_month(trend(0.7, -0.1, True), confidence=0.95)
    still = words.describe_hygiene_by_month(trend(0.7, -0.1, False), confidence=0.95)

    assert (fell.title, fell.status, fell.is_headline) == (
        "Hygiene fell to 70%, from 80% three months before", "watch", True,
    )  # fmt: skip
    assert "a change of −10.0 pp (95% interval −15.0 pp to −5.0 pp), beyond chance" in fell.text
    assert "“no next step” aside" in fell.text
    assert (still.status, still.is_headline) == ("note", False)
    assert words.describe_hygiene_by_month(trend(0.9, 0.1, True), confidence=0.95).status == "good"


def test_the_first_months_have_nothing_to_compare_with():
    """No evening three months before, and no deal at all."""
    assert (
        "no evening three months before"
        in words.describe_hygiene_by_month(trend(0.7, NAN, False), confidence=0.95).text
    )
    assert not words.describe_hygiene_by_month(frame(MONTHS), confidence=0.95).is_headline


def test_the_words_add_up_the_faulty_pipeline(given, demo_run):
    """Title and sentences recomputed from the frame; the owner of coverage has something to do."""
    rows = demo_run.call(pipeline_on_bad_records)
    first = rows[rows["quarter"] == "2026-Q4"]
    faulty = first[first["fault"] != "is_clean"]

    found = words.describe_pipeline_on_bad_records(rows, **given)

    at_fault, whole = money(faulty["open_amount"].sum()), money(first["open_amount"].sum())
    assert found.title == f"{at_fault} of {whole} of Q4 2026's pipeline rests on deals with a fault"
    assert f"{faulty['n_open'].sum()} of {first['n_open'].sum()} open deals due have a fault" in found.text
    assert (found.status, found.action.owner, found.stake) == ("act", "Eli", faulty["open_amount"].sum())
    assert words.describe_pipeline_on_bad_records(rows.head(0), **given).action is None


def test_teams_whose_intervals_overlap_may_not_differ():
    """Said so; without overlap only the scores are named, and no person."""
    columns = "name n_open n_clean hygiene_score hygiene_score_low hygiene_score_high fault_amount"
    whole = ("All open deals", 20, 12, 0.6, 0.4, 0.8, 8e3)
    low, high = ("A", 10, 5, 0.5, 0.2, 0.75, 5e3), ("B", 10, 7, 0.7, 0.4, 0.9, 3e3)

    found = hygiene_words.describe_hygiene_by_team(frame(columns, whole, low, high), confidence=0.95)

    assert found.title == "Hygiene by team runs from 50% (A) to 70%"
    assert "The intervals overlap: the teams may not differ at all." in found.text
    assert "belong together" in hygiene_words.describe_hygiene_by_team(frame(columns, whole, low), confidence=0.95).text
    assert hygiene_words.describe_hygiene_by_team(frame(columns), confidence=0.95).title == "No deal is open"


def test_a_pipeline_without_amounts_is_counted_in_deals(given):
    """$0 of $0 would say nothing."""
    crm = company(opened("d1", "2026-07-01", amount=0, next_step=None), opened("d2", "2026-07-02", amount=0))

    found = words.describe_pipeline_on_bad_records(pipeline_on_bad_records(crm, period=SEPTEMBER), **given)

    assert found.title == "1 of 2 open deals due in Q4 2026 have a fault"
    assert "$0" not in found.text
