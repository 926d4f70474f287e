"""A folder of synthetic packs gets its name when it is whole, so that none is cut short."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.synthetic.faults import truth_of


@contextmanager
def placed_whole(out: Path) -> Iterator[Path]:
    """Give a folder to write packs to; when the block is done, all that it holds is put in `out`.

    An `out` that is not there, or empty, gets all in one step: whoever interrupts the block leaves
    it so. In another, a pack of the same name is replaced. The truth beside the folder goes first.
    Raises `NotADirectoryError` for a file.
    """
    whole = out.resolve()
    if whole.exists() and not whole.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(whole))
    fresh = whole.with_name(f".{whole.name}.new")
    _clear(fresh)
    fresh.mkdir(parents=True)
    try:
        yield fresh
        _place(fresh, whole)
    finally:
        _clear(fresh)


def _place(fresh: Path, whole: Path) -> None:
    if truth_of(fresh).exists():
        truth_of(fresh).replace(truth_of(whole))
    is_free = not whole.exists() or not any(whole.iterdir())
    if is_free and whole != Path.cwd():
        fresh.replace(whole)
        return
    for path in sorted(fresh.iterdir()):
        _remove(whole / path.name)
        path.replace(whole / path.name)


def _clear(fresh: Path) -> None:
    """Remove a folder that was under way, and the truth beside it."""
    _remove(fresh)
    _remove(truth_of(fresh))


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
