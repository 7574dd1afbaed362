"""The landing: weights, pace, their average, what was known then, and chances of a goal."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from salesops_lib.forecasting import (
    goal_realism_by_period,
    landing_backtest_by_quarter,
    landing_by_method,
    open_deals_by_stage,
)
from salesops_lib.forecasting.landing.model import Landing, land_quarter
from salesops_lib.forecasting.landing.pace import expected_quarter, land_by_pace
from salesops_lib.forecasting.landing.quarter_points import QuarterPoint
from salesops_lib.forecasting.landing.stage_weights import weigh_cells
from tests.builders import make_crm
from tests.forecasting.recipes import CALENDAR, pipeline_company, series_of, won_each_month

COLUMNS = ["state", "due", "n_open", "n_won", "open_amount", "won_amount", "squared_amount", "n_without_amount"]


@pytest.fixture(scope="module")
def crm():
    """Seven quarters alike: of what is open the evening before, A wins one of two and B its one."""
    return pipeline_company(n_quarters=7)


def cells(*rows):
    """Cells of open deals."""
    return pd.DataFrame([(*row, 0.0, 0) for row in rows], columns=COLUMNS)


def test_weights_are_the_share_that_was_won_by_the_quarters_end(crm):
    """A wins half, B everything; ten deals' worth of their stage's own rate change nothing here."""
    rows = open_deals_by_stage(crm, confidence=0.95).set_index("state")

    assert rows["weight_rate"].to_dict() == pytest.approx({"A": 0.5, "B": 1.0})
    assert rows["weighted_amount"].to_dict() == pytest.approx({"A": 1000, "B": 4000})
    assert (rows.loc["A", "n_past"], rows.loc["A", "n_past_won"]) == (8, 4)


def test_the_landing_is_the_sum_of_its_three_parts(crm):
    """Nothing won, 5,000 from open deals, 500 from one not yet created: each quarter was 5,500."""
    rows = landing_by_method(crm).set_index("method")

    assert rows.loc["stage", ["won_so_far_amount", "open_amount", "new_amount"]].tolist() == [0, 5000, 500]
    parts = rows[["won_so_far_amount", "open_amount", "new_amount"]].sum(axis=1)
    assert parts.tolist() == pytest.approx(rows["landing_amount"].tolist())
    assert rows["landing_amount"].to_dict() == pytest.approx({"stage": 5500, "pace": 5500, "both": 5500})
    assert rows["is_leading"].tolist() == [False, False, True]


def test_the_average_lies_halfway(demo_crm):
    """Part by part, on a company where the two differ."""
    rows = landing_by_method(demo_crm).set_index("method")
    for part in ("open_amount", "new_amount", "landing_amount"):
        assert rows.loc["both", part] == pytest.approx((rows.loc["stage", part] + rows.loc["pace", part]) / 2)


def test_past_landings_use_only_what_was_known_then(demo_crm):
    """The third quarter of 2025 lands where a report of 30 June 2025 landed it."""
    then = landing_by_method(demo_crm.at(date(2025, 6, 30))).set_index("method")
    now = landing_backtest_by_quarter(demo_crm).set_index("quarter").loc["2025-Q3"]
    for method in ("stage", "pace", "both"):
        assert now[f"{method}_amount"] == pytest.approx(then.loc[method, "landing_amount"])
        assert now[f"{method}_amount_low"] == pytest.approx(then.loc[method, "landing_amount_low"])


def test_past_errors_are_those_of_the_backtest(demo_crm):
    """WAPE and bias beside a landing are recomputed from the past quarters."""
    past = landing_backtest_by_quarter(demo_crm)
    for row in landing_by_method(demo_crm).to_dict("records"):
        miss = past[f"{row['method']}_amount"] - past["bookings_amount"]
        assert row["wape_rate"] == pytest.approx(miss.abs().sum() / past["bookings_amount"].sum())
        assert row["forecast_bias_rate"] == pytest.approx(miss.sum() / past["bookings_amount"].sum())
        assert row["n_tested"] == len(past)


def test_a_rare_cell_leans_on_its_stage():
    """One deal of one won does not make such deals certain: ten of the stage's deals stand beside it."""
    past = cells(("A", "due later", 1, 1, 100.0, 100.0), ("A", "overdue", 99, 19, 9900.0, 1900.0))
    now = cells(("A", "due later", 1, 0, 100.0, 0.0))
    for by_amount in (True, False):
        weight = weigh_cells(past, now, by_amount=by_amount)["weight_rate"].iloc[0]
        assert weight == pytest.approx((1 + 10 * 0.2) / 11)


def test_large_deals_that_are_won_less_often_count_less():
    """By amount, 100 of 1,000 was won; by count, half of the deals."""
    past = cells(("A", "overdue", 2, 1, 1000.0, 100.0))
    now = cells(("A", "overdue", 1, 0, 900.0, 0.0))

    assert weigh_cells(past, now, by_amount=True)["weight_rate"].iloc[0] == pytest.approx(0.1)
    assert weigh_cells(past, now, by_amount=False)["weight_rate"].iloc[0] == pytest.approx(0.5)


def test_pace_divides_by_the_usual_share():
    """Past quarters had half of their bookings at this point; 300 so far is half of 600."""
    sums = pd.DataFrame({"won_so_far_amount": [100, 200], "new_amount": [25, 50], "bookings_amount": [200, 400]})
    landing = land_by_pace(sums, np.array([200.0, 400.0]), 300.0)

    assert landing.usual_share == 0.5
    assert (landing.open_amount, landing.new_amount) == pytest.approx((225, 75))


