"""Tests of how notebooks run: real kernels, parameters checked first, failures said plainly."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import ClassVar

import nbformat
import pytest

from salesops_lib.errors import ParameterError
from salesops_lib.reporting.notebooks.arguments import arguments_of, read_settings
from salesops_lib.reporting.notebooks.execution import Failure, PapermillEngine, heading_above, plain_reason
from salesops_lib.reporting.notebooks.redaction import Redactor, redact_notebook
from salesops_lib.reporting.notebooks.report import ReportJob, ReportMaker, lost_report
from salesops_lib.reporting.notebooks.workers import Done, Progress, side_by_side
from tests.reporting.notebooks import (
    FakeEngine,
    broken_page,
    die_on_two,
    double,
    fake_page,
    run_of,
    sleep_with_child,
    write_notebook,
)


@pytest.fixture(scope="module")
def good_run(tmp_path_factory):
    """One notebook run for real: its result, the cells that were announced and the executed notebook."""
    folder = tmp_path_factory.mktemp("good")
    template = write_notebook(
        folder / "01_good.ipynb", "import sys, threading\nprint(sys.executable)", "print(period, min_closed)"
    )
    seen: list[tuple[int, int]] = []
    result = PapermillEngine().execute(
        run_of(template, folder / "out" / "01_good.ipynb", min_closed=7), lambda n, m: seen.append((n, m))
    )
    return result, seen, nbformat.read(folder / "out" / "01_good.ipynb", as_version=4)


@pytest.fixture(scope="module")
def killed_run(tmp_path_factory):
    """One notebook whose kernel is killed in its third cell."""
    folder = tmp_path_factory.mktemp("killed")
    template = write_notebook(
        folder / "01_killed.ipynb",
        "## Who wins more?",
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        "print(1)",
    )
    run = run_of(template, folder / "out" / "01_killed.ipynb")
    return PapermillEngine().execute(run, lambda n, m: None), run


def outputs(notebook) -> str:
    """All that a notebook printed."""
    return "".join(output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", []))


def test_notebook_runs_in_this_interpreter(good_run):
    """Whatever `python3` means on the machine, the kernel is the interpreter that runs the kit."""
    assert sys.executable in outputs(good_run[2])


def test_notebook_gets_its_parameters(good_run):
    """Values given reach the cells in place of the defaults."""
    assert "2026-09 7" in outputs(good_run[2])


def test_cells_are_counted_as_in_the_executed_notebook(good_run):
    """Progress counts every cell once, with the cell of parameters that papermill adds."""
    assert good_run[1] == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
    assert len(good_run[2].cells) == 5


def test_good_run_has_seconds_and_no_failure(good_run):
    """A notebook that ran has no failure and took some time."""
    assert good_run[0].failure is None
    assert good_run[0].seconds > 0


def test_killed_kernel_is_a_failed_notebook(killed_run):
    """A kernel killed from outside is said plainly, with the cell it was in."""
    result, run = killed_run
    assert result.failure.kind == "kernel"
    assert result.failure.sentence.startswith("Cell 5, under “Who wins more?”: the notebook's Python process was ended")
    assert run.target.exists()


def test_failing_cell_is_named_with_its_heading(tmp_path):
    """The failure names the executed notebook's cell, the heading above it, and the error in one line."""
    template = write_notebook(tmp_path / "01_bad.ipynb", "## Win rates", "x = 0\n1 / x", "print('never')")
    run = run_of(template, tmp_path / "out" / "01_bad.ipynb")

    result = PapermillEngine().execute(run, lambda n, m: None)

    assert result.failure == Failure("cell", "ZeroDivisionError: division by zero", 5, "Win rates", "x = 0")
    assert "never" not in outputs(nbformat.read(run.target, as_version=4))


def test_messages_of_the_kit_need_no_class_name():
    """An error that the kit raised on purpose is its own sentence; others carry their name."""
    assert plain_reason("PeriodError", "2026-13 is no month.") == "2026-13 is no month."
    assert plain_reason("KeyError", "'amount'") == "KeyError: 'amount'"
    assert plain_reason("KeyboardInterrupt", "") == "KeyboardInterrupt"


