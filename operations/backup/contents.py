"""What a backup holds: its files and links, which of them may be there, and its sealed list."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from operations.errors import BackupError

DATA, LIST, SEAL = "data", "backup.json", "seal"
# Never in a backup of the data: the keys; what other processes hold now; what a build makes anew.
LEFT_OUT = frozenset({"keys", "locks", "parts", "last_fault.txt", ".dagster.new", ".site.new"})
SITE = re.compile(r"link to site_builds/[^/]+")

Words = dict[str, Any]


def file_hashes(folder: Path) -> dict[str, str]:
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


def is_foreign(name: str, sign: str) -> bool:
    """Whether a path of a backup is none that `ctw backup` writes, by its name and its sign.

    The one link that a home has is its site, which leads to one of its builds.
    """
    is_link = sign.startswith("link to ")
    is_site = name == "site" and SITE.fullmatch(sign) is not None
    return Path(name).parts[0] in LEFT_OUT or (is_link and not is_site)


def sealed(words: Words, key: bytes) -> bytes:
    """Write the list of a backup, sealed with the key of its register."""
    return (json.dumps({**words, SEAL: _seal(words, key)}, indent=1, sort_keys=True)).encode() + (
        b"\n"
    )


def is_sealed(words: Mapping[str, Any], key: bytes) -> bool:
    """Whether a list is, word for word, one that was sealed with a key."""
    rest = {name: value for name, value in words.items() if name != SEAL}
    return hmac.compare_digest(str(words.get(SEAL)).encode(), _seal(rest, key).encode())


def _seal(words: Words, key: bytes) -> str:
    marked = json.dumps(["the list of a backup", words], sort_keys=True)
    return hmac.new(key, marked.encode(), hashlib.sha256).hexdigest()


def listed(place: Path) -> Words:
    """Read the list of a backup, which nobody has checked yet.

    Raises `BackupError` for a folder without a list that can be read.
    """
    try:
        words = json.loads((place / LIST).read_bytes())
        if all(isinstance(words[name], dict) for name in ("files", "keys")):
            return dict(words)
        raise ValueError
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupError(
            f"{place} holds no {LIST} that can be read, so it is no backup that ctw backup made."
        ) from None
