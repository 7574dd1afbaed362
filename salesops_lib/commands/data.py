"""``salesops check`` and ``salesops import``: parameters and data, every problem told at once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from salesops_lib.errors import ParameterError, SalesopsError
from salesops_lib.wording import count, day

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.data.importing import ImportedData
    from salesops_lib.parameters import Parameters
    from salesops_lib.reporting.pack.contents import SourceFacts


@dataclass(frozen=True)
class Company:
    """A company's parameters and its imported data, held against each other."""

    parameters: Parameters
    imported: ImportedData
    facts: SourceFacts
    problems: list[str]
    """Why no report can be made, besides failed checks: for instance what in the parameters the data does not know."""
    shown: Parameters
    """The parameters as a pack may show them; like ``facts``, without people where the company shows no names."""


def read_company(folder: Path, source: str) -> Company:
    """Read parameters and data and judge whether they make a report: for ``check`` and for all that write one.

    What can be told beside the rest is not refused here. The marts are made here, once, so that the notebooks do not
    make them side by side.

    Errors:
        ParameterError: Carries every problem of the parameters.
        SourceError: The source cannot be read as declared.
    """
    from salesops_lib.data.importing import import_source
    from salesops_lib.parameters import read_parameters, without_people
    from salesops_lib.reporting.pack.source_facts import facts_of, problems_against_data

    parameters = read_parameters(folder, source=source)
    imported = import_source(parameters)
    facts = facts_of(imported.without_people() if parameters.company.anonymise else imported)
    problems = problems_against_data(parameters, imported, facts)
    if imported.errors.empty:  # data that failed a check cannot be opened
        problems += _problems_of(lambda: _opened(parameters, imported))
    return Company(parameters, imported, facts, problems, without_people(parameters))


def _opened(parameters: Parameters, imported: ImportedData) -> Crm:
    """The company's data; the marts are made here, once, so that the notebooks do not make them side by side."""
    from salesops_lib.data.loading import crm_from_folder

    return crm_from_folder(
        imported.folder, as_of=imported.as_of, parameters=parameters, fingerprint=imported.fingerprint
    )


def _problems_of(step: Callable[[], object]) -> list[str]:
    """What a step refuses to go on with, one text each; nothing where it goes through."""
    try:
        step()
    except ParameterError as error:
        return error.problems
    except SalesopsError as error:
        return [str(error)]
    return []


def usable_company(folder: Path, source: str) -> Company:
    """The same, ready for a report: anything that would make it wrong is an error, all of it at once.

    Errors:
        SalesopsError: Lists every problem and every check of severity error.
    """
    from salesops_lib.data.anonymous import anonymised, shown_parameters
    from salesops_lib.data.importing import require_usable
    from salesops_lib.parameters.anonymous import people_of

    company = read_company(folder, source)
    told = []
    if company.problems:
        told.append(
            "\n".join(
                [f"{count(len(company.problems), 'problem')} in parameters and data:", *_indented(company.problems)]
            )
        )
    try:
        require_usable(company.imported)
    except SalesopsError as error:
        told.append(str(error))
    if told:
        raise SalesopsError("\n".join(told))
    if not company.parameters.company.anonymise:
        return company
    coded = anonymised(_opened(company.parameters, company.imported), people_of(company.parameters))
    return replace(company, shown=shown_parameters(coded, company.parameters))


def check_company(folder: Path, source: str) -> bool:
    """Print every check that found something, then every reason why ``report`` would refuse.

    Returns:
        Whether a report could be made.
    """
    company = read_company(folder, source)
    checks = company.imported.checks
    if company.imported.is_dated:
        print(f"Data from {day(company.facts.first_day)} to {day(company.facts.as_of)}.")
    print_counts(company.imported)
    for severity, word in (("error", "ERROR"), ("warning", "warning")):
        for row in checks[checks["severity"] == severity].itertuples():
            print(f"{word:8}{row.detail} {row.what_to_do}".rstrip())
    problems = company.problems + _problems_in_planning(company, source)
    for problem in problems:
        print(f"{'ERROR':8}{problem}")
    n_errors = len(company.imported.errors) + len(problems)
    n_warnings = int((checks["severity"] == "warning").sum())
    passed = len(checks) - len(company.imported.errors) - n_warnings
    print(f"{count(passed, 'check')} passed, {count(n_warnings, 'warning')}, {count(n_errors, 'error')}.")
    if n_errors:
        print("No report can be made until the errors are mended.", file=sys.stderr)
    return n_errors == 0


def _problems_in_planning(company: Company, source: str) -> list[str]:
    """Why ``report`` would not begin: no month to report, or notebooks that do not take what it offers."""
    from salesops_lib.commands.project import find_notebooks, report_notebooks
    from salesops_lib.reporting.pack.monthly import Request, planned

    if not company.imported.is_dated:
        return []
    templates = report_notebooks(find_notebooks(Path.cwd()))
    request = Request(company.parameters, company.facts, templates, out=Path(), source=source)
    return _problems_of(lambda: planned(request))


def import_company(folder: Path, source: str) -> bool:
    """Import the data and print what became of its rows.

    Returns:
        Whether the data passed every check of severity error.
    """
    from salesops_lib.data.importing import import_source
    from salesops_lib.parameters import read_parameters

    imported = import_source(read_parameters(folder, source=source))
    print_counts(imported)
    print(f"Tables: {imported.folder}")
    if imported.counts["rows_set_aside"].sum():
        print(f"Rows set aside, with reasons: {imported.quarantine}")
    for row in imported.errors.itertuples():
        print(f"{row.detail} {row.what_to_do}".rstrip(), file=sys.stderr)
    return bool(imported.errors.empty)


def print_counts(imported: ImportedData) -> None:
    """Print rows in and what became of them, table by table."""
    from rich.console import Console
    from rich.table import Table

    columns = [
        name
        for name in imported.counts.columns
        if name in ("table", "rows_in", "rows_used") or imported.counts[name].any()
    ]
    table = Table(box=None, pad_edge=False)
    for name in columns:
        table.add_column(name.replace("_", " "), justify="left" if name == "table" else "right")
    for row in imported.counts[columns].to_dict("records"):
        table.add_row(*(str(value) if name == "table" else f"{value:,}" for name, value in row.items()))
    Console().print(table)


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]
