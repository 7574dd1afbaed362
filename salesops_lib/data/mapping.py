"""Map source columns to canonical ones: one database table per canonical table, values as the source writes them.

A canonical column may have several *branches* (``otherwise``); each keeps its own column here, since
each may write dates and numbers in its own way. Nothing is converted yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from salesops_lib.data.file_scope import Declared, FileScope
from salesops_lib.data.source_file import SourceFile
from salesops_lib.data.source_folder import SourceFolder, TableSource, find_heading, listed
from salesops_lib.data.store import Workshop
from salesops_lib.data.values import Branch, Value, spoken
from salesops_lib.errors import SourceError
from salesops_lib.parameters.source import ColumnMapping
from salesops_lib.parameters.wording import did_you_mean

_MOST_HELD = 5
"""Values named of a column in which a declared word was looked for."""


@dataclass(frozen=True)
class Unheard:
    """Declared words that a file does not hold."""

    column: str
    setting: str
    file: str
    words: tuple[str, ...]
    is_all: bool
    """None of the declaration's words is there."""
    held: tuple[tuple[str, int], ...]
    """The most frequent values that are there, with their rows."""


@dataclass
class Tally:
    """What mapping a table counted."""

    rows_in: int = 0
    left_out: int = 0
    repeated: int = 0
    repairs: list[tuple[str, str, str, int]] = field(default_factory=list)
    """Column, value in the source, what it became, rows."""
    lookups_missed: list[tuple[str, str, int, str]] = field(default_factory=list)
    """Column, file looked up, rows without a match, an example."""
    unheard: list[Unheard] = field(default_factory=list)
    unused: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """File and its columns that nothing is taken from."""


@dataclass(frozen=True)
class MappedTable:
    """A canonical table whose values are still as the source writes them."""

    source: TableSource
    relation: str
    branches: tuple[Branch, ...]
    files: tuple[SourceFile, ...]
    tally: Tally

    def of(self, column: str) -> list[Branch]:
        """The branches of a canonical column, first choice first."""
        return [branch for branch in self.branches if branch.column.name == column]


def map_table(workshop: Workshop, folder: SourceFolder, source: TableSource, problems: list[str]) -> MappedTable | None:
    """Map one canonical table into the workshop, or note why it cannot be."""
    before = len(problems)
    files = []
    for path in source.files:
        try:
            files.append(folder.read(path, workshop, source.mapping))
        except SourceError as error:
            problems.append(str(error))
    if len(problems) > before:
        return None
    columns = _columns(source, files, problems)
    scopes = [FileScope(number, file, source, folder, workshop, problems) for number, file in enumerate(files)]
    values = [{name: scope.values(name, how) for name, how in columns.items()} for scope in scopes]
    if len(problems) > before:
        return None
    return _materialise(workshop, source, files, scopes, columns, values)


def _columns(source: TableSource, files: Sequence[SourceFile], problems: list[str]) -> dict[str, ColumnMapping]:
    """Canonical column to its mapping; by name where the parameters map nothing."""
    table, mapping = source.table, source.mapping
    known = {column.name: column for column in table.source_columns}
    declared = dict(mapping.columns) if mapping else {}
    if not declared:
        headings = files[0].headings
        declared = {
            name: ColumnMapping(column=headings[place])
            for name in known
            if (place := find_heading(name, headings)) is not None
        }
    for name in declared.keys() - known.keys():
        problems.append(
            f"company.yaml, source.tables.{table.name}.columns: `{table.name}` has no column `{name}`."
            f"{did_you_mean(name, known)} Its columns are {', '.join(known)}."
        )
    for column in known.values():
        if column.required and column.name not in declared:
            problems.append(
                f"{files[0].name}: nothing is mapped to `{table.name}.{column.name}` "
                f"({column.meaning.rstrip('.')}), which every row needs. Add a line to "
                f"source.tables.{table.name}.columns in company.yaml, for instance "
                f"`{column.name}: NAME OF THE COLUMN`. The file has {listed(files[0].headings)}."
            )
    return {name: how for name, how in declared.items() if name in known}


