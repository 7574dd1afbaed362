"""The check and the report judge alike: what one refuses, the other refuses in the same words."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from salesops_lib import cli
from salesops_lib.data.store import CACHE_VARIABLE
from tests.data.exports import deals, write_exports
from tests.parameters.recipes import folder_of
from tests.reporting.notebooks import PARAMETERS, write_notebook

COMPANY = """\
name: Test
currency: USD
time_zone: UTC
source:
  kind: files
  folder: exports
  tables: {reps: {file: reps.csv}, opportunities: {file: opportunities.csv}}
"""
GOALS = "level,rep_id,period,measure,amount\nrep,ana,2026-Q3,bookings,5000\n"
QUARTER = "quarter: 2026-Q3\nquotas: {reps: {%s: 6000}}\n"


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs a command on a company of these files; returns its exit code and all that it said."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)

    def run(command: str, exports: dict[str, str], quarter: str = "quarter: 2026-Q3\n") -> tuple[int, str]:
        write_exports(tmp_path / "acme" / "exports", exports)
        folder_of(tmp_path / "acme", company=COMPANY, quarter=quarter)
        result = CliRunner().invoke(
            cli.app, [command, "--parameters", "acme", *(["--out", "out"] * (command != "check"))]
        )
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return run


each_command = pytest.mark.parametrize("command", ["check", "report", "scorecards"])


@each_command
def test_goal_stated_in_the_data_and_in_the_quarter_is_refused(told, command):
    """Two truths about one goal would not be one, whoever asks."""
    code, said = told(command, {"quotas.csv": GOALS}, QUARTER % "ana")

    assert code == 1
    assert "2026-Q3.yaml  quotas: the goal of ana for 2026-Q3 is also in the data's table `quotas`." in said


@each_command
def test_goal_of_a_rep_whom_the_data_does_not_know_is_refused(told, command):
    """With file, line and column, and the name that was probably meant."""
    code, said = told(command, {}, QUARTER % "anna")

    assert code == 1
    assert "2026-Q3.yaml:2:17  quotas.reps.anna: the data has no rep `anna`. Did you mean `ana`?" in said


@each_command
def test_data_without_a_date_is_refused_and_not_told_to_be_of_1970(told, command):
    """The day that fills in for the missing one is nobody's: no span is shown, no quarter lies outside it."""
    code, said = told(command, deals("D1,ana,1000,,,open"))

    assert code == 1
    assert "No table holds a date, so no report can be made." in said
    assert "1970" not in said
    assert "lies outside the data" not in said


@pytest.mark.parametrize("command", ["check", "report"])
def test_notebook_that_does_not_take_what_a_run_offers_is_refused(told, tmp_path, command):
    """A company's own notebook with another type of a parameter stops the report, so the check says so."""
    mine = PARAMETERS.replace("min_closed: int = 20", 'min_closed: str = "20"')
    write_notebook(tmp_path / "notebooks" / "01_mine.ipynb", parameters=mine)

    code, said = told(command, {})

    assert code == 1
    assert "notebook 01_mine: `min_closed` should be text, not `20`." in said


def test_a_company_that_passes_the_check_is_told_the_span_of_its_data(told):
    """Nothing to refuse: the span, the rows, and exit code 0."""
    code, said = told("check", {})

    assert code == 0
    assert "Data from 1 July 2026 to 20 August 2026." in said
