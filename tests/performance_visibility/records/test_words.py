"""Words on hygiene: every number comes from its frame."""

from datetime import date

import pandas as pd

from salesops_lib.performance_visibility.records.hygiene import narrative as words
from tests.performance_visibility.frames import NAN, RULES, frame


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
