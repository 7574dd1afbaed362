"""Reports: from a notebook's cells to pages that people want to read.

``start_run`` is the way in for notebooks. Importing this package alone stays light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from salesops_lib.reporting.run.opening import start_run
    from salesops_lib.reporting.run.run import Run
    from salesops_lib.reporting.tables.table import TableView

__all__ = ["Run", "TableView", "start_run"]

_HOMES = {
    "Run": "salesops_lib.reporting.run.run",
    "start_run": "salesops_lib.reporting.run.opening",
    "TableView": "salesops_lib.reporting.tables.table",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