def test_before_the_quarter_pace_is_last_years_quarter_with_half_of_the_growth():
    """A doubling from year to year is continued at the square root of two."""
    assert expected_quarter(np.array([1.0, 2, 3, 4, 2, 4, 6, 8]))[0] == pytest.approx(2 * 2**0.5)
    assert expected_quarter(np.array([1.0, 2, 3, 4]))[0] == 1
    assert expected_quarter(np.array([1.0, 2, 3]))[0] == 2


def test_the_chance_of_a_goal_falls_from_one_to_nothing():
    """What is won is certain; the landing itself has even odds; quantile and chance are inverse."""
    landing = Landing("pace", QuarterPoint(CALENDAR.period("2026-Q4"), date(2026, 10, 30)), 100, 50, 50, 0.2, 8, 4, "")

    assert landing.chance_of(100) == 1
    assert landing.chance_of(200) == pytest.approx(0.5)
    assert landing.chance_of(landing.quantile(0.9)) == pytest.approx(0.1)
    assert landing.quantile(0.0001) > 100


def test_without_open_deals_there_is_pace_only():
    """A list of orders has no pipeline; the row of stage weights stays and says why."""
    orders = won_each_month(series_of("noise", 30, seed=8))
    deals = orders.fetch(orders.opportunities.select("closed_on", "amount"))
    crm = make_crm(
        deals=[
            {"rep_id": "ana", "status": "won", "created_on": None, "closed_on": day.date(), "amount": amount}
            for day, amount in zip(deals["closed_on"], deals["amount"], strict=True)
        ],
        as_of=date(2025, 6, 30),
    )
    rows = landing_by_method(crm).set_index("method")

    assert rows["landing_amount"].notna().to_dict() == {"stage": False, "pace": True, "both": False}
    assert rows.loc["stage", "basis"] == "no open deals are recorded"
    assert rows.index[rows["is_leading"]].tolist() == ["pace"]
    assert rows.loc["pace", "open_amount"] == 0
    assert open_deals_by_stage(crm, confidence=0.95).empty


def test_without_a_stage_history_age_stands_in_for_the_stage():
    """Deals up to 30 days old win, old ones never do; undated ones count for nothing and are named."""
    deals = [{"rep_id": "ana", "status": "open", "created_on": "2023-06-01"}] * 5
    for n in range(6):
        quarter = CALENDAR.next(CALENDAR.period("2025-Q1"), n)
        given = {"rep_id": "ana", "created_on": quarter.start - timedelta(days=10)}
        # The last quarter is still to come.
        closing = {"status": "won", "closed_on": quarter.start + timedelta(days=3)} if n < 5 else {"status": "open"}
        deals.append(given | closing)
    deals.append({"rep_id": "ana", "status": "open", "created_on": None})
    crm = make_crm(deals=deals, as_of=date(2026, 3, 31))
    rows = open_deals_by_stage(crm, confidence=0.95).set_index("state")

    assert rows.loc["up to 30 days", "weight_rate"] == 1
    assert rows.loc["over 180 days", "weight_rate"] == 0
    assert pd.isna(rows.loc["no creation date", "weight_rate"])
    assert land_quarter(crm).now[0].open_amount == 1000


def test_two_quarters_are_the_least():
    """With one whole quarter before it nothing is landed, and the reason is given."""
    rows = landing_by_method(won_each_month([100, 100, 100, 100]))

    assert rows["landing_amount"].isna().all()
    assert rows["basis"].tolist() == ["fewer than two whole quarters before"] * 3


def test_goal_realism_is_the_share_of_futures_that_reach_the_goal():
    """A goal at the median has even odds and no stretch; period totals include what is booked."""
    from salesops_lib.forecasting.outlook.forecast import forecast_bookings

    amounts = series_of("trend", 38, seed=9)
    plain = forecast_bookings(won_each_month(amounts))
    assert plain is not None
    year = float(amounts[36:].round(2).sum() + np.median(plain.paths[:, :10].sum(axis=1)))
    crm = won_each_month(
        amounts, quotas=[{"level": "company", "period": "2026", "measure": "bookings", "amount": round(year)}]
    )
    row = goal_realism_by_period(crm).set_index(["kind", "method"]).loc[("year", "monthly")]

    assert row["won_so_far_amount"] == pytest.approx(amounts[36:].sum(), abs=0.05)
    assert row["reach_rate"] == pytest.approx(0.5, abs=0.01)
    assert row["stretch_ratio"] == pytest.approx(1, abs=0.001)


def test_periods_without_a_goal_keep_their_row(crm):
    """Missing goal, missing chance; the forecast is still there."""
    rows = goal_realism_by_period(crm)

    assert rows["kind"].tolist() == ["month", *["quarter"] * 4, "year"]
    assert rows[["goal_amount", "reach_rate", "stretch_ratio"]].isna().all().all()
    assert rows["is_leading"].sum() == 3


def test_a_goal_of_nothing_is_no_goal():
    """It has no chance to be missed: neither a chance nor a share of it is told or drawn."""
    goal = [{"level": "company", "period": "2026", "measure": "bookings", "amount": 0}]
    rows = goal_realism_by_period(won_each_month(series_of("level", 38, seed=9), quotas=goal))

    assert rows["goal_amount"].isna().all()
