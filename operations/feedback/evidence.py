"""What is on record of the returns of each area: the evidence for how far they are assured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from operations.desk.returns import AREA, AreaReturn, Returns, gather_returns
from operations.home.clock import now
from operations.home.settings import Settings
from operations.landing.answers import reported_in
from operations.stores.databases import reading
from operations.stores.returns import SCHEMA, known_submissions
from pipelines.quality.assurance import QUARTERS, Assurance, Evidence, assurance
from pipelines.returns.answers import checks_not_run, frames_for_areas
from pipelines.returns.answers.earlier import area_is_named
from schemas.quarter import PROGRAMME_START, Quarter, quarters
from schemas.returns import PACK
from schemas.returns.statuses import COUNTED, Status

SEQUENCE = "submission_sequence"


@dataclass(frozen=True)
class OnRecord:
    """The packs and findings of a home, read once for all areas: rows as in the store.

    `returns` are those of `quarters`, by area.
    """

    packs: pl.DataFrame
    findings: pl.DataFrame
    returns: Returns
    answered: frozenset[str]


def on_record(settings: Settings, quarter: Quarter, shown: int = QUARTERS) -> OnRecord:
    """Read what is on record of `shown` quarters up to one, and of no later one.

    Only packs that came from their area are there (`from_their_area`), and nothing is there of what
    was found across areas.
    """
    periods = quarters(PROGRAMME_START, quarter)[-shown:]
    packs = from_their_area(
        known_submissions(settings).filter(
            pl.col("period_id").is_in([period.id for period in periods])
        )
    )
    findings = pl.DataFrame()
    if not packs.is_empty():
        with reading(settings.confidential) as database:
            packs, findings = frames_for_areas(packs, database.get(SCHEMA, "findings"))
    today = now(settings).date()
    returns = gather_returns(settings, packs, tuple(periods), today)
    return OnRecord(packs, findings, returns, frozenset(reported_in(settings.reports)))


def from_their_area(packs: pl.DataFrame) -> pl.DataFrame:
    """Keep the submissions that the area itself says are its own.

    One row per submission that is kept. Anybody can name an area in a pack that is refused. So a
    refused pack is held against an area only where its accepted return of the quarter has a later
    sequence, which says that there was one before, and no accepted pack has the same.
    """
    key = [AREA, "period_id"]
    named = packs.filter(area_is_named())
    counted = named.filter(pl.col("status").is_in([one.value for one in COUNTED]))
    last = counted.group_by(key).agg(last=pl.col(SEQUENCE).max())
    before = (
        named.filter(pl.col("status") == Status.REJECTED.value)
        .join(counted, on=[*key, SEQUENCE], how="anti")
        .join(last, on=key)
        .filter(pl.col(SEQUENCE) < pl.col("last"))
    )
    own = pl.concat([counted["submission_id"], before["submission_id"]])
    return named.filter(pl.col("submission_id").is_in(own.implode()))


def assured_in(settings: Settings, quarter: Quarter) -> dict[str, Assurance]:
    """Return how far the returns of a quarter are assured, by the code of each area open in it."""
    return assured(on_record(settings, quarter))


def assured(record: OnRecord) -> dict[str, Assurance]:
    """Return how far the last of the quarters is assured, by the code of each area open in it."""
    found = {row[0].area_code: evidence_of(record, row) for row in record.returns.areas}
    last = record.returns.quarters[-1]
    return {
        area: assurance(evidence)
        for area, evidence in found.items()
        if evidence and evidence[-1].quarter == last
    }


def evidence_of(record: OnRecord, returns: tuple[AreaReturn, ...]) -> list[Evidence]:
    """Return the evidence of each quarter in which an area was open, by quarter."""
    return [_evidence(record, one) for one in returns if one.state != "not open"]


def _evidence(record: OnRecord, one: AreaReturn) -> Evidence:
    own = record.packs.filter(
        (pl.col(AREA) == one.area_code) & (pl.col("period_id") == one.quarter.id)
    )
    numbers = own["submission_id"].to_list()
    statuses = Counter(own["status"].to_list())
    came = Evidence(
        one.quarter,
        days_late=one.days_late,
        packs=len(numbers),
        answered=sum(number in record.answered for number in numbers),
        refused=statuses["rejected"],
    )
    if not one.is_accepted:
        return came
    pack = own.row(by_predicate=pl.col("submission_id") == one.submission_id, named=True)
    return replace(
        came,
        is_accepted=True,
        is_newest_template=pack["template_version"] == PACK.template_version,
        rows_received=one.rows_received,
        rows_rejected=one.rows_rejected,
        questions=one.queries,
        compared=pack["compared_with"] is not None,
        not_run=len(_not_run(record, pack)),
    )


def _not_run(record: OnRecord, pack: Mapping[str, object]) -> tuple[str, ...]:
    own = record.findings.filter(pl.col("submission_id") == pack["submission_id"])
    return checks_not_run(pack, own)
