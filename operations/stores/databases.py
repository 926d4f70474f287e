"""The two DuckDB files, each with one writer or many readers: private, and of protected cells."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from operations.errors import StoreError
from operations.home.locks import Wait, holding, patience
from schemas.quarter import Quarter

LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "lock_configuration": True,
}
# How DuckDB says that another process has the file open.
HELD = "Could not set lock on file"
_PROCESS = re.compile(r"\(PID (\d+)\)")


@contextmanager
def writing(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a store to write, alone; the file is readable by its owner only.

    Waits for whoever uses the store now; raises `BusyError` when that takes too long.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    wait = Wait(path.name, patience("store"))
    with holding(_lock_of(path), wait):
        connection = _connect(path, wait, read_only=False)
        path.chmod(0o600)
        try:
            yield connection
        finally:
            connection.close()


@contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a store to read and nothing else: no write, attach, file or setting is possible.

    Others may read at the same time. Waits for a writer; raises `BusyError` when that takes too
    long.
    """
    if not path.is_file():
        raise StoreError(f"There is no {path.name} in {path.parent}. Build a quarter first.")
    wait = Wait(path.name, patience("store"))
    with holding(_lock_of(path), wait, shared=True):
        connection = _connect(path, wait, read_only=True)
        try:
            yield connection
        finally:
            connection.close()


def _lock_of(path: Path) -> Path:
    return path.parent / "locks" / f"{path.name}.lock"


def _connect(path: Path, wait: Wait, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Connect once nobody has the file open without our lock, such as an analyst's session."""
    config = LOCKED if read_only else {}
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only, config=config)
        except duckdb.IOException as error:
            if HELD not in str(error):
                raise StoreError(_unusable(path)) from error
            found = _PROCESS.search(str(error))
            wait.pause(f"another program (process {found[1]})" if found else "another program")


def _unusable(path: Path) -> str:
    return (
        f"{path} is no DuckDB database that this version can open. Move it away and build again: "
        "the return packs in landing/received make it anew."
    )


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
