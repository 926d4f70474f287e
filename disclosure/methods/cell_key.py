"""Cell-key perturbation of counts: cells from records, the look-up in three forms, the method.

The three forms (numpy, Polars, DuckDB) use whole-number arithmetic and agree to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import polars as pl

from disclosure.errors import DesignError, TableError
from disclosure.methods.method import OfStatistics, applies
from disclosure.methods.rules import check_statistics, check_whole
from disclosure.methods.treated import TreatedTable
from disclosure.perturbation.proof_sheet import rows
from disclosure.perturbation.ptable import PerturbationTable, design
from disclosure.perturbation.readings import Distribution, FigureReading
from disclosure.phrase import Phrase
from disclosure.tables.cells import KEY_MODULUS

PEOPLE_KEY_SQL = f"(sum(record_key) % {KEY_MODULUS})::bigint"
"""The people key of a group of records in DuckDB, for a `select` that groups them."""

PERTURB_SQL = """
select cells.*, cells.value + ptable.change as published
from cells
join ptable
    on ptable.row_number = case
        when cells.value < $top then cells.value
        else $top + (cells.value - $top) % $base
    end
    and cells.cell_key >= ptable.first_key
    and cells.cell_key <= ptable.last_key
"""
"""`perturbed` for DuckDB, over `cells` (value, cell_key) and `ptable` (`ptable.frame`)."""


def look_up_parameters(table: PerturbationTable) -> dict[str, int]:
    """Return the parameters of `PERTURB_SQL`."""
    return {"top": table.top, "base": table.base}


def cells(records: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
    """Return one row per group of `records` (with a "record_key"): "value" and "people_key".

    The people key is the sum of the record keys, modulo KEY_MODULUS. With the name of the cell it
    makes the cell key, see `disclosure.tables.keys.cell_keys`.
    """
    return records.group_by(by).agg(
        pl.len().cast(pl.Int64).alias("value"),
        (pl.col("record_key").sum() % KEY_MODULUS).alias("people_key"),
    )


def perturbed(cells: pl.LazyFrame, table: PerturbationTable) -> pl.LazyFrame:
    """Return `cells` (value, cell_key) with "published", looked up in `table` by Polars.

    One row per cell given.
    """
    value, key = pl.col("value"), pl.col("cell_key")
    repeated = table.top + (value - table.top) % table.base
    row = pl.when(value < table.top).then(value).otherwise(repeated)
    return (
        cells.with_columns(row.alias("row_number"))
        .join(table.frame.lazy(), on="row_number", maintain_order="left")
        .filter((key >= pl.col("first_key")) & (key <= pl.col("last_key")))
        .with_columns((value + pl.col("change")).alias("published"))
        .drop("row_number", "first_key", "last_key", "change")
    )


@dataclass(frozen=True)
class CellKey(OfStatistics):
    """Publish counts as multiples of `base`, changed at random but always in the same way.

    The cell key picks the change from a table that `ptable.design` makes: no bias for any true
    count, zeros stay zero, a variance of at most `variance`, no change beyond `largest_change`. It
    depends on the units in the cell and on which cell it is (`cell_keys`). So the same cell with
    the same units has the same figure in every table and every release: nothing is gained by asking
    again. Another cell with the same units has noise of its own. Parts need not add up to totals.

    Source: Fraser and Wooton (2005), A proposed method for confidentialising tabular output to
    protect against differencing; Thompson, Broadfoot and Elazar (2013), the ABS TableBuilder.
    """

    base: int = 5
    variance: float = 8.0
    largest_change: int = 9
    statistics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_statistics(self.statistics)
        check_whole("The base", self.base, 1)
        check_whole("The largest change", self.largest_change, 0)
        if isinstance(self.variance, bool) or not isinstance(self.variance, int | float):
            raise DesignError(f"The variance is {self.variance!r}. Give a number.")
        design(self.base, self.variance, self.largest_change)

    @property
    def ptable(self) -> PerturbationTable:
        """The perturbation table of these parameters."""
        return design(self.base, self.variance, self.largest_change)

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Perturb every figure of `statistics` (of all, when none are named)."""
        where = table.among(self.statistics)
        keyless = where & table.mask(pl.col("cell_key").is_null() & (pl.col("value") > 0))
        if keyless.any():
            row = int(np.flatnonzero(keyless)[0])
            raise TableError(f"{table.source.name}: {table.source.key(row)} has no cell key.")
        counts = table.cells["value"].fill_null(0).to_numpy()
        keys = table.cells["cell_key"].fill_null(0).to_numpy()
        published = np.where(where, self.ptable.perturb(counts, keys), 0)
        return table.read_as(where, published, Distribution(self.ptable))

    def reading(self, statistic: str, before: FigureReading) -> FigureReading:
        """Return the distribution of the table: true counts are perturbed, not earlier figures."""
        return Distribution(self.ptable) if applies(self.statistics, statistic) else before

    def words(self) -> Phrase:
        """Return the sentence, with the parameters and the largest standard errors of the table.

        They are those of one figure and of the difference of two, to one decimal.
        """
        error = max(sqrt(row.variance) for row in rows(self.ptable))
        figures = {
            "base": self.base,
            "variance": self.variance,
            "largest_change": self.largest_change,
            "standard_error": round(error, 1),
            "difference_error": round(sqrt(2) * error, 1),
        }
        return Phrase("cell_key", figures)
