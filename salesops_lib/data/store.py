"""Where an import works and where it is kept: a database of its own, and a folder written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from salesops_lib.errors import SourceError

CACHE_VARIABLE = "SALESOPS_CACHE"
"""Environment variable that names another cache folder."""

_A_DAY = 86_400

Values = Mapping[str, object]


def quoted(identifier: str) -> str:
    """A name as SQL takes it, whatever it holds."""
    doubled = identifier.replace('"', '""')
    return f'"{doubled}"'


def literal_path(path: Path) -> str:
    """A path of the kit's own as SQL takes it."""
    doubled = str(path).replace("'", "''")
    return f"'{doubled}'"


class Workshop:
    """A DuckDB database in the import's folder; large tables spill there instead of filling memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connection = duckdb.connect(str(folder / "workshop.duckdb"))
        self.connection.execute("SET enable_progress_bar = false")
        self.connection.execute(f"SET temp_directory = {literal_path(folder / 'spill')}")
        # Times of day are shifted by name of their zone, never by the machine's own.
        self.connection.execute("SET TimeZone = 'UTC'")

    def run(self, sql: str, values: Values | None = None) -> None:
        """Run a statement; values are bound by name, never written into it."""
        self.connection.execute(sql, _named_in(sql, values))

    def rows(self, sql: str, values: Values | None = None) -> list[tuple[Any, ...]]:
        """Rows of a query that is known to be small."""
        return self.connection.execute(sql, _named_in(sql, values)).fetchall()

    def row(self, sql: str, values: Values | None = None) -> tuple[Any, ...]:
        """The one row of a query."""
        found = self.rows(sql, values)
        return found[0]

    def number(self, sql: str, values: Values | None = None) -> int:
        """The one number of a query; 0 where it is missing."""
        return int(self.row(sql, values)[0] or 0)

    def write(self, sql: str, file: Path) -> None:
        """Write the rows of a query as Parquet."""
        self.connection.execute(f"COPY ({sql}) TO {literal_path(file)} (FORMAT parquet, COMPRESSION zstd)")

    def close(self) -> None:
        """Close the database and remove what it kept on disk."""
        self.connection.close()
        (self.folder / "workshop.duckdb").unlink(missing_ok=True)
        (self.folder / "workshop.duckdb.wal").unlink(missing_ok=True)
        shutil.rmtree(self.folder / "spill", ignore_errors=True)


def _named_in(sql: str, values: Values | None) -> dict[str, object]:
    """The values that a statement names; DuckDB refuses others."""
    if not values:
        return {}
    named = set(re.findall(r"\$(\w+)", sql))
    return {name: value for name, value in values.items() if name in named}


def cache_folder() -> Path:
    """Where imports are kept: ``$SALESOPS_CACHE``, else ``.cache`` of the project, else the user's own."""
    if named := os.environ.get(CACHE_VARIABLE):
        return Path(named)
    project = Path(__file__).resolve().parents[2]
    if (project / "pyproject.toml").is_file():
        return project / ".cache"
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(home) if home else Path.home() / ".cache") / "salesops"


def fingerprint(settings: Mapping[str, object], files: Iterable[tuple[str, Path]]) -> str:
    """A name for all that an import depends on: settings, names and bytes of the files."""
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True, default=str).encode())
    for name, path in files:
        digest.update(f"\0{name}\0".encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def written_whole(folder: Path, write: Callable[[Path], None]) -> Path:
    """Fill a folder beside and rename it; whoever is first wins, and a killed run leaves no half.

    Args:
        folder: The folder wanted; taken as it is where it exists.
        write: Fills the folder it is given.

    Raises:
        SourceError: The folder cannot be written.
    """
    if folder.is_dir():
        return folder
    beside = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name[:16]}-", suffix=".tmp", dir=folder.parent))
        _sweep(beside)
        write(beside)
        beside.rename(folder)
    except OSError as error:
        # Another process may have been first with the same import; the two are the same.
        if not folder.is_dir():
            raise SourceError(
                f"The cache folder {folder.parent} cannot be written ({error.strerror or error}). Make room or give "
                f"permission, or name another folder in the environment variable {CACHE_VARIABLE}."
            ) from None
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
    return folder


def _sweep(beside: Path) -> None:
    """Remove what runs that were killed more than a day before left behind."""
    now = beside.stat().st_mtime
    for other in beside.parent.glob(".*.tmp"):
        if now - other.stat().st_mtime > _A_DAY:
            shutil.rmtree(other, ignore_errors=True)
