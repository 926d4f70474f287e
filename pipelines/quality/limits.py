"""Which areas break an expectation about rows of areas, and by what figures: confidential."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from pipelines.database import Database
from pipelines.quality.frames import aggregates
from schemas.expectations import SUITES, Expectation
from schemas.quarter import Quarter

AREA = "delivery_area"
OUTSIDE = {"suite": pl.String, "expectation": pl.String, AREA: pl.String, "observed": pl.String}


def areas_outside(database: Database, quarter: Quarter, schema: str | None = None) -> pl.DataFrame:
    """Return one row per expectation of a quarter and area that breaks it; see `outside`.

    They are read from its promoted warehouse, or from `schema`.
    """
    names = {suite.frame for suite in SUITES if not suite.is_programme}
    return outside({name: aggregates(database, quarter, name, schema) for name in sorted(names)})


def outside(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return one row per expectation and area that breaks it, by title of suite, id and code.

    `observed` names each figure that was compared, in words. An area of which a figure is not known
    breaks nothing.
    """
    rows = [
        (suite.title, expectation.id, row[AREA], _observed(expectation, row))
        for suite in SUITES
        if not suite.is_programme
        for expectation in suite.expectations
        for row in _breaking(expectation, frames[suite.frame])
    ]
    return pl.DataFrame(rows, schema=OUTSIDE, orient="row")


def _breaking(expectation: Expectation, frame: pl.DataFrame) -> Iterator[Mapping[str, object]]:
    given = expectation.arguments
    if "column_A" in given:
        broken = pl.col(given["column_A"]) < pl.col(given["column_B"])
    else:
        value, low, high = pl.col(given["column"]), given["min_value"], given["max_value"]
        broken = pl.lit(False)  # noqa: FBT003 the name of the argument is `value` already
        broken = broken if low is None else broken | (value < low)
        broken = broken if high is None else broken | (value > high)
    return frame.filter(broken).sort(AREA).iter_rows(named=True)


def _observed(expectation: Expectation, row: Mapping[str, object]) -> str:
    figures = ((name.replace("_", " "), float(str(row[name]))) for name in expectation.columns)
    return ", ".join(f"{name} {f'{value:,.1f}'.removesuffix('.0')}" for name, value in figures)
