"""Serve a quarter: point its schema at what was staged, in one transaction; read it; copy it."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.database import Database
from pipelines.warehouse.builds import SERVED, STAGING, builds, served
from pipelines.warehouse.errors import PromotionError
from schemas.quarter import Quarter
from schemas.texts import counted
from schemas.warehouse import RELATIONS, relation


def promote(database: Database, quarter: Quarter) -> None:
    """Serve what is staged as the warehouse of a quarter, in place of what was served before.

    All in one transaction: after a failure everything is as it was. The schema `warehouse` shows
    the latest of the promoted quarters, in whatever order they were promoted.
    """
    _require_staged(database, quarter)
    *superseded, staged = builds(database, quarter)
    with database.transaction():
        database.serve(served(quarter), staged, RELATIONS, comments=True)
        latest = max(promoted(database))
        shown = staged if latest == quarter else builds(database, latest)[0]
        database.serve(SERVED, shown, RELATIONS, comments=True)
        for build in superseded:
            database.run(f"drop schema {build} cascade")
        database.run(f"drop schema {STAGING} cascade")


def promoted(database: Database) -> tuple[Quarter, ...]:
    """List the quarters that were promoted, earliest first."""
    written = [
        name.removeprefix(f"{SERVED}_").replace("_", "-").upper()
        for name in database.schemas(f"{SERVED}_")
    ]
    return tuple(sorted(Quarter.parse(text) for text in written))


def read_relation(database: Database, quarter: Quarter, name: str) -> pl.DataFrame:
    """Return the rows of a relation of a promoted quarter, in the order of its key.

    One row per key of the relation.
    """
    declared = relation(name)
    _require_promoted(database, quarter)
    return database.read(served(quarter), name, declared.key)


def copy_for_analysts(database: Database, quarter: Quarter, file: Path) -> None:
    """Write the warehouse of a promoted quarter, and nothing of the returns room, to a new file.

    Its relations stand under their own names, with their comments. Readers open the file
    read-only, so neither they nor the build wait for each other.
    """
    _require_promoted(database, quarter)
    database.copy(served(quarter), RELATIONS, file)


def _require_staged(database: Database, quarter: Quarter) -> None:
    missing = {declared.name for declared in RELATIONS} - database.tables(STAGING).keys()
    if missing:
        raise PromotionError(
            f"Nothing was promoted for {quarter}: "
            f"{counted(len(missing), 'relation is', 'relations are')} not staged, "
            f"{min(missing)} among them. Build the staging schema first."
        )
    sql = f"select quarter from {STAGING}.dim_period where is_reference_quarter"  # noqa: S608 - declared names
    built_for = [found for (found,) in database.rows(sql)]
    if built_for != [quarter.id]:
        raise PromotionError(
            f"What is staged was built for {', '.join(built_for)}, not for {quarter.id}. Build "
            "the staging schema of this quarter first."
        )


def _require_promoted(database: Database, quarter: Quarter) -> None:
    if quarter not in promoted(database):
        raise PromotionError(
            f"The warehouse of {quarter} was not promoted. Promoted quarters: "
            + (", ".join(map(str, promoted(database))) or "none")
            + ". Build and promote the warehouse of this quarter first."
        )
