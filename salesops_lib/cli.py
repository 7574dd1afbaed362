"""The command line: ``salesops report``, ``check``, ``import``, ``new-quarter``, ``lab``, ``test``.

Every target of the Makefile is one of these commands, so that nobody needs make. Errors that the kit
raises on purpose are printed without a traceback and end with exit code 1. Each command imports what
it needs when it runs: ``salesops --help`` answers at once.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, ParamSpec

import typer

from salesops_lib import __version__
from salesops_lib.errors import SalesopsError

app = typer.Typer(
    name="salesops",
    help="Sales operations in notebooks: monthly reports, data checks and the playbook.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,  # locals may hold a connection
)

Arguments = ParamSpec("Arguments")
STOPPED_BY_USER = 130

Parameters = Annotated[
    Path,
    typer.Option(
        "--parameters", "-p", metavar="FOLDER", help="The company's parameters: the folder with company.yaml."
    ),
]
Source = Annotated[
    str,
    typer.Option(
        "--source",
        "-s",
        metavar="FOLDER",
        help="Folder with the company's exports, instead of the one in company.yaml.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing unless something is wrong.")]


def said_plainly(command: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Print the kit's own errors as messages; anything else is a bug and shows where it happened."""

    @functools.wraps(command)
    def run(*values: Arguments.args, **options: Arguments.kwargs) -> None:
        try:
            command(*values, **options)
        except SalesopsError as error:
            print(error, file=sys.stderr)
            raise typer.Exit(1) from error
        except KeyboardInterrupt as error:
            print("Stopped. Nothing was published; earlier packs are as they were.", file=sys.stderr)
            raise typer.Exit(STOPPED_BY_USER) from error

    return run


def _version(is_wanted: bool) -> None:
    if is_wanted:
        print(f"salesops {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Hold what is common to all commands."""


@app.command()
@said_plainly
def report(
    month: Annotated[
        str,
        typer.Option(
            "--month", "-m", metavar="YYYY-MM", help="Month to report; default: the last complete one in the data."
        ),
    ] = "",
    parameters: Parameters = Path("parameters"),
    source: Source = "",
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where the packs go: FOLDER/2026-09/index.html.")
    ] = Path("reports"),
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="Set a notebook's parameter: `min_closed=10`, or `02_rep_comparison.min_closed=10` for one notebook.",
        ),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Notebooks at once; default: one a core.")] = 0,
    quiet: Quiet = False,
) -> None:
    """Write the pack of a month: a page per notebook, tables, workbook, PDF and digest.

    Exit code 0 only when every report was made. A pack with a failed report never replaces a whole one.
    """
    from salesops_lib.commands.report import write_report

    is_whole = write_report(
        month=month, parameters=parameters, source=source, out=out, settings=settings or [], jobs=jobs, is_quiet=quiet
    )
    if not is_whole:
        raise typer.Exit(1)


@app.command()
@said_plainly
def scorecards(
    month: Annotated[
        str, typer.Option("--month", "-m", metavar="YYYY-MM", help="Default: the last complete month in the data.")
    ] = "",
    parameters: Parameters = Path("parameters"),
    source: Source = "",
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where they go: FOLDER/scorecards/2026-09/index.html.")
    ] = Path("reports"),
    quiet: Quiet = False,
) -> None:
    """Write a page for each rep, beside anonymous peers, and one for each team's manager."""
    from salesops_lib.commands.scorecards import write_scorecards

    write_scorecards(month=month, parameters=parameters, source=source, out=out, is_quiet=quiet)


@app.command()
@said_plainly
def check(parameters: Parameters = Path("parameters"), source: Source = "") -> None:
    """Check parameters and data and print every problem; exit code 1 when a report could not be made."""
    from salesops_lib.commands.data import check_company

    if not check_company(parameters, source):
        raise typer.Exit(1)


@app.command("import")
@said_plainly
def import_(parameters: Parameters = Path("parameters"), source: Source = "") -> None:
    """Read the source into checked tables and say how many rows were used, and which were set aside."""
    from salesops_lib.commands.data import import_company

    if not import_company(parameters, source):
        raise typer.Exit(1)


@app.command("new-quarter")
@said_plainly
def new_quarter(
    quarter: Annotated[str, typer.Argument(metavar="YYYY-QN", help="The quarter to write, for instance 2026-Q4.")],
    parameters: Parameters = Path("parameters"),
) -> None:
    """Write a quarter's YAML from the last one: quotas carried over, commentary cleared; never overwrites."""
    from salesops_lib.parameters import write_new_quarter

    written = write_new_quarter(parameters, quarter)
    print(f"Wrote {written.path}.")
    if written.review:
        print("Review before you use it:")
    for line in written.review:
        print(f"  - {line}")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
@said_plainly
def lab(context: typer.Context) -> None:
    """Open JupyterLab on the notebooks, with the kit ready; further options go to JupyterLab."""
    from salesops_lib.commands.lab import open_lab

    raise typer.Exit(open_lab(context.args))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
@said_plainly
def test(context: typer.Context) -> None:
    """Run every check: ruff, mypy, pytest and the notebooks; with arguments, pytest on them only."""
    from salesops_lib.commands.testing import run_checks

    if not run_checks(context.args):
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
