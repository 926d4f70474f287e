"""Release folders on disk: the versions of a quarter, which stay as they are once signed."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from operations.errors import SignOffError, StoreError
from operations.home.checkout import UNKNOWN
from operations.home.durable import replace_folder
from operations.home.settings import Settings
from operations.releases.plain_files import plain_files
from operations.releases.release_records import (
    Publication,
    SignOff,
    published_at,
    record_publication,
    sign,
    sign_offs,
)
from operations.releases.traces import recorded_versions, version_in
from operations.releases.typed_words import TypedText
from publications.pages.standing import without_standing
from schemas.quarter import Quarter

MANIFEST = "manifest.json"

__all__ = [
    "MANIFEST",
    "SignOff",
    "code_of",
    "files_in",
    "folder_of",
    "is_frozen",
    "latest",
    "manifest_hash",
    "manifest_of",
    "mark_published",
    "newest_version",
    "published_at",
    "release_time",
    "sign",
    "sign_offs",
    "versions",
    "write_version",
]


def folder_of(settings: Settings, quarter: Quarter, version: int) -> Path:
    """Name the folder of one version."""
    return settings.releases(quarter) / f"v{version}"


def versions(settings: Settings, quarter: Quarter) -> list[int]:
    """List the versions of a quarter's release that have a folder, oldest first."""
    folders = [f for f in settings.releases(quarter).glob("v*") if f.is_dir() and "." not in f.name]
    return sorted(version for f in folders if (version := version_in(f.name)))


def latest(settings: Settings, quarter: Quarter) -> int:
    """Return the newest version.

    Raises `StoreError` when the quarter has not been built, and when its newest version was
    signed and its folder is lost.
    """
    found = versions(settings, quarter)
    newest = max([*found, *recorded_versions(settings, quarter)], default=0)
    if not newest:
        raise StoreError(
            f"There is no release of {quarter.label} yet. Build it first: ctw build {quarter.id}"
        )
    if newest not in found:
        raise StoreError(
            f"{quarter.label} v{newest} was signed off or published, but its folder "
            f"releases/{quarter.id}/v{newest} is lost. Put it back from a backup or from the site."
        )
    return newest


def newest_version(settings: Settings, quarter: Quarter) -> tuple[int, bool]:
    """Return the newest version, whatever is left of it, and whether it may not change any more."""
    recorded = recorded_versions(settings, quarter)
    newest = max([*versions(settings, quarter), *recorded], default=1)
    return newest, newest in recorded


def files_in(folder: Path) -> dict[str, bytes]:
    """Read a release folder: path within it to content, sorted; empty when there is none.

    The notice that the site adds to pages of a corrected release is left out, so that a version
    is read from the site as it was signed. Raises `StoreError` when it holds anything but plain
    files, which is not read or followed.
    """
    return without_standing(plain_files(folder))


def manifest_hash(folder: Path) -> str:
    """Return the SHA-256 of a release folder's manifest, which covers every other file."""
    file = folder / MANIFEST
    if file.is_symlink() or not file.is_file():
        raise StoreError(f"{folder} holds no {MANIFEST}, so it is no release folder.")
    return hashlib.sha256(file.read_bytes()).hexdigest()


def manifest_of(folder: Path) -> dict[str, Any]:
    """Read the manifest of a release folder; raises `StoreError` when it cannot be read."""
    manifest_hash(folder)
    try:
        words = json.loads((folder / MANIFEST).read_bytes())
    except ValueError:
        words = None
    if not isinstance(words, dict):
        raise StoreError(f"{folder / MANIFEST} cannot be read. Build the release again.")
    return words


def release_time(folder: Path) -> datetime:
    """Return the time of release that a version was made for: the one that is signed with it."""
    words = manifest_of(folder)
    try:
        return datetime.fromisoformat(words["release_at"])
    except (KeyError, TypeError, ValueError):
        raise StoreError(
            f"{folder / MANIFEST} names no time of release. Build the release again."
        ) from None


def code_of(folder: Path) -> str:
    """Return the version of the code that made a release, as its manifest says."""
    return str(manifest_of(folder).get("code_version") or UNKNOWN)


def write_version(
    settings: Settings, quarter: Quarter, version: int, files: dict[str, bytes]
) -> Path:
    """Write one version in one step; an unsigned draft of the same version is replaced.

    Raises `SignOffError` when that version was ever signed off or published, even if its record
    or its folder is lost since: it is immutable.
    """
    place = folder_of(settings, quarter, version)
    if place.exists() and files_in(place) == files:
        return place
    if is_frozen(settings, quarter, version):
        raise SignOffError(
            f"Version {version} of {quarter.label} is signed off and cannot change. "
            "Build again to make the next version."
        )
    replace_folder(place, files)
    return place


def is_frozen(settings: Settings, quarter: Quarter, version: int) -> bool:
    """Return whether a version was ever signed off or published, in whatever state it is."""
    return version in recorded_versions(settings, quarter)


def mark_published(
    settings: Settings,
    quarter: Quarter,
    version: int,
    at: datetime,
    reason: str = "",
    **more: TypedText,
) -> None:
    """Record that a version is public as it lies there."""
    held = manifest_hash(folder_of(settings, quarter, version))
    record_publication(settings, Publication(quarter, version, at, held, reason), **more)
