"""When packs arrived: what an imported list of receipts says, else the times of their files."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from operations.errors import LandingError

RECEIPTS = ".receipts.csv"
COLUMNS = ["pack", "received_at"]


def imported(folder: Path) -> dict[str, datetime]:
    """Read `.receipts.csv` of a drop folder: the time of receipt by the name of what was dropped.

    It is the list that a transfer service keeps: the columns `pack` (the name in the drop folder)
    and `received_at` (a time with its zone). Empty when there is none. Raises `LandingError` with
    the number of the line, never with what stands in it.
    """
    file = folder / RECEIPTS
    if not file.is_file():
        return {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            lines = csv.DictReader(text, strict=True)
            if lines.fieldnames != COLUMNS:
                raise LandingError(f"{file} needs a first line with the columns pack,received_at.")
            return dict(_receipt(file, lines.line_num, line) for line in lines)
    except (csv.Error, UnicodeDecodeError):
        raise LandingError(f"{file} is not a CSV file in UTF-8. Save it as one.") from None


def _receipt(file: Path, number: int, line: Mapping[str, str | None]) -> tuple[str, datetime]:
    pack, at = line["pack"], line["received_at"]
    try:
        received = datetime.fromisoformat(at or "")
    except ValueError:
        received = None
    if not pack or received is None or received.tzinfo is None:
        raise LandingError(
            f"Line {number} of {file} is not a receipt. It needs the name of a pack and a time "
            "with its zone, such as 2026-10-20T09:30:00+01:00. Correct the line and build again."
        )
    return pack, received.astimezone(UTC)


def arrived(path: Path, receipts: Mapping[str, datetime], at: datetime) -> datetime:
    """Return when a pack arrived, in UTC, at the latest `at`, when it was found.

    A folder arrived with its last file. Links are not followed.
    """
    if path.name in receipts:
        return min(receipts[path.name], at)
    return min(datetime.fromtimestamp(_last_change(path), UTC), at)


def _last_change(path: Path) -> float:
    inside = (Path(where, name) for where, _, names in os.walk(path) for name in names)
    times = [time for each in (path, *inside) if (time := _changed(each)) is not None]
    return max(times, default=0.0)


def _changed(path: Path) -> float | None:
    """Return when a file was last changed; None when it was taken away meanwhile."""
    try:
        return path.lstat().st_mtime
    except OSError:
        return None
