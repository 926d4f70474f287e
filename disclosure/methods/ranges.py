"""What figures and sums leave of true counts: ranges, chances, and where these say too much."""

from __future__ import annotations

import numpy as np
import polars as pl

from disclosure.inference.deduction import Floats, Mask, propagate
from disclosure.methods.treated import TreatedTable
from disclosure.perturbation.splits import NOTHING, UNKNOWN, likeliest


def ends(table: TreatedTable) -> tuple[Floats, Floats]:
    """Return the least and greatest true value of each cell that figures and sums allow."""
    least = table.cells["least"].to_numpy().astype(np.float64)
    most = table.cells["most"].cast(pl.Float64).fill_null(np.inf).to_numpy()
    marked = table.mask(pl.col("mark") != "")
    least, most = np.where(marked, 0.0, least), np.where(marked, 0.0, most)
    return propagate(table.source.relations, least, most, float(table.source.tolerance))


def small_counts_of(table: TreatedTable, low: Floats, high: Floats) -> Mask:
    """Say for each count whether it is certain to be 1 to base - 1, or is withheld but certain."""
    result = np.zeros(table.cells.height, dtype=np.bool_)
    for statistic, base in table.bases.items():
        of = table.mask((pl.col("statistic") == statistic) & (pl.col("mark") == ""))
        result |= of & (low >= 1) & ((high < base) | (table.withheld & (low == high)))
    return result


def too_likely(table: TreatedTable) -> Mask:
    """Say for each drawn count whether one sum makes it too likely to be small, or to be zero."""
    result = np.zeros(table.cells.height, dtype=np.bool_)
    if not table.likely:
        return result
    published = table.cells["published"].fill_null(UNKNOWN).to_numpy()
    figures = np.where(table.mask(pl.col("mark") != ""), NOTHING, published)
    for statistic, drawn in table.draws.items():
        of = table.mask((pl.col("statistic") == statistic) & (pl.col("mark") == ""))
        small, zero = likeliest(drawn, table.source.relations, figures, of)
        result |= of & (np.maximum(small, zero) * 100 >= table.likely)
    return result
