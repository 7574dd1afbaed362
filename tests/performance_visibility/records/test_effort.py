"""Effort: what is counted for whom, changes that know the season, and no claim that effort made results."""

from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from salesops_lib import theme
from salesops_lib.errors import MissingTableError
from salesops_lib.performance_visibility.phrases import NO_EFFORT
from salesops_lib.performance_visibility.records.effort.metrics import effort_by_month, effort_by_outcome, effort_change
from salesops_lib.performance_visibility.records.effort.narrative import (
    describe_effort_by_month,
    describe_effort_by_outcome,
    describe_effort_change,
)
from salesops_lib.performance_visibility.records.effort_by_rep.metrics import effort_by_rep
from salesops_lib.performance_visibility.records.effort_by_rep.narrative import describe_effort_by_rep
from salesops_lib.reporting.run.companions import triple_of
from salesops_lib.reporting.tables.table import write_table
from tests.builders import CALENDAR, make_crm
from tests.calling import as_reported
from tests.performance_visibility.frames import NAN, frame
from tests.test_contracts import promised

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)
METRICS = (effort_by_month, effort_change, effort_by_outcome, effort_by_rep)


def done(n, day="2026-09-01", rep="ana", deal=None, minutes=None):
    """``n`` activities of a rep on a day."""
    return [
        {
            "activity_id": f"{rep}-{deal}-{day}-{place}", "rep_id": rep, "opportunity_id": deal,
            "done_at": datetime.fromisoformat(day) + timedelta(hours=9, minutes=place % 400), "minutes": minutes,
        }
        for place in range(n)
    ]  # fmt: skip


def company(*activities, deals=(), reps=("ana", "bo"), as_of=END, **tables):
    """These activities, given as lists."""
    rows = [row for each in activities for row in each]
    return make_crm(deals=deals, reps=list(reps), activities=rows, as_of=as_of, **tables)


def last(crm, metric=effort_by_month):
    """The last row."""
    return metric(crm, period=SEPTEMBER).iloc[-1]


def test_a_month_is_measured_by_the_weeks_in_the_seat():
    """22 selling days of one seller in September are 4.4 weeks; Bo, who never logged anything, adds none."""
    deals = [
        ("ana", "2026-09-20", "won"),
        ("ana", "2026-09-21", "won"),
        ("ana", "2026-09-22", "lost"),
        ("ana", None, "open"),
    ]

    row = last(company(done(44, minutes=30), deals=deals))

    assert (row["n_activities"], row["seat_weeks"]) == (44, 4.4)
    assert row["activities_per_week"] == pytest.approx(10)
    assert (row["activities_per_win"], row["activities_per_open"], row["effort_hours"]) == (22, 44, 22)


def test_joiners_and_leavers_count_for_their_days():
    """Ana starts on the last Monday, three selling days before the month ends; Bo left in August."""
    reps = [
        {"rep_id": "ana", "name": "Ana", "started_on": "2026-09-28"},
        {"rep_id": "bo", "name": "Bo", "ended_on": "2026-08-31"},
    ]

    row = last(company(done(6, "2026-09-29"), done(1, "2026-08-03", "bo"), reps=reps))

    assert row["seat_weeks"] == pytest.approx(3 / 5)
    assert row["activities_per_week"] == pytest.approx(10)


def test_managers_are_left_out():
    """Neither their calls nor their time."""
    reps = [{"rep_id": "ana", "name": "Ana"}, {"rep_id": "max", "name": "Max", "role": "Manager"}]
    crm = company(done(10), done(90, rep="max"), reps=reps)

    assert last(crm)["n_activities"] == 10
    assert effort_by_outcome(crm, period=SEPTEMBER, confidence=0.95)["n_activities"].sum() == 10
    assert effort_by_rep(crm, period=SEPTEMBER, confidence=0.95)["rep_id"].tolist() == ["ana"]


