"""A JupyterLab for tests: on this machine only, with a folder of its own for everything it would keep."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat.sign import NotebookNotary

from salesops_lib.commands.lab import lab_command

PATIENCE = 120
"""Seconds that a server may take to answer on a busy machine."""
SETTINGS = {
    # Every cell is laid out, seen or not, so that it can be measured.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
}


def write_trusted(notebook: Any, root: Path, name: str) -> None:
    """Write an executed notebook where `lab` will serve it, signed: JupyterLab strips the style off any other."""
    path = root / "notebooks" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    NotebookNotary(data_dir=str(_made(root, "data"))).sign(nbformat.read(path, as_version=4))


@contextlib.contextmanager
def lab(root: Path) -> Iterator[str]:
    """Run `salesops lab` on the notebooks in this folder until the block ends; yields the address of notebook `{name}`."""
    port, token = _free_port(), secrets.token_hex(16)
    for name, setting in SETTINGS.items():
        path = root / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(setting), encoding="utf-8")
    with contextlib.chdir(root):
        command = lab_command(
            [
                "--no-browser",
                "--ServerApp.ip=127.0.0.1",
                f"--ServerApp.port={port}",
                "--ServerApp.port_retries=0",
                f"--IdentityProvider.token={token}",
                "--ServerApp.allow_root=True",  # as CI runs
                "--LabApp.extension_manager=readonly",
            ]
        )
    log = root / "lab.log"
    with (
        log.open("w") as written,
        subprocess.Popen(
            command, cwd=root, env=_environment(root), stdin=subprocess.DEVNULL, stdout=written, stderr=written
        ) as server,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/api/status?token={token}", server, log)
            # Reset, or what was opened before would open beside it.
            yield f"http://127.0.0.1:{port}/lab/tree/notebooks/{{name}}.ipynb?token={token}&reset"
        finally:
            # Asked to end, it ends its kernels as well.
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


def _environment(root: Path) -> dict[str, str]:
    """Nothing is read from or left in the home of whoever runs the tests."""
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    return {**os.environ, **{name: str(_made(root, folder)) for name, folder in folders.items()}}


def _made(root: Path, name: str) -> Path:
    folder = root / name
    folder.mkdir(exist_ok=True)
    return folder


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers; whatever it logged is the reason when it does not."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(PATIENCE * 4):
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            direct.open(address, timeout=5).close()
            return
        if server.poll() is not None:
            break
        time.sleep(0.25)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}")
