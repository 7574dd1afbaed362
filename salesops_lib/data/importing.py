"""Import a company's data: read, map, convert, check, and write canonical tables as Parquet.

The result is kept under a fingerprint of all it depends on (the source's bytes, the mapping, the
kit's own import), so that an import happens once. Nothing is lost in silence: for every table,
rows in = used + set aside + left out on purpose + repeated, and every row set aside is listed in
``quarantine.csv`` with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from salesops_lib.data import store
from salesops_lib.data.imported import ImportedData, read_import, require_usable
from salesops_lib.errors import SourceError
from salesops_lib.parameters.source import ColumnMapping, DemoSource, FilesSource
from salesops_lib.wording import count

if TYPE_CHECKING:
    from salesops_lib.data.checks import Import
    from salesops_lib.data.source_folder import SourceFolder, TableSource
    from salesops_lib.parameters import Parameters

__all__ = ["ImportedData", "import_source", "read_import", "require_usable"]


def import_source(parameters: Parameters, *, cache: Path | None = None) -> ImportedData:
    """Import the company's data, or take the import that is there already.

    Args:
        parameters: The company's parameters; ``source`` says where the data is and how it maps.
        cache: Folder that keeps imports; ``$SALESOPS_CACHE`` or the project's ``.cache`` if absent.

    Returns:
        The import with its checks; whether errors among them stop the run is up to ``require_usable``.

    Errors:
        SourceError: Files or columns cannot be read as declared; the message lists every such problem.
    """
    cache = cache or store.cache_folder()
    files, problems = _source_folder(parameters, cache), list[str]()
    sources = files.sources(problems)
    settings = _settings(parameters)
    fingerprint = store.fingerprint(settings, _used_files(files, sources)) if not problems else ""
    folder = cache / "imports" / fingerprint if fingerprint else cache / "imports" / "none"
    if not (fingerprint and folder.is_dir()):
        try:
            store.written_whole(
                folder, lambda beside: _write(beside, parameters, files, sources, problems, fingerprint)
            )
        except duckdb.Error as error:
            raise SourceError(
                f"The data in {files.folder} could not be imported: {str(error).splitlines()[0]} "
                "This is a fault of the kit, or of the disk or memory it was given. Please report it with this message."
            ) from error
    return read_import(folder)


def _source_folder(parameters: Parameters, cache: Path) -> SourceFolder:
    from salesops_lib.data.source_folder import SourceFolder

    source = parameters.company.source
    if isinstance(source, DemoSource):
        return SourceFolder(_demo_folder(source, cache), {})
    folder = parameters.source_folder
    if not isinstance(source, FilesSource) or folder is None:
        raise SourceError(
            "A database as source is not supported yet. Export its tables as Parquet or CSV into a folder and declare "
            "that folder under `source:` with `kind: files`."
        )
    return SourceFolder(folder, dict(source.tables))


def _demo_folder(source: DemoSource, cache: Path) -> Path:
    """The demo company's tables, generated where they are not there yet."""
    from salesops_lib.data.demo import SIZES, write_demo_company

    key = store.fingerprint({"seed": source.seed, "size": source.size, "code": code_version()}, ())
    return store.written_whole(
        cache / "demo" / key,
        lambda beside: write_demo_company(beside, seed=source.seed, n_reps=SIZES[source.size]),
    )


@cache
def code_version() -> str:
    """The state of the kit's own import and generator, so that another kit never reads what this one made."""
    here = Path(__file__).parent
    return store.fingerprint({}, ((path.name, path) for path in sorted(here.rglob("*.py"))))


def _settings(parameters: Parameters) -> dict[str, Any]:
    """Everything in the parameters that an import depends on."""
    company = parameters.company
    keys = ("currency", "time_zone", "calendar", "source", "rates", "stages", "teams")
    chosen = {key: value for key, value in company.model_dump(mode="json").items() if key in keys}
    return {**chosen, "stale_after_days": company.report.stale_after_days, "code": code_version()}


def _used_files(folder: SourceFolder, sources: list[TableSource]) -> Iterator[tuple[str, Path]]:
    paths = {path for source in sources for path in source.files}
    for source in sources:
        for how in (source.mapping.columns if source.mapping else {}).values():
            paths.update(folder.folder / name for name in _looked_up(how))
    return ((folder.name(path), path) for path in sorted(paths) if path.is_file())


def _looked_up(how: ColumnMapping) -> Iterator[str]:
    if how.lookup:
        yield how.lookup.file
        if how.lookup.on:
            yield from _looked_up(how.lookup.on)
    if how.otherwise:
        yield from _looked_up(how.otherwise)


def _write(
    beside: Path,
    parameters: Parameters,
    files: SourceFolder,
    sources: list[TableSource],
    problems: list[str],
    fingerprint: str,
) -> None:
    """Do the import in a folder of its own."""
    from salesops_lib.data.checks import run_checks
    from salesops_lib.data.quarantine import write_quarantine

    workshop = store.Workshop(beside)
    try:
        imported = _convert_all(workshop, parameters, files, sources, problems)
        checks = run_checks(imported)
        for table in imported.tables:
            workshop.write(imported.final_rows(table), beside / f"{table}.parquet")
        quarantine = write_quarantine(workshop, beside)
        counts = imported.counts()
    finally:
        workshop.close()
        for raw in beside.glob("raw_*.parquet"):
            raw.unlink()
    kept = {
        "fingerprint": fingerprint,
        "as_of": imported.as_of.isoformat(),
        "quarantine": quarantine.name,
        "counts": counts,
        "checks": [asdict(check) for check in checks],
    }
    (beside / "import.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False), encoding="utf-8")


def _convert_all(
    workshop: store.Workshop,
    parameters: Parameters,
    files: SourceFolder,
    sources: list[TableSource],
    problems: list[str],
) -> Import:
    """Read, map and convert every table; stop with every problem at once.

    Errors:
        SourceError: Lists them.
    """
    from salesops_lib.data import conversion, quarantine
    from salesops_lib.data.checks import Import
    from salesops_lib.data.mapping import map_table
    from salesops_lib.data.typed_columns import Money, Zones

    conversion.prepare(workshop)
    quarantine.prepare(workshop)
    company = parameters.company
    money = Money(company.currency, dict(company.rates))
    zones = Zones(company.time_zone, getattr(company.source, "moments_in", None) or company.time_zone)
    imported = Import(workshop, parameters)
    for source in sources:
        mapped = map_table(workshop, files, source, problems)
        if mapped is None:
            continue
        converted = conversion.convert(workshop, mapped, money=money, zones=zones, problems=problems)
        if converted is not None:
            imported.add(mapped, converted)
    _refuse_missing_tables(files, sources, problems)
    if problems:
        raise SourceError(_listed(problems, files.folder))
    return imported


def _refuse_missing_tables(files: SourceFolder, sources: list[TableSource], problems: list[str]) -> None:
    from salesops_lib.data.schemas import SOURCE_TABLES

    provided = {source.table.name for source in sources}
    for table in SOURCE_TABLES:
        named = any(problem.startswith(f"{table.name}:") for problem in problems)
        if table.required and table.name not in provided and not named:
            problems.append(
                f"The source's folder {files.folder} has no table `{table.name}` "
                f"({table.grain.rstrip('.').lower()}), which every report needs. Declare it under "
                f"`source: tables: {table.name}:` in company.yaml, or put a file `{table.name}.csv` there."
            )


def _listed(problems: list[str], folder: Path) -> str:
    unique = list(dict.fromkeys(problems))
    return "\n".join([f"{count(len(unique), 'problem')} in reading {folder}:", *(f"  {line}" for line in unique)])
