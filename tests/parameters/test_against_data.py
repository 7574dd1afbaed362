"""Parameters held against the data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from salesops_lib.parameters import check_against_data, read_parameters
from tests.parameters.recipes import COMPANY, folder_of

QUARTER = "quarter: 2026-Q3\nquotas:\n  teams: {west: 5}\n  reps:\n    ana: 1\n    bo: 2\n"


def check(folder: Path, first_day: date | None = date(2025, 1, 1)) -> list[str]:
    """Check a folder against data of two years, two reps and one team."""
    return check_against_data(read_parameters(folder), ["ana", "bob"], ["west"], first_day, date(2026, 10, 2))


def test_a_rating_of_a_tool_that_the_data_does_not_know_is_named(tmp_path: Path):
    """It would count for no tool; where the data has no tools there is nothing to hold it against."""
    criteria = "criteria:\n  - {key: fit, label: Fit, weight: 1, direction: up}\n"
    (folder_of(tmp_path) / "tools.yaml").write_text(criteria + "ratings:\n  fit: {crn: 4}\n", encoding="utf-8")
    read = read_parameters(tmp_path)
    span = (date(2025, 1, 1), date(2026, 10, 2))

    assert check_against_data(read, [], [], *span, ["crm"]) == [
        "tools.yaml:4:9  ratings.fit.crn: the data has no tool `crn`. Did you mean `crm`?"
    ]
    assert check_against_data(read, [], [], *span) == []


def test_goals_of_people_the_data_does_not_know_are_named(tmp_path: Path):
    """A goal for a misspelt rep would be a goal for nobody."""
    folder = folder_of(
        tmp_path, company=COMPANY + "teams: {wst: West}\n", quarter=QUARTER.replace("west: 5", "east: 5")
    )

    assert check(folder) == [
        "company.yaml:9:9  teams.wst: the data has no team `wst`. Did you mean `west`?",
        "2026-Q3.yaml:3:11  quotas.teams.east: the data has no team `east`. Did you mean `west`?",
        "2026-Q3.yaml:6:5  quotas.reps.bo: the data has no rep `bo`. Did you mean `bob`?",
    ]


def test_reps_of_a_rule_for_leads_and_of_the_leaderboard_are_known_to_the_data(tmp_path: Path):
    """A wish to stay off the boards must not be lost to a slip of the key."""
    declared = (
        "rep_comparison:\n"
        "  leads: {rule: weighted, weights: {ana: 2, bo: 1}}\n"
        "  leaderboard:\n    opted_out: [bob, anna]\n"
    )

    assert check(folder_of(tmp_path, company=COMPANY + declared)) == [
        "company.yaml:10:45  rep_comparison.leads.weights.bo: the data has no rep `bo`. Did you mean `bob`?",
        "company.yaml:12:22  rep_comparison.leaderboard.opted_out[2]: the data has no rep `anna`. Did you mean `ana`?",
    ]


def test_parameters_that_fit_the_data_have_no_problem(tmp_path: Path):
    """Nothing to say is an empty list."""
    assert check(folder_of(tmp_path, quarter=QUARTER.replace("bo:", "bob:"))) == []


@pytest.mark.parametrize(("label", "n"), [("2024-Q4", 1), ("2025-Q1", 0), ("2027-Q1", 0), ("2027-Q2", 1)])
def test_quarter_outside_the_data_is_named_but_the_next_one_may_be_planned(tmp_path: Path, label: str, n: int):
    """A quarter ahead is planning; two ahead, or one before the data, is a slip of the year."""
    problems = check(folder_of(tmp_path, **{f"{label}.yaml": f"quarter: {label}\n"}))

    sentence = (
        f"{label}.yaml:1:1  quarter: {label} lies outside the data, "
        "which runs from 1 January 2025 to 2 October 2026. Is the year right?"
    )
    assert problems == [sentence] * n


def test_data_without_a_date_has_no_quarter_outside_it(tmp_path: Path):
    """Where no day is known, a quarter is not told to lie outside 1970; names are held against the data all the same."""
    folder = folder_of(tmp_path, **{"2031-Q1.yaml": "quarter: 2031-Q1\nquotas: {reps: {bo: 1}}\n"})

    assert check(folder, first_day=None) == [
        "2031-Q1.yaml:2:17  quotas.reps.bo: the data has no rep `bo`. Did you mean `bob`?"
    ]
