"""The landing tables of the private database, as the returns room needs them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import polars as pl

from operations.home.settings import Settings
from operations.stores.databases import get, reading, rows_of, writing
from pipelines.returns import Judged
from pipelines.returns.identity import COMPARED
from pipelines.warehouse import land, prepare
from pipelines.warehouse.database import Connection, tables
from schemas.quarter import Quarter

SCHEMA = "returns"


def append(settings: Settings, judged: Judged) -> None:
    """Add what was judged; a submission judged again replaces its own rows and no others."""
    with writing(settings.confidential) as connection:
        land(connection, vars(judged))


def known_submissions(settings: Settings) -> pl.DataFrame:
    """Return every submission judged so far: one row per pack; empty before the first build."""
    with _landing_tables(settings) as connection:
        return get(connection, SCHEMA, "submissions")


def accepted_participants(settings: Settings, quarter: Quarter) -> pl.DataFrame:
    """Return the accepted participants of a quarter, from the latest accepted pack of each area.

    Empty when the quarter was not judged here.
    """
    with _landing_tables(settings) as connection:
        packs = get(connection, SCHEMA, "submissions")
        latest = packs.filter((pl.col("period_id") == quarter.id) & pl.col("is_current"))
        return rows_of(connection, SCHEMA, "participants", latest["submission_id"].to_list())


def latest_people(settings: Settings, quarter: Quarter) -> pl.DataFrame:
    """Return who is in the returns that count: of each area the latest accepted up to `quarter`.

    One row per participant and episode, with the columns that numbers are compared by; a column is
    null when the store was made before it was declared.
    """
    with _landing_tables(settings) as connection:
        packs = get(connection, SCHEMA, "submissions")
        counting = packs.filter((pl.col("period_id") <= quarter.id) & pl.col("is_current")).filter(
            pl.col("period_id") == pl.col("period_id").max().over("delivery_area_code")
        )
        rows = rows_of(connection, SCHEMA, "participants", counting["submission_id"].to_list())
        lacking = [pl.lit(None, pl.String).alias(name) for name in COMPARED if name not in rows]
        return rows.with_columns(lacking).select(COMPARED)


@contextmanager
def _landing_tables(settings: Settings) -> Iterator[Connection]:
    """Open the landing tables to read; empty ones where no pack was landed yet."""
    if settings.confidential.is_file():
        with reading(settings.confidential) as connection:
            if tables(connection, SCHEMA):
                yield connection
                return
    with duckdb.connect() as empty:
        prepare(empty)
        yield empty
