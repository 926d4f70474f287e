"""What a backup holds: its files and links, which of them may be there, and its sealed list."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from operations.errors import BackupError
from operations.home.trees import TreeVisit, plain, walked

DATA, LIST, SEAL = "data", "backup.json", "seal"
LANDING = "landing"
"""What areas sent is copied as it lies, whatever it is called: no database of ours is there."""
# Never in a backup of the data: the keys; what other processes hold now; what a build makes anew.
LEFT_OUT = frozenset({"keys", "locks", "parts", "last_fault.txt", ".dagster.new", ".site.new"})
SITE = re.compile(r"link to site_builds/[^/]+")
# What an area sent: it lies in the drop folder, or below a receipt. Names may hold line breaks.
SENT = re.compile(r"landing/(incoming/.+|received/([^/]+/){1,2}dropped(-[0-9]+)?(/.+)?)", re.DOTALL)

Words = dict[str, Any]


def file_hashes(folder: Path) -> dict[str, str]:
    """Return the hash of each file below a folder, and where each link leads, by its path."""
    return {v.path: _sign(v) for v in walked(folder) if v.step in ("leaf", "shut")}


def _sign(visit: TreeVisit) -> str:
    if stat.S_ISLNK(visit.found.st_mode):
        return f"link to {os.readlink(visit.name, dir_fd=visit.within)}"
    if not stat.S_ISREG(visit.found.st_mode):
        return "neither a file nor a link"
    with os.fdopen(plain(visit.name, visit.within), "rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def shown(root: Path, name: str) -> str:
    """Return how people are told of a path below a home: never by a name that somebody sent."""
    parts = name.split("/")
    if parts[:2] == ["landing", "incoming"] and len(parts) > 2:
        return f"something that was dropped into {root / 'landing' / 'incoming'}"
    if parts[:2] != ["landing", "received"] or len(parts) < 4:
        return str(root / name)
    for depth in (4, 3):
        try:
            receipt = json.loads(root.joinpath(*parts[:depth], "receipt.json").read_bytes())
            if re.fullmatch("[0-9a-f]{16}", str(receipt["number"])):
                return f"what came with receipt {receipt['number']}"
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return f"something in {root / 'landing' / 'received'}"


def is_foreign(name: str, sign: str) -> bool:
    """Whether `ctw backup` never writes a path like this, by its name and its sign.

    The one link that a home has of its own is its site, which leads to one of its builds. A link
    that an area dropped is kept as it came.
    """
    is_link = sign.startswith("link to ")
    is_site = name == "site" and SITE.fullmatch(sign) is not None
    is_known = is_site or SENT.fullmatch(name) is not None
    return name.split("/", maxsplit=1)[0] in LEFT_OUT or (is_link and not is_known)


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
