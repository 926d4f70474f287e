"""What the warehouse is made from: judged packs and reference tables, put into their schemas."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from pipelines.database import Database
from pipelines.warehouse.reference_tables import reference_tables
from pipelines.warehouse.status_changes import status_changes
from schemas.quarter import Quarter
from schemas.warehouse import KEPT, REFERENCE, RETURNS, TRANSITIONS

SCHEMAS = ("returns", "reference")


def prepare(database: Database) -> None:
    """Create the schemas and the empty tables of judged packs, where they are not there yet."""
    with database.transaction():
        for schema in SCHEMAS:
            database.run(f"create schema if not exists {schema}")
        for landed in (*RETURNS, *KEPT):
            database.create("returns", landed.name, landed.columns)
            database.add_columns("returns", landed.name, landed.columns)
            database.describe("returns", landed)


def land(database: Database, judged: Mapping[str, pl.DataFrame], at: datetime | None = None) -> int:
    """Add judged packs, one frame per table, and return how many submissions they hold.

    Nothing is lost: packs of all quarters stay. A submission that is judged again replaces its own
    rows and no other's, so landing the same packs twice changes nothing. With `at`, an aware time,
    the changes of status are recorded in the same transaction; raises as `status_changes`.
    """
    prepare(database)
    submissions = judged["submissions"]["submission_id"].unique().sort().to_list()
    changes = status_changes(database, judged["submissions"], at) if at else None
    with database.transaction():
        if changes is not None:
            database.insert("returns", TRANSITIONS.name, changes, TRANSITIONS.columns)
        for landed in RETURNS:
            database.run(
                f"delete from returns.{landed.name} "  # noqa: S608 - declared names
                "where list_contains($submissions, submission_id)",
                {"submissions": submissions},
            )
            database.insert("returns", landed.name, judged[landed.name], landed.columns)
    return len(submissions)


def load_reference(database: Database, quarter: Quarter) -> None:
    """Replace the reference tables by the reference files as they are now."""
    prepare(database)
    frames = reference_tables(quarter)
    with database.transaction():
        for loaded in REFERENCE:
            database.run(f"drop table if exists reference.{loaded.name}")
            database.create("reference", loaded.name, loaded.columns)
            database.insert("reference", loaded.name, frames[loaded.name], loaded.columns)
            database.describe("reference", loaded)
