"""The aggregates that are judged: one row per area, or one row for the programme. No person."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.database import Database
from pipelines.warehouse.builds import served
from pipelines.warehouse.order import parameters, statement
from schemas.quarter import Quarter

HERE = Path(__file__).parent


def aggregates(
    database: Database, quarter: Quarter, name: str, schema: str | None = None
) -> pl.DataFrame:
    """Return the frame `name` of a quarter, from its promoted warehouse unless `schema` is given.

    One row per area, or one row for the programme, as the name says. Amounts are in pounds, shares
    in per cent; null where too little stands behind a rate.
    """
    given = {"quarter": quarter.id, "previous": quarter.previous.id}
    sql = statement(name, HERE)
    with database.searching(schema or served(quarter)):
        return database.query(sql, {p: given[p] for p in sorted(parameters(sql))})
