"""Key figures: judged against the company's own lines, worst first, with doubt, an owner and something to do."""

from datetime import date

import pandas as pd
import pytest

from salesops_lib.parameters import read_parameters, without_people
from salesops_lib.parameters.kpi_defaults import DEFAULT_KPIS
from salesops_lib.performance_visibility.key_figures.metrics import kpi_status
from salesops_lib.performance_visibility.key_figures.narrative import describe_kpi_status
from salesops_lib.performance_visibility.key_figures.plots import table_kpi_status
from salesops_lib.reporting.tables.table import write_table
from tests.builders import CALENDAR, make_crm
from tests.parameters.recipes import COMPANY, folder_of
from tests.test_contracts import promised

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)


def status(tmp_path, kpis, *, won=30, lost=70, extra=""):
    """The key figures of a company that won and lost so many deals in September."""
    company = COMPANY.partition("kpis:")[0] + extra + "kpis:\n" + kpis
    parameters = without_people(read_parameters(folder_of(tmp_path, company=company)))
    deals = [("ana", "2026-09-10", "won", 100)] * won + [("ana", "2026-09-11", "lost", 100)] * lost
    return kpi_status(
        make_crm(deals=deals, as_of=END), period=SEPTEMBER, parameters=parameters, confidence=0.95
    ).set_index("key")


def rate(threshold, target=0.9, direction="up"):
    """A win rate's lines."""
    return (
        f"  win_rate: {{label: Win rate, owner: Ana, target: {target}, threshold: {threshold}, direction: {direction}, "
        "action: Ask}\n"
    )


@pytest.mark.parametrize(
    ("threshold", "target", "expected"),
    [
        (0.5, 0.9, "off"),
        (0.25, 0.9, "behind target"),
        (0.2, 0.3, "on target"),
        (0.35, 0.35, "off"),
        (0.3, 0.9, "behind target"),
        (0.3, 0.3, "on target"),
    ],
)
def test_a_figure_is_judged_by_threshold_and_target(tmp_path, threshold, target, expected):
    """30 of 100 won, against lines on either side of it and on it: action is due past the line, not at it."""
    assert status(tmp_path, rate(threshold, target)).loc["win_rate", "status"] == expected


def test_where_small_is_good_the_lines_lie_above(tmp_path):
    """0.3 of something that should be at most 0.2."""
    row = status(tmp_path, rate(0.2, 0.1, "down")).loc["win_rate"]

    assert (row["status"], row["is_certain"]) == ("off", True)


def test_a_figure_whose_interval_reaches_the_line_is_off_without_certainty(tmp_path):
    """3 of 10 is below 0.35, and so could chance alone have put it; 300 of 1,000 not."""
    few = status(tmp_path / "few", rate(0.35), won=3, lost=7).loc["win_rate"]
    many = status(tmp_path / "many", rate(0.35), won=300, lost=700).loc["win_rate"]

    assert (few["status"], few["is_certain"]) == ("off", False)
    assert (many["status"], many["is_certain"]) == ("off", True)


def test_what_the_data_cannot_say_is_listed_as_not_measured(tmp_path):
    """No leads, no customers: their figures are there, without a value and without a judgement."""
    rows = status(tmp_path, rate(0.2, 0.3))

    assert rows.loc["csat", "status"] == "not measured"
    assert pd.isna(rows.loc["csat", "value"])
    assert set(DEFAULT_KPIS) <= set(rows.index)


def test_the_furthest_past_its_line_comes_first(tmp_path):
    """Half of its line is worse than just below it; what is well comes after what is off."""
    median = "  median_deal: {label: Median deal, owner: Bo, threshold: 1000, target: 2000}\n"

    rows = status(tmp_path, rate(0.31) + median)

    assert rows.index[:2].tolist() == ["median_deal", "win_rate"]
    assert rows["status"].tolist() == sorted(
        rows["status"], key=["off", "behind target", "on target", "no target", "not measured"].index
    )


def test_hidden_names_show_no_owner_but_roles(tmp_path):
    """The company's own owner is a person and has a code; those that every company has are roles and stay."""
    owners = status(tmp_path, rate(0.5), extra="anonymise: true\n")["owner"]

    assert owners["win_rate"] == "Person 1"
    assert owners["csat"] == DEFAULT_KPIS["csat"].owner
    assert "Ana" not in set(owners)


def test_words_name_what_is_off_and_give_each_owner_an_action(tmp_path, given):
    """Two figures off: two actions with their rules; the doubt is said."""
    median = "  median_deal: {label: Median deal, owner: Bo, threshold: 1000, target: 2000, action: Look}\n"
    rows = status(tmp_path, rate(0.35) + median, won=3, lost=7).reset_index()

    found = describe_kpi_status(rows, **given)

    assert found.title.startswith("2 of ")
    assert found.title.endswith("are off: Median deal and Win rate")
    assert (
        "**Win rate** (September 2026) is 30.0%, below 35.0% (n = 10, between 10.8% and 60.3%); chance alone"
        in found.text
    )
    assert [(each.owner, each.what) for each in (found.action, *found.more_actions)] == [("Bo", "Look"), ("Ana", "Ask")]
    assert found.action.due_on == date(2026, 10, 14)


def test_words_are_glad_when_nothing_is_off(tmp_path, given):
    """And still say what has no target."""
    found = describe_kpi_status(status(tmp_path, rate(0.1, 0.2)).reset_index(), **given)

    assert found.status == "good"
    assert "without a target: " in found.text.lower()


def test_each_figure_is_written_in_its_own_unit(tmp_path):
    """A rate in percent and an amount in money in one column."""
    rows = status(tmp_path, rate(0.5)).reset_index()

    html = write_table(rows, caption="c", name="n", view=table_kpi_status(rows))

    assert ">30.0%<" in html
    assert ">$3,000<" in html


def test_columns_are_those_promised(demo_run, bare_run):
    """On the demo company and on one without deals."""
    assert list(demo_run.call(kpi_status).columns) == promised(kpi_status)
    assert list(bare_run.call(kpi_status).columns) == promised(kpi_status)


def test_leads_of_which_none_ever_qualified_are_not_measured(tmp_path):
    """A share of 0 would be past any threshold, although nobody may record it."""
    parameters = read_parameters(folder_of(tmp_path))
    leads = [
        {"lead_id": f"l{day}", "rep_id": "ana", "created_at": f"{day}T09:00:00"} for day in ("2025-09-01", "2026-08-01")
    ]

    rows = kpi_status(
        make_crm(reps=["ana"], leads=leads, as_of=END), period=SEPTEMBER, parameters=parameters, confidence=0.95
    )

    assert rows.set_index("key").loc["lead_qualified_rate", "status"] == "not measured"


def test_a_goal_of_nothing_is_no_target(tmp_path):
    """Bookings are not on target because the goal is 0."""
    parameters = read_parameters(folder_of(tmp_path))
    goal = [{"level": "company", "period": "2026-09", "measure": "bookings", "amount": 0}]
    crm = make_crm(deals=[("ana", "2026-09-10", "won", 100)], quotas=goal, as_of=END)

    rows = kpi_status(crm, period=SEPTEMBER, parameters=parameters, confidence=0.95)

    assert rows.set_index("key").loc["bookings", "status"] == "no target"
