"""Judge the rows of some packs together; when that fails, find the pack that it fails on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl

from pipelines.returns.errors import PackFault
from pipelines.returns.judging import findings, floor, identity
from pipelines.returns.judging.judge import judge_batch
from pipelines.returns.judging.swapped import swapped
from pipelines.returns.judging.writings import rewritten
from pipelines.returns.packs.boundary import attempt, unforeseen
from pipelines.returns.packs.opened import Opened, declared_rows, in_template_letters
from pipelines.returns.packs.receive import content_hash, read_pack
from pipelines.returns.pseudonyms import pseudonymise
from pipelines.returns.readers import ReturnSheet
from pipelines.returns.readers.manifests import MANIFEST
from schemas.returns import Pack, Return
from schemas.returns.declaration import as_numbers


@dataclass(frozen=True)
class Inputs:
    """What every batch of a round needs. `areas` has one row per pack.

    `nil` holds the numbers of the packs that say they have nothing to report; `standing` has the
    participants of the return that each area had before, as `floor.standing_people`.
    """

    areas: pl.DataFrame
    organisations: pl.DataFrame
    provenance: pl.DataFrame
    nil: frozenset[int]
    standing: pl.DataFrame
    key: bytes
    pack: Pack


@dataclass(frozen=True)
class JudgedBatch:
    """What came of one batch; `refused` holds the packs that cannot stand, by number."""

    refused: dict[int, PackFault]
    received: dict[int, int]
    landed: dict[str, pl.DataFrame]
    findings: list[pl.DataFrame]


def judge_apart(batch: list[Opened], inputs: Inputs) -> list[JudgedBatch]:
    """Judge packs together, or each by itself when that fails: the one it fails on is refused."""
    try:
        return [_judge(batch, inputs)]
    except (Exception, pl.exceptions.PanicException) as trouble:
        if len(batch) > 1:
            return [judged for one in batch for judged in judge_apart([one], inputs)]
        fault = unforeseen(batch[0].submission_id, trouble)
        return [JudgedBatch({batch[0].number: fault}, {}, {}, [])]


def _judge(batch: list[Opened], inputs: Inputs) -> JudgedBatch:
    """Read the files of some packs and judge their rows together."""
    read: dict[int, dict[str, ReturnSheet]] = {}
    refused: dict[int, PackFault] = {}
    for one in batch:
        parsed = attempt(one.submission_id, partial(_sheets_of, one, inputs.pack))
        if isinstance(parsed, PackFault):
            refused[one.number] = parsed
        else:
            read[one.number] = parsed
    received = {number: sum(f.received for f in files.values()) for number, files in read.items()}
    if not read:
        return JudgedBatch(refused, received, {}, [])
    texts = {
        declared.name: pl.concat(
            [_of_pack(files[declared.name].rows, number) for number, files in read.items()]
        )
        for declared in inputs.pack.files
    }
    noted = []
    for declared in inputs.pack.files:
        texts[declared.name], notes = rewritten(texts[declared.name], declared)
        noted.append(notes)
    judged = judge_batch(texts, inputs.areas, inputs.organisations, inputs.pack)
    rows = {name: rows.accepted for name, rows in judged.judged.items()}
    for declared in inputs.pack.files:
        refused |= _too_many(judged.judged[declared.name].crowded, declared, inputs.pack)
    refused |= floor.too_little_left(
        read, judged.judged["participants"].rows, inputs.nil, inputs.pack
    )
    for declared in inputs.pack.files:
        refused |= swapped(texts[declared.name], judged.judged[declared.name].rows, declared)
    good = [number for number in read if number not in refused]
    gone, kept, landed = _landed(good, rows, inputs)
    refused |= gone
    doubts = identity.in_own_file(kept["participants"], inputs.pack.participants)
    on_rows = _with_rows_in_file(findings.combine([judged.findings, doubts]), read)
    found = [*_file_findings(read), *noted, on_rows]
    return JudgedBatch(refused, received, landed, found)


def _landed(
    good: list[int], rows: Mapping[str, pl.DataFrame], inputs: Inputs
) -> tuple[dict[int, PackFault], dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """Return which `good` packs lack most participants, and rows of the others, as landed too."""
    is_good = pl.col("pack").is_in(good)
    kept = {name: frame.filter(is_good) for name, frame in rows.items()}
    kept["participants"] = identity.doubted(kept["participants"])
    landed = {d.name: land(kept[d.name], d, inputs) for d in inputs.pack.files}
    packs = inputs.provenance.filter(is_good)
    gone = floor.most_gone(landed["participants"], packs, inputs.standing, inputs.pack)
    if not gone:
        return {}, kept, landed
    _, kept, landed = _landed([number for number in good if number not in gone], rows, inputs)
    return gone, kept, landed


def _too_many(crowded: Collection[int], declared: Return, pack: Pack) -> dict[int, PackFault]:
    """Refuse the packs that have more findings on rows of a file than are listed one by one."""
    found = (
        f"Its rows break the rules more than {pack.most_findings:,} times, so the pack is not kept "
        "row by row. What is wrong stands by rule, with how many rows and the first."
    )
    fault = PackFault("pack_is_within_limits", declared.file, found)
    return dict.fromkeys(crowded, fault)


def _with_rows_in_file(
    found: pl.DataFrame, read: Mapping[int, Mapping[str, ReturnSheet]]
) -> pl.DataFrame:
    """Add to findings on rows how many rows their file has."""
    counts = [
        (n, sheet.file, sheet.received) for n, files in read.items() for sheet in files.values()
    ]
    columns = {"pack": pl.Int64, "file": pl.String, "rows_in_file": pl.Int64}
    rows = pl.DataFrame(counts, schema=columns, orient="row")
    return found.drop("rows_in_file").join(rows, on=["pack", "file"], how="left")


def _file_findings(read: dict[int, dict[str, ReturnSheet]]) -> Iterator[pl.DataFrame]:
    """Yield what was found while the files were read: broken lines, another encoding."""
    for number, files in read.items():
        for sheet in files.values():
            yield findings.of_lines(number, sheet.file, sheet.broken, sheet.received)
            yield findings.of_pack(number, sheet.remarks)


def _sheets_of(one: Opened, pack: Pack) -> dict[str, ReturnSheet]:
    """Read the rows of a pack; raises `PackFault` when one cannot stand."""
    files = read_pack(one.landed.path)
    if content_hash(files) != one.landed.sha256:
        raise PackFault("pack_is_as_received")
    files, _ = in_template_letters(files, pack)
    manifest = one.manifest or {}
    sheets = {}
    for declared in pack.files:
        optional = _later_than(declared, str(manifest.get("template_version")))
        sheet = one.reader.read(files, declared, optional)
        if one.reader.lists_files:
            _check_rows(sheet, declared_rows(one, sheet.file))
        sheets[declared.name] = sheet
    _check_nil(sheets, manifest, pack)
    return sheets


def _check_rows(sheet: ReturnSheet, expected: int | None) -> None:
    """Raise unless a file has as many rows as its manifest says."""
    # Programs that count the rows of a sheet count its empty rows too.
    if expected not in (sheet.received, sheet.received + sheet.blank):
        listed = "none" if expected is None else f"{expected:,}"
        found = f"It has {sheet.received:,} below its header; the manifest says {listed}."
        raise PackFault("row_count_agrees_with_manifest", sheet.file, found)


def _check_nil(
    sheets: Mapping[str, ReturnSheet], manifest: Mapping[str, object], pack: Pack
) -> None:
    """Raise when a pack has people or events although it says that it has nothing to report."""
    held = [sheets[declared.name] for declared in (pack.participants, pack.events)]
    if str(manifest.get("nil_return")).lower() == "true" and any(one.received for one in held):
        found = ", ".join(f"{one.file} {one.received:,}" for one in held)
        raise PackFault("nil_return_has_no_rows", MANIFEST, f"Rows: {found}.")


def _later_than(declared: Return, version: str) -> list[str]:
    """List the fields that a template of this version did not have yet."""
    had = as_numbers(version)
    return [f.name for f in declared.fields if as_numbers(f.introduced) > had]


def _of_pack(rows: pl.DataFrame, number: int) -> pl.DataFrame:
    return rows.select(pl.lit(number, pl.Int64).alias("pack"), pl.all())


def land(accepted: pl.DataFrame, declared: Return, inputs: Inputs) -> pl.DataFrame:
    """Add where accepted rows come from, and leave their identifiers behind.

    One row per accepted row.
    """
    rows = accepted.drop("delivery_area_code", strict=False).join(
        inputs.provenance, on="pack", how="left", maintain_order="left"
    )
    return pseudonymise(rows, declared, inputs.key)
