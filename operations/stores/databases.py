"""The two databases, each with one writer or many readers: private, and of protected cells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from operations.errors import NotBuiltError, StoreError
from operations.home.kinds import database_kind
from operations.home.locks import Wait, holding, patience
from pipelines.database import (
    Database,
    DatabaseError,
    HeldError,
    LackingError,
    quarter_of_schema,
)


@contextmanager
def writing(path: Path) -> Iterator[Database]:
    """Open a store to write, alone; it is readable by its owner only.

    Waits for the process that uses the store now; raises `BusyError` when that takes too long, and
    `StoreError` when it lacks what is asked of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    wait = Wait(path.name, patience("store"))
    with holding(_lock_of(path), wait), _open(path, wait, read_only=False) as database:
        database_kind().keep_private(path)
        yield database


@contextmanager
def reading(path: Path) -> Iterator[Database]:
    """Open a store to read and nothing else: no write, attach, file or setting is possible.

    Others may read at the same time. Waits for a writer; raises as `writing`, and `NotBuiltError`
    when a quarter has to be built first.
    """
    if not database_kind().is_there(path):
        raise NotBuiltError(
            f"No quarter was built in {path.parent} yet. Build one first: ctw build QUARTER"
        )
    wait = Wait(path.name, patience("store"))
    with (
        holding(_lock_of(path), wait, shared=True),
        _open(path, wait, read_only=True) as database,
    ):
        yield database


def _lock_of(path: Path) -> Path:
    return path.parent / "locks" / f"{path.name}.lock"


@contextmanager
def _open(path: Path, wait: Wait, *, read_only: bool) -> Iterator[Database]:
    """Open once nobody has the store open without our lock, such as an analyst's session."""
    try:
        database = _opened(path, wait, read_only=read_only)
        try:
            yield database
        finally:
            database.close()
    except LackingError as error:
        raise NotBuiltError(_not_built(error.schema)) from error
    except DatabaseError as error:
        raise StoreError(str(error)) from error


def _not_built(schema: str) -> str:
    """Say which quarter has to be built, and how."""
    quarter = quarter_of_schema(schema)
    if quarter is None:
        return "What is asked for is not there until a quarter is built: ctw build QUARTER"
    return (
        f"{quarter.label} was not built here yet, or its last build stopped before it came to what "
        f"is asked for. Build it first: ctw build {quarter.id}"
    )


def _opened(path: Path, wait: Wait, *, read_only: bool) -> Database:
    while True:
        try:
            return database_kind().open(path, read_only=read_only)
        except HeldError as held:
            known = f" (process {held.process})" if held.process else ""
            wait.pause(f"another program{known}")
