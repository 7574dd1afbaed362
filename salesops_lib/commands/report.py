"""``salesops report``: the pack of a month, with progress while it is made and a summary at the end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from salesops_lib.wording import count

if TYPE_CHECKING:
    from salesops_lib.reporting.pack.monthly import Made


def write_report(
    *, month: str, parameters: Path, source: str, out: Path, settings: Sequence[str], jobs: int, is_quiet: bool
) -> bool:
    """Make and publish a month's pack and say where it is.

    Returns:
        Whether every report was made.
    """
    from salesops_lib.commands.project import find_notebooks, report_notebooks

    templates = report_notebooks(find_notebooks(Path.cwd()))

    from salesops_lib.commands.data import usable_company
    from salesops_lib.reporting.notebooks.arguments import read_settings
    from salesops_lib.reporting.pack.monthly import Request, make_month
    from salesops_lib.reporting.pack.progress import Stopwatch, display_for

    watch = Stopwatch()
    read = read_settings(settings)
    display = display_for([template.stem for template in templates], is_quiet=is_quiet)
    display.step("Reading parameters and data")
    company = usable_company(parameters, source)
    made = make_month(
        Request(
            parameters=company.shown,
            facts=company.facts,
            templates=templates,
            out=out,
            month=month,
            source=source,
            settings=read,
            jobs=jobs,
        ),
        display=display,
    )
    print_summary(made, company.facts.quality.words, watch.seconds, is_quiet=is_quiet)
    return not made.failed


def print_summary(made: Made, checks: str, seconds: float, *, is_quiet: bool) -> None:
    """Say where the pack is, what the checks found, what failed and how long it took."""
    import sys

    for report in made.failed:
        if is_quiet and report.failure:
            print(f"{report.name} failed. {report.failure.sentence}", file=sys.stderr)
    if made.failed:
        told = f"{len(made.failed)} of {count(len(made.reports), 'report')} failed."
        if made.place.name != made.period.label:
            told += f" The whole pack of {made.period.label} is kept; the failed one is beside it."
        print(told, file=sys.stderr)
    if is_quiet:
        return
    for note in made.notes:
        print(note)
    print(f"{made.place / 'index.html'}")
    done = len(made.reports) - len(made.failed)
    print(f"{count(done, 'report')}, data: {checks or 'no checks'}, {seconds:.0f} s.")
