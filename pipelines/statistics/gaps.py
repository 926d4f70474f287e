"""The parts of each statistic of which there is no figure: public facts, with no figure in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from pipelines.statistics.count import dimension_names
from pipelines.statistics.marks import ALONG, YEAR, reported_years, unknown, without_rows
from schemas.dimension import GEOGRAPHY
from schemas.population import Population, Statistic
from schemas.table import StatisticalTable

Part = tuple[tuple[str, str], ...]
"""A part of a population: the leaf of each dimension that narrows it down, with its name."""


def gaps(
    population: Population,
    tables: Sequence[StatisticalTable],
    rows: pl.DataFrame,
    availability: pl.DataFrame,
) -> tuple[tuple[str, Part], ...]:
    """Return each statistic of a population with a part of which no figure is known, in order.

    A part is an area and quarter whose return is missing, or that has a row without an amount. A
    sum over such a part leaves it out. A statistic of a whole year has no gap in a quarter where
    the area reported another of that year. Dates add to nothing and have no gaps.
    """
    keys = dimension_names(population, tables, rows)
    found = [
        (statistic.name, part)
        for statistic in population.statistics
        if statistic.kind != "date"
        for part in _parts(population, statistic, keys, rows, availability)
    ]
    return tuple(sorted(set(found)))


def _parts(
    population: Population,
    statistic: Statistic,
    keys: list[str],
    rows: pl.DataFrame,
    availability: pl.DataFrame,
) -> Iterator[Part]:
    if population.from_returns:
        missing = availability.filter(pl.col("mark") == "x")
        if statistic.is_yearly and set(ALONG) <= set(rows.columns):
            known = reported_years(without_rows(availability, rows))
            missing = missing.with_columns(year=YEAR).join(
                known, on=[GEOGRAPHY.name, "year"], how="anti", maintain_order="left"
            )
        missing = missing.select(ALONG)
        yield from (tuple(zip(ALONG, row, strict=True)) for row in missing.rows())
    for row in unknown(statistic, rows, keys).rows():
        yield tuple(zip(keys, row, strict=True))
