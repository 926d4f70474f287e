"""Where the tables of a warehouse are: one schema a build, which the served views point at.

DuckDB cannot rename a schema, and a copy of millions of rows costs as much as making them. So
each build keeps its tables where they were made, and promotion changes views only.
"""

from __future__ import annotations

from pipelines.warehouse.database import Connection, describe, run, schemas
from schemas.quarter import Quarter
from schemas.warehouse import RELATIONS

STAGING = "staging"
SERVED = "warehouse"


def schema_of(quarter: Quarter) -> str:
    """Return the schema that serves the warehouse of a quarter: warehouse_2026_27q2."""
    return f"{SERVED}_{_written(quarter)}"


def builds(connection: Connection, quarter: Quarter) -> list[str]:
    """List the builds of a quarter, oldest first: the one promoted, then the one staged."""
    return schemas(connection, f"build_{_written(quarter)}_")


def new_build(connection: Connection, quarter: Quarter) -> str:
    """Create the schema of a new build, and drop what was built and never promoted."""
    there = builds(connection, quarter)
    kept = there[:1] if schemas(connection, schema_of(quarter)) else []
    run(connection, f"drop schema if exists {STAGING} cascade")
    for name in there[len(kept) :]:
        run(connection, f"drop schema {name} cascade")
    number = int(kept[0].rsplit("_", 1)[1]) + 1 if kept else 1
    name = f"build_{_written(quarter)}_{number:06d}"
    run(connection, f"create schema {name}")
    return name


def serve(connection: Connection, schema: str, build: str, *, comments: bool) -> None:
    """Make `schema` a set of views of the relations of a build, in place of what it was."""
    run(connection, f"drop schema if exists {schema} cascade")
    run(connection, f"create schema {schema}")
    for declared in RELATIONS:
        # Without the name of the database, so that a copy of the file serves its own tables.
        run(connection, f"create view {schema}.{declared.name} as from {build}.{declared.name}")
        if comments:
            describe(connection, schema, declared, kind="view")


def _written(quarter: Quarter) -> str:
    return quarter.id.lower().replace("-", "_")
