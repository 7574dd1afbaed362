"""What readers see: every number of a sentence and every mark of a chart is the frame's."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from salesops_lib.parameters import Duties
from salesops_lib.reporting.run.companions import triple_of
from salesops_lib.tool_evaluation import (
    cards,
    cost_by_tool,
    criteria_by_tool,
    decision_by_tool,
    ranking_by_method,
    ranking_by_tool,
    ranking_without_one,
    renewal_calendar,
    survey_by_tool,
    utilisation_by_tool,
)
from salesops_lib.wording import day, money, number, percent
from tests.calling import as_reported
from tests.tool_evaluation.companies import EVENING, answers, company, judged_by, licence, seats, use
from tests.tool_evaluation.test_ranking_and_decisions import by_people, three_tools

METRICS = [
    cost_by_tool, utilisation_by_tool, survey_by_tool, criteria_by_tool, ranking_by_tool, ranking_by_method,
    ranking_without_one, decision_by_tool, renewal_calendar,
]  # fmt: skip
DRAWN = [metric for metric in METRICS if triple_of(metric).plot]


def called(function, frame, parameters):
    """A description or plot, given what it declares, as a notebook does."""
    known = {"parameters": parameters, "as_of": EVENING, "duties": Duties(parameters, EVENING)}
    return as_reported(function, frame, **known)


def said_of(metric, frame, parameters=None):
    """The finding of a metric's frame."""
    return called(triple_of(metric).describe, frame, parameters or by_people())


def drawn(metric, frame):
    """The Axes of a metric's frame."""
    return called(triple_of(metric).plot, frame, by_people())


@pytest.mark.parametrize("metric", METRICS)
def test_each_section_has_words_for_full_and_for_empty_frames(metric):
    """A title of at most 80 characters and text, also where there is nothing to say."""
    frame = as_reported(metric, three_tools(), parameters=by_people())

    for each in (frame, frame.iloc[:0]):
        finding = said_of(metric, each)
        assert 0 < len(finding.title) <= 80
        assert finding.text
        assert "nan" not in finding.text


@pytest.mark.parametrize("metric", DRAWN)
def test_each_chart_can_be_drawn_from_an_empty_frame(metric):
    """No failure, and no bar."""
    frame = as_reported(metric, three_tools(), parameters=by_people()).iloc[:0]

    assert not drawn(metric, frame).patches


def test_the_words_on_cost_are_the_sums_of_the_frame():
    """Total, the dearest tool, the dearest seat and the idle money."""
    frame = cost_by_tool(three_tools(), parameters=by_people())

    finding = said_of(cost_by_tool, frame)

    assert finding.title == f"3 tools cost {money(frame['cost_amount'].sum())} in twelve months"
    assert f"A with **{money(frame['cost_amount'].max())}**" in finding.text
    assert f"**{money(frame['cost_per_active_amount'].max())}** (B)" in finding.text
    assert f"**{money(frame['idle_licence_amount'].sum())}** pay for seats" in finding.text
    assert finding.stake == frame["idle_licence_amount"].sum()


def test_the_words_on_use_count_seats_and_name_the_thin_tool():
    """Seven of twelve seats; B is below half, with its interval; C at half is not."""
    frame = utilisation_by_tool(three_tools(), parameters=by_people(), confidence=0.95)
    row = frame.set_index("tool_id").loc["B"]

    finding = said_of(utilisation_by_tool, frame)

    assert finding.title == "1 of 3 tools used on fewer than 50% of assigned seats"
    assert "**7 of 12** assigned seats (58%)" in finding.text
    ends = f"{percent(row['utilisation_rate_low'])} to {percent(row['utilisation_rate_high'])}"
    assert f"B: 1 of 4 (25%, 95% interval {ends})" in finding.text
    assert finding.action is None


