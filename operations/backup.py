"""Backups of a home: all its data as of one moment, and its keys apart, in another place.

Whoever has both can tell who is behind a pseudonym, so a copy of the data never holds the keys. The
data belong together: a register from one day and releases from another do not agree.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from operations.errors import BackupError
from operations.home.clock import true_time
from operations.home.durable import replace_file
from operations.home.fingerprints import known
from operations.home.keys import NAMES, keys_of
from operations.home.locks import Wait, holding, lock_in, named, patience
from operations.home.settings import Settings
from operations.releases.release_records import publications
from operations.releases.site_store import check_manifest

DATA, LIST = "data", "backup.json"
# Never in a backup of the data: the keys; what other processes hold now; what a build makes anew.
LEFT_OUT = frozenset({"keys", "locks", "parts", "last_fault.txt", ".dagster.new", ".site.new"})
# Two files that SQLite keeps beside an open database; what they hold is read through it.
OPEN = ("-wal", "-shm", "-journal")


def back_up(settings: Settings, place: Path) -> int:
    """Copy the data of a home to a folder that is not there yet; return the number of files.

    Waits until no build runs, and no version is signed off or published meanwhile. The copy is
    there whole or not at all. Raises `BackupError` for a folder that is there, or lies in the home.
    """
    place = place.resolve()
    if place.exists() or settings.home == place or settings.home in place.parents:
        raise BackupError(
            f"{place} is there already, or lies in the home that is to be saved. Name a folder "
            "that is not there yet, on another disk: ctw backup DIR"
        )
    fresh = place.with_name(f".{place.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    try:
        with _still(settings):
            for path in sorted(settings.home.iterdir()):
                if path.name not in LEFT_OUT:
                    _copy(path, fresh / DATA / path.name)
        files = _signs(fresh / DATA)
        words = {
            "made_at": true_time().isoformat(timespec="seconds"),
            "code_version": settings.code_version,
            "keys": {name: one["fingerprint"] for name, one in known(settings).items()},
            "files": files,
        }
        replace_file(fresh / LIST, (json.dumps(words, indent=1, sort_keys=True) + "\n").encode())
        fresh.replace(place)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return len(files)


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


def _copy(source: Path, target: Path) -> None:
    """Copy a file, folder or link as it is; a database of runs that is in use, as one moment."""
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


def restore(settings: Settings, place: Path, keys: Path) -> str:
    """Put a backup and its keys into a home that holds nothing; return when the backup was made.

    Raises `BackupError`, and leaves the home empty, for a home that holds anything and for a backup
    that is not as it was made; `SettingsError` for other keys than its data were made with.
    """
    words = _listed(place)
    if any(settings.home.iterdir()):
        raise BackupError(
            f"{settings.home} holds something already. A backup goes into an empty home: move that "
            "one away, or set CTW_HOME to a folder that is not there yet."
        )
    _check_whole(place, words["files"])
    fresh = settings.home / ".restored"
    try:
        _copy(place / DATA, fresh)
        for name in NAMES:
            if (keys / name).is_file():
                replace_file(fresh / "keys" / name, (keys / name).read_bytes().strip())
        _check(Settings(fresh, settings.code_version, _clock_of(fresh)))
        # until the keys are there, which come last, every command refuses the home
        for path in sorted(fresh.iterdir(), key=lambda path: path.name == "keys"):
            path.replace(settings.home / path.name)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return str(words["made_at"])


def _clock_of(home: Path) -> str:
    """Return a time for a rehearsal that is restored; any will do, as nothing is decided."""
    return true_time().isoformat() if (home / "rehearsal.json").is_file() else ""


def _listed(place: Path) -> dict[str, dict[str, str]]:
    try:
        words: dict[str, dict[str, str]] = json.loads((place / LIST).read_bytes())
        return {"made_at": words["made_at"], "files": dict(words["files"])}
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupError(
            f"{place} holds no {LIST} that can be read, so it is no backup that ctw backup made."
        ) from None


def _check_whole(place: Path, files: dict[str, str]) -> None:
    """Raise `BackupError` naming the first file or link that is not as it was saved."""
    found = _signs(place / DATA)
    for name in sorted(files.keys() | found.keys()):
        if found.get(name) != files.get(name):
            raise BackupError(
                f"{place / DATA / name} is missing, altered or extra: the backup is not as it was "
                "made. Nothing was restored. Take another one."
            )


def _check(settings: Settings) -> None:
    """Raise unless the keys are those of the data, and what is public is as it was published."""
    keys_of(settings)
    for made in publications(settings):
        check_manifest(settings, made)


def _signs(folder: Path) -> dict[str, str]:
    """Return the hash of each file below a folder, and where each link leads, by its path."""
    return {
        str(path.relative_to(folder)): _sign(path)
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }


def _sign(path: Path) -> str:
    if path.is_symlink():
        return f"link to {path.readlink()}"
    if not path.is_file():
        return "neither a file nor a link"
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
