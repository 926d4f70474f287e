"""When packs arrived: what an imported list of receipts says, else the times of their files."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from pipelines.returns.packs.plain_files import seen_in


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
    """Return when the last file of a pack was changed; 0 when it was taken away meanwhile."""
    own = _changed(path, None)
    inside = (_changed(e.name, e.within) for e in seen_in(path) if not stat.S_ISDIR(e.mode))
    return max(0.0, own, *inside)


def _changed(name: Path | str, within: int | None) -> float:
    try:
        return os.stat(name, dir_fd=within, follow_symlinks=False).st_mtime
    except OSError:
        return 0.0
