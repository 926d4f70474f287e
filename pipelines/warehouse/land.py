"""What the warehouse is made from: judged packs and reference tables, put into their schemas."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.warehouse.database import (
    Connection,
    add_columns,
    create,
    describe,
    insert,
    run,
    transaction,
)
from pipelines.warehouse.reference_tables import reference_tables
from schemas.quarter import Quarter
from schemas.warehouse import REFERENCE, RETURNS

SCHEMAS = ("returns", "reference")


def prepare(connection: Connection) -> None:
    """Create the schemas and the empty tables of judged packs, where they are not there yet."""
    with transaction(connection):
        for schema in SCHEMAS:
            run(connection, f"create schema if not exists {schema}")
        for landed in RETURNS:
            create(connection, "returns", landed.name, landed.columns)
            add_columns(connection, "returns", landed.name, landed.columns)
            describe(connection, "returns", landed)


def land(connection: Connection, judged: Mapping[str, pl.DataFrame]) -> int:
    """Add judged packs, one frame a table, and return how many submissions they hold.

    Nothing is lost: packs of all quarters stay. A submission that is judged again replaces its own
    rows and no other's, so landing twice is landing once.
    """
    prepare(connection)
    submissions = judged["submissions"]["submission_id"].unique().sort().to_list()
    with transaction(connection):
        for landed in RETURNS:
            run(
                connection,
                f"delete from returns.{landed.name} "  # noqa: S608 - declared names
                "where list_contains($submissions, submission_id)",
                {"submissions": submissions},
            )
            insert(connection, "returns", landed.name, judged[landed.name], landed.columns)
    return len(submissions)


def load_reference(connection: Connection, quarter: Quarter) -> None:
    """Replace the reference tables by the reference files as they are now."""
    prepare(connection)
    frames = reference_tables(quarter)
    with transaction(connection):
        for loaded in REFERENCE:
            run(connection, f"drop table if exists reference.{loaded.name}")
            create(connection, "reference", loaded.name, loaded.columns)
            insert(connection, "reference", loaded.name, frames[loaded.name], loaded.columns)
            describe(connection, "reference", loaded)
