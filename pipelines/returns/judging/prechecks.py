"""Checks of a pack as a whole, made before its rows are judged: a pack that fails is refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any

import polars as pl

from pipelines.returns.errors import Fault, PackFault
from pipelines.returns.judging import findings
from pipelines.returns.judging.manifests import Manifests
from pipelines.returns.packs.boundary import attempt
from pipelines.returns.packs.names import PackName
from pipelines.returns.packs.opened import Opened, declared_rows, file_entries
from pipelines.returns.packs.receive import LandedPack
from pipelines.returns.readers.manifests import MANIFEST
from schemas.errors import PeriodError
from schemas.quarter import Quarter
from schemas.returns import Pack
from schemas.returns.declaration import is_plain_version
from schemas.returns.pack import NUMBERS_LEFT_OUT
from schemas.texts import counted

# The fields that a pack's name and its manifest both give, in words.
NAMED = {
    "delivery_area_code": "Delivery area",
    "period_id": "Quarter",
    "submission_sequence": "Sequence",
}


# By so many days the time of a file and prepared_at may differ without a question.
DAYS_APART = 31


@dataclass(frozen=True)
class Seen:
    """What was accepted before: the receipt by its hash, the highest sequence by area and period.

    `hashes` holds the pack's name and the number of its receipt, in words. `came` says how many
    packs came under the name of an area and period, refused ones included.
    """

    hashes: Mapping[str, str] = field(default_factory=dict)
    sequences: Mapping[tuple[str, str], int] = field(default_factory=dict)
    came: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, submissions: pl.DataFrame) -> Seen:
        """Read it from submissions (as in `Judged`)."""
        kept = submissions.filter(pl.col("status").is_in(["pending", "rejected"]).not_())
        highest = kept.group_by("delivery_area_code", "period_id").agg(
            pl.col("submission_sequence").max()
        )
        return cls(
            {
                sha256: f"{name}, receipt {number}"
                for sha256, name, number in kept.select(
                    "sha256", "pack_name", "submission_id"
                ).rows()
            },
            {(area, period): sequence for area, period, sequence in highest.rows()},
            Counter(
                (name.delivery_area_code, name.period_id)
                for name in map(PackName.parse, submissions["pack_name"])
                if name is not None
            ),
        )


def check_all(
    opened: list[Opened], read: Manifests, quarter: Quarter, seen: Seen, pack: Pack
) -> list[Opened]:
    """Check every pack whose manifest could be read."""
    checked = []
    for one in opened:
        step = partial(_checked, one, read, quarter, seen, pack)
        done = attempt(one.submission_id, step)
        done = one.refused(done.fault) if isinstance(done, PackFault) else done
        if one.number in read.incomplete:
            done = done.refused(Fault("manifest_is_complete", MANIFEST))
        checked.append(done)
    return checked


def _checked(one: Opened, read: Manifests, quarter: Quarter, seen: Seen, pack: Pack) -> Opened:
    rows = read.manifests.filter(pl.col("pack") == one.number).rows(named=True)
    return check(one, rows[0] if rows else None, quarter, seen, pack)


def check(
    opened: Opened, row: Mapping[str, Any] | None, quarter: Quarter, seen: Seen, pack: Pack
) -> Opened:
    """Check a pack against its manifest row, its name, the quarter and what came before.

    A pack whose manifest could not be read has no row, and is refused already. One whose name does
    not agree with its manifest is told nothing of what was accepted before.
    """
    if row is None:
        return opened
    named = _name(opened.landed.name, row, pack)
    if opened.landed.sha256 in seen.hashes and not named:
        found = f"It was accepted as {seen.hashes[opened.landed.sha256]}."
        return opened.refused(Fault("pack_is_new", found=found))
    noted = replace(opened, notes=(*opened.notes, *_prepared(opened.landed, row)))
    return noted.refused(
        *_template(row, pack),
        *_period(row, quarter, pack),
        *named,
        *_sequence(row, seen),
        *([] if named else _far_sequence(row, seen)),
        *_hashes(opened),
        *_nil(opened, row, pack),
    )


def _prepared(landed: LandedPack, row: Mapping[str, Any]) -> list[Fault]:
    """Ask about a pack that was made long after it came; files can bring an earlier time along."""
    prepared = row["prepared_at"]
    if prepared is None or prepared <= landed.received_at + timedelta(days=DAYS_APART):
        return []
    found = f"It says {prepared:%-d %B %Y}; the pack came on {landed.received_at:%-d %B %Y}."
    return [Fault("pack_is_prepared_before_it_comes", MANIFEST, found)]


def _template(row: Mapping[str, Any], pack: Pack) -> list[Fault]:
    faults = []
    if row["template_id"] is not None and row["template_id"] != pack.template_id:
        faults.append(Fault("template_is_known", MANIFEST, f"{pack.template_id} was expected."))
    version = row["template_version"]
    if version is not None and version not in pack.accepted_versions:
        expected = " or ".join(pack.accepted_versions)
        shown = version if is_plain_version(version) else "something else"
        found = f"{shown} was found, {expected} was expected."
        faults.append(Fault("template_is_current", MANIFEST, found))
    return faults


def _period(row: Mapping[str, Any], quarter: Quarter, pack: Pack) -> list[Fault]:
    if row["period_id"] is None:
        return []
    found = f"{_shown(row, 'period_id', pack)} was found, {quarter.id} is collected."
    try:
        period = Quarter.parse(row["period_id"])
    except PeriodError:
        return [Fault("period_exists", MANIFEST, found)]
    if period > quarter:
        return [Fault("period_has_ended", MANIFEST, found)]
    return [] if period == quarter else [Fault("period_is_the_one_collected", MANIFEST, found)]


def _name(name: str, row: Mapping[str, Any], pack: Pack) -> list[Fault]:
    named = PackName.parse(name)
    if named is None:
        return [Fault("name_has_the_form_of_a_pack")]
    differences = [
        f"{words}: {getattr(named, field)} in the name, {_shown(row, field, pack)} in the manifest."
        for field, words in NAMED.items()
        if row[field] not in (None, getattr(named, field))
    ]
    return [Fault("name_agrees_with_manifest", found=" ".join(differences))] if differences else []


def _sequence(row: Mapping[str, Any], seen: Seen) -> list[Fault]:
    highest = seen.sequences.get((row["delivery_area_code"], row["period_id"]), 0)
    sequence = row["submission_sequence"]
    if sequence is None or sequence > highest:
        return []
    found = f"{sequence} was found; {highest} was accepted before, so {highest + 1} comes next."
    return [Fault("sequence_rises", MANIFEST, found)]


def _far_sequence(row: Mapping[str, Any], seen: Seen) -> list[Fault]:
    """Refuse a number that was typed wrong: accepted, it would leave none for a correction."""
    place = (row["delivery_area_code"], row["period_id"])
    came, sequence = seen.came.get(place, 0), row["submission_sequence"]
    if sequence is None or sequence <= came + 1 + NUMBERS_LEFT_OUT:
        return []
    highest = seen.sequences.get(place, 0)
    packs = counted(came, "pack", "packs")
    found = (
        f"{sequence} was found; {packs} of the area and quarter came before, and "
        f"{highest or 'none'} was accepted, so {highest + 1} comes next."
    )
    return [Fault("sequence_is_near", MANIFEST, found)]


def _hashes(opened: Opened) -> list[Fault]:
    listed = {e.get("name"): e.get("sha256") for e in file_entries(opened)}
    return [
        Fault("hash_agrees_with_manifest", file, _difference(sha256, listed.get(file)))
        for file, sha256 in opened.hashes.items()
        if listed.get(file) != sha256
    ]


def _difference(held: str, listed: object) -> str:
    """Say how the SHA-256 of a file differs from the manifest's, whose text is not repeated."""
    if listed is None:
        return "The manifest gives none for it."
    if not re.fullmatch(r"[0-9a-f]{64}", str(listed)):
        return "The manifest gives something else, which is no SHA-256 in lower case."
    return f"It begins with {held[:12]}; the manifest gives another one."


def _nil(opened: Opened, row: Mapping[str, Any], pack: Pack) -> list[Fault]:
    files = [pack.participants.file, pack.events.file]
    rows = {file: declared_rows(opened, file) or 0 for file in files}
    if not (row["nil_return"] and sum(rows.values())):
        return []
    found = ", ".join(f"{file} {number:,}" for file, number in rows.items())
    return [Fault("nil_return_has_no_rows", MANIFEST, f"By the manifest, rows: {found}.")]


def _shown(row: Mapping[str, Any], field: str, pack: Pack) -> str:
    """Return a field of a manifest if its value is valid: an invalid one could be anything."""
    is_right = pl.select(pack.manifest.field(field).kind.permits(pl.lit(row[field]))).item()
    return str(row[field]) if is_right else "something else"


def fault_findings(opened: Opened) -> pl.DataFrame:
    """One row per pack rule that the pack breaks."""
    return findings.of_pack(opened.number, (*opened.faults, *opened.notes))
