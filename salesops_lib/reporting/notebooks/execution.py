"""How a notebook runs: the one seam between the kit and papermill.

A `NotebookRun` goes in, a `NotebookResult` comes out, and an `Engine` does what lies between.
`PapermillEngine` starts one fresh kernel per notebook. An engine that keeps kernels warm can take
its place without touching a notebook, a page or the pack.

A failing notebook is a result like any other: it says in plain words which cell stopped and why.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from salesops_lib import errors
from salesops_lib.reporting.notebooks.kernels import ThisInterpreterKernelManager

ParameterValue = str | int | float | bool
OnCell = Callable[[int, int], None]
"""Called as each cell starts, with the cell's number and the number of cells."""

ERROR_BANNER = "papermill-error-cell-tag"
"""Tag of the red banners that papermill puts into a notebook that failed."""
KERNEL_ENDED = (
    "the notebook's Python process was ended from outside, most often because the machine ran out of memory. "
    "Close other programs or run with `--jobs 1`, then run the report again."
)


@dataclass(frozen=True)
class NotebookRun:
    """One notebook to run: its template, its parameters and where the executed notebook goes."""

    name: str
    """The notebook's name, for instance ``02_rep_comparison``."""
    template: Path
    parameters: Mapping[str, ParameterValue]
    target: Path


@dataclass(frozen=True)
class Failure:
    """Why a notebook did not finish, for a reader who knows neither Python nor Jupyter."""

    kind: Literal["cell", "kernel", "page", "worker", "data"]
    """What stopped: a cell's code, the cell's process, the making of the page, the worker, or other data."""
    reason: str
    """The error in words, without a traceback."""
    cell: int = 0
    """Number of the cell that stopped, counted from 1 in the executed notebook; 0 when no cell is to blame."""
    heading: str = ""
    """The last heading above that cell."""
    line: str = ""
    """First line of that cell's code."""

    @property
    def sentence(self) -> str:
        """Where and why, in one line: ``Cell 7, under “Win rates”: division by zero``."""
        if not self.cell:
            return self.reason
        place = f"Cell {self.cell}" + (f", under “{self.heading}”" if self.heading else "")
        return f"{place}: {self.reason}"


@dataclass(frozen=True)
class NotebookResult:
    """How a notebook's run ended."""

    name: str
    seconds: float
    failure: Failure | None = None


class Engine(Protocol):
    """Whatever can run a notebook and leave the executed one at ``run.target``."""

    def execute(self, run: NotebookRun, on_cell: OnCell) -> NotebookResult:
        """Run the notebook; a notebook that fails is a result, not an exception."""


class PapermillEngine:
    """Runs each notebook through papermill's API in a fresh kernel of this very interpreter."""

    def execute(self, run: NotebookRun, on_cell: OnCell) -> NotebookResult:
        """Run the notebook; on a failure the cells that ran are still written to ``run.target``."""
        import papermill
        from nbclient.exceptions import DeadKernelError
        from papermill.exceptions import PapermillExecutionError

        _hush("papermill", "nbclient", "traitlets")
        progress = _CellCounter(n_cells(run.template) + 1, on_cell)
        run.target.parent.mkdir(parents=True, exist_ok=True)
        started = time.perf_counter()
        failure = None
        try:
            papermill.execute_notebook(
                run.template,
                run.target,
                parameters=dict(run.parameters),
                progress_bar=False,
                log_output=False,
                kernel_manager_class=ThisInterpreterKernelManager,
                on_cell_start=progress,
                start_timeout=120,
            )
        except PapermillExecutionError as error:
            failure = Failure("cell", plain_reason(error.ename, error.evalue), cell=error.cell_index + 1)
        except DeadKernelError:
            failure = Failure("kernel", KERNEL_ENDED, cell=progress.number)
        except RuntimeError as error:  # what nbclient raises when a kernel never answers
            failure = Failure("kernel", f"The notebook's Python process did not start: {error}")
        return NotebookResult(run.name, time.perf_counter() - started, failure and located(failure, run.target))


class _CellCounter:
    """Hears of each cell that starts and remembers which one runs now.

    Cells are counted as in the executed notebook, with the cell of parameters that papermill adds.
    """

    def __init__(self, cells: int, on_cell: OnCell) -> None:
        self.cells = cells
        self.on_cell = on_cell
        self.number = 0

    def __call__(self, cell: Any, cell_index: int) -> None:  # noqa: ARG002 - nbclient's signature
        self.number = cell_index + 1
        self.on_cell(self.number, max(self.cells, self.number))


def _hush(*loggers: str) -> None:
    """Keep the libraries' own log off the terminal: a failure is told once, by the kit."""
    for name in loggers:
        logger = logging.getLogger(name)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def located(failure: Failure, executed: Path) -> Failure:
    """Add where in the executed notebook it happened: the last heading above the cell, and the cell's first line."""
    cells = [cell for cell in read_cells(executed) if ERROR_BANNER not in cell.metadata.get("tags", [])]
    if not 1 <= failure.cell <= len(cells):
        return failure
    return replace(
        failure, heading=heading_above(cells, failure.cell), line=_first_line(cells[failure.cell - 1].source)
    )


def plain_reason(name: str, value: str) -> str:
    """Write an error of a cell in words; the kit's own messages need no name in front."""
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, errors.SalesopsError):
        return value.strip()
    return f"{name}: {value.strip()}" if value.strip() else name


def heading_above(cells: list[Any], number: int) -> str:
    """The last Markdown heading above the cell with this number, without its marks."""
    for cell in reversed(cells[: max(number - 1, 0)]):
        if cell.cell_type == "markdown":
            headings = [line.lstrip("#").strip() for line in cell.source.splitlines() if line.startswith("#")]
            if headings:
                return str(headings[-1])
    return ""


def read_cells(notebook: Path) -> list[Any]:
    """The cells of a notebook file; none where there is no such file."""
    import nbformat

    return list(nbformat.read(notebook, as_version=4).cells) if notebook.exists() else []  # type: ignore[no-untyped-call]


def n_cells(template: Path) -> int:
    """How many cells a template has."""
    return len(read_cells(template))


def _first_line(source: str) -> str:
    lines = [line for line in source.splitlines() if line.strip()]
    return lines[0].strip() if lines else ""
