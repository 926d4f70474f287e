"""Every call of a database: another catalogue of tables is one class that extends `Database`.

A class answers for where its databases lie: whether one is there, its copy for a backup, its move.
An object of it is open in this process. Schemas, tables and views are named by declarations, values
are always passed as parameters. SQL is that of DuckDB.
"""

from __future__ import annotations

import json
import re
import shutil
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import duckdb
import polars as pl

from schemas.quarter import Quarter
from schemas.warehouse import Relation, RelationColumn

Values = Mapping[str, Any]
FRAME = "frame_to_write"
WORDS = "words"
LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "lock_configuration": True,
}
# The oldest DuckDB whose readers can open a copy.
STORAGE_VERSION = "v1.2.0"


class DatabaseError(Exception):
    """A database that cannot be opened, or lacks what is asked of it."""


class LackingError(DatabaseError):
    """A database without a table that is asked of it; `schema` says of which room and quarter."""

    def __init__(self, schema: str, table: str) -> None:
        super().__init__(f"The store holds no {schema}.{table}. Build that quarter first.")
        self.schema = schema


class HeldError(DatabaseError):
    """A database that another process has open; `process` is its number, "" when not known."""

    def __init__(self, process: str) -> None:
        super().__init__(f"Another process has the database open: {process or 'not known which'}.")
        self.process = process


