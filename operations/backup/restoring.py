"""Bringing a home back: into an empty folder, whole or not at all, from a backup and its keys.

Nothing is written, moved or opened for writing in the folders of the backup and of the keys.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from operations.backup.contents import (
    DATA,
    Words,
    file_hashes,
    is_foreign,
    is_sealed,
    listed,
    shown,
)
from operations.errors import BackupError
from operations.home.clock import true_time
from operations.home.durable import replace_file
from operations.home.fingerprints import REGISTER_KEY, fingerprint
from operations.home.keys import NAMES, keys_of, variable
from operations.home.kinds import database_kind
from operations.home.settings import Settings
from operations.home.trees import clear, copied
from operations.releases.release_records import publications
from operations.releases.site_store import check_manifest


def restore(settings: Settings, place: Path, keys: Path) -> str:
    """Put a backup and its keys into a home that holds nothing; return when the backup was made.

    Raises `BackupError`, and leaves the home empty, for a home that holds anything, for keys that
    the backup was not made with, and for a backup that is not as `ctw backup` made it.
    """
    words, home = listed(place), settings.home
    if any(home.iterdir()):
        raise BackupError(
            f"{home} holds something already. A backup goes into an empty home: move that "
            "one away, or set CTW_HOME to a folder that is not there yet."
        )
    if home.is_relative_to(place.resolve()):
        raise BackupError(f"{home} lies in the backup. Set CTW_HOME to a folder elsewhere.")
    given = _keys_in(keys, words)
    _check_as_made(place, words, given[REGISTER_KEY])
    fresh = home / ".restored"
    try:
        copied(place / DATA, fresh)
        _check_whole(place, words["files"], file_hashes(fresh))
        for name, key in given.items():
            replace_file(fresh / "keys" / name, key)
        _check_public(Settings(fresh, settings.code_version, _clock_of(fresh)))
        for store in Settings(fresh, settings.code_version).stores:
            if database_kind().is_there(store):
                database_kind().move(store, home / store.name)
        # until the keys are there, which come last, every command refuses the home
        for path in sorted(fresh.iterdir(), key=lambda path: path.name == "keys"):
            path.replace(home / path.name)
    finally:
        clear(fresh)
    return str(words["made_at"])


def _keys_in(folder: Path, words: Words) -> dict[str, bytes]:
    """Return the keys in a folder; raises unless they are those that a backup was made with."""
    found = {
        name: (folder / name).read_bytes().strip() for name in NAMES if (folder / name).is_file()
    }
    for name in sorted({REGISTER_KEY, *words["keys"]} - found.keys()):
        raise BackupError(
            f"{folder / name} is missing. Name the folder of the keys that this backup was made "
            "with: ctw restore DIR --keys DIR"
        )
    for name, key in found.items():
        if words["keys"].get(name, fingerprint(name, key)) != fingerprint(name, key):
            raise BackupError(
                f"{folder / name} is not the key that this backup was made with: its fingerprint "
                f"is {fingerprint(name, key)[:12]}, and another was expected. Name the folder "
                "that ctw backup --keys made of the same home."
            )
        if os.environ.get(variable(name), key.decode(errors="replace")).encode() != key:
            raise BackupError(
                f"{variable(name)} is set to another key than {folder / name}. Unset it."
            )
    return found


def _check_as_made(place: Path, words: Words, key: bytes) -> None:
    """Raise unless a backup is as `ctw backup` made it: its list, each file and each link."""
    if (place / DATA).is_symlink() or not (place / DATA).is_dir():
        raise BackupError(
            f"{place / DATA} is a link or no folder, so {place} is not as ctw backup made it. "
            "Nothing was restored. Name the folder that ctw backup made."
        )
    if not is_sealed(words, key):
        raise BackupError(
            f"The list of {place} was changed since ctw backup made it, or was made with another "
            f"{REGISTER_KEY} or an earlier version of this system. Nothing was restored. Take "
            "another backup."
        )
    found = file_hashes(place / DATA)
    for name in sorted(name for name, sign in found.items() if is_foreign(name, sign)):
        raise _not_as_made(place, name)
    _check_whole(place, words["files"], found)


def _check_whole(place: Path, files: dict[str, Any], found: dict[str, str]) -> None:
    """Raise `BackupError` naming the first file or link that is not as it was saved."""
    for name in sorted(files.keys() | found.keys()):
        if found.get(name) != files.get(name):
            raise _not_as_made(place, name)


def _not_as_made(place: Path, name: str) -> BackupError:
    return BackupError(
        f"{shown(place / DATA, name)} is missing, altered or extra: the backup is not as it was "
        "made. Nothing was restored. Take another one."
    )


def _clock_of(home: Path) -> str:
    """Return a time for a rehearsal that is restored; any will do, as nothing is decided."""
    return true_time().isoformat() if (home / "rehearsal.json").is_file() else ""


def _check_public(settings: Settings) -> None:
    """Raise unless what is public is as it was published."""
    keys_of(settings)
    for made in publications(settings):
        check_manifest(settings, made)
