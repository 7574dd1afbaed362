"""Engines: where the company's tables live and how an Ibis expression is run there.

Ibis serves as a compiler only; the engine's own driver runs the SQL. An engine is three things:
the compiler of its dialect, ``query`` (SQL in, Arrow out) and ``write`` (Arrow in, a table out).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from salesops_lib.data.store import literal_path, quoted

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir
    import psycopg
    import pyarrow as pa


class Engine(Protocol):
    """What ``Crm`` needs of an engine."""

    def sql(self, expression: ir.Table) -> str:
        """The expression in the engine's own SQL."""
        ...

    def query(self, sql: str) -> pa.Table:
        """Run a statement that the kit compiled and return its rows."""
        ...

    def write(self, name: str, rows: pa.Table) -> None:
        """Create or replace a table that holds these rows."""
        ...

    def keep(self, name: str, expression: ir.Table, *, rows: bool) -> None:
        """Give an expression a name in this session: its rows where ``rows``, or else a view of them."""
        ...


class DuckDbEngine:
    """DuckDB in this process: the default. Rows stay in Parquet files until a query needs them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection | None = None) -> None:
        import duckdb

        self.connection = connection or duckdb.connect()
        # Reports run several kernels side by side; progress bars would land in their output.
        self.connection.execute("SET enable_progress_bar = false")
        # A table's name must never be taken for a Python variable of the caller.
        self.connection.execute("SET python_enable_replacements = false")

    def sql(self, expression: ir.Table) -> str:
        """The expression as DuckDB SQL."""
        from ibis.backends.sql.compilers.duckdb import compiler

        return compile_sql(compiler, expression)

    def query(self, sql: str) -> pa.Table:
        """Run SQL and return Arrow."""
        return self.connection.sql(sql).to_arrow_table()

    def write(self, name: str, rows: pa.Table) -> None:
        """Create or replace a table from Arrow rows."""
        self.connection.register("rows_to_write", rows)
        self.connection.execute(f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT * FROM rows_to_write")
        self.connection.unregister("rows_to_write")

    def attach(self, name: str, file: Path) -> None:
        """Show a Parquet file as a table."""
        view, path = quoted(name), literal_path(file)
        self.connection.execute(f"CREATE OR REPLACE VIEW {view} AS SELECT * FROM read_parquet({path})")

    def keep(self, name: str, expression: ir.Table, *, rows: bool) -> None:
        """Create or replace a temporary table or view from an expression."""
        kind = "TABLE" if rows else "VIEW"
        self.connection.execute(f"CREATE OR REPLACE TEMP {kind} {quoted(name)} AS {self.sql(expression)}")


class PostgresEngine:
    """PostgreSQL through psycopg: the same expressions on a server."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def sql(self, expression: ir.Table) -> str:
        """The expression as PostgreSQL SQL."""
        from ibis.backends.sql.compilers.postgres import compiler

        return compile_sql(compiler, expression)

    def query(self, sql: str) -> pa.Table:
        """Run SQL and return Arrow; the caller casts it to the expression's types."""
        import pyarrow as pa

        with self.connection.cursor() as cursor:
            cursor.execute(sql.encode())
            names = [column.name for column in cursor.description or ()]
            rows = cursor.fetchall()
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        return pa.table({name: pa.array(list(values)) for name, values in zip(names, columns, strict=True)})

    def write(self, name: str, rows: pa.Table) -> None:
        """Create or replace a table from Arrow rows by COPY."""
        from psycopg import sql

        table = sql.Identifier(name)
        columns = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(field.name), sql.SQL(_postgres_type(field.type)))
            for field in rows.schema
        )
        with self.connection.cursor() as cursor:
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(table))
            cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(table, columns))
            with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
                for batch in rows.to_batches():
                    for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                        copy.write_row(row)
        self.connection.commit()

    def keep(self, name: str, expression: ir.Table, *, rows: bool) -> None:
        """Create a temporary table or view from an expression, where this session has none of the name."""
        kind = "TABLE IF NOT EXISTS" if rows else "VIEW"
        replace = "" if rows else "OR REPLACE "
        with self.connection.cursor() as cursor:
            cursor.execute(f"CREATE {replace}TEMP {kind} {quoted(name)} AS {self.sql(expression)}".encode())


def compile_sql(compiler: Any, expression: ir.Table) -> str:
    """Compile an unbound expression with one of Ibis's compilers; needs no connection."""
    return _compiled(compiler, expression.op())


@lru_cache(maxsize=512)
def _compiled(compiler: Any, node: Any) -> str:
    """Compiling takes longer than running a small query, and nodes that say the same are equal."""
    return str(compiler.to_sqlglot(node.to_expr()).sql(dialect=compiler.dialect, pretty=True))


def _postgres_type(arrow_type: pa.DataType) -> str:
    import pyarrow.types as types

    if types.is_decimal(arrow_type):
        return f"numeric({arrow_type.precision}, {arrow_type.scale})"
    for matches, name in (
        (types.is_date, "date"),
        (types.is_timestamp, "timestamp"),
        (types.is_boolean, "boolean"),
        (types.is_integer, "bigint"),
        (types.is_floating, "double precision"),
    ):
        if matches(arrow_type):
            return name
    return "text"
