"""A small report for tests: a made-up company, a run that keeps what it shows, and its notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from salesops_lib import wording
from salesops_lib.parameters import Parameters, read_parameters
from salesops_lib.reporting.blocks.block import Block
from salesops_lib.reporting.blocks.quality import Quality
from salesops_lib.reporting.run.run import Run
from tests.builders import make_crm
from tests.reporting import sample_area

COMPANY = """
name: Northwind & Sons
currency: USD
time_zone: America/Chicago
source: {kind: demo}
kpis:
  win_rate:
    {label: Win rate, owner: Ana Ruiz, target: 0.32, threshold: 0.27, direction: up,
     action: Review lost deals with the team}
"""
QUARTER = """
quarter: 2026-Q3
commentary:
  win_rate_by_rep: Two reps were on leave in **August**, <i>so</i> n is small.
"""
QUALITY = Quality(
    checks=(
        {
            "check": "Rows loaded",
            "severity": "pass",
            "table": "opportunities",
            "n_rows": 5495,
            "detail": "5,495 deals.",
            "what_to_do": "",
        },
        {
            "check": "No next step",
            "severity": "warning",
            "table": "opportunities",
            "n_rows": 38,
            "detail": "38 open deals <4.1%>.",
            "what_to_do": "Fill them in.",
        },
    ),
    rows={"rows_in": 5500, "rows_used": 5495, "rows_set_aside": 5},
    fingerprint="0123456789abcdef0123",
)
PACK = [
    ("Performance", "01_performance_visibility.html"),
    ("Rep comparison", "02_rep_comparison.html"),
    ("Forecast", "03_forecasting.html"),
]


def sample_parameters(folder: Path) -> Parameters:
    """The parameters of a small company, written into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "company.yaml").write_text(COMPANY, encoding="utf-8")
    (folder / "2026-Q3.yaml").write_text(QUARTER, encoding="utf-8")
    return read_parameters(folder)


def sample_run(folder: Path, shown: list[Block], *, period: str = "2026-09", **options: Any) -> Run:
    """A run over four reps without leads; what it shows is added to ``shown``."""
    parameters = sample_parameters(folder)
    wording.use_currency("USD")
    crm = make_crm(
        deals=[("ana", "2026-08-01", "won"), ("bo", "2026-09-01", "lost"), ("cy", "2026-09-12", "won")],
        reps=["ana", "bo", "cy", {"rep_id": "dee", "name": "Dee <script>alert(1)</script>"}],
    )
    options = {"period": period, "parameters": "parameters", **options}
    return Run(
        "02_rep_comparison",
        period=parameters.calendar.period(period),
        parameters=parameters,
        crm=crm,
        quality=QUALITY,
        options=options,
        show=shown.append,
    )


def sample_cards() -> pd.DataFrame:
    """Six key figures."""
    series = [1.7e6, 1.9e6, 2.3e6, 1.3e6, 1.8e6, 2.2e6, 2.4e6, 1.7e6, 2.1e6, 1.6e6, 1.8e6, 2.03e6]
    rates = [0.28, 0.3, 0.27, None, 0.29, 0.31, 0.3, 0.28, 0.27, 0.26, 0.24, 0.264]
    columns = [
        "key",
        "label",
        "value",
        "unit",
        "change",
        "change_unit",
        "compared_with",
        "target",
        "n",
        "low",
        "high",
        "direction",
        "series",
    ]
    rows: list[list[Any]] = [
        ["bookings", "Bookings", 2.03e6, "amount", 0.13, "share", "Aug 2026", 2.2e6, None, None, None, "up", series],
        ["attainment", "Attainment", 0.92, "rate", -0.065, "rate", "Aug 2026", 1.0, None, None, None, "up", series],
        ["win_rate", "Win rate (count)", 0.264, "rate", 0.02, "rate", "Aug 2026", None, 412, 0.223, 0.309, "up", rates],
        [
            "average_deal",
            "Median deal",
            15_000,
            "amount",
            -0.031,
            "share",
            "Aug 2026",
            None,
            None,
            None,
            None,
            "up",
            series,
        ],
        ["cycle_days", "Sales cycle", 31, "days", -3, "days", "Aug 2026", None, None, None, None, "down", series],
        ["pipeline_created", "Pipeline created", None, "amount", None, None, None, None, None, None, None, "up", []],
    ]
    return pd.DataFrame(rows, columns=columns)


def sample_notebook(folder: Path) -> Any:
    """The sample report as an executed notebook, outputs and all."""
    shown: list[Block] = []
    run = sample_run(folder, shown, min_closed=25)
    cells = [
        new_markdown_cell(
            "# Rep comparison\n\n**Question.** Who differs from the team by more than chance would explain? "
            "**For** sales leaders, before the monthly one-to-ones."
        )
    ]
    cells.append(new_code_cell('period: str = "2026-09"', metadata={"tags": ["parameters"]}))

    def cell(source: str, *above: str) -> None:
        cells.extend(new_markdown_cell(text) for text in above)
        cells.append(new_code_cell(source, outputs=[output_of(block) for block in shown]))
        shown.clear()

    run.masthead()
    cell("run.masthead()")
    run.cards(sample_cards)
    cell("run.cards(metric)", "## Where do we stand?")
    run.section(sample_area.bookings_by_month)
    cell("run.section(a.bookings_by_month)", "## Are we on plan?\n\nA bar is a month, the line its goal.")
    run.section(sample_area.win_rate_by_rep)
    cell(
        "run.section(a.win_rate_by_rep)",
        "## Who wins more?\n\nA dot is a rep's win rate, the bar its interval. "
        "Bars that cross the dashed line could be luck.",
    )
    run.section(sample_area.rep_table)
    cell("run.section(a.rep_table)", "## How do the reps compare?")
    run.section(sample_area.leads_by_source)
    cell("run.section(a.leads_by_source)", "## Which leads are worth having?")
    run.actions()
    run.coverage()
    run.checks()
    run.definitions()
    run.details()
    run.headlines()
    cell("run.actions()", "## What to do")
    return new_notebook(cells=cells)


def output_of(block: Block) -> Any:
    """A block as the kernel would have sent it."""
    return new_output("display_data", data=block._repr_mimebundle_())


def write_sample(folder: Path) -> Path:
    """The sample report written as ``02_rep_comparison.ipynb``."""
    path = folder / "02_rep_comparison.ipynb"
    nbformat.write(sample_notebook(folder / "parameters"), path)
    return path
