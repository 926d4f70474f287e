"""Serve a quarter: move what was staged into its own schema in one transaction, and read it."""

from __future__ import annotations

import polars as pl

from pipelines.warehouse.database import Connection, describe, read, rows, run, tables, transaction
from pipelines.warehouse.errors import PromotionError
from pipelines.warehouse.run import STAGING
from schemas.quarter import Quarter
from schemas.warehouse import RELATIONS, relation

SERVED = "warehouse"


def schema_of(quarter: Quarter) -> str:
    """Return the schema that holds the warehouse of a quarter: warehouse_2026_27q2."""
    return f"{SERVED}_{quarter.id.lower().replace('-', '_')}"


def promote(connection: Connection, quarter: Quarter) -> None:
    """Replace the warehouse of a quarter by what is staged, and point the views at it.

    All in one transaction: after a failure everything is as before. The schema `warehouse` has a
    view of every relation of the quarter last promoted.
    """
    _require_staged(connection, quarter)
    schema = schema_of(quarter)
    with transaction(connection):
        run(connection, f"drop schema if exists {schema} cascade")
        run(connection, f"create schema {schema}")
        for declared in RELATIONS:
            name = declared.name
            run(connection, f"create table {schema}.{name} as from {STAGING}.{name}")
            describe(connection, schema, declared)
        _serve(connection, schema)
    run(connection, f"drop schema {STAGING} cascade")
    run(connection, f"create schema {STAGING}")


def read_relation(connection: Connection, quarter: Quarter, name: str) -> pl.DataFrame:
    """Return the rows of a relation of a promoted quarter, in the order of its key."""
    schema = schema_of(quarter)
    declared = relation(name)
    if name not in tables(connection, schema):
        raise PromotionError(
            f"The warehouse of {quarter} has no relation {name}: it was not promoted. Build and "
            "promote the warehouse of this quarter first."
        )
    return read(connection, schema, name, declared.key)


def promoted(connection: Connection) -> tuple[Quarter, ...]:
    """List the quarters that were promoted, earliest first."""
    found = rows(
        connection,
        "select schema_name from duckdb_schemas() "
        "where starts_with(schema_name, $form) and database_name = current_database()",
        {"form": f"{SERVED}_"},
    )
    written = [name.removeprefix(f"{SERVED}_").replace("_", "-").upper() for (name,) in found]
    return tuple(sorted(Quarter.parse(text) for text in written))


def _require_staged(connection: Connection, quarter: Quarter) -> None:
    staged = tables(connection, STAGING)
    missing = sorted({declared.name for declared in RELATIONS} - staged.keys())
    if missing:
        raise PromotionError(
            f"Nothing was promoted for {quarter}: {', '.join(missing)} not staged. "
            "Build the staging schema first."
        )
    ((built_for,),) = rows(
        connection,
        f"select quarter from {STAGING}.dim_period where is_reference_quarter",  # noqa: S608 - declared names
    ) or (("no quarter",),)
    if built_for != quarter.id:
        raise PromotionError(
            f"What is staged was built for {built_for}, not for {quarter.id}. Build the staging "
            "schema of this quarter first."
        )


def _serve(connection: Connection, schema: str) -> None:
    """Point the view of every relation at a schema; views of relations that are gone go too."""
    run(connection, f"drop schema if exists {SERVED} cascade")
    run(connection, f"create schema {SERVED}")
    for declared in RELATIONS:
        # Without the name of the database, so that a copy of the file serves its own tables.
        run(connection, f"create view {SERVED}.{declared.name} as from {schema}.{declared.name}")
        describe(connection, SERVED, declared, kind="view")
