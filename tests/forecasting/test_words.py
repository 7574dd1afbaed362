"""Words: every sentence's figures come from its frame, and judge nothing that the frame does not."""

from datetime import date

import pandas as pd
import pytest

from salesops_lib import forecasting
from salesops_lib.parameters import Duties
from salesops_lib.reporting.run.companions import triple_of
from salesops_lib.wording import money, percent
from tests.calling import as_reported
from tests.forecasting.recipes import series_of, won_each_month

METRICS = [
    "accuracy_by_horizon", "accuracy_by_method", "bookings_forecast_by_month", "bookings_forecast_by_span",
    "goal_realism_by_period", "landing_backtest_by_quarter", "landing_by_method", "open_deals_by_stage",
]  # fmt: skip


@pytest.fixture(scope="module")
def say(demo_crm, demo_parameters):
    """Describes a metric's frame, or any other frame of its kind."""

    def describe(name, rows=None):
        rows = as_reported(getattr(forecasting, name), demo_crm) if rows is None else rows
        given = {"duties": Duties(demo_parameters, demo_crm.as_of)}
        acts = name in ("landing_by_method", "goal_realism_by_period")
        return rows, triple_of(getattr(forecasting, name)).describe(rows, **(given if acts else {}))

    return describe


@pytest.mark.parametrize("name", METRICS)
def test_titles_fit_and_text_has_no_gaps(say, name):
    """At most 80 characters, no missing figure, no double space."""
    _rows, finding = say(name)

    assert len(finding.title) <= 80
    for text in (finding.title, finding.text):
        assert "nan" not in text.lower().split()
        assert "–" not in text
        assert "  " not in text


@pytest.mark.parametrize("name", METRICS)
def test_an_empty_or_unforecastable_company_gets_a_plain_sentence(say, name):
    """Three months of bookings: nothing can be said, and that is said."""
    _rows, finding = say(name, as_reported(getattr(forecasting, name), won_each_month([10, 20, 30])))

    assert finding.status == "note"
    assert not finding.is_headline
    assert finding.action is None


def test_the_spans_sentence_is_recomputed(say):
    """Three months, twelve months, their intervals and the year before."""
    rows, finding = say("bookings_forecast_by_span")
    near, far = (rows.set_index("n_months").loc[n] for n in (3, 12))
    side = "above" if near["change_rate"] > 0 else "below"

    assert finding.title == (
        f"The next three months are forecast at {money(near['forecast_amount'])}, "
        f"{percent(abs(near['forecast_amount'] / near['year_before_amount'] - 1))} {side} a year before"
    )
    for row in (near, far):
        assert (
            f"**{money(row['forecast_amount'])}** (80% interval {money(row['forecast_amount_low'])} to " in finding.text
        )
        assert f"against {money(row['year_before_amount'])} in the same months" in finding.text
    assert "36 complete months" in finding.text


def test_the_accuracy_sentence_is_recomputed(say):
    """Model and benchmark, origins won, bias."""
    rows, finding = say("accuracy_by_method")
    by = rows.set_index("method")
    model, rival = by.loc["chosen"], by.loc["last_year"]

    assert f"off by {percent(model['wape_rate'])}; last year's value by {percent(rival['wape_rate'])}" in finding.title
    assert f"closer from {model['n_better']} of the {model['n_origins']}" in finding.text
    side = "low" if model["forecast_bias_rate"] < 0 else "high"
    assert f"too {side} by {percent(abs(model['forecast_bias_rate']), 1)}" in finding.text
    assert finding.status == "good"


def test_a_model_that_loses_is_said_to_lose(say):
    """The title says that the benchmark is shown in its place."""
    crm = won_each_month([1000, 9000, 2000, 8000, 3000, 7000, 4000, 6000, 5000, 9000, 1000, 8000] * 3)
    _rows, finding = say("accuracy_by_method", forecasting.accuracy_by_method(crm, confidence=0.95))

    assert finding.title == "No model beats last year's value, so the report shows last year's value"
    assert finding.status == "watch"


def test_short_histories_say_what_was_not_fitted(say):
    """Ten months: no trend, no yearly season."""
    crm = won_each_month(series_of("noise", 10, seed=1))
    _rows, finding = say("bookings_forecast_by_span", forecasting.bookings_forecast_by_span(crm))
    _rows, accuracy = say("accuracy_by_method", forecasting.accuracy_by_method(crm, confidence=0.95))

    assert "10 complete months: too few for a trend or a yearly season" in finding.text
    assert "too few to prefer another" in accuracy.text or "No model beats" in accuracy.title


def test_the_horizon_sentence_counts_what_the_intervals_held(say):
    """The covered share is months inside over months tested, all horizons together."""
    rows, finding = say("accuracy_by_horizon")
    shown = rows[rows["is_shown"]]
    inside, n = (shown["covered_rate"] * shown["n_intervals"]).sum(), shown["n_intervals"].sum()

    assert f"held {round(inside)} of {n} months (**{percent(inside / n)}**)" in finding.text


def test_the_landing_sentence_states_both_ways_and_their_difference(say):
    """Amounts, parts, difference in money and share, the average, the chance."""
    rows, finding = say("landing_by_method")
    by = rows.set_index("method")
    stage, pace, both = (by.loc[name, "landing_amount"] for name in ("stage", "pace", "both"))

    assert finding.title == (
        f"{by['quarter_name'].iloc[0]} lands at {money(both)}: {money(stage)} by stage weights, {money(pace)} by pace"
    )
    share = abs(stage - pace) / min(stage, pace)
    assert f"{money(abs(stage - pace))}" in finding.text
    assert f"({percent(share)})" in finding.text
    assert ("disagree" in finding.text) == (share >= 0.1) == (finding.action is not None)
    assert finding.action is None or finding.action.due_on == date(2026, 10, 9)
    assert f"chance of **{percent(by.loc['both', 'reach_rate'])}**" in finding.text


