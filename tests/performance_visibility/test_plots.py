"""Charts: what is drawn equals the frame, at both widths, and an empty frame draws nothing wrong."""

import numpy as np
import pandas as pd
import pytest

from salesops_lib import performance_visibility as area
from salesops_lib import theme
from salesops_lib.measures.tidy import column_meanings
from salesops_lib.performance_visibility.funnel.stage_change.plots import plot_stage_change
from salesops_lib.performance_visibility.funnel.stage_funnel.plots import plot_stage_funnel
from salesops_lib.performance_visibility.funnel.stage_time.plots import plot_stage_time
from salesops_lib.performance_visibility.goals.against_goal.plots import (
    plot_bookings_against_goal,
    plot_bookings_by_month,
)
from salesops_lib.performance_visibility.goals.attainment.plots import plot_attainment_by_rep, plot_attainment_by_team
from salesops_lib.performance_visibility.leads.red_flag.plots import plot_lead_red_flag, plot_lead_steps
from salesops_lib.performance_visibility.pipeline.age.plots import plot_age_of_open_deals
from salesops_lib.performance_visibility.pipeline.coverage.plots import plot_pipeline_coverage
from salesops_lib.performance_visibility.records.hygiene.plots import plot_hygiene_by_rule
from salesops_lib.performance_visibility.winning.cycle.plots import plot_cycle_by_segment
from salesops_lib.performance_visibility.winning.win_rates.plots import plot_win_rate_by_group, plot_win_rate_by_quarter
from salesops_lib.reporting.run.companions import triple_of
from salesops_lib.reporting.tables.table import TableView, write_table
from tests.calling import as_reported
from tests.performance_visibility import frames

NAN = float("nan")


def bars(ax, label):
    """The bars of a legend label, in the order drawn."""
    return [patch for box in ax.containers if box.get_label() == label for patch in box]


def widths(ax, label):
    """Lengths of the horizontal bars of a label."""
    return [round(float(patch.get_width()), 6) for patch in bars(ax, label)]


def heights(ax, label):
    """Heights of the upright bars of a label."""
    return [float(patch.get_height()) for patch in bars(ax, label)]


def dots(ax, label):
    """Positions along x of the marks of a label."""
    lines = [line for line in ax.get_lines() if line.get_label() == label]
    return [round(float(x), 6) for line in lines for x in np.atleast_1d(line.get_xdata())]


def texts(ax):
    """Everything written in the chart."""
    return [text.get_text() for text in ax.texts]


@pytest.fixture(params=[theme.WIDE, theme.NARROW], ids=["wide", "narrow"])
def _width(request):
    with theme.chart_style(request.param):
        yield


pytestmark = pytest.mark.usefixtures("_width")

AGAINST = frames.frame(frames.PERIODS, frames.WEEK, frames.MONTH, frames.QUARTER, frames.YEAR)


def test_bars_are_shares_of_the_goal():
    """One bar a period, the goal at 1, the share of days over where the period runs."""
    ax = plot_bookings_against_goal(AGAINST)

    assert widths(ax, "Bookings / goal") == AGAINST["attainment_rate"].tolist()
    assert dots(ax, "Share of selling days over") == [0.75]
    assert "$2.20M, 110%" in texts(ax)


def test_without_goals_bars_are_money():
    """And no goal is drawn."""
    ax = plot_bookings_against_goal(AGAINST.assign(attainment_rate=NAN, quota_amount=NAN))

    assert widths(ax, "Bookings") == AGAINST["bookings_amount"].tolist()


def test_months_stand_beside_the_year_before():
    """A phone shows the last seven; a missing month has no height."""
    n = 12
    rows = pd.DataFrame(
        {
            "month": [f"2026-{m:02d}" for m in range(1, n + 1)], "bookings_amount": [NAN, *range(2, n + 1)],
            "year_before_amount": [float(m * 2) for m in range(1, n + 1)], "quota_amount": 5.0, "is_partial": False,
        }
    )  # fmt: skip

    ax = plot_bookings_by_month(rows)
    shown = rows.tail(7) if theme.is_narrow() else rows

    assert [patch.get_height() for patch in bars(ax, "Bookings")] == shown["bookings_amount"].fillna(0).tolist()
    assert [patch.get_height() for patch in bars(ax, "Same month a year before")] == shown[
        "year_before_amount"
    ].tolist()
    assert len(ax.get_xticklabels()) == len(shown)


