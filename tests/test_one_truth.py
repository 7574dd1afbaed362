"""One team name, one owner and one interval for one thing, in all six reports of a company."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.csv
import pytest

from salesops_lib.data import open_data
from salesops_lib.data.demo import SIZES, simulate_company
from salesops_lib.data.store import CACHE_VARIABLE
from salesops_lib.parameters import Parameters, read_parameters
from tests.reports_in_process import Reports, reports_of

OWNERS = {"win_rate": "Ottoline Win", "bookings": "Barnaby Book", "pipeline_coverage": "Lucasta Cover"}
"""Key figures that the company names an owner for; roles answer for the others."""


@pytest.fixture(scope="module")
def parameters(tmp_path_factory) -> Parameters:
    """The small demo company, which calls its first team something else than its data does."""
    folder: Path = tmp_path_factory.mktemp("company")
    tables = simulate_company(n_reps=SIZES["small"])
    teams = tables["teams"].to_pylist()
    names = [f"Mockturtle {place}" for place, _team in enumerate(teams)]
    tables["teams"] = tables["teams"].set_column(
        tables["teams"].schema.get_field_index("name"), "name", pyarrow.array(names, pyarrow.string())
    )
    (folder / "exports").mkdir()
    for name, rows in tables.items():
        pyarrow.csv.write_csv(rows, folder / "exports" / f"{name}.csv")
    files = {name: {"file": f"{name}.csv"} for name in ("reps", "opportunities")}
    kpis = {key: {"label": key, "owner": owner} for key, owner in OWNERS.items()}
    company = {
        "name": "Northwind", "currency": "USD", "time_zone": "America/Chicago", "rates": {"EUR": 1.08},
        "source": {"kind": "files", "folder": "exports", "as_of": "2026-10-02", "tables": files},
        "teams": {team["team_id"]: f"Gryphon {place}" for place, team in enumerate(teams)},
        "kpis": kpis, "report": {"confidence": 0.8, "min_closed": 10},
    }  # fmt: skip
    (folder / "company.yaml").write_text(json.dumps(company), encoding="utf-8")  # JSON is YAML
    return read_parameters(folder)


@pytest.fixture(scope="module")
def reports(parameters, tmp_path_factory) -> Reports:
    """What the six notebooks show of the company."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, str(tmp_path_factory.mktemp("cache")))
        crm, _imported = open_data(parameters)
    made = reports_of(crm, parameters, "2026-09")
    assert made.failures == []
    return made


def test_a_team_has_the_name_of_company_yaml_in_every_section(reports):
    """The data's own name is in no block, the declared one in several reports."""
    texts = [f"{block.html} {json.dumps(block.data, default=str)}" for block in reports.blocks]

    assert not [text for text in texts if "Mockturtle" in text]
    assert sum("Gryphon" in text for text in texts) > 5


def test_who_acts_is_a_key_figures_owner_or_whom_the_data_names(reports, parameters):
    """No section has an owner of its own beside the key figure's."""
    answer = {kpi.owner for kpi in parameters.kpis.values()}
    keepers = set(simulate_company(n_reps=SIZES["small"])["tools"]["owner"].to_pylist())
    named = [
        action["owner"]
        for block in reports.of("section")
        for action in [block.data["finding"].get("action"), *block.data["finding"].get("more_actions", [])]
        if action
    ]

    assert set(OWNERS.values()) & set(named)
    assert {owner for owner in named if not owner.startswith("Manager of ")} <= answer | keepers
