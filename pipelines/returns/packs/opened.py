"""A landed pack, opened: its manifest as it stands, the hashes and sizes of its files."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.returns.errors import Fault, PackFault
from pipelines.returns.packs.receive import LandedPack, content_hash, read_pack
from pipelines.returns.readers import READERS, Reader, reader_of
from schemas.returns import PACK, Pack

MANIFEST = "manifest.json"


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
        return opened.refused(landed.fault)
    try:
        files = read_pack(landed.path)
    except PackFault as refusal:
        return opened.refused(refusal.fault)
    raw = content_hash(files)
    try:
        files, renamed = in_template_letters(files, pack)
    except PackFault as refusal:
        return opened.refused(refusal.fault)
    reader = reader_of(files)
    expected = reader.files(pack)
    opened = replace(
        opened,
        reader=reader,
        hashes={f: hashlib.sha256(files[f]).hexdigest() for f in expected if f in files},
        bytes=sum(len(data) for data in files.values()),
        lines=reader.count(files, pack),
        notes=_notes(files, expected, renamed),
    )
    missing = [
        Fault("files_are_there", f, _also_there(f, files)) for f in expected if f not in files
    ]
    if raw != landed.sha256:
        missing.append(Fault("pack_is_as_received"))
    try:
        return replace(opened, manifest=_manifest(files)).refused(*missing)
    except PackFault as refusal:
        return opened.refused(*missing, refusal.fault)


def _notes(
    files: Collection[str], expected: Collection[str], renamed: Sequence[str]
) -> tuple[Fault, ...]:
    """Note files that are not read, and names that were in other letters."""
    unknown = sum(name not in (MANIFEST, *expected) for name in files)
    more = Fault("only_known_files", found=f"{unknown} of its {len(files)} files were not read.")
    names = f"They are {', '.join(renamed)}."
    letters = Fault("file_names_are_those_of_the_template", found=names)
    return tuple(note for holds, note in ((unknown, more), (renamed, letters)) if holds)


def _also_there(expected: str, files: Mapping[str, bytes]) -> str:
    """Say where a file that is missing may be: in a folder inside the pack."""
    if any(name.lower().endswith(f"/{expected}") for name in files):
        return "There is one in a folder inside the pack; put it beside manifest.json."
    return ""


def in_template_letters(
    files: Mapping[str, bytes], pack: Pack
) -> tuple[dict[str, bytes], list[str]]:
    """Return files under the template's names where these differ in letters only; list which.

    Raises `PackFault` when two files then have one name.
    """
    known = {MANIFEST, *(name for reader in READERS for name in reader.files(pack))}
    names = {name: name.lower() if name.lower() in known else name for name in files}
    if len(set(names.values())) < len(names):
        raise PackFault("names_are_distinct")
    renamed = sorted(new for old, new in names.items() if new != old)
    return {names[name]: data for name, data in files.items()}, renamed


def quarter_in_manifest(files: Mapping[str, bytes]) -> str | None:
    """Return the quarter that a manifest names; None when it names none that can be read."""
    try:
        period = _manifest(in_template_letters(files, PACK)[0]).get("period_id")
    except PackFault:
        return None
    return period if isinstance(period, str) else None


def _manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    if MANIFEST not in files:
        raise PackFault("manifest_is_there", MANIFEST, _also_there(MANIFEST, files))
    try:
        text = files[MANIFEST].decode("utf-8-sig")
        manifest = json.loads(text, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as trouble:
        raise PackFault("manifest_is_json", MANIFEST, _where(trouble)) from trouble
    if not isinstance(manifest, dict):
        found = "It holds a list or a single value, and no fields between { and }."
        raise PackFault("manifest_is_json", MANIFEST, found)
    return manifest


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the fields of an object; raises `PackFault` when one stands twice."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        known = [n for declared in PACK.returns for n in (*declared.names, "files")]
        twice = sorted({name for name in names if names.count(name) > 1 and name in known})
        found = f"It gives {', '.join(twice)} more than once." if twice else ""
        raise PackFault("manifest_gives_each_field_once", MANIFEST, found)
    return fields


def _where(trouble: Exception) -> str:
    """Say where a manifest stops being JSON. What stands there is not shown."""
    if isinstance(trouble, json.JSONDecodeError):
        return f"It cannot be read from line {trouble.lineno}, column {trouble.colno}."
    return "It is not text in UTF-8." if isinstance(trouble, UnicodeDecodeError) else ""


def declared_rows(opened: Opened, file: str) -> int | None:
    """Return how many rows the manifest gives a file."""
    rows = {e.get("name"): e.get("rows") for e in file_entries(opened)}.get(file)
    return int(str(rows)) if re.fullmatch(r"[0-9]{1,9}", str(rows)) else None


def fields_of(opened: Opened) -> dict[str, Any]:
    """Return the fields of the manifest; none when it could not be read."""
    return opened.manifest or {}


def file_entries(opened: Opened) -> list[dict[str, Any]]:
    """Return the entries of the manifest's list of files that have a name."""
    entries = fields_of(opened).get("files")
    listed = entries if isinstance(entries, list) else []
    named = [e for e in listed if isinstance(e, dict) and isinstance(e.get("name"), str)]
    return [{**e, "name": e["name"].lower()} for e in named]
