"""The kind of catalogue that holds the state: declared here, and nowhere else."""

from __future__ import annotations

from pipelines.database import Database, DuckDB

KIND: type[Database] = DuckDB


def database_kind() -> type[Database]:
    """Return the kind of catalogue that holds the state, which answers for where a store lies."""
    return KIND
