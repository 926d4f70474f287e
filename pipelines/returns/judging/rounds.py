"""Judge the packs of one round: checks of each pack, then their rows in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

import reference
from pipelines.returns.judging import findings, history, levels, prechecks
from pipelines.returns.judging.batches import Inputs, JudgedBatch, judge_apart, land
from pipelines.returns.judging.manifests import Manifests, judge_each
from pipelines.returns.judging.prechecks import Seen
from pipelines.returns.packs.opened import Opened
from schemas.quarter import Quarter
from schemas.returns import Pack, Return, landing_columns, polars_schema

# Packs are judged together up to this many bytes: enough to spread the fixed cost, and bounded.
BATCH_BYTES = 24_000_000
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Part:
    """What came of the packs of a round: landed rows and findings, by the number of the pack.

    `received` says how many rows the files of a pack hold, where they could be read; `compared`
    names the returns before that it was compared with, where there were any.
    """

    opened: list[Opened]
    manifests: pl.DataFrame
    landed: dict[str, list[pl.DataFrame]]
    findings: pl.DataFrame
    received: dict[int, int]
    compared: Mapping[int, str]

    @property
    def rows(self) -> history.ReturnRows:
        """The rows of the files that were landed."""
        return _rows(self.landed)


@dataclass(frozen=True)
class Before:
    """What was accepted before the round: packs, and the rows of the returns before.

    `standing` has the participants of the return of each area, as `floor.standing_people`.
    """

    seen: Seen
    rows: history.ReturnRows
    standing: pl.DataFrame


def judge_round(
    opened: list[Opened], before: Before, quarter: Quarter, key: bytes, pack: Pack, tell: Progress
) -> Part:
    """Judge packs that cannot supersede each other, knowing what came before."""
    opened, read = judge_each(opened, pack)
    checked = prechecks.check_all(opened, read, quarter, before.seen, pack)
    good = [one for one in checked if not one.faults]
    inputs = _inputs(checked, read, before, quarter, key, pack)
    batches = _judge_rows(good, inputs, tell)
    refused = {number: fault for judged in batches for number, fault in judged.refused.items()}
    final = [
        one.refused(refused[one.number].fault) if one.number in refused else one for one in checked
    ]
    found = [read.findings, *(frame for judged in batches for frame in judged.findings)]
    landed = {
        declared.name: [_empty(declared), *(j.landed[declared.name] for j in batches if j.landed)]
        for declared in pack.files
    }
    own = _rows(landed)
    kept = inputs.provenance.filter(pl.col("pack").is_in([o.number for o in final if not o.faults]))
    received = {number: rows for judged in batches for number, rows in judged.received.items()}
    past = history.compare(own, before.rows, _with_rows_and_opening(kept, received, inputs), pack)
    found += [past.findings, levels.judge_levels(own.participants, kept, quarter)]
    landed["organisations"] = [_land_organisations(read.organisations, final, inputs)]
    return Part(
        final,
        read.manifests,
        landed,
        findings.combine([*found, *map(prechecks.fault_findings, final)]),
        received,
        past.returns,
    )


def _with_rows_and_opening(
    packs: pl.DataFrame, received: Mapping[int, int], inputs: Inputs
) -> pl.DataFrame:
    """Add to packs how many rows they have, and when their area opened."""
    counted = pl.col("pack").replace_strict(received, default=0, return_dtype=pl.Int64)
    opened = inputs.areas.select("pack", "area_opened_on")
    return packs.with_columns(rows_received=counted).join(opened, on="pack", how="left")


def _inputs(
    checked: list[Opened],
    read: Manifests,
    before: Before,
    quarter: Quarter,
    key: bytes,
    pack: Pack,
) -> Inputs:
    """Return what the batches of a round need."""
    return Inputs(
        _areas(read.manifests, quarter),
        read.organisations.select("pack", "delivery_org_code"),
        _provenance(checked, read.manifests),
        frozenset(read.manifests.filter("nil_return")["pack"]),
        before.standing,
        key,
        pack,
    )


def _judge_rows(good: list[Opened], inputs: Inputs, tell: Progress) -> list[JudgedBatch]:
    """Judge the rows of packs in batches, and tell after each how many are done."""
    batches: list[JudgedBatch] = []
    for batch in _batches(good):
        batches += judge_apart(batch, inputs)
        done = sum(sum(judged.received.values()) for judged in batches)
        tell("judge rows", done, max(done, sum(one.lines for one in good)))
    return batches


def _rows(landed: Mapping[str, list[pl.DataFrame]]) -> history.ReturnRows:
    return history.ReturnRows(
        *(pl.concat(landed[name]) for name in ("participants", "events", "aggregate"))
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


def _land_organisations(
    organisations: pl.DataFrame, opened: list[Opened], inputs: Inputs
) -> pl.DataFrame:
    kept = [one.number for one in opened if not one.faults]
    return land(organisations.filter(pl.col("pack").is_in(kept)), inputs.pack.organisations, inputs)


def _provenance(opened: list[Opened], manifests: pl.DataFrame) -> pl.DataFrame:
    """One row per pack: its submission, area, quarter and sequence."""
    identified = manifests.select("pack", "delivery_area_code", "period_id", "submission_sequence")
    return numbers(opened).join(identified, on="pack", how="left")


def numbers(opened: list[Opened]) -> pl.DataFrame:
    """One row per pack: its number in the run and its submission_id."""
    ids = [(one.number, one.submission_id) for one in opened]
    return pl.DataFrame(ids, schema={"pack": pl.Int64, "submission_id": pl.String}, orient="row")
