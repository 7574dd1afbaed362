"""Plots: what is drawn is the frame."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from salesops_lib import forecasting, theme
from salesops_lib.forecasting.accuracy.plots import plot_accuracy_by_horizon, plot_accuracy_by_method
from salesops_lib.forecasting.goals.plots import plot_goal_realism_by_period
from salesops_lib.forecasting.landing.plots import (
    plot_landing_backtest_by_quarter,
    plot_landing_by_method,
    plot_open_deals_by_stage,
)
from salesops_lib.forecasting.marks import METHOD_LABELS
from salesops_lib.forecasting.outlook.plots import plot_bookings_forecast_by_month
from salesops_lib.reporting.run.companions import triple_of
from salesops_lib.wording import UNDEFINED
from tests.calling import as_reported
from tests.forecasting.recipes import won_each_month

mpl.use("Agg")
NAMES = [
    "accuracy_by_horizon", "accuracy_by_method", "bookings_forecast_by_month", "goal_realism_by_period",
    "landing_backtest_by_quarter", "landing_by_method", "open_deals_by_stage",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def frames(demo_crm):
    """The demo company's frames by metric."""
    return {name: as_reported(getattr(forecasting, name), demo_crm) for name in NAMES}


def bars(ax, label):
    """Bars of a container by its label."""
    return next(each for each in ax.containers if each.get_label() == label).patches


def points(ax, label):
    """A line's values by its label."""
    return next(each for each in ax.lines if each.get_label() == label)


def test_booked_months_are_solid_and_forecast_ones_hatched(frames):
    """Heights are the amounts; interval lines end where the interval does."""
    rows = frames["bookings_forecast_by_month"]
    past, ahead = rows[~rows["is_forecast"]].tail(12), rows[rows["is_forecast"]]
    ax = plot_bookings_forecast_by_month(rows)

    assert [bar.get_height() for bar in bars(ax, "Booked")] == pytest.approx(past["bookings_amount"].tolist())
    forecast = bars(ax, "Forecast")
    assert [bar.get_height() for bar in forecast] == pytest.approx(ahead["forecast_amount"].tolist())
    assert {bar.get_hatch() for bar in forecast} == {theme.HATCH}
    lines = next(each for each in ax.collections if each.get_label() == "80% interval").get_segments()
    assert [line[1][1] for line in lines] == pytest.approx(ahead["forecast_amount_high"].tolist())
    goal = next(each for each in ax.collections if each.get_label() == "Goal").get_segments()
    shown = [*past["goal_amount"], *ahead["goal_amount"].dropna()]
    assert [line[0][1] for line in goal] == pytest.approx(shown)


def test_error_lines_are_the_errors(frames):
    """One line a forecaster, and the covered shares beside them."""
    rows = frames["accuracy_by_horizon"]
    ax = plot_accuracy_by_horizon(rows)
    for name, part in rows.groupby("name"):
        assert points(ax, str(name).capitalize()).get_ydata() == pytest.approx(part["wape_rate"].to_numpy())
    shown = rows[rows["is_shown"] & (rows["n_intervals"] > 0)]
    covered = points(ax.figure.axes[1], "Share inside the 80% interval")
    assert covered.get_ydata() == pytest.approx(shown["covered_rate"].to_numpy())


def test_method_bars_are_the_errors_and_only_the_shown_one_is_dark(frames):
    """Best at the top."""
    rows = frames["accuracy_by_method"]
    ax = plot_accuracy_by_method(rows)

    assert [bar.get_width() for bar in bars(ax, "Shown in this report")] == pytest.approx(
        rows.loc[rows["is_shown"], "wape_rate"].tolist()
    )
    assert len(bars(ax, "Compared")) == len(rows) - 1
    assert ax.get_yticklabels()[-1].get_text() == METHOD_LABELS[rows["method"].iloc[0]]


