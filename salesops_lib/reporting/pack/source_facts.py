"""What a pack says about the data: its span, its rows and what the checks of the import found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from salesops_lib.reporting.blocks.quality import quality_of
from salesops_lib.reporting.pack.contents import SourceFacts

if TYPE_CHECKING:
    from salesops_lib.data.importing import ImportedData
    from salesops_lib.parameters import Parameters


def facts_of(imported: ImportedData) -> SourceFacts:
    """Read an import for the pack."""
    days = [
        day for day in _values(imported.folder, "opportunities", ("created_on", "closed_on")) if isinstance(day, date)
    ]
    used = imported.counts.set_index("table")["rows_used"]
    return SourceFacts(
        first_day=min(days, default=imported.as_of),
        as_of=imported.as_of,
        quality=quality_of(imported),
        rows={str(table): int(n) for table, n in used.items()},
        quarantine=imported.quarantine if imported.quarantine.is_file() else None,
    )


def problems_against_data(parameters: Parameters, imported: ImportedData, facts: SourceFacts) -> list[str]:
    """What in the parameters the data does not know: quotas of unknown reps, quarters outside the data."""
    from salesops_lib.parameters import check_against_data

    return check_against_data(
        parameters,
        _texts(_values(imported.folder, "reps", ("rep_id",))),
        _texts(
            _values(imported.folder, "teams", ("team_id",)) or _values(imported.folder, "team_members", ("team_id",))
        ),
        facts.first_day if imported.is_dated else None,
        facts.as_of,
        _texts(_values(imported.folder, "tools", ("tool_id",))),
    )


def _values(folder: Path, table: str, columns: Iterable[str]) -> set[object]:
    """Every value of some columns of an imported table; none where the table or column is absent."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    file = folder / f"{table}.parquet"
    if not file.is_file():
        return set()
    present = [column for column in columns if column in pq.read_schema(file).names]
    rows = pq.read_table(file, columns=present)
    return {value.as_py() for column in rows.columns for value in pc.unique(column)}


def _texts(values: set[object]) -> set[str]:
    return {str(value) for value in values if value is not None}
