"""The two DuckDB files: the private one, with one writer, and the one of protected cells."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from assets.errors import StoreError
from schemas.quarter import Quarter

LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "lock_configuration": True,
}


@contextmanager
def writing(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a store to write; the file is readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(str(path))
    except duckdb.IOException as error:
        raise StoreError(_unusable(path, str(error))) from error
    path.chmod(0o600)
    try:
        yield connection
    finally:
        connection.close()


def _unusable(path: Path, reason: str) -> str:
    if "lock" in reason:
        return (
            f"{path.name} is open in another process, so it cannot be written. Close the build, "
            "analyst's session or UI run that holds it and run this again."
        )
    return (
        f"{path} is no DuckDB database that this version can open. Move it away and build again: "
        "the return packs in landing/received make it anew."
    )


@contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a store to read and nothing else: no write, attach, file or setting is possible."""
    if not path.is_file():
        raise StoreError(f"There is no {path.name} in {path.parent}. Build a quarter first.")
    try:
        connection = duckdb.connect(str(path), read_only=True, config=LOCKED)
    except duckdb.IOException as error:
        raise StoreError(_unusable(path, str(error))) from error
    try:
        yield connection
    finally:
        connection.close()


def schema_of(room: str, quarter: Quarter) -> str:
    """Name the schema of a room and quarter: `protected_2026_27q2`."""
    return f"{room}_{quarter.id.replace('-', '_').lower()}"


def put(connection: duckdb.DuckDBPyConnection, schema: str, name: str, frame: pl.DataFrame) -> None:
    """Replace one table with a frame, in a transaction."""
    connection.execute("begin")
    connection.execute(f'create schema if not exists "{schema}"')
    connection.register("frame_to_write", frame.to_arrow())
    connection.execute(f'create or replace table "{schema}"."{name}" as from frame_to_write')
    connection.unregister("frame_to_write")
    connection.execute("commit")


def get(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    name: str,
    columns: Collection[str] | None = None,
) -> pl.DataFrame:
    """Read one table, or those of `columns` it has; raises `StoreError` when it is not there."""
    try:
        held = [row[0] for row in connection.execute(f'describe "{schema}"."{name}"').fetchall()]
    except duckdb.CatalogException as error:
        raise StoreError(
            f"The store holds no {schema}.{name}. Build that quarter first."
        ) from error
    wanted = ", ".join(f'"{c}"' for c in held if columns is None or c in columns)
    rows = connection.execute(f'select {wanted} from "{schema}"."{name}"').to_arrow_table()  # noqa: S608 names of declarations
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)
    return frame


def rows_of(
    connection: duckdb.DuckDBPyConnection, schema: str, name: str, submissions: list[str]
) -> pl.DataFrame:
    """Read the rows of a landing table that came with these submissions."""
    rows = connection.execute(
        f'from "{schema}"."{name}" where list_contains(?, submission_id)',
        [submissions],
    ).to_arrow_table()
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)
    return frame


def put_words(
    connection: duckdb.DuckDBPyConnection, schema: str, name: str, words: dict[str, Any]
) -> None:
    """Keep words beside a table, as JSON text."""
    put(connection, schema, f"{name}__words", pl.DataFrame({"words": [json.dumps(words)]}))


def get_words(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> dict[str, Any]:
    """Read the words kept beside a table."""
    words: dict[str, Any] = json.loads(get(connection, schema, f"{name}__words")["words"].item())
    return words
