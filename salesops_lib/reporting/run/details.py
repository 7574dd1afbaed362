"""Parameters, versions and fingerprint of a run, as the foot of a report shows them."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import salesops_lib
from salesops_lib.parameters.wording import shown

if TYPE_CHECKING:
    from salesops_lib.reporting.run.run import Run

_PACKAGES = ("pandas", "duckdb", "ibis-framework", "matplotlib", "statsmodels", "papermill", "nbconvert")


def details_of(run: Run) -> dict[str, dict[str, str]]:
    """What a run was given and ran on, as groups of names and values; no credential is among them."""
    return {
        "Parameters": {name: _value(value) for name, value in run.options.items()},
        "Company": {
            "company": run.parameters.company.name,
            "currency": run.parameters.company.currency,
            "time zone": run.parameters.company.time_zone,
            "as of": run.as_of.isoformat(),
            "source": run.parameters.company.source.kind,
            **({"data fingerprint": run.quality.fingerprint[:16]} if run.quality.fingerprint else {}),
        },
        "Versions": {"salesops kit": salesops_lib.__version__, "Python": platform.python_version(), **_versions()},
    }


def _value(value: Any) -> str:
    return shown(value).strip("`")


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
