"""The check that nobody is lost between the accepted rows and what is counted."""

import dagster as dg

from assets.metadata import preview
from assets.partitions import quarter_of
from assets.refusals import refusals
from assets.warehouse import STAGED
from operations.home.settings import settings
from operations.stores.databases import reading
from pipelines.reconciliation import differences, reconciled


@dg.asset_check(
    asset=STAGED,
    name="starts_reconcile",
    blocking=True,
    description=(
        "Accepted episodes with a start date are the published starts, those who started again "
        "and those who moved between areas: for each area and quarter, nobody vanishes."
    ),
)
@refusals()
def starts_reconcile(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    """Hold the quarter back when starts that were accepted are neither counted nor explained."""
    with reading(settings().confidential) as database:
        found = reconciled(database, quarter_of(context.partition_key))
    wrong = differences(found)
    names = ("accepted", "started_again", "moved", "published")
    return dg.AssetCheckResult(
        passed=not wrong,
        description="; ".join(map(str, wrong)) or None,
        metadata={
            "areas and quarters that do not agree": "\n".join(map(str, wrong)) or "none",
            **{name.replace("_", " "): int(found[name].sum()) for name in names},
            "by area and quarter": preview(found, 1000),
        },
    )


ASSETS: list[dg.AssetsDefinition] = []
CHECKS = [starts_reconcile]