def teams(n, **change):
    """``n`` teams or reps from 1.5 down."""
    rows = pd.DataFrame(
        {
            "name": [f"Team {i}" for i in range(n)], "is_group": False, "bookings_amount": 100.0,
            "quota_amount": 100.0, "attainment_rate": np.linspace(1.5, 0.3, n), "attainment_rate_low": 0.2,
            "attainment_rate_high": 9.0, "gap_amount": 5.0, "pace_rate": np.linspace(1.5, 0.3, n), "elapsed_rate": 1.0,
            "is_partial": False,
        }
    )  # fmt: skip
    return rows.assign(**change)


def test_teams_below_pace_are_marked_and_groups_left_out():
    """Bars in two colours, in the order of the frame; the range of luck stays inside the chart."""
    rows = pd.concat([teams(4), teams(1, name="All", is_group=True)], ignore_index=True)

    ax = plot_attainment_by_team(rows)

    assert widths(ax, "Bookings / goal") == pytest.approx([1.5, 1.1])
    assert widths(ax, "Below 90% of pace") == pytest.approx([0.7, 0.3])
    assert all(max(line.get_xdata()) <= ax.get_xlim()[1] for line in ax.get_lines())


def test_many_reps_are_drawn_from_both_ends():
    """Of thirty the first eight and the last eight, with a row that says how many are between; nobody is marked."""
    rows = teams(30)

    ax = plot_attainment_by_rep(rows)

    drawn = widths(ax, "Bookings / goal")
    assert drawn == pytest.approx([*rows["attainment_rate"].head(8), 0, *rows["attainment_rate"].tail(8)])
    assert "… 14 more …" in [label.get_text() for label in ax.get_yticklabels()]
    assert widths(ax, "Below 90% of pace") == []


def test_without_goals_reps_are_drawn_by_bookings():
    """Money instead of shares."""
    ax = plot_attainment_by_rep(teams(3, attainment_rate=NAN, quota_amount=NAN, bookings_amount=[3.0, 2.0, 1.0]))

    assert widths(ax, "Bookings") == [3, 2, 1]


def rates(n, **change):
    """``n`` quarters or groups of three rates."""
    rows = pd.DataFrame({"quarter": [f"202{4 + i // 4}-Q{i % 4 + 1}" for i in range(n)], "n_closed": 50})
    for shift, way in enumerate(("win_rate", "value_win_rate", "cohort_win_rate")):
        rows[way] = np.linspace(0.2, 0.3, n) + shift / 100
        rows[f"{way}_low"], rows[f"{way}_high"] = rows[way] - 0.05, rows[way] + 0.05
    rows = rows.assign(is_mature=[True] * (n - 1) + [False], is_partial=False)
    return rows.assign(**change)


def test_three_rates_are_drawn_and_immature_cohorts_are_hollow():
    """By count, by value, cohort; the last cohort has the ground's colour inside."""
    rows = rates(8)
    shown = rows.tail(5) if theme.is_narrow() else rows

    ax = plot_win_rate_by_quarter(rows)

    for label, way in (("By count", "win_rate"), ("By value", "value_win_rate")):
        line = next(each for each in ax.get_lines() if each.get_label() == label)
        assert list(line.get_ydata()) == pytest.approx(shown[way].tolist())
    hollow = [line for line in ax.get_lines() if line.get_markerfacecolor() == theme.INSIDE]
    assert [float(line.get_ydata()[0]) for line in hollow] == pytest.approx([rows["cohort_win_rate"].iloc[-1]])


def test_groups_with_few_deals_are_not_drawn():
    """The company and one team of two."""
    rows = rates(3, group=["company", "team", "team"], name=["Company", "Apples", "Pears"], n_closed=[60, 50, 5])

    ax = plot_win_rate_by_group(rows, min_closed=20)

    assert dots(ax, "By count") == pytest.approx(rows["win_rate"].tolist()[:2])


