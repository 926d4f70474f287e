"""The quality of a quarter: what became of each return, and whether the whole is plausible."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.database import Database
from pipelines.quality.frames import aggregates
from pipelines.quality.suites import judge
from schemas.expectations import SUITES
from schemas.quarter import Quarter

AREAS = "area_plausibility"
"""The frame that should have a row for each area that is open."""


@dataclass(frozen=True)
class QuarterQuality:
    """What is known of the quality of a quarter: facts that may be published and others.

    `returns`: one row per delivery area, with the columns of `return_status.sql`.
    `checks`: one row per expectation, with the columns of `pipelines.quality.suites.judge`. Its
    outcomes that are not `is_public` stay inside: `protected/quality` leaves them out.
    """

    returns: pl.DataFrame
    checks: pl.DataFrame


def quality(
    database: Database, quarter: Quarter, docs: Path, schema: str | None = None
) -> QuarterQuality:
    """Judge a quarter from its promoted warehouse, or from `schema` (such as `staging`).

    `docs` is the folder of the Data Docs, which are internal and confidential.
    """
    names = sorted({suite.frame for suite in SUITES})
    frames = {name: aggregates(database, quarter, name, schema) for name in names}
    returns = aggregates(database, quarter, "return_status", schema)
    due = {AREAS: returns.filter(pl.col("status") != "not yet open").height}
    return QuarterQuality(returns, judge(frames, docs, due=due))
