"""Drawn rows and tables, counted as the product counts them."""

import polars as pl

from pipelines.statistics.count import count
from publications.populations import STARTS
from schemas.quarter import Quarter
from schemas.table import Measure, StatisticalTable

LATEST = Quarter(2025, 2)
SECRET = b"a secret of at least 16 bytes"
OPEN = pl.DataFrame(
    [
        (area, q, "")
        for area in ("CTW-EN18", "CTW-EN35", "CTW-WA01")
        for q in ("2025-26Q1", "2025-26Q2")
    ],
    schema=["delivery_area", "quarter", "mark"],
    orient="row",
)
ANNOUNCED = pl.DataFrame(
    {
        "delivery_area": ["CTW-EN18", "CTW-WA01"],
        "funding_announced": [49_700_000, None],
        "funding_announced_on": ["2025-10-09", None],
        "opened_on": ["2025-10-01", "2026-04-01"],
    }
).with_columns(pl.col("funding_announced_on", "opened_on").str.to_date())


def table(population, *by, number=1):
    measures = tuple(Measure(population, s.name, s.title) for s in population.statistics)
    return StatisticalTable(number, f"drawn_{number}", "Drawn", measures, by)


def starts(*rows):
    frame = pl.DataFrame(rows, schema=["delivery_area", "quarter", "model"], orient="row")
    return frame.with_columns(
        episode_id=pl.Series([f"e{i}" for i in range(len(rows))], dtype=pl.String)
    )


def value(cells, statistic="starts", **codes):
    found = cells.filter(
        pl.col("statistic") == statistic, *[pl.col(name) == code for name, code in codes.items()]
    )
    assert len(found) == 1
    return found.row(0, named=True)


def counted(rows, *tables, population=STARTS, availability=OPEN):
    return count(population, tables, rows, availability, LATEST, SECRET).cells
