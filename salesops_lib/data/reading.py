"""Read one source file: what is it truly, and what are its rows?

A file's name only says what it should be; its first bytes say what it is. Where the two differ the
message says so, since "a web page named deals.csv" is a login that ran out, not a format to support.
Text files are read by ``text_files``, workbooks by ``workbooks``, Parquet and JSON here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesops_lib.data.source_file import TEXT, Kind, SourceFile, parquet_relation, tidy_headings
from salesops_lib.data.store import literal_path, quoted
from salesops_lib.data.text_files import read_text_file
from salesops_lib.data.workbooks import read_workbook
from salesops_lib.errors import SourceError
from salesops_lib.wording import listing

if TYPE_CHECKING:
    import duckdb

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
"""Endings of workbooks."""

TEXTS = (".csv", ".tsv", ".txt", ".tab", ".psv")
"""Endings of text files."""

READABLE = (*TEXTS, *WORKBOOKS, ".parquet", ".json", ".jsonl", ".ndjson")
"""Endings of every file that can be read."""

_SIGNATURES = (
    (b"PK\x03\x04", "zip", "an Excel workbook or another zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old office", "an old Excel workbook, or one protected by a password"),
    (b"PAR1", "parquet", "a Parquet file"),
    (b"%PDF", "pdf", "a PDF"),
    (b"\x1f\x8b", "gzip", "a gzip archive"),
    (b"{\\rtf", "rtf", "a text-processor document"),
    (b"\x89PNG", "picture", "a picture"),
    (b"SQLite format 3", "sqlite", "a database file"),
)
_CONTENTS = {
    ".parquet": {"parquet"},
    ".xls": {"old office", "zip"},
    ".xlsx": {"zip"},
    ".xlsm": {"zip"},
    ".xlsb": {"zip"},
    ".ods": {"zip"},
}


def read_file(
    path: Path,
    name: str,
    *,
    raw: Path,
    connection: duckdb.DuckDBPyConnection,
    sheet: str | None = None,
    separator: str | None = None,
    encoding: str | None = None,
) -> SourceFile:
    """Read a file of any supported kind.

    Args:
        path: The file.
        name: What messages call it.
        raw: Parquet file to write where the rows are not read in place.
        connection: Database that will read the rows.
        sheet: Sheet of a workbook; the first where absent.
        separator: Separator of a text file; found where absent.
        encoding: Encoding of a text file; found where absent.

    Raises:
        SourceError: The file is absent, empty, damaged or not what its name says.
    """
    ending = path.suffix.lower()
    if ending not in READABLE:
        raise SourceError(f"{name}: files ending in `{ending or 'nothing'}` cannot be read. Use {', '.join(READABLE)}.")
    try:
        _refuse_misnamed(path, name, ending)
        if ending in WORKBOOKS:
            return read_workbook(path, name, sheet=sheet, raw=raw)
        if ending == ".parquet":
            return _read_typed(path, name, connection)
        if ending in TEXTS:
            return read_text_file(path, name, separator=separator, encoding=encoding, raw=raw)
        return _read_json(path, name, raw)
    except OSError as error:
        raise SourceError(
            f"{name}: the file cannot be read ({error.strerror}). Check that it is there and open to you."
        ) from None


def _refuse_misnamed(path: Path, name: str, ending: str) -> None:
    with path.open("rb") as file:
        start = file.read(512)
    if not start.strip(b"\0\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise SourceError(f"{name}: the file is empty. Export it again; it needs a heading and rows.")
    if looks_like_web_page(start):
        raise SourceError(
            f"{name}: the file is a web page, not a table. Often the login "
            "had run out, or the CRM writes web pages named .xls. Export it again as CSV or .xlsx."
        )
    wanted = _CONTENTS.get(ending, set())
    for signature, kind, words in _SIGNATURES:
        if start.startswith(signature) and kind not in wanted:
            raise SourceError(
                f"{name}: the file is {words}, although its name ends in {ending}. {_way_out(kind, words)}"
            )
    if wanted and not any(start.startswith(signature) for signature, kind, _ in _SIGNATURES if kind in wanted):
        told = "an Excel workbook" if ending in WORKBOOKS else "a Parquet file"
        raise SourceError(
            f"{name}: the file is not {told}, although its name ends in {ending}. If it opens in a text editor, "
            "rename it to end in .csv; otherwise export it again."
        )


def looks_like_web_page(start: bytes) -> bool:
    """Whether a file starts as HTML or XML does."""
    text = start.decode("utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", errors="ignore")
    text = text.lstrip("\ufeff\xef\xbb\xbf \t\r\n").lower()
    return text.startswith(("<!doctype", "<html", "<table", "<?xml", "<head", "<body", "<meta", "<script"))


def _way_out(kind: str, words: str) -> str:
    if kind == "zip":
        return "Rename it to end in .xlsx if it opens in Excel; otherwise unpack it first."
    if kind == "parquet":
        return "Rename it to end in .parquet."
    if kind == "gzip":
        return "Unpack it first."
    if "Excel" in words:
        return "Open it in Excel and save it as .xlsx without a password."
    return "Export it again as CSV."


def _read_typed(path: Path, name: str, connection: duckdb.DuckDBPyConnection) -> SourceFile:
    """Parquet is read in place: its columns have types, and its rows are numbered in order."""
    import duckdb

    source = parquet_relation(path)
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        n_rows = connection.execute(f"SELECT count(*) FROM {source}").fetchone()
        old = connection.execute(
            f"SELECT name FROM parquet_schema({literal_path(path)}) WHERE type = 'INT96'"
        ).fetchall()
    except duckdb.Error as error:
        raise SourceError(
            f"{name}: the Parquet file is damaged ({str(error).splitlines()[0]}). Write it again."
        ) from None
    instants = {column for (column,) in old}
    kinds: tuple[Kind, ...] = tuple("zoned" if column in instants else _kind(kind) for column, kind, *_ in described)
    columns = ", ".join(
        f"{_typed_sql(quoted(column), kind, of_type)} AS c{place}"
        for place, ((column, of_type, *_), kind) in enumerate(zip(described, kinds, strict=True))
    )
    numbered = f"(SELECT file_row_number + 1 AS line, {columns} FROM {source[:-1]}, file_row_number = true))"
    headings, notes = tidy_headings([column for column, *_ in described])
    if instants:
        notes = (*notes, f"{listing([f'`{column}`' for column in sorted(instants)])}: moments of the kind INT96, UTC.")
    return SourceFile(name, headings, kinds, numbered, n_rows[0] if n_rows else 0, (), notes)


def _kind(sql_type: str) -> Kind:
    """What a column of a database type holds; anything unknown is read as its text."""
    if sql_type.startswith("TIMESTAMP"):
        return "zoned" if "TIME ZONE" in sql_type or sql_type.startswith("TIMESTAMPTZ") else "moment"
    if sql_type.startswith(("DECIMAL", "DOUBLE", "FLOAT")) or sql_type.endswith(("INT", "INTEGER")):
        return "number"
    return {"DATE": "date", "BOOLEAN": "truth"}.get(sql_type, "text")  # type: ignore[return-value]


def _typed_sql(column: str, kind: Kind, sql_type: str) -> str:
    """A column of a Parquet file in the one type that its kind has, whatever width its writer chose."""
    if kind == "zoned":
        return f"{column}::TIMESTAMPTZ"
    if kind == "moment":
        return f"{column}::TIMESTAMP"
    if sql_type in ("DOUBLE", "FLOAT"):
        # Polars and Spark write NaN where pandas leaves the cell empty. The file's statistics do not know of it, so
        # that DuckDB takes a comparison with it for false unread.
        return f"CASE WHEN NOT isnan({column}) THEN {column} END"
    return f"{column}::VARCHAR" if kind == "text" else column


def _read_json(path: Path, name: str, raw: Path) -> SourceFile:
    """A list of records, or one record a line; values are taken as text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    records = _records(path, name)
    keys = list(dict.fromkeys(key for record in records for key in record))
    columns = {
        f"c{place}": pa.array([_json_text(record.get(key)) for record in records], pa.string())
        for place, key in enumerate(keys)
    }
    headings, notes = tidy_headings(keys)
    pq.write_table(pa.table({"line": pa.array(range(1, len(records) + 1), pa.int64()), **columns}), raw)
    kinds = (TEXT,) * len(keys)
    return SourceFile(name, headings, kinds, parquet_relation(raw), len(records), (), notes)


def _records(path: Path, name: str) -> list[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        lines = text.lstrip().startswith("{") and "\n" in text.strip()
        found = [json.loads(line) for line in text.splitlines() if line.strip()] if lines else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{name}: the file is not JSON ({error}). Export it again.") from None
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        raise SourceError(f"{name}: the file must hold a list of records, [{{...}}, {{...}}], or one record a line.")
    return found


def _json_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