class Database(ABC):
    """A catalogue of schemas, open to read or to write.

    A class that extends it says how one of its databases is opened, found, kept private, copied
    and moved, and nothing else. A place is a path in a home that names a database: whether a file,
    a folder or nothing lies there is known to the class alone.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    @classmethod
    @abstractmethod
    def open(cls, place: Path, *, read_only: bool) -> Self:
        """Open a catalogue; raises `HeldError`, and `DatabaseError` for anything else.

        Opened to read, nothing can be written, attached or set, and no file outside be read.
        """

    @classmethod
    @abstractmethod
    def is_there(cls, place: Path) -> bool:
        """Whether there is a database at a place; it is not opened."""

    @classmethod
    @abstractmethod
    def stamp(cls, place: Path) -> tuple[int, ...]:
        """Return what is another after each write; empty where there is no database."""

    @classmethod
    @abstractmethod
    def keep_private(cls, place: Path) -> None:
        """Let nobody but its owner read or write the database."""

    @classmethod
    @abstractmethod
    def save(cls, place: Path, target: Path) -> None:
        """Copy a database that nobody writes to files at `target`, where a backup lies."""

    @classmethod
    @abstractmethod
    def move(cls, place: Path, target: Path) -> None:
        """Put a closed database in another place; who reads one there has the old or the new."""

    @classmethod
    @abstractmethod
    def remove(cls, place: Path) -> None:
        """Remove a database with all that belongs to it; nothing happens where there is none."""

    def close(self) -> None:
        """Close the catalogue; what was committed stays."""
        self.connection.close()

    def run(self, sql: str, values: Values | None = None) -> None:
        """Run one statement with its values."""
        self.connection.execute(sql, dict(values) if values else None)

    def rows(self, sql: str, values: Values | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a short query."""
        return self.connection.execute(sql, dict(values) if values else None).fetchall()

    def query(self, sql: str, values: Values | None = None) -> pl.DataFrame:
        """Return the rows of a query as a frame.

        What one row is, the query says.
        """
        result = self.connection.execute(sql, dict(values) if values else None).to_arrow_table()
        frame = pl.from_arrow(result)
        assert isinstance(frame, pl.DataFrame)
        return frame

    def read(self, schema: str, table: str, order: tuple[str, ...]) -> pl.DataFrame:
        """Return a table in the order of its key, the same at every run.

        One row per key of the table.
        """
        return self.query(f"select * from {schema}.{table} order by {', '.join(order) or 'all'}")  # noqa: S608 - declared names

    def row_count(self, schema: str, table: str) -> int:
        """Return how many rows a table has."""
        return int(self.rows(f"select count(*) from {schema}.{table}")[0][0])  # noqa: S608 - declared names

    def get(self, schema: str, table: str, columns: Collection[str] | None = None) -> pl.DataFrame:
        """Read one table, or those of `columns` it has; `DatabaseError` when it is not there.

        One row per key of the table.
        """
        held = self.columns(schema, table)
        wanted = ", ".join(f'"{c}"' for c in held if columns is None or c in columns)
        return self.query(f'select {wanted} from "{schema}"."{table}"')  # noqa: S608 - declared names

    def put(self, schema: str, table: str, frame: pl.DataFrame) -> None:
        """Replace one table with a frame, in a transaction."""
        with self.transaction(), self._frame(frame):
            self.run(f'create schema if not exists "{schema}"')
            self.run(f'create or replace table "{schema}"."{table}" as from {FRAME}')

    def get_words(self, schema: str, table: str) -> dict[str, Any]:
        """Read the words kept beside a table; `DatabaseError` when there are none."""
        words: dict[str, Any] = json.loads(self.get(schema, f"{table}__words")[WORDS].item())
        return words

    def put_words(self, schema: str, table: str, words: Mapping[str, Any]) -> None:
        """Keep words beside a table, as JSON text."""
        self.put(schema, f"{table}__words", pl.DataFrame({WORDS: [json.dumps(words)]}))

    def create(self, schema: str, table: str, columns: tuple[RelationColumn, ...]) -> None:
        """Create an empty table with declared columns, if it is not there."""
        listed = ", ".join(f"{column.name} {column.sql_type}" for column in columns)
        self.run(f"create table if not exists {schema}.{table} ({listed})")

    def add_columns(self, schema: str, table: str, declared: tuple[RelationColumn, ...]) -> None:
        """Add the declared columns that a table of an earlier version lacks; rows hold null."""
        held = self.columns(schema, table)
        for column in declared:
            if column.name not in held:
                self.run(f"alter table {schema}.{table} add column {column.name} {column.sql_type}")

    def insert(
        self, schema: str, table: str, frame: pl.DataFrame, columns: tuple[RelationColumn, ...]
    ) -> None:
        """Add the rows of `frame`, column by column by name, cast to the types of the table."""
        names = ", ".join(column.name for column in columns)
        casts = ", ".join(f"cast({column.name} as {column.sql_type})" for column in columns)
        with self._frame(frame):
            self.run(f"insert into {schema}.{table} ({names}) select {casts} from {FRAME}")  # noqa: S608 - declared names

    @contextmanager
    def _frame(self, frame: pl.DataFrame) -> Iterator[None]:
        """Have the frame under the name `FRAME`."""
        self.connection.register(FRAME, frame.to_arrow())
        try:
            yield
        finally:
            self.connection.unregister(FRAME)

    def columns(self, schema: str, table: str) -> dict[str, str]:
        """Return the columns and their types of one table or view; `DatabaseError` without it.

        It looks at that table alone, so it stays quick when the store holds many quarters.
        """
        sql = f'select column_name, column_type from (describe "{schema}"."{table}")'  # noqa: S608 - declared names
        try:
            return dict(self.rows(sql))
        except duckdb.CatalogException:
            raise LackingError(schema, table) from None

    def tables(self, schema: str) -> dict[str, dict[str, str]]:
        """Return the columns and their types of every table and view of a schema."""
        found: dict[str, dict[str, str]] = {}
        for table, column, sql_type in self.rows(
            "select table_name, column_name, data_type from duckdb_columns() "
            "where schema_name = $schema and database_name = current_database() "
            "order by table_name, column_index",
            {"schema": schema},
        ):
            found.setdefault(table, {})[column] = sql_type
        return found

    def schemas(self, prefix: str) -> list[str]:
        """List the schemas whose names begin so, in alphabetical order."""
        found = self.rows(
            "select schema_name from duckdb_schemas() where starts_with(schema_name, $prefix) "
            "and database_name = current_database() order by schema_name",
            {"prefix": prefix},
        )
        return [name for (name,) in found]

    def describe(self, schema: str, relation: Relation, kind: str = "table") -> None:
        """Comment a table or view and its columns with their declared words."""
        name = f"{schema}.{relation.name}"
        comments = [
            f"comment on {kind} {name} is {literal(relation.grain)}",
            *(
                f"comment on column {name}.{column.name} is {literal(column.comment)}"
                for column in relation.columns
            ),
        ]
        self.run(";\n".join(comments))

    def serve(
        self, schema: str, build: str, relations: Iterable[Relation], *, comments: bool
    ) -> None:
        """Replace `schema` by views of the relations of a build."""
        self.run(f"drop schema if exists {schema} cascade")
        self.run(f"create schema {schema}")
        for declared in relations:
            # Without the name of the database, so that a copy of the file serves its own tables.
            self.run(f"create view {schema}.{declared.name} as from {build}.{declared.name}")
            if comments:
                self.describe(schema, declared, kind="view")

    def copy(self, schema: str, relations: Iterable[Relation], file: Path) -> None:
        """Write relations with their comments to a new file that readers of DuckDB can open."""
        version = f"(storage_version '{STORAGE_VERSION}')"
        self.run(f"attach {literal(str(file))} as copy {version}")
        try:
            with self.transaction():
                for declared in relations:
                    self.run(f"create table copy.{declared.name} as from {schema}.{declared.name}")
                    self.describe("copy", declared)
        finally:
            self.run("detach copy")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the block in one transaction: all of it takes effect, or nothing."""
        self.run("begin transaction")
        try:
            yield
        except BaseException:
            self.run("rollback")
            raise
        self.run("commit")

    @contextmanager
    def searching(self, *schemas: str) -> Iterator[None]:
        """Look unqualified names up in these schemas, in this order."""
        before = self.rows("select current_setting('search_path')")[0][0]
        self.run(f"set search_path = {literal(','.join(schemas))}")
        try:
            yield
        finally:
            self.run(f"set search_path = {literal(before)}")


class DuckDB(Database):
    """One DuckDB file: one process writes, or many read."""

    _HELD = "Could not set lock on file"
    _PROCESS = re.compile(r"\(PID (\d+)\)")

    @classmethod
    def open(cls, place: Path, *, read_only: bool) -> Self:
        """Open the file; one that is not there is made, when it is opened to write."""
        config = LOCKED if read_only else {}
        try:
            return cls(duckdb.connect(str(place), read_only=read_only, config=config))
        except duckdb.IOException as error:
            if cls._HELD not in str(error):
                raise DatabaseError(
                    f"{place} is no DuckDB database that this version can open. Put the home back "
                    "from a backup (ctw restore). Where there is none, move the file away and "
                    "build again: a build makes it anew from the return packs, or says why they "
                    "are not enough."
                ) from error
            found = cls._PROCESS.search(str(error))
            raise HeldError(found[1] if found else "") from error

    @classmethod
    def is_there(cls, place: Path) -> bool:
        """Whether the file is there."""
        return place.is_file()

    @classmethod
    def stamp(cls, place: Path) -> tuple[int, ...]:
        """Return the time of the last write, in nanoseconds, and the size in bytes."""
        if not cls.is_there(place):
            return ()
        found = place.stat()
        return found.st_mtime_ns, found.st_size

    @classmethod
    def keep_private(cls, place: Path) -> None:
        """Take the file from group and others."""
        place.chmod(0o600)

    @classmethod
    def save(cls, place: Path, target: Path) -> None:
        """Copy the file, with what a process that was killed had not put into it yet."""
        for source, copy in zip(cls._files(place), cls._files(target), strict=True):
            if source.is_file():
                shutil.copy2(source, copy)

    @classmethod
    def move(cls, place: Path, target: Path) -> None:
        """Move the file; what was not put into it yet goes before it."""
        for source, moved in reversed([*zip(cls._files(place), cls._files(target), strict=True)]):
            if source.is_file():
                source.replace(moved)
            else:
                moved.unlink(missing_ok=True)

    @classmethod
    def remove(cls, place: Path) -> None:
        """Remove the file and what was not put into it yet."""
        for file in cls._files(place):
            file.unlink(missing_ok=True)

    @staticmethod
    def _files(place: Path) -> tuple[Path, Path]:
        """Name the file, and the log of writes that DuckDB keeps beside it while it is open."""
        return place, place.with_name(f"{place.name}.wal")

    @classmethod
    def in_memory(cls) -> Self:
        """Open an empty database that ends with this process."""
        return cls(duckdb.connect())


def schema_of(room: str, quarter: Quarter) -> str:
    """Name the schema of a room and quarter: `protected_2026_27q2`."""
    return f"{room}_{quarter.id.replace('-', '_').lower()}"


def quarter_of_schema(schema: str) -> Quarter | None:
    """Return the quarter that a schema is of; None for one of all quarters."""
    found = re.fullmatch(r"\w+_(\d{4})_(\d\d)q([1-4])", schema)
    return Quarter.parse(f"{found[1]}-{found[2]}Q{found[3]}") if found else None


def literal(text: str) -> str:
    """Write a declared text as a literal, where DuckDB takes no parameter (comments)."""
    return "'" + text.replace("'", "''") + "'"
