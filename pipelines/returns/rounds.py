"""Judge the packs of one round: checks of each pack, then their rows in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

import reference
from pipelines.returns import findings, history, prechecks
from pipelines.returns.errors import PackFault
from pipelines.returns.judge import judge_batch
from pipelines.returns.manifests import judge_manifests
from pipelines.returns.opened import Opened, declared_rows
from pipelines.returns.parse import Parsed, parse
from pipelines.returns.prechecks import Seen
from pipelines.returns.pseudonyms import pseudonymise
from pipelines.returns.receive import read_pack
from schemas.quarter import Quarter
from schemas.returns import Pack, Return, landing_columns, polars_schema

# Packs are judged together up to this many bytes: enough to spread the fixed cost, and bounded.
BATCH_BYTES = 24_000_000
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Part:
    """What came of the packs of a round: landed rows and findings, by the number of the pack.

    `received` says how many rows the files of a pack hold, where they could be read.
    """

    opened: list[Opened]
    manifests: pl.DataFrame
    landed: dict[str, list[pl.DataFrame]]
    findings: pl.DataFrame
    received: dict[int, int]


@dataclass(frozen=True)
class Before:
    """What was accepted before the round: packs, and the participants of the quarter before."""

    seen: Seen
    participants: pl.DataFrame


@dataclass(frozen=True)
class _Inputs:
    """What every batch of a round needs. `areas` has one row per pack."""

    areas: pl.DataFrame
    organisations: pl.DataFrame
    provenance: pl.DataFrame
    key: bytes
    pack: Pack


@dataclass(frozen=True)
class _Judged:
    """What came of one batch; `refused` holds the packs whose files cannot stand."""

    refused: dict[int, PackFault]
    received: dict[int, int]
    landed: dict[str, pl.DataFrame]
    findings: list[pl.DataFrame]


def judge_round(
    opened: list[Opened], before: Before, quarter: Quarter, key: bytes, pack: Pack, tell: Progress
) -> Part:
    """Judge packs that cannot supersede each other, knowing what came before."""
    read = judge_manifests(opened, pack)
    checked = prechecks.check_all(opened, read, quarter, before.seen, pack)
    good = [one for one in checked if not one.faults]
    inputs = _Inputs(
        _areas(read.manifests, quarter),
        read.organisations.select("pack", "delivery_org_code"),
        _provenance(checked, read.manifests),
        key,
        pack,
    )
    batches: list[_Judged] = []
    for batch in _batches(good):
        batches.append(_judge_batch(batch, inputs))
        done = sum(sum(judged.received.values()) for judged in batches)
        tell("judge rows", done, max(done, sum(one.lines for one in good)))
    refused = {number: fault for judged in batches for number, fault in judged.refused.items()}
    final = [
        one.refused((refused[one.number].rule, refused[one.number].file))
        if one.number in refused
        else one
        for one in checked
    ]
    found = [read.findings, *(frame for judged in batches for frame in judged.findings)]
    landed = {
        declared.name: [j.landed[declared.name] for j in batches if j.landed]
        for declared in pack.files
    }
    people = pl.concat([_empty(pack.participants), *landed["participants"]])
    kept = inputs.provenance.filter(pl.col("pack").is_in([o.number for o in final if not o.faults]))
    found.append(history.compare(people, before.participants, kept, pack.participants))
    landed["organisations"] = [_land_organisations(read.organisations, final, inputs)]
    return Part(
        final,
        read.manifests,
        landed,
        pl.concat([*found, *map(prechecks.fault_findings, final)]),
        {number: rows for judged in batches for number, rows in judged.received.items()},
    )


def _empty(declared: Return) -> pl.DataFrame:
    return polars_schema(landing_columns(declared)).to_frame()


def _batches(opened: list[Opened]) -> Iterator[list[Opened]]:
    batch: list[Opened] = []
    size = 0
    for one in opened:
        if batch and size + one.bytes > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += one.bytes
    if batch:
        yield batch


def _judge_batch(batch: list[Opened], inputs: _Inputs) -> _Judged:
    """Read the files of some packs and judge their rows together."""
    read: dict[int, dict[str, Parsed]] = {}
    refused: dict[int, PackFault] = {}
    for one in batch:
        try:
            read[one.number] = _parse_pack(one, inputs.pack)
        except PackFault as fault:
            refused[one.number] = fault
    received = {number: sum(f.received for f in files.values()) for number, files in read.items()}
    if not read:
        return _Judged(refused, received, {}, [])
    texts = {
        declared.name: pl.concat(
            [_of_pack(files[declared.name].rows, number) for number, files in read.items()]
        )
        for declared in inputs.pack.files
    }
    judged = judge_batch(texts, inputs.areas, inputs.organisations, inputs.pack)
    landed = {
        declared.name: _land(judged.judged[declared.name].accepted, declared, inputs)
        for declared in inputs.pack.files
    }
    return _Judged(refused, received, landed, [*_file_findings(read), judged.findings])


def _file_findings(read: dict[int, dict[str, Parsed]]) -> Iterator[pl.DataFrame]:
    """Yield what was found while the files were read: broken lines, another encoding."""
    for number, files in read.items():
        for name, file in files.items():
            yield findings.of_lines(number, findings.file_name(name), file.broken)
            if file.is_windows_1252:
                fault = ("encoding_is_utf8", findings.file_name(name))
                yield findings.of_pack(number, [fault])


def _parse_pack(one: Opened, pack: Pack) -> dict[str, Parsed]:
    """Read the CSV files of a pack; raises `PackFault` when one cannot stand."""
    files = read_pack(one.landed.path)
    manifest = one.manifest or {}
    parsed = {}
    for declared in pack.files:
        optional = _later_than(declared, str(manifest.get("template_version")))
        file = parse(files[declared.file], declared.file, declared.names, optional)
        if file.received != declared_rows(one, declared.file):
            raise PackFault("row_count_agrees_with_manifest", declared.file)
        parsed[declared.name] = file
    return parsed


def _later_than(declared: Return, version: str) -> list[str]:
    """List the fields that a template of this version did not have yet."""
    had = tuple(map(int, version.split(".")))
    return [f.name for f in declared.fields if tuple(map(int, f.introduced.split("."))) > had]


def _of_pack(rows: pl.DataFrame, number: int) -> pl.DataFrame:
    return rows.select(pl.lit(number, pl.Int64).alias("pack"), pl.all())


def _areas(manifests: pl.DataFrame, quarter: Quarter) -> pl.DataFrame:
    """One row per pack: its area, when the area opened, the last day of the quarter."""
    opened_on = reference.rollout().select(
        "delivery_area_code", area_opened_on=pl.col("open_to_participants").str.to_date()
    )
    return (
        manifests.select("pack", "delivery_area_code")
        .join(opened_on, on="delivery_area_code", how="left", maintain_order="left")
        .with_columns(period_end=pl.lit(quarter.end))
    )


def _land(accepted: pl.DataFrame, declared: Return, inputs: _Inputs) -> pl.DataFrame:
    """Add where accepted rows come from, and leave their identifiers behind."""
    rows = accepted.drop("delivery_area_code", strict=False).join(
        inputs.provenance, on="pack", how="left", maintain_order="left"
    )
    return pseudonymise(rows, declared, inputs.key)


def _land_organisations(
    organisations: pl.DataFrame, opened: list[Opened], inputs: _Inputs
) -> pl.DataFrame:
    kept = [one.number for one in opened if not one.faults]
    return _land(
        organisations.filter(pl.col("pack").is_in(kept)), inputs.pack.organisations, inputs
    )


def _provenance(opened: list[Opened], manifests: pl.DataFrame) -> pl.DataFrame:
    """One row per pack: its submission, area, quarter and sequence."""
    said = manifests.select("pack", "delivery_area_code", "period_id", "submission_sequence")
    return numbers(opened).join(said, on="pack", how="left")


def numbers(opened: list[Opened]) -> pl.DataFrame:
    """One row per pack: its number in the run and its submission_id."""
    ids = [(one.number, one.submission_id) for one in opened]
    return pl.DataFrame(ids, schema={"pack": pl.Int64, "submission_id": pl.String}, orient="row")
