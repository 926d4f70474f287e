"""A landed pack, opened: its manifest as it stands, the hashes and sizes of its files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.returns.errors import Fault, PackFault
from pipelines.returns.packs.receive import LandedPack, content_hash, read_pack
from pipelines.returns.packs.undeclared import on_manifest, on_texts, undeclared_texts
from pipelines.returns.packs.workbooks import the_workbook
from pipelines.returns.readers import READERS, Reader, reader_of
from pipelines.returns.readers.manifests import MANIFEST
from schemas.returns import PACK, Pack
from schemas.returns.pack import COVER_FILES
from schemas.texts import counted


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
        sent_as = tuple(files)
        files, renamed = in_template_letters(files, pack)
        reader = reader_of(files)
        asked = on_texts(undeclared_texts(files, reader, pack, sent_as))
        opened = _read_by(reader, files, renamed, opened, pack)
        opened = replace(opened, notes=(*opened.notes, *asked))
    except PackFault as refusal:
        return opened.refused(refusal.fault)
    if raw != landed.sha256:
        opened = opened.refused(Fault("pack_is_as_received"))
    try:
        manifest = reader.manifest(files, pack)
        return replace(
            opened, manifest=manifest, notes=(*opened.notes, *on_manifest(manifest, pack))
        )
    except PackFault as refusal:
        return opened.refused(refusal.fault)


def _read_by(
    reader: Reader, files: Mapping[str, bytes], renamed: Sequence[str], opened: Opened, pack: Pack
) -> Opened:
    """Return a pack with what its reader sees of its files, before any row is read."""
    expected = reader.files(pack)
    listed = expected if reader.lists_files else ()
    return replace(
        opened,
        reader=reader,
        hashes={f: hashlib.sha256(files[f]).hexdigest() for f in listed if f in files},
        bytes=sum(len(data) for data in files.values()),
        lines=reader.count(files, pack),
        notes=(*_notes(files, reader, expected, renamed), *reader.notes(files, pack)),
    ).refused(*reader.missing(files, pack))


def _notes(
    files: Collection[str], reader: Reader, expected: Collection[str], renamed: Sequence[str]
) -> tuple[Fault, ...]:
    """Note files that are not read, and names that were in other letters."""
    known = {*expected, *((MANIFEST, *COVER_FILES) if reader.lists_files else ())}
    unknown = sum(name not in known for name in files)
    of = f"{unknown} of its {counted(len(files), 'file', 'files')}"
    more = Fault("only_known_files", found=f"Not read: {of}.")
    names = f"They are {', '.join(renamed)}."
    letters = Fault("file_names_are_those_of_the_template", found=names)
    return tuple(note for holds, note in ((unknown, more), (renamed, letters)) if holds)


def in_template_letters(
    files: Mapping[str, bytes], pack: Pack
) -> tuple[dict[str, bytes], list[str]]:
    """Return files under the template's names where these differ in letters only; list which.

    A workbook that is the whole of a pack gets the name of its kind, and is not listed. Raises
    `PackFault` when two files then have one name.
    """
    workbook = the_workbook(files)
    if workbook is not None:
        sent, ours = workbook
        files = {ours if name == sent else name: data for name, data in files.items()}
    known = {MANIFEST, *(name for reader in READERS for name in reader.files(pack))}
    names = {name: name.lower() if name.lower() in known else name for name in files}
    if len(set(names.values())) < len(names):
        raise PackFault("names_are_distinct")
    renamed = sorted(new for old, new in names.items() if new != old)
    return {names[name]: data for name, data in files.items()}, renamed


def quarter_in_manifest(files: Mapping[str, bytes]) -> str | None:
    """Return the quarter that a manifest names; None when it names none that can be read."""
    try:
        known, _ = in_template_letters(files, PACK)
        period = reader_of(known).manifest(known, PACK).get("period_id")
    except PackFault:
        return None
    return period if isinstance(period, str) else None


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