def test_heading_above_is_the_last_one(tmp_path):
    """The heading named is the nearest above the cell, not the first of the notebook."""
    cells = nbformat.read(write_notebook(tmp_path / "a.ipynb", "## One", "1", "## Two", "2"), as_version=4).cells
    assert heading_above(cells, 6) == "Two"
    assert heading_above(cells, 4) == "One"


class TestArguments:
    """Parameters are checked against the notebooks before a kernel starts."""

    @pytest.fixture
    def templates(self, tmp_path):
        """Two notebooks; only the second knows `bins`."""
        return [
            write_notebook(tmp_path / "01_one.ipynb"),
            write_notebook(
                tmp_path / "02_two.ipynb", parameters='period: str = ""\nparameters: str = ""\nbins: int = 3'
            ),
        ]

    OFFERED: ClassVar = {"period": "2026-09", "parameters": "parameters", "min_closed": 20}

    def test_each_notebook_gets_what_it_declares(self, templates):
        """What a notebook does not declare is not passed to it."""
        arguments = arguments_of(templates, offered=self.OFFERED, settings={})
        assert arguments["01_one"] == self.OFFERED
        assert arguments["02_two"] == {"period": "2026-09", "parameters": "parameters"}

    def test_misspelt_parameter_is_an_error_with_a_hint(self, templates):
        """A name that no notebook declares stops the run and names the nearest one."""
        with pytest.raises(ParameterError, match=r"`min_close`: no such parameter\. Did you mean `min_closed`"):
            arguments_of(templates, offered=self.OFFERED, settings={"min_close": "3"})

    @pytest.mark.parametrize(
        ("name", "text"), [("min_closed", "twenty"), ("min_closed", "2.5"), ("share", "half"), ("is_brief", "NO")]
    )
    def test_value_of_the_wrong_type_is_an_error(self, templates, name, text):
        """Text that is not of the declared type stops the run."""
        with pytest.raises(ParameterError, match=f"notebook 01_one wants .*not `{text}`"):
            arguments_of(templates, offered=self.OFFERED, settings={name: text})

    def test_offered_value_of_the_wrong_type_is_an_error(self, templates):
        """The kit's own values are held to the declaration too."""
        with pytest.raises(ParameterError, match="`min_closed` should be a whole number, not `True`"):
            arguments_of(templates, offered={**self.OFFERED, "min_closed": True}, settings={})

    def test_setting_reaches_its_notebook_in_its_type(self, templates):
        """A setting is read as the declared type and stands above what is offered."""
        settings = {"min_closed": "7", "02_two.bins": "5", "share": "1", "is_brief": "true"}
        arguments = arguments_of(templates, offered=self.OFFERED, settings=settings)
        assert arguments["01_one"] | {} == {**self.OFFERED, "min_closed": 7, "share": 1.0, "is_brief": True}
        assert arguments["02_two"]["bins"] == 5

    def test_every_problem_is_told_at_once(self, templates):
        """Two mistakes make one message with both."""
        with pytest.raises(ParameterError) as caught:
            arguments_of(templates, offered=self.OFFERED, settings={"binz": "1", "03_none.bins": "1"})
        assert len(caught.value.problems) == 2

    def test_notebook_without_period_is_an_error(self, tmp_path):
        """A notebook that cannot be told its month would report another one."""
        template = write_notebook(tmp_path / "01_odd.ipynb", parameters='parameters: str = ""')
        with pytest.raises(ParameterError, match="01_odd declares no parameter `period`"):
            arguments_of([template], offered=self.OFFERED, settings={})

    def test_settings_are_name_and_value(self):
        """`name=value` is read at the first sign; anything else is an error."""
        assert read_settings(["a=1", "b=x=y"]) == {"a": "1", "b": "x=y"}
        with pytest.raises(ParameterError, match="sets nothing"):
            read_settings(["a"])
        with pytest.raises(ParameterError, match="set twice"):
            read_settings(["a=1", "a=2"])


