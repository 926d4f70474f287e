"""Seal a folder of CSV files: make the manifest that says what is in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.returns.errors import PackFault
from pipelines.returns.judging import findings
from pipelines.returns.judging.manifests import judge_manifests
from pipelines.returns.packs.names import PackName
from pipelines.returns.packs.opened import Opened, in_template_letters
from pipelines.returns.packs.receive import LandedPack
from pipelines.returns.readers.csv import CsvReader, parse
from pipelines.returns.readers.manifests import json_manifest
from schemas.fields import Kind
from schemas.returns import PACK, Pack, Return
from schemas.returns.pack import COVER_FILES

COVER = COVER_FILES[0]
_TEMPLATE = "Take the files from the template (ctw template) and fill them in."
_COLUMNS = ("field", "value", "what to write")


class CannotBeSealed(Exception):
    """A folder that is no pack yet: the message says all that has to be put right."""


def sealed(files: Mapping[str, bytes], at: datetime, pack: Pack = PACK) -> tuple[str, bytes]:
    """Return the name that a pack of these files must have, and its manifest.

    The fields come from `cover.csv` and `organisations.csv`, or from a manifest that is there
    already; `prepared_at` is `at` unless it is given. Raises `CannotBeSealed` with everything that
    would refuse the pack before its rows are judged.
    """
    try:
        known, _ = in_template_letters(files, pack)
        fields = {**_fields(known, pack), "files": _listed(known, pack)}
    except PackFault as fault:
        raise CannotBeSealed(in_words(fault, pack)) from fault
    if not fields.get("prepared_at"):
        fields["prepared_at"] = at.isoformat(timespec="seconds")
    _refuse_incomplete(fields, at, pack)
    named = PackName(
        str(fields["delivery_area_code"]).upper(),
        str(fields["period_id"]),
        int(str(fields["submission_sequence"])),
    )
    return str(named), (json.dumps(fields, indent=2, ensure_ascii=False) + "\n").encode()


def _fields(files: Mapping[str, bytes], pack: Pack) -> dict[str, Any]:
    before = json_manifest(files) if COVER not in files else {}
    fields = {name: before.get(name) for name in pack.manifest.names}
    if COVER in files:
        rows = parse(files[COVER], COVER, _COLUMNS, _COLUMNS[2:]).rows
        given = dict(rows.select("field", "value").rows())
        fields = {f.name: _typed(given.get(f.name), f.kind) for f in pack.manifest.fields}
    listed = before.get(pack.organisations.name, [])
    if pack.organisations.file in files:
        listed = _rows(files, pack.organisations).select(pack.organisations.names).to_dicts()
    return {**fields, pack.organisations.name: listed}


def _typed(text: str | None, kind: Kind) -> str | int | bool | None:
    """Return a value as JSON writes it."""
    value = (text or "").strip()
    if kind.dtype == pl.Boolean() and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if kind.dtype == pl.Int64() and value.isdecimal():
        return int(value)
    return value or None


def _rows(files: Mapping[str, bytes], declared: Return) -> pl.DataFrame:
    optional = [field.name for field in declared.fields if field.required is False]
    sheet = CsvReader().read(files, declared, optional)
    if sheet.broken:
        row, found = next(iter(sheet.broken.items()))
        raise PackFault("row_can_be_read", declared.file, f"It is row {row}. {found}")
    return sheet.rows


def _listed(files: Mapping[str, bytes], pack: Pack) -> list[dict[str, object]]:
    """List the CSV files with their SHA-256 and how many rows they hold."""
    reader = CsvReader()
    missing = reader.missing(files, pack)
    if missing:
        raise PackFault(*missing[0])
    listed = []
    for declared in pack.files:
        optional = [f.name for f in declared.fields if f.introduced != pack.accepted_versions[0]]
        rows = reader.read(files, declared, optional).received
        digest = hashlib.sha256(files[declared.file]).hexdigest()
        listed.append({"name": declared.file, "sha256": digest, "rows": rows})
    return listed


def _refuse_incomplete(fields: Mapping[str, Any], at: datetime, pack: Pack) -> None:
    """Raise with every finding on the manifest that would refuse the pack."""
    landed = LandedPack(Path(), "", "", at, "")
    judged = judge_manifests([Opened(0, landed, "", manifest=dict(fields))], pack)
    costly = pl.col("severity").str.starts_with("reject")
    found = findings.explained(judged.findings, pack).filter(costly)
    if found.height:
        lines = [f"{message} {fix}" for message, fix in found.select("message", "fix").rows()]
        where = f"{COVER} or {pack.organisations.file}"
        raise CannotBeSealed("\n".join([f"{where} needs to be corrected:", *lines]))


def in_words(fault: PackFault, pack: Pack = PACK) -> str:
    """Say what is wrong and what to do, in the words of the catalogue."""
    rule = next(rule for rule in pack.rules if rule.id == fault.fault.rule)
    if fault.fault.rule == "pack_is_not_empty":
        return f"The folder holds no file. {_TEMPLATE}"
    if fault.fault.rule == "manifest_is_there":
        return f"There is no {COVER}. {_TEMPLATE}"
    return f"{fault.fault.file}: {rule.message} {fault.fault.found} {rule.fix}".replace("  ", " ")
