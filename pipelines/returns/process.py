"""From landed packs to judged rows: the whole of the returns room in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from pipelines.returns.errors import Fault, PackFault
from pipelines.returns.judging import findings
from pipelines.returns.judging.assemble import assembled, submissions_of
from pipelines.returns.judging.floor import standing_people
from pipelines.returns.judging.history import ReturnRows
from pipelines.returns.judging.manifests import judge_manifests
from pipelines.returns.judging.prechecks import Seen, fault_findings
from pipelines.returns.judging.rounds import Before, Part, Progress, judge_round
from pipelines.returns.packs.boundary import attempt
from pipelines.returns.packs.names import PackName
from pipelines.returns.packs.opened import Opened, open_pack
from pipelines.returns.packs.receive import LandedPack
from pipelines.returns.pseudonyms import check_key
from schemas.quarter import Quarter
from schemas.returns import PACK, Pack, judged_columns, polars_schema
from schemas.returns.statuses import Status


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


def process_packs(
    packs: Sequence[LandedPack],
    quarter: Quarter,
    key: bytes,
    known: pl.DataFrame | None = None,
    pack: Pack = PACK,
    progress: Progress | None = None,
    earlier: ReturnRows | None = None,
    others: pl.DataFrame | None = None,
) -> Judged:
    """Judge the packs of a quarter in the order in which they were received.

    `known` holds the submissions of earlier runs (as in `Judged.submissions`): what was accepted
    there cannot be accepted again. `key` has 32 or more secret bytes. `progress` is called with
    the stage, how much is done and how much there is. `earlier` holds the accepted
    rows of the returns before, for the rules of history, and `others` the participants of the
    returns that count, as they were judged before, for the rules across areas. A pack that is
    refused, or that our program fails on, stops no other; of the latter a warning is logged.
    """
    check_key(key)
    report_progress = progress or (lambda stage, done, total: None)
    opened = _open_all(packs, pack, report_progress)
    before = _before(known, opened, pack)
    empty = {n: polars_schema(c).to_frame() for n, c in judged_columns(pack).items()}
    submitted = empty["submissions"]
    past = ReturnRows(*(empty[declared.name] for declared in pack.files))
    if earlier is not None:
        past = past.with_more(_in_form(earlier, past))
    parts = []
    for round_of_packs in _rounds(opened):
        seen = Seen.of(pl.concat([before, submitted]))
        known_by_now = Before(seen, past, standing_people(past.participants))
        part = judge_round(round_of_packs, known_by_now, quarter, key, pack, report_progress)
        parts.append(part)
        past = past.with_more(part.rows)
        submitted = pl.concat([submitted, submissions_of(part, quarter, pack)])
    elsewhere = empty["participants"] if others is None else others
    return Judged(**assembled(parts, submitted, before, elsewhere, pack))


def _open_all(packs: Sequence[LandedPack], pack: Pack, report_progress: Progress) -> list[Opened]:
    """Open packs in the order in which they were received, and report after each how many are."""
    ordered = sorted(packs, key=lambda landed: (landed.received_at, landed.name))
    opened = []
    for number, landed in enumerate(ordered):
        opened.append(_opened(number, landed, pack))
        report_progress("open packs", number + 1, len(ordered))
    return opened


def _in_form(rows: ReturnRows, empty: ReturnRows) -> ReturnRows:
    """Return rows with the declared columns; null where a store is older than the column."""
    given = zip(empty.frames, rows.frames, strict=True)
    made = (pl.concat([form, own], how="diagonal").select(form.columns) for form, own in given)
    return ReturnRows(*made)


def answer_waiting(packs: Sequence[LandedPack], quarter: Quarter, pack: Pack = PACK) -> Judged:
    """Answer packs of a later quarter: each is pending, with a note that it waits.

    One that was refused on receipt is refused here too. None is opened.
    """
    opened = []
    for number, landed in enumerate(packs):
        one = Opened(number, landed, landed.number)
        note = Fault("pack_waits_for_its_quarter", found=f"It is for {quarter.label}.")
        opened.append(one.refused(landed.fault) if landed.fault else replace(one, notes=(note,)))
    read = judge_manifests([], pack)
    found = findings.combine(map(fault_findings, opened))
    part = Part(opened, read.manifests, {}, found, {}, {})
    submitted = submissions_of(part, quarter, pack).with_columns(
        status=pl.when(pl.col("status") == Status.REJECTED)
        .then("status")
        .otherwise(pl.lit(Status.PENDING))
    )
    empty = {n: polars_schema(c).to_frame() for n, c in judged_columns(pack).items()}
    return Judged(**assembled([part], submitted, empty["submissions"], empty["participants"], pack))


def _opened(number: int, landed: LandedPack, pack: Pack) -> Opened:
    opened = attempt(landed.number, lambda: open_pack(number, landed, pack))
    if isinstance(opened, PackFault):
        return Opened(number, landed, landed.number).refused(opened.fault)
    return opened


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
        parsed = PackName.parse(one.landed.name)
        group = f"{parsed.delivery_area_code}_{parsed.period_id}" if parsed else one.landed.sha256
        at = nth.get(group, 0)
        nth[group] = at + 1
        if at == len(rounds):
            rounds.append([])
        rounds[at].append(one)
    return rounds
