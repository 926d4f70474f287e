"""Release folders on disk: versions of a quarter, sign-off records, what is published."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assets.clock import recorded
from assets.errors import SignOffError, StoreError
from assets.settings import Settings
from schemas.quarter import Quarter

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class SignOff:
    """One approval: who answers for exactly these files. Times are ISO 8601 with offset.

    `recorded_at` is the machine's time; `signed_at` differs from it in a rehearsal only.
    """

    name: str
    role: str
    note: str
    signed_at: str
    manifest_sha256: str
    recorded_at: str = ""
    rehearsal: bool = False


def folder_of(settings: Settings, quarter: Quarter, version: int) -> Path:
    """Name the folder of one version."""
    return settings.releases(quarter) / f"v{version}"


def versions(settings: Settings, quarter: Quarter) -> list[int]:
    """List the versions of a quarter's release, oldest first."""
    folders = settings.releases(quarter).glob("v*")
    return sorted(int(f.name[1:]) for f in folders if f.is_dir() and f.name[1:].isdigit())


def latest(settings: Settings, quarter: Quarter) -> int:
    """Return the newest version; raises `StoreError` when the quarter has not been built."""
    found = versions(settings, quarter)
    if not found:
        raise StoreError(
            f"There is no release of {quarter.label} yet. Build it first: ctw build {quarter.id}"
        )
    return found[-1]


def files_in(folder: Path) -> dict[str, bytes]:
    """Read a release folder: path within it to content, sorted; hidden files are not part of it."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def manifest_hash(folder: Path) -> str:
    """Return the SHA-256 of a release folder's manifest, which covers every other file."""
    file = folder / MANIFEST
    if not file.is_file():
        raise StoreError(f"{folder} holds no {MANIFEST}, so it is no release folder.")
    return hashlib.sha256(file.read_bytes()).hexdigest()


def write_version(
    settings: Settings, quarter: Quarter, version: int, files: dict[str, bytes]
) -> Path:
    """Write one version in one step; an unsigned draft of the same version is replaced.

    Raises `SignOffError` when that version is signed off with other content: it is immutable.
    """
    place = folder_of(settings, quarter, version)
    if place.exists() and files_in(place) == files:
        return place
    if is_frozen(settings, quarter, version):
        raise SignOffError(
            f"Version {version} of {quarter.label} is signed off and cannot change. "
            "Build again to make the next version."
        )
    fresh = place.with_name(f".{place.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for path, content in files.items():
        (fresh / path).parent.mkdir(parents=True, exist_ok=True)
        (fresh / path).write_bytes(content)
    if place.exists():
        old = place.with_name(f".{place.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        place.replace(old)
        shutil.rmtree(old)
    fresh.replace(place)
    return place


def is_frozen(settings: Settings, quarter: Quarter, version: int) -> bool:
    """Tell whether a version has been signed off, in whatever state it was."""
    return _record(settings, quarter, version, "sign-off").is_file()


def sign(settings: Settings, quarter: Quarter, version: int, approval: SignOff) -> None:
    """Add an approval to a version's record."""
    approvals = [*(asdict(a) for a in sign_offs(settings, quarter, version)), asdict(approval)]
    _write(_record(settings, quarter, version, "sign-off"), {"approvals": approvals})


def sign_offs(settings: Settings, quarter: Quarter, version: int) -> list[SignOff]:
    """List the approvals of a version, oldest first."""
    file = _record(settings, quarter, version, "sign-off")
    if not file.is_file():
        return []
    approvals = [SignOff(**words) for words in json.loads(file.read_text())["approvals"]]
    for approval in approvals:
        _check_kind(settings, file, approval.rehearsal)
    return approvals


def published_at(settings: Settings, quarter: Quarter, version: int) -> datetime | None:
    """Return when a version was published, or None."""
    file = _record(settings, quarter, version, "published")
    if not file.is_file():
        return None
    words = json.loads(file.read_text())
    _check_kind(settings, file, words.get("rehearsal", False))
    return datetime.fromisoformat(words["published_at"])


def mark_published(settings: Settings, quarter: Quarter, version: int, at: datetime) -> None:
    """Record that a version is public, and at which time of the machine this was recorded."""
    words = {"published_at": at.isoformat(), **asdict(recorded(settings))}
    _write(_record(settings, quarter, version, "published"), words)


def _check_kind(settings: Settings, file: Path, rehearsal: bool) -> None:
    """Raise `StoreError` for a record of a rehearsal in an everyday home, or the other way."""
    if rehearsal != settings.is_rehearsal:
        made, found = ("a rehearsal", "no rehearsal")[:: 1 if rehearsal else -1]
        raise StoreError(
            f"{file} was recorded in {made}, but {settings.home} is {found}. Releases of the two "
            "are never mixed: build the quarter in a home of the right kind."
        )


def _record(settings: Settings, quarter: Quarter, version: int, kind: str) -> Path:
    return settings.releases(quarter) / f"v{version}.{kind}.json"


def _write(file: Path, words: dict[str, Any]) -> None:
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(words, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(file)
