"""The demo company's parameters: they fit its data, hold its goals and leave something to find."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from salesops_lib.data.demo import AS_OF, DEMO_SEED, FIRST_YAML_QUARTER, SIZES, simulate_company
from salesops_lib.data.demo.goals import demo_goals, quotas_block
from salesops_lib.data.demo.market import EUR_RATE, STAGES
from salesops_lib.data.demo.people import hire_staff
from salesops_lib.measures.attainment import attainment
from salesops_lib.parameters import Parameters, check_against_data

QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")
LONGEST = {"week": 7, "month": 31, "quarter": 92, "year": 366}


@pytest.mark.parametrize("quarter", QUARTERS)
def test_goals_in_the_yaml_are_the_generators(demo_parameters: Parameters, quarter: str):
    """The 2026 files hold the goals that the generator agrees with its people."""
    written = demo_parameters.quarters[quarter].quotas
    goals = demo_goals(hire_staff(DEMO_SEED, SIZES["default"]), quarter)

    assert written.company == Decimal(goals.company) / 100
    assert written.teams == {team: Decimal(cents) / 100 for team, cents in goals.teams.items()}
    assert written.reps == {rep: Decimal(cents) / 100 for rep, cents in goals.reps.items()}


@pytest.mark.parametrize("quarter", QUARTERS)
def test_goals_block_stands_in_the_file_as_it_is_made(demo_parameters: Parameters, quarter: str):
    """The block with its names can be made anew and pasted."""
    text = (Path(demo_parameters.folder) / f"{quarter}.yaml").read_text(encoding="utf-8")

    assert quotas_block(hire_staff(DEMO_SEED, SIZES["default"]), quarter) in text


def test_each_goal_stands_in_one_place(demo_parameters: Parameters, demo_crm):
    """The table holds the goals before 2026, the files those of 2026, and no goal is in both."""
    quotas = demo_crm.fetch(demo_crm.quotas)

    assert not quotas.duplicated(["level", "rep_id", "team_id", "period"]).any()
    assert set(demo_parameters.quarters) == set(QUARTERS)
    assert min(QUARTERS) == FIRST_YAML_QUARTER
    assert set(quotas["period"]) == {"2023-Q4", *(f"{year}-Q{q}" for year in (2024, 2025, 2026) for q in (1, 2, 3, 4))}


def test_goals_add_up_from_reps_to_teams_to_company():
    """In every quarter the reps' goals and the teams' goals both sum to the company's."""
    quotas = simulate_company(tables=["quotas"])["quotas"].to_pandas()
    sums = quotas.pivot_table(index="period", columns="level", values="amount", aggfunc="sum")

    assert (sums["rep"] == sums["company"]).all()
    assert (sums["team"] == sums["company"]).all()


def test_parameters_fit_the_data(demo_parameters: Parameters):
    """Stages, rate and seed are the generator's, and every rep and team named is known."""
    tables = simulate_company(tables=["reps", "teams"])
    reps, teams = tables["reps"]["rep_id"].to_pylist(), tables["teams"]["team_id"].to_pylist()

    assert demo_parameters.company.source.seed == DEMO_SEED
    assert tuple(stage.name for stage in demo_parameters.company.stages) == STAGES
    assert float(demo_parameters.company.rates["EUR"]) == EUR_RATE
    assert check_against_data(demo_parameters, reps, teams, date(2023, 10, 1), AS_OF) == []


def test_plans_cover_every_role_and_pay_target_at_quota(demo_parameters: Parameters):
    """Each role of the data has pay, and attaining 100 % pays exactly the target variable."""
    roles = set(simulate_company(tables=["reps"])["reps"]["role"].to_pylist())

    assert demo_parameters.plans["standard"].mix.individual == Decimal("0.75")
    for plan in demo_parameters.plans.values():
        assert all(plan.pay_of(role) for role in roles)
        paid = sum(
            (min(band.high or Decimal(1), Decimal(1)) - band.low) * band.multiplier
            for band in plan.bands
            if band.low < 1
        )
        assert paid == 1


