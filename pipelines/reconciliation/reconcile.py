"""Compare the starts that are counted with those that were accepted, area by area."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.database import Database
from pipelines.warehouse.builds import STAGING
from pipelines.warehouse.order import statement
from schemas.quarter import Quarter
from schemas.texts import counted

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Difference:
    """An area and quarter whose starts do not agree: how many there are, and should be."""

    delivery_area: str
    quarter: str
    observed: int
    expected: int

    def __str__(self) -> str:
        return (
            f"{self.delivery_area} {self.quarter}: "
            f"{counted(self.observed, 'start is', 'starts are')} counted; "
            f"{self.expected:,} are expected from the accepted rows"
        )


def reconciled(database: Database, quarter: Quarter, schema: str = STAGING) -> pl.DataFrame:
    """One row per delivery area and quarter of start, of the warehouse that `schema` shows.

    `accepted` are accepted episodes with a start date, `started_again` and `moved` those of people
    for whom another start is counted, `published` the rows of `starts`, before protection.
    """
    with database.searching(schema, "returns", "reference"):
        return database.query(statement("starts", HERE), {"quarter": quarter.id})


def differences(found: pl.DataFrame) -> tuple[Difference, ...]:
    """List where the published starts are not the accepted ones less those that are explained."""
    expected = pl.col("accepted") - pl.col("started_again") - pl.col("moved")
    wrong = found.filter(pl.col("published") != expected)
    columns = ("delivery_area", "quarter", "published", expected.alias("expected"))
    return tuple(Difference(*row) for row in wrong.select(columns).rows())
