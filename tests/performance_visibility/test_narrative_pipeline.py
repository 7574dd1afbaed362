"""Words on stages, coverage, hygiene and leads: every number comes from its frame."""

from datetime import date

import pandas as pd
import pytest

from salesops_lib import wording
from salesops_lib.performance_visibility import narrative as words
from tests.calling import as_reported
from tests.performance_visibility.frames import (
    ALL,
    BAD,
    CHANGE,
    COVERAGE,
    FELL,
    FINE,
    FLAG,
    FUNNEL,
    LATER,
    MONTHS,
    NAN,
    QUICK,
    REP_ROW,
    ROSE,
    RULES,
    SLOW,
    STEADY,
    STEPS,
    TEAM,
    TIME,
    USUAL,
    frame,
)


def test_the_funnel_s_sum_is_spelt_out():
    """The first stage's sum in words; the narrowest stage is named."""
    rows = frame(FUNNEL, ("A", 100, 70, 20, 0, 0, 10, 7, 0.7), ("B", 70, 30, 30, 5, 0, 5, 2, 3 / 7))

    found = words.describe_stage_funnel(rows)

    assert found.title == "B lets the fewest through: 43% go on"
    assert found.text == (
        "100 entries into A in 12 months = 70 advanced + 20 lost + 0 moved back + 0 handed off + 10 still there; "
        "the same "
        "sum holds for all 2 stages. **B** lets the fewest through so far: 30 of 70, with 5 still there. Stages were "
        "jumped over 9 times and deals went back 5 times."
    )


def test_a_stage_that_fell_needs_action_and_its_worth_is_at_stake(given):
    """No cause is claimed; the owner reads the lost reasons; a stage that rose is told as well."""
    found = words.describe_stage_change(frame(CHANGE, STEADY, FELL, ROSE), **given, confidence=0.95)

    assert found.title == "B lets 50% through, down from 70%"
    assert found.text == (
        "Of 60 stays in **B** that ended in the last 3 months, **50%** went on (95% interval 38% to 62%); in the 12 "
        "months before 70% of 200 did, so the fall is beyond chance. At its former rate the stage would have led to "
        "about 10 more wins, about **$250K** at the average won deal ($50.0K to $440K). The fall most likely began in "
        "June 2026 (any month from May 2026 to August 2026 fits nearly as well); why, the stage history does not say. "
        "Beyond chance changed also C (60% to 80%)."
    )
    assert (found.status, found.stake, found.action.owner) == ("act", 250e3, "Ana")
    assert found.action.due_on == date(2026, 10, 9)


def test_a_fall_in_a_company_without_wins_is_told_in_wins(given):
    """Nothing tells what a deal is worth, so nothing is at stake in money; one month alone fits."""
    rows = frame(CHANGE, (*FELL[:12], "2026-06", "2026-06", "2026-06", 9.6, NAN, NAN, NAN))

    found = words.describe_stage_change(rows, **given, confidence=0.95)

    assert (
        "about 10 more wins. The fall most likely began in June 2026 (no other month fits nearly as well);"
        in found.text
    )
    assert found.stake == 0


def test_no_stage_below_chance_is_good_news_with_its_limits(given):
    """What could have been missed is said: the smallest falls that these numbers show."""
    found = words.describe_stage_change(frame(CHANGE, STEADY, ROSE), **given, confidence=0.95)

    assert (found.status, found.is_headline) == ("good", False)
    assert found.title == "No stage lets fewer deals through than in the 12 months before (2 compared)"
    assert found.text.endswith(
        "A fall of 14.0 percentage points in A would have shown four times in five; a smaller one may have gone "
        "unseen. Beyond chance changed C (60% to 80%)."
    )
    small = words.describe_stage_change(frame(CHANGE, ROSE), **given, confidence=0.95)
    assert "too small for any fall to show" in small.text


def test_a_stage_that_holds_deals_longer_is_watched(given):
    """Median with interval, pace, what it adds up to, and how many stays go on."""
    found = words.describe_stage_time(frame(TIME, USUAL, SLOW, QUICK), **given, confidence=0.95)

    assert found.title == "B takes 21 days, 7 more than before"
    assert found.text == (
        "At the pace of the last 3 months, half of the stays in **B** last up to **21 days** (95% interval 19 to 24), "
        "against 14 days in the 12 months before. Over all ages, deals leave at 0.66 times the former pace (95% "
        "interval 0.55 to 0.79): beyond chance. The 30 deals that enter it in a month then wait about 213 days longer "
        "in all. Counted are 60 stays that ended and 20 that go on, which last at least until now."
    )
    assert (found.status, found.is_headline, found.action.due_on) == ("watch", False, date(2026, 10, 9))


