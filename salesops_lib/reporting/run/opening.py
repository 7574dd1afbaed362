"""How a notebook opens its report: what it was given is checked, then the data is opened."""

from __future__ import annotations

from typing import Any

from salesops_lib import wording
from salesops_lib.reporting.blocks.quality import quality_of
from salesops_lib.reporting.run.notebook_parameters import (
    check_notebook_parameters,
    chosen_source,
    find_parameters,
    notebook_globals,
)
from salesops_lib.reporting.run.run import Run


def start_run(notebook: str, *, period: str, parameters: str = "parameters", source: str = "", **options: Any) -> Run:
    """Open a report: check what the notebook was given, then open the data as of the report's evening.

    Args:
        notebook: Name of the notebook, for instance ``02_rep_comparison``.
        period: What to report, as its label; a month is written ``2026-09``.
        parameters: The company's parameters folder, from the current folder or the project's root.
        source: Folder of the company's export, where it is not the one in company.yaml;
            the environment variable ``SALESOPS_SOURCE`` says the same.
        options: The notebook's other parameters; shown in the details. ``confidence`` and ``min_closed``
            stand above the company's choice.

    Errors:
        ParameterError: Something given is misspelt, of the wrong type, or wrong in the parameters.
        PeriodError: The period's label is not one.
        DataError: The data failed a check of severity error.
    """
    check_notebook_parameters(notebook_globals())
    import pandas as pd

    from salesops_lib.data import open_data
    from salesops_lib.data.anonymous import shown_parameters
    from salesops_lib.parameters import read_parameters

    read = read_parameters(find_parameters(parameters), source=chosen_source(source))
    report_period = read.calendar.period(period)
    wording.use_currency(read.company.currency)
    # JupyterLab takes two amounts of dollars in one cell of a displayed frame for a formula.
    pd.set_option("display.html.use_mathjax", False)
    crm, imported = open_data(read)
    given = {"period": period, "parameters": parameters, **({"source": source} if source else {}), **options}
    shown = shown_parameters(crm, read)
    return Run(notebook, period=report_period, parameters=shown, crm=crm, quality=quality_of(imported), options=given)