class TestWorkers:
    """Jobs side by side, in processes that leave nothing behind."""

    def test_every_job_is_done_once(self):
        """Results come with the number of their job, progress before them."""
        events = list(side_by_side(double, [1, 2, 3], workers=2))
        assert {event.job: event.made for event in events if isinstance(event, Done)} == {0: 2, 1: 4, 2: 6}
        assert Progress(0, 1, 2) in events

    def test_worker_that_dies_takes_only_its_job(self):
        """The job of a killed worker is lost, with its last words; the others are done by another."""
        done = [event for event in side_by_side(die_on_two, [1, 2, 3], workers=1) if isinstance(event, Done)]
        assert [(event.job, event.made) for event in done] == [(0, 1), (1, None), (2, 3)]
        assert done[1].last_words == "reading the deals"

    @pytest.mark.skipif(sys.platform == "win32", reason="asks for processes the POSIX way")
    def test_nothing_is_left_behind_when_the_run_is_broken_off(self, tmp_path):
        """Breaking off in the middle of a cell ends the worker and the kernel it has started."""
        events = side_by_side(sleep_with_child, [tmp_path / "pid"], workers=1)
        next(events)
        kernel = int((tmp_path / "pid").read_text())
        assert is_alive(kernel)

        events.close()  # what an exception in the loop, Ctrl-C included, does

        assert not is_alive(kernel)

    @pytest.mark.skipif(sys.platform == "win32", reason="asks for processes the POSIX way")
    def test_nothing_is_left_behind_when_the_run_is_killed(self, tmp_path):
        """SIGKILL of the run itself: its workers notice, end their kernels and themselves, and clear their folder."""
        code = (
            "import sys; from pathlib import Path; from tests.reporting.notebooks import sleep_with_child\n"
            "from salesops_lib.reporting.notebooks.workers import side_by_side\n"
            "if __name__ == '__main__':\n"
            "    jobs = [Path(sys.argv[1])]\n"
            "    for event in side_by_side(sleep_with_child, jobs, workers=1): print(event, flush=True)\n"
        )
        (tmp_path / "run.py").write_text(code)
        (tmp_path / "temporary").mkdir()
        folders = {"TMPDIR": str(tmp_path / "temporary"), "PYTHONPATH": str(Path(__file__).parents[2])}
        command = [sys.executable, str(tmp_path / "run.py"), str(tmp_path / "pid")]
        run = subprocess.Popen(command, env={**os.environ, **folders}, stdout=subprocess.PIPE)
        assert run.stdout.readline().startswith(b"Progress")
        kernel = int((tmp_path / "pid").read_text())

        run.kill()
        run.communicate()

        assert not is_alive(kernel)
        assert eventually(lambda: not list((tmp_path / "temporary").glob("salesops-*")))


@pytest.mark.skipif(sys.platform == "win32", reason="asks for sockets the POSIX way")
@pytest.mark.parametrize(("depth", "transport"), [(1, "ipc"), (8, "tcp")])
def test_a_deep_folder_for_temporary_files_does_not_stop_a_kernel(monkeypatch, depth, transport):
    """A socket's path has about a hundred characters; where it would be longer the kernel listens on a port."""
    from salesops_lib.reporting.notebooks.kernels import ThisInterpreterKernelManager

    with tempfile.TemporaryDirectory(prefix="s") as folder:
        monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(Path(folder).joinpath(*["deep-as-a-well"] * depth)))

        assert ThisInterpreterKernelManager().transport == transport


