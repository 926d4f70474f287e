"""Read plain files from disk; a link, pipe or device is never opened."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from pipelines.returns.errors import PackFault

# O_NONBLOCK: whatever takes the place of a file that was looked at cannot hold the build up.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
# No pack that is opened has a hash that begins so: the names of its files come first, without NUL.
# So no bytes that somebody chose for a refused file give it the hash of another pack.
REFUSED = b"\0refused\0"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class UnpackLimits:
    """How much may come out of a pack. `ratio` is unpacked size over packed size of a zip file.

    `hashed_entries` and `hashed_bytes` say how much of a refused pack goes into its hash.
    """

    entries: int = 50
    unpacked_bytes: int = 100_000_000
    ratio: float = 200
    ratio_from_bytes: int = 1_000_000
    hashed_entries: int = 200
    hashed_bytes: int = 500_000_000


LIMITS = UnpackLimits()


@dataclass(frozen=True)
class FolderEntry:
    """One entry of a folder, looked at and not opened. `within` is the open folder it is in."""

    path: str
    name: str
    within: int
    mode: int
    size: int


def read_file(name: Path | str, most: int, within: int | None = None) -> bytes:
    """Return the bytes of a plain file; raises `PackFault` for anything else, or over `most`."""
    with _plain(name, within) as (stream, size):
        if size > most:
            raise too_large(size, most)
        data = stream.read(size + 1)
    if len(data) != size:
        raise PackFault("pack_can_be_read", found="A file changed while it was read.")
    return data


def read_folder(folder: Path, limits: UnpackLimits) -> dict[str, bytes]:
    """Return the plain files of a folder by their path in it, hidden ones left out.

    Raises `PackFault` when the folder holds anything but plain files and folders, or too much.
    """
    size = 0
    for at, entry in enumerate(entries_of(folder), start=1):
        size += entry.size if stat.S_ISREG(entry.mode) else 0
        if not (stat.S_ISREG(entry.mode) or stat.S_ISDIR(entry.mode)):
            raise _not_plain(entry.mode)
        if at > limits.entries:
            raise too_many(limits.entries)
        if size > limits.unpacked_bytes:
            raise too_large(size, limits.unpacked_bytes)
    return {
        entry.path: read_file(entry.name, entry.size, entry.within)
        for entry in entries_of(folder)
        if not stat.S_ISDIR(entry.mode)
    }


def too_large(size: int, most: int) -> PackFault:
    """Return the fault of a pack whose files have more bytes than are read."""
    found = f"Its files have {size:,} bytes or more; at most {most:,} are read."
    return PackFault("pack_is_within_limits", found=found)


def too_many(most: int) -> PackFault:
    """Return the fault of a pack with more files and folders than are looked at."""
    found = f"It holds more than {most:,} files and folders."
    return PackFault("pack_is_within_limits", found=found)


def _not_plain(mode: int) -> PackFault:
    kinds = {stat.S_IFLNK: "a link", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    found = f"There is {kinds.get(stat.S_IFMT(mode), 'a device')}; only plain files are read."
    return PackFault("pack_holds_plain_files", found=found)


def entries_of(folder: Path) -> Iterator[FolderEntry]:
    """Yield the entries of a folder and of the folders in it, by name, hidden ones left out."""
    with _opened(folder, None) as handle:
        yield from _entries(handle, "")


def seen_in(pack: Path, limits: UnpackLimits = LIMITS) -> Iterator[FolderEntry]:
    """Yield what is looked at of a dropped folder, as far as it can be read; nothing of a link.

    It is what goes into the hash of a refused pack, so no folder is so deep or so full that it
    stops who looks. Of a file or a link there is nothing to yield.
    """
    try:
        yield from islice(entries_of(pack), limits.hashed_entries)
    except OSError:  # it went while we looked, or was never a folder
        return


def file_hash(name: str, within: int | None) -> bytes:
    """Return the SHA-256 of a plain file; raises `PackFault` for anything else."""
    with _plain(name, within) as (stream, _):
        whole = hashlib.sha256()
        while part := stream.read(_CHUNK):
            whole.update(part)
        return whole.digest()


def _entries(folder: int, prefix: str) -> Iterator[FolderEntry]:
    for name in sorted(os.listdir(folder)):
        if name.startswith("."):
            continue
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        yield FolderEntry(f"{prefix}{name}", name, folder, found.st_mode, found.st_size)
        if stat.S_ISDIR(found.st_mode):
            with _opened(name, folder) as inner:
                yield from _entries(inner, f"{prefix}{name}/")


@contextmanager
def _opened(folder: Path | str, within: int | None) -> Iterator[int]:
    handle = os.open(folder, _FOLDER, dir_fd=within)
    try:
        yield handle
    finally:
        os.close(handle)


@contextmanager
def _plain(name: Path | str, within: int | None) -> Iterator[tuple[BinaryIO, int]]:
    """Open a plain file and say its size; raises `PackFault` for anything else, left unopened."""
    mode = os.stat(name, dir_fd=within, follow_symlinks=False).st_mode
    if not stat.S_ISREG(mode):
        raise _not_plain(mode)
    with os.fdopen(os.open(name, _FILE, dir_fd=within), "rb") as stream:
        found = os.fstat(stream.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise _not_plain(found.st_mode)
        yield stream, found.st_size


def digest(path: Path, limits: UnpackLimits) -> str:
    """Hash what can be hashed of a pack that is refused, so that two such packs differ.

    Of a plain file it is the SHA-256 of `REFUSED` and the file. Of a folder it is that of the
    names, kinds and sizes of its entries, the targets of links and the bytes of plain files. What
    cannot be read adds its name, kind and size; bytes over the limit are not read.
    """
    whole = hashlib.sha256(REFUSED)
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            whole.update(f"{stat.S_IFMT(found.st_mode)}\0".encode())
        _hash_content(whole, path, None, found.st_mode, limits.hashed_bytes)
        if stat.S_ISDIR(found.st_mode):
            _hash_entries(whole, path, limits)
    except OSError as trouble:
        whole.update(f"\0{trouble.errno}".encode())
    return whole.hexdigest()


def _hash_entries(whole: hashlib._Hash, folder: Path, limits: UnpackLimits) -> None:
    left = limits.hashed_bytes
    for entry in islice(entries_of(folder), limits.hashed_entries):
        whole.update(os.fsencode(entry.path) + b"\0")
        whole.update(f"{stat.S_IFMT(entry.mode)}\0{entry.size}\0".encode())
        left -= _hash_content(whole, entry.name, entry.within, entry.mode, left)


def _hash_content(
    whole: hashlib._Hash, name: Path | str, within: int | None, mode: int, most: int
) -> int:
    """Hash the bytes of a plain file, or where a link leads; return how many bytes were read."""
    if stat.S_ISLNK(mode):
        whole.update(os.fsencode(os.readlink(name, dir_fd=within)))
    if not stat.S_ISREG(mode):
        return 0
    try:
        with _plain(name, within) as (stream, size):
            for at in range(0, min(size, most), _CHUNK):
                whole.update(stream.read(min(_CHUNK, most - at)))
    except (OSError, PackFault):
        whole.update(b"cannot be read")
        return 0
    if size > most:
        whole.update(f"\0{size}".encode())
    return min(size, most)
