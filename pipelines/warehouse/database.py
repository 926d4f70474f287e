"""Every call of DuckDB, so that another version or catalog is a change of this file alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import polars as pl
from duckdb import DuckDBPyConnection as Connection

from schemas.warehouse import Column, Relation

__all__ = [
    "Connection",
    "add_columns",
    "create",
    "describe",
    "insert",
    "literal",
    "query",
    "read",
    "row_count",
    "rows",
    "run",
    "schemas",
    "searching",
    "tables",
    "transaction",
]
_FRAME = "frame_to_insert"


def run(connection: Connection, sql: str, values: Mapping[str, Any] | None = None) -> None:
    """Run one statement with its values."""
    connection.execute(sql, dict(values) if values else None)


def rows(
    connection: Connection, sql: str, values: Mapping[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    """Return the rows of a short query."""
    return connection.execute(sql, dict(values) if values else None).fetchall()


def query(
    connection: Connection, sql: str, values: Mapping[str, Any] | None = None
) -> pl.DataFrame:
    """Return the rows of a query as a frame."""
    result = connection.execute(sql, dict(values) if values else None).to_arrow_table()
    frame = pl.from_arrow(result)
    assert isinstance(frame, pl.DataFrame)
    return frame


def read(connection: Connection, schema: str, table: str, order: tuple[str, ...]) -> pl.DataFrame:
    """Return a table in the order of its key, the same at every run."""
    sorted_by = ", ".join(order) or "all"
    return query(connection, f"select * from {schema}.{table} order by {sorted_by}")  # noqa: S608 - declared names


def row_count(connection: Connection, schema: str, table: str) -> int:
    """Return how many rows a table has."""
    return int(rows(connection, f"select count(*) from {schema}.{table}")[0][0])  # noqa: S608 - declared names


def create(connection: Connection, schema: str, table: str, columns: tuple[Column, ...]) -> None:
    """Create an empty table with declared columns, if it is not there."""
    listed = ", ".join(f"{column.name} {column.sql_type}" for column in columns)
    run(connection, f"create table if not exists {schema}.{table} ({listed})")


def add_columns(
    connection: Connection, schema: str, table: str, declared: tuple[Column, ...]
) -> None:
    """Add the declared columns that a table of an earlier version lacks; its rows hold null."""
    held = tables(connection, schema)[table]
    for column in declared:
        if column.name not in held:
            run(
                connection,
                f"alter table {schema}.{table} add column {column.name} {column.sql_type}",
            )


def insert(
    connection: Connection,
    schema: str,
    table: str,
    frame: pl.DataFrame,
    columns: tuple[Column, ...],
) -> None:
    """Add the rows of `frame`, column by column by name, cast to the types of the table."""
    names = ", ".join(column.name for column in columns)
    casts = ", ".join(f"cast({column.name} as {column.sql_type})" for column in columns)
    connection.register(_FRAME, frame.to_arrow())
    try:
        run(connection, f"insert into {schema}.{table} ({names}) select {casts} from {_FRAME}")  # noqa: S608 - declared names
    finally:
        connection.unregister(_FRAME)


def tables(connection: Connection, schema: str) -> dict[str, dict[str, str]]:
    """Return the columns and their types of every table and view of a schema."""
    found: dict[str, dict[str, str]] = {}
    for table, column, sql_type in rows(
        connection,
        "select table_name, column_name, data_type from duckdb_columns() "
        "where schema_name = $schema and database_name = current_database() "
        "order by table_name, column_index",
        {"schema": schema},
    ):
        found.setdefault(table, {})[column] = sql_type
    return found


def describe(connection: Connection, schema: str, relation: Relation, kind: str = "table") -> None:
    """Comment a table or view and its columns with their declared words."""
    name = f"{schema}.{relation.name}"
    run(connection, f"comment on {kind} {name} is {literal(relation.grain)}")
    for column in relation.columns:
        run(connection, f"comment on column {name}.{column.name} is {literal(column.comment)}")


def schemas(connection: Connection, prefix: str) -> list[str]:
    """List the schemas whose names begin so, in alphabetical order."""
    found = rows(
        connection,
        "select schema_name from duckdb_schemas() where starts_with(schema_name, $prefix) "
        "and database_name = current_database() order by schema_name",
        {"prefix": prefix},
    )
    return [name for (name,) in found]


def literal(text: str) -> str:
    """Write a declared text as a literal, where DuckDB takes no parameter (comments)."""
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Do all that follows, or nothing."""
    run(connection, "begin transaction")
    try:
        yield
    except BaseException:
        run(connection, "rollback")
        raise
    run(connection, "commit")


@contextmanager
def searching(connection: Connection, *schemas: str) -> Iterator[None]:
    """Look unqualified names up in these schemas, in this order."""
    before = rows(connection, "select current_setting('search_path')")[0][0]
    run(connection, f"set search_path = {literal(','.join(schemas))}")
    try:
        yield
    finally:
        run(connection, f"set search_path = {literal(before)}")
