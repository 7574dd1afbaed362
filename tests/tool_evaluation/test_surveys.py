"""Survey scores: published examples, intervals, waves and answers that do not count."""

from __future__ import annotations

from operator import itemgetter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from salesops_lib.measures.survey_scores import (
    change_interval,
    net_promoter,
    net_promoter_interval,
    net_promoter_variance,
    sus_score,
)
from salesops_lib.tool_evaluation import survey_by_tool
from salesops_lib.tool_evaluation.surveys.metrics import sus_interval
from tests.published import published
from tests.tool_evaluation.companies import answers, company, judged_by


@pytest.mark.parametrize("example", published("tool_decision", "survey_and_finance"), ids=itemgetter("id"))
def test_published_scores_come_out_as_printed(example):
    """SUS of Brooke's sheet, the aggregate form of SUS, and the variance of an NPS."""
    inputs, expected = example["inputs"], example["expected"]
    if example["id"] == "sus-trap-aggregate":
        sheet = [5, 4, 2, 1, 2, 3, 2, 4, 5, 2]
        assert sus_score(sheet) == 2.5 * ((sum(sheet[0::2]) - 5) + (25 - sum(sheet[1::2])))
    elif example["kind"] == "SUS":
        assert sus_score(inputs["responses"]) == expected["sus"]
    elif example["kind"] == "NPS variance":
        promoters, _passives, detractors = (
            eval_share(inputs[name]) for name in ("p_promoter", "p_passive", "p_detractor")
        )
        assert net_promoter(promoters, detractors, 1) == pytest.approx(expected["nps"])
        assert net_promoter_variance(promoters, detractors) == pytest.approx(expected["variance"])
    else:
        pytest.skip(f"{example['kind']}: not a measure of this kit yet")


def eval_share(text):
    """``1/3`` as a number."""
    top, _, bottom = text.partition("/")
    return int(top) / int(bottom)


def test_a_sus_sheet_needs_ten_answers_on_the_scale():
    """Nine answers, or a 6, are no sheet."""
    for sheet in ([3] * 9, [3] * 9 + [6]):
        with pytest.raises(ValueError, match="10 answers from 1 to 5"):
            sus_score(sheet)


@given(n=st.integers(1, 40), data=st.data())
@settings(max_examples=50, deadline=None)
def test_the_interval_of_an_nps_covers_reason(n, data):
    """It stays within -1 and 1, turns round with the answers, and has a width even if all answers agree."""
    promoters = data.draw(st.integers(0, n))
    detractors = data.draw(st.integers(0, n - promoters))

    low, high = net_promoter_interval(promoters, detractors, n, confidence=0.95)
    turned = net_promoter_interval(detractors, promoters, n, confidence=0.95)

    assert -1 <= low < high <= 1
    assert turned == pytest.approx((-high, -low))


def test_the_adjusted_wald_interval_adds_three_answers():
    """Worked by hand: 6 promoters and 2 detractors of 10 are 6.75 and 2.75 of 13."""
    promoters, detractors = 6.75 / 13, 2.75 / 13
    half = 1.959964 * np.sqrt((promoters + detractors - (promoters - detractors) ** 2) / 13)

    low, high = net_promoter_interval(6, 2, 10, confidence=0.95)

    assert (low, high) == pytest.approx((promoters - detractors - half, promoters - detractors + half), abs=1e-6)


@pytest.mark.slow
def test_the_nps_interval_covers_the_truth_about_as_often_as_it_says():
    """Of 2,000 surveys of 15 people, the 95 % interval holds the true score in 93 % to 98 %."""
    rng = np.random.default_rng(3)
    counts = rng.multinomial(15, [0.3, 0.3, 0.4], size=2000)

    held = [
        low <= -0.1 <= high for low, high in (net_promoter_interval(c[0], c[2], 15, confidence=0.95) for c in counts)
    ]

    assert 0.93 <= np.mean(held) <= 0.98


def test_a_change_is_judged_by_welch():
    """The same as scipy's test of two samples with unequal variances."""
    from scipy.stats import ttest_ind

    now, before = [60.0, 70, 80, 75], [50.0, 55, 65]
    expected = ttest_ind(now, before, equal_var=False).confidence_interval(0.95)

    change, low, high = change_interval(
        (np.mean(now), np.std(now, ddof=1), 4), (np.mean(before), np.std(before, ddof=1), 3), confidence=0.95
    )

    assert change == pytest.approx(np.mean(now) - np.mean(before))
    assert (low, high) == pytest.approx((expected.low, expected.high))


SHEETS = [
    *(
        row
        for place, liking in enumerate((5, 4, 4, 5, 4))
        for row in answers("A", f"r{place}", liking, csat=liking, nps=2 * liking)
    ),
    *(row for place in range(5) for row in answers("A", f"r{place}", 2, asked_on="2025-06-15", nps=0)),
    *(row for place in range(2) for row in answers("B", f"r{place}", 1)),
]


def scores(rows=SHEETS, **options):
    """The survey of tools A, B and C by tool, with these answers."""
    crm = company(["A", "B", "C"], reps=6, tool_survey=rows)
    return survey_by_tool(crm, parameters=judged_by(normalisation="min_max"), **options, confidence=0.95).set_index(
        "tool_id"
    )


def test_only_the_latest_survey_counts_and_the_one_before_is_the_comparison():
    """Five people say 100, 75, 75, 100, 75 now and 25 each a year ago."""
    row = scores().loc["A"]

    assert row["sus_score"] == 85
    assert row["n_sus"] == row["n_sus_previous"] == 5
    assert row["sus_change_score"] == 60
    assert (row["n_nps"], row["nps_score"]) == (5, 40)
    assert (row["csat_rate_low"], row["csat_rate_high"]) == pytest.approx(proportion_confint(5, 5, method="wilson"))


def test_fewer_answers_than_the_company_asks_for_are_too_few_to_judge():
    """Two sheets are shown with their n, and judged by nobody."""
    row = scores().loc["B"]

    assert (row["n_sus"], row["sus_score"], row["verdict"]) == (2, 0, "too few to judge")


def test_a_tool_that_nobody_was_asked_about_has_no_score():
    """Missing, not 0."""
    row = scores().loc["C"]

    assert row[["sus_score", "nps_score", "csat_rate", "asked_on", "sus_change_score"]].isna().all()
    assert row["n_answers"] == 0


def test_a_sheet_that_is_not_complete_or_off_its_scale_gives_no_usability():
    """Nine items, or a 7 among ten, count as an answer but not in the score."""
    broken = [*answers("A", "r0", 5)[:-1], *answers("A", "r1", 5), *answers("A", "r2", 3)]
    broken[10] = {**broken[10], "score": 7}

    row = scores(broken).loc["A"]

    assert (row["n_sus"], row["sus_score"]) == (1, 50)


def test_a_survey_sent_after_the_report_is_not_known():
    """At the end of 2025 only the first survey had been held."""
    from datetime import date

    crm = company(["A", "B", "C"], reps=6, tool_survey=SHEETS).at(date(2025, 12, 31))

    row = survey_by_tool(crm, parameters=judged_by(), confidence=0.95).set_index("tool_id").loc["A"]

    assert (row["sus_score"], row["n_sus_previous"]) == (25, 0)


def test_like_answers_leave_open_how_answers_scatter():
    """Five times 75: the usual scatter of such scores stands in, and the scale ends at 100."""
    mean, low, high = sus_interval(pd.Series([75.0] * 5), confidence=0.95)

    assert (mean, low, high) == pytest.approx((75, 50.17, 99.83), abs=0.01)
