"""Checks of a pack as a whole, made before its rows are judged: a pack that fails is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import polars as pl

from pipelines.returns.errors import PackFault
from pipelines.returns.judging import findings
from pipelines.returns.judging.manifests import Manifests
from pipelines.returns.packs.boundary import attempt
from pipelines.returns.packs.names import PackName
from pipelines.returns.packs.opened import MANIFEST, Fault, Opened, declared_rows, file_entries
from schemas.errors import PeriodError
from schemas.quarter import Quarter
from schemas.returns import Pack


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
        step = partial(check, one, rows.get(one.number), quarter, seen, pack)
        done = attempt(one.submission_id, step)
        done = one.refused((done.rule, done.file)) if isinstance(done, PackFault) else done
        if one.number in read.incomplete:
            done = done.refused(("manifest_is_complete", MANIFEST))
        checked.append(done)
    return checked


def check(
    opened: Opened, row: Mapping[str, Any] | None, quarter: Quarter, seen: Seen, pack: Pack
) -> Opened:
    """Check a pack against its manifest row, its name, the quarter and what came before.

    A pack whose manifest could not be read has no row, and is refused already.
    """
    if row is None:
        return opened
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
    listed = {e.get("name"): e.get("sha256") for e in file_entries(opened)}
    return [
        ("hash_agrees_with_manifest", file)
        for file, sha256 in opened.hashes.items()
        if listed.get(file) != sha256
    ]


def _declared_rows(opened: Opened, files: tuple[str, ...]) -> int:
    return sum(declared_rows(opened, file) or 0 for file in files)


def fault_findings(opened: Opened) -> pl.DataFrame:
    """One row per pack rule that the pack breaks."""
    return findings.of_pack(opened.number, (*opened.faults, *opened.notes))
