"""Dagster's store of runs and events, which keeps what it needs to talk to SQLite.

Dagster's own makes an engine for each question, and writes the SQL of the question anew. The files
and their places are those of Dagster's own.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self

from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.schedules.sqlite.sqlite_schedule_storage import SqliteScheduleStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import (
    DagsterSqliteStorage,
    _event_logs_directory,
    _runs_directory,
    _schedule_directory,
)
from dagster._serdes import ConfigurableClassData
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool

WAIT_SECONDS = 5
"""How long a writer of the list of runs is waited for, as by SQLite's own rule."""
KEPT = 8
"""How many engines are kept: each run has a file of events of its own, and one lists them all."""


class Engines:
    """The engines used last. They hold no connection, so a file may be moved or deleted."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Engine] = OrderedDict()

    def of(self, place: str, timeout: float) -> Engine:
        """Return the engine of a database; a writer is waited for `timeout` seconds."""
        engine = self._kept.pop(place, None) or create_engine(
            place, poolclass=NullPool, connect_args={"timeout": timeout}
        )
        self._kept[place] = engine
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return engine


class Events(SqliteEventLogStorage):
    """Dagster's log of events, with engines that are kept."""

    def __init__(self, base_dir: str) -> None:
        self._engines = Engines()
        super().__init__(base_dir)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            place = self.conn_string_for_shard(shard)
            engine = self._engines.of(place, SQLITE_BUSY_TIMEOUT_SECONDS)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection


class KeptRuns(SqliteRunStorage):
    """Dagster's list of runs, with an engine that is kept."""

    def __init__(self, conn_string: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines = Engines()
        super().__init__(conn_string, inst_data)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Open the list in a transaction."""
        with self._engines.of(self._conn_string, WAIT_SECONDS).begin() as connection:
            yield connection


class Store(DagsterSqliteStorage):
    """Dagster's store in SQLite, of which `dagster.yaml` names the folder."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        # not that of the parent, which opens stores of its own
        super(DagsterSqliteStorage, self).__init__()  # type: ignore[no-untyped-call]
        self.base_dir = base_dir
        self._run_storage = KeptRuns.from_local(_runs_directory(base_dir))
        self._event_log_storage = Events(_event_logs_directory(base_dir))
        self._schedule_storage = SqliteScheduleStorage.from_local(_schedule_directory(base_dir))
        self._inst_data = inst_data

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> Self:
        """Open the store of a configuration."""
        return cls.from_local(inst_data=inst_data, **config_value)
