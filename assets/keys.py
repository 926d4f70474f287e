"""The secrets: made on first use, readable by their owner only, or given by the environment."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from assets.errors import SettingsError
from assets.settings import Settings

PSEUDONYM_KEY = "pseudonym_key"
RECORD_KEY_SECRET = "record_key_secret"  # noqa: S105 the name of a file, not a secret
SHORTEST = 32


def secret(settings: Settings, name: str) -> bytes:
    """Return a secret: `$CTW_<NAME>` when it is set, else the key file, made on first use.

    Raises `SettingsError` when it is too short or others can read the file.
    """
    given = os.environ.get(f"CTW_{name.upper()}")
    held = given.encode() if given else _kept(settings.keys / name)
    if len(held) < SHORTEST:
        where = f"CTW_{name.upper()}" if given else str(settings.keys / name)
        raise SettingsError(f"{where} holds fewer than {SHORTEST} bytes; a secret needs more.")
    return held


def _kept(file: Path) -> bytes:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if file.stat().st_mode & 0o077:
            raise SettingsError(
                f"{file} can be read by others. Run: chmod 600 {file}, and consider a new key."
            ) from None
        return file.read_bytes().strip()
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_hex(32))
    return file.read_bytes().strip()
