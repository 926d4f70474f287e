"""Assets of protected cells, one per population: the only figures that publications can read."""

from collections.abc import Callable, Iterable
from dataclasses import fields

import dagster as dg
import polars as pl

from assets.common import POPULATIONS, room
from assets.metadata import bars, preview
from assets.partitions import quarter_of_run
from assets.refusals import refusals
from assets.unmet import PLAUSIBILITY
from assets.warehouse import METHOD, promoted_key
from disclosure import CellTable, ProtectedTable
from operations.desk.rendering import reason_in_words
from operations.home.settings import settings
from operations.progress import report
from operations.releases.earlier import earlier
from operations.releases.explanations import explanations
from operations.releases.protecting import protected_beside
from operations.stores.cells import protected_tables
from operations.stores.certificates import keep
from operations.stores.databases import reading
from operations.stores.people_behind import keep_people
from pipelines.database import schema_of
from pipelines.statistics.count import columns
from pipelines.statistics.gaps import gaps
from publications.data.protection_record import bounds_in_words
from publications.data.quality_record import outcome
from publications.release.imputation import imputed
from publications.release.model import (
    UNUSED,
    PlausibilityCheck,
    Quality,
    ReturnStatus,
    Treatment,
)
from publications.release.table import Gap
from publications.tables import TABLES
from publications.wording.protection import method_in_words
from publications.words import words_in
from schemas.dimension import GEOGRAPHY, QUARTER
from schemas.population import Population
from schemas.quarter import Quarter

CERTIFIED = {
    True: (
        "Checked: another complete table that agrees with all that is published exists for each "
        "sensitive cell, so no sum gives it away. The check uses no solver."
    ),
    False: "None needed: nothing is withheld here that sums could give away.",
}


def protection(number: int, population: Population) -> dg.AssetsDefinition:
    """Return the asset of the protected cells of one population."""

    @dg.asset(
        key=["protected", population.relation],
        ins={"cells": dg.AssetIn(["statistics", population.relation])},
        description=f"{population.title} as they may be published. {_how(population)}",
        **room("protected"),
        kinds={"polars"},
        io_manager_key="protected_store",
    )
    @refusals()
    def safe(context: dg.AssetExecutionContext, cells: CellTable) -> dg.Output[ProtectedTable]:
        report("Protecting cells", number, len(POPULATIONS))
        quarter = quarter_of_run(context)
        suppressed = any(method.proves for method in population.protection)
        shown = earlier(quarter) if suppressed else ()
        table, certificate = protected_beside(quarter, cells, population, shown)
        keep(quarter, population.relation, certificate, table.fingerprint)
        if population.people:
            keep_people(quarter, population.relation, table.fingerprint)
        return dg.Output(
            table,
            metadata={
                **_facts(population, table),
                "preview": preview(_named(table.cells, quarter)),
                "figures": bars(_by_status(table), "Cells by status"),
            },
        )

    return safe


def _named(cells: pl.DataFrame, quarter: Quarter) -> pl.DataFrame:
    """Return cells with the names of their areas and quarters in place of codes."""
    dimensions = (GEOGRAPHY, QUARTER)
    return cells.with_columns(
        pl.col(dimension.name).replace(dict(dimension.codes(quarter).labels))
        for dimension in dimensions
        if dimension.name in cells.columns
    )


def _facts(
    population: Population, table: ProtectedTable
) -> dict[str, int | str | dg.MarkdownMetadataValue]:
    report = table.report
    bounds = bounds_in_words(population.title, report, words_in())
    reasons = [(reason_in_words(name), cells) for name, cells in sorted(report.by_reason.items())]
    return {
        "cells": f"{report.cells:,}",
        "shown": report.shown,
        "withheld": report.withheld,
        "not available or not applicable": report.marked,
        "withheld, by reason": preview(
            pl.DataFrame(reasons, schema=["withheld by", "cells"], orient="row"), 20
        ),
        "certificate": CERTIFIED[report.certified],
        "what a reader can still bound": " ".join(bounds) or "nothing beyond the figures",
        "fingerprint": table.fingerprint,
    }


def _how(population: Population) -> str:
    """Say in words how a population is protected, method by method."""
    words = words_in()
    return " ".join(method_in_words(method, words) for method in population.protection) or (
        "Public facts, as they stand."
    )


def _by_status(table: ProtectedTable) -> dict[str, int]:
    names = {"": "shown", "c": "[c] withheld", "x": "[x] not available", "z": "[z] not applicable"}
    counts = dict(table.cells.group_by("status").len().rows())
    return {label: counts[status] for status, label in names.items() if status in counts}


SYNTHETIC = ("is_accepted", "synthetic")


def is_made_up(packs: pl.DataFrame) -> bool:
    """Say whether an accepted return holds made-up people; a refused one is no return."""
    return bool((packs["is_accepted"] & packs["synthetic"]).any())


