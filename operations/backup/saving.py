"""Saving a home: its data as of one moment, or its keys, in a folder that is not there yet."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from operations.backup.contents import (
    DATA,
    LANDING,
    LEFT_OUT,
    LIST,
    file_hashes,
    is_foreign,
    sealed,
    shown,
)
from operations.errors import BackupError
from operations.home.clock import true_time
from operations.home.durable import replace_file
from operations.home.fingerprints import REGISTER_KEY, known
from operations.home.keys import NAMES, keys_of, secret
from operations.home.kinds import database_kind
from operations.home.locks import Wait, holding, lock_in, named, patience
from operations.home.settings import Settings
from operations.home.trees import clear, copied
from pipelines.returns import is_folder

# Two files that SQLite keeps beside an open database; what they hold is read through it.
OPEN = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Saved:
    """What a backup holds: how many files, and what of the landing could not be copied."""

    files: int
    missed: tuple[str, ...]


def back_up(settings: Settings, place: Path) -> Saved:
    """Copy the data of a home to a folder that is not there yet; return how much was saved.

    Waits until no build runs, and no version is signed off or published meanwhile. The copy is
    there whole or not at all. Raises `BackupError` for a folder that is there, or lies in the home
    or with keys, and for a home with a link to data elsewhere.
    """
    place = place.resolve()
    _check_place(settings, place)
    key = secret(settings, REGISTER_KEY)
    fresh = place.with_name(f".{place.name}.new")
    clear(fresh)
    fresh.mkdir(mode=0o700, parents=True)
    (fresh / DATA).mkdir(mode=0o700)
    missed: list[str] = []
    try:
        with _still(settings):
            for path in sorted(settings.home.iterdir()):
                if path.name == LANDING and is_folder(path):
                    missed = copied(path, fresh / DATA / LANDING)
                elif path.name not in LEFT_OUT and not _is_store(settings, path):
                    _copy(path, fresh / DATA / path.name)
            _save_stores(settings, fresh / DATA)
        words = _words(settings, fresh)
        replace_file(fresh / LIST, sealed(words, key))
        fresh.replace(place)
    finally:
        clear(fresh)
    left_out = sorted({shown(settings.home, f"{LANDING}/{name}") for name in missed})
    return Saved(len(words["files"]), tuple(left_out))


def _check_place(settings: Settings, place: Path) -> None:
    """Raise unless the data of a home may be saved to a folder."""
    if place.exists() or settings.home == place or settings.home in place.parents:
        raise BackupError(
            f"{place} is there already, or lies in the home that is to be saved. Name a folder "
            "that is not there yet, on another disk: ctw backup DIR"
        )
    if any((one / name).is_file() for one in place.parents for name in NAMES):
        raise BackupError(
            f"{place} lies in a folder of keys. Name a folder elsewhere: whoever has keys and data "
            "knows who is behind a pseudonym."
        )


def _words(settings: Settings, fresh: Path) -> dict[str, Any]:
    """Return what the list of a backup says: when, by which code and keys, and which files."""
    files = file_hashes(fresh / DATA)
    for name in sorted(name for name, sign in files.items() if is_foreign(name, sign)):
        raise BackupError(
            f"{shown(settings.home, name)} is a link, and a backup holds nothing of what it leads "
            "to. Put the folder or file itself there, then back up again."
        )
    return {
        "made_at": true_time().isoformat(timespec="seconds"),
        "code_version": settings.code_version,
        "keys": {name: one["fingerprint"] for name, one in known(settings).items()},
        "files": files,
    }


@contextmanager
def _still(settings: Settings) -> Iterator[None]:
    """Hold what builds, sign-offs and publications hold while they write."""
    stores = Wait(f"the stores in {settings.home}", patience("build"))
    releases = Wait(f"the releases in {settings.home}", patience("release"))
    with (
        named("the backup"),
        holding(lock_in(settings.home, "build"), stores),
        holding(lock_in(settings.home, "release"), releases),
    ):
        yield


def _is_store(settings: Settings, path: Path) -> bool:
    """Whether a path in the home is one of its databases, or lies beside it under its name."""
    return path.name.startswith(tuple(store.name for store in settings.stores))


def _save_stores(settings: Settings, place: Path) -> None:
    """Have the catalogue copy the databases that are there into a folder."""
    for store in settings.stores:
        if database_kind().is_there(store):
            database_kind().save(store, place / store.name)


def _copy(source: Path, target: Path) -> None:
    """Copy a file, folder or link of ours; a database of runs that is in use, as one moment."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if source.is_symlink():
        target.symlink_to(source.readlink())
    elif source.is_dir():
        target.mkdir(mode=0o700)
        for path in sorted(source.iterdir()):
            _copy(path, target / path.name)
        shutil.copystat(source, target)
    elif source.suffix == ".db":
        with closing(sqlite3.connect(source)) as held, closing(sqlite3.connect(target)) as copy:
            held.backup(copy)
        shutil.copymode(source, target)
    elif source.is_file() and not source.name.endswith(OPEN):
        shutil.copy2(source, target)


def back_up_keys(settings: Settings, place: Path) -> list[str]:
    """Copy the keys of a home to a folder that is not there yet; return their names.

    Raises `BackupError` for a folder that is there, lies in the home, or holds a backup of data.
    """
    keys, place = keys_of(settings), place.resolve()
    near = (place, *place.parents)
    if place.exists() or settings.home in near or any((one / LIST).is_file() for one in near):
        raise BackupError(
            f"{place} is there already, lies in the home, or beside a backup of its data. Name a "
            "folder elsewhere: whoever has keys and data knows who is behind a pseudonym."
        )
    place.mkdir(mode=0o700, parents=True)
    for name, key in keys.items():
        replace_file(place / name, key)
    return sorted(keys)
