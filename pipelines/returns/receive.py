"""Receive a pack: list and hash what is in a folder or zip file, unpacked with limits."""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from pipelines.returns.errors import PackFault

_NAME = re.compile(r"(?P<area>[A-Z0-9-]+)_(?P<period>\d{4}-\d{2}Q[1-4])_v(?P<sequence>\d{1,2})")


@dataclass(frozen=True)
class LandedPack:
    """A pack as it lies in landing: where, its name, the hash of its content, when it came."""

    path: Path
    name: str
    sha256: str
    received_at: datetime


@dataclass(frozen=True)
class ReceivedFile:
    """One file of a pack: name, size in bytes, hash."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Receipt:
    """What the area gets back at once: the hash of the pack and the list of its files.

    `fault` is the rule a pack breaks that cannot be opened; its hash is then that of the raw file.
    """

    name: str
    sha256: str
    files: tuple[ReceivedFile, ...]
    fault: str | None = None


@dataclass(frozen=True)
class UnpackLimits:
    """How much may come out of a zip file. `ratio` is unpacked size over packed size."""

    entries: int = 50
    unpacked_bytes: int = 2_000_000_000
    ratio: float = 200
    ratio_from_bytes: int = 1_000_000


@dataclass(frozen=True)
class PackName:
    """What the name of a pack says: `<delivery_area_code>_<period_id>_v<sequence>`."""

    delivery_area_code: str
    period_id: str
    submission_sequence: int

    @classmethod
    def parse(cls, name: str) -> PackName | None:
        """Read the name of a pack, None when it has another form."""
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        return cls(match["area"], match["period"], int(match["sequence"]))

    def __str__(self) -> str:
        return f"{self.delivery_area_code}_{self.period_id}_v{self.submission_sequence}"


def pack_name(path: Path) -> str:
    """Return the name of the pack at a path: the folder's name, or the file's without .zip."""
    return path.stem if path.suffix.lower() == ".zip" else path.name


def receive(path: Path, limits: UnpackLimits = UnpackLimits()) -> Receipt:
    """Hash and list the pack at `path`; a pack that cannot be opened gets a receipt all the same.

    The hash is that of the sorted names and contents, so a folder and its zip file share it.
    """
    try:
        files = read_pack(path, limits)
    except PackFault as fault:
        return Receipt(pack_name(path), _raw_hash(path), (), fault.rule)
    listed = tuple(
        ReceivedFile(name, len(data), hashlib.sha256(data).hexdigest())
        for name, data in sorted(files.items())
    )
    return Receipt(pack_name(path), content_hash(files), listed)


def content_hash(files: Mapping[str, bytes]) -> str:
    """Hash the names and contents of files, in the order of the names."""
    whole = hashlib.sha256()
    for name, data in sorted(files.items()):
        whole.update(f"{name}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()


def read_pack(path: Path, limits: UnpackLimits = UnpackLimits()) -> dict[str, bytes]:
    """Return the files of a pack by name; raises `PackFault` when it cannot or must not be read."""
    if path.is_dir():
        files = _from_folder(path, limits)
    elif path.is_file():
        files = _from_zip(path, limits)
    else:
        raise PackFault("pack_can_be_read")
    if not files:
        raise PackFault("pack_is_not_empty")
    return files


def _from_folder(folder: Path, limits: UnpackLimits) -> dict[str, bytes]:
    entries = [p for p in sorted(folder.rglob("*")) if not p.name.startswith(".")]
    if len(entries) > limits.entries or any(p.is_symlink() for p in entries):
        raise PackFault("pack_is_safe_to_unpack")
    found = [p for p in entries if p.is_file()]
    if sum(p.stat().st_size for p in found) > limits.unpacked_bytes:
        raise PackFault("pack_is_safe_to_unpack")
    try:
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}
    except OSError as trouble:
        raise PackFault("pack_can_be_read") from trouble


def _from_zip(file: Path, limits: UnpackLimits) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [e for e in archive.infolist() if not e.is_dir() and not _is_litter(e)]
            _refuse_unsafe(entries, limits)
            left = limits.unpacked_bytes
            files: dict[str, bytes] = {}
            for entry in entries:
                # The header may lie about the size, so no more is read than is allowed.
                with archive.open(entry) as stream:
                    data = stream.read(min(left, entry.file_size) + 1)
                if len(data) > min(left, entry.file_size):
                    raise PackFault("pack_is_safe_to_unpack")
                left -= len(data)
                files[entry.filename] = data
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        NotImplementedError,
        ValueError,
    ) as e:
        raise PackFault("pack_can_be_read") from e
    return _without_top_folder(files)


def _is_litter(entry: zipfile.ZipInfo) -> bool:
    """Say whether an entry is what operating systems leave behind."""
    parts = PurePosixPath(entry.filename).parts
    return "__MACOSX" in parts or (bool(parts) and parts[-1].startswith("."))


def _refuse_unsafe(entries: list[zipfile.ZipInfo], limits: UnpackLimits) -> None:
    names = [entry.filename for entry in entries]
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    is_bomb = unpacked > limits.ratio_from_bytes and unpacked / packed > limits.ratio
    too_much = len(entries) > limits.entries or unpacked > limits.unpacked_bytes or is_bomb
    if too_much or len(set(names)) < len(names) or any(map(_is_unsafe, entries)):
        raise PackFault("pack_is_safe_to_unpack")


def _is_unsafe(entry: zipfile.ZipInfo) -> bool:
    """Say whether an entry is encrypted, a link, or would land outside its folder."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    leads_out = path.is_absolute() or ".." in path.parts or ":" in entry.filename
    return bool(entry.flag_bits & 0x1) or is_link or leads_out


def _without_top_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    """Drop the one folder that many tools wrap around the files of a zip."""
    tops = {name.split("/", 1)[0] for name in files}
    if len(tops) == 1 and all("/" in name for name in files):
        return {name.split("/", 1)[1]: data for name, data in files.items()}
    return files


def _raw_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes() if path.is_file() else b"").hexdigest()
