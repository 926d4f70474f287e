"""Fingerprints of the keys that the data of a home was made with, kept with the data.

There are two copies, so that the loss of one resets nothing: beside the stores and with the packs.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

from operations.errors import SettingsError
from operations.home.durable import replace_file
from operations.home.kinds import database_kind
from operations.home.settings import Settings

# the key that seals the register of releases; the other keys are behind the figures
REGISTER_KEY = "register_key"

Records = dict[str, dict[str, str]]


def fingerprint(name: str, key: bytes) -> str:
    """Return 32 hexadecimal characters that identify a key and do not reveal it."""
    purpose = f"fingerprint of the {name} of Connect to Work statistics"
    return hmac.new(key, purpose.encode(), hashlib.sha256).hexdigest()[:32]


def copies(settings: Settings) -> tuple[Path, Path]:
    """Name the two files of fingerprints."""
    return (
        settings.home / "key_fingerprints.json",
        settings.received / ".key_fingerprints.json",
    )


def known(settings: Settings) -> Records:
    """Return what is recorded of each key; empty when nothing is.

    A copy may lack a key: the process that wrote the other copy was stopped before this one. Raises
    `SettingsError` when a copy cannot be read, or the two differ about a key.
    """
    found = {file: _read(file) for file in copies(settings) if file.is_file()}
    merged: Records = {}
    for records in found.values():
        if any(merged.get(name, words) != words for name, words in records.items()):
            raise SettingsError(
                f"{' and '.join(map(str, found))} differ about the keys of this home. Keep the one "
                "that belongs to the data, as its backup has it, and remove the other."
            )
        merged |= records
    return merged


def except_for(settings: Settings, name: str) -> Records:
    """Return what is recorded of all keys but one, about which the copies may differ."""
    merged: Records = {}
    for file in copies(settings):
        if file.is_file():
            merged |= _read(file)
    return {other: words for other, words in merged.items() if other != name}


def _read(file: Path) -> Records:
    try:
        found: Records = json.loads(file.read_text(encoding="utf-8"))
        if all(isinstance(words["fingerprint"], str) for words in found.values()):
            return found
        raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SettingsError(
            f"{file} does not hold the fingerprints of the keys. Put it back from its backup, or "
            "remove it: the other copy then takes its place."
        ) from None


def keep(settings: Settings, records: Records) -> None:
    """Write the copies that are missing or differ."""
    content = (json.dumps(records, indent=1, sort_keys=True) + "\n").encode()
    for file in copies(settings):
        if not file.is_file() or file.read_bytes() != content:
            replace_file(file, content)


def data_in(settings: Settings, name: str) -> list[str]:
    """List the parts of a home that hold data made with one of its keys."""
    if name == REGISTER_KEY:
        return ["registers"] if (settings.home / "registers" / "releases.jsonl").is_file() else []
    folders = [
        folder
        for folder in (settings.received, settings.home / "releases")
        if folder.is_dir() and any(not path.name.startswith(".") for path in folder.iterdir())
    ]
    stores = [store for store in settings.stores if database_kind().is_there(store)]
    return [str(path.relative_to(settings.home)) for path in (*folders, *stores)]
