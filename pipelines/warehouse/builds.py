"""Where the tables of a warehouse are: one schema per build, which the served views point at.

DuckDB cannot rename a schema, and a copy of millions of rows costs as much as making them. So
each build keeps its tables where they were made, and promotion changes views only.
"""

from __future__ import annotations

from pipelines.database import Database, schema_of
from pipelines.warehouse.errors import PromotionError
from schemas.quarter import Quarter

STAGING = "staging"
SERVED = "warehouse"
BUILD = "build"
WHOLE = "build_is_whole"
"""The table that marks the schema of a build as whole: made last, with the views of `staging`."""


def served(quarter: Quarter) -> str:
    """Return the schema that serves the warehouse of a quarter: warehouse_2026_27q2."""
    return schema_of(SERVED, quarter)


def builds(database: Database, quarter: Quarter) -> list[str]:
    """List the builds of a quarter, oldest first: the one promoted, then the one staged."""
    return database.schemas(f"{schema_of(BUILD, quarter)}_")


def newest_build(database: Database, quarter: Quarter) -> str:
    """Return the schema of the newest build of a quarter, whether it was promoted or not.

    Raises `PromotionError` when the quarter was never built, or when its newest build did not make
    all of its tables.
    """
    there = builds(database, quarter)
    if not there:
        raise PromotionError(
            f"The warehouse of {quarter} was not built, so it cannot be checked. Build the "
            "quarter first."
        )
    if not _is_whole(database, quarter, there):
        raise PromotionError(
            f"The last build of {quarter} was interrupted or failed before all tables of its "
            "warehouse were made, so it cannot be checked. What was promoted before is as it was. "
            f"Build the quarter again: ctw build {quarter.id}."
        )
    return there[-1]


def mark_whole(database: Database, build: str) -> None:
    """Mark the schema of a build as one with all of its tables."""
    database.run(f"create table {build}.{WHOLE} (mark boolean)")


def _is_whole(database: Database, quarter: Quarter, there: list[str]) -> bool:
    """Whether the newest build is whole; a promoted one is, also from before builds had marks."""
    is_promoted = len(there) == 1 and bool(database.schemas(served(quarter)))
    return is_promoted or WHOLE in database.tables(there[-1])


def new_build(database: Database, quarter: Quarter) -> str:
    """Create the schema of a new build, and drop what was built and never promoted."""
    there = builds(database, quarter)
    kept = there[:1] if database.schemas(served(quarter)) else []
    database.run(f"drop schema if exists {STAGING} cascade")
    for name in there[len(kept) :]:
        database.run(f"drop schema {name} cascade")
    number = int(kept[0].rsplit("_", 1)[1]) + 1 if kept else 1
    name = f"{schema_of(BUILD, quarter)}_{number:06d}"
    database.run(f"create schema {name}")
    return name
