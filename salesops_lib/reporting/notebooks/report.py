"""From a template to a page: run one notebook, clean what it left, and write its page and tables.

This is what a worker does with each notebook, as soon as the one before is done. Whatever goes wrong
is part of what it hands back; a report that failed still has a page that says so.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesops_lib.reporting.notebooks.execution import (
    Engine,
    Failure,
    NotebookResult,
    NotebookRun,
    OnCell,
    PapermillEngine,
)
from salesops_lib.reporting.notebooks.redaction import Redactor, redact_notebook
from salesops_lib.reporting.pack.earlier import REPORTS_VARIABLE
from salesops_lib.reporting.templates.rendering import render

if TYPE_CHECKING:
    from salesops_lib.reporting.notebooks.page import Page

Convert = Callable[..., "Page"]


@dataclass(frozen=True)
class ReportJob:
    """One report to make inside the folder of a pack."""

    run: NotebookRun
    folder: Path
    pack: tuple[tuple[str, str], ...]
    """Title and link of every report of the pack, in reading order."""
    title: str
    previous_href: str | None = None
    secret_variables: tuple[str, ...] = ()
    """Environment variables that the parameters name; their values never appear."""


@dataclass(frozen=True)
class Report:
    """One report as made: its run, its page and what the pack takes from it."""

    name: str
    title: str
    result: NotebookResult
    page_seconds: float = 0.0
    findings: Sequence[Mapping[str, Any]] = ()
    cards: Sequence[Mapping[str, Any]] = ()
    checks: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    """Names of its tables, in the order of the page."""
    makers: Mapping[str, str] = field(default_factory=dict)
    """Table to the dotted name of the function that made it, where one did."""
    has_notebook: bool = True
    """Whether the executed notebook is there; a worker that died may have left none."""

    @property
    def failure(self) -> Failure | None:
        """Why it failed, if it did."""
        return self.result.failure

    @property
    def href(self) -> str:
        """Its page, relative to the pack."""
        return f"{self.name}.html"


@dataclass(frozen=True)
class ReportMaker:
    """Makes a report; another process imports it, so both parts are named functions and classes."""

    engine: Engine = field(default_factory=PapermillEngine)
    convert: Convert | None = None
    """How a notebook becomes a page; the kit's own where absent."""

    def __call__(self, job: ReportJob, on_cell: OnCell) -> Report:
        """Run the notebook, convert it and write page and tables into the pack's folder."""
        # Not a parameter of the notebook: a pack must not carry this machine's folders.
        os.environ[REPORTS_VARIABLE] = str(job.folder.parent)
        result = self.engine.execute(job.run, on_cell)
        redactor = Redactor(job.secret_variables)
        if result.failure:
            result = replace(result, failure=_clean(result.failure, redactor))
        started = time.perf_counter()
        try:
            page = self._page(job, redactor)
        except Exception as error:  # whatever a converter can raise must cost this page only
            failure = result.failure or Failure("page", redactor.text(f"{type(error).__name__}: {error}"))
            return failed_report(job, replace(result, failure=failure))
        write_tables(job.folder / "tables" / job.run.name, page.tables)
        (job.folder / f"{job.run.name}.html").write_text(redactor.text(page.html), encoding="utf-8")
        return Report(
            job.run.name,
            page.title or job.title,
            result,
            page_seconds=time.perf_counter() - started,
            findings=redactor.anything(page.findings),
            cards=redactor.anything(page.cards),
            checks=redactor.anything(page.checks),
            details=redactor.anything(page.details),
            tables=tuple(page.tables),
            makers=dict(page.makers),
        )

    def _page(self, job: ReportJob, redactor: Redactor) -> Page:
        redact_notebook(job.run.target, redactor)
        convert = self.convert or _kits_own_converter()
        return convert(job.run.target, pack=list(job.pack), previous_href=job.previous_href)


def _kits_own_converter() -> Convert:
    from salesops_lib.reporting.notebooks.page import convert_notebook

    return convert_notebook


def failed_report(job: ReportJob, result: NotebookResult) -> Report:
    """A report of which nothing could be shown: its page says what failed and leads back to the pack."""
    sentence = result.failure.sentence if result.failure else ""
    page = f"{render('failed_report', title=job.title, sentence=sentence)}\n"
    (job.folder / f"{job.run.name}.html").write_text(page, encoding="utf-8")
    return Report(job.run.name, job.title, result, has_notebook=job.run.target.is_file())


def lost_report(job: ReportJob, last_words: str) -> Report:
    """The report of a worker that died: said plainly, like any other failure."""
    reason = (
        "The process that made this report was ended from outside, most often because the machine ran out of memory."
    )
    said = f" It last said: {Redactor(job.secret_variables).text(last_words)}" if last_words else ""
    return failed_report(job, NotebookResult(job.run.name, 0.0, Failure("worker", reason + said)))


def write_tables(folder: Path, tables: Mapping[str, str]) -> None:
    """Write each table as a CSV file, exactly as the page holds it."""
    if tables:
        folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")


def _clean(failure: Failure, redactor: Redactor) -> Failure:
    return replace(failure, reason=redactor.text(failure.reason), line=redactor.text(failure.line))