def test_whom_a_team_names_as_manager_is_left_out_too():
    """Whatever the role is called."""
    reps = [{"rep_id": "ana", "name": "Ana"}, {"rep_id": "max", "name": "Max", "role": "Team lead"}]
    teams = [{"team_id": "t", "name": "T", "manager_id": "max"}]
    crm = company(done(10), done(90, rep="max"), reps=reps, teams=teams)

    assert effort_by_rep(crm, period=SEPTEMBER, confidence=0.95)["rep_id"].tolist() == ["ana"]


def test_a_running_month_counts_the_days_so_far():
    """On 8 September six selling days are over, whatever the month will bring."""
    crm = company(done(12, "2026-09-03"), done(99, "2026-09-20")).at(date(2026, 9, 8))

    row = last(crm)

    assert (row["n_activities"], row["seat_weeks"], row["is_partial"]) == (12, 1.2, True)


def test_months_before_the_first_activity_are_unknown_and_not_idle():
    """Records begin in August: two months are shown, and no year before."""
    rows = effort_by_month(company(done(5, "2026-08-03"), done(5)), period=SEPTEMBER)

    assert rows["month"].tolist() == ["2026-08", "2026-09"]
    assert rows["year_before_per_week"].isna().all()


def test_the_demo_s_tool_lifts_activity_and_no_win(demo_run, given):
    """From each team's rollout on a fifth more activity and nothing else: found, and not called a success."""
    rows = demo_run.call(effort_change).set_index("measure")

    assert rows.loc["per_week", "is_changed"]
    assert rows.loc["per_week", "change_rate_low"] < 0.2 * 0.8
    assert 0.05 < rows.loc["per_week", "change_rate"] < 0.2
    assert not rows.loc[["wins_per_week", "per_win"], "is_changed"].any()
    found = describe_effort_change(rows.reset_index(), confidence=0.95)
    assert found.title == "Reps log 13% more per week than a year before; wins per rep did not change beyond chance"
    assert "Why effort moved, and what it did for wins, these counts do not say." in found.text


def test_activities_are_split_by_what_became_of_their_deal():
    """Won, lost, open, older than any win, none: they add up, and each deal counts once."""
    deals = [
        {
            "opportunity_id": "w",
            "rep_id": "ana",
            "status": "won",
            "created_on": "2026-08-01",
            "closed_on": "2026-09-20",
        },
        {
            "opportunity_id": "l",
            "rep_id": "ana",
            "status": "lost",
            "created_on": "2026-08-01",
            "closed_on": "2026-09-20",
        },
        {"opportunity_id": "o", "rep_id": "ana", "status": "open", "created_on": "2026-09-01"},
        {"opportunity_id": "x", "rep_id": "ana", "status": "open", "created_on": "2026-01-01"},
    ]
    crm = company(done(4, deal="w"), done(3, deal="l"), done(2, deal="o"), done(1, deal="x"), done(10), deals=deals)

    rows = effort_by_outcome(crm, period=SEPTEMBER, confidence=0.95).set_index("outcome")

    assert rows["n_activities"].to_dict() == {"won": 4, "lost": 3, "open": 2, "too_old": 1, "none": 10}
    assert rows["activity_rate"].sum() == pytest.approx(1)
    assert rows.loc["won", "activities_per_deal"] == 4
    assert pd.isna(rows.loc["none", "n_deals"])
    assert rows["effort_hours"].isna().all()


def test_a_rep_s_wins_and_goal_stand_beside_the_effort():
    """Two wins from 40 activities are five in a hundred, give or take what two wins can tell."""
    deals = [("ana", "2026-09-20", "won", 600), ("ana", "2026-09-21", "won", 150)]
    quota = [{"level": "rep", "rep_id": "ana", "period": year, "measure": "bookings", "amount": 1000} for year in
             ("2025", "2026")]  # fmt: skip
    crm = company(done(40, deal="d00000"), deals=deals, quotas=quota)

    row = effort_by_rep(crm, period=SEPTEMBER, confidence=0.95).iloc[0]

    assert (row["n_deals"], row["n_won"], row["bookings_amount"]) == (1, 2, 750)
    assert row["attainment_rate"] == pytest.approx(0.75, abs=0.01)
    assert row["wins_per_100"] == 5
    assert (row["wins_per_100_low"], row["wins_per_100_high"]) == pytest.approx((0.2422 / 0.4, 7.2247 / 0.4), rel=1e-3)
    assert pd.isna(row["correlation"])


