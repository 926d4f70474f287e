"""A landed pack, opened: its manifest as it stands, the hashes and sizes of its files."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.returns.errors import PackFault
from pipelines.returns.packs.receive import LandedPack, content_hash, read_pack
from pipelines.returns.readers import READERS, Reader, reader_of
from schemas.returns import Pack

MANIFEST = "manifest.json"
# The id of a pack rule, and the file it is broken in.
Fault = tuple[str, str]


@dataclass(frozen=True)
class Opened:
    """A pack after it was opened: its manifest, and the pack rules it breaks.

    `reader` reads its rows. `hashes` has the SHA-256 of each file that holds rows, `bytes` the size
    of all files, and `lines` how many rows there seem to be.
    """

    number: int
    landed: LandedPack
    submission_id: str
    reader: Reader = READERS[0]
    manifest: dict[str, Any] | None = None
    hashes: dict[str, str] = field(default_factory=dict)
    bytes: int = 0
    lines: int = 0
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()

    def refused(self, *faults: Fault) -> Opened:
        """Return the pack with more faults."""
        return replace(self, faults=(*self.faults, *faults))


def open_pack(number: int, landed: LandedPack, pack: Pack) -> Opened:
    """Open a pack and read its manifest; whatever is wrong is among its faults.

    A pack that was refused on receipt is not opened: its receipt says why.
    """
    opened = Opened(number, landed, landed.number)
    if landed.fault is not None:
        return opened.refused((landed.fault, "pack"))
    try:
        files = read_pack(landed.path)
    except PackFault as fault:
        return opened.refused((fault.rule, fault.file))
    reader = reader_of(files)
    expected = reader.files(pack)
    notes = tuple(("only_known_files", "pack") for f in files if f not in (MANIFEST, *expected))
    opened = replace(
        opened,
        reader=reader,
        hashes={f: hashlib.sha256(files[f]).hexdigest() for f in expected if f in files},
        bytes=sum(len(data) for data in files.values()),
        lines=reader.count(files, pack),
        notes=notes[:1],
    )
    missing = [("files_are_there", f) for f in expected if f not in files]
    if content_hash(files) != landed.sha256:
        missing.append(("pack_is_as_received", "pack"))
    try:
        return replace(opened, manifest=_manifest(files)).refused(*missing)
    except PackFault as fault:
        return opened.refused(*missing, (fault.rule, fault.file))


def quarter_told(files: Mapping[str, bytes]) -> str | None:
    """Return the quarter that a manifest names, None when it names none that can be read."""
    try:
        told_period = _manifest(files).get("period_id")
    except PackFault:
        return None
    return told_period if isinstance(told_period, str) else None


def _manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    if MANIFEST not in files:
        raise PackFault("manifest_is_there", MANIFEST)
    try:
        manifest = json.loads(files[MANIFEST].decode("utf-8-sig"))
    except (ValueError, RecursionError) as trouble:
        raise PackFault("manifest_is_json", MANIFEST) from trouble
    if not isinstance(manifest, dict):
        raise PackFault("manifest_is_json", MANIFEST)
    return manifest


def declared_rows(opened: Opened, file: str) -> int | None:
    """Return how many rows the manifest gives a file."""
    rows = {e.get("name"): e.get("rows") for e in file_entries(opened)}.get(file)
    return int(str(rows)) if re.fullmatch(r"[0-9]{1,9}", str(rows)) else None


def told(opened: Opened) -> dict[str, Any]:
    """Return the manifest, empty when it could not be read."""
    return opened.manifest or {}


def file_entries(opened: Opened) -> list[dict[str, Any]]:
    """Return the entries of the manifest's list of files that have a name."""
    entries = told(opened).get("files")
    listed = entries if isinstance(entries, list) else []
    return [e for e in listed if isinstance(e, dict) and isinstance(e.get("name"), str)]
