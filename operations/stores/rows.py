"""The rows that are counted: those of the warehouse, and imputed ones where that was chosen."""

from __future__ import annotations

from operations.home.keys import RECORD_KEY_SECRET, secret
from operations.home.settings import settings
from operations.stores.databases import reading
from pipelines.database import schema_of
from pipelines.statistics.count import columns
from pipelines.statistics.imputation import Imputed, impute
from publications.tables import TABLES
from schemas.population import Population
from schemas.quarter import Quarter

METHOD = "treatment"
"""The table of the schema of quality that holds the treatment in force, in one row."""


def counted_rows(quarter: Quarter, population: Population) -> Imputed:
    """Return the rows of a population that are counted, as the quarter was judged. Confidential."""
    schema = schema_of("warehouse", quarter)
    with reading(settings().confidential) as database:
        availability = database.get(schema, "availability")
        rows = database.get(schema, population.relation, columns(population, TABLES))
        method = database.get(schema_of("quality", quarter), METHOD)["method"].item()
    secret_key = secret(settings(), RECORD_KEY_SECRET)
    return impute(population, rows, availability, method, secret_key)
