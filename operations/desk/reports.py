"""The reports that go back to areas: one for each pack of a quarter that was judged."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

import reference
from operations.desk.rendering import words
from operations.home.settings import Settings
from operations.stores.databases import reading
from operations.stores.returns import SCHEMA, known_submissions
from schemas.quarter import Quarter

AREA = "delivery_area_code"


@dataclass(frozen=True)
class PackReport:
    """One pack of a quarter and the report that went back: by area, sequence and submission.

    `sequence` is None where the pack names none. `number` tells packs of one sequence apart.
    """

    submission_id: str
    area: str
    sequence: int | None
    status: str
    findings: int

    @property
    def number(self) -> str:
        """The first part of the number of its receipt, as people write it."""
        return self.submission_id[:8]


def gather_reports(settings: Settings, quarter: Quarter) -> tuple[PackReport, ...]:
    """List the packs of a quarter that were judged, by the name of their area and sequence."""
    packs = known_submissions(settings).filter(pl.col("period_id") == quarter.id)
    if packs.is_empty():
        return ()
    names = dict(reference.delivery_areas(quarter.end).select(AREA, "delivery_area_name").rows())
    found = _findings(settings)
    listed = [
        PackReport(
            row["submission_id"],
            names.get(row[AREA], words().say("reports.unknown_area")),
            row["submission_sequence"],
            row["status"],
            found.get(row["submission_id"], 0),
        )
        for row in packs.iter_rows(named=True)
    ]
    return tuple(sorted(listed, key=lambda one: (one.area, one.sequence or 0, one.submission_id)))


def _findings(settings: Settings) -> dict[str, int]:
    with reading(settings.confidential) as database:
        findings = database.get(SCHEMA, "findings", ["submission_id"])
    return dict(findings.group_by("submission_id").len().rows())