def test_landing_bars_stack_the_three_parts(frames):
    """Won, open and new end at the landing; the goal is a line."""
    rows = frames["landing_by_method"]
    ax = plot_landing_by_method(rows)
    ends = [bar.get_x() + bar.get_width() for bar in bars(ax, "Deals not yet created")]

    assert ends == pytest.approx(rows["landing_amount"][::-1].tolist())
    assert [bar.get_width() for bar in bars(ax, "Open deals that will be won")] == pytest.approx(
        rows["open_amount"][::-1].tolist()
    )
    assert points(ax, "Goal").get_xdata() == [rows["goal_amount"].iloc[0]] * 2


def test_past_quarters_stand_beside_their_landings(frames):
    """A panel for each way; the outcome is the same in both."""
    rows = frames["landing_backtest_by_quarter"]
    panels = plot_landing_backtest_by_quarter(rows).figure.axes
    for panel, method in zip(panels, ("stage", "pace"), strict=True):
        heights = [bar.get_height() for bar in bars(panel, "Landing at the same point")]
        assert heights == pytest.approx(rows[f"{method}_amount"].tolist())
        booked = [bar.get_height() for bar in bars(panel, "Booked in the end")]
        assert booked == pytest.approx(rows["bookings_amount"].tolist())


def test_stage_dots_are_the_shares(frames):
    """Dots are shares of deals, marks the weights."""
    rows = frames["open_deals_by_stage"].dropna(subset="won_in_time_rate")[::-1]
    ax = plot_open_deals_by_stage(frames["open_deals_by_stage"])

    assert points(ax, "Share of deals won in time").get_xdata() == pytest.approx(rows["won_in_time_rate"].to_numpy())
    assert points(ax, "Weight: share of the amount").get_xdata() == pytest.approx(rows["weight_rate"].to_numpy())


def test_goal_dots_are_forecast_over_goal(frames):
    """With their chance as a label."""
    rows = frames["goal_realism_by_period"].dropna(subset="goal_amount")[::-1]
    ax = plot_goal_realism_by_period(frames["goal_realism_by_period"])
    shares = rows["forecast_amount"] / rows["goal_amount"]

    assert points(ax, "Median forecast / goal").get_xdata() == pytest.approx(shares.to_numpy())
    assert len(ax.texts) == len(rows)


@pytest.mark.parametrize("name", NAMES)
def test_the_phone_shows_less_of_the_same(frames, name):
    """Every chart can be drawn narrow."""
    with theme.chart_style(theme.NARROW):
        ax = triple_of(getattr(forecasting, name)).plot(frames[name])
    assert ax.figure.get_figwidth() == theme.NARROW


@pytest.mark.parametrize("name", ["goal_realism_by_period", "landing_by_method"])
def test_rows_without_figures_draw_nothing_and_fail_nothing(name):
    """A company too young to forecast still has rows; the chart is empty."""
    rows = getattr(forecasting, name)(won_each_month([10, 20, 30]))
    ax = triple_of(getattr(forecasting, name)).plot(rows)

    assert not ax.patches


@pytest.mark.parametrize("name", [*NAMES, "bookings_forecast_by_span"])
def test_table_views_name_columns_that_exist(frames, name, demo_crm):
    """No view shows or labels a column that its frame lacks."""
    rows = frames.get(name, as_reported(getattr(forecasting, name), demo_crm))
    view = triple_of(getattr(forecasting, name)).table(rows)

    assert set(view.columns) <= set(rows.columns)


def test_errors_that_cannot_be_told_leave_a_chart_without_bars():
    """Nothing was booked in the months tested: names and dashes, and no failure."""
    ax = plot_accuracy_by_method(
        forecasting.accuracy_by_method(won_each_month([100] * 12 + [0] * 24, first="2022-01"), confidence=0.95)
    )

    assert ax.get_xlim() == (0, 1)
    assert {text.get_text() for text in ax.texts} == {UNDEFINED}
