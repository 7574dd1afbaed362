"""Satisfaction: the share of 4 and 5, the promoter score, each with n and interval; teams only beyond chance."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from salesops_lib import theme
from salesops_lib.performance_visibility.customers.satisfaction.metrics import (
    satisfaction_by_quarter,
    satisfaction_by_team,
)
from salesops_lib.performance_visibility.customers.satisfaction.narrative import (
    describe_satisfaction_by_quarter,
    describe_satisfaction_by_team,
)
from salesops_lib.performance_visibility.customers.satisfaction.plots import (
    plot_satisfaction_by_quarter,
    plot_satisfaction_by_team,
)
from tests.builders import CALENDAR, make_crm

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)
TEAMS = {
    "teams": [{"team_id": "a", "name": "A"}, {"team_id": "b", "name": "B"}],
    "team_members": [
        {"rep_id": "ana", "team_id": "a", "to_on": "2026-07-31"},
        {"rep_id": "ana", "team_id": "b", "from_on": "2026-08-01"},
        {"rep_id": "bo", "team_id": "b"},
    ],
}


def company(answers, **tables):
    """Answers as ``(day, score)``, ``(day, score, rep)`` or ``(day, score, rep, scale)``."""
    rows = [
        dict(zip(("asked_on", "score", "rep_id", "scale"), (*each, *("ana", "csat")[len(each) - 2 :]), strict=True))
        | {"answer_id": f"s{number}"}
        for number, each in enumerate(answers)
    ]
    return make_crm(reps=["ana", "bo"], satisfaction=rows, as_of=END, **tables)


def test_four_and_five_are_satisfied():
    """Two of three; the interval is Wilson's."""
    row = satisfaction_by_quarter(
        company([("2026-08-01", s) for s in (5, 4, 3)]), period=SEPTEMBER, confidence=0.95
    ).iloc[-1]

    assert (row["n_csat"], row["csat_rate"]) == (3, 2 / 3)
    assert row["csat_rate_low"] == pytest.approx(0.2077, abs=1e-4)


def test_promoters_less_detractors_is_the_score():
    """9 and 10 less 0 to 6, of all; 7 and 8 count in the base only."""
    answers = [("2026-08-01", score, "ana", "nps") for score in (10, 9, 8, 6)]

    row = satisfaction_by_quarter(company(answers), period=SEPTEMBER, confidence=0.95).iloc[-1]

    assert (row["n_nps"], row["nps"]) == (4, 0.25)
    assert pd.isna(row["csat_rate"])
    assert row["nps_low"] < 0.25 < row["nps_high"]


def test_a_change_against_the_four_quarters_before_is_tested():
    """All satisfied before, a third now: beyond chance."""
    before = [(f"2025-{month:02d}-10", 5) for month in (7, 8, 10, 11)] * 15
    before += [(f"2026-{month:02d}-10", 5) for month in (1, 4)] * 15
    now = [("2026-08-10", score) for score in (5, 2, 2)] * 15

    rows = satisfaction_by_quarter(company(before + now), period=SEPTEMBER, confidence=0.95)
    found = describe_satisfaction_by_quarter(rows, confidence=0.95)

    assert rows.iloc[-1]["p_value"] < 0.001
    assert found.status == "watch"
    assert found.title == "33% of customers are satisfied (n = 45)"


def test_an_answer_belongs_to_the_team_of_the_day_of_asking():
    """Ana moved in August."""
    crm = company([("2026-07-10", 5), ("2026-08-10", 1)], **TEAMS)

    rows = satisfaction_by_team(crm, period=SEPTEMBER, confidence=0.95).set_index("name")

    assert rows["n_csat"].to_dict() == {"All customers": 2, "B": 1, "A": 1}
    assert rows["csat_rate"].to_dict() == {"All customers": 0.5, "B": 0.0, "A": 1.0}


def test_teams_add_up_to_all_answers_and_those_about_nobody_have_a_row():
    """Nothing is dropped."""
    crm = company([("2026-08-10", 5, "bo"), ("2026-08-10", 5, None)], **TEAMS)

    rows = satisfaction_by_team(crm, period=SEPTEMBER, confidence=0.95)

    assert rows["name"].tolist() == ["All customers", "B", "No team"]
    assert rows["n_csat"].iloc[1:].sum() == rows["n_csat"].iloc[0] == 2


def test_alike_teams_differ_at_most_one_time_in_twenty():
    """Two thousand companies of four teams, by the same functions."""
    from salesops_lib.statistics.differences import adjusted, two_rates

    rng = np.random.default_rng(3)
    hits = rng.binomial(60, 0.83, (2000, 4))
    flagged = 0
    for own in hits:
        others = own.sum() - own
        p_values = two_rates(pd.Series(own), pd.Series([60] * 4), pd.Series(others), pd.Series([180] * 4))
        flagged += bool((adjusted(p_values) < 0.05).any())

    assert flagged / 2000 < 0.065


def test_words_for_teams_and_for_no_answers():
    """No difference is a finding; so is that nobody was asked."""
    alike = company([("2026-08-10", 5, rep) for rep in ("ana", "bo")] * 20, teams=TEAMS["teams"], team_members=[
        {"rep_id": "ana", "team_id": "a"}, {"rep_id": "bo", "team_id": "b"}])  # fmt: skip
    nobody = company([])

    team = describe_satisfaction_by_team(satisfaction_by_team(alike, period=SEPTEMBER, confidence=0.95))
    none = describe_satisfaction_by_quarter(
        satisfaction_by_quarter(nobody, period=SEPTEMBER, confidence=0.95), confidence=0.95
    )

    assert team.title == "No team's customers are more or less satisfied than others"
    assert none.title == "No customer was asked how satisfied they are"


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_charts_have_a_row_for_each(width, demo_crm):
    """Quarters and teams of the demo company."""
    quarters = satisfaction_by_quarter(demo_crm, period=SEPTEMBER, confidence=0.95)
    teams = satisfaction_by_team(demo_crm, period=SEPTEMBER, confidence=0.95)

    with theme.chart_style(width):
        assert len(plot_satisfaction_by_quarter(quarters).get_yticks()) == len(quarters)
        assert len(plot_satisfaction_by_team(teams).get_yticks()) == len(teams)


def test_answers_on_the_other_scale_are_not_said_to_be_none():
    """Promoters were asked, satisfaction was not."""
    answers = [{"answer_id": f"s{n}", "asked_on": "2026-08-01", "score": 9, "scale": "nps"} for n in range(3)]
    rows = satisfaction_by_quarter(
        make_crm(reps=["ana"], satisfaction=answers, as_of=END), period=SEPTEMBER, confidence=0.95
    )

    found = describe_satisfaction_by_quarter(rows, confidence=0.95)

    assert found.text.startswith("There are no answers from 1 to 5. The net promoter score of 2026-Q3 is ")
