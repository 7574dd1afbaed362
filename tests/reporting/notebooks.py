"""Small notebooks for tests of the engine, and the fakes that stand in for page and engine."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from salesops_lib.reporting.notebooks.execution import Failure, NotebookResult, NotebookRun, OnCell

PARAMETERS = """period: str = "2026-01"  # month to report
parameters: str = "parameters"
min_closed: int = 20
share: float = 0.5
is_brief: bool = False"""


def write_notebook(path: Path, *cells: str, parameters: str = PARAMETERS) -> Path:
    """A notebook with a title, a cell of parameters and these cells; what starts like a heading is Markdown."""
    made = [new_markdown_cell(f"# {path.stem}"), new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    made += [new_markdown_cell(cell) if cell.startswith(("# ", "## ")) else new_code_cell(cell) for cell in cells]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=made, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def run_of(template: Path, target: Path, **parameters: Any) -> NotebookRun:
    """A run of this template."""
    return NotebookRun(template.stem, template, {"period": "2026-09", "parameters": "parameters", **parameters}, target)


@dataclass(frozen=True)
class FakeEngine:
    """Copies the template instead of running it; notebooks whose name holds ``bad`` fail."""

    def execute(self, run: NotebookRun, on_cell: OnCell) -> NotebookResult:
        """Leave the template as the executed notebook."""
        on_cell(1, 1)
        run.target.parent.mkdir(parents=True, exist_ok=True)
        run.target.write_bytes(run.template.read_bytes())
        failure = Failure("cell", "ZeroDivisionError: division by zero", 3, "Win rates") if "bad" in run.name else None
        return NotebookResult(run.name, 1.5, failure)


def fake_page(path: Path, *, pack: list[tuple[str, str]], previous_href: str | None) -> Any:
    """A page with one finding, one table and one card, shaped like the real one."""
    name = path.stem
    links = "".join(f'<a href="{href}">{title}</a>' for title, href in pack)
    finding = {
        "name": "win_rate", "title": f"{name} found 3 <things>", "text": "Three. **Bold** & more.", "status": "watch",
        "stake": 10.0, "is_headline": True, "action": None, "anchor": "win-rate",
    }  # fmt: skip
    return SimpleNamespace(
        html=f'<!DOCTYPE html><html lang="en"><head><title>{name}</title></head><body><nav>{links}</nav><main>'
        f'<h1>{name}</h1><section id="win-rate"><h2>Found</h2><a href="tables/{name}/win_rate.csv">CSV</a></section>'
        "</main></body></html>",
        title=name.partition("_")[2].replace("_", " ").capitalize() or name,
        findings=[finding],
        tables={"win_rate": "rep_id,name,win_rate\n1,Ana,0.5\n"},
        makers={"win_rate": "area.metrics.win_rate"},
        cards=[
            {"key": "bookings", "label": "Bookings", "value": 2_030_000.0, "unit": "amount", "series": [1.0, 2.0, 2.5]}
        ],
        checks={"passed": 3, "warnings": 1, "errors": 0},
        details={},
    )


def broken_page(path: Path, *, pack: list[tuple[str, str]], previous_href: str | None) -> Any:
    """A converter that cannot cope."""
    raise ValueError("no such template")


def double(job: int, on_cell: OnCell) -> int:
    """Work for a worker: twice the number."""
    on_cell(1, 2)
    return 2 * job


def die_on_two(job: int, on_cell: OnCell) -> int:
    """Work that takes its worker down when the number is 2."""
    import os
    import signal

    if job == 2:
        print("reading the deals", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    return job


def sleep_with_child(job: Path, on_cell: OnCell) -> int:
    """Work that starts a kernel, notes its process id and waits for ever."""
    from salesops_lib.reporting.notebooks.kernels import ThisInterpreterKernelManager

    manager = ThisInterpreterKernelManager()
    manager_start = manager.start_kernel()
    import asyncio

    asyncio.run(manager_start)
    job.write_text(str(manager.provisioner.pid))
    on_cell(1, 1)
    time.sleep(600)
    return 0
