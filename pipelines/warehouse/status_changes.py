"""How the status of each submission changed: a record that only grows."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from pipelines.database import Database, DatabaseError
from schemas.returns.statuses import can_change
from schemas.warehouse import TRANSITIONS


def status_changes(database: Database, submissions: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """Return which submissions come to have another status: rows of the table `transitions`.

    One row per submission whose status changes. `submissions` is as in `Judged`, not landed yet;
    `at` is aware. Raises `DatabaseError` for a change that cannot be.
    """
    new = submissions.join(_held(database), on="submission_id", how="left", maintain_order="left")
    changed = new.filter(pl.col("status").ne_missing(pl.col("before")))
    wrong = [
        f"{before or 'nothing'} to {after} (receipt {number})"
        for number, before, after in changed.select("submission_id", "before", "status").rows()
        if not can_change(before, after)
    ]
    if wrong:
        raise DatabaseError(
            f"The status of a pack cannot change from {', from '.join(wrong)}. These packs were "
            "not landed; tell the developers."
        )
    return changed.select(
        "submission_id",
        number=pl.col("changes").fill_null(0) + 1,
        before="before",
        after="status",
        changed_at=pl.lit(at),
    )


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