def test_a_slow_stage_whose_median_cannot_be_seen_is_told_by_its_pace(given):
    """Fewer than half would end: no median, no sum of days, but a pace."""
    rows = frame(TIME, (*SLOW[:3], NAN, NAN, NAN, *SLOW[6:10], NAN, *SLOW[11:18], NAN), (*SLOW[:-1], 1.0))
    rows["stage"] = ["D", "E"]

    title = words.describe_stage_time(rows.head(1), **given, confidence=0.95).title
    found = words.describe_stage_time(rows, **given, confidence=0.95)

    assert title == "Deals leave D at 0.66 times the former pace"
    assert found.title.startswith("E takes 21 days")
    assert found.text.endswith("Slower as well: D.")
    assert "fewer than half of the stays in **D** would end within the time that can be seen, against 14 days" in (
        words.describe_stage_time(rows.head(1), **given, confidence=0.95).text
    )


def test_no_slower_stage_is_good_news_with_its_limits(given):
    """The slowest pace that the intervals leave open is said; a faster stage too."""
    found = words.describe_stage_time(frame(TIME, USUAL, QUICK), **given, confidence=0.95)

    assert found.status == "good"
    assert found.text.endswith(
        "The slowest pace that the 95% intervals leave open is 0.80 times the former one, in A. Half of the stays last "
        "up to 8 days in A and 5 days in C. Faster than before: C."
    )


@pytest.mark.parametrize(("ratio", "status"), [(2.1, "good"), (1.5, "watch"), (1.2, "act")])
def test_coverage_is_judged_by_what_former_quarters_had(given, ratio, status):
    """Above their median good, below their least action is due; the company's own multiple is only mentioned."""
    first = (
        "2026-Q4", "Q4 2026", 8e6, 0.0, 8e6, 486, ratio * 8e6, ratio, 1.6, 1.4, 2.7, 12.8e6, 0.34, 8, 0.59, 84, 1.9e6
    )  # fmt: skip

    found = words.describe_pipeline_coverage(frame(COVERAGE, first, LATER), **given)

    assert found.title == f"Pipeline covers {ratio}x of what Q4 2026 still needs; former quarters had 1.6x"
    assert found.text == (
        f"**{wording.money(ratio * 8e6)}** in 486 open deals is due in Q4 2026, against $8.00M still to book: "
        f"**{ratio}x** (the company's own target is 3.0x). At the same point of 8 former quarters there was 1.4x to "
        "2.7x, in the median 1.6x, of what was still booked by the quarter's end; 34% of that pipeline was won in "
        "time, and deals not in it brought 41% of those bookings. For Q1 2027, $3.50M in 42 deals is due; it has no "
        "goal yet."
    )
    assert found.status == status
    assert found.action is None or found.action.owner == "Eli"
    assert found.stake == pytest.approx(0 if status == "good" else 8e6 - ratio * 8e6 / 1.6)


def test_hygiene_counts_sound_deals_and_begins_with_the_gravest_fault(given):
    """Below the threshold of 70 %: the owner mends, gravest first; silent rules say what they need."""
    rows = frame(
        RULES, ("is_too_old", "Older than any win", 50, 4, 0.08, 9e3, 90e3, "Close", ""),
        ("is_stuck", "Stuck in its stage", 50, 18, 0.36, 30e3, 90e3, "Move", ""),
        ("is_overdue", "Close date has passed", 50, 2, 0.04, 3e3, 90e3, "Date", ""),
        ("has_no_next_step", "No next step", 50, pd.NA, NAN, NAN, 90e3, "Write", "next steps"),
        ("is_clean", "No fault", 50, 30, 0.6, 50e3, 90e3, "", ""),
    )  # fmt: skip

    found = words.describe_hygiene_by_rule(rows, **given)

    assert found.title == "60% of open deals are sound; 20 of 50 need mending"
    assert found.text == (
        "**30 of 50 open deals** (60%) have no fault; the other 20 are worth $40.0K on paper. Most common: stuck "
        "in its "
        "stage (18), older than any win (4) and close date has passed (2). 4 deals worth $9,000 are older than "
        "any deal "
        "ever won. 1 rule could not judge; they need next steps."
    )
    assert found.status == "act"
    assert found.action.what == "Mend the list of open deals, first the 4 deals that are “older than any win”: close."
    assert (found.action.owner, found.action.due_on) == ("Dana", date(2026, 10, 7))


def test_few_rules_are_said_to_be_few(given):
    """A share of sound deals by one rule of two is no share of sound deals."""
    rows = frame(
        RULES, ("is_too_old", "Older than any win", 50, 4, 0.08, 9e3, 90e3, "Close", ""),
        ("is_stuck", "Stuck in its stage", 50, pd.NA, NAN, NAN, 90e3, "Move", "a stage history"),
        ("is_clean", "No fault", 50, 46, 0.92, 81e3, 90e3, "", ""),
    )  # fmt: skip

    title = words.describe_hygiene_by_rule(rows, **given).title

    assert title == "4 of 50 open deals need mending; only 1 of 2 rules can judge"


