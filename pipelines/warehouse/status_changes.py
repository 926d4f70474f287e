"""How the status of each submission changed: a record that only grows."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from pipelines.database import Database, DatabaseError
from pipelines.warehouse.landing import prepare
from schemas.returns.statuses import can_change
from schemas.warehouse import TRANSITIONS


def record_transitions(database: Database, submissions: pl.DataFrame, at: datetime) -> int:
    """Record which submissions come to have another status, and return how many.

    `submissions` is as in `Judged`; it may be landed already or not. `at` is aware. Raises
    `DatabaseError` for a change that cannot be, and records nothing then.
    """
    prepare(database)
    new = submissions.join(_held(database), on="submission_id", how="left", maintain_order="left")
    changed = new.filter(pl.col("status").ne_missing(pl.col("before")))
    wrong = [
        f"{before or 'nothing'} to {after} (receipt {number})"
        for number, before, after in changed.select("submission_id", "before", "status").rows()
        if not can_change(before, after)
    ]
    if wrong:
        raise DatabaseError(
            f"The status of a pack cannot change from {', from '.join(wrong)}. Nothing was landed; "
            "tell the developers."
        )
    rows = changed.select(
        "submission_id",
        number=pl.col("changes").fill_null(0) + 1,
        before="before",
        after="status",
        changed_at=pl.lit(at),
    )
    with database.transaction():
        database.insert("returns", TRANSITIONS.name, rows, TRANSITIONS.columns)
    return rows.height


def transitions(database: Database) -> pl.DataFrame:
    """Return every change: one row per submission and change, by submission and number."""
    return database.read("returns", TRANSITIONS.name, ("submission_id", "number"))


def _held(database: Database) -> pl.DataFrame:
    """One row per submission on record: its status by now, and how many changes are recorded.

    A submission that was judged before changes were recorded has its status and no change.
    """
    last = (
        transitions(database)
        .group_by("submission_id", maintain_order=True)
        .agg(pl.col("after").last(), changes=pl.col("number").max())
    )
    known = database.get("returns", "submissions", ["submission_id", "status"])
    return known.join(last, on="submission_id", how="full", coalesce=True).select(
        "submission_id", "changes", before=pl.coalesce("after", "status")
    )
