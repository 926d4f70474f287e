"""Folders as somebody else filled them: walked, copied and removed at any depth.

Names and depth are those of a sender: no path is put together from them, no function calls itself
for each folder, and no link is followed.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_HANDLE = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_GONE = os.stat_result([0] * 10)

Step = Literal["leaf", "into", "out of", "shut"]


@dataclass(frozen=True)
class TreeVisit:
    """One step of a walk: a leaf, into or out of a folder, or what cannot be looked at (`shut`).

    `within` is the open folder that it is in, and `above` the names of the folders on the way
    there; both hold until the next step.
    """

    step: Step
    name: str
    within: int
    found: os.stat_result
    above: Sequence[str]

    @property
    def path(self) -> str:
        """The path below the folder that is walked."""
        return "/".join((*self.above, self.name))


def walked(top: Path) -> Iterator[TreeVisit]:
    """Walk a folder and the folders in it by name, each left after all that is in it."""
    here = os.open(top, _FOLDER)
    above: list[str] = []
    seen, left = [os.fstat(here)], [iter(_names(here))]
    try:
        while left:
            name = next(left[-1], None)
            if name is None:
                left.pop()
                found = seen.pop()
                if above:
                    here = _exchanged(here, up_from(here, seen[-1]))
                    yield TreeVisit("out of", above.pop(), here, found, above)
                continue
            found, inner = _looked_at(here, name)
            if inner is None:
                shut = found is _GONE or stat.S_ISDIR(found.st_mode)
                yield TreeVisit("shut" if shut else "leaf", name, here, found, above)
                continue
            try:
                names = _names(inner)
                yield TreeVisit("into", name, here, found, above)
            except BaseException:
                os.close(inner)
                raise
            here = _exchanged(here, inner)
            above.append(name)
            seen.append(found)
            left.append(iter(names))
    finally:
        os.close(here)


def _names(folder: int) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries)


def _looked_at(here: int, name: str) -> tuple[os.stat_result, int | None]:
    """Return what a name is, and the open folder when it is one that can be read and left again."""
    try:
        found = os.stat(name, dir_fd=here, follow_symlinks=False)
    except OSError:
        return _GONE, None
    if not stat.S_ISDIR(found.st_mode):
        return found, None
    try:
        inner = os.open(name, _FOLDER, dir_fd=here)
    except OSError:
        return found, None
    try:
        os.stat("..", dir_fd=inner)
    except OSError:
        os.close(inner)
        return found, None
    return os.fstat(inner), inner


def _exchanged(old: int, new: int) -> int:
    os.close(old)
    return new


def up_from(folder: int, expected: os.stat_result) -> int:
    """Open the folder above; raises `OSError` when it is another than that of the way down."""
    up = os.open("..", _FOLDER, dir_fd=folder)
    if not os.path.samestat(os.fstat(up), expected):
        os.close(up)
        raise OSError("a folder was moved while it was walked")
    return up


def plain(name: str, within: int) -> int:
    """Open a plain file to read; raises `OSError` for anything else and what cannot be read."""
    handle = os.open(name, _FILE, dir_fd=within)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError("it is no plain file")
    return handle


def kind_of(path: Path) -> str:
    """Say what lies at a path, such as a plain file; a link is not followed."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return "nothing"
    if stat.S_ISLNK(mode):
        return "a symbolic link" if path.exists() else "a symbolic link that leads nowhere"
    names = {stat.S_IFREG: "a plain file", stat.S_IFDIR: "a folder"}
    return names.get(stat.S_IFMT(mode), "neither a file nor a folder")


def bytes_in(path: Path) -> int:
    """Return how many bytes the plain files in a folder have, or those of a file."""
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return found.st_size if stat.S_ISREG(found.st_mode) else 0
    return sum(v.found.st_size for v in walked(path) if stat.S_ISREG(v.found.st_mode))


def remove(path: Path) -> None:
    """Remove a file, a link or a folder with all that is in it."""
    if not stat.S_ISDIR(path.lstat().st_mode):
        path.unlink()
        return
    open_up(path)
    for visit in walked(path):
        if visit.step == "into":
            os.chmod(visit.name, 0o700, dir_fd=visit.within)
        elif visit.step == "leaf":
            os.unlink(visit.name, dir_fd=visit.within)
        elif visit.step in ("out of", "shut"):
            os.rmdir(visit.name, dir_fd=visit.within)
    path.rmdir()