def test_seats_of_leavers_lead_to_an_action():
    """Someone takes them back within two weeks."""
    crm = company(
        ["A"], reps=[{"rep_id": "r0", "name": "R", "ended_on": "2026-05-01"}, {"rep_id": "r1", "name": "S"}],
        tool_seats=seats("A", ["r0", "r1"]), tool_usage=use("A", ["r1"]),
    )  # fmt: skip

    finding = said_of(
        utilisation_by_tool, utilisation_by_tool(crm, parameters=judged_by(), confidence=0.95), judged_by()
    )

    assert finding.action is not None
    assert finding.action.what == "Take back 1 seat of people who have left (A)"
    assert finding.action.due_on == date(2026, 10, 14)


def test_the_words_on_the_survey_say_who_is_hard_to_use():
    """B is at 0 with all four alike; nobody was asked before, so no change is spoken of."""
    finding = said_of(survey_by_tool, survey_by_tool(three_tools(), parameters=by_people(), confidence=0.95))

    assert finding.title == "1 of 3 tools clearly hard to use: B"
    assert "B with **0.0** of 100 (n = 4" in finding.text
    assert "survey before" not in finding.text


def test_the_words_on_the_ranking_take_score_and_share_from_the_frame():
    """Leader, score, weights and shares of first places."""
    criteria = criteria_by_tool(three_tools(), parameters=by_people(), confidence=0.95)
    ranking = ranking_by_tool(three_tools(), parameters=by_people(), confidence=0.95)
    top = ranking.sort_values("first_rate").iloc[-1]

    first, second = said_of(criteria_by_tool, criteria), said_of(ranking_by_tool, ranking)

    assert f"A scores **{number(ranking.loc[0, 'score'], 2)}** of 1. Weights: Fit 40%" in first.text
    assert f"{top['name']} in {percent(top['first_rate'])}" in second.text
    assert percent(top["first_rate"]) in second.title


def test_the_words_on_decisions_name_each_step_and_the_money():
    """Merge B, train C, keep one; B's licence is at stake; its notice day is over, so the plan is due in two weeks."""
    frame = decision_by_tool(three_tools(), parameters=by_people(), confidence=0.95)

    finding = said_of(decision_by_tool, frame)

    assert finding.title == "Merge B and train C; keep 1"
    assert finding.status == "act"
    assert finding.stake == frame.set_index("tool_id").loc["B", "yearly_licence_amount"]
    assert "Merge **B** into A: 25% of 4 assigned seats in use" in finding.text
    assert "C (train, perhaps replace, fix, keep)" in finding.text
    assert finding.action is not None
    assert (finding.action.what, finding.action.owner) == ("Plan the move from B to A", "Bo")
    assert finding.action.due_on == date(2026, 10, 14)


def test_the_words_on_renewals_put_what_is_overdue_first():
    """B's notice day has passed, A's is the one in the horizon; both licences are at stake."""
    frame = renewal_calendar(three_tools(), parameters=by_people(), confidence=0.95)

    finding = said_of(renewal_calendar, frame)

    assert finding.title == "The notice day of B has passed"
    assert f"notice day was {day(date(2026, 9, 22))}" in finding.text
    assert "1 notice day put **$4,000** a year at stake" in finding.text
    assert finding.stake == 6000
    assert finding.action is not None
    assert finding.action.what.startswith("Ask the vendor of B")


def test_bars_of_cost_and_scores_are_as_long_as_the_numbers():
    """Stacked parts end at each tool's total."""
    for metric, total in ((cost_by_tool, "cost_amount"), (criteria_by_tool, "score")):
        frame = as_reported(metric, three_tools(), parameters=by_people())
        ends: dict[int, float] = {}
        for bar in drawn(metric, frame).patches:
            place = round(bar.get_y() + bar.get_height() / 2)
            ends[place] = max(ends.get(place, 0), bar.get_x() + bar.get_width())
        assert sorted(ends.values()) == pytest.approx(sorted(frame.drop_duplicates("tool_id")[total]))


