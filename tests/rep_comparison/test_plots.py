"""Plots: what is drawn is the frame."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from salesops_lib import theme
from salesops_lib.rep_comparison import gap_by_rep, reps_side_by_side, verdict_by_rep, win_rate_funnel
from salesops_lib.rep_comparison.reps.gaps.plots import plot_gap_by_rep
from salesops_lib.rep_comparison.reps.side_by_side.plots import plot_reps_side_by_side
from salesops_lib.rep_comparison.verdicts.plots import plot_verdict_by_rep, plot_win_rate_funnel
from tests.builders import make_crm
from tests.calling import as_reported
from tests.rep_comparison.recipes import SEPTEMBER, closed_deals

mpl.use("Agg")
PLOTS = {
    reps_side_by_side: plot_reps_side_by_side,
    win_rate_funnel: plot_win_rate_funnel,
    verdict_by_rep: plot_verdict_by_rep,
    gap_by_rep: plot_gap_by_rep,
}


@pytest.fixture(scope="module")
def crm():
    """45 reps of growing volume; the first wins far more than the others, one has no deal."""
    deals = [deal for rep in range(45) for deal in closed_deals(f"r{rep:02d}", "2026-09-10", 6 + rep // 3, 20)]
    deals += closed_deals("r00", "2026-09-10", 60, 0)
    return make_crm(deals=deals, reps=[*(f"r{rep:02d}" for rep in range(45)), "none"])


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def line(ax, label):
    """A line by its label in the legend."""
    return next(one for one in ax.lines if one.get_label() == label)


def test_both_win_rates_are_drawn_best_first(crm):
    """Dots at the shrunken and raw rates; the middle of a long list is a row of dots."""
    frame = reps_side_by_side(crm, period=SEPTEMBER, confidence=0.95)
    rows = frame.dropna(subset="win_rate").sort_values(["shrunken_win_rate", "name"], ascending=[False, True])
    ends = np.r_[rows["shrunken_win_rate"].head(12), rows["shrunken_win_rate"].tail(12)]

    ax = plot_reps_side_by_side(frame)

    assert line(ax, "Adjusted for luck, with its interval").get_xdata() == pytest.approx(ends)
    raw = line(ax, "Raw win rate").get_xdata()
    assert raw == pytest.approx(np.r_[rows["win_rate"].head(12), rows["win_rate"].tail(12)])
    assert "… 21 more" in [label.get_text() for label in ax.get_yticklabels()]
    assert "None" not in "".join(label.get_text() for label in ax.get_yticklabels())


def test_the_funnel_draws_points_and_limits_of_the_frame(crm):
    """Each rep with deals once; limits at the reps' own numbers of deals; who stands out is named."""
    frame = win_rate_funnel(crm, period=SEPTEMBER, confidence=0.95, min_closed=20).dropna(subset="adjusted_win_rate")
    ax = plot_win_rate_funnel(frame)

    same = frame[frame["verdict"] == "not different from the team"]
    dots = line(ax, "Not different from the team")
    assert dots.get_xdata() == pytest.approx(same["n_closed"].to_numpy())
    assert dots.get_ydata() == pytest.approx(same["adjusted_win_rate"].to_numpy())
    ordered = frame.drop_duplicates("n_closed").sort_values("n_closed")
    assert line(ax, "95% of equals").get_ydata() == pytest.approx(ordered["inner_low"].to_numpy())
    assert line(ax, "99.8% of equals").get_xdata() == pytest.approx(ordered["n_closed"].to_numpy())
    assert "▲ Stands out above" in ax.get_legend_handles_labels()[1]
    assert "R00" in [text.get_text() for text in ax.texts]


def test_the_verdicts_are_drawn_over_the_range_of_luck(crm):
    """Bars from the lower to the upper end, marks at the differences."""
    frame = verdict_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20)
    rows = frame.dropna(subset="won_difference").sort_values(["won_difference", "name"], ascending=[False, True])
    shown = rows.iloc[[*range(12), *range(len(rows) - 12, len(rows))]]

    ax = plot_verdict_by_rep(frame)

    assert [bar.get_x() for bar in ax.patches] == pytest.approx(shown["luck_difference_low"].tolist())
    ends = [bar.get_x() + bar.get_width() for bar in ax.patches]
    assert ends == pytest.approx(shown["luck_difference_high"].tolist())
    drawn = np.concatenate([one.get_xdata() for one in ax.lines if not str(one.get_label()).startswith("_")])
    assert sorted(drawn) == pytest.approx(sorted(shown["won_difference"]))


def test_who_stands_out_is_drawn_however_many_lie_further_out(crm):
    """What luck and mix explain may lie further out than what they do not."""
    frame = verdict_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20)
    middle = frame.sort_values("won_difference").index[len(frame) // 2]
    frame.loc[middle, ["verdict", "name"]] = "stands out below", "Odd one"

    labels = [label.get_text() for label in plot_verdict_by_rep(frame).get_yticklabels()]

    assert labels[-1].startswith("Odd one")


def test_the_four_parts_are_four_panels_of_one_scale(crm):
    """Bars are the parts; the gap stands beside the name."""
    frame = gap_by_rep(crm, period=SEPTEMBER)
    rows = frame.sort_values(["gap_amount", "name"], ascending=[False, True])
    shown = rows.iloc[[*range(10), *range(len(rows) - 10, len(rows))]]

    panels = plot_gap_by_rep(frame).get_figure().axes

    names = ["volume_amount", "mix_amount", "win_rate_amount", "deal_size_amount"]
    for panel, name in zip(panels, names, strict=True):
        assert [bar.get_width() for bar in panel.patches] == pytest.approx(shown[name].tolist(), abs=1e-6)
    assert len({panel.get_xlim() for panel in panels}) == 1
    assert panels[0].get_yticklabels()[0].get_text().startswith(shown["name"].iloc[0])


@pytest.mark.parametrize("metric", list(PLOTS), ids=lambda metric: metric.__name__)
def test_a_plot_of_nothing_is_an_empty_chart(metric, parameters):
    """No deals, no marks, no error; a line says so."""
    frame = as_reported(metric, make_crm(reps=["ana"]), period=SEPTEMBER, parameters=parameters)

    ax = PLOTS[metric](frame)

    assert len(ax.patches) == len(ax.lines) == 0 or metric is gap_by_rep


@pytest.mark.parametrize("metric", list(PLOTS), ids=lambda metric: metric.__name__)
def test_a_phone_sees_fewer_rows_of_the_same_numbers(metric, crm, parameters):
    """Narrow charts stay shorter than wide ones for long lists."""
    frame = as_reported(metric, crm, period=SEPTEMBER, parameters=parameters)

    with theme.chart_style(theme.NARROW):
        narrow = PLOTS[metric](frame)
    wide = PLOTS[metric](frame)

    assert len(narrow.patches) <= len(wide.patches)
    assert narrow.get_figure().get_figwidth() == pytest.approx(theme.NARROW)
