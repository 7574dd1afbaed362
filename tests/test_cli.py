"""Tests of the command line: light, plain about errors, thin over the library."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from typer.testing import CliRunner

from salesops_lib import __version__, cli
from salesops_lib.commands import data, lab, project, report, testing
from salesops_lib.data.imported import CHECK_COLUMNS, ImportedData
from salesops_lib.errors import ParameterError, SalesopsError
from salesops_lib.reporting.notebooks.execution import Failure, NotebookResult
from salesops_lib.reporting.notebooks.kernels import ThisInterpreterKernelSpecs
from salesops_lib.reporting.notebooks.report import Report
from tests.reporting.notebooks import write_notebook
from tests.reporting.packs import facts, parameters_in

COMMANDS = ("report", "check", "import", "new-quarter", "lab", "test")


def run(*arguments: str):
    """Run the command line inside this process."""
    return CliRunner().invoke(cli.app, list(arguments))


def test_version_is_printed():
    """`salesops --version` says the package's version."""
    assert run("--version").output == f"salesops {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command):
    """Each command has a help text, and the overview lists it."""
    assert run(command, "--help").exit_code == 0
    assert command in run("--help").output


def test_command_line_imports_nothing_heavy():
    """Help answers at once: no data, notebook or chart package is imported for it."""
    heavy = ("pandas", "numpy", "papermill", "nbconvert", "ibis", "duckdb", "pyarrow", "matplotlib", "pydantic")
    code = f"import sys, salesops_lib.cli; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_python_m_runs_the_same_command_line():
    """`python -m salesops_lib` needs no script on the path."""
    done = subprocess.run(
        [sys.executable, "-m", "salesops_lib", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"salesops {__version__}"


class TestErrors:
    """What goes wrong is said once, plainly."""

    @pytest.mark.parametrize("command", ["report", "check", "import"])
    def test_error_of_the_kit_is_its_message_alone(self, monkeypatch, tmp_path, command):
        """A missing folder ends with code 1 and one message on the error stream, without a traceback."""
        monkeypatch.chdir(tmp_path)
        write_notebook(tmp_path / "notebooks" / "01_one.ipynb")
        result = run(command, "--parameters", "nowhere")
        assert result.exit_code == 1
        assert "nowhere: there is no such folder" in result.stderr
        assert "Traceback" not in result.output + result.stderr

    def test_every_problem_of_the_parameters_is_printed(self, tmp_path):
        """Two slips in company.yaml are both told, with file and line."""
        (tmp_path / "company.yaml").write_text("name: N\ncurrency: dollars\ntime_zone: Mars\nsource: {kind: demo}\n")
        told = run("check", "--parameters", str(tmp_path)).stderr
        assert "company.yaml:2:" in told
        assert "company.yaml:3:" in told

    def test_ctrl_c_ends_with_130_and_says_what_stands(self, monkeypatch):
        """Stopping a run says that nothing was published."""

        def stop(**_):
            raise KeyboardInterrupt

        monkeypatch.setattr(report, "write_report", stop)
        result = run("report")
        assert result.exit_code == 130
        assert "Nothing was published" in result.stderr

    def test_bug_of_the_kit_still_shows_where(self, monkeypatch):
        """An error that nobody foresaw is not dressed up as a message."""
        monkeypatch.setattr(report, "write_report", lambda **_: {}["x"])
        assert isinstance(run("report").exception, KeyError)


class TestReport:
    """`salesops report` hands its options on and ends with the right code."""

    @pytest.fixture
    def asked(self, monkeypatch):
        """What the command asks of the library."""
        seen = {}
        monkeypatch.setattr(report, "write_report", lambda **options: seen.update(options) or True)
        return seen

    def test_options_are_handed_on(self, asked):
        """Every option reaches the library."""
        run(
            "report", "--month", "2026-08", "--parameters", "p", "--source", "s", "--out", "o",
            "--set", "min_closed=3", "--set", "x=1", "--jobs", "2", "--quiet",
        )  # fmt: skip
        assert asked == {
            "month": "2026-08", "parameters": Path("p"), "source": "s", "out": Path("o"),
            "settings": ["min_closed=3", "x=1"], "jobs": 2, "is_quiet": True,
        }  # fmt: skip

    def test_defaults_are_those_of_the_contract(self, asked):
        """Without options: the demo company, the last complete month, into reports."""
        run("report")
        assert (asked["month"], asked["parameters"], asked["out"]) == ("", Path("parameters"), Path("reports"))

    def test_failed_report_ends_with_code_1(self, monkeypatch):
        """The exit code is 0 only when every report was made."""
        monkeypatch.setattr(report, "write_report", lambda **_: False)
        assert run("report").exit_code == 1

    def made(self, *failures: str):
        """A pack whose reports failed for these reasons, or did not."""
        reports = [
            Report(f"0{n}_x", "X", NotebookResult(f"0{n}_x", 1.0, Failure("cell", why) if why else None))
            for n, why in enumerate(failures)
        ]
        failed = [each for each in reports if each.failure]
        place = Path("reports/2026-09-failed" if failed else "reports/2026-09")
        return SimpleNamespace(
            reports=reports,
            failed=failed,
            notes=["No PDF: none."],
            place=place,
            period=SimpleNamespace(label="2026-09"),
        )

    def test_summary_says_where_the_pack_is(self, capsys):
        """At the end: the path, what the data checks found, the seconds, and what the pack lacks."""
        report.print_summary(self.made("", ""), "9 checks passed", 12.4, is_quiet=False)
        out = capsys.readouterr().out
        assert str(Path("reports/2026-09/index.html")) in out
        assert "2 reports, data: 9 checks passed, 12 s." in out
        assert "No PDF" in out

    def test_summary_says_what_failed_even_when_quiet(self, capsys):
        """Quiet prints nothing but trouble, on the error stream."""
        report.print_summary(self.made("", "division by zero"), "", 1.0, is_quiet=True)
        told = capsys.readouterr()
        assert told.out == ""
        assert "01_x failed. division by zero" in told.err
        assert "1 of 2 reports failed. The whole pack of 2026-09 is kept" in told.err


class TestNewQuarter:
    """`salesops new-quarter` prints what it wrote and what to look at."""

    def test_review_is_printed(self, monkeypatch):
        """The file and each point to review stand on a line of their own."""
        import salesops_lib.parameters as parameters

        written = SimpleNamespace(path=Path("parameters/2026-Q4.yaml"), review=["quotas are last quarter's"])
        monkeypatch.setattr(parameters, "write_new_quarter", lambda folder, quarter: written)
        out = run("new-quarter", "2026-Q4").output
        assert "2026-Q4.yaml" in out
        assert "  - quotas are last quarter's" in out

    def test_refusal_is_a_message(self, monkeypatch):
        """A quarter that is there already ends with code 1 and the reason."""
        import salesops_lib.parameters as parameters

        def refuse(folder, quarter):
            raise ParameterError([f"{quarter} is there already"])

        monkeypatch.setattr(parameters, "write_new_quarter", refuse)
        result = run("new-quarter", "2026-Q4")
        assert result.exit_code == 1
        assert "2026-Q4 is there already" in result.stderr


class TestLab:
    """`salesops lab` opens JupyterLab with the kit ready."""

    def test_kernel_is_this_interpreter_under_any_name(self):
        """Whatever kernel a notebook names, JupyterLab starts the interpreter that has the kit."""
        specs = ThisInterpreterKernelSpecs()
        assert specs.get_kernel_spec("python3").argv[0] == sys.executable
        assert list(specs.get_all_specs()) == ["python3"]

    def test_nobody_is_asked_for_news(self, monkeypatch, tmp_path):
        """News and update checks are off, and Jupyter's own token stays in force."""
        write_notebook(tmp_path / "notebooks" / "01_one.ipynb")
        monkeypatch.chdir(tmp_path)
        command = lab.lab_command(["--no-browser"])
        assert "--LabApp.news_url=None" in command
        assert f"--ServerApp.root_dir={tmp_path}" in command
        assert command[-1] == "--no-browser"
        assert not any("token" in part or "password" in part for part in command)

    def test_further_options_reach_jupyterlab(self, monkeypatch):
        """Options that the kit does not know are passed on, and the exit code comes back."""
        seen = []
        monkeypatch.setattr(lab, "open_lab", lambda arguments: seen.extend(arguments) or 3)
        assert run("lab", "--no-browser", "--port=9999").exit_code == 3
        assert seen == ["--no-browser", "--port=9999"]


class TestTest:
    """`salesops test` runs every check and stops at none."""

    def test_every_check_runs_though_the_first_fails(self, monkeypatch, capsys):
        """A failing linter does not hide failing tests; all are named at the end."""
        ran = []
        monkeypatch.setattr(testing, "_run", lambda command: ran.append(command) or command[0] in ("ruff", "mypy"))
        assert testing.run_checks() is False
        assert len(ran) == len(testing.CHECKS)
        assert "Failed: ruff, ruff format, mypy." in capsys.readouterr().out

    def test_arguments_go_to_pytest_alone(self, monkeypatch):
        """With arguments, only pytest runs, on them."""
        ran = []
        monkeypatch.setattr(testing, "_run", lambda command: ran.append(command) or 0)
        assert run("test", "tests/test_cli.py", "-x").exit_code == 0
        assert ran == [["pytest", "tests/test_cli.py", "-x"]]


class TestProject:
    """Where the notebooks are."""

    def test_current_folder_comes_first(self, tmp_path):
        """Notebooks beside the user stand above the kit's own."""
        write_notebook(tmp_path / "notebooks" / "01_mine.ipynb")
        assert project.find_notebooks(tmp_path) == tmp_path / "notebooks"

    def test_nowhere_is_said(self, tmp_path, monkeypatch):
        """Without notebooks anywhere, the message says where they were looked for."""
        monkeypatch.setattr(project, "REPOSITORY", tmp_path)
        with pytest.raises(SalesopsError, match="no notebooks in"):
            project.find_notebooks(tmp_path)

    def test_playbook_stands_last(self, tmp_path):
        """Reports are read by number, and the playbook after them; other files are no report."""
        for name in ("00_playbook", "02_b", "01_a", "scratch"):
            write_notebook(tmp_path / f"{name}.ipynb")
        assert [path.stem for path in project.report_notebooks(tmp_path)] == ["01_a", "02_b", "00_playbook"]


class TestData:
    """`check` and `import` print what became of the rows."""

    def imported(self, *severities: str):
        """An import with one check per severity."""
        rows = [[f"check {s}", s, "reps", "", 2, f"2 rows are {s}.", "2 rows.", "Mend them."] for s in severities]
        checks = pd.DataFrame(rows, columns=CHECK_COLUMNS)
        counts = pd.DataFrame(
            [{"table": "reps", "rows_in": 1200, "rows_used": 1198, "rows_set_aside": 2, "rows_added": 0}]
        )
        return ImportedData(
            folder=Path("x"), as_of=date(2026, 10, 2), checks=checks, counts=counts, quarantine=Path("quarantine.csv"),
            fingerprint="f",
        )  # fmt: skip

    @pytest.fixture
    def company(self, monkeypatch, tmp_path):
        """Lets `check` find a company with these problems and one check of each severity."""

        def found(problems=(), severities=()):
            parameters = parameters_in(tmp_path)
            made = data.Company(parameters, self.imported(*severities), facts(), list(problems), parameters)
            monkeypatch.setattr(data, "read_company", lambda folder, source: made)

        return found

    def test_check_prints_every_problem(self, company):
        """Errors, warnings and unknown names are all told; the exit code is 1."""
        company(["2026-Q3.yaml:4:3  the data has no rep `r9`."], ["error", "warning", "pass"])
        result = run("check")
        assert result.exit_code == 1
        assert "ERROR   2 rows are error. Mend them." in result.output
        assert "warning 2 rows are warning. Mend them." in result.output
        assert "no rep `r9`" in result.output
        assert "1 check passed, 1 warning, 2 errors." in result.output

    def test_check_passes_with_warnings(self, company):
        """A warning stamps a report but does not stop it."""
        company(severities=["warning", "pass"])
        assert run("check").exit_code == 0

    def test_counts_show_rows_in_and_used(self, capsys):
        """Rows are printed table by table; a column of zeros is left out."""
        data.print_counts(self.imported())
        out = capsys.readouterr().out
        assert "1,200" in out
        assert "1,198" in out
        assert "rows added" not in out

    def test_report_refuses_everything_at_once(self, company):
        """What the data does not know and what it failed stand in one message."""
        company(["no rep `r9`"], ["error"])
        with pytest.raises(SalesopsError, match=r"no rep `r9`[\s\S]*2 rows are error\."):
            data.usable_company(Path("p"), "")
