"""Which version of a quarter goes out: the newest, or one that was signed off and is named."""

from __future__ import annotations

from dataclasses import dataclass

from operations.errors import SignOffError
from operations.home.settings import Settings
from operations.releases.release_store import (
    folder_of,
    latest,
    manifest_hash,
    published_at,
    sign_offs,
    versions,
)
from schemas.quarter import Quarter

SHORTEST_PREFIX = 12


@dataclass(frozen=True)
class NamedVersion:
    """The version that a person names: by its number, or by 12 characters of its manifest or more.

    None and "" mean the newest version.
    """

    version: int | None = None
    manifest: str = ""


NEWEST = NamedVersion()


def chosen(settings: Settings, quarter: Quarter, named: NamedVersion) -> int:
    """Return the version that is to be published: the one that is named, else the newest.

    Raises `SignOffError` when what is named is not there, and when a later version was signed off
    since: that one takes its place.
    """
    newest = latest(settings, quarter)
    if named == NEWEST:
        return newest
    version = _found(settings, quarter, named)
    later = [v for v in signed_versions(settings, quarter) if v > version]
    if later:
        raise SignOffError(
            f"{quarter.label} v{later[-1]} was signed off after v{version}, so v{version} does not "
            f"go out any more. Publish the later one: ctw publish {quarter.id} "
            f"--version {later[-1]}"
        )
    return version


def signed_versions(settings: Settings, quarter: Quarter) -> list[int]:
    """List the versions of a quarter that somebody signed off, oldest first."""
    return [v for v in versions(settings, quarter) if sign_offs(settings, quarter, v)]


def waiting(settings: Settings, quarter: Quarter, version: int) -> int | None:
    """Return the newest signed version before this one that is not public yet.

    None for none, and when this one is signed off: then it takes the place of those before.
    """
    signed = signed_versions(settings, quarter)
    earlier = [v for v in signed if v < version]
    if version in signed or not earlier or published_at(settings, quarter, earlier[-1]) is not None:
        return None
    return earlier[-1]


def drafts_after(settings: Settings, quarter: Quarter, version: int) -> list[int]:
    """List the versions that were built after this one and that nobody signed off."""
    signed = signed_versions(settings, quarter)
    return [v for v in versions(settings, quarter) if v > version and v not in signed]


def check_prefix(manifest: str, act: str) -> None:
    """Raise unless this can be the start of a manifest's hash, long enough to identify it."""
    if len(manifest) < SHORTEST_PREFIX or set(manifest) - set("0123456789abcdef"):
        raise SignOffError(
            f"{act} names the manifest that was read: {SHORTEST_PREFIX} or more of the "
            "characters that ctw status shows after the word manifest."
        )


def _found(settings: Settings, quarter: Quarter, named: NamedVersion) -> int:
    """Return the version that is named; both names must mean it when both are given."""
    held = {v: manifest_hash(folder_of(settings, quarter, v)) for v in versions(settings, quarter)}
    if named.manifest:
        check_prefix(named.manifest, "A publication")
    found = [
        version
        for version, manifest in held.items()
        if named.version in (None, version) and manifest.startswith(named.manifest)
    ]
    if not found:
        there = ", ".join(f"v{v} (manifest {m[:16]})" for v, m in sorted(held.items()))
        raise SignOffError(f"{quarter.label} has no {_words(named)}. It has {there}.")
    return found[-1]


def _words(named: NamedVersion) -> str:
    number = f"v{named.version}" if named.version is not None else "version"
    return f"{number} with the manifest {named.manifest[:16]}" if named.manifest else number
