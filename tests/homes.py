"""The files of a home as tests walk them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

TRANSIENT = ("-wal", "-shm")


def paths_in(home: Path) -> Iterator[Path]:
    """Give every path of a home but the two files that SQLite keeps beside an open log.

    SQLite deletes those when the last connection closes, which may come between the listing of a
    folder and the reading of its files. What they hold is read through the log itself.
    """
    return (path for path in home.rglob("*") if not path.name.endswith(TRANSIENT))
