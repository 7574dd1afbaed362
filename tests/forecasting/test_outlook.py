"""The outlook: months and sums ahead, partial months, goals, short histories, and what is shown."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from salesops_lib.forecasting import (
    accuracy_by_horizon,
    accuracy_by_method,
    bookings_forecast_by_month,
    bookings_forecast_by_span,
    cards,
)
from salesops_lib.forecasting.outlook.forecast import forecast_bookings
from tests.calling import as_reported
from tests.forecasting.recipes import series_of, won_each_month


@pytest.fixture(scope="module")
def crm():
    """Three years, goals for the first quarter of the fourth."""
    goal = {"level": "company", "period": "2026-Q1", "measure": "bookings", "amount": 2_000_000}
    return won_each_month(series_of("trend", 36, seed=5), quotas=[goal])


def test_twelve_months_follow_the_last_complete_one(crm):
    """24 months of history, then twelve with nested intervals around the median."""
    rows = bookings_forecast_by_month(crm)
    ahead = rows[rows["is_forecast"]]

    assert (len(rows), len(ahead), ahead["month"].iloc[0], ahead["month"].iloc[-1]) == (36, 12, "2026-01", "2026-12")
    assert rows.loc[~rows["is_forecast"], "forecast_amount"].isna().all()
    ends = ["forecast_95_amount_low", "forecast_amount_low", "forecast_amount", "forecast_amount_high",
            "forecast_95_amount_high"]  # fmt: skip
    assert (ahead[ends].diff(axis=1).iloc[:, 1:] > 0).all().all()
    assert ahead["goal_amount"].notna().tolist() == [True] * 3 + [False] * 9


def test_the_year_before_is_the_same_month(crm):
    """January 2026 stands beside January 2025."""
    rows = bookings_forecast_by_month(crm).set_index("month")

    assert rows.loc["2026-01", "year_before_amount"] == rows.loc["2025-01", "bookings_amount"]


def test_sums_are_surer_than_their_months_added_up(crm):
    """The interval of three months is narrower than the three intervals together, and holds their median."""
    months = bookings_forecast_by_month(crm)
    spans = bookings_forecast_by_span(crm).set_index("n_months")
    ahead = months[months["is_forecast"]]
    for n_months in (3, 12):
        together = spans.loc[n_months, "forecast_amount_high"] - spans.loc[n_months, "forecast_amount_low"]
        apart = (ahead["forecast_amount_high"] - ahead["forecast_amount_low"]).head(n_months).sum()
        assert together < apart
        assert spans.loc[n_months, "forecast_amount"] == pytest.approx(
            ahead["forecast_amount"].head(n_months).sum(), rel=0.1
        )
    assert spans.loc[1, "forecast_amount"] == ahead["forecast_amount"].iloc[0]


def test_a_month_under_way_is_forecast_not_learnt_from():
    """A record first week of January changes nothing but the floor of January's own forecast."""
    amounts = series_of("noise", 36, seed=6)
    usual = bookings_forecast_by_month(won_each_month(amounts))
    begun = bookings_forecast_by_month(won_each_month([*amounts, 9_000_000], as_of=date(2026, 1, 20)))
    usual, begun = (rows[rows["is_forecast"]].reset_index(drop=True) for rows in (usual, begun))

    assert begun["is_partial"].tolist() == [True] + [False] * 11
    assert begun["bookings_amount"].iloc[0] == 9_000_000
    assert begun["forecast_amount"].iloc[1:].tolist() == usual["forecast_amount"].iloc[1:].tolist()
    assert begun["forecast_amount"].iloc[0] == 9_000_000 == begun["forecast_amount_low"].iloc[0]


def test_months_with_zeros_are_forecast():
    """A company that sells every second month gets finite forecasts, never below 0."""
    rows = bookings_forecast_by_month(won_each_month([0, 100] * 15 + [50]))
    ahead = rows[rows["is_forecast"]]

    assert np.isfinite(ahead["forecast_amount"]).all()
    assert (ahead["forecast_amount_low"] >= 0).all()


def test_ten_months_get_a_level_and_no_trend():
    """Maven's length: the steady level, judged against average and last month."""
    outlook = forecast_bookings(won_each_month(np.tile([80.0, 100.0, 130.0], 4)[:10] * 1000))

    assert outlook is not None
    assert outlook.method == "steady_level"
    assert outlook.benchmark in ("average", "last_month")


def test_six_months_are_too_few():
    """Frames are empty with their columns; two whole quarters still allow a landing."""
    crm = won_each_month([10, 20, 30, 20, 30, 20])

    assert forecast_bookings(crm) is None
    for metric in (bookings_forecast_by_month, bookings_forecast_by_span, accuracy_by_horizon, accuracy_by_method):
        assert as_reported(metric, crm).empty
        assert len(as_reported(metric, crm).columns) > 5
    assert cards(crm, confidence=0.95).set_index("key")["value"].dropna().index.tolist() == ["landing"]


def test_a_model_that_does_not_beat_the_benchmark_is_not_shown():
    """A year that repeats to the cent: last year's value is right, so it is what the report shows."""
    shape = np.array([1, 9, 2, 8, 3, 7, 4, 6, 5, 9, 1, 8.0]) * 1000
    crm = won_each_month(np.tile(shape, 3))
    outlook, methods = forecast_bookings(crm), accuracy_by_method(crm, confidence=0.95)

    assert outlook is not None
    assert not outlook.beats_benchmark
    assert outlook.method == "last_year"
    assert methods.loc[methods["is_shown"], "method"].tolist() == ["last_year"]
    assert bookings_forecast_by_span(crm)["forecast_amount"].iloc[0] == 1000


def test_accuracy_is_recomputed_from_the_published_forecasts(crm):
    """WAPE, bias and coverage per horizon follow from the rows themselves."""
    outlook = forecast_bookings(crm)
    assert outlook is not None
    shown = accuracy_by_horizon(crm, confidence=0.95)
    shown = shown[shown["method"] == "chosen"].set_index("n_months_ahead")
    for ahead, part in outlook.published.groupby("n_months_ahead"):
        miss = part["forecast_amount"] - part["actual_amount"]
        tried = part.dropna(subset="low_80")
        assert shown.loc[ahead, "wape_rate"] == pytest.approx(miss.abs().sum() / part["actual_amount"].sum())
        assert shown.loc[ahead, "forecast_bias_rate"] == pytest.approx(miss.sum() / part["actual_amount"].sum())
        assert shown.loc[ahead, "n_origins"] == len(part)
        inside = tried["actual_amount"].between(tried["low_80"], tried["high_80"])
        assert shown.loc[ahead, "covered_rate"] == pytest.approx(inside.mean())


def test_cards_show_what_the_sections_show(crm):
    """Next month, three and twelve months carry the spans' figures; the quarter's goal is its target."""
    rows, spans = (
        cards(crm, confidence=0.95).set_index("key"),
        bookings_forecast_by_span(crm).set_index("n_months"),
    )

    assert rows.loc["next_3_months", "value"] == spans.loc[3, "forecast_amount"]
    assert rows.loc["next_3_months", "target"] == pytest.approx(2_000_000)
    assert pd.isna(rows.loc["next_12_months", "target"])
    assert len(rows.loc["next_month", "series"]) == 12


def test_a_year_before_below_zero_gives_no_change():
    """Credit notes made the months negative: a forecast is no share above or below them."""
    spans = bookings_forecast_by_span(won_each_month([-100] * 24))

    assert (spans["year_before_amount"] < 0).all()
    assert spans["change_rate"].isna().all()
