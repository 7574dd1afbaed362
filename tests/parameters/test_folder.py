"""The folder as a whole: everything at once, quarter over company, secrets kept, equal after a round trip."""

from __future__ import annotations

import io
import json
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from ruamel.yaml import YAML

from salesops_lib.errors import ParameterError
from salesops_lib.parameters import Plan, Quarter, read_parameters
from salesops_lib.parameters.reading import read_document
from tests.parameters.recipes import COMPANY, FILES, PLAN, folder_of, problems_of, quarters


def test_every_problem_of_every_file_comes_at_once(tmp_path: Path):
    """One run, one list: file by file, in the order of the lines."""
    folder = folder_of(
        tmp_path,
        company=COMPANY.replace("USD", "usd").replace("0.3}", "high}") + "calender: {}\n",
        plan=PLAN + "mix: {individual: 1, team: 1}\n",
        quarter="quarter: 2026-Q4\nplan: standrd\ntargets: {winrate: 1}\n",
        tools="criteria: []\n",
        process="mission: [\n",
        **{"2026-q2.yaml": "quarter: 2026-Q2\n"},
    )

    places = [problem.split("  ")[0] for problem in problems_of(folder)]

    assert places[1:] == [
        "company.yaml:2:11",
        "company.yaml:7:51",
        "company.yaml:9:1",
        "tools.yaml:1:11",
        "process.yaml:2:1",
        "2026-Q3.yaml:1:10",
        "2026-Q3.yaml:2:7",
        "2026-Q3.yaml:3:11",
        "plans/standard.yaml:5:6",
    ]
    assert places[0].startswith("2026-q2.yaml: ")


def test_error_counts_its_problems(tmp_path: Path):
    """The message opens with how many there are."""
    with pytest.raises(ParameterError, match=r"^2 problems in the parameters:\n  company.yaml:9:1  "):
        read_parameters(folder_of(tmp_path, company=COMPANY + "a: 1\nb: 2\n"))


@pytest.mark.parametrize(
    "line",
    [
        "connection_env: postgresql://ana:hunter2@db/crm",
        "connection_env: host=db user=ana password=hunter2",
        "connection_env: hunter2!",
        "connection_env: [hunter2]",
        "connection_env: DSN\n  password: hunter2",
        "connection_env: DSN\n  dialect: hunter2@postgres://a:hunter2@b",
        "connection_env: DSN\n  schema: 'pwd=hunter2'",
        "postgresql://ana:hunter2@db/crm: 1",
        "connection_env: DSN\nteams: {west: 'https://ana:hunter2@crm.example'}",
        "connection_env: DSN\nteams: {west: 'https://ana:hunter2@crm.example",
        "connection_env: *hunter2",
    ],
)
def test_secret_is_refused_and_never_repeated(tmp_path: Path, line: str):
    """A message lands in logs and chats; the secret must not travel with it."""
    company = COMPANY.replace("  kind: demo\n", f"  kind: database\n  {line}\n")

    problems = problems_of(folder_of(tmp_path, company=company))

    assert problems
    assert "hunter2" not in " ".join(problems)


def test_secret_is_reported_once_with_what_to_do(tmp_path: Path):
    """One slip, one sentence, though two rules are broken."""
    company = COMPANY.replace("kind: demo", "kind: database\n  connection_env: postgresql://ana:hunter2@db/crm")

    assert problems_of(folder_of(tmp_path, company=company)) == [
        "company.yaml:6:19  source.connection_env: holds a password or key, which is not shown. "
        "No credential is ever a parameter: put it into an environment variable, name that variable here, "
        "and change the password if the file was shared."
    ]


def test_connection_in_the_wrong_place_is_not_repeated(tmp_path: Path):
    """A connection without a password still tells where the data is."""
    company = COMPANY.replace("kind: demo", "kind: postgresql://db/crm")

    assert problems_of(folder_of(tmp_path, company=company)) == [
        "company.yaml:5:9  source.kind: (not shown) is not one of demo, files, database."
    ]


def test_connection_in_place_of_a_variable_says_what_to_do(tmp_path: Path):
    """A connection without a password is refused in its own words."""
    company = COMPANY.replace("kind: demo", "kind: database\n  connection_env: postgresql://db/crm")

    assert problems_of(folder_of(tmp_path, company=company)) == [
        "company.yaml:6:19  source.connection_env: must be the name of an environment variable, like SALESOPS_DSN. "
        "What stands there looks like the connection itself and is not shown. Move it into that variable, and change "
        "its password if the file was shared."
    ]


def test_quarter_target_stands_over_the_company_target(tmp_path: Path):
    """Two levels, quarter over company; no target is missing, not 0."""
    parameters = read_parameters(folder_of(tmp_path, quarter="quarter: 2026-Q3\ntargets: {win_rate: 0.35}\n"))

    assert parameters.target("win_rate", "2026-Q3") == 0.35
    assert parameters.target("win_rate", "2026-Q2") == 0.3
    assert parameters.target("bookings", "2026-Q3") is None


