"""The aggregates that are judged: one row an area, or one row for the programme. No person."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.warehouse.builds import schema_of
from pipelines.warehouse.database import Connection, query, searching
from pipelines.warehouse.order import parameters, statement
from schemas.quarter import Quarter

HERE = Path(__file__).parent


def aggregates(
    connection: Connection, quarter: Quarter, name: str, schema: str | None = None
) -> pl.DataFrame:
    """Return the frame `name` of a quarter, from its promoted warehouse unless `schema` is given.

    Amounts are in pounds, shares in per cent; null where too little stands behind a rate.
    """
    given = {"quarter": quarter.id, "previous": quarter.previous.id}
    sql = statement(name, HERE)
    with searching(connection, schema or schema_of(quarter)):
        return query(connection, sql, {p: given[p] for p in sorted(parameters(sql))})