def eventually(holds) -> bool:
    """Whether something comes to hold within some seconds."""
    for _ in range(50):
        if holds():
            return True
        time.sleep(0.1)
    return False


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ends within two seconds does not."""
    for _ in range(20):
        try:
            state = (
                Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] if Path("/proc").exists() else "R"
            )
            os.kill(pid, 0)
        except (OSError, ProcessLookupError):
            return False
        if state == "Z":
            return False
        time.sleep(0.1)
    return True


class TestRedaction:
    """What an executed notebook must not carry."""

    def test_values_of_secret_variables_become_their_names(self):
        """A connection that the parameters name, its password alone, and a token are all replaced."""
        environment = {"SALES_DB": "postgresql://ana:pa%40ss@db/x", "API_TOKEN": "abcd12345", "LANG": "en_GB.UTF-8"}
        redactor = Redactor(["SALES_DB"], environment=environment, folders={})
        said = redactor.text("postgresql://ana:pa%40ss@db/x | pa@ss | abcd12345 | en_GB.UTF-8")
        assert said == "[SALES_DB] | [SALES_DB] | [API_TOKEN] | en_GB.UTF-8"

    def test_common_words_and_names_are_left_alone(self):
        """A short value of a variable that only sounds secret, and an author's name, stay."""
        redactor = Redactor(environment={"KEY_MODE": "true", "GIT_AUTHOR_NAME": "Ana Lima"}, folders={})
        assert redactor.text("true, Ana Lima") == "true, Ana Lima"

    def test_executed_notebook_holds_no_secret_no_folder_and_no_banner(self, tmp_path, monkeypatch):
        """Outputs, sources and papermill's notes are cleaned; papermill's red banners go."""
        monkeypatch.setenv("SALES_DB_PASSWORD", "hunter2hunter2")
        monkeypatch.chdir(tmp_path)
        path = write_notebook(tmp_path / "a.ipynb", "1 / 0")
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata.papermill = {
            "input_path": str(path),
            "output_path": str(path),
            "environment_variables": {"A": "b"},
        }
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell("!", metadata={"tags": ["papermill-error-cell-tag"]}))
        trace = [f"File {tmp_path}/lib.py", "hunter2hunter2 refused"]
        notebook.cells[-1].outputs = [
            nbformat.v4.new_output("error", ename="E", evalue="hunter2hunter2", traceback=trace)
        ]
        nbformat.write(notebook, path)

        redact_notebook(path, Redactor())

        text = path.read_text()
        assert "hunter2" not in text
        assert str(tmp_path) not in text
        assert "papermill-error-cell-tag" not in text
        assert "[SALES_DB_PASSWORD] refused" in text


class TestReports:
    """From a notebook to its page, whatever goes wrong."""

    @pytest.fixture
    def job(self, tmp_path):
        """A job with a fake notebook."""
        template = write_notebook(tmp_path / "02_rep_comparison.ipynb", "print(1)")
        run = run_of(template, tmp_path / "pack" / "notebooks" / "02_rep_comparison.ipynb")
        return ReportJob(run, tmp_path / "pack", (("Rep comparison", "02_rep_comparison.html"),), "Rep comparison")

    def test_page_and_tables_are_written_at_once(self, job):
        """The worker leaves page, executed notebook and tables in the pack's folder."""
        report = ReportMaker(FakeEngine(), fake_page)(job, lambda n, m: None)
        assert report.failure is None
        assert (job.folder / "02_rep_comparison.html").exists()
        assert (job.folder / "tables/02_rep_comparison/win_rate.csv").read_text() == "rep_id,name,win_rate\n1,Ana,0.5\n"

    def test_kits_own_converter_makes_the_page(self, job):
        """Without a fake, the page comes from the kit's template, with the bar of the pack."""
        report = ReportMaker(FakeEngine())(job, lambda n, m: None)
        page = (job.folder / report.href).read_text()
        assert report.failure is None
        assert '<a href="02_rep_comparison.html" aria-current="page"' in page
        assert "<h1>02_rep_comparison</h1>" in page

    def test_page_that_cannot_be_made_is_a_failure_with_a_page(self, job):
        """A converter that breaks costs this report only, and its page says so."""
        report = ReportMaker(FakeEngine(), broken_page)(job, lambda n, m: None)
        assert report.failure == Failure("page", "ValueError: no such template")
        assert "no such template" in (job.folder / "02_rep_comparison.html").read_text()

    def test_lost_worker_is_a_failure_with_a_page(self, job):
        """A worker that died leaves a report that says so and escapes what it last said."""
        job.folder.mkdir()
        report = lost_report(job, "<b>out of memory</b>")
        page = (job.folder / report.href).read_text()
        assert "ended from outside" in page
        assert "&lt;b&gt;out of memory" in page
        assert "<b>out" not in page
