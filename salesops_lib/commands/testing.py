"""``salesops test``: everything that must hold before a change is shared."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from salesops_lib.commands.project import REPOSITORY
from salesops_lib.errors import SalesopsError

CHECKS: dict[str, list[str]] = {
    "ruff": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
    # A file stays on one core: its fixtures, such as a whole pack or a database, are made once.
    "pytest": ["pytest", "-n", "auto", "--dist", "loadfile"],
    # The cells tagged `check` keep their outputs; nbval runs each notebook and compares those.
    "notebooks": ["pytest", "-p", "nbval", "--nbval-lax", "--nbval-current-env", "notebooks"],
}


def run_checks(arguments: Sequence[str] = ()) -> bool:
    """Run every check, also after one has failed; with arguments, only pytest on them.

    Returns:
        Whether all passed.
    """
    if not (REPOSITORY / "tests").is_dir():
        raise SalesopsError(
            "The tests are part of the repository, not of the installed package. Clone it and run `make test`."
        )
    if arguments:
        return _run(["pytest", *arguments]) == 0
    failed = []
    for name, command in CHECKS.items():
        print(f"== {name}", flush=True)
        if _run(command):
            failed.append(name)
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return not failed


def _run(command: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", *command], cwd=REPOSITORY, check=False).returncode  # noqa: S603 - fixed commands
