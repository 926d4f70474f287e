"""Assets of protected cells, one per population: the only figures that publications can read."""

from dataclasses import fields

import dagster as dg
import polars as pl

from assets.certificates import keep
from assets.earlier import earlier
from assets.io import settings
from assets.metadata import bars, preview
from assets.partitions import QUARTERLY, quarter_of
from assets.progress import report
from assets.returns import OWNERS
from assets.statistics import POPULATIONS
from assets.stores import get, schema_of, writing
from assets.warehouse import PLAUSIBILITY, promoted_key
from disclosure import CellTable, ComplementarySuppression, ProtectedTable
from disclosure.protect import protect_and_prove
from pipelines.statistics.standing import standing
from publications.earlier import spans
from publications.model import PlausibilityCheck, Quality, ReturnStatus
from schemas.population import Population
from schemas.quarter import Quarter


def protection(number: int, population: Population) -> dg.AssetsDefinition:
    """Return the asset of the protected cells of one population."""

    @dg.asset(
        key=["protected", population.relation],
        ins={"cells": dg.AssetIn(["statistics", population.relation])},
        group_name="protected",
        description=(
            f"{population.title} as they may be published: "
            + ("; ".join(map(repr, population.protection)) or "public facts, as they stand")
            + "."
        ),
        partitions_def=QUARTERLY,
        owners=OWNERS,
        kinds={"polars"},
        tags={"room": "protected", "confidential": "no"},
        io_manager_key="protected_store",
        pool="protected",
    )
    def safe(context: dg.AssetExecutionContext, cells: CellTable) -> dg.Output[ProtectedTable]:
        report("Protecting cells", number, len(POPULATIONS))
        quarter = quarter_of(context.partition_key)
        suppressed = any(isinstance(m, ComplementarySuppression) for m in population.protection)
        known = known_before(quarter, cells) if suppressed else None
        table, certificate = protect_and_prove(cells, population.protection, known)
        keep(quarter, population.relation, certificate, table.fingerprint)
        return dg.Output(
            table,
            metadata={
                **_facts(table),
                "preview": preview(table.cells),
                "figures": bars(_by_status(table), "Cells by status"),
            },
        )

    return safe


def known_before(quarter: Quarter, cells: CellTable) -> pl.DataFrame | None:
    """Return the cells that readers have from the release before, unchanged; None without one."""
    before = earlier(quarter)
    shown = next((t for t in before.protected if t.name == cells.name), None) if before else None
    if before is None or shown is None or shown.dimensions != cells.dimensions:
        return None
    return standing(cells, shown.cells, spans(quarter, before.quarter))


def _facts(table: ProtectedTable) -> dict[str, int | str]:
    words = table.report.as_dict()
    return {name: value for name, value in words.items() if isinstance(value, int | str)} | {
        "withheld by": str(words["by_reason"]),
        "what a reader can still bound": " ".join(words["attacker"]),
        "fingerprint": table.fingerprint,
    }


def _by_status(table: ProtectedTable) -> dict[str, int]:
    names = {"": "shown", "c": "[c] withheld", "x": "[x] not available", "z": "[z] not applicable"}
    counts = dict(table.cells.group_by("status").len().rows())
    return {label: counts[status] for status, label in names.items() if status in counts}


@dg.asset(
    key=["protected", "quality"],
    deps=[PLAUSIBILITY, promoted_key("dim_submission")],
    group_name="protected",
    description="Public facts of quality: what became of each area's return, which checks passed.",
    partitions_def=QUARTERLY,
    owners=OWNERS,
    kinds={"duckdb"},
    tags={"room": "protected", "confidential": "no"},
    io_manager_key="protected_store",
    pool="confidential",
)
def quality(context: dg.AssetExecutionContext) -> dg.Output[Quality]:
    """Keep the status of each return and the outcome of each check, and no observed value."""
    quarter = quarter_of(context.partition_key)
    with writing(settings().confidential) as connection:
        returns = get(connection, schema_of("quality", quarter), "returns")
        checks = get(connection, schema_of("quality", quarter), "checks")
        synthetic = get(
            connection, schema_of("warehouse", quarter), "dim_submission", ["synthetic"]
        )
    public = checks.select(f.name for f in fields(PlausibilityCheck))
    facts = Quality(
        returns=tuple(ReturnStatus(**row) for row in returns.iter_rows(named=True)),
        checks=tuple(PlausibilityCheck(**row) for row in public.iter_rows(named=True)),
        synthetic=bool(synthetic["synthetic"].any()),
    )
    return dg.Output(
        facts,
        metadata={
            "returns": preview(returns.group_by("status").len().sort("status")),
            "checks not passed": int((~checks["passed"]).sum()),
            "checks": preview(public, 40),
        },
    )


ASSETS = [
    *(protection(number, population) for number, population in enumerate(POPULATIONS, 1)),
    quality,
]
