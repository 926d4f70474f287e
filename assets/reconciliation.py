"""The check that nobody is lost between the accepted rows and what is counted."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
import polars as pl

import reference
from assets.metadata import preview
from assets.partitions import quarter_of
from assets.refusals import refusals
from assets.verdicts import CHECK, CheckFinding, verdict
from assets.warehouse import MAINTAIN, STAGED
from operations.home.settings import settings
from operations.stores.databases import reading
from pipelines.reconciliation import differences, reconciled
from pipelines.warehouse import newest_build
from schemas.quarter import Quarter
from schemas.texts import counted

CODE = "delivery_area_code"
COUNTS = ("accepted", "started_again", "moved", "published")


@dg.asset_check(
    asset=STAGED,
    name="starts_reconcile",
    **CHECK,
    description=(
        "Accepted episodes with a start date are the published starts, those who started again "
        "and those who moved between areas: for each area and quarter, nobody vanishes."
    ),
)
@refusals()
def starts_reconcile(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    """Hold the quarter back when starts that were accepted are neither counted nor explained."""
    quarter = quarter_of(context.partition_key)
    with reading(settings().confidential) as database:
        found = reconciled(database, quarter, newest_build(database, quarter))
    return starts_verdict(quarter, found)


def starts_verdict(quarter: Quarter, found: pl.DataFrame) -> dg.AssetCheckResult:
    """Return what is said of starts; `found` has one row per area and quarter of start."""
    names = dict(reference.delivery_areas(quarter.end).select(CODE, "delivery_area_name").rows())
    wrong = [
        CheckFinding(
            f"{names.get(one.delivery_area, one.delivery_area)}, {one.quarter}",
            counted(one.observed, "start is counted", "starts are counted"),
            f"{one.expected:,} from the accepted rows",
        )
        for one in differences(found)
    ]
    sums: dict[str, Any] = {name: int(found[name].sum()) for name in COUNTS}
    table = preview(by_name(found, names, quarter), 1000)
    return verdict(quarter, wrong, MAINTAIN, **sums, by_area_and_quarter=table)


def by_name(found: pl.DataFrame, names: Mapping[str, str], quarter: Quarter) -> pl.DataFrame:
    """One row per delivery area, by name, and quarter of start; zeros for an area without any."""
    silent = sorted(set(names) - set(found["delivery_area"]))
    zeros = pl.DataFrame({"delivery_area": silent, "quarter": [quarter.id] * len(silent)})
    whole = pl.concat([found, zeros.cast(pl.String)], how="diagonal")
    return (
        whole.with_columns(pl.col(COUNTS).fill_null(0))
        .select(
            pl.col("delivery_area").replace(dict(names)).alias("area"),
            pl.col("quarter").str.replace("Q", " Q", literal=True),
            *COUNTS,
        )
        .sort("area", "quarter")
    )


ASSETS: list[dg.AssetsDefinition] = []
CHECKS = [starts_reconcile]
