"""Assets of the warehouse: staged, checked, promoted in one transaction; then judged as a whole."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.io import settings
from assets.metadata import preview
from assets.partitions import QUARTERLY, quarter_of
from assets.progress import report
from assets.returns import JUDGED, OWNERS
from assets.stores import put, schema_of, writing
from pipelines.warehouse import build_staging, failures, promote
from schemas.warehouse import RELATIONS

STAGED = dg.AssetKey(["warehouse", "staging"])
PLAUSIBILITY = dg.AssetKey(["warehouse", "plausibility"])
TAGS = {"room": "warehouse", "confidential": "yes"}


def promoted_key(relation: str) -> dg.AssetKey:
    """Name the asset of a promoted relation."""
    return dg.AssetKey(["warehouse", relation])


@dg.asset(
    key=STAGED,
    deps=[JUDGED],
    group_name="warehouse",
    description="Every relation of the quarter, made in a staging schema that nobody reads.",
    partitions_def=QUARTERLY,
    owners=OWNERS,
    kinds={"duckdb", "sql"},
    tags=TAGS,
    pool="confidential",
)
def staged(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Run one SQL file a relation over the returns received so far."""
    report("Making the warehouse")
    with writing(settings().confidential) as connection:
        rows = build_staging(connection, quarter_of(context.partition_key))
    return dg.MaterializeResult(metadata={"relations": len(rows), "rows": _counts(rows)})


def _counts(rows: dict[str, int]) -> dg.MarkdownMetadataValue:
    frame = pl.DataFrame(list(rows.items()), schema=["relation", "rows"], orient="row")
    return preview(frame, 100)


@dg.asset_check(
    asset=STAGED,
    name="shape",
    blocking=True,
    description="Keys are unique, filled columns have no null, every code is known.",
)
def shape() -> dg.AssetCheckResult:
    """Hold the quarter back when a relation has not the shape that is declared."""
    with writing(settings().confidential) as connection:
        found = failures(connection)
    return dg.AssetCheckResult(
        passed=not found, metadata={"failures": "\n".join(map(str, found)) or "none"}
    )


@dg.multi_asset(
    name="warehouse",
    specs=[
        dg.AssetSpec(
            promoted_key(relation.name),
            deps=[STAGED],
            group_name="warehouse",
            description=relation.grain,
            owners=OWNERS,
            kinds={"duckdb"},
            tags={**TAGS, "kind": relation.group},
            partitions_def=QUARTERLY,
        )
        for relation in RELATIONS
    ],
    pool="confidential",
)
def promoted(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
    """Promote all relations in one transaction."""
    quarter = quarter_of(context.partition_key)
    with writing(settings().confidential) as connection:
        promote(connection, quarter)
        schema = schema_of("warehouse", quarter)
        rows = {
            r.name: connection.execute(f'select count(*) from "{schema}"."{r.name}"').fetchall()[0][0]  # noqa: S608 names of declarations
            for r in RELATIONS
        }
    for relation in RELATIONS:
        columns = [(c.name, c.sql_type, c.comment) for c in relation.columns]
        frame = pl.DataFrame(columns, schema=["column", "type", "comment"], orient="row")
        yield dg.MaterializeResult(
            asset_key=promoted_key(relation.name),
            metadata={"dagster/row_count": rows[relation.name], "columns": preview(frame, 60)},
        )