@drawn(order=st.permutations(range(30)))
@settings(deadline=None, max_examples=2)
def test_the_order_of_rows_does_not_matter_and_reps_add_up(order):
    """Any order of activities gives the same tables; reps hold every activity once."""
    rows = [row for n in range(15) for row in done(2, f"2026-09-{n + 1:02d}", ("ana", "bo")[n % 2])]
    here, there = company(rows), company([rows[n] for n in order])

    for metric in METRICS:
        pd.testing.assert_frame_equal(*(as_reported(metric, crm, period=SEPTEMBER) for crm in (here, there)))
    assert (
        effort_by_rep(here, period=SEPTEMBER, confidence=0.95)["n_activities"].sum() == last(here)["n_activities"] == 30
    )


def test_without_activities_the_table_is_named():
    """One line in the report, no failure."""
    for metric in METRICS:
        with pytest.raises(MissingTableError, match="activities"):
            as_reported(metric, make_crm(reps=["ana"]), period=SEPTEMBER)


@pytest.mark.parametrize("metric", METRICS)
def test_columns_are_those_of_the_docstring(metric, demo_run):
    """With data and with a table of activities that holds none."""
    assert list(demo_run.call(metric).columns) == promised(metric)
    empty = as_reported(metric, company(done(1, "2020-01-01")).at(date(2019, 1, 1)), period=CALENDAR.period("2018-12"))
    assert list(empty.columns) == promised(metric)
    assert empty.empty
    assert not as_reported(triple_of(metric).describe, empty).is_headline


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
@pytest.mark.parametrize("metric", METRICS)
def test_charts_and_tables_hold_the_frame(metric, width, demo_run):
    """Drawn from the frame at both widths; nobody's name stands in the chart of reps; tables write without rows."""
    rows = demo_run.call(metric)
    with theme.chart_style(width):
        ax = triple_of(metric).plot(rows)
    if metric is effort_by_month:
        shown = rows.tail(6) if theme.is_narrow() or width == theme.NARROW else rows
        tall = [bar.get_height() for box in ax.containers for bar in box]
        assert set(shown["activities_per_week"]) <= set(tall)
    if metric is effort_by_outcome:
        assert [bar.get_width() for bar in ax.containers[0]] == rows["activity_rate"].tolist()
    if metric is effort_by_rep:
        assert not {text.get_text() for text in ax.texts} & set(rows["name"])
        assert len(ax.get_lines()[0].get_xdata()) == rows["is_compared"].sum()
    for each in (rows, rows.head(0)):
        assert write_table(each, caption="c", name="n", view=triple_of(metric).table(each))


CHANGE = "measure name now_value before_value change_rate change_rate_low change_rate_high p_value is_changed"


def changes(per_week, wins):
    """Changes of the four measures; a value that is not missing is beyond chance when above a tenth."""
    rows = []
    for key, rate in (("per_week", per_week), ("wins_per_week", wins), ("per_win", 0.0), ("per_open", 0.0)):
        rows.append(
            (
                key,
                key,
                10 * (1 + rate),
                10.0,
                rate,
                rate - 0.1,
                rate + 0.1,
                0.01 if rate == rate else NAN,
                abs(rate) > 0.1,
            )
        )
    return frame(CHANGE, *rows)


