"""Ranking, its robustness, decisions and renewals on companies small enough to work out by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from salesops_lib.tool_evaluation import (
    criteria_by_tool,
    decision_by_tool,
    ranking_by_method,
    ranking_by_tool,
    ranking_without_one,
    renewal_calendar,
)
from salesops_lib.tool_evaluation.controls import weigh
from salesops_lib.tool_evaluation.decisions.metrics import Limits, decide
from tests.tool_evaluation.companies import CRITERIA, answers, company, judged_by, licence, seats, use

LIMITS = Limits(low=0.5, good=0.8, sus_low=51)
FIT = {"fit": {"A": 9, "B": 5, "C": 1}}


def three_tools(**changes):
    """A: all four seats used and liked. B: the same job, one of four used, disliked. C: half used, liked."""
    people = [f"r{place}" for place in range(4)]
    likings = {"A": 5, "B": 1, "C": 4}
    return company(
        ["A", "B", "C"],
        tools={
            "A": {"category": "dialler", "renewal_on": "2026-12-31", "notice_days": 30, "owner": "Ana"},
            "B": {"category": "dialler", "renewal_on": "2026-11-01", "notice_days": 40, "owner": "Bo"},
            "C": {"renewal_on": "2027-09-30", "notice_days": 60},
        },
        tool_seats=[row for tool in "ABC" for row in seats(tool, people)],
        tool_usage=[*use("A", people), *use("B", people[:1]), *use("C", people[:2])],
        tool_costs=[licence("A", 4000), licence("B", 2000), licence("C", 1000)],
        tool_survey=[row for tool, liking in likings.items() for rep in people for row in answers(tool, rep, liking)],
        **changes,
    )


def by_people(**tools):
    """Parameters with ratings, for surveys of four people."""
    return judged_by(**{"ratings": FIT, "thresholds": {"min_answers": 4}, **tools})


def test_the_score_is_the_sum_of_scaled_values_times_weights():
    """Worked by hand for C: fit 0, use 1/3, usability 3/4, the cheapest seat in use, weights 2:1:1:1."""
    frame = criteria_by_tool(three_tools(), parameters=by_people(), confidence=0.95)
    of_c = frame[frame["tool_id"] == "C"].set_index("criterion_id")

    assert of_c["weight_rate"].tolist() == [0.4, 0.2, 0.2, 0.2]
    assert of_c["scaled_value"].tolist() == pytest.approx([0, 1 / 3, 3 / 4, 1])
    assert of_c["basis"].tolist() == ["ratings", "data", "data", "data"]
    assert of_c["score"].iloc[0] == pytest.approx(0.2 * (1 / 3 + 3 / 4 + 1))
    sums = frame.groupby("tool_id")["contribution"].sum()
    assert sums.to_dict() == pytest.approx(frame.groupby("tool_id")["score"].first().to_dict())


def test_a_tool_without_a_value_is_listed_and_not_ranked():
    """C is rated by nobody: its rows stay, its score is missing, the others are compared without it."""
    frame = criteria_by_tool(three_tools(), parameters=by_people(ratings={"fit": {"A": 9, "B": 5}}), confidence=0.95)

    assert frame.loc[frame["tool_id"] == "C", "score"].isna().all()
    assert len(frame) == 12
    assert ranking_by_tool(three_tools(), parameters=by_people(), criteria=frame, confidence=0.95)[
        "tool_id"
    ].tolist() == ["A", "B"]


def test_a_criterion_that_nobody_measured_or_rated_is_left_out():
    """Without ratings the other three weigh a third each."""
    frame = criteria_by_tool(three_tools(), parameters=by_people(ratings={}), confidence=0.95)
    kinds = frame.drop_duplicates("criterion_id").set_index("criterion_id")

    assert kinds.loc["fit", "basis"] == "none"
    assert pd.isna(kinds.loc["fit", "weight_rate"])
    assert kinds.loc[["utilisation", "usability", "cost"], "weight_rate"].tolist() == pytest.approx([1 / 3] * 3)


def test_too_few_answers_rank_nobody_by_usability():
    """Four answers where five are asked for: the criterion is not measured."""
    frame = criteria_by_tool(three_tools(), parameters=by_people(thresholds={"min_answers": 5}), confidence=0.95)

    assert set(frame.loc[frame["criterion_id"] == "usability", "basis"]) == {"none"}


def test_the_ranking_is_the_same_each_time_and_its_shares_add_up():
    """The draws are fixed; wins add up to 1; a place lies within 1 and the number of tools."""
    first, second = (ranking_by_tool(three_tools(), parameters=by_people(), confidence=0.95) for _ in range(2))

    pd.testing.assert_frame_equal(first, second)
    assert first["first_rate"].sum() == pytest.approx(1)
    assert (first["rank_low"] <= first["rank_high"]).all()
    assert first["rank_low"].min() >= 1
    assert first["rank_high"].max() <= 3


def test_a_tool_that_is_best_in_everything_wins_every_draw():
    """No weights and no method can take the first place from it."""
    parameters = judged_by(criteria=[*CRITERIA[:1], {"key": "help", "label": "Help", "weight": 1}],
                           ratings={"fit": {"A": 9, "B": 5}, "help": {"A": 3, "B": 1}})  # fmt: skip

    crm = company(["A", "B"])

    assert ranking_by_tool(crm, parameters=parameters, confidence=0.95)["first_rate"].tolist() == [1, 0]
    methods = ranking_by_method(crm, parameters=parameters, confidence=0.95)
    assert set(methods["first_name"]) == {"A"}
    assert len(methods) == 6
    assert methods["is_stated"].tolist() == [True] + [False] * 5


def test_drawn_weights_lie_around_the_stated_ones():
    """Two tools that each win one criterion: with weights 3 to 1 the first tool wins about as the draws say."""
    parameters = judged_by(
        criteria=[{"key": "a", "label": "a", "weight": 3}, {"key": "b", "label": "b", "weight": 1}],
        ratings={"a": {"A": 1, "B": 0}, "b": {"A": 0, "B": 1}},
    )
    from scipy.stats import beta

    share = ranking_by_method(company(["A", "B"]), parameters=parameters, confidence=0.95).loc[0, "first_rate"]

    assert share == pytest.approx(beta(15, 5).sf(0.5), abs=0.01)


def test_leaving_one_tool_out_finds_a_rank_reversal():
    """The far end C stretches criterion a: with it A is ahead of B, without it B is ahead of A."""
    parameters = judged_by(
        criteria=[{"key": "a", "label": "a", "weight": 1}, {"key": "b", "label": "b", "weight": 1.2}],
        ratings={"a": {"A": 5, "B": 4, "C": 5}, "b": {"A": 5, "B": 6, "C": 0}},
    )
    crm = company(["A", "B", "C"])

    frame = ranking_without_one(crm, parameters=parameters, confidence=0.95).set_index("tool_id")

    assert ranking_by_tool(crm, parameters=parameters, confidence=0.95)["tool_id"].tolist()[0] == "A"
    assert frame.loc["C", ["n_swapped", "swapped", "first_name", "n_pairs"]].tolist() == [1, "A and B", "B", 1]
    assert frame.loc[["A", "B"], "n_swapped"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("use", "sus", "here", "has_better", "decision"),
    [
        (0.79, 80, 0.79, True, "merge"),
        (0.80, 80, 0.80, True, "keep"),
        (0.49, 50, 0.49, False, "replace"),
        (0.50, 50, 0.50, False, "fix"),
        (0.90, 50, 0.90, False, "fix"),
        (0.49, 51, 0.49, False, "train"),
        (0.79, np.nan, 0.79, False, "train"),
        (0.70, 80, 0.80, False, "keep"),
        (0.95, np.nan, 0.95, False, "keep"),
    ],
)
def test_the_first_rule_that_holds_decides(use, sus, here, has_better, decision):
    """Each rule at its edge; a usability that is not known breaks none."""
    assert decide(use, sus, here, has_better=has_better, limits=LIMITS) == decision


def test_decisions_name_reason_change_and_notice_day():
    """B does what A does better; C is liked and half used; A stays."""
    frame = decision_by_tool(three_tools(), parameters=by_people(), confidence=0.95).set_index("tool_id")

    assert frame["decision"].to_dict() == {"B": "merge", "C": "train", "A": "keep"}
    assert frame.loc["B", "merge_into"] == "A"
    assert frame.loc["B", "reason"].startswith("25% of 4 assigned seats in use, below 50%; usability 0.0 of 100 (n = 4")
    assert frame.loc["B", "would_change"] == "fix: 80% of seats in use or more; replace: a better rank than A"
    assert frame.loc["B", "notice_on"] == pd.Timestamp("2026-09-22")
    assert frame.loc["B", "yearly_licence_amount"] == 2000
    assert frame.loc["C", "would_change"] == "keep: 80% of seats in use or more; fix: usability below 51"


def test_a_close_call_says_what_chance_could_make_of_it():
    """Half of four seats and four like scores: both intervals reach below low and above good."""
    frame = decision_by_tool(three_tools(), parameters=by_people(), confidence=0.95).set_index("tool_id")

    assert frame.loc["C", "could_be"] == "replace, fix, keep"


def test_without_recorded_use_no_tool_is_judged():
    """A company that lists its tools and nothing else gets no decisions, and no failure."""
    frame = decision_by_tool(company(["A"]), parameters=judged_by(), confidence=0.95)

    assert frame["decision"].isna().all()
    assert frame.loc[0, "reason"] == "Its use is not on record."


def test_the_calendar_tells_overdue_from_due_later_and_unknown():
    """B's notice day was eight days ago, A's is in 62 days, C's in ten months; D has no date, E's is over."""
    crm = three_tools()
    frame = renewal_calendar(crm, parameters=by_people(), confidence=0.95).set_index("tool_id")

    assert frame["standing"].to_dict() == {"B": "overdue", "A": "due", "C": "later"}
    assert frame["left_days"].tolist() == [-8, 62, 305]
    other = company(["D", "E"], tools={"E": {"renewal_on": "2026-09-29", "notice_days": 10}})
    assert renewal_calendar(other, parameters=judged_by(), confidence=0.95)["standing"].tolist() == [
        "renewal has passed",
        "not recorded",
    ]


def test_the_last_day_of_notice_is_not_yet_overdue():
    """On the day itself notice can be given."""
    tools = {"A": {"renewal_on": "2026-10-30", "notice_days": 30}}

    row = renewal_calendar(company(["A"], tools=tools), parameters=judged_by(), confidence=0.95).loc[0]

    assert (row["standing"], row["left_days"], row["notice_on"].date()) == ("due", 0, date(2026, 9, 30))


def test_the_weights_panel_ranks_anew_and_escapes_names():
    """All weight on cost puts the cheapest seat first; a tool named like markup is shown as text."""
    frame = criteria_by_tool(three_tools(), parameters=by_people(), confidence=0.95)
    frame["name"] = frame["name"].replace("C", "<b>C</b>")
    panel = weigh(frame)

    assert panel.children[-1].value.index("A</td>") < panel.children[-1].value.index("C")
    for slider, weight in zip(panel.children, (0, 0, 0, 100), strict=False):
        slider.value = weight

    assert "<td>1</td><td>&lt;b&gt;C&lt;/b&gt;</td>" in panel.children[-1].value
