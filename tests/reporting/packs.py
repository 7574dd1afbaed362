"""A made-up month for tests of the pack: parameters, facts and reports, without any notebook run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from salesops_lib.parameters import Parameters, read_parameters
from salesops_lib.reporting.blocks.quality import Quality
from salesops_lib.reporting.notebooks.report import ReportJob, ReportMaker
from salesops_lib.reporting.pack.contents import Contents, SourceFacts
from salesops_lib.reporting.pack.monthly import Request
from tests.reporting.notebooks import FakeEngine, fake_page, run_of, write_notebook

COMPANY = """
name: Northwind <Instruments>
currency: USD
time_zone: America/Chicago
source: {kind: demo}
kpis:
  bookings: {label: Bookings, owner: Ana, target: 2500000, threshold: 2200000, action: Call the team}
"""

QUALITY = Quality(
    checks=(
        {
            "check": "Unique deals",
            "severity": "pass",
            "table": "deals",
            "n_rows": 0,
            "detail": "All.",
            "what_to_do": "",
        },
        {
            "check": "Owners",
            "severity": "warning",
            "table": "deals",
            "n_rows": 3,
            "detail": "<3> left.",
            "what_to_do": "Ask.",
        },
    ),
    rows={"rows_in": 1000, "rows_used": 997, "rows_set_aside": 3},
    fingerprint="f1",
)


def parameters_in(folder: Path) -> Parameters:
    """The parameters of a small company, written into a folder."""
    (folder / "parameters").mkdir(parents=True, exist_ok=True)
    (folder / "parameters" / "company.yaml").write_text(COMPANY, encoding="utf-8")
    return read_parameters(folder / "parameters")


def facts(**changes: Any) -> SourceFacts:
    """Data from January 2024 to 2 October 2026, three rows set aside."""
    return replace(SourceFacts(date(2024, 1, 5), date(2026, 10, 2), QUALITY, {"opportunities": 900}), **changes)


def request_in(folder: Path, *names: str, **changes: Any) -> Request:
    """A request for a pack of these notebooks, into ``folder/reports``."""
    templates = [write_notebook(folder / "notebooks" / f"{name}.ipynb", "print(1)") for name in names]
    return replace(Request(parameters_in(folder), facts(), templates, folder / "reports", "2026-09", jobs=1), **changes)


def contents_in(folder: Path, *names: str, **changes: Any) -> Contents:
    """The contents of a pack whose reports are written into ``folder/pack``."""
    parameters = parameters_in(folder)
    pack = (("Overview", "index.html"), *((name, f"{name}.html") for name in names))
    maker = ReportMaker(FakeEngine(), fake_page)
    reports = []
    for name in names:
        template = write_notebook(folder / "notebooks" / f"{name}.ipynb", "print(1)")
        run = run_of(template, folder / "pack" / "notebooks" / f"{name}.ipynb")
        reports.append(maker(ReportJob(run, folder / "pack", pack, name), lambda cell, cells: None))
    values = {"questions": {name: f"What of {name}?" for name in names}, **changes}
    return Contents(parameters, parameters.calendar.period("2026-09"), facts(), reports, **values)
