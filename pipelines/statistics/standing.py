"""Cells that readers have from an earlier release, unchanged since. Confidential: true cells."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from disclosure import CellTable
from schemas.dimension import QUARTER


def standing(table: CellTable, shown: pl.DataFrame, under_way: Collection[str]) -> pl.DataFrame:
    """Return the keys of the cells of `table` that were shown before with the value they have now.

    One row per such cell: its codes and its statistic. `shown` are protected cells of an earlier
    release; the periods `under_way` then have grown since, so their figures are of other cells.
    """
    keys = [*table.dimensions, "statistic"]
    figures = shown.filter(pl.col("status") == "").select(*keys, "value")
    if QUARTER.name in keys:
        figures = figures.filter(~pl.col(QUARTER.name).is_in(list(under_way)))
    return table.cells.join(figures, on=[*keys, "value"], how="semi").select(keys)
