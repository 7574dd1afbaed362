"""``salesops lab``: JupyterLab on the notebooks, in this interpreter and without calls home."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from salesops_lib.commands.project import find_notebooks


def lab_command(arguments: Sequence[str] = ()) -> list[str]:
    """The command that opens JupyterLab.

    Its kernels are this interpreter, activated or not. It asks nobody for news or updates. Who may
    connect is left to Jupyter's own defaults: this machine only, with a token.
    """
    notebooks = find_notebooks(Path.cwd())
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={notebooks.parent}",
        f"--LabApp.default_url=/lab/tree/{notebooks.name}",
        "--ServerApp.kernel_spec_manager_class=salesops_lib.reporting.notebooks.kernels.ThisInterpreterKernelSpecs",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        *arguments,
    ]


def open_lab(arguments: Sequence[str] = ()) -> int:
    """Open JupyterLab and stay until it is closed; returns its exit code."""
    process = subprocess.Popen(lab_command(arguments))  # noqa: S603 - this interpreter
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # JupyterLab asks whether to stop; it hears the same Ctrl-C
            continue
