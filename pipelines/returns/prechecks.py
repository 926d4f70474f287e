"""Checks of a pack as a whole, made before its rows are judged: a pack that fails is refused."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from pipelines.returns import findings
from pipelines.returns.context import of_organisations
from pipelines.returns.errors import PackFault
from pipelines.returns.judge import judge_rows
from pipelines.returns.parse import count_lines
from pipelines.returns.receive import LandedPack, PackName, content_hash, read_pack
from schemas.errors import PeriodError
from schemas.quarter import Quarter
from schemas.returns import Pack, Return

MANIFEST = "manifest.json"
Fault = tuple[str, str]


@dataclass(frozen=True)
class Opened:
    """A pack after it was opened: its manifest as text, its size, and the rules it breaks.

    `sizes` holds bytes by file; `lines` how many rows the CSV files seem to have.
    """

    number: int
    landed: LandedPack
    submission_id: str
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
    """Open a pack and read its manifest; whatever is wrong is among its faults."""
    opened = Opened(number, landed, submission_id(landed))
    try:
        files = read_pack(landed.path)
    except PackFault as fault:
        return opened.refused((fault.rule, fault.file))
    expected = [declared.file for declared in pack.files]
    notes = tuple(("only_known_files", "pack") for f in files if f not in (MANIFEST, *expected))
    opened = replace(
        opened,
        hashes={f: hashlib.sha256(files[f]).hexdigest() for f in expected if f in files},
        bytes=sum(len(data) for data in files.values()),
        lines=sum(count_lines(files[f]) for f in expected if f in files),
        notes=notes[:1],
    )
    missing = [("files_are_there", f) for f in expected if f not in files]
    if content_hash(files) != landed.sha256:
        missing.append(("pack_can_be_read", "pack"))
    try:
        return replace(opened, manifest=_manifest(files)).refused(*missing)
    except PackFault as fault:
        return opened.refused(*missing, (fault.rule, fault.file))


def submission_id(landed: LandedPack) -> str:
    """Name a pack received once: the same pack received at another time is another submission."""
    said = f"{landed.name}|{landed.sha256}|{landed.received_at.isoformat()}|{landed.path.name}"
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


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


@dataclass(frozen=True)
class Manifests:
    """The manifests of all packs of a run as judged rows; the column `pack` is the number."""

    manifests: pl.DataFrame
    organisations: pl.DataFrame
    findings: pl.DataFrame
    incomplete: frozenset[int]


def judge_manifests(opened: list[Opened], pack: Pack) -> Manifests:
    """Judge every manifest that could be read, with its lists of files and organisations."""
    read = [one for one in opened if one.manifest is not None]
    manifests = judge_rows(_text(read, pack.manifest), pack.manifest)
    files = judge_rows(_listed(read, "files", pack.manifest_files), pack.manifest_files)
    organisations = judge_rows(
        _listed(read, "organisations", pack.organisations), pack.organisations, of_organisations
    )
    bad = pl.concat(
        [rows.rows.filter(~pl.col("is_accepted")).select("pack") for rows in (manifests, files)]
    )
    found = pl.concat([rows.findings for rows in (manifests, files, organisations)])
    return Manifests(manifests.rows, organisations.accepted, found, frozenset(bad["pack"]))


def _text(opened: list[Opened], declared: Return) -> pl.DataFrame:
    rows = [
        (one.number, 1, *(_as_text(_told(one).get(name)) for name in declared.names))
        for one in opened
    ]
    return _text_frame(rows, declared)


def _listed(opened: list[Opened], name: str, declared: Return) -> pl.DataFrame:
    """Make text rows of a list in the manifest; an entry of another shape is a row of blanks."""
    rows = []
    for one in opened:
        entries = _told(one).get(name)
        for at, entry in enumerate(entries if isinstance(entries, list) else [], start=1):
            held = entry if isinstance(entry, dict) else {}
            rows.append((one.number, at, *(_as_text(held.get(n)) for n in declared.names)))
    return _text_frame(rows, declared)


def _text_frame(rows: list[tuple[Any, ...]], declared: Return) -> pl.DataFrame:
    schema: dict[str, pl.DataType] = {"pack": pl.Int64(), "row_number": pl.Int64()}
    schema |= dict.fromkeys(declared.names, pl.String())
    return pl.DataFrame(rows, schema=schema, orient="row")


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    text = str(value).lower() if isinstance(value, bool) else str(value)
    # JSON can hold half of a surrogate pair, which is no character.
    return text.encode("utf-8", "replace").decode()


@dataclass(frozen=True)
class Seen:
    """What was accepted before: hashes, and the highest sequence by area and period."""

    hashes: frozenset[str] = frozenset()
    sequences: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, submissions: pl.DataFrame) -> Seen:
        """Read it from submissions (as in `Judged`)."""
        kept = submissions.filter(pl.col("status").is_in(["pending", "rejected"]).not_())
        highest = kept.group_by("delivery_area_code", "period_id").agg(
            pl.col("submission_sequence").max()
        )
        return cls(
            frozenset(kept["sha256"]),
            {(area, period): sequence for area, period, sequence in highest.rows()},
        )


def check_all(
    opened: list[Opened], read: Manifests, quarter: Quarter, seen: Seen, pack: Pack
) -> list[Opened]:
    """Check every pack whose manifest could be read."""
    rows = {row["pack"]: row for row in read.manifests.iter_rows(named=True)}
    checked = []
    for one in opened:
        done = check(one, rows[one.number], quarter, seen, pack) if one.number in rows else one
        if one.number in read.incomplete:
            done = done.refused(("manifest_is_complete", MANIFEST))
        checked.append(done)
    return checked


def check(
    opened: Opened, row: Mapping[str, Any], quarter: Quarter, seen: Seen, pack: Pack
) -> Opened:
    """Check a pack against its manifest row, its name, the quarter and what came before."""
    if opened.landed.sha256 in seen.hashes:
        return opened.refused(("pack_is_new", "pack"))
    faults = [
        *_template(row, pack),
        *_period(row, quarter),
        *_name(opened.landed.name, row),
        *_sequence(row, seen),
        *_hashes(opened),
    ]
    if row["nil_return"] and _declared_rows(opened, ("participants.csv", "events.csv")):
        faults.append(("nil_return_has_no_rows", MANIFEST))
    return opened.refused(*faults)


def _template(row: Mapping[str, Any], pack: Pack) -> list[Fault]:
    faults = []
    if row["template_id"] is not None and row["template_id"] != pack.template_id:
        faults.append(("template_is_known", MANIFEST))
    version = row["template_version"]
    if version is not None and version not in pack.accepted_versions:
        faults.append(("template_is_current", MANIFEST))
    return faults


def _period(row: Mapping[str, Any], quarter: Quarter) -> list[Fault]:
    if row["period_id"] is None:
        return []
    try:
        period = Quarter.parse(row["period_id"])
    except PeriodError:
        return [("period_exists", MANIFEST)]
    if period > quarter:
        return [("period_has_ended", MANIFEST)]
    return [] if period == quarter else [("period_is_the_one_collected", MANIFEST)]


def _name(name: str, row: Mapping[str, Any]) -> list[Fault]:
    parts = (row["delivery_area_code"], row["period_id"], row["submission_sequence"])
    said = PackName.parse(name)
    agrees = said is not None and all(
        part is None or part == told
        for part, told in zip(
            parts, (said.delivery_area_code, said.period_id, said.submission_sequence), strict=True
        )
    )
    return [] if agrees else [("name_agrees_with_manifest", "pack")]


def _sequence(row: Mapping[str, Any], seen: Seen) -> list[Fault]:
    highest = seen.sequences.get((row["delivery_area_code"], row["period_id"]), 0)
    sequence = row["submission_sequence"]
    return [("sequence_rises", MANIFEST)] if sequence is not None and sequence <= highest else []


def _hashes(opened: Opened) -> list[Fault]:
    listed = {e.get("name"): e.get("sha256") for e in _entries(opened)}
    return [
        ("hash_agrees_with_manifest", file)
        for file, sha256 in opened.hashes.items()
        if listed.get(file) != sha256
    ]


def declared_rows(opened: Opened, file: str) -> int | None:
    """Return how many rows the manifest gives a file."""
    rows = {e.get("name"): e.get("rows") for e in _entries(opened)}.get(file)
    return int(str(rows)) if re.fullmatch(r"[0-9]{1,9}", str(rows)) else None


def _declared_rows(opened: Opened, files: tuple[str, ...]) -> int:
    return sum(declared_rows(opened, file) or 0 for file in files)


def _told(opened: Opened) -> dict[str, Any]:
    return opened.manifest or {}


def _entries(opened: Opened) -> list[dict[str, Any]]:
    entries = _told(opened).get("files")
    listed = entries if isinstance(entries, list) else []
    return [e for e in listed if isinstance(e, dict) and isinstance(e.get("name"), str)]


def fault_findings(opened: Opened) -> pl.DataFrame:
    """One row per pack rule that the pack breaks."""
    return findings.of_pack(opened.number, (*opened.faults, *opened.notes))
