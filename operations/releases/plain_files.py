"""The plain files of a release folder, read within limits and without following a link.

The independent verifier has its own of these rules, since it shares no code with this system.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from operations.errors import StoreError
from schemas.texts import legible

MIB = 1024 * 1024
LARGEST_FILE, LARGEST_FOLDER, MOST_FILES = 64 * MIB, 256 * MIB, 5_000
ONLY_ITSELF = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def plain_files(folder: Path) -> dict[str, bytes]:
    """Return the content of every file by its path within a folder, sorted; empty for no folder.

    Raises `StoreError` when the folder holds anything but plain files within the limits: links,
    pipes, devices, empty folders. Nothing of it is followed or read.
    """
    files: dict[str, bytes] = {}
    room = LARGEST_FOLDER
    for path in _paths(folder):
        name = path.relative_to(folder).as_posix()
        files[name] = _content(path, room)
        room -= len(files[name])
        if len(files) > MOST_FILES:
            raise _refused(folder, "holds more files than", f"at most {MOST_FILES:,} files")
    return dict(sorted(files.items()))


def _paths(folder: Path) -> Iterator[Path]:
    """Give every plain file of a folder; raises for anything else in it."""
    waiting = [folder] if folder.is_dir() else []
    while waiting:
        place = waiting.pop()
        entries = sorted(place.iterdir())
        if not entries and place != folder:
            raise _refused(place, "is an empty folder")
        for entry in entries:
            mode = entry.lstat().st_mode
            if stat.S_ISDIR(mode):
                waiting.append(entry)
            elif stat.S_ISREG(mode):
                yield entry
            else:
                raise _refused(entry, "is a link" if stat.S_ISLNK(mode) else "is no plain file")


def _content(path: Path, room: int) -> bytes:
    with os.fdopen(os.open(path, ONLY_ITSELF), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > min(LARGEST_FILE, room):
            limits = f"files of at most {LARGEST_FILE:,} bytes, and {LARGEST_FOLDER:,} in all"
            raise _refused(path, f"has {size:,} bytes", limits)
        return file.read(size + 1)


def _refused(path: Path, found: str, expected: str = "plain files only") -> StoreError:
    return StoreError(
        f"{legible(str(path))} {found}. A release folder holds {expected}. "
        "Remove it, or put the folder back from a backup."
    )
