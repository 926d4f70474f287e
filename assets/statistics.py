"""Assets of true cells, one per population, made from the declarations."""

import dagster as dg

from assets.common import POPULATIONS, room
from assets.partitions import quarter_of_run
from assets.refusals import refusals
from assets.warehouse import promoted_key
from disclosure import CellTable
from operations.home.keys import RECORD_KEY_SECRET, secret
from operations.home.settings import settings
from operations.progress import report
from operations.stores.databases import reading
from operations.stores.people_behind import persons, put_counted
from pipelines.database import schema_of
from pipelines.statistics.behind import people_counted
from pipelines.statistics.count import columns, count
from pipelines.warehouse import kept_record_keys
from publications.tables import TABLES
from schemas.population import Population


def counted(number: int, population: Population) -> dg.AssetsDefinition:
    """Return the asset of the true cells of one population."""
    of_people = ("dim_participant",) if population.people else ()
    relations = (population.relation, "availability", *of_people)

    @dg.asset(
        key=["statistics", population.relation],
        deps=[promoted_key(name) for name in relations],
        description=f"{population.title}: true cells, zeros included. Confidential.",
        **room("statistics"),
        kinds={"polars", "duckdb"},
        io_manager_key="confidential_store",
    )
    @refusals()
    def cells(context: dg.AssetExecutionContext) -> dg.Output[CellTable]:
        quarter = quarter_of_run(context)
        report("Counting populations", number, len(POPULATIONS))
        schema = schema_of("warehouse", quarter)
        with reading(settings().confidential) as database:
            availability = database.get(schema, "availability")
            rows = database.get(schema, population.relation, columns(population, TABLES))
            kept = kept_record_keys(database)
        secret_key = secret(settings(), RECORD_KEY_SECRET)
        table = count(population, TABLES, rows, availability, quarter, secret_key, kept)
        if population.people:
            people = people_counted(rows, persons(quarter), table.dimensions, secret_key, kept)
            put_counted(quarter, population.relation, people)
        dimensions = ", ".join(table.dimensions).replace("_", " ")
        return dg.Output(
            table, metadata={"cells": f"{len(table.cells):,}", "dimensions": dimensions}
        )

    return cells


ASSETS = [counted(number, population) for number, population in enumerate(POPULATIONS, 1)]
