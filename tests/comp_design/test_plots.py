"""Plots of pay: what is drawn is what the frame says, wide and narrow, also when there is little to draw."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")

from matplotlib import pyplot as plt

from salesops_lib import comp_design, theme
from salesops_lib.reporting.run.companions import triple_of
from salesops_lib.reporting.tables.table import TableView, write_table
from tests.comp_design.test_metrics import CLIFF, FLAT, MIXED, company, frame_of

DRAWN = (
    "plan_in_force", "pay_by_team", "pay_distribution", "cost_of_sales", "plan_comparison", "payout_curves",
    "winners_by_attainment",
)  # fmt: skip
TABLES = (*DRAWN, "worked_example", "pay_spread", "reps_not_paid", "incentive_warnings")


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def drawn(name, *listed, **more):
    """Frame and Axes of a metric for these plans."""
    frame = frame_of(getattr(comp_design, name), *listed or (MIXED, CLIFF), **more)
    return frame, triple_of(getattr(comp_design, name)).plot(frame)


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
@pytest.mark.parametrize("name", DRAWN)
def test_every_plot_draws_in_both_widths(name, width):
    """And an empty frame draws an empty chart."""
    with theme.chart_style(width):
        frame, ax = drawn(name)
        assert ax.has_data()
        assert ax.get_xlabel() or ax.get_ylabel()
        if name not in ("plan_in_force", "payout_curves"):
            triple_of(getattr(comp_design, name)).plot(frame.head(0))


@pytest.mark.parametrize("name", ["plan_in_force", "payout_curves"])
def test_curves_run_through_their_stretches(name):
    """Each stretch is a line from its start to its end; a jump is a dotted one."""
    frame, ax = drawn(name, CLIFF, FLAT)
    lines = [
        line.get_xydata()
        for line in ax.get_lines()
        if line.get_linestyle() in ("-", "--") and len(line.get_xydata()) == 2
    ]
    for row in frame.to_dict("records"):
        ends = [(row["to_rate"], row["pay_to_rate"])] if row["to_rate"] == row["to_rate"] else []
        starts = [line for line in lines if np.allclose(line[0], [row["from_rate"], row["pay_from_rate"]])]
        assert starts
        assert not ends or any(np.allclose(line[1], ends[0]) for line in starts)
    dotted = [line.get_ydata() for line in ax.get_lines() if line.get_linestyle() == ":"]
    assert [round(float(y[1] - y[0]), 9) for y in dotted] == frame["jump_rate"][frame["jump_rate"] != 0].round(
        9
    ).tolist()


def test_team_bars_are_own_and_team_pay():
    """Two bars a team, end to end; marks at target pay."""
    frame, ax = drawn("pay_by_team")
    rows = frame.iloc[::-1]
    widths = [bar.get_width() for bar in ax.patches]
    assert widths[: len(rows)] == rows["individual_amount"].tolist()
    assert widths[len(rows) :] == rows["team_amount"].tolist()
    marks = [segment[0][0] for segment in ax.collections[0].get_segments()]
    assert marks == rows["target_pay_amount"].tolist()


def test_a_team_too_small_to_show_is_not_drawn():
    """Its pay is missing."""
    from tests.comp_design.recipes import company_of

    frame, ax = drawn("pay_by_team", FLAT, crm=company_of({"ana": 1, "bo": 2}))
    assert len(frame) == 1
    assert not ax.patches


def test_distribution_bars_are_the_counts():
    """The lowest band at the top."""
    frame, ax = drawn("pay_distribution")
    assert [bar.get_width() for bar in ax.patches] == frame["n_reps"].iloc[::-1].tolist()
    assert [label.get_text() for label in ax.get_yticklabels()] == frame["band"].iloc[::-1].tolist()


def test_cost_bars_and_marks_are_the_rates():
    """A bar at the cost of sales, a mark at the next unit, a quarter that runs is named so and pale."""
    from datetime import date

    crm = company().at(date(2026, 8, 31))
    frame, ax = drawn("cost_of_sales", MIXED, crm=crm, period=crm.calendar.period("2026-08"))
    rows = frame.dropna(subset="cost_of_sales_rate")
    assert [bar.get_height() for bar in ax.patches] == rows["cost_of_sales_rate"].tolist()
    assert [segment[0][1] for segment in ax.collections[0].get_segments()] == rows["next_unit_cost_rate"].tolist()
    assert ax.get_xticklabels()[-1].get_text() == "Q3 2026 to date"
    assert matplotlib.colors.to_hex(ax.patches[-1].get_facecolor()) == theme.PALE


def test_comparison_dots_are_the_middle_reps():
    """The plan in force at the top."""
    frame, ax = drawn("plan_comparison")
    assert ax.get_lines()[0].get_xdata().tolist() == frame["median_payout_rate"].iloc[::-1].tolist()


def test_winners_go_right_and_losers_left():
    """As many as the frame counts."""
    frame, ax = drawn("winners_by_attainment", FLAT, CLIFF)
    rows = frame.iloc[::-1]
    widths = [bar.get_width() for bar in ax.patches]
    assert widths == [*rows["n_more"].tolist(), *(-rows["n_less"]).tolist()]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_view_shows_columns_that_are_there(name):
    """A misspelt column would vanish without a word."""
    frame = frame_of(getattr(comp_design, name), MIXED, CLIFF)
    view = triple_of(getattr(comp_design, name)).table(frame)
    assert isinstance(view, TableView)
    assert set(view.columns) <= set(frame.columns)
    assert set(view.labels) | set(view.formats) <= set(frame.columns)
    assert "<table" in write_table(frame, caption=name, name=name, view=view)