def test_the_backtest_sentence_is_recomputed(say):
    """Errors in the title, intervals held and the largest miss in the text."""
    rows, finding = say("landing_backtest_by_quarter")
    for method in ("stage", "pace", "both"):
        miss = (rows[f"{method}_amount"] - rows["bookings_amount"]).abs()
        assert f"{percent(miss.sum() / rows['bookings_amount'].sum())} (" in finding.title
        held = rows["bookings_amount"].between(rows[f"{method}_amount_low"], rows[f"{method}_amount_high"]).sum()
        assert f"held in {held} of {len(rows)} quarters" in finding.text


def test_the_open_deals_sentence_adds_up(say):
    """Open and weighted totals, and the overdue deals' own record."""
    rows, finding = say("open_deals_by_stage")
    late = rows[rows["due"] == "overdue"]

    assert finding.title.startswith(f"{money(rows['weighted_amount'].sum())} of the {money(rows['open_amount'].sum())}")
    assert f"{late['n_past_won'].sum()} of {late['n_past'].sum()} cases" in finding.text


def test_a_goal_out_of_reach_calls_for_action(say):
    """Below 25% someone must act, with the gap named; from 50% on nobody must."""
    rows, _finding = say("goal_realism_by_period")
    lead = rows["is_leading"] & (rows["kind"] == "quarter")
    far, near = rows.copy(), rows.copy()
    far.loc[lead, ["reach_rate", "gap_amount"]] = 0.1, 500_000.0
    near.loc[lead, ["reach_rate", "gap_amount"]] = 0.6, -500_000.0
    _rows, act = say("goal_realism_by_period", far)
    _rows, good = say("goal_realism_by_period", near)

    assert act.status == "act"
    assert "$500K" in act.action.what
    assert act.stake == 500_000
    assert act.action.due_on == date(2026, 10, 14)
    assert (good.status, good.action) == ("good", None)
    assert "goal is 10%;" in act.title


def test_goals_that_are_not_set_are_listed(say):
    """The year without a goal is named; without any goal the finding says where goals belong."""
    rows, _finding = say("goal_realism_by_period")
    columns = ["goal_amount", "gap_amount", "stretch_ratio", "reach_rate"]
    no_year, none = rows.copy(), rows.copy()
    no_year.loc[rows["kind"] == "year", columns] = pd.NA
    none[columns] = float("nan")

    assert "No goal is set for FY 2026." in say("goal_realism_by_period", no_year)[1].text
    assert say("goal_realism_by_period", none)[1].title == "No goals to set the forecast against"


NOTHING_BOOKED = [100] * 12 + [0] * 24


@pytest.mark.parametrize("name", ["accuracy_by_horizon", "accuracy_by_method"])
def test_an_error_without_anything_booked_is_not_told(say, name):
    """A share of nothing; no model is said to be beaten or to beat."""
    _rows, finding = say(name, as_reported(getattr(forecasting, name), won_each_month(NOTHING_BOOKED, first="2022-01")))

    assert finding.title == "The error of the forecast cannot be told"
    assert finding.status == "note"


def test_landings_of_quarters_without_bookings_are_not_missed_by_infinity(say):
    """What was said and what came are there; their share is not."""
    rows = forecasting.landing_backtest_by_quarter(won_each_month(NOTHING_BOOKED, first="2022-01")).tail(4)
    assert (rows["bookings_amount"] == 0).all()

    _rows, finding = say("landing_backtest_by_quarter", rows)

    assert finding.title == "Nothing was booked in the quarters landed"
    assert "inf" not in finding.text


def test_months_that_are_forecast_alike_have_no_highest(say):
    """One month of them would stand for both ends."""
    _rows, finding = say(
        "bookings_forecast_by_month",
        forecasting.bookings_forecast_by_month(won_each_month(NOTHING_BOOKED, first="2022-01")),
    )

    assert "The next twelve months are forecast alike." in finding.text


def test_overdue_deals_without_a_like_in_the_past_are_not_told_in_cases(say):
    """0 of 0 is no rate."""
    rows, _finding = say("open_deals_by_stage")
    rows = rows.assign(due="overdue", n_past=0, n_past_won=0)

    assert "past quarters had no such deal" in say("open_deals_by_stage", rows)[1].text


def test_a_goal_whose_chance_cannot_be_told_is_not_on_track(say):
    """A landing without an interval has no chance; month and year are told in its place."""
    rows, _finding = say("goal_realism_by_period")
    is_quarter = rows["kind"] == "quarter"

    _rows, finding = say("goal_realism_by_period", rows.assign(reach_rate=rows["reach_rate"].mask(is_quarter)))

    assert "Q4 2026 cannot be forecast yet." in finding.text
    assert "–" not in finding.title + finding.text


def test_errors_without_a_usual_change_are_told_alone(say):
    """No dash stands in the place of a factor."""
    rows, _finding = say("accuracy_by_horizon")

    text = say("accuracy_by_horizon", rows.assign(mase=float("nan")))[1].text

    assert "usual change" not in text
    assert "–" not in text
