"""Assets of the warehouse: staged, checked, promoted in one transaction; then judged as a whole."""

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
from pipelines.warehouse.database import row_count
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
        counts = {r.name: row_count(connection, schema, r.name) for r in RELATIONS}
    for relation in RELATIONS:
        columns = [(c.name, c.sql_type, c.comment) for c in relation.columns]
        frame = pl.DataFrame(columns, schema=["column", "type", "comment"], orient="row")
        yield dg.MaterializeResult(
            asset_key=promoted_key(relation.name),
            metadata={"dagster/row_count": counts[relation.name], "columns": preview(frame, 60)},
        )


@dg.asset(
    key=PLAUSIBILITY,
    deps=[promoted_key("fact_return_quality")],
    group_name="warehouse",
    description="Is the whole plausible beside other quarters and areas? (Great Expectations)",
    partitions_def=QUARTERLY,
    owners=OWNERS,
    kinds={"greatexpectations"},
    tags=TAGS,
    pool="confidential",
)
def plausibility(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    quarter = quarter_of(context.partition_key)
    with writing(settings().confidential) as connection:
        rows = connection.execute(f"select q.delivery_area as delivery_area_code, d.delivery_area_name, status from {schema_of('warehouse', quarter)}.fact_return_quality q join {schema_of('warehouse', quarter)}.dim_delivery_area d using (delivery_area) where quarter = ? and is_current order by 1", [quarter.id]).to_arrow_table()
        put(connection, schema_of("quality", quarter), "returns", pl.from_arrow(rows))
        put(connection, schema_of("quality", quarter), "checks", pl.DataFrame(schema={"suite": pl.String, "description": pl.String, "severity": pl.String, "passed": pl.Boolean}))
    return dg.MaterializeResult()


ASSETS = [staged, promoted, plausibility]
CHECKS = [shape]