def test_the_spread_of_faults_over_reps_is_counted():
    """Ten, six and four of twenty: one rep holds half."""
    rows = frame(
        "rep_id name n_open n_clean hygiene_score",
        ("a", "Ana", 12, 2, 2 / 12),
        ("b", "Bo", 10, 4, 0.4),
        ("c", "Cy", 8, 4, 0.5),
    )

    found = words.describe_hygiene_by_rep(rows)

    assert found.title == "1 of 3 reps hold half of the 20 deals to mend"
    assert "Scores run from 17% to 50%; 0 reps have nothing to mend." in found.text


def test_the_list_of_fixes_says_what_stands_on_top():
    """Two deals, one with two faults."""
    rows = frame("opportunity_id amount n_faults faults", ("d1", 5000.0, 2, "overdue, stuck"), ("d2", NAN, 1, "stuck"))

    found = words.describe_deals_to_fix(rows)

    assert found.title == "2 open deals to mend, worst first"
    assert "1 has two or more. On top stands d1 ($5,000): overdue, stuck." in found.text


def test_the_red_flag_names_the_source_and_clears_the_reps(given):
    """The owner checks the source; its shortfall is at stake."""
    found = words.describe_lead_red_flag(frame(FLAG, ALL, BAD, FINE, REP_ROW), **given)

    assert found.title == "Red flag: Ads, 1.7x the leads, 10% qualify, was 22%"
    assert found.text == (
        "300 leads arrived in 3 months, 20% more a day than in the months before; of the 250 that have had 10 days to "
        "qualify, **24.0%** did, against 27.0% before. **Ads** fell from 22.0% to 10.0% of 80 leads: about 10 "
        "qualified "
        "leads short, worth about $40.0K in won deals. No other source fell beyond chance. None of 1 rep is "
        "below what the "
        "sources of their leads explain."
    )
    assert (found.status, found.stake, found.action.owner) == ("act", 40e3, "Flo")


def test_without_a_flag_the_leads_are_on_track(given):
    """A fall with fewer leads is watched; no fall is good."""
    calm = (*ALL[:7], False, False, *ALL[9:])
    fewer = ("source", "Ads", 40, 0.6, 30, 0.1, 0.22, True, False, 3.6, 9e3, 10)

    assert words.describe_lead_red_flag(frame(FLAG, calm, FINE), **given).status == "good"
    assert words.describe_lead_red_flag(frame(FLAG, calm, fewer), **given).status == "watch"


def test_the_step_where_leads_fall_away_is_named():
    """With the leads nobody touched and those won so far."""
    rows = frame(
        STEPS, ("Arrived to touched", 250, 240, 10, 0.96, 0.95, 0.9, False, 0.96),
        ("Touched to qualified", 240, 60, 180, 0.25, 0.29, 0.01, True, 0.24),
        ("Qualified to deal", 60, 45, 15, 0.75, 0.75, 0.9, False, 0.18),
        ("Deal to won", 45, 5, 40, 0.11, 0.25, NAN, False, 0.02),
    )  # fmt: skip

    found = words.describe_lead_steps(rows)

    assert found.title == "Leads fall away from touched to qualified: 25% pass, was 29%"
    assert found.text == (
        "Of 250 leads, 10 were never touched and 60 qualified; 5 are won deals so far (2.0%), and more will follow as "
        "deals close. From touched to qualified, **25.0%** of 240 passed, against 29.0% before: beyond chance."
    )


EMPTY = [
    words.describe_bookings_by_month, words.describe_attainment_by_team, words.describe_attainment_by_rep,
    words.describe_win_rate_by_quarter, words.describe_win_rate_by_group, words.describe_cycle_by_segment,
    words.describe_age_of_open_deals, words.describe_velocity_by_segment, words.describe_stage_funnel,
    words.describe_stage_change, words.describe_stage_time, words.describe_pipeline_coverage, words.describe_hygiene_by_rule,
    words.describe_hygiene_by_rep, words.describe_deals_to_fix, words.describe_lead_red_flag, words.describe_lead_steps,
]  # fmt: skip


@pytest.mark.parametrize("describe", EMPTY, ids=lambda describe: describe.__name__)
def test_nothing_to_tell_is_told_without_a_headline(describe, given):
    """An empty frame is a finding of its own and never opens the report."""
    empty = pd.DataFrame(columns=[*MONTHS.split(), *TEAM.split(), *FUNNEL.split(), "p_value"]).astype(
        {"is_group": bool}
    )
    found = as_reported(describe, empty, **given)

    assert found.title
    assert len(found.title) <= 80
    assert not found.is_headline
