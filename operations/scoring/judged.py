"""What was found in packs: in the home, or by judging a folder with the code of a build."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from operations.errors import ScoringError
from operations.home.kinds import database_kind
from operations.home.settings import Settings
from operations.landing.arrival import arrived
from operations.stores.databases import reading
from operations.stores.returns import SCHEMA
from pipelines.returns import (
    Judged,
    LandedPack,
    PackName,
    answer_waiting,
    is_folder,
    process_packs,
    receive,
)
from pipelines.returns.judging.history import ReturnRows
from schemas.quarter import Quarter

_END_OF_TIME = datetime(2099, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class JudgedPacks:
    """Submissions, their findings and accepted participants, with the columns of landing."""

    submissions: pl.DataFrame
    findings: pl.DataFrame
    participants: pl.DataFrame


def found_at_home(settings: Settings) -> JudgedPacks:
    """Return what the builds of the home found. Raises `ScoringError` when there was no build."""
    if not database_kind().is_there(settings.confidential):
        raise ScoringError(
            f"Nothing was built in {settings.home}, so there is nothing to score. Build the "
            "quarter there first, or name the folder of the packs: ctw score TRUTH --packs FOLDER."
        )
    with reading(settings.confidential) as database:
        frames = (
            database.get(SCHEMA, name) for name in ("submissions", "findings", "participants")
        )
        return JudgedPacks(*frames)


def found_in(folder: Path, quarter: Quarter) -> JudgedPacks:
    """Judge all packs of a folder up to a quarter, as a build does; nothing is kept.

    Packs of later quarters are answered: they wait.
    """
    key = os.urandom(32)
    packs = list(_received(folder, quarter))
    known: pl.DataFrame | None = None
    before: ReturnRows | None = None
    outcomes: list[Judged] = []
    for period in sorted({period for _, period in packs}):
        own = [pack for pack, of in packs if of == period]
        if period > quarter:
            outcomes.append(answer_waiting(own, period))
            continue
        outcome = process_packs(own, period, key, known, earlier=before)
        outcomes.append(outcome)
        known = pl.concat([one.submissions for one in outcomes])
        rows = ReturnRows(outcome.participants, outcome.events, outcome.aggregate)
        before = rows if before is None else before.with_more(rows)
    if not outcomes:
        raise ScoringError(f"There is no pack in {folder}. Name the folder of the packs.")
    return JudgedPacks(
        pl.concat([one.submissions for one in outcomes]),
        pl.concat([one.findings for one in outcomes]),
        pl.concat([one.participants for one in outcomes]),
    )


def _received(folder: Path, quarter: Quarter) -> Iterator[tuple[LandedPack, Quarter]]:
    if not folder.is_dir():
        raise ScoringError(f"{folder} is no folder. Name the folder of the packs.")
    seen: set[tuple[str, str]] = set()
    for path in sorted(path for path in folder.iterdir() if not path.name.startswith(".")):
        name = PackName.of_dropped(path.name, is_folder=is_folder(path))
        receipt = receive(path)
        # At the door the same files under the same name are known, and are not received again.
        if (str(name), receipt.sha256) not in seen:
            seen.add((str(name), receipt.sha256))
            period = Quarter.parse(name.period_id) if name else quarter
            yield receipt.landed(path, arrived(path, {}, _END_OF_TIME)), period
