"""When packs arrived: what an imported list of receipts says, else the times of their files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path


def arrived(path: Path, receipts: Mapping[str, datetime], at: datetime) -> datetime:
    """Return when a pack arrived, in UTC, at the latest `at`, when it was found.

    A folder arrived with its last file. Links are not followed.
    """
    if path.name in receipts:
        return receipts[path.name]
    return min(datetime.fromtimestamp(min(_last_change(path), at.timestamp()), UTC), at)


def is_there(path: Path, receipts: Mapping[str, datetime], at: datetime) -> bool:
    """Say whether a pack has arrived by `at`, by its receipt or else the times of its files."""
    return path.name in receipts or _last_change(path) <= at.timestamp()


def _last_change(path: Path) -> float:
    inside = (Path(where, name) for where, _, names in os.walk(path) for name in names)
    times = [time for each in (path, *inside) if (time := _changed(each)) is not None]
    return max([0.0, *times])


def _changed(path: Path) -> float | None:
    """Return when a file was last changed; None when it was taken away meanwhile."""
    try:
        return path.lstat().st_mtime
    except OSError:
        return None