CYCLES = frames.frame(
    f"{frames.CYCLE} before_quarter_days before_three_quarters_days",
    ("All deals", 50, 50.0, 47, 55, 35, 68, 200, 45.0, 5.0, True, 30, 60),
    ("New", 5, 40.0, NAN, NAN, 30, 50, 0, NAN, NAN, False, NAN, NAN),
)


def test_cycles_are_boxes_now_and_before():
    """The middle half from quartile to quartile; a segment without a past has one box."""
    ax = plot_cycle_by_segment(CYCLES)

    assert widths(ax, "Now") == [33, 20]
    assert [patch.get_x() for patch in bars(ax, "Now")] == [35, 30]
    assert widths(ax, "Twelve months before") == [30]


def test_ages_stand_against_the_longest_win():
    """The line at the longest won cycle, the number older in words."""
    row = ("All deals", 9, 1.0, 9, 28.0, 400.0, 138.0, 3, 2.0, 10, 60)
    rows = frames.frame(f"{frames.AGES} quarter_days three_quarters_days", row)

    ax = plot_age_of_open_deals(rows)

    assert dots(ax, "Longest cycle ever won") == [138, 138]
    assert any("3" in text and "older" in text for text in texts(ax))


FUNNEL = frames.frame(frames.FUNNEL, ("A", 100, 70, 20, 0, 0, 10, 7, 0.7), ("B", 70, 30, 30, 5, 0, 5, 2, 3 / 7))


def test_open_deals_without_dates_are_only_counted():
    """No age can be drawn, so their number is."""
    rows = frames.frame("segment n_open age_days longest_won_days", ("All deals", 7, NAN, NAN))

    assert widths(plot_age_of_open_deals(rows), "Open deals without a creation date") == [7]


def test_outcomes_are_stacked_to_the_entries():
    """Each stage's bars add up to what entered it."""
    ax = plot_stage_funnel(FUNNEL)

    ends = {}
    for patch in ax.patches:
        place = round(patch.get_y() + patch.get_height() / 2)
        ends[place] = max(ends.get(place, 0), patch.get_x() + patch.get_width())
    assert ends == {0: 100, 1: 70}
    assert widths(ax, "Advanced") == [70, 30]
    assert "70%" in texts(ax)


def test_only_a_stage_that_fell_is_marked():
    """Before grey, now dark, a fall beyond chance as a diamond with its month; a rise is not marked."""
    rows = frames.frame(frames.CHANGE, frames.ROSE, frames.FELL)

    ax = plot_stage_change(rows)

    assert dots(ax, "Before") == [0.6, 0.7]
    assert dots(ax, "Now, with interval") == [0.8, 0.5]
    assert dots(ax, "Fell beyond chance") == [0.5]
    assert dots(ax, "A fall to here shows four times in five")[1] == pytest.approx(0.49)
    assert texts(ax) == ["since Jun 26"]


def test_times_stand_below_those_of_before():
    """Both medians in place and in figures; only the slower stage is marked, and a missing median is not drawn."""
    rows = frames.frame(frames.TIME, frames.USUAL, frames.SLOW, (*frames.QUICK[:3], NAN, NAN, NAN, *frames.QUICK[6:]))

    ax = plot_stage_time(rows)

    assert dots(ax, "Before, with interval") == [8, 14, 7]
    assert dots(ax, "Now, with interval")[:2] == [8, 21]
    assert dots(ax, "Slower beyond chance") == [21]
    assert texts(ax) == ["8 → 8", "14 → 21"]
    assert ax.get_xlim()[0] == 0


def test_pipeline_stands_beside_what_is_still_to_book():
    """Open amounts, the gap where there is a goal, the need with its range."""
    first = ("2026-Q4", "Q4 2026", 8e6, 0.0, 8e6, 486, 16e6, 2.0, 1.6, 1.4, 2.7, 12.8e6, 0.34, 8, 0.59, 84, 1.9e6)
    rows = frames.frame(frames.COVERAGE, first, frames.LATER)

    ax = plot_pipeline_coverage(rows)

    assert widths(ax, "Open pipeline") == [16e6, 3.5e6]
    assert widths(ax, "Still to book") == [8e6, 0]
    assert dots(ax, "Needed by history, with range") == pytest.approx([1.4 * 8e6, 2.7 * 8e6])


