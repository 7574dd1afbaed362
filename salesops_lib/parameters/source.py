"""The ``source:`` block: where a company's data comes from and how its columns map to the canonical tables."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from salesops_lib.parameters.base import Block, Day, Name, SourceText, TimeZone, Whole, problem
from salesops_lib.parameters.date_formats import DateFormats
from salesops_lib.parameters.wording import is_connection, shown

_ORIGINS = ("column", "constant", "join", "lookup")


def _file_name(value: str) -> str:
    if PurePosixPath(value).is_absolute() or PureWindowsPath(value).is_absolute() or ".." in re.split(r"[\\/]", value):
        raise problem(f"{shown(value)} leads out of the source's folder. Name a file inside it.")
    return value


def _encoding(value: str) -> str:
    try:
        codecs.lookup(value)
    except LookupError:
        raise problem(f"{shown(value)} is not an encoding. Write it like utf-8, utf-16 or cp1252.") from None
    return value


FileName = Annotated[Name, AfterValidator(_file_name)]
Encoding = Annotated[Name, AfterValidator(_encoding)]


class ColumnMapping(Block):
    """How one canonical column is made; a plain text is short for ``{column: text}``."""

    column: Name | None = None
    """Name of the column in the source."""
    constant: SourceText | None = None
    """The same value for every row."""
    join: Annotated[tuple[Name, ...], Field(min_length=2)] | None = None
    """Columns of the source whose texts are put together."""
    join_with: str = " "
    """What stands between joined texts."""
    lookup: Lookup | None = None
    """A value taken from another file by a key."""
    values: dict[str, SourceText] = Field(default_factory=dict)
    """Values as the source writes them, and what they become: repairs and states. Counted in the checks."""
    values_else: SourceText | None = None
    """What a value becomes that ``values`` does not list; kept as it is where absent."""
    missing: tuple[SourceText, ...] = ()
    """Texts that mean that the value is missing; an empty cell always does."""
    date_format: DateFormats = ()
    """How dates are written, like %m/%d/%Y, or a list; excel or epoch_ms for numbers. Found by itself where absent."""
    read_as: Annotated[Literal["day", "moment"] | None, Field(alias="as")] = None
    """`day`: the day as written, whatever time or zone follows. `moment`: midnights too become local time."""
    decimal: Literal[".", ","] | None = None
    """Decimal mark of numbers; inferred for the whole column where absent."""
    thousands: Literal[".", ",", " ", "'"] | None = None
    """Thousands mark of numbers; inferred for the whole column where absent."""
    otherwise: ColumnMapping | None = None
    """Used in the rows where the value is missing. Counted in the checks."""

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: Any) -> Any:
        return {"column": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _has_one_origin(self) -> Self:
        given = [name for name in _ORIGINS if getattr(self, name) is not None]
        if not given:
            raise problem("says not where the value comes from. Give one of column, constant, join, lookup.")
        if len(given) > 1:
            raise problem(f"gives {' and '.join(given)}, of which only one can hold. Keep one.", given[1])
        if self.values_else is not None and not self.values:
            raise problem("needs `values`, the list that it completes.", "values_else")
        if self.decimal is not None and self.decimal == self.thousands:
            raise problem("decimal and thousands are the same mark. Change one.", "thousands")
        if self.otherwise is not None and self.constant is not None:
            raise problem("a constant is never missing. Take `otherwise` out.", "otherwise")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Editors accept the short form too."""
        full = handler.resolve_ref_schema(handler(core_schema))
        meaning = full.pop("description", "")
        return {
            "anyOf": [{"type": "string", "description": "Name of the column in the source."}, full],
            "description": meaning,
        }


class Lookup(Block):
    """A value taken from another file (or table) by a key."""

    file: FileName
    """The file (in a database, the table) that holds the value."""
    key: Name
    """Column of that file that is compared."""
    column: Name
    """Column of that file that is taken."""
    on: ColumnMapping | None = None
    """What the key is compared with in this table's rows; the column of the key's name where absent."""


ColumnMapping.model_rebuild()


class TableMapping(Block):
    """How one canonical table is made from the source."""

    distinct: bool = False
    """Drop rows that repeat once mapped, for instance teams listed once per rep."""
    keep: dict[str, tuple[SourceText, ...]] = Field(default_factory=dict)
    """Only rows whose source column holds one of the values; the others count as left out on purpose."""
    columns: dict[str, ColumnMapping] = Field(default_factory=dict)
    """Canonical column to where it comes from."""


class FileTable(TableMapping):
    """A canonical table read from one file, or from all files that match a pattern."""

    file: FileName
    """File name in the source's folder, or a pattern like deals_*.csv. CSV, Excel, Parquet or JSON."""
    sheet: Name | None = None
    """Sheet of an Excel workbook; the first where absent."""
    separator: Name | None = None
    """What separates the columns of a text file; detected where absent."""
    encoding: Encoding | None = None
    """Encoding of a text file, like utf-8 or cp1252; detected where absent."""


class DatabaseTable(TableMapping):
    """A canonical table read from a table of the database."""

    table: Name | None = None
    """Name of the table in the database; the canonical name where absent."""


class DemoSource(Block):
    """The made-up demo company."""

    kind: Literal["demo"]
    """The demo company."""
    seed: Whole = 1
    """The same seed gives the same company."""
    size: Literal["small", "default", "large"] = "default"
    """How large the company is; default has about 40 reps."""


class FilesSource(Block):
    """A folder of exports."""

    kind: Literal["files"]
    """A folder of exports."""
    folder: str = ""
    """The folder, relative to the parameters folder; `SOURCE=folder` on the command line stands in for it."""
    as_of: Day | None = None
    """The day as of which the export was taken; the newest date in the data where absent."""
    moments_in: TimeZone | None = None
    """Time zone of times of day that carry none, like UTC; the company's own where absent."""
    keys: Literal["as written", "alike"] = "as written"
    """`alike` joins keys that agree but for case, spaces, leading zeros or the two lengths of Salesforce's ids."""
    tables: dict[str, FileTable]
    """Canonical table to how it is read."""


def _variable_name(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
        if isinstance(value, str) and is_connection(value):
            raise problem(
                "must be the name of an environment variable, like SALESOPS_DSN. What stands there looks like the "
                "connection itself and is not shown. Move it into that variable, and change its password if the file "
                "was shared."
            )
        raise problem("must be the name of an environment variable, like SALESOPS_DSN: letters, digits and `_`.")
    return value


class DatabaseSource(Block):
    """A database."""

    kind: Literal["database"]
    """A database."""
    connection_env: Annotated[str, BeforeValidator(_variable_name)]
    """Name of the environment variable that holds the connection; the connection itself never stands here."""
    dialect: Literal["postgres"] = "postgres"
    """Which database it is."""
    db_schema: Annotated[str | None, Field(alias="schema")] = None
    """Schema of the tables in the database."""
    as_of: Day | None = None
    """The day as of which the data stands; the newest date in the data where absent."""
    moments_in: TimeZone | None = None
    """Time zone of times of day that carry none, like UTC; the company's own where absent."""
    tables: dict[str, DatabaseTable] = Field(default_factory=dict)
    """Canonical table to how it is read; tables under their canonical names where absent."""


Source = DemoSource | FilesSource | DatabaseSource
