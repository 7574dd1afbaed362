"""Words on stages: every number comes from its frame."""

from datetime import date

from salesops_lib.performance_visibility.funnel.stage_change.narrative import describe_stage_change
from salesops_lib.performance_visibility.funnel.stage_funnel.narrative import describe_stage_funnel
from salesops_lib.performance_visibility.funnel.stage_time.narrative import describe_stage_time
from tests.performance_visibility.frames import CHANGE, FELL, FUNNEL, NAN, QUICK, ROSE, SLOW, STEADY, TIME, USUAL, frame


def test_the_funnel_s_sum_is_spelt_out():
    """The first stage's sum in words; the narrowest stage is named."""
    rows = frame(FUNNEL, ("A", 100, 70, 20, 0, 0, 10, 7, 0.7), ("B", 70, 30, 30, 5, 0, 5, 2, 3 / 7))

    found = describe_stage_funnel(rows)

    assert found.title == "B lets the fewest through: 43% go on"
    assert found.text == (
        "100 entries into A in 12 months = 70 advanced + 20 lost + 0 moved back + 0 handed off + 10 still there; "
        "the same "
        "sum holds for all 2 stages. **B** lets the fewest through so far: 30 of 70, with 5 still there. Stages were "
        "jumped over 9 times and deals went back 5 times."
    )


def test_a_stage_that_fell_needs_action_and_its_worth_is_at_stake(given):
    """No cause is claimed; the owner reads the lost reasons; a stage that rose is told as well."""
    found = describe_stage_change(frame(CHANGE, STEADY, FELL, ROSE), **given, confidence=0.95)

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

    found = describe_stage_change(rows, **given, confidence=0.95)

    assert (
        "about 10 more wins. The fall most likely began in June 2026 (no other month fits nearly as well);"
        in found.text
    )
    assert found.stake == 0


def test_no_stage_below_chance_is_good_news_with_its_limits(given):
    """What could have been missed is said: the smallest falls that these numbers show."""
    found = describe_stage_change(frame(CHANGE, STEADY, ROSE), **given, confidence=0.95)

    assert (found.status, found.is_headline) == ("good", False)
    assert found.title == "No stage lets fewer deals through than in the 12 months before (2 compared)"
    assert found.text.endswith(
        "A fall of 14.0 percentage points in A would have shown four times in five; a smaller one may have gone "
        "unseen. Beyond chance changed C (60% to 80%)."
    )
    small = describe_stage_change(frame(CHANGE, ROSE), **given, confidence=0.95)
    assert "too small for any fall to show" in small.text


def test_a_stage_that_holds_deals_longer_is_watched(given):
    """Median with interval, pace, what it adds up to, and how many stays go on."""
    found = describe_stage_time(frame(TIME, USUAL, SLOW, QUICK), **given, confidence=0.95)

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

    title = describe_stage_time(rows.head(1), **given, confidence=0.95).title
    found = describe_stage_time(rows, **given, confidence=0.95)

    assert title == "Deals leave D at 0.66 times the former pace"
    assert found.title.startswith("E takes 21 days")
    assert found.text.endswith("Slower as well: D.")
    assert "fewer than half of the stays in **D** would end within the time that can be seen, against 14 days" in (
        describe_stage_time(rows.head(1), **given, confidence=0.95).text
    )


def test_no_slower_stage_is_good_news_with_its_limits(given):
    """The slowest pace that the intervals leave open is said; a faster stage too."""
    found = describe_stage_time(frame(TIME, USUAL, QUICK), **given, confidence=0.95)

    assert found.status == "good"
    assert found.text.endswith(
        "The slowest pace that the 95% intervals leave open is 0.80 times the former one, in A. Half of the stays last "
        "up to 8 days in A and 5 days in C. Faster than before: C."
    )