def open_up(top: Path) -> None:
    """Let the owner into a folder and every folder below it, as one whose mode was 000.

    What belongs to somebody else stays shut. Links stay as they are.
    """
    with suppress(PermissionError):
        top.chmod(0o700)
    tried = set[tuple[int, int]]()
    while fresh := [(v.found.st_dev, v.found.st_ino) for v in _opening(top, tried)]:
        tried |= set(fresh)


def _opening(top: Path, tried: Container[tuple[int, int]]) -> Iterator[TreeVisit]:
    """Open each shut folder that was not tried before, and give its visit; none lies deeper."""
    for visit in walked(top):
        place = (visit.found.st_dev, visit.found.st_ino)
        if visit.step == "shut" and stat.S_ISDIR(visit.found.st_mode) and place not in tried:
            with suppress(PermissionError):
                os.chmod(visit.name, 0o700, dir_fd=visit.within)
            yield visit


def make_private(path: Path) -> None:
    """Take from everybody but the owner what may be done with a path and all below it.

    The owner can enter every folder then. Links stay as they are, and so does what belongs to
    somebody else.
    """
    if stat.S_ISDIR(path.lstat().st_mode):
        with suppress(PermissionError):
            open_up(path)
    if _closed_to_others(os.fspath(path)) and stat.S_ISDIR(path.lstat().st_mode):
        for visit in walked(path):
            if visit.step != "out of":
                _closed_to_others(visit.name, visit.within)


def _closed_to_others(name: str, within: int | None = None) -> bool:
    """Close a path by a handle to it, so that no link comes in between; say if that was done."""
    try:
        handle = os.open(name, _HANDLE, dir_fd=within)
    except OSError:
        return False
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISLNK(mode):
            Path(f"/proc/self/fd/{handle}").chmod(stat.S_IMODE(mode) & 0o700)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


def clear(path: Path) -> None:
    """Remove what is there, as far as that can be done."""
    with suppress(OSError):
        remove(path)


def copied(source: Path, target: Path) -> list[str]:
    """Copy a folder to a new one: files, folders and links as they are, with modes and times.

    Returns the paths of what could not be copied: pipes, devices, and what may not be read.
    """
    target.mkdir(mode=0o700)
    there, missed = os.open(target, _FOLDER), list[str]()
    ways = [os.fstat(there)]
    try:
        for visit in walked(source):
            if visit.step == "into":
                os.mkdir(visit.name, 0o700, dir_fd=there)
                there = _exchanged(there, os.open(visit.name, _FOLDER, dir_fd=there))
                ways.append(os.fstat(there))
            elif visit.step == "out of":
                _dress(there, visit.found)
                ways.pop()
                there = _exchanged(there, up_from(there, ways[-1]))
                os.chmod(visit.name, stat.S_IMODE(visit.found.st_mode), dir_fd=there)
            elif not _leaf(visit, there):
                missed.append(visit.path)
    finally:
        os.close(there)
    shutil.copystat(source, target)
    return missed


def _leaf(visit: TreeVisit, there: int) -> bool:
    """Copy a file or link; say whether that could be done."""
    if stat.S_ISLNK(visit.found.st_mode):
        os.symlink(os.readlink(visit.name, dir_fd=visit.within), visit.name, dir_fd=there)
        times = visit.found.st_atime_ns, visit.found.st_mtime_ns
        os.utime(visit.name, ns=times, dir_fd=there, follow_symlinks=False)
        return True
    if visit.step == "shut" or not stat.S_ISREG(visit.found.st_mode):
        return False
    try:
        handle = plain(visit.name, visit.within)
    except OSError:
        return False
    with (
        os.fdopen(handle, "rb") as sent,
        os.fdopen(os.open(visit.name, _NEW, 0o600, dir_fd=there), "wb") as kept,
    ):
        shutil.copyfileobj(sent, kept, 1 << 20)
        kept.flush()
        _dress(kept.fileno(), visit.found)
        os.fchmod(kept.fileno(), stat.S_IMODE(visit.found.st_mode))
    return True


def _dress(handle: int, found: os.stat_result) -> None:
    """Give what was copied the times of what was found."""
    os.utime(handle, ns=(found.st_atime_ns, found.st_mtime_ns))
