"""The folder of exports: which files make a table, each read once however often it is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from salesops_lib.data.reading import READABLE, read_file
from salesops_lib.data.schemas import SOURCE_TABLES, Table
from salesops_lib.errors import SourceError
from salesops_lib.parameters.wording import did_you_mean, near

if TYPE_CHECKING:
    from salesops_lib.data.source_file import SourceFile
    from salesops_lib.data.store import Workshop
    from salesops_lib.parameters.source import FileTable

_PATTERN_MARKS = set("*?[")


@dataclass(frozen=True)
class TableSource:
    """Where one canonical table comes from."""

    table: Table
    files: tuple[Path, ...]
    mapping: FileTable | None = None
    """How columns map; by their canonical names where absent."""


class SourceFolder:
    """The files of a source folder."""

    def __init__(self, folder: Path, declared: dict[str, FileTable]) -> None:
        if not folder.is_dir():
            raise SourceError(
                f"{folder}: there is no such folder. Name the folder of the exports under `source: folder:` in "
                "company.yaml, or on the command line with SOURCE=folder."
            )
        self.folder = folder
        self._declared = declared
        self._read: dict[tuple[Path, str | None], SourceFile] = {}

    def name(self, path: Path) -> str:
        """The file as messages name it."""
        return path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else str(path)

    def sources(self, problems: list[str]) -> list[TableSource]:
        """Every canonical table that the folder provides: those declared, and files under canonical names."""
        found = []
        for table in SOURCE_TABLES:
            mapping = self._declared.get(table.name)
            try:
                files = self.files(mapping.file, table.name) if mapping else self._by_name(table.name)
            except SourceError as error:
                problems.append(str(error))
                continue
            if files:
                found.append(TableSource(table, files, mapping))
        problems.extend(self._unknown_tables())
        return found

    def files(self, pattern: str, table: str) -> tuple[Path, ...]:
        """Files that a name or pattern stands for, in the order of their names.

        Raises:
            SourceError: There is none.
        """
        if not _PATTERN_MARKS & set(pattern):
            path = self.folder / pattern
            if path.is_file():
                return (path,)
        else:
            try:
                matches = sorted(path for path in self.folder.glob(pattern) if path.is_file())
            except (ValueError, NotImplementedError):
                matches = []
            if matches:
                return tuple(matches)
        names = self._names()
        holds = f"It holds {listed(names)}." if names else "It is empty."
        raise SourceError(
            f"{table}: there is no file `{pattern}` in the source's folder {self.folder}. "
            f"{holds}{did_you_mean(pattern, names)}"
        )

    def read(self, path: Path, workshop: Workshop, mapping: FileTable | None = None) -> SourceFile:
        """Read a file, once; how is declared with the table it makes, or with another table of the same file.

        Raises:
            SourceError: The file cannot be read.
        """
        how = mapping or next((other for other in self._declared.values() if other.file == self.name(path)), None)
        key = (path, how.sheet if how else None)
        if key not in self._read:
            self._read[key] = read_file(
                path,
                self.name(path),
                raw=workshop.folder / f"raw_{len(self._read)}.parquet",
                connection=workshop.connection,
                sheet=how.sheet if how else None,
                separator=how.separator if how else None,
                encoding=how.encoding if how else None,
            )
        return self._read[key]

    def _names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.is_file() and not path.name.startswith("."))

    def _by_name(self, table: str) -> tuple[Path, ...]:
        """The file under the table's canonical name; CSV, Excel, Parquet or JSON."""
        paths = [self.folder / name for name in self._names()]
        same = [path for path in paths if path.stem.lower() == table and path.suffix.lower() in READABLE]
        if len(same) > 1:
            names = " and ".join(f"`{path.name}`" for path in same)
            raise SourceError(f"{table}: both {names} could be the table. Take one away, or name one under `file:`.")
        return tuple(same)

    def _unknown_tables(self) -> list[str]:
        known = [table.name for table in SOURCE_TABLES]
        return [
            f"company.yaml, source.tables: there is no table `{name}`.{did_you_mean(name, known)} "
            f"The tables are {', '.join(known)}."
            for name in self._declared
            if name not in known
        ]


def find_heading(wanted: str, headings: Sequence[str]) -> int | None:
    """Position of a heading; case and outer spaces do not count where that leaves one."""
    if wanted in headings:
        return headings.index(wanted)
    folded = " ".join(wanted.split()).casefold()
    same = [place for place, heading in enumerate(headings) if heading.casefold() == folded]
    return same[0] if len(same) == 1 else None


def missing_heading(wanted: str, headings: Sequence[str], file: str, purpose: str) -> str:
    """The message for a column that a file does not have."""
    meant = near(wanted, headings)
    hint = f"Did you mean `{meant}`?" if meant else f"It has {listed(headings)}."
    return f"{file}: there is no column `{wanted}`, from which `{purpose}` is taken. {hint}"


def listed(names: Sequence[str], most: int = 12) -> str:
    """Names as a message lists them."""
    shown = ", ".join(f"`{name}`" for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