def test_quarter_plan_stands_over_the_company_plan(tmp_path: Path):
    """A quarter that names no plan has the company's."""
    folder = folder_of(
        tmp_path,
        company=COMPANY + "plan: standard\n",
        plan=PLAN,
        quarter="quarter: 2026-Q3\nplan: spring\n",
        **{"plans/spring.yaml": PLAN.replace("standard", "spring"), "2026-Q2.yaml": "quarter: 2026-Q2\n"},
    )

    parameters = read_parameters(folder)

    assert [parameters.plan_for(label).name for label in ("2026-Q3", "2026-Q2", "2026-Q1")] == [
        "spring",
        "standard",
        "standard",
    ]
    assert parameters.plan_for(parameters.quarter("2026-Q3")).name == "spring"


def test_no_plan_named_is_no_plan(tmp_path: Path):
    """Nothing is chosen for the company in silence."""
    assert read_parameters(folder_of(tmp_path, plan=PLAN)).plan_for("2026-Q3") is None


def test_key_figures_keep_their_order(tmp_path: Path):
    """Reports show key figures in the order in which people wrote them."""
    assert list(read_parameters(folder_of(tmp_path)).company.kpis) == ["win_rate", "bookings"]


def test_calendar_is_the_one_written(tmp_path: Path):
    """The calendar block reaches the fiscal calendar."""
    company = COMPANY + 'calendar: {start_month: 4, year_named_by: start, holidays: ["2026-04-06"]}\n'

    calendar = read_parameters(folder_of(tmp_path, company=company)).calendar

    april = calendar.period("2026-Q1")
    assert (april.start.month, calendar.selling_days(april.start, april.start.replace(day=7))) == (4, 4)


def test_source_folder_is_relative_to_the_parameters(tmp_path: Path):
    """The folder in the file goes with the file; the one on the command line with the caller."""
    folder = folder_of(tmp_path / "company", company=FILES)

    assert read_parameters(folder).source_folder == folder
    assert read_parameters(folder, source=str(tmp_path)).source_folder == tmp_path
    assert read_parameters(folder_of(tmp_path / "demo")).source_folder is None


def test_public_parameters_are_plain_data(tmp_path: Path):
    """run.json takes them as they are."""
    folder = folder_of(tmp_path, plan=PLAN, quarter="quarter: 2026-Q3\nquotas: {reps: {ana: 10.10}}\n")

    public = json.loads(json.dumps(read_parameters(folder).public()))

    assert public["quarters"]["2026-Q3"]["quotas"] == {"teams": {}, "reps": {"ana": "10.10"}}


def test_anonymous_company_shows_no_person_in_public(tmp_path: Path):
    """Where names are replaced in the report they are not given away beside it."""
    folder = folder_of(
        tmp_path,
        company=COMPANY + "anonymise: true\n",
        quarter="quarter: 2026-Q3\nquotas: {reps: {ana: 10}}\n",
        process="mission: Help.\npeople: [{name: Ana, role_categories: [tech]}]\n",
    )

    assert "ana" not in json.dumps(read_parameters(folder).public()).lower()


def test_short_form_of_a_column_is_the_long_one(tmp_path: Path):
    """A plain text names the column of the source."""
    lookup = "{file: p.csv, key: k, column: c, on: x}"
    columns = f"{{rep_id: agent, amount: {{column: value, otherwise: {{lookup: {lookup}}}}}}}"
    company = f"{FILES}      columns: {columns}\n"

    read = read_parameters(folder_of(tmp_path, company=company)).company.source.tables["opportunities"].columns

    assert read["rep_id"].column == "agent"
    assert read["amount"].otherwise.lookup.on.column == "x"


def test_plan_pays_by_role_and_else_by_its_mix():
    """A role of its own stands over the pay mix; a role without either has no pay, not 0."""
    roles = {"executive": {"base_amount": 90_000, "target_variable_amount": 60_000}}
    plan = Plan(name="p", title="P", roles=roles)
    mixed = Plan(name="p", title="P", roles=roles, pay_mix={"base": "0.6", "variable": "0.4"}, ote_amount=100_000)

    assert plan.pay_of("executive").base_amount == 90_000
    assert plan.pay_of("manager") is None
    assert mixed.pay_of("executive").base_amount == 90_000
    assert mixed.pay_of(None).target_variable_amount == 40_000


def test_bands_fill_in_the_upper_ends():
    """Every row ends where the next starts, and the last has no end."""
    tiers = [{"from": 0, "multiplier": 0}, {"from": "0.5", "to": 1, "multiplier": 1}, {"from": 1, "multiplier": 2}]
    plan = Plan(name="p", title="P", roles={"a": {"base_amount": 1, "target_variable_amount": 1}}, tiers=tiers)

    assert [band.high for band in plan.bands] == [Decimal("0.5"), 1, None]


@settings(max_examples=50, deadline=None)
@given(quarter=quarters())
def test_any_quarter_written_to_yaml_reads_back_equal(quarter: Quarter):
    """Odd keys, long texts and large amounts survive YAML to the cent."""
    text = io.StringIO()
    YAML().dump(quarter.model_dump(mode="json"), text)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "quarter.yaml"
        path.write_text(text.getvalue(), encoding="utf-8")
        document = read_document(path, path.name)

    assert document.problems == []
    assert Quarter.model_validate(document.data) == quarter
