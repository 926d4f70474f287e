"""Serve a quarter: point its schema at what was staged, in one transaction; read it; copy it."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.warehouse.builds import SERVED, STAGING, builds, schema_of, serve
from pipelines.warehouse.database import (
    Connection,
    describe,
    literal,
    read,
    rows,
    run,
    schemas,
    tables,
    transaction,
)
from pipelines.warehouse.errors import PromotionError
from schemas.quarter import Quarter
from schemas.warehouse import RELATIONS, relation

# The oldest DuckDB whose readers can open the copy.
STORAGE_VERSION = "v1.2.0"


def promote(connection: Connection, quarter: Quarter) -> None:
    """Serve what is staged as the warehouse of a quarter, in place of what was served before.

    All in one transaction: after a failure everything is as it was. The schema `warehouse` shows
    the latest of the promoted quarters, in whatever order they were promoted.
    """
    _require_staged(connection, quarter)
    *superseded, staged = builds(connection, quarter)
    with transaction(connection):
        serve(connection, schema_of(quarter), staged, comments=True)
        latest = max(promoted(connection))
        shown = staged if latest == quarter else builds(connection, latest)[0]
        serve(connection, SERVED, shown, comments=True)
        for build in superseded:
            run(connection, f"drop schema {build} cascade")
        run(connection, f"drop schema {STAGING} cascade")


def promoted(connection: Connection) -> tuple[Quarter, ...]:
    """List the quarters that were promoted, earliest first."""
    written = [
        name.removeprefix(f"{SERVED}_").replace("_", "-").upper()
        for name in schemas(connection, f"{SERVED}_")
    ]
    return tuple(sorted(Quarter.parse(text) for text in written))


def read_relation(connection: Connection, quarter: Quarter, name: str) -> pl.DataFrame:
    """Return the rows of a relation of a promoted quarter, in the order of its key."""
    declared = relation(name)
    _require_promoted(connection, quarter)
    return read(connection, schema_of(quarter), name, declared.key)


def copy_for_analysts(connection: Connection, quarter: Quarter, file: Path) -> None:
    """Write the warehouse of a promoted quarter, and nothing of the returns room, to a new file.

    Its relations stand under their own names, with their comments. Readers open the file
    read-only, so that they never wait for the build nor it for them.
    """
    _require_promoted(connection, quarter)
    run(connection, f"attach {literal(str(file))} as copy (storage_version '{STORAGE_VERSION}')")
    try:
        for declared in RELATIONS:
            served = f"{schema_of(quarter)}.{declared.name}"
            run(connection, f"create table copy.{declared.name} as from {served}")
            describe(connection, "copy", declared)
    finally:
        run(connection, "detach copy")


def _require_staged(connection: Connection, quarter: Quarter) -> None:
    missing = {declared.name for declared in RELATIONS} - tables(connection, STAGING).keys()
    if missing:
        raise PromotionError(
            f"Nothing was promoted for {quarter}: {len(missing)} relations are not staged, "
            f"{min(missing)} among them. Build the staging schema first."
        )
    sql = f"select quarter from {STAGING}.dim_period where is_reference_quarter"  # noqa: S608 - declared names
    built_for = [found for (found,) in rows(connection, sql)]
    if built_for != [quarter.id]:
        raise PromotionError(
            f"What is staged was built for {', '.join(built_for)}, not for {quarter.id}. Build "
            "the staging schema of this quarter first."
        )


def _require_promoted(connection: Connection, quarter: Quarter) -> None:
    if quarter not in promoted(connection):
        raise PromotionError(
            f"The warehouse of {quarter} was not promoted. Promoted quarters: "
            + (", ".join(map(str, promoted(connection))) or "none")
            + ". Build and promote the warehouse of this quarter first."
        )
