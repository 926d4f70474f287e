"""A release folder read from disk, and whether its files are those of its manifest."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from verification.disk import plain_files
from verification.errors import FolderError
from verification.findings import INTEGRITY, Finding, cause
from verification.language import ReleaseWords, language_of
from verification.standing import as_signed

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
VERSION = re.compile(r"v([1-9][0-9]{0,3})")


@dataclass(frozen=True)
class Folder:
    """The files of a release by their path within it, with what the manifest says."""

    name: str
    files: Mapping[str, bytes]
    manifest: Mapping[str, Any]
    faults: tuple[Finding, ...] = ()

    @property
    def period(self) -> str:
        """The quarter that the release is about."""
        return str(self.manifest["period"]["id"])

    @cached_property
    def words(self) -> ReleaseWords:
        """The words of the language in which the release is written."""
        return language_of(self.manifest)

    @property
    def readings(self) -> dict[str, dict[str, Any]]:
        """How the figures of each statistic are to be read, as the manifest states it."""
        populations = self.manifest.get("populations", {})
        return {
            statistic: dict(stated)
            for population in populations.values()
            for statistic, stated in population.get("readings", {}).items()
        }

    @property
    def people(self) -> frozenset[str]:
        """The statistics of the populations that the manifest says are people."""
        populations = self.manifest.get("populations", {})
        return frozenset(
            statistic
            for population in populations.values()
            if population.get("people")
            for statistic in population.get("readings", {})
        )

    @property
    def certified(self) -> frozenset[str]:
        """The statistics for which the manifest states a certificate of what was withheld."""
        populations = self.manifest.get("populations", {})
        return frozenset(
            statistic
            for population in populations.values()
            if population.get("certificate")
            for statistic in population.get("readings", {})
        )


def opened(path: Path) -> Folder:
    """Read a release folder. Raises `FolderError` when it holds no manifest that can be read."""
    if not path.is_dir():
        raise FolderError(f"There is no folder {path}.")
    files, faults = plain_files(path)
    if MANIFEST not in files:
        why = "".join(f" {fault.message}" for fault in faults if fault.message.startswith(MANIFEST))
        raise FolderError(f"{path} holds no {MANIFEST}, so it is no release folder.{why}")
    try:
        manifest = json.loads(files[MANIFEST])
        signed = as_signed(files, manifest, _versions_beside(path))
        folder = Folder(path.name, signed, manifest, tuple(faults))
        _check(folder)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as fault:
        raise FolderError(
            f"{path / MANIFEST} cannot be read as the manifest of a release ({cause(fault)})."
        ) from fault
    return folder


def _versions_beside(path: Path) -> frozenset[int]:
    """Return the numbers of the versions in the folder that this one lies in."""
    try:
        names = [place.name for place in path.resolve().parent.iterdir() if place.is_dir()]
    except OSError:
        return frozenset()
    found = (VERSION.fullmatch(name) for name in names)
    return frozenset(int(one[1]) for one in found if one)


def _check(folder: Folder) -> None:
    """Raise unless the manifest has a period, readings, and a path and hash of every file."""
    for entry in folder.manifest["files"]:
        if not (isinstance(entry["path"], str) and isinstance(entry["sha256"], str)):
            raise TypeError("a file without a path and a hash that are texts")
    language_of(folder.manifest)
    if not (folder.period and isinstance(folder.readings, dict)):
        raise ValueError("no period")


def altered(folder: Folder) -> list[Finding]:
    """List the files that are missing, altered or not listed, and hashes that do not agree."""
    listed = {entry["path"]: entry["sha256"] for entry in folder.manifest["files"]}
    held = {path: hashlib.sha256(content).hexdigest() for path, content in folder.files.items()}
    problems = [f"{path} is missing." for path in sorted(listed.keys() - held.keys())]
    problems += [
        f"{path} was altered after the release was made: its hash is not that of {MANIFEST}."
        for path in sorted(listed.keys() & held.keys())
        if listed[path] != held[path]
    ]
    extra = held.keys() - listed.keys() - {MANIFEST, SUMS}
    problems += [f"{path} is not part of the release." for path in sorted(extra)]
    problems += _sums(folder, listed, held)
    return [*folder.faults, *(Finding(INTEGRITY, words) for words in problems)]


def _sums(folder: Folder, listed: Mapping[str, str], held: Mapping[str, str]) -> list[str]:
    if SUMS not in folder.files:
        return [f"{SUMS} is missing."]
    lines = folder.files[SUMS].decode(errors="replace").splitlines()
    summed = {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
    expected = {**listed, MANIFEST: held[MANIFEST]}
    return [
        f"{SUMS} does not agree with {MANIFEST} about {path}."
        for path in sorted(summed.keys() | expected.keys())
        if summed.get(path) != expected.get(path)
    ]
