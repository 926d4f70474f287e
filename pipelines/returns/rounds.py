"""Judge the packs of one round: checks of each pack, then their rows in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

import reference
from pipelines.returns import findings, prechecks
from pipelines.returns.errors import PackFault
from pipelines.returns.judge import Rows, judge_batch
from pipelines.returns.parse import Parsed, parse
from pipelines.returns.prechecks import Opened, Seen
from pipelines.returns.pseudonyms import pseudonymise
from pipelines.returns.receive import read_pack
from schemas.quarter import Quarter
from schemas.returns import Pack, Return

# Packs are judged together up to this many bytes: enough to spread the fixed cost, and bounded.
BATCH_BYTES = 24_000_000
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Part:
    """What came of some packs, before provenance and words are added."""

    opened: list[Opened]
    manifests: pl.DataFrame
    landed: dict[str, list[pl.DataFrame]]
    findings: list[pl.DataFrame]
    received: dict[int, int]


def judge_round(  # noqa: PLR0913 - the inputs of process, once more
    opened: list[Opened], quarter: Quarter, seen: Seen, key: bytes, pack: Pack, tell: Progress
) -> Part:
    read = prechecks.judge_manifests(opened, pack)
    rows = {row["pack"]: row for row in read.manifests.iter_rows(named=True)}
    checked = []
    for one in opened:
        done = one
        if one.number in rows:
            done = prechecks.check(one, rows[one.number], quarter, seen, pack)
        if one.number in read.incomplete:
            done = done.refused(("manifest_is_complete", prechecks.MANIFEST))
        checked.append(done)
    part = Part(checked, read.manifests, {}, [read.findings], {})
    good = [one for one in checked if not one.faults]
    areas = _areas(read.manifests, quarter)
    organisations = read.organisations.select("pack", "delivery_org_code")
    for batch in _batches(good):
        _judge_batch(batch, part, areas, organisations, key, pack)
        tell("judge rows", sum(part.received.values()), sum(one.lines for one in good))
    kept = _unrefused(part)
    listed = _provenance(read.organisations.join(kept, on="pack", how="semi"), part)
    part.landed["organisations"] = [pseudonymise(listed, pack.organisations, key)]
    part.findings.extend(prechecks.fault_findings(one) for one in part.opened)
    return part


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


def _judge_batch(  # noqa: PLR0913 - as above
    batch: list[Opened],
    part: Part,
    areas: pl.DataFrame,
    organisations: pl.DataFrame,
    key: bytes,
    pack: Pack,
) -> None:
    texts: dict[str, list[pl.DataFrame]] = {declared.name: [] for declared in pack.files}
    for one in batch:
        try:
            parsed = _parse_pack(one, pack)
        except PackFault as fault:
            part.opened[part.opened.index(one)] = one.refused((fault.rule, fault.file))
            continue
        part.received[one.number] = sum(file.received for file in parsed.values())
        for declared in pack.files:
            file = parsed[declared.name]
            texts[declared.name].append(_of_pack(file.rows, one.number))
            part.findings.append(findings.of_lines(one.number, declared.file, file.broken))
            if file.is_windows_1252:
                encoding = ("encoding_is_utf8", declared.file)
                part.findings.append(findings.of_pack(one.number, [encoding]))
    if not any(texts.values()):
        return
    judged = judge_batch(
        {name: pl.concat(frames) for name, frames in texts.items()}, areas, organisations, pack
    )
    part.findings.append(judged.findings)
    for declared in pack.files:
        landed = _land(judged.judged[declared.name], declared, part, key)
        part.landed.setdefault(declared.name, []).append(landed)


def _parse_pack(one: Opened, pack: Pack) -> dict[str, Parsed]:
    """Read the CSV files of a pack; raises `PackFault` when one cannot stand."""
    files = read_pack(one.landed.path)
    parsed = {}
    for declared in pack.files:
        columns = declared.names
        optional = _later_than(declared, str((one.manifest or {}).get("template_version")))
        parsed[declared.name] = parse(files[declared.file], declared.file, columns, optional)
        if parsed[declared.name].received != prechecks.declared_rows(one, declared.file):
            raise PackFault("row_count_agrees_with_manifest", declared.file)
    if (one.manifest or {}).get("nil_return") and parsed["participants"].received + parsed[
        "events"
    ].received:
        raise PackFault("nil_return_has_no_rows", prechecks.MANIFEST)
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


def _land(rows: Rows, declared: Return, part: Part, key: bytes) -> pl.DataFrame:
    accepted = rows.accepted.drop("delivery_area_code", strict=False)
    return pseudonymise(_provenance(accepted, part), declared, key)


def _provenance(rows: pl.DataFrame, part: Part) -> pl.DataFrame:
    """Add which submission, area, quarter and sequence rows come from."""
    said = part.manifests.select("pack", "delivery_area_code", "period_id", "submission_sequence")
    return rows.join(
        numbers([part]).join(said, on="pack"), on="pack", how="left", maintain_order="left"
    )


def _unrefused(part: Part) -> pl.DataFrame:
    numbers = [one.number for one in part.opened if not one.faults]
    return pl.DataFrame({"pack": numbers}, schema={"pack": pl.Int64})


def numbers(parts: list[Part]) -> pl.DataFrame:
    """One row per pack of the run: its number and its submission_id."""
    ids = [(one.number, one.submission_id) for part in parts for one in part.opened]
    return pl.DataFrame(ids, schema={"pack": pl.Int64, "submission_id": pl.String}, orient="row")
