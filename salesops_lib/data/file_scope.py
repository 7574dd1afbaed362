"""One file of a table: turns the parameters' mappings into SQL over the file's columns.

Values of the parameters are bound, never written into SQL; source columns are addressed by position.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from salesops_lib.data.source_file import SourceFile
from salesops_lib.data.source_folder import SourceFolder, TableSource, find_heading, missing_heading
from salesops_lib.data.store import Workshop
from salesops_lib.data.values import BLANKS, Value, column_value, spoken, text_of
from salesops_lib.errors import SourceError
from salesops_lib.parameters.source import ColumnMapping, FileTable, Lookup


@dataclass(frozen=True)
class Declared:
    """Words that the parameters expect in a column."""

    column: str
    setting: str
    """``values``, ``missing`` or ``keep``."""
    words: tuple[str, ...]
    bound: tuple[str, ...]
    """The parameters that stand for them."""
    text: str
    """The column's text as SQL."""


class FileScope:
    """One file of a table: turns mappings into SQL over its columns, and remembers what they need."""

    def __init__(
        self,
        number: int,
        file: SourceFile,
        source: TableSource,
        folder: SourceFolder,
        workshop: Workshop,
        problems: list[str],
    ) -> None:
        self.number, self.file, self.source = number, file, source
        self._folder, self._workshop, self._problems = folder, workshop, problems
        self.bound: dict[str, object] = {"blanks": BLANKS}
        self.joins: list[str] = []
        self.used: set[int] = set()
        self.repairs: list[tuple[str, str, str, str]] = []
        """Column, its text, what that becomes, and whether a declared word says so; as SQL."""
        self.declared: list[Declared] = []
        self.lookups: list[tuple[str, str, str, str]] = []

    def bind(self, value: object) -> str:
        """A parameter that stands for a value."""
        name = f"f{self.number}v{len(self.bound)}"
        self.bound[name] = value
        return f"${name}"

    def values(self, column: str, how: ColumnMapping) -> list[Value]:
        """The branches of a column in this file."""
        branches: list[Value] = []
        branch: ColumnMapping | None = how
        while branch is not None:
            branches.append(self.value(branch, column, before=branches))
            branch = branch.otherwise
        return branches

    def value(self, how: ColumnMapping, column: str, *, before: Sequence[Value] = (), counted: bool = True) -> Value:
        """One mapping as SQL, without its ``otherwise``."""
        value = self._origin(how, column, before)
        if how.missing:
            words = self._declared(column, "missing", how.missing, text_of(value))
            value = Value(f"CASE WHEN {self._says(text_of(value), words)} THEN NULL ELSE {value.sql} END", value.kind)
        if not how.values:
            return value
        text, words = text_of(value), self._declared(column, "values", list(how.values), text_of(value))
        news = [self.bind(new) for new in how.values.values()]
        # As it is written first: two words that differ in case only may mean two things.
        exact = " ".join(f"WHEN {old} THEN {new}" for old, new in zip(words, news, strict=True))
        meant = " ".join(f"WHEN {spoken(old)} THEN {new}" for old, new in zip(words, news, strict=True))
        rest = self.bind(how.values_else) if how.values_else is not None else text
        mapped = f"CASE {text} {exact} ELSE CASE {spoken(text)} {meant} ELSE {rest} END END"
        known = self.source.table.by_name[column]
        if counted and not known.choices:
            self.repairs.append((column, text, mapped, self._says(text, words)))
        return Value(f"CASE WHEN {text} IS NULL THEN NULL ELSE {mapped} END", "text")

    def _declared(self, column: str, setting: str, words: Sequence[str], text: str) -> list[str]:
        """Bind declared words, and remember them for the question whether the file holds them."""
        bound = [self.bind(word.strip(BLANKS)) for word in words]
        self.declared.append(Declared(column, setting, tuple(words), tuple(bound), text))
        return bound

    @staticmethod
    def _says(text: str, words: Sequence[str]) -> str:
        """Whether a text is one of these words, as people write them."""
        return f"coalesce({spoken(text)} IN ({', '.join(spoken(word) for word in words)}), false)"

    def _origin(self, how: ColumnMapping, column: str, before: Sequence[Value]) -> Value:
        if how.constant is not None:
            return Value(self.bind(how.constant), "text")
        if how.join is not None:
            parts = ", ".join(text_of(self._column(name, column)) for name in how.join)
            return Value(f"nullif(concat_ws({self.bind(how.join_with)}, {parts}), '')", "text")
        if how.lookup is not None:
            return self._lookup(how.lookup, column, before)
        return self._column(how.column or "", column)

    def _column(self, name: str, column: str) -> Value:
        place = find_heading(name, self.file.headings)
        if place is None:
            purpose = f"{self.source.table.name}.{column}"
            self._problems.append(missing_heading(name, self.file.headings, self.file.name, purpose))
            return Value("NULL", "text")
        self.used.add(place)
        return column_value("s", place, self.file)

    def _lookup(self, lookup: Lookup, column: str, before: Sequence[Value]) -> Value:
        purpose = f"{self.source.table.name}.{column}"
        on = self.value(lookup.on or ColumnMapping(column=lookup.key), column, counted=False)
        try:
            other = self._folder.read(self._folder.files(lookup.file, purpose)[0], self._workshop)
        except SourceError as error:
            self._problems.append(str(error))
            return Value("NULL", "text")
        places = [find_heading(name, other.headings) for name in (lookup.key, lookup.column)]
        for name, place in zip((lookup.key, lookup.column), places, strict=True):
            if place is None:
                self._problems.append(missing_heading(name, other.headings, other.name, purpose))
        key_place, value_place = places
        if key_place is None or value_place is None:
            return Value("NULL", "text")
        key, taken = column_value("o", key_place, other), column_value("o", value_place, other)
        rows = f"SELECT {text_of(key)} AS key, {taken.sql} AS value FROM {other.relation} o"
        self._refuse_unclear(rows, lookup, other, purpose)
        alias = f"l{len(self.joins)}"
        self.joins.append(
            f"LEFT JOIN (SELECT key, any_value(value) AS value FROM ({rows}) GROUP BY key) {alias} "
            f"ON {alias}.key = {text_of(on)}"
        )
        missing_so_far = " AND ".join([f"{value.sql} IS NULL" for value in before] or ["true"])
        self.lookups.append(
            (column, other.name, f"{text_of(on)} IS NOT NULL AND {alias}.key IS NULL AND {missing_so_far}", text_of(on))
        )
        return Value(f"{alias}.value", taken.kind)

    def _refuse_unclear(self, rows: str, lookup: Lookup, other: SourceFile, purpose: str) -> None:
        unclear = self._workshop.rows(
            f"SELECT key FROM ({rows}) WHERE key IS NOT NULL GROUP BY key HAVING count(DISTINCT value) > 1 "
            "ORDER BY key LIMIT 3",
            {"blanks": BLANKS},
        )
        if unclear:
            named = ", ".join(f"`{key}`" for (key,) in unclear)
            self._problems.append(
                f"{other.name}: `{purpose}` looks up `{lookup.column}` by `{lookup.key}`, but {named} stands there "
                "with more than one value. Keep one row per key in that file."
            )

    @property
    def joined(self) -> str:
        """The file's rows with what is looked up for them."""
        return " ".join([f"FROM {self.file.relation} s", *self.joins])

    def kept(self, mapping: FileTable | None) -> str:
        """The condition under which a row is kept."""
        conditions = []
        for name, wanted in (mapping.keep if mapping else {}).items():
            value = self._column(name, "keep")
            words = self._declared(name, "keep", wanted, text_of(value))
            conditions.append(self._says(text_of(value), words) if wanted else "false")
        return " AND ".join(conditions) or "true"
