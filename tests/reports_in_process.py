"""Whole reports in this process: a notebook's cells run as they stand, without a kernel, and their charts are drawn."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest

from salesops_lib import reporting, theme
from salesops_lib.data.crm import Crm
from salesops_lib.parameters import Parameters
from salesops_lib.reporting.blocks import section
from salesops_lib.reporting.blocks.block import Block
from salesops_lib.reporting.charts import chart
from salesops_lib.reporting.run.run import Run

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


@dataclass(repr=False)
class Reports:
    """What the six notebooks show of one company."""

    blocks: list[Block] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """One sentence per cell that raised: notebook, cell and error."""
    drawn: list[str] = field(default_factory=list)
    """Names of the sections whose chart was drawn."""

    def of(self, kind: str) -> list[Block]:
        """The blocks of a kind."""
        return [block for block in self.blocks if block.kind == kind]

    def finding(self, name: str) -> dict[str, Any]:
        """The finding of a section, as data: title, text, status and so on."""
        return next(block.data["finding"] for block in self.of("section") if block.data["name"] == name)


def reports_of(crm: Crm, parameters: Parameters, month: str, *, width: float = theme.WIDE) -> Reports:
    """Run the code cells of every notebook for a company and month.

    A cell that raises does not stop those that need nothing of it, so that one run tells all that fails.

    Args:
        crm: The company's data.
        parameters: Its parameters.
        month: Label of the month.
        width: Width at which each chart is drawn, once; a page has two.
    """
    reports = Reports()
    # As a run would see it, made once for all notebooks.
    crm = crm.at(min(crm.as_of, crm.calendar.period(month).end))
    for path in NOTEBOOKS:
        with _in_place_of_kernel(reports, crm, parameters, month, width):
            _run_cells(path, reports)
    return reports


def _run_cells(path: Path, reports: Reports) -> None:
    names: dict[str, Any] = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        python = "\n".join(line for line in cell.source.split("\n") if not line.startswith("%"))
        try:
            with warnings.catch_warnings():
                # What the kit's own code is warned of would stand in the report as a stray line, or fail next year.
                warnings.filterwarnings("error", module=r"salesops_lib\.")
                exec(compile(python, f"{path.stem}, cell {cell['id']}", "exec"), names)
        except Exception as error:
            reports.failures.append(f"{path.stem}, cell {cell['id']}: {type(error).__name__}: {error}")


@contextmanager
def _in_place_of_kernel(reports: Reports, crm: Crm, parameters: Parameters, month: str, width: float) -> Iterator[None]:
    """Notebooks that start a run get one of this company, whose blocks are kept and whose charts are drawn once."""

    def start(notebook: str, **given: Any) -> Run:
        options = {name: value for name, value in given.items() if name not in ("period", "parameters", "source")}
        period = crm.calendar.period(month)
        return Run(notebook, period=period, parameters=parameters, crm=crm, options=options, show=reports.blocks.append)

    def draw_once(draw: Any, *, name: str, alt: str) -> str:
        drawing, _keys = chart._drawing(draw, width, name, "so-wide")
        reports.drawn.append(name)
        return drawing

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reporting, "start_run", start, raising=False)
        patch.setattr(section, "write_chart", draw_once)
        yield
