"""Count one population into every cell that any table publishes of it. Protection is elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import polars as pl

from disclosure import CellTable, cell_keys
from disclosure.tables.cells import KEY_MODULUS
from pipelines.statistics.contributors import contributions, shares, staff_behind
from pipelines.statistics.errors import UncountableError
from pipelines.statistics.marks import areas_with_figures, marked, marks_of
from pipelines.statistics.names import cell_names
from pipelines.statistics.record_keys import keys_of_records
from pipelines.statistics.rollup import Levels, grid, rolled_up
from schemas.dimension import GEOGRAPHY, QUARTER, Breakdown, Codes, Dimension
from schemas.population import Population, Statistic
from schemas.quarter import Quarter
from schemas.table import Measure, StatisticalTable
from schemas.texts import counted

UNIT = "episode_id"


@dataclass(frozen=True)
class Counted:
    """What one table needs of a population: the statistics and how each dimension is shown."""

    statistics: tuple[Statistic, ...]
    by: tuple[Breakdown, ...]


def columns(population: Population, tables: Sequence[StatisticalTable]) -> tuple[str, ...]:
    """Name the columns of the relation that counting may need; the relation can lack some.

    Area and quarter are needed whatever the tables show: they say whose return is missing.
    """
    shown = (b.name for asked in needed(population, tables) for b in asked.by)
    names = dict.fromkeys((*shown, GEOGRAPHY.name, QUARTER.name))
    facts = [s.name for s in population.statistics if s.kind != "count"]
    extra = ("contributor", "contributor_is_public", "staff")
    return (*names, *facts, *([UNIT] if population.people else extra))


def needed(population: Population, tables: Sequence[StatisticalTable]) -> list[Counted]:
    """Return, for each table that draws on the population, the statistics and breakdowns."""
    found = []
    for table in tables:
        names = [
            m.statistic
            for m in table.measures
            if isinstance(m, Measure) and m.population == population
        ]
        if names:
            found.append(Counted(tuple(population.statistic(n) for n in names), table.by))
    return found


def count(
    population: Population,
    tables: Sequence[StatisticalTable],
    rows: pl.DataFrame,
    availability: pl.DataFrame,
    quarter: Quarter,
    secret: bytes,
    kept: pl.DataFrame | None = None,
) -> CellTable:
    """Count `rows` (one row per unit) into every cell, totals included, that `tables` publish.

    A cell shared by several tables is counted, and later protected, once. Zeros come from the code
    lists; a leaf of which no amount is known is not available. `availability` has one row per
    delivery area and quarter with its public `mark`. `kept` is as in `keys_of_records`.
    """
    asked = needed(population, tables)
    codes = {d.name: d.codes(quarter) for d in _dimensions(asked, rows)}
    _check_codes(population, rows, codes)
    keyed = _with_keys(population, rows, secret, kept)
    parts = [
        _cells(population, statistic, table, keyed, codes)
        for table in asked
        for statistic in table.statistics
    ]
    keys = [*codes, "statistic"]
    cells = pl.concat(parts).unique(keys, keep="first")
    cells = _marked(population, cells, rows, availability, codes).sort(keys)
    if population.people:
        every = {d.name: d.codes(quarter) for d in (GEOGRAPHY, QUARTER)} | codes
        known = areas_with_figures(population, availability, rows, every)
        names = cell_names(population, cells, known, every)
        cells = cells.with_columns(cell_keys(names, cells["people_key"], secret))
    return CellTable(
        name=population.relation,
        dimensions=tuple(codes),
        hierarchies=_hierarchies(population, codes),
        statistics=tuple(s.name for s in population.statistics),
        cells=_without_marked_values(cells).select(*keys, *COLUMNS),
        contributions=_contributions(asked, keyed, cells, codes, population),
    )


def _hierarchies(population: Population, codes: dict[str, Codes]) -> dict[str, dict[str, str]]:
    """Return how codes add up: the last days of a stock add to nothing."""
    return {
        name: {} if population.stock and name == QUARTER.name else dict(listed.parents)
        for name, listed in codes.items()
    }


COLUMNS = ("value", "cell_key", "contributors", "largest", "largest_other", "mark")
COUNTED = (*COLUMNS, "people_key")
"""The columns of cells before their keys are made."""


def dimension_names(
    population: Population, tables: Sequence[StatisticalTable], rows: pl.DataFrame
) -> list[str]:
    """Name the dimensions of a population's cells: those of its tables that its relation has."""
    return [d.name for d in _dimensions(needed(population, tables), rows)]


def _dimensions(asked: list[Counted], rows: pl.DataFrame) -> tuple[Dimension, ...]:
    found = dict.fromkeys(b.dimension for table in asked for b in table.by)
    return tuple(d for d in found if d.name in rows.columns)


def _check_codes(population: Population, rows: pl.DataFrame, codes: dict[str, Codes]) -> None:
    """Raise when a row holds a code that no cell has: it would be lost from the total."""
    for name, listed in codes.items():
        unknown = rows.filter(~pl.col(name).is_in(listed.leaves) | pl.col(name).is_null())
        if len(unknown):
            held = sorted({str(code) for code in unknown[name].unique()})[:5]
            raise UncountableError(
                f"{population.relation}: {counted(len(unknown), 'row has', 'rows have')} a {name} "
                f"that is not in its code list: {', '.join(held)}. Mend the relation or the code "
                "list."
            )