@dg.asset(
    key=["protected", "quality"],
    deps=[
        PLAUSIBILITY,
        promoted_key("dim_submission"),
        promoted_key("availability"),
        *(promoted_key(population.relation) for population in POPULATIONS),
        *(["protected", population.relation] for population in POPULATIONS),
    ],
    description=(
        "Public facts of quality: what became of each area's return, which checks passed, what "
        "was given as explanation, what every sum leaves out."
    ),
    **room("protected"),
    kinds={"duckdb"},
    io_manager_key="protected_store",
)
@refusals()
def quality(context: dg.AssetExecutionContext) -> dg.Output[Quality]:
    """Keep what became of each return and public check, and no observed value."""
    quarter = quarter_of_run(context)
    with reading(settings().confidential) as database:
        returns = database.get(schema_of("quality", quarter), "returns")
        checks = database.get(schema_of("quality", quarter), "checks")
        packs = database.get(schema_of("warehouse", quarter), "dim_submission", SYNTHETIC)
    explanation, treatment = explained(quarter), treatment_of(quarter)
    public = checks.filter("is_public").with_columns(
        pl.when("passed")
        .then(pl.lit(""))
        .otherwise(explanation("expectation"))
        .alias("explanation")
    )
    public = public.select(f.name for f in fields(PlausibilityCheck))
    missing = pl.col("status").is_in(UNUSED)
    returns = returns.with_columns(
        pl.when(missing)
        .then(explanation("delivery_area_code"))
        .otherwise(pl.lit(""))
        .alias("explanation")
    )
    facts = Quality(
        returns=tuple(ReturnStatus(**row) for row in returns.iter_rows(named=True)),
        checks=tuple(PlausibilityCheck(**row) for row in public.iter_rows(named=True)),
        synthetic=is_made_up(packs),
        gaps=gaps_of(quarter, treatment),
        treatment=treatment,
    )
    return dg.Output(
        facts,
        metadata={
            "returns": preview(returns.group_by("status").len().sort("status")),
            "checks not passed": int((~public["passed"]).sum()),
            "checks": preview(checks_in_words(facts.checks), 40),
            "areas missing": areas_in_words(returns.filter(missing)),
        },
    )


def checks_in_words(checks: Iterable[PlausibilityCheck]) -> pl.DataFrame:
    """One row per public check: how it came out, what it saw and what was expected, in words."""
    words = words_in()
    said = {"value": "found", "threshold": "expected", "unseen": "not seen", "why": "explanation"}
    rows = [
        {
            "check": check.description,
            "about": check.suite,
            "result": (found := outcome(check, words))["result"],
            **{title: found[name] for name, title in said.items()},
        }
        for check in checks
    ]
    return pl.DataFrame(rows)


def areas_in_words(missing: pl.DataFrame) -> str | dg.MarkdownMetadataValue:
    """Show one row per area of which no return is used; "none" where there is no such area."""
    shown = missing.select(
        pl.col("delivery_area_name").alias("area"), "status", "explanation"
    ).sort("area")
    return preview(shown, 60) if shown.height else "none"


def explained(quarter: Quarter) -> Callable[[str], pl.Expr]:
    """Return what gives the explanation of what a column names, "" where nobody has given one."""
    texts = {about: one.text for about, one in explanations(settings(), quarter).items()}
    return lambda column: pl.col(column).replace_strict(texts, default="", return_dtype=pl.String)


def gaps_of(quarter: Quarter, treatment: Treatment | None) -> tuple[Gap, ...]:
    """Return the parts of every population of which no return gave a statistic.

    Each says whether an estimate, made of published figures, stands in for it.
    """
    schema, found = schema_of("warehouse", quarter), []
    with reading(settings().confidential) as database:
        availability = database.get(schema, "availability")
        for population in POPULATIONS:
            rows = database.get(schema, population.relation, columns(population, TABLES))
            known = gaps(population, TABLES, rows, availability)
            found += [Gap(population.relation, *gap) for gap in known]
    if treatment is None or not found:
        return tuple(found)
    tables = {t.name: t for t in protected_tables(quarter, (p.relation for p in POPULATIONS))}
    return imputed(found, POPULATIONS, tables, quarter, treatment.method)


def treatment_of(quarter: Quarter) -> Treatment | None:
    """Return what was chosen to do about missing returns, as the quarter was judged."""
    with reading(settings().confidential) as database:
        [row] = database.get(schema_of("quality", quarter), METHOD).rows(named=True)
    public = {field.name: row[field.name] for field in fields(Treatment)}
    return Treatment(**public) if row["name"] else None


ASSETS = [
    *(protection(number, population) for number, population in enumerate(POPULATIONS, 1)),
    quality,
]