def test_tools_rated_are_those_of_the_data(demo_parameters: Parameters):
    """Every tool has a rating for each criterion that people judge."""
    tools = simulate_company(tables=["tools"])["tools"]["tool_id"].to_pylist()

    assert all(sorted(ratings) == tools for ratings in demo_parameters.tools.ratings.values())


def test_process_leaves_something_to_find(demo_parameters: Parameters):
    """One role category hangs on one person, one or two reviews are overdue, some duties lack a backup."""
    process = demo_parameters.process
    cover = Counter(category for person in process.people for category in person.role_categories)
    overdue = [
        review.what for review in process.review_cadence if (AS_OF - review.last_done_on).days > LONGEST[review.every]
    ]
    duties = [*process.responsibilities.operations, *process.responsibilities.enablement]

    assert min(cover.values()) == 1
    assert len(cover) == 4
    assert 1 <= len(overdue) <= 2
    assert any(duty.backup is None for duty in duties)


def test_third_quarter_of_2026_is_a_mixed_bag(demo_crm):
    """The company ends at about 95 % of its goal, one team clearly short of its own and one above."""
    quarter = demo_crm.calendar.period("2026-Q3")
    company = attainment(demo_crm, [quarter], level="company")["attainment_rate"].item()
    teams = attainment(demo_crm, [quarter], level="team").dropna(subset="attainment_rate")
    rates = teams[teams["goal_basis"] == "stated"].set_index("team_id")["attainment_rate"].sort_values()

    assert 0.94 < company < 0.97
    assert list(rates.index) == ["T-MM", "T-EMEA", "T-SMB", "T-ENT"]
    assert rates.iloc[0] < 0.87
    assert rates.iloc[1] > 0.90
    assert rates.iloc[-1] > 1.03


def test_goals_are_neither_easy_nor_out_of_reach(demo_crm):
    """The median rep is near the goal, quarters differ, and so do reps within a quarter."""
    quarters = demo_crm.calendar.between(date(2023, 10, 1), date(2026, 9, 30), "quarter")
    rates = attainment(demo_crm, quarters, level="rep").dropna(subset="attainment_rate")
    by_quarter = rates.groupby("period")["attainment_rate"]

    assert 0.90 < rates["attainment_rate"].median() < 1.05
    assert by_quarter.median().between(0.7, 1.3).all()
    assert (by_quarter.quantile(0.9) - by_quarter.quantile(0.1) > 0.4).all()


def test_company_books_about_two_million_a_month_and_grows(demo_crm):
    """A month of 2026 brings 1.5 to 3.5 million, each year 5 to 25 % more, and a quarter's last month is its best."""
    deals = demo_crm.fetch(
        demo_crm.opportunities.select("status", "closed_on", amount=demo_crm.opportunities.amount.cast("float64"))
    )
    won = deals[deals["status"] == "won"]
    months = won.groupby(won["closed_on"].dt.to_period("M"))["amount"].sum()
    quarters = months.groupby(months.index.asfreq("Q")).sum()
    thirds = months.groupby((months.index.month - 1) % 3).mean()

    assert months["2026-01":"2026-09"].between(1.5e6, 3.5e6).all()
    assert 0.05 < quarters["2025Q1":"2025Q3"].sum() / quarters["2024Q1":"2024Q3"].sum() - 1 < 0.25
    assert 0.05 < quarters["2026Q1":"2026Q3"].sum() / quarters["2025Q1":"2025Q3"].sum() - 1 < 0.25
    assert thirds.idxmax() == 2


def test_import_finds_no_error_and_few_warnings(demo_parameters: Parameters):
    """The demo company passes every check but for a few faults that a real company has too."""
    from salesops_lib.data.importing import import_source

    imported = import_source(demo_parameters)
    severities = pd.Series(imported.checks["severity"]).value_counts()

    assert imported.as_of == AS_OF
    assert imported.errors.empty
    assert severities.get("warning", 0) <= 3
    assert (imported.counts["rows_in"] == imported.counts["rows_used"]).all()