@pytest.mark.parametrize(
    ("per_week", "wins", "title", "status"),
    [
        (0.2, 0.0, "Reps log 20% more per week than a year before; wins per rep did not change beyond chance", "watch"),
        (0.2, 0.3, "Reps log 20% more per week than a year before; wins per rep rose by 30%", "note"),
        (-0.2, 0.0, "Reps log 20% less per week than a year before; wins per rep did not change beyond chance", "note"),
        (0.05, 0.0, "Activities per rep and week are as a year before (+5%, within chance)", "note"),
    ],
)
def test_the_words_set_effort_beside_wins_and_claim_nothing(per_week, wins, title, status):
    """More effort without more wins is to be watched; no sentence says that one made the other."""
    found = describe_effort_change(changes(per_week, wins), confidence=0.95)

    assert (found.title, found.status) == (title, status)
    assert not any(word in found.text.lower() for word in ("because", "led to", "thanks to", "caused", "paid off"))


def test_a_first_year_has_nothing_to_compare_with():
    """Said, with what it takes."""
    found = describe_effort_change(changes(NAN, NAN).assign(now_value=2.0), confidence=0.95)

    assert "no year before to compare with" in found.title
    assert found.status == "note"


def test_the_month_s_words_are_its_row(demo_run):
    """Recomputed from the last row."""
    rows = demo_run.call(effort_by_month)
    row = rows.iloc[-1]

    found = describe_effort_by_month(rows)

    assert found.title == (
        f"A rep logs {row['activities_per_week']:.0f} activities a week, {row['activities_per_win']:.0f} for each won deal"
    )
    assert f"**{row['n_activities']:,} activities**" in found.text
    assert f"{row['activities_per_win']:.1f} activities for each of {row['n_won']} won deals" in found.text


def test_the_share_on_lost_deals_is_no_reproach(demo_run):
    """The number, its interval, and that nobody knows beforehand."""
    rows = demo_run.call(effort_by_outcome)
    row = rows.set_index("outcome").loc["lost"]

    found = describe_effort_by_outcome(rows, confidence=0.95)

    assert found.title == f"{row['activity_rate']:.0%} of activity went to deals that were lost"
    assert f"**{row['activity_rate']:.1%}** (95% interval {row['activity_rate_low']:.1%}" in found.text
    assert "no waste as such" in found.text


REPS = "name activities_per_week n_compared result correlation correlation_low correlation_high"


@pytest.mark.parametrize(
    ("r", "low", "high", "title"),
    [
        (0.1, -0.2, 0.4, "No link between reps' effort and attainment beyond chance"),
        (0.6, 0.2, 0.8, "Reps who log more activities tend to have more attainment"),
        (-0.6, -0.8, -0.2, "Reps who log more activities tend to have less attainment"),
        (NAN, NAN, NAN, "Too few reps to set effort against result"),
    ],
)
def test_the_link_is_stated_with_its_doubt_and_no_rep_is_named(r, low, high, title):
    """Whatever the number, nobody is ranked."""
    found = describe_effort_by_rep(frame(REPS, ("Ana", 20.0, 30, "attainment", r, low, high)), confidence=0.95)

    assert found.title == title
    assert "Ana" not in found.title + found.text
    assert not found.is_headline


def test_activities_that_name_no_deal_are_not_said_to_have_gone_to_no_lost_one():
    """What they went to is not known."""
    found = describe_effort_by_outcome(
        effort_by_outcome(company(done(10)), period=SEPTEMBER, confidence=0.95), confidence=0.95
    )

    assert found.title == "What activity went to cannot be told"


def test_months_without_a_week_in_the_seat_have_no_effort_to_change():
    """Everybody had left; what is still logged under their names is nobody's week."""
    reps = [{"rep_id": "ana", "name": "Ana", "ended_on": "2026-05-31"}]
    crm = company(done(10, day="2026-05-01"), done(10, day="2026-08-01"), reps=reps)

    assert describe_effort_change(effort_change(crm, period=SEPTEMBER, confidence=0.95), confidence=0.95) is NO_EFFORT
