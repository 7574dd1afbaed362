"""Small folders of exports for tests: canonical CSV by default, anything else on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from salesops_lib.data.importing import ImportedData, import_source
from salesops_lib.parameters import Company, Parameters

REPS = "rep_id,name\nana,Ana\nbo,Bo\n"
DEALS = (
    "opportunity_id,rep_id,amount,created_on,closed_on,status,stage\n"
    "D1,ana,1000,2026-07-01,2026-08-03,won,\n"
    "D2,ana,2000,2026-07-02,2026-08-20,lost,\n"
    "D3,bo,500.50,2026-07-03,,open,Talks\n"
)


def parameters_for(folder: Path, *, tables: Mapping[str, Any] | None = None, **company: Any) -> Parameters:
    """Parameters of a company whose exports lie in ``folder``; ``tables`` is the mapping in YAML's shape."""
    source = {"kind": "files", "folder": ".", "as_of": "2026-09-30", "moments_in": "UTC", "tables": dict(tables or {})}
    source.update(company.pop("source", {}))
    return Parameters(
        folder,
        Company.model_validate(
            {
                "name": "Test",
                "currency": "USD",
                "time_zone": "America/Chicago",
                "stages": [{"name": "Talks"}],
                "report": {"stale_after_days": 60},
                "source": source,
                **company,
            }
        ),
        {},
        {},
    )


def write_exports(folder: Path, files: Mapping[str, str | bytes | None]) -> Path:
    """Write canonical reps and deals and then ``files`` over them; ``None`` takes a file away."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {"reps.csv": REPS, "opportunities.csv": DEALS, **files}.items():
        if content is not None:
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def import_files(
    folder: Path,
    files: Mapping[str, str | bytes | None] | None = None,
    *,
    tables: Mapping[str, Any] | None = None,
    **company: Any,
) -> ImportedData:
    """Import a folder of these files into a cache beside it."""
    exports = write_exports(folder / "exports", files or {})
    return import_source(parameters_for(exports, tables=tables, **company), cache=folder / "cache")


def rows_of(imported: ImportedData, table: str, columns: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Rows of an imported table, in order."""
    rows: pa.Table = pq.read_table(imported.folder / f"{table}.parquet")
    return (rows.select(list(columns)) if columns else rows).to_pylist()


def values_of(imported: ImportedData, table: str, column: str) -> list[Any]:
    """Values of one column of an imported table, in order."""
    return [row[column] for row in rows_of(imported, table, [column])]


def found(imported: ImportedData, check: str, severity: str = "") -> list[str]:
    """Details of the checks of a name, of one severity or any."""
    rows = imported.checks[imported.checks["check"] == check]
    return list(rows[rows["severity"].isin([severity] if severity else ["error", "warning", "pass"])]["detail"])


def deals(*rows: str, heading: str = "opportunity_id,rep_id,amount,created_on,closed_on,status") -> dict[str, str]:
    """An opportunities file of these rows."""
    return {"opportunities.csv": "\n".join([heading, *rows]) + "\n"}
