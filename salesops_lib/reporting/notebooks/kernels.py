"""Kernels of this very interpreter, reachable from this machine only.

A notebook says it wants ``python3``. On a machine with several Pythons that name may lead to another
interpreter, without the kit. Here it always leads to the one that runs now, activated or not.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.paths import jupyter_runtime_dir
from traitlets import default

_managers: list[ThisInterpreterKernelManager] = []
"""Every manager this process has made; one whose kernel has ended holds no process any more."""
_numbers = itertools.count(1)
LONGEST_SOCKET = 100
"""Characters of a socket's path; systems allow 104 to 108. In a deeper folder kernels listen on ports."""


class ThisInterpreterKernelSpecs(KernelSpecManager):
    """Knows one kernel, ``python3``, and it is the interpreter that runs now."""

    def find_kernel_specs(self) -> dict[str, str]:
        """Kernel names and the folders of their icons."""
        import ipykernel

        return {NATIVE_KERNEL_NAME: str(Path(ipykernel.__file__).parent / "resources")}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # noqa: ARG002 - every name means this interpreter
        """How to start the kernel, whatever it is called."""
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3 (salesops)",
            language="python",
            name=NATIVE_KERNEL_NAME,
            resource_dir=self.find_kernel_specs()[NATIVE_KERNEL_NAME],
        )


class ThisInterpreterKernelManager(AsyncKernelManager):
    """Starts kernels of this interpreter and remembers them, so that none is left behind."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        folder = Path(jupyter_runtime_dir())
        name = f"k{os.getpid()}-{next(_numbers)}"
        if sys.platform != "win32" and len(str(folder / f"{name}-ipc-1")) <= LONGEST_SOCKET:
            # Sockets in a private folder: no port to race for with the worker beside this one, and
            # nobody else on the machine can connect.
            self.transport = "ipc"
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.connection_file = str(folder / f"{name}.json")
        _managers.append(self)

    @default("kernel_spec_manager")
    def _only_this_interpreter(self) -> KernelSpecManager:
        return ThisInterpreterKernelSpecs(parent=self)


def end_kernels() -> None:
    """End every kernel of this process that still runs, at once and with its children."""
    for manager in _managers:
        pid = getattr(manager.provisioner, "pid", None) if manager.has_kernel else None
        if pid:
            with suppress(OSError):
                if sys.platform == "win32":
                    os.kill(pid, signal.SIGTERM)
                else:
                    os.killpg(pid, signal.SIGKILL)  # a kernel leads its own process group
    _managers.clear()
