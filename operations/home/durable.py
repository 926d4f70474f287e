"""Writing so that a crash leaves the old content or the new one, and nothing between."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp, mkstemp


def replace_file(file: Path, content: bytes) -> None:
    """Write a file whole or not at all; it is on the disk when this returns, readable by its owner.

    Folders that are not there yet are made for their owner only, and are on the disk too.
    """
    _make(file.parent)
    handle, fresh = mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(fresh).replace(file)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise
    sync(file.parent)


def _make(folder: Path) -> None:
    """Make a folder that is not there, for its owner only, and those above it."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        sync(folder.parent)


def replace_folder(place: Path, files: Mapping[str, bytes]) -> None:
    """Replace a folder by one with these files.

    The old folder, if any, is removed when the new one is whole.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=f".{place.name}.", dir=place.parent))
    fresh.chmod(0o777 & ~umask())
    lay(fresh, files)
    old = Path(mkdtemp(prefix=f".{place.name}.", dir=place.parent))
    if place.exists():
        place.replace(old)
    fresh.replace(place)
    shutil.rmtree(old, ignore_errors=True)
    sync(place.parent)


def lay(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def umask() -> int:
    """Return the mode that new files of this process lack."""
    found = os.umask(0o077)
    os.umask(found)
    return found


def sync(folder: Path) -> None:
    """Make sure that what was renamed in a folder is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