@pytest.mark.parametrize(
    ("metric", "column", "axis"),
    [(survey_by_tool, "sus_score", 0), (ranking_by_tool, "rank", 0), (decision_by_tool, "sus_score", 1)],
)
def test_dots_stand_where_the_numbers_are(metric, column, axis):
    """The marks read back from the chart are the frame's column."""
    frame = as_reported(metric, three_tools(), parameters=by_people())
    marks = [line for line in drawn(metric, frame).lines if line.get_marker() in ("o", "D")]

    found = np.concatenate([line.get_data()[axis] for line in marks])

    assert sorted(found) == pytest.approx(sorted(frame[column].astype(float)))


def test_seats_are_drawn_as_three_bars_a_tool():
    """Four paid for, four assigned, and those in use: 4, 1 and 2."""
    bars = drawn(
        utilisation_by_tool, utilisation_by_tool(three_tools(), parameters=by_people(), confidence=0.95)
    ).patches

    assert sorted(bar.get_width() for bar in bars) == sorted([4] * 6 + [4, 1, 2])


def test_notice_days_are_drawn_where_they_are():
    """One mark a contract, on its last day of notice."""
    lines = drawn(renewal_calendar, renewal_calendar(three_tools(), parameters=by_people(), confidence=0.95)).lines

    days = [moment for line in lines if line.get_marker() != "|" for moment in line.get_xdata()]

    assert sorted(str(moment)[:10] for moment in days) == ["2026-09-22", "2026-12-01", "2027-08-01"]


def test_the_cards_are_recomputed_from_seats_and_answers():
    """The share of all tools comes from their seats, usability from every sheet, the rest from the contracts."""
    frame = cards(three_tools(), parameters=by_people(), confidence=0.95).set_index("key")

    assert frame.loc["utilisation", ["value", "n", "target"]].tolist() == [7 / 12, 12, 0.8]
    assert frame.loc["sus", ["value", "n"]].tolist() == [pytest.approx(175 / 3), 12]
    assert frame.loc["to_change", "value"] == 2000
    assert frame.loc["notices_due", "value"] == 2
    assert frame.loc["idle_licence", "value"] == pytest.approx(2000 * 3 / 4 + 1000 / 2)


def test_a_company_without_criteria_is_told_how_to_get_a_ranking():
    """Without tools.yaml the frame is empty and the words name the file."""
    frame = criteria_by_tool(three_tools(), parameters=judged_by(), confidence=0.95)

    assert frame.empty
    assert "tools.yaml" in said_of(criteria_by_tool, frame, judged_by()).text


def test_a_survey_with_too_few_answers_is_not_on_track():
    """One answer a tool: nothing is known of how hard they are to use."""
    crm = company(["A"], reps=["r0"], tool_survey=answers("A", "r0", 3))

    finding = said_of(survey_by_tool, survey_by_tool(crm, parameters=by_people(), confidence=0.95))

    assert (finding.title, finding.status) == ("Too few answers to judge any tool", "note")


def test_tools_without_costs_are_not_said_to_put_nothing_at_stake():
    """A contract that ends soon, whose cost is not on record."""
    crm = company(["A"], tools={"A": {"renewal_on": "2026-12-31", "notice_days": 60}})

    finding = said_of(renewal_calendar, renewal_calendar(crm, parameters=judged_by(), confidence=0.95), judged_by())

    assert "$0" not in finding.text
    assert "contracts of unknown cost; the next is A in 32 days." in finding.text


def test_costs_of_nothing_have_no_dearest():
    """Items that ended years ago."""
    crm = company(["A"], tool_costs=[licence("A", 100, from_on="2020-01-01", to_on="2020-12-31")])

    finding = said_of(cost_by_tool, cost_by_tool(crm, parameters=judged_by()))

    assert finding.text == "No cost item covers these months."


def test_seats_that_all_belong_to_leavers_have_no_others_in_use():
    """Nobody else holds one."""
    crm = company(
        ["A"], reps=[{"rep_id": "r0", "name": "R", "ended_on": "2026-05-01"}], tool_seats=seats("A", ["r0"]),
        tool_usage=use("A", ["r0"], week_on="2026-04-20"),
    )  # fmt: skip
    reasons = decision_by_tool(crm, parameters=judged_by(), confidence=0.95)["reason"]

    assert "1 seat still held by leavers, no other" in reasons.iloc[0]