def _materialise(
    workshop: Workshop,
    source: TableSource,
    files: Sequence[SourceFile],
    scopes: Sequence[FileScope],
    columns: dict[str, ColumnMapping],
    values: Sequence[dict[str, list[Value]]],
) -> MappedTable | None:
    """Write the mapped rows of all files as one table, and count what was kept, repaired and looked up."""
    name = f"mapped_{source.table.name}"
    branches = _branches(source, columns, values)
    selects, bound, tally = [], dict[str, object](), Tally()
    for scope, of_file in zip(scopes, values, strict=True):
        columns_sql = [
            f"{value.sql if value.kind == branch.kind else 'NULL'} AS {branch.name}"
            for branch in branches
            for value in [of_file[branch.column.name][branch.place]]
        ]
        kept = scope.kept(source.mapping)
        selects.append(
            f"SELECT {scope.number} AS file_no, s.line, {', '.join(columns_sql)} {scope.joined} WHERE {kept}"
        )
        bound.update(scope.bound)
        _count(workshop, scope, kept, tally)
    rows = " UNION ALL ".join(selects)
    workshop.run(f"CREATE TABLE {name} AS {rows}", bound)
    n_mapped = workshop.number(f"SELECT count(*) FROM {name}")
    tally.left_out = tally.rows_in - sum(len(file.ragged) for file in files) - n_mapped
    if source.mapping and source.mapping.distinct:
        alike = ", ".join(branch.name for branch in branches)
        workshop.run(
            f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM {name} "
            f"QUALIFY row_number() OVER (PARTITION BY {alike} ORDER BY file_no, line) = 1"
        )
        tally.repeated = n_mapped - workshop.number(f"SELECT count(*) FROM {name}")
    return MappedTable(source, name, branches, tuple(files), tally)


def _branches(
    source: TableSource, columns: dict[str, ColumnMapping], values: Sequence[dict[str, list[Value]]]
) -> tuple[Branch, ...]:
    """A branch per choice of a column, and per kind where files hold it in different ways (Excel dates, CSV texts)."""
    found = []
    for column, how in columns.items():
        choice: ColumnMapping | None = how
        place = 0
        while choice is not None:
            for kind in sorted({of_file[column][place].kind for of_file in values}):
                name = f"{column}__{place}_{kind}"
                found.append(Branch(name, source.table.by_name[column], choice, kind, place))
            choice, place = choice.otherwise, place + 1
    return tuple(found)


def _unheard(workshop: Workshop, scope: FileScope, declared: Declared) -> Unheard | None:
    """What a declaration expects and no row of the file says; nothing where each of its words is there."""
    cases = ", ".join(f"bool_or({spoken(declared.text)} = {spoken(word)})" for word in declared.bound)
    heard = workshop.row(f"SELECT {cases} {scope.joined}", scope.bound) if declared.bound else ()
    missed = tuple(word for word, is_there in zip(declared.words, heard, strict=True) if not is_there)
    if not missed:
        return None
    held = workshop.rows(
        f"SELECT {declared.text} AS said, count(*) AS n {scope.joined} WHERE {declared.text} IS NOT NULL "
        f"GROUP BY said ORDER BY n DESC, said LIMIT {_MOST_HELD}",
        scope.bound,
    )
    is_all = len(missed) == len(declared.words)
    return Unheard(declared.column, declared.setting, scope.file.name, missed, is_all, tuple(held))


def _count(workshop: Workshop, scope: FileScope, kept: str, tally: Tally) -> None:
    tally.rows_in += scope.file.n_rows + len(scope.file.ragged)
    for column, text, mapped, is_declared in scope.repairs:
        found = workshop.rows(
            f"SELECT {text} AS old, {mapped} AS new, count(*) {scope.joined} WHERE {kept} AND {is_declared} "
            "GROUP BY ALL ORDER BY old",
            scope.bound,
        )
        tally.repairs.extend((column, old, new, n) for old, new, n in found)
    tally.unheard.extend(unheard for each in scope.declared if (unheard := _unheard(workshop, scope, each)))
    for column, other, missed, key in scope.lookups:
        n, example = workshop.row(f"SELECT count(*), min({key}) {scope.joined} WHERE {kept} AND {missed}", scope.bound)
        if n:
            tally.lookups_missed.append((column, other, n, example))
    unused = tuple(heading for place, heading in enumerate(scope.file.headings) if place not in scope.used)
    if unused:
        tally.unused.append((scope.file.name, unused))
