"""Which protected cells the tables of a release show."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from disclosure import ProtectedTable
from reference import ENGLAND_AND_WALES
from schemas.dimension import TOTAL, Breakdown, Dimension
from schemas.population import Population
from schemas.quarter import Quarter
from schemas.table import Measure, StatisticalTable


def dimensions_of(
    tables: Iterable[StatisticalTable], population: Population
) -> dict[str, Dimension]:
    """Return the dimensions by which the tables break a population down, by name."""
    return {
        b.name: b.dimension for table in tables if population in table.populations for b in table.by
    }


def shown_cells(
    tables: Iterable[StatisticalTable],
    population: Population,
    protected: ProtectedTable,
    quarter: Quarter,
) -> pl.DataFrame:
    """Return the cells of a population that some table of a release of `quarter` shows.

    One row per cell: dimensions, statistic, value, status. A dimension by which no cell of the
    protected table is broken down has its root; one that no table has any more is at its root.
    """
    tables = tuple(tables)
    dimensions = dimensions_of(tables, population)
    cells = protected.cells.with_columns(
        pl.lit(dimension.root).alias(name)
        for name, dimension in dimensions.items()
        if name not in protected.dimensions
    )
    is_shown = [
        _of_table(table, population, dimensions, quarter)
        for table in tables
        if population in table.populations
    ]
    gone = [name for name in protected.dimensions if name not in dimensions]
    at_root = [pl.col(name).is_in([TOTAL, ENGLAND_AND_WALES]) for name in gone]
    columns = [*dimensions, "statistic", "value", "status"]
    return cells.filter(pl.any_horizontal(is_shown), *at_root).select(columns)


def _of_table(
    table: StatisticalTable,
    population: Population,
    dimensions: dict[str, Dimension],
    quarter: Quarter,
) -> pl.Expr:
    """Say of a cell whether a table shows it."""
    by = {breakdown.name: breakdown for breakdown in table.by}
    statistics = [
        m.statistic for m in table.measures if isinstance(m, Measure) and m.population == population
    ]
    codes = [
        pl.col(name).is_in(_codes(by[name], table, quarter))
        if name in by
        else pl.col(name) == dimension.root
        for name, dimension in dimensions.items()
    ]
    return pl.all_horizontal(pl.col("statistic").is_in(statistics), *codes)


def _codes(breakdown: Breakdown, table: StatisticalTable, quarter: Quarter) -> list[str]:
    codes = breakdown.dimension.codes(quarter).at(breakdown.levels)
    if table.latest and breakdown.dimension.source == "quarters":
        return [code for code in codes if code in (quarter.id, TOTAL)]
    return list(codes)
