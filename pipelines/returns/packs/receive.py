"""Receive a pack: read it once and describe it in a receipt. No pack makes this raise an error."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipelines.returns.errors import Fault, PackFault
from pipelines.returns.packs.archives import tidied, unzip
from pipelines.returns.packs.names import PackName
from pipelines.returns.packs.plain_files import LIMITS, UnpackLimits, digest, read_file, read_folder
from pipelines.returns.packs.workbooks import SUFFIXES, check_workbook, kind_of, the_workbook
from schemas.quarter import Quarter

# What was sent in place of a pack, by the suffix: a suffix that is not among these is not shown.
_KINDS = {
    ".xls": "It is a workbook of an old kind (.xls).",
    ".xlsb": "It is a binary workbook (.xlsb).",
    ".fods": "It is a flat spreadsheet (.fods).",
    ".csv": "It is a single CSV file.",
    ".json": "It is a single JSON file.",
    ".7z": "It is an archive of another kind (.7z).",
    ".rar": "It is an archive of another kind (.rar).",
    ".tar": "It is an archive of another kind (.tar).",
    ".gz": "It is an archive of another kind (.gz).",
    ".pdf": "It is a document (.pdf).",
    ".docx": "It is a document (.docx).",
}

__all__ = [
    "LandedPack",
    "PackName",
    "Receipt",
    "UnpackLimits",
    "read_pack",
    "receive",
    "refused_receipt",
]


@dataclass(frozen=True)
class LandedPack:
    """A pack as it lies in landing: where, how it is shown, its hash, when it came.

    `number` is the number of its receipt. A pack with a `fault` was refused on receipt: the fault
    is the rule it breaks and what was found, and nothing of it was kept, so `path` is not looked
    at. It is judged in the build of `quarter`, in that of every quarter when there is none.
    """

    path: Path
    name: str
    sha256: str
    received_at: datetime
    number: str
    fault: Fault | None = None
    quarter: Quarter | None = None


@dataclass(frozen=True)
class ReceivedFile:
    """One file of a pack: name, size in bytes, hash."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Receipt:
    """What came: the name, if it is one of a pack; the hash; the files; why it is refused, if so.

    `fault` is the rule that a pack breaks which cannot or must not be opened, with what was found.
    Such a pack has no `contents`, and its hash is that of what could be hashed of it.
    """

    name: PackName | None
    sha256: str
    fault: Fault | None = None
    contents: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def files(self) -> tuple[ReceivedFile, ...]:
        """The files of the pack, by name."""
        return tuple(
            ReceivedFile(name, len(data), hashlib.sha256(data).hexdigest())
            for name, data in sorted(self.contents.items())
        )

    def number(self, at: datetime) -> str:
        """Return the number of this receipt: the same pack at another time gets another."""
        identity = f"{self.name or ''}|{self.sha256}|{at.isoformat()}"
        return hashlib.blake2b(identity.encode(), digest_size=8).hexdigest()

    def landed(self, path: Path, at: datetime) -> LandedPack:
        """Return the pack as it lies at a path in landing."""
        number = self.number(at)
        return LandedPack(path, shown(self.name, number), self.sha256, at, number, self.fault)


def shown(name: PackName | None, number: str) -> str:
    """Return how a pack is named to people: by its name, or else by the number of its receipt."""
    return str(name) if name else f"receipt-{number}"


def receive(path: Path, limits: UnpackLimits = LIMITS) -> Receipt:
    """Read, list and hash what was dropped; what cannot be opened gets a receipt all the same.

    The hash is that of the sorted names and contents, so a folder and its zip file share it.
    """
    name = PackName.of_dropped(path.name, is_folder=is_folder(path))
    try:
        files = read_pack(path, limits)
    except PackFault as refusal:
        return Receipt(name, digest(path, limits), refusal.fault)
    return Receipt(name, content_hash(files), contents=files)


def refused_receipt(path: Path, rule: str, found: str, limits: UnpackLimits = LIMITS) -> Receipt:
    """Return the receipt of what breaks a rule and is not opened."""
    name = PackName.of_dropped(path.name, is_folder=is_folder(path))
    return Receipt(name, digest(path, limits), PackFault(rule, found=found).fault)


def content_hash(files: Mapping[str, bytes]) -> str:
    """Hash the names and contents of files, in the order of the names."""
    whole = hashlib.sha256()
    for name, data in sorted(files.items()):
        whole.update(f"{name}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()


def read_pack(path: Path, limits: UnpackLimits = LIMITS) -> dict[str, bytes]:
    """Return the files of a pack by name; raises `PackFault` when it cannot or must not be read."""
    try:
        files = tidied(_files(path, limits))
    except (PackFault, MemoryError):
        raise
    # Whatever else goes wrong here goes wrong with this pack, and with no other.
    except Exception as trouble:
        found = "A file or folder of it could not be read from the disk."
        raise PackFault("pack_can_be_read", found=found) from trouble
    if not files:
        raise PackFault("pack_is_not_empty")
    workbook = the_workbook(files)
    if workbook is not None:
        check_workbook(files[workbook[0]], limits)
    return files


def _files(path: Path, limits: UnpackLimits) -> dict[str, bytes]:
    mode = path.lstat().st_mode
    if stat.S_ISDIR(mode):
        return read_folder(path, limits)
    suffix = path.suffix.lower()
    if stat.S_ISREG(mode) and suffix not in {".zip", *SUFFIXES}:
        raise PackFault("pack_is_of_a_known_kind", found=_KINDS.get(suffix, ""))
    data = read_file(path, limits.unpacked_bytes)
    return {kind_of(data): data} if suffix in SUFFIXES else unzip(data, limits)


def is_folder(path: Path) -> bool:
    """Say whether a path is a folder; a link to one is not."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False
