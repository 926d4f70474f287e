"""The parts of each statistic that no return gave: public facts, with no figure in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from pipelines.statistics.count import dimension_names
from pipelines.statistics.imputation import Filled
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
    filled: frozenset[Filled] = frozenset(),
) -> tuple[tuple[str, Part, bool], ...]:
    """Return each statistic with a part of which nobody gave a figure, in order.

    A part is an area and quarter whose return is missing, or that has a row without an amount. The
    last of the three says whether the part is imputed: a sum over any other leaves it out.
    `filled` are the areas and quarters with imputed `rows`. A statistic of a whole year has no gap
    in a quarter where the area reported another of that year. Dates add to nothing and have no
    gaps.
    """
    keys = dimension_names(population, tables, rows)
    imputed = [tuple(zip(ALONG, one, strict=True)) for one in filled]
    found = [
        (statistic.name, part, is_imputed)
        for statistic in population.statistics
        if statistic.kind != "date"
        for part, is_imputed in (
            *((part, False) for part in _parts(population, statistic, keys, rows, availability)),
            *((part, True) for part in imputed if not statistic.is_yearly),
        )
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
