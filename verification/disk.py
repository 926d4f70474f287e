"""The plain files of a release folder, read within limits and without following a link."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from verification.findings import INTEGRITY, Finding

MIB = 1024 * 1024
LARGEST_FILE, LARGEST_FOLDER, MOST_FILES = 64 * MIB, 256 * MIB, 5_000
ONLY_ITSELF = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def plain_files(folder: Path) -> tuple[dict[str, bytes], list[Finding]]:
    """Return the content of every plain file by its path, and what else the folder holds.

    Links, devices, pipes, empty folders and files over a limit are findings and are not read.
    """
    files: dict[str, bytes] = {}
    problems: list[str] = []
    room = LARGEST_FOLDER
    for path, fault in _entries(folder):
        if len(files) + len(problems) >= MOST_FILES:
            problems.append(
                f"The folder holds more than {MOST_FILES:,} files: the rest was not read."
            )
            break
        content = fault or _content(folder / path, room)
        if isinstance(content, str):
            problems.append(f"{path} {content}")
        else:
            files[path] = content
            room -= len(content)
    return dict(sorted(files.items())), [Finding(INTEGRITY, words) for words in problems]


def _entries(folder: Path) -> Iterator[tuple[str, str]]:
    """Give each entry that is no folder by its path, and what is wrong with it, if anything."""
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        within = place.relative_to(folder).as_posix()
        try:
            entries = sorted(place.iterdir())
        except OSError as fault:
            yield within, f"cannot be listed ({fault.strerror})."
            continue
        if not entries and place != folder:
            yield within, "is an empty folder. A release folder holds plain files only."
        for entry in entries:
            mode = entry.lstat().st_mode
            if stat.S_ISDIR(mode):
                waiting.append(entry)
            else:
                yield entry.relative_to(folder).as_posix(), _not_plain(mode)


def _not_plain(mode: int) -> str:
    """Say what an entry is instead of a plain file; nothing for a plain file."""
    if stat.S_ISREG(mode):
        return ""
    what = "is a link, which was not followed" if stat.S_ISLNK(mode) else "is no plain file"
    return f"{what}. A release folder holds plain files only."


def _content(path: Path, room: int) -> bytes | str:
    """Return what a file holds, or why it was not read."""
    try:
        with os.fdopen(os.open(path, ONLY_ITSELF), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            content = file.read(size + 1) if size <= min(LARGEST_FILE, room) else b""
    except OSError as fault:
        return f"cannot be read ({fault.strerror})."
    if size > LARGEST_FILE:
        return f"was not read: it has {size:,} bytes, and the limit is {LARGEST_FILE:,}."
    if size > room:
        return f"was not read: with it the folder has over {LARGEST_FOLDER:,} bytes, the limit."
    return content
