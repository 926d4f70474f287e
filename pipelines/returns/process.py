"""From landed packs to judged rows: the whole of the returns room in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

import reference
from pipelines.returns import findings, prechecks
from pipelines.returns.errors import PackFault
from pipelines.returns.judge import Rows, judge_batch
from pipelines.returns.parse import Parsed, parse
from pipelines.returns.prechecks import Opened, Seen
from pipelines.returns.pseudonyms import check_key, pseudonymise
from pipelines.returns.receive import LandedPack, PackName, read_pack
from pipelines.returns.submissions import submissions
from schemas.quarter import Quarter
from schemas.returns import PACK, Pack, Return, judged_columns, polars_schema

# Packs are judged together up to this many bytes: enough to spread the fixed cost, and bounded.
BATCH_BYTES = 24_000_000
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Judged:
    """What came of the packs of a quarter. No identifier is in any frame.

    The columns are those of `schemas.returns.judged_columns()`. `submissions` has one row per
    pack received, `findings` one per finding, `quarantine` one per row that was not kept; the
    others hold the accepted rows, those of superseded packs included (see `current`).
    """

    submissions: pl.DataFrame
    participants: pl.DataFrame
    events: pl.DataFrame
    aggregate: pl.DataFrame
    organisations: pl.DataFrame
    findings: pl.DataFrame
    quarantine: pl.DataFrame


@dataclass(frozen=True)
class _Part:
    """What came of some packs, before provenance and words are added."""

    opened: list[Opened]
    manifests: pl.DataFrame
    landed: dict[str, list[pl.DataFrame]]
    findings: list[pl.DataFrame]
    received: dict[int, int]


def process(  # noqa: PLR0913 - the call the whole project knows; each argument is one input
    packs: Sequence[LandedPack],
    quarter: Quarter,
    key: bytes,
    known: pl.DataFrame | None = None,
    pack: Pack = PACK,
    progress: Progress | None = None,
) -> Judged:
    """Judge the packs of a quarter in the order in which they were received.

    `known` holds the submissions of earlier runs (as in `Judged.submissions`): what was accepted
    there cannot be accepted again. `key` has 32 or more secret bytes. `progress` is called with
    the stage, how much is done and how much there is. A pack that is refused stops no other.
    """
    check_key(key)
    tell = progress or (lambda stage, done, total: None)
    ordered = sorted(packs, key=lambda landed: (landed.received_at, landed.name))
    opened = []
    for number, landed in enumerate(ordered):
        opened.append(prechecks.open_pack(number, landed, pack))
        tell("open packs", number + 1, len(ordered))
    before = _before(known, opened, pack)
    submitted = polars_schema(judged_columns(pack)["submissions"]).to_frame()
    parts = []
    for round_of_packs in _rounds(opened):
        seen = Seen.of(pl.concat([before, submitted]))
        part = _judge_round(round_of_packs, quarter, seen, key, pack, tell)
        parts.append(part)
        submitted = pl.concat([submitted, _submissions(part, pack)])
    return _assemble(parts, submitted, before, pack)


def current(judged: Judged, frame: pl.DataFrame) -> pl.DataFrame:
    """Keep the rows of a frame that come from the latest accepted pack of each area."""
    latest = judged.submissions.filter("is_current").select("submission_id")
    return frame.join(latest, on="submission_id", how="semi", maintain_order="left")


def _before(known: pl.DataFrame | None, opened: list[Opened], pack: Pack) -> pl.DataFrame:
    """Return the submissions of earlier runs, less those that are judged again now."""
    schema = polars_schema(judged_columns(pack)["submissions"])
    if known is None:
        return schema.to_frame()
    again = [one.submission_id for one in opened]
    return known.filter(pl.col("submission_id").is_in(again).not_()).select(
        pl.col(name).cast(dtype) for name, dtype in schema.items()
    )


def _rounds(opened: list[Opened]) -> list[list[Opened]]:
    """Part the packs so that no two of a round could supersede each other."""
    rounds: list[list[Opened]] = []
    nth: dict[str, int] = {}
    for one in opened:
        said = PackName.parse(one.landed.name)
        group = f"{said.delivery_area_code}_{said.period_id}" if said else one.landed.sha256
        at = nth.get(group, 0)
        nth[group] = at + 1
        if at == len(rounds):
            rounds.append([])
        rounds[at].append(one)
    return rounds


def _judge_round(  # noqa: PLR0913 - the inputs of process, once more
    opened: list[Opened], quarter: Quarter, seen: Seen, key: bytes, pack: Pack, tell: Progress
) -> _Part:
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
    part = _Part(checked, read.manifests, {}, [read.findings], {})
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
    part: _Part,
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


def _land(rows: Rows, declared: Return, part: _Part, key: bytes) -> pl.DataFrame:
    accepted = rows.accepted.drop("delivery_area_code", strict=False)
    return pseudonymise(_provenance(accepted, part), declared, key)


def _provenance(rows: pl.DataFrame, part: _Part) -> pl.DataFrame:
    """Add which submission, area, quarter and sequence rows come from."""
    said = part.manifests.select("pack", "delivery_area_code", "period_id", "submission_sequence")
    return rows.join(
        _numbers([part]).join(said, on="pack"), on="pack", how="left", maintain_order="left"
    )


def _unrefused(part: _Part) -> pl.DataFrame:
    numbers = [one.number for one in part.opened if not one.faults]
    return pl.DataFrame({"pack": numbers}, schema={"pack": pl.Int64})


def _submissions(part: _Part, pack: Pack) -> pl.DataFrame:
    found = findings.explained(pl.concat(part.findings), pack)
    rejected = findings.quarantined(pl.concat(part.findings), pack)
    return submissions(part.opened, part.manifests, found, rejected, part.received)


def _assemble(
    parts: list[_Part], submitted: pl.DataFrame, before: pl.DataFrame, pack: Pack
) -> Judged:
    columns = judged_columns(pack)
    landed: dict[str, Any] = {
        name: pl.concat(
            [
                polars_schema(columns[name]).to_frame(),
                *(f for p in parts for f in p.landed.get(name, [])),
            ]
        )
        for name in ("participants", "events", "aggregate", "organisations")
    }
    found = pl.concat([findings.SCHEMA.to_frame(), *(f for p in parts for f in p.findings)])
    found = pl.concat([found, _elsewhere(landed["participants"], parts)])
    explained = _named(findings.explained(found, pack), parts).join(
        submitted.select("submission_id", "delivery_area_code"), on="submission_id", how="left"
    )
    quarantine = _named(findings.quarantined(found, pack), parts)
    order = ["submission_id", "file", "row_number", "rule_id"]
    return Judged(
        submissions=_with_current(submitted, before),
        **landed,
        findings=explained.select(polars_schema(columns["findings"]).names()).sort(order),
        quarantine=quarantine.select(polars_schema(columns["quarantine"]).names()).sort(order[:3]),
    )


def _named(frame: pl.DataFrame, parts: list[_Part]) -> pl.DataFrame:
    return frame.join(_numbers(parts), on="pack", how="left", maintain_order="left")


def _with_current(submitted: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Say which packs are the latest accepted ones, earlier runs considered."""
    accepted = pl.col("status").is_in(["pending", "rejected"]).not_()
    highest = (
        pl.concat([before, submitted])
        .filter(accepted)
        .group_by("delivery_area_code", "period_id")
        .agg(highest=pl.col("submission_sequence").max())
    )
    return (
        submitted.join(
            highest, on=["delivery_area_code", "period_id"], how="left", maintain_order="left"
        )
        .with_columns(is_current=accepted & (pl.col("submission_sequence") == pl.col("highest")))
        .with_columns(pl.col("is_current").fill_null(value=False))
        .drop("highest")
    )


def _elsewhere(participants: pl.DataFrame, parts: list[_Part]) -> pl.DataFrame:
    """One finding per accepted row of a person who stands in the packs of several areas."""
    areas = pl.col("delivery_area_code").n_unique().over("person_id")
    return (
        participants.filter(pl.col("person_id").is_not_null())
        .filter(areas > 1)
        .join(_numbers(parts), on="submission_id", how="left", maintain_order="left")
        .select(
            "pack",
            pl.lit("participants.csv").alias("file"),
            "row_number",
            pl.lit("participants.person_is_in_one_area").alias("rule_id"),
        )
    )


def _numbers(parts: list[_Part]) -> pl.DataFrame:
    """One row per pack of the run: its number and its submission_id."""
    ids = [(one.number, one.submission_id) for part in parts for one in part.opened]
    return pl.DataFrame(ids, schema={"pack": pl.Int64, "submission_id": pl.String}, orient="row")
