"""``run.json``: what a pack was made from and how, for people who ask and for the index over months.

Nothing secret stands in it: parameters are written by their own public form, a connection is only ever
the name of an environment variable, and no environment variable's value is read.
"""

from __future__ import annotations

import json
import math
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from salesops_lib import __version__
from salesops_lib.reporting.blocks.card import card_data
from salesops_lib.reporting.pack.contents import Contents, title_of
from salesops_lib.reporting.pack.publish import KIT, RUN_FILE

_PACKAGES = (
    "papermill", "nbconvert", "pandas", "numpy", "statsmodels", "matplotlib", "seaborn", "duckdb", "ibis-framework",
    "pyarrow", "pydantic", "xlsxwriter",
)  # fmt: skip


def record_of(contents: Contents, *, seconds: float, notes: list[str], files: list[str]) -> dict[str, Any]:
    """Gather the record of a pack."""
    facts = contents.facts
    return {
        "kit": KIT,
        "status": "whole" if contents.is_whole else "failed",
        "company": contents.parameters.company.name,
        "currency": contents.parameters.company.currency,
        "month": contents.period.label,
        "month_title": contents.month_title,
        "as_of": contents.as_of.isoformat(),
        "partial": contents.partial,
        "data": {
            "from": facts.first_day.isoformat(),
            "as_of": facts.as_of.isoformat(),
            "fingerprint": facts.quality.fingerprint,
            "rows": dict(facts.quality.rows),
            "rows_by_table": dict(facts.rows),
        },
        "checks": {
            **facts.quality.counts,
            "words": facts.quality.words,
            "found": list(facts.quality.checks),
        },
        "cards": [card_data(card) for card in contents.cards],
        "headlines": [
            {"status": each.status, "title": each.title, "report": each.report, "href": each.href}
            for each in contents.headlines()
        ],
        "notebooks": [
            {
                "name": report.name,
                "title": title_of(report.name),
                "href": report.href,
                "seconds": round(report.result.seconds, 3),
                "page_seconds": round(report.page_seconds, 3),
                "failure": report.failure.sentence if report.failure else None,
                "parameters": dict(contents.arguments.get(report.name, {})),
                "tables": list(report.tables),
            }
            for report in contents.reports
        ],
        "parameters": contents.parameters.public(),
        "versions": versions(),
        "notes": notes,
        "seconds": round(seconds, 3),
        "files": files,
    }


def versions() -> dict[str, str]:
    """Versions of the kit, of Python and of the packages that numbers depend on."""
    found = {"salesops-kit": __version__, "python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def write_record(folder: Path, record: dict[str, Any]) -> None:
    """Write ``run.json`` into a pack's folder."""
    text = json.dumps(_without_nan(record), indent=1, ensure_ascii=False, default=str, allow_nan=False)
    (folder / RUN_FILE).write_text(text + "\n", encoding="utf-8")


def _without_nan(value: Any) -> Any:
    """JSON has no not-a-number: a missing figure is null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _without_nan(each) for key, each in value.items()}
    return [_without_nan(each) for each in value] if isinstance(value, list | tuple) else value
