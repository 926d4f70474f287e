"""Cell-key perturbation of magnitudes: noise in proportion to the largest contribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from disclosure.errors import DesignError, TableError
from disclosure.methods.method import OfStatistics, applies
from disclosure.methods.rules import check_statistics, check_whole
from disclosure.methods.treated import TreatedTable
from disclosure.perturbation.readings import FigureReading, Proportion
from disclosure.phrase import Phrase
from disclosure.tables.cells import KEY_MODULUS
from disclosure.tables.relations import Ints

STEPS = 60  # sizes of noise to each side; twice this divides KEY_MODULUS
LARGEST = 10**13  # a contribution that int64 can still multiply by its share

PERTURB_MAGNITUDES_SQL = """
with leveled as (
    select *, (cell_key * 120 // 4294967280)::bigint as level from magnitudes
),
noise as (
    select
        * exclude (level),
        (2 * largest * ($least * 59 + ($most - $least) * (level % 60)) + 59000) // 118000 as size,
        case when level < 60 then -1 else 1 end as sign
    from leveled
)
select * exclude (size, sign), (value + sign * size)::bigint as published from noise
"""
"""`noisy` for DuckDB, over `magnitudes` (value, cell_key, largest); sizes in thousandths.

The numbers are those of `noisy` with 60 STEPS and KEY_MODULUS, multiplied out.
"""


def noisy(value: Ints, key: Ints, largest: Ints, least: int, most: int) -> Ints:
    """Return each value changed by `least` to `most` thousandths of its largest contribution.

    The key picks the side and one of `STEPS` sizes, all equally often, so the noise has no bias.
    The arithmetic is in whole numbers, with halves rounded away from zero on both sides.
    """
    level = key * (2 * STEPS) // KEY_MODULUS
    share = least * (STEPS - 1) + (most - least) * (level % STEPS)
    size = (2 * largest * share + 1000 * (STEPS - 1)) // (2000 * (STEPS - 1))
    return np.asarray(value + np.where(level < STEPS, -1, 1) * size, dtype=np.int64)


@dataclass(frozen=True)
class CellKeyMagnitude(OfStatistics):
    """Publish amounts with noise of `least` to `most` thousandths of the largest contribution.

    The cell key picks the noise, so the same contributors give the same figure everywhere. The
    noise is never smaller than `least`, so the largest contributor cannot be estimated more
    closely, and it has no bias. Totals of many contributors change little. Parts need not add up.

    Source: Evans, Zayatz and Slanta (1998), Using noise for disclosure limitation of establishment
    tabular data; Giessing and Tent (2019), Concepts for generalising tools implementing the cell
    key method to the case of continuous variables.
    """

    least: int = 50
    most: int = 150
    statistics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_statistics(self.statistics)
        check_whole("The least noise in thousandths", self.least, 1, 999)
        check_whole("The largest noise in thousandths", self.most, 1, 999)
        if self.least > self.most:
            raise DesignError("Noise needs 0 < least <= most < 1000 thousandths.")

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Add noise to every figure of `statistics` (of all, when none are named)."""
        where = table.among(self.statistics)
        largest = np.maximum(
            table.cells["largest"].fill_null(0).to_numpy(),
            table.cells["largest_other"].fill_null(0).to_numpy(),
        )
        keyless = where & (largest > 0) & table.mask(pl.col("cell_key").is_null())
        if keyless.any():
            row = int(np.flatnonzero(keyless)[0])
            raise TableError(f"{table.source.name}: {table.source.key(row)} has no cell key.")
        if (where & (largest > LARGEST)).any():
            raise TableError(f"{table.source.name}: no contribution may be above {LARGEST}.")
        value = table.cells["value"].fill_null(0).to_numpy()
        key = table.cells["cell_key"].fill_null(0).to_numpy()
        published = np.where(where, noisy(value, key, largest, self.least, self.most), 0)
        return table.read_as(where, published, Proportion(self.most))

    def reading(self, statistic: str, before: FigureReading) -> FigureReading:
        """Return the share of the true amount that noise may reach."""
        return Proportion(self.most) if applies(self.statistics, statistic) else before

    def words(self) -> Phrase:
        """Return the sentence, with the least and the largest noise in thousandths."""
        return Phrase("cell_key_magnitude", {"least": self.least, "most": self.most})
