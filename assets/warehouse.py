"""Assets of the warehouse: staged, checked, promoted in one transaction; then judged as a whole."""

from collections.abc import Collection, Iterator

import dagster as dg
import polars as pl

from assets.common import room
from assets.links import desk_page
from assets.metadata import preview
from assets.partitions import quarter_of, quarter_of_run
from assets.refusals import refusals
from assets.returns import JUDGED
from assets.unmet import PLAUSIBILITY, expectations_verdict
from assets.verdicts import CHECK, CheckFinding, shown, verdict
from assets.ways import with_ways
from operations.home.audiences import share
from operations.home.settings import settings
from operations.progress import report
from operations.releases.treatments import TreatmentChoice, choice
from operations.stores.databases import reading, writing
from pipelines import quality
from pipelines.database import DuckDB, schema_of
from pipelines.warehouse import (
    Failure,
    build_staging,
    copy_for_analysts,
    failures,
    newest_build,
    promote,
)
from schemas.coverage import DECIDES, LEAVE_OUT, MISSING_STARTS, RETURNS, ROWS
from schemas.quarter import Quarter
from schemas.texts import counted
from schemas.warehouse import RELATIONS

STAGED = dg.AssetKey(["warehouse", "staging"])
METHOD = "treatment"
"""The table of the schema of quality that holds the treatment in force, in one row."""
MAINTAIN = (
    "The packs were judged right, so this is a fault of the warehouse's SQL or of a reference "
    "file: nothing was promoted. Give it to those who maintain the system; when it is mended, "
    "build again: ctw build."
)
ASK = (
    "Ask the areas that are missing for their returns, and build again: ctw build. Of one that "
    "will send none, say why in words for the public: ctw explain."
)
STOPS = "Ask these areas for their returns, and build again: ctw build."
CHOOSE = (
    f"Ask the areas that are missing for their returns. If they send none, the {DECIDES} chooses "
    "how they are treated, and the quarter is built again: ctw treat, then ctw build."
)
COPY = dg.AssetKey(["warehouse", "copy_for_analysts"])


def promoted_key(relation: str) -> dg.AssetKey:
    """Name the asset of a promoted relation."""
    return dg.AssetKey(["warehouse", relation])


