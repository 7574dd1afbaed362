"""Process adherence: each rule finds what breaks it, the sums hold, and chance is not taken for a habit."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from salesops_lib import theme
from salesops_lib.errors import MissingTableError
from salesops_lib.performance_visibility.records.adherence import narrative as words
from salesops_lib.performance_visibility.records.adherence import plots
from salesops_lib.performance_visibility.records.adherence.metrics import (
    adherence_by_rep,
    adherence_by_rule,
    adherence_by_team,
)
from salesops_lib.reporting.tables.table import write_table
from salesops_lib.statistics.differences import apart_from_others, false_discovery
from tests.builders import CALENDAR, make_crm
from tests.calling import as_reported
from tests.performance_visibility.frames import NAN, frame
from tests.test_contracts import promised

SEPTEMBER = CALENDAR.period("2026-09")
METRICS = (adherence_by_rule, adherence_by_team, adherence_by_rep)
STAGES = ["A", "B", "C"]
STEPS = (("2026-08-01", "A"), ("2026-08-10", "B"), ("2026-08-20", "C"))


def story(
    key, *steps, status="won", closed="2026-09-10", created="2026-08-01", rep="ana", expected="2026-09-30", amount=9
):
    """A closed deal and its history, ``(day, stage)`` a step."""
    deal = {
        "opportunity_id": key, "rep_id": rep, "created_on": created, "closed_on": closed, "status": status, "amount": amount,
    }  # fmt: skip
    changes = [
        {
            "opportunity_id": key,
            "changed_at": f"{day} 09:00",
            "stage": stage,
            "expected_close_on": expected,
            "amount": amount,
        }
        for day, stage in steps or STEPS
    ]
    return deal, changes


def company(*stories, **more):
    """These deals, as known at the end of September."""
    return make_crm(
        deals=[deal for deal, _ in stories], stage_history=[row for _, changes in stories for row in changes],
        reps=["ana", "bo"], as_of=date(2026, 9, 30), open_stages=STAGES, **more,
    )  # fmt: skip


def broken(*stories):
    """How many deals break each rule; those kept by all are left out."""
    rows = adherence_by_rule(company(*stories), period=SEPTEMBER, confidence=0.95).set_index("rule")["n_broken"]
    return {rule: int(n) for rule, n in rows.items() if n}


def test_a_deal_that_went_every_step_keeps_every_rule():
    """From A to B to C, won in time; a lost one may end anywhere."""
    assert broken(story("d1"), story("d2", *STEPS[:1], status="lost")) == {}


@pytest.mark.parametrize(
    ("deal", "rule"),
    [
        (story("d1", STEPS[0], STEPS[2]), "is_skipped"),
        (story("d1", ("2026-08-01", "B"), STEPS[2]), "is_skipped"),
        (story("d1", *STEPS, ("2026-08-22", "B"), ("2026-08-25", "C")), "is_back"),
        (story("d1", *STEPS[:2]), "is_early_win"),
        (story("d1", *STEPS, amount=0), "has_no_amount"),
        (story("d1", expected="2026-09-09"), "is_late"),
        (story("d1", ("2026-09-10", "A"), status="lost", created="2026-09-10"), "is_afterthought"),
    ],
)
def test_each_rule_finds_what_breaks_it(deal, rule):
    """One thing wrong, one rule broken, and the deal no longer keeps all of them."""
    assert broken(deal, story("d2")) == {rule: 1, "is_kept": 1}


@pytest.mark.parametrize(
    "deal",
    [
        story("d1", expected="2026-09-10"),  # closed on the very day
        story("d1", *STEPS[:2], status="lost", amount=0),  # without an amount, but never past the second stage
        story("d1", ("2026-08-05", "B"), STEPS[2]),  # the history begins after the deal: nobody knows where it began
        story("d1", *STEPS, ("2026-08-22", "C")),  # a change within the stage is no step
    ],
)
def test_the_edge_of_a_rule_breaks_nothing(deal):
    """Up to the limit, and where the data is silent, a deal keeps the rule."""
    assert broken(deal) == {}


def test_a_rule_counts_only_the_deals_that_it_concerns():
    """A lost deal cannot be won too early, and one that never reached stage three needs no amount."""
    crm = company(story("d1"), story("d2", *STEPS[:1], status="lost"))

    n = adherence_by_rule(crm, period=SEPTEMBER, confidence=0.95).set_index("rule")["n_deals"]

    assert n[["is_skipped", "is_early_win", "has_no_amount", "is_kept"]].tolist() == [2, 1, 1, 2]


def test_rules_that_cannot_be_judged_name_what_they_need():
    """Two stages and no amounts or dates in the history: three rules and the creation day judge."""
    deal, changes = story("d1", ("2026-08-01", "A"), ("2026-08-10", "B"))
    bare = [{key: row[key] for key in ("opportunity_id", "changed_at", "stage")} for row in changes]
    crm = make_crm(deals=[deal], stage_history=bare, as_of=date(2026, 9, 30), open_stages=["A", "B"])

    rows = adherence_by_rule(crm, period=SEPTEMBER, confidence=0.95).set_index("rule")

    assert (rows["missing"] != "").to_dict() == {
        "is_skipped": False, "is_back": False, "is_early_win": False, "is_afterthought": False, "has_no_amount": True,
        "is_late": True, "is_kept": False,
    }  # fmt: skip
    assert rows.loc["is_late", ["n_deals", "kept_rate"]].isna().all()
    assert rows.loc["is_kept", "kept_rate"] == 1


def test_now_is_three_months_and_before_the_twelve_before_them():
    """One deal closed on either side of each border."""
    days = ("2026-07-01", "2026-06-30", "2025-07-01", "2025-06-30")
    crm = company(*(story(f"d{n}", ("2025-01-01", "A"), status="lost", closed=day, created="2025-01-01", expected="2027-01-01")
                    for n, day in enumerate(days)))  # fmt: skip

    row = adherence_by_team(crm, period=SEPTEMBER, confidence=0.95).iloc[0]

    assert (row["n_closed"], row["n_closed_before"]) == (1, 2)


def test_a_fall_against_the_year_before_is_a_change():
    """All of 40 kept the process, now 20 of 40: beyond chance for the company and its team, each counted once."""
    long_ago = [
        story(f"b{n}", ("2026-02-01", "A"), status="lost", created="2026-02-01", closed="2026-03-01") for n in range(40)
    ]
    now = [story(f"n{n}", *(STEPS[:1] if n % 2 else (("2026-08-01", "B"),)), status="lost") for n in range(40)]
    crm = company(
        *long_ago, *now, teams=[{"team_id": "t", "name": "North"}], team_members=[{"rep_id": "ana", "team_id": "t"}]
    )

    rows = adherence_by_team(crm, period=SEPTEMBER, confidence=0.95)

    assert rows["name"].tolist() == ["All deals", "North"]
    assert rows["is_changed"].all()
    assert rows["change_rate"].tolist() == [-0.5, -0.5]
    assert rows["n_skipped"].tolist() == [20, 20]
    assert (
        adherence_by_rule(crm, period=SEPTEMBER, confidence=0.95)
        .set_index("rule")["is_changed"]
        .to_dict()["is_skipped"]
    )


def test_a_rep_is_held_against_all_others():
    """Bo skips in every one of twelve deals, Ana in none of thirty: both stand apart, Bo first."""
    crm = company(
        *(story(f"a{n}", *STEPS[:1], status="lost") for n in range(30)),
        *(story(f"b{n}", ("2026-08-01", "B"), status="lost", rep="bo") for n in range(12)),
    )

    rows = adherence_by_rep(crm, period=SEPTEMBER, confidence=0.95)

    assert rows["rep_id"].tolist() == ["bo", "ana"]
    assert rows["others_score"].tolist() == [1, 0]
    assert rows["is_different"].all()


def test_reps_who_keep_it_alike_are_not_told_apart():
    """Two of four and one of four: the order of the list is chance."""
    crm = company(*(story(f"{rep}{n}", *(STEPS[:1] if n < kept else (("2026-08-01", "B"),)), status="lost", rep=rep)
                    for rep, kept in (("ana", 2), ("bo", 1)) for n in range(4)))  # fmt: skip

    rows = adherence_by_rep(crm, period=SEPTEMBER, confidence=0.95)

    assert rows["adherence_score"].tolist() == [0.25, 0.5]
    assert not rows["is_different"].any()


def test_one_rep_alone_has_nobody_to_differ_from():
    """No others, no verdict."""
    row = adherence_by_rep(company(story("d1")), period=SEPTEMBER, confidence=0.95).iloc[0]

    assert pd.isna(row["others_score"])
    assert pd.isna(row["p_value"])
    assert not row["is_different"]


def test_few_reps_are_called_different_by_chance_and_a_rep_who_is_gets_seen():
    """34 reps alike: a false name in fewer than one list of twenty. One at 55 % where all keep 83 %: mostly found."""
    rng = np.random.default_rng(5)

    def named(share, n_lists=50):
        false = hits = 0
        for _ in range(n_lists):
            n = rng.integers(5, 70, 34)
            n[0] = 50
            kept = rng.binomial(n, np.r_[share, np.full(33, 0.83)])
            found = false_discovery(apart_from_others(kept, n)) < 0.05
            hits, false = hits + found[0], false + found[1:].any()
        return false / n_lists, hits / n_lists

    assert named(0.83)[0] <= 0.1
    assert named(0.55)[1] >= 0.75


@drawn(order=st.permutations(range(4)))
@settings(deadline=None, max_examples=2)
def test_parts_add_up_and_order_does_not_matter(order):
    """Reps and teams hold every deal once, in any order of rows."""
    stories = [story("d0"), story("d1", *STEPS[:2]), story("d2", rep="bo"), story("d3", STEPS[0], STEPS[2], rep="bo")]
    here, there = company(*stories), company(*[stories[n] for n in order])

    for metric in METRICS:
        rows = as_reported(metric, here, period=SEPTEMBER)
        pd.testing.assert_frame_equal(rows, as_reported(metric, there, period=SEPTEMBER))
    reps, teams = (as_reported(metric, here, period=SEPTEMBER) for metric in (adherence_by_rep, adherence_by_team))
    assert reps["n_kept"].sum() == teams["n_kept"].iloc[0] == teams["n_kept"].iloc[1:].sum() == 2


def test_without_a_stage_history_the_table_is_named():
    """One line in the report, no failure."""
    with pytest.raises(MissingTableError, match="visits"):
        adherence_by_rule(make_crm(reps=["ana"]), period=SEPTEMBER, confidence=0.95)


@pytest.mark.parametrize("metric", METRICS)
def test_columns_are_those_of_the_docstring(metric, demo_run):
    """With data and where nothing closed."""
    assert list(demo_run.call(metric).columns) == promised(metric)
    empty = as_reported(metric, company(story("d1", closed="2020-01-01")), period=SEPTEMBER)
    assert list(empty.columns) == promised(metric)
    assert empty.empty
    assert not as_reported(getattr(words, f"describe_{metric.__name__}"), empty).is_headline


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
@pytest.mark.parametrize("metric", METRICS)
def test_charts_show_every_score(metric, width, demo_run):
    """Each dot is a row of the frame, of many reps those at both ends; tables write without rows too."""
    rows = demo_run.call(metric)
    score = "kept_rate" if metric is adherence_by_rule else "adherence_score"
    with theme.chart_style(width):
        ax = getattr(plots, f"plot_{metric.__name__}")(rows)
    seen = {round(float(x), 9) for line in ax.get_lines() for x in np.atleast_1d(line.get_xdata())}
    shown = rows if len(rows) <= 24 else pd.concat([rows.head(12), rows.tail(12)])
    assert {round(x, 9) for x in shown[score]} <= seen
    for each in (rows, rows.head(0)):
        assert write_table(each, caption="c", name="n", view=getattr(plots, f"table_{metric.__name__}")(each))


RULES = "rule name n_deals n_broken kept_rate kept_rate_low kept_rate_high before_rate change_rate is_changed missing"
SKIPPED = ("is_skipped", "No stage skipped", 100, 30, 0.7, 0.6, 0.8, 0.9, -0.2, True, "")
SILENT = ("is_late", "Closed by its date", NAN, NAN, NAN, NAN, NAN, NAN, NAN, False, "close dates")
KEPT = ("is_kept", "All rules", 100, 30, 0.7, 0.6, 0.78, 0.72, -0.02, False, "")


def test_the_words_name_what_is_broken_what_changed_and_what_is_not_judged():
    """All from the rows; a fall beyond chance is to be watched."""
    found = words.describe_adherence_by_rule(frame(RULES, SKIPPED, SILENT, KEPT), confidence=0.95)

    assert found.title == "70% of closed deals kept every rule of the process"
    assert found.text == (
        "**70 of 100 deals** closed in 3 months (70%, 95% interval 60% to 78%) kept all 1 rule that the data can judge. "
        "Broken most: “no stage skipped”, by 30 of 100 deals that it concerns. Changed beyond chance against the months "
        "before: “no stage skipped” from 90.0% to 70.0%. Not judged: “closed by its date”."
    )
    assert found.status == "watch"
    steady = words.describe_adherence_by_rule(frame(RULES, (*SKIPPED[:9], False, ""), KEPT), confidence=0.95)
    assert "no rule's share changed beyond chance" in steady.text
    assert steady.status == "note"


REPS = "name n_closed n_kept adherence_score others_score p_value is_different"


def test_a_rep_apart_is_named_with_a_reason_to_look_first():
    """And without anyone apart the order of the list means nothing."""
    low, usual = ("Bo", 16, 7, 7 / 16, 0.83, 0.01, True), ("Ana", 60, 50, 50 / 60, 0.8, 0.9, False)

    found = words.describe_adherence_by_rep(frame(REPS, low, usual), min_closed=20)
    quiet = words.describe_adherence_by_rep(frame(REPS, usual, usual), min_closed=20)

    assert found.title == "1 of 2 reps differs from the others in keeping the process"
    assert "**Bo**, with 7 of 16 against 83%. Look at the deals first" in found.text
    assert "1 rep closed fewer than 20" in found.text
    assert "their order says nothing about people" in quiet.text
    assert quiet.status == "good"


FEW = ("Bo", 6, 6, 1.0, 1.0, 1.0, False)


@pytest.mark.parametrize("rows", [[FEW], [FEW, FEW]], ids=["one rep", "few deals each"])
def test_reps_who_cannot_be_told_apart_are_not_on_track(rows):
    """Nobody to compare with, or too few deals to show a difference."""
    assert words.describe_adherence_by_rep(frame(REPS, *rows), min_closed=20).status == "note"


TEAMS = (
    "name n_closed n_kept adherence_score adherence_score_low adherence_score_high before_score change_rate is_changed"
)


def test_teams_are_compared_with_themselves_before():
    """The lowest, the highest and who changed; one team alone has nobody beside it."""
    whole = ("All deals", 100, 80, 0.8, 0.7, 0.9, 0.82, -0.02, False)
    low, high = ("A", 50, 30, 0.6, 0.5, 0.7, 0.8, -0.2, True), ("B", 50, 50, 1.0, 0.9, 1.0, 0.84, 0.16, False)

    found = words.describe_adherence_by_team(frame(TEAMS, whole, low, high), confidence=0.95)

    assert found.title == "Adherence by team runs from 60% (A) to 100%"
    assert "Changed beyond chance against the months before: **A** from 80% to 60%." in found.text
    assert found.status == "watch"
    assert "belong together" in words.describe_adherence_by_team(frame(TEAMS, whole, low), confidence=0.95).text