def test_faults_are_counted_and_silent_rules_left_out():
    """One bar per rule that judges; sound deals in another colour."""
    rows = frames.frame(
        frames.RULES, ("is_too_old", "Older than any win", 50, 4, 0.08, 9e3, 90e3, "Close", ""),
        ("is_stuck", "Stuck in its stage", 50, pd.NA, NAN, NAN, 90e3, "Move", "a stage history"),
        ("is_clean", "No fault", 50, 46, 0.92, 81e3, 90e3, "", ""),
    )  # fmt: skip

    ax = plot_hygiene_by_rule(rows)

    assert widths(ax, "Open deals with the fault") == [4]
    assert widths(ax, "Without any fault") == [46]


def test_sources_are_drawn_and_reps_are_not():
    """All leads and each source; the flag stands in words too."""
    rows = frames.frame(frames.FLAG, frames.ALL, frames.BAD, frames.FINE, frames.REP_ROW)
    rows = rows.assign(lead_qualified_rate_low=0.05, lead_qualified_rate_high=0.4)

    ax = plot_lead_red_flag(rows)

    assert dots(ax, "Now, with interval") == [0.24, 0.1, 0.3]
    assert dots(ax, "Before") == [0.27, 0.22, 0.29]
    assert dots(ax, "Fell beyond chance") == [0.24, 0.1]
    assert texts(ax)[1] == ("1.7x leads" if theme.is_narrow() else "1.7x leads: red flag")


def test_steps_are_drawn_now_and_before():
    """One row a step."""
    rows = frames.frame(frames.STEPS, ("Arrived to touched", 250, 240, 10, 0.96, 0.95, 0.9, False, 0.96))

    ax = plot_lead_steps(rows.assign(pass_rate_low=0.9, pass_rate_high=0.98))

    assert dots(ax, "Now, with interval") == [0.96]
    assert dots(ax, "Before") == [0.95]


DRAWN = {
    plot_attainment_by_team: teams(1),
    plot_attainment_by_rep: teams(1),
    plot_cycle_by_segment: CYCLES,
    plot_age_of_open_deals: CYCLES.assign(age_days=NAN, longest_won_days=NAN, n_open=1),
    plot_stage_funnel: FUNNEL,
    plot_stage_change: frames.frame(frames.CHANGE, frames.FELL),
    plot_stage_time: frames.frame(frames.TIME, frames.SLOW),
}


@pytest.mark.parametrize("plot", DRAWN, ids=lambda plot: plot.__name__)
def test_an_empty_frame_draws_no_bar(plot):
    """Axes without bars, and no error."""
    assert not len(plot(DRAWN[plot].head(0)).patches)


TRIPLES = [triple_of(getattr(area, name)) for name in area.__all__ if name != "cards"]


@pytest.mark.parametrize("triple", [each for each in TRIPLES if each.table], ids=lambda each: each.metric.__name__)
def test_a_table_view_copes_with_no_rows(triple):
    """What a metric returns for a company without deals can be written."""
    columns = list(column_meanings(triple.metric))
    rows = pd.DataFrame({column: pd.Series(dtype=float) for column in columns})
    view = as_reported(triple.table, rows)

    assert isinstance(view, TableView)
    assert "No rows." in write_table(rows, caption="None", name="none", view=view)


def test_a_month_below_zero_is_not_cut_off():
    """Credit notes can turn a month negative; its bar is seen."""
    rows = pd.DataFrame({"month": ["2026-07", "2026-08", "2026-09"], "bookings_amount": [100.0, -300.0, 50.0]})

    with theme.chart_style():
        ax = plot_bookings_by_month(rows.assign(year_before_amount=NAN, quota_amount=NAN, is_partial=False))

    assert ax.get_ylim()[0] < -300