def _with_keys(
    population: Population, rows: pl.DataFrame, secret: bytes, kept: pl.DataFrame | None
) -> pl.DataFrame:
    if not population.people:
        return rows
    units = rows.select(UNIT).unique(maintain_order=True)
    keys = units.with_columns(keys_of_records(units[UNIT], secret, kept).alias("record_key"))
    return rows.join(keys, on=UNIT, how="left", maintain_order="left")


def _cells(
    population: Population,
    statistic: Statistic,
    table: Counted,
    rows: pl.DataFrame,
    codes: dict[str, Codes],
) -> pl.DataFrame:
    """Return one row per cell of one statistic in one table, with the facts protection needs."""
    levels = _levels(population, table, codes)
    facts = _facts(statistic, rows, levels)
    if statistic.kind == "date":
        return _complete(facts, statistic)
    cells = grid(levels).join(facts, on=list(levels), how="left", maintain_order="left")
    if "staff" in rows.columns:
        cells = staff_behind(cells, rows, levels, GEOGRAPHY.name)
    return _complete(cells, statistic)


def _levels(population: Population, table: Counted, codes: dict[str, Codes]) -> Levels:
    """Return the codes shown of each dimension; a dimension that is not crossed shows its root."""
    shown = {b.name: b for b in table.by}
    levels = {
        name: listed.at(shown[name].levels) if name in shown else (listed.root,)
        for name, listed in codes.items()
    }
    if population.stock and QUARTER.name in levels:
        levels[QUARTER.name] = tuple(
            c for c in levels[QUARTER.name] if c in codes[QUARTER.name].leaves
        )
    return Levels(levels, codes)


def _facts(statistic: Statistic, rows: pl.DataFrame, levels: Levels) -> pl.DataFrame:
    if statistic.kind == "date":
        leaves = reduce(
            lambda frame, name: frame.filter(pl.col(name).is_in(levels[name])), levels, rows
        )
        return leaves.select(
            *levels,
            pl.col(statistic.name).cast(pl.Date).cast(pl.Int32).cast(pl.Int64).alias("value"),
        )
    if statistic.kind == "count":
        finest = rows.group_by(*levels).agg(
            pl.len().cast(pl.Int64).alias("value"),
            (pl.col("record_key").sum() % KEY_MODULUS).alias("people_key"),
        )
        return rolled_up(finest, levels).with_columns(pl.col("people_key") % KEY_MODULUS)
    return contributions(rows, statistic.name, levels)


def _contributions(
    asked: list[Counted],
    rows: pl.DataFrame,
    cells: pl.DataFrame,
    codes: dict[str, Codes],
    population: Population,
) -> pl.DataFrame | None:
    """Return who contributed what to each cell that has a figure; None where nobody is named."""
    if "contributor" not in rows.columns:
        return None
    parts = [
        shares(rows, statistic.name, _levels(population, table, codes)).select(
            *codes, pl.lit(statistic.name).alias("statistic"), pl.exclude(*codes)
        )
        for table in asked
        for statistic in table.statistics
        if statistic.kind not in ("count", "date")
    ]
    if not parts:
        return None
    keys = [*codes, "statistic"]
    figures = cells.filter(pl.col("mark") == "").select(keys)
    found = pl.concat(parts).unique([*keys, "contributor"], keep="first")
    return found.join(figures, on=keys, how="semi").sort(*keys, "contributor")


def _complete(cells: pl.DataFrame, statistic: Statistic) -> pl.DataFrame:
    """Give every cell all columns; a count or sum without rows is zero, a missing date has `x`."""
    absent = [name for name in COUNTED if name not in cells.columns and name != "mark"]
    filled = cells.with_columns(pl.lit(None, pl.Int64).alias(name) for name in absent)
    if "mark" not in filled.columns:
        filled = filled.with_columns(mark=pl.lit(""))
    if statistic.kind == "date":
        filled = filled.with_columns(
            mark=pl.when(pl.col("value").is_null()).then(pl.lit("x")).otherwise(pl.col("mark"))
        )
    else:
        filled = filled.with_columns(pl.col("value").fill_null(0), pl.col("mark").fill_null(""))
    dimensions = [c for c in filled.columns if c not in COUNTED]
    return filled.select(*dimensions, pl.lit(statistic.name).alias("statistic"), *COUNTED)


def _marked(
    population: Population,
    cells: pl.DataFrame,
    rows: pl.DataFrame,
    availability: pl.DataFrame,
    codes: dict[str, Codes],
) -> pl.DataFrame:
    """Mark the cells of each statistic that have no figure."""
    parts = []
    for statistic in population.statistics:
        own = cells.filter(pl.col("statistic") == statistic.name)
        marks = marks_of(population, statistic, rows, availability, codes)
        parts.append(own if marks is None else marked(own, marks, codes))
    return pl.concat(parts)


def _without_marked_values(cells: pl.DataFrame) -> pl.DataFrame:
    """Drop the values of marked cells: they are not published, and must add nothing."""
    return cells.with_columns(
        pl.when(pl.col("mark").is_in(["x", "z"])).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("value", "cell_key", "contributors", "largest", "largest_other")
    )