@dg.asset(
    key=STAGED,
    deps=[JUDGED],
    description="Every relation of the quarter, made in a staging schema that nobody reads.",
    **room("warehouse"),
    kinds={"duckdb", "sql"},
)
@refusals()
def staged(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Run one SQL file per relation over the returns received so far."""
    report("Making the warehouse")
    with writing(settings().confidential) as database:
        rows = build_staging(database, quarter_of_run(context))
    return dg.MaterializeResult(metadata={"relations": str(len(rows)), "rows": _counts(rows)})


def _counts(rows: dict[str, int]) -> dg.MarkdownMetadataValue:
    frame = pl.DataFrame(list(rows.items()), schema=["relation", "rows"], orient="row")
    return preview(frame, 100)


@dg.asset_check(
    asset=STAGED,
    name="shape",
    description="Keys are unique, filled columns have no null, every code is known.",
    **CHECK,
)
@refusals()
def shape(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    """Hold the quarter back when a relation has not the shape that is declared."""
    quarter = quarter_of(context.partition_key)
    with reading(settings().confidential) as database:
        found = failures(database, schema=newest_build(database, quarter))
    return shape_verdict(quarter, found)


def shape_verdict(quarter: Quarter, found: Collection[Failure]) -> dg.AssetCheckResult:
    """Return what is said of the relations that have not their declared shape."""
    wrong = [
        CheckFinding(f"table {f.relation}", f"{counted(f.rows, 'row', 'rows')}: {f.check}", "none")
        for f in found
    ]
    return verdict(quarter, wrong, MAINTAIN, looked_at=f"{len(RELATIONS)} tables")


@dg.asset(
    key=PLAUSIBILITY,
    deps=[STAGED],
    description=(
        "Is the whole plausible beside other quarters and areas? Results by Great Expectations; "
        "what was observed is in the Data Docs, which are confidential."
    ),
    **room("warehouse"),
    kinds={"greatexpectations"},
)
@refusals()
def plausibility(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Judge aggregates of what is staged, and keep which expectations are met."""
    state, quarter = settings(), quarter_of_run(context)
    report("Judging the whole")
    with reading(state.confidential) as database:
        build = newest_build(database, quarter)
        found = quality.quality(database, quarter, state.data_docs / quarter.id, build)
        areas = quality.aggregates(database, quarter, "coverage", build)
    missing = quality.missing_starts(areas).areas
    treatment = in_force(choice(state, quarter), missing)
    with writing(state.confidential) as database:
        database.put(schema_of("quality", quarter), "coverage", areas)
        database.put(schema_of("quality", quarter), METHOD, treatment)
        database.put(schema_of("quality", quarter), "returns", found.returns)
        database.put(schema_of("quality", quarter), "checks", found.checks)
    return dg.MaterializeResult(
        metadata={
            "expectations": str(len(found.checks)),
            "not met": int((~found.checks["passed"]).sum()),
            "returns by status": preview(found.returns.group_by("status").len().sort("status")),
            "return of each area": preview(
                found.returns.select("delivery_area_name", "status").sort("delivery_area_name"), 60
            ),
        }
    )


def plausible(severity: str) -> dg.AssetChecksDefinition:
    """Return the check of all expectations of one severity: `block` holds the quarter back."""

    @dg.asset_check(
        asset=PLAUSIBILITY,
        name=f"expectations_that_{severity}",
        description=f"Expectations of plausibility that {severity} when they are not met.",
        **CHECK,
    )
    @refusals()
    def check(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
        quarter = quarter_of(context.partition_key)
        with reading(settings().confidential) as database:
            checks = database.get(schema_of("quality", quarter), "checks")
            outside = quality.areas_outside(database, quarter, newest_build(database, quarter))
        return expectations_verdict(quarter, severity, checks, outside)

    return check


@dg.asset_check(
    asset=PLAUSIBILITY,
    name="coverage",
    description=(
        "Enough areas have an accepted return of the quarter, and enough of their rows were "
        "accepted. Below a floor the quarter stops; an area that is missing is named."
    ),
    **CHECK,
)
@refusals()
def covered(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    """Stop a quarter of which too little is there; warn of one of which not all is."""
    quarter = quarter_of(context.partition_key)
    with reading(settings().confidential) as database:
        areas = database.get(schema_of("quality", quarter), "coverage")
    return coverage_verdict(quarter, areas)


def coverage_verdict(quarter: Quarter, areas: pl.DataFrame) -> dg.AssetCheckResult:
    """Return what is said of the returns of a quarter; `areas` has one row per open area."""
    found = quality.coverage(areas)
    missing = ", ".join(found.missing) or "none"
    todo = STOPS if found.faults else ASK
    words = f"{quarter.label}. Missing: {missing}."
    if found.faults:
        words = f"Missing: {missing}."
        words = " ".join([f"{quarter.label} stops here.", *found.faults, words, with_ways(todo)])
    elif found.missing:
        words = f"{words} {with_ways(todo)}"
    return dg.AssetCheckResult(
        passed=not (found.faults or found.missing),
        severity=dg.AssetCheckSeverity.ERROR if found.faults else dg.AssetCheckSeverity.WARN,
        description=words,
        metadata={
            **shown(quarter, [*_floors(found), *_absent(areas)], todo),
            "areas with a return": f"{found.areas} of {found.open_areas}",
            "areas needed": f"{RETURNS.percent:g}%, because {RETURNS.reason}",
            "rows accepted": f"{found.rows_accepted:,} of {found.rows_received:,}",
            "rows needed": f"{ROWS.percent:g}%, because {ROWS.reason}",
            "missing": missing,
            "each open area": preview(
                areas.select("delivery_area_name", "status", "rows_received", "rows_accepted"), 60
            ),
        },
    )


def _floors(found: quality.Coverage) -> list[CheckFinding]:
    """Say which floor the quarter is below."""
    return [
        CheckFinding("the quarter", *fault.rstrip(".").split("; ", 1)) for fault in found.faults
    ]


def _absent(areas: pl.DataFrame) -> list[CheckFinding]:
    """Say which open areas have no return that counts."""
    absent = areas.filter(~pl.col("has_return")).sort("delivery_area_name")
    return [
        CheckFinding(name, status, "an accepted return")
        for name, status in absent.select("delivery_area_name", "status").rows()
    ]


def in_force(chosen: TreatmentChoice | None, missing: Collection[str]) -> pl.DataFrame:
    """Return one row for the treatment in force: public facts, blank where nobody has chosen."""
    if chosen is None or not missing or not chosen.covers(missing):
        row = dict.fromkeys(("reason", "name", "role", "chosen_on"), "")
        return pl.DataFrame({"method": LEAVE_OUT, **row})
    day = chosen.chosen_at[:10]
    names = {name: getattr(chosen, name) for name in ("method", "reason", "name", "role")}
    return pl.DataFrame({**names, "chosen_on": day})


@dg.asset_check(
    asset=PLAUSIBILITY,
    name="missing_starts",
    description=(
        f"Of all starts, at most {MISSING_STARTS.percent:g}% are missing with the returns "
        f"that are missing, or the {DECIDES} has chosen how these areas are treated."
    ),
    **CHECK,
)
@refusals()
def chosen(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    """Stop a quarter that lacks much until somebody has chosen what to do about it."""
    quarter = quarter_of(context.partition_key)
    with reading(settings().confidential) as database:
        areas = database.get(schema_of("quality", quarter), "coverage")
        held = database.get(schema_of("quality", quarter), METHOD)
    return missing_verdict(quarter, areas, held)


def missing_verdict(
    quarter: Quarter, areas: pl.DataFrame, held: pl.DataFrame
) -> dg.AssetCheckResult:
    """Return what is said of missing starts; `held` has the treatment in force, in one row."""
    found, who = quality.missing_starts(areas), held["name"].item()
    needed = f"{MISSING_STARTS.percent:g}% or less, because {MISSING_STARTS.reason}"
    wrong = [CheckFinding(f"Missing: {'; '.join(found.names)}", found.observed, needed)]
    return verdict(
        quarter,
        wrong if found.needs_choice and not who else [],
        CHOOSE,
        missing_starts=found.observed,
        treatment=held["method"].item().replace("_", " "),
        chosen_by=who or "nobody",
    )


@dg.multi_asset(
    name="warehouse",
    specs=[
        dg.AssetSpec(
            promoted_key(relation.name),
            deps=[PLAUSIBILITY],  # which waits for what is staged
            description=relation.grain,
            **room("warehouse", kind=relation.group),
            kinds={"duckdb"},
        )
        for relation in RELATIONS
    ],
)
def promoted(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
    """Promote all relations in one transaction."""
    quarter = quarter_of(context.partition_key)
    with refusals(), writing(settings().confidential) as database:
        promote(database, quarter)
        schema = schema_of("warehouse", quarter)
        counts = {r.name: database.row_count(schema, r.name) for r in RELATIONS}
    for relation in RELATIONS:
        columns = [(c.name, c.sql_type, c.comment) for c in relation.columns]
        frame = pl.DataFrame(columns, schema=["column", "type", "comment"], orient="row")
        yield dg.MaterializeResult(
            asset_key=promoted_key(relation.name),
            metadata={
                "quarter": quarter.label,
                **desk_page(quarter, promoted_key(relation.name)),
                "dagster/row_count": counts[relation.name],
                "columns": preview(frame, 60),
            },
        )


@dg.asset(
    key=COPY,
    deps=[promoted_key(relation.name) for relation in RELATIONS],
    description=(
        "The warehouse of the quarter as a read-only file for analysts, laid down in one step: "
        "readers of the file before are not disturbed, and hold up no build."
    ),
    **room("warehouse"),
    kinds={"duckdb"},
)
@refusals()
def copied(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Copy the promoted relations to a file of their own."""
    state, quarter = settings(), quarter_of_run(context)
    report("Copying the warehouse for analysts")
    place = state.analysts / f"{schema_of('warehouse', quarter)}.duckdb"
    fresh = place.with_suffix(".new")
    place.parent.mkdir(parents=True, exist_ok=True)
    DuckDB.remove(fresh)  # left by a build that was killed
    with writing(state.confidential) as database:
        copy_for_analysts(database, quarter, fresh)
    share(state.home, fresh, state.analyst_group)
    DuckDB.move(fresh, place)
    return dg.MaterializeResult(
        metadata={"file": f"analysts/{place.name}", "bytes": place.stat().st_size}
    )


ASSETS = [staged, plausibility, promoted, copied]
CHECKS = [shape, plausible("warn"), plausible("block"), covered, chosen]
