"""The secrets: made in a home without data, the same for its whole life, readable by their owner.

A home keeps fingerprints of its keys. A key that is lost, changed, empty or exchanged stops the
work, because figures made with another key differ from those that were published.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from operations.errors import SettingsError
from operations.home.clock import true_time
from operations.home.durable import replace_file
from operations.home.fingerprints import (
    REGISTER_KEY,
    Records,
    data_in,
    except_for,
    fingerprint,
    keep,
    known,
)
from operations.home.settings import Settings

PSEUDONYM_KEY = "pseudonym_key"
RECORD_KEY_SECRET = "record_key_secret"  # noqa: S105 the name of a file, not a secret
NAMES = (PSEUDONYM_KEY, RECORD_KEY_SECRET, REGISTER_KEY)
NEXT_KEY = "pseudonym_key.next"
SHORTEST = 32
MADE = "made or given before there was any data"
ADOPTED = "adopted: the data was there before fingerprints were kept"


def secret(settings: Settings, name: str) -> bytes:
    """Return one secret; raises as `keys_of`."""
    return keys_of(settings, (name,))[name]


def keys_of(
    settings: Settings, names: tuple[str, ...] = NAMES, *, rotating: bool = False
) -> dict[str, bytes]:
    """Return these secrets by name: `$CTW_<NAME>` when it is set, else the key file.

    One that is missing is made while the home has no data that was made with it. Raises
    `SettingsError`, before anything is written, when a key is not the one that the data of the
    home was made with, is too short, or can be read by others; and while the pseudonym key is being
    replaced, unless `rotating`, which `ctw rotate-key` sets.
    """
    with _alone(settings.home):
        if not rotating and is_key_being_replaced(settings):
            raise SettingsError(
                f"The pseudonym key of {settings.home} was being replaced when the work stopped. "
                "Nothing was written. Go on with it: ctw rotate-key --name NAME --role ROLE"
            )
        records = known(settings)
        data = {name: data_in(settings, name) for name in names}
        found = {name: _present(settings, name) for name in names}
        for name, key in found.items():
            if key is None:
                _check_not_lost(settings, name, records, data[name])
            else:
                _check_same(settings, name, key, records)
        keys = {name: key or _made(settings.keys / name) for name, key in found.items()}
        keep(settings, {**_recorded(keys, data), **records})
    return keys


def next_key(settings: Settings, made: bytes) -> bytes:
    """Put a key aside that will be the pseudonym key; return it, or the one that was there."""
    file = settings.keys / NEXT_KEY
    if not file.is_file():
        replace_file(file, made)
    return _kept(file)


def is_key_being_replaced(settings: Settings) -> bool:
    """Say whether the replacement of the pseudonym key has begun and not ended."""
    return (settings.keys / NEXT_KEY).is_file()


def replace_pseudonym_key(settings: Settings, key: bytes, how: str) -> None:
    """Make a key the pseudonym key of the home, and record its fingerprint."""
    with _alone(settings.home):
        replace_file(settings.keys / PSEUDONYM_KEY, key)
        words = {
            "fingerprint": fingerprint(PSEUDONYM_KEY, key),
            "recorded_at": true_time().isoformat(),
            "how": how,
        }
        keep(settings, {**except_for(settings, PSEUDONYM_KEY), PSEUDONYM_KEY: words})
        (settings.keys / NEXT_KEY).unlink()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold other processes off while keys are looked at and made; ends with the process."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _present(settings: Settings, name: str) -> bytes | None:
    """Return a key as it is given or kept; None when it is neither."""
    file, given = settings.keys / name, os.environ.get(variable(name))
    if given is None and not file.is_file():
        return None
    key = _kept(file) if given is None else given.encode()
    if len(key) < SHORTEST:
        where = file if given is None else variable(name)
        raise SettingsError(
            f"{where} {'holds fewer than ' + str(SHORTEST) + ' bytes' if key else 'is empty'}, so "
            f"it is no {name}. Nothing was written. Put the key back from its backup; before the "
            "first build, remove it and a key is made."
        )
    return key


def variable(name: str) -> str:
    """Name the environment variable that gives a secret from outside."""
    return f"CTW_{name.upper()}"


def _kept(file: Path) -> bytes:
    if file.stat().st_uid != os.geteuid():
        raise SettingsError(
            f"{file} belongs to another user, who can read it. Run as that user, or put the key "
            "back from its backup and consider a new one."
        )
    if file.stat().st_mode & 0o077:
        raise SettingsError(
            f"{file} can be read by others. Run: chmod 600 {file}, and consider a new key."
        )
    return file.read_bytes().strip()


def _check_not_lost(settings: Settings, name: str, records: Records, data: list[str]) -> None:
    """Raise when a missing key was in use already."""
    if name not in records and not data:
        return
    mark = f" with the fingerprint {_short(records[name])}" if name in records else ""
    raise SettingsError(
        f"The {name} is missing, but {', '.join(data) or 'the record of fingerprints'} in "
        f"{settings.home} was made with one, so none is made anew and nothing was written. Put "
        f"the key{mark} back from its backup as {settings.keys / name}, or set {variable(name)}."
    )


def _check_same(settings: Settings, name: str, key: bytes, records: Records) -> None:
    """Raise when a key has not the fingerprint that is recorded."""
    if name not in records or records[name]["fingerprint"] == fingerprint(name, key):
        return
    where = variable(name) if variable(name) in os.environ else settings.keys / name
    others = [
        other
        for other in NAMES
        if records.get(other, {}).get("fingerprint") == fingerprint(other, key)
    ]
    what = (
        f"the {others[0]}: the two keys are exchanged"
        if others
        else f"a key with the fingerprint {fingerprint(name, key)[:12]}"
    )
    raise SettingsError(
        f"{where} holds {what}, but the data in {settings.home} was made with the {name} of "
        f"fingerprint {_short(records[name])}. Nothing was written. Put that key back from its "
        "backup; another key needs another CTW_HOME."
    )


def _short(record: dict[str, str]) -> str:
    return record["fingerprint"][:12]


def _made(file: Path) -> bytes:
    replace_file(file, secrets.token_hex(32).encode())
    return _kept(file)


def _recorded(keys: dict[str, bytes], data: dict[str, list[str]]) -> Records:
    at = true_time().isoformat()
    return {
        name: {
            "fingerprint": fingerprint(name, key),
            "recorded_at": at,
            "how": ADOPTED if data[name] else MADE,
        }
        for name, key in keys.items()
    }
