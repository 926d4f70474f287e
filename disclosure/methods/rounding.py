"""Conventional and random rounding to a base, and what it reveals. See also `controlled`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from disclosure import inference
from disclosure.inference.deduction import propagate
from disclosure.methods.cell_key import CellKey
from disclosure.methods.method import OfStatistics, applies
from disclosure.methods.rules import check_statistics, check_whole
from disclosure.methods.treated import TreatedTable
from disclosure.perturbation.readings import FigureReading, Rounded
from disclosure.phrase import Phrase


@dataclass(frozen=True)
class Round(OfStatistics):
    """Publish figures to the nearest multiple of `base`, halves up.

    After a method that publishes multiples of the base, as `CellKey` does, it changes nothing and
    only records the base. On exact figures it is conventional rounding. The interval that a reader
    can conclude is noted for the audit, since rounded parts and totals together may reveal more
    than either alone.

    Source: Hundepool et al. (2012), Statistical Disclosure Control, section 5.4.
    """

    base: int = 5
    statistics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_statistics(self.statistics)
        check_whole("The base of rounding", self.base, 1)

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Round every figure of `statistics` (of all, when none are named)."""
        named = table.named(table.among(self.statistics))
        loose = tuple(name for name in named if table.bases.get(name, 1) % self.base)
        if not loose:
            return table
        where = table.among(loose)
        before = table.cells["published"].fill_null(0).to_numpy()
        least = table.cells["least"].to_numpy()
        most = table.cells["most"].fill_null(0).to_numpy()
        half = self.base // 2
        rounded = (before + half) // self.base * self.base
        # the figures that are rounded to this one are multiples of the base that they had before
        grid = np.array([table.bases.get(name, 1) for name in table.cells["statistic"]])
        first = -(-(rounded - half) // grid) * grid
        last = (rounded + self.base - 1 - half) // grid * grid
        low = np.maximum(first - (before - least), 0)
        high = last + (most - before)
        return table.shown(where, rounded, low, high, self.base)

    def reading(self, statistic: str, before: FigureReading) -> FigureReading:
        """Return the range that rounding adds; none where figures are multiples already."""
        if before.base % self.base == 0 or not applies(self.statistics, statistic):
            return before
        return Rounded(self.base, before)

    def words(self) -> Phrase:
        """Return the sentence, with the base."""
        return Phrase("round", {"base": self.base})


@dataclass(frozen=True)
class RandomRound(OfStatistics):
    """Publish figures as one of the two nearest multiples of `base`, at random without bias.

    The cell key draws, so the same cell is rounded in the same way everywhere. This is `CellKey`
    with the smallest variance and change that multiples of `base` allow. A multiple stays as it is.
    Source: Fellegi (1975), Controlled random rounding; Hundepool et al. (2012), section 5.4.2.
    """

    base: int = 5
    statistics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_statistics(self.statistics)
        check_whole("The base of random rounding", self.base, 1)
        _ = self.cell_key

    @property
    def cell_key(self) -> CellKey:
        """The cell key that draws."""
        variance = max(rest * (self.base - rest) for rest in range(self.base))
        return CellKey(self.base, float(variance), self.base - 1, self.statistics)

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Round every figure of `statistics` (of all, when none are named)."""
        return self.cell_key.treat(table)

    def reading(self, statistic: str, before: FigureReading) -> FigureReading:
        """Return the distribution of the cell key that draws."""
        return self.cell_key.reading(statistic, before)

    def words(self) -> Phrase:
        """Return the sentence, with the base."""
        return Phrase("random_round", {"base": self.base})


def revealed(table: TreatedTable) -> pl.DataFrame:
    """Return what rounded figures and sums together reveal: one row per cell that they narrow.

    Columns: dimensions, "statistic", "published", "alone" (how many true values the figure alone
    leaves), "least" and "most" (the range of true values that figures and sums leave). No more
    confidential than the figures: every reader can work it out.
    """
    least, most = (table.cells[name].cast(pl.Float64) for name in ("least", "most"))
    shown = table.mask(pl.col("published").is_not_null())
    low = np.where(shown, least.to_numpy(), 0.0)
    marked = table.mask(pl.col("mark") != "")
    high = np.where(shown, most.to_numpy(), np.where(marked, 0.0, np.inf))
    extremes = inference.Extremes(
        table.source.relations, *propagate(table.source.relations, low, high)
    )
    ends = [extremes.examine(row, -np.inf, np.inf) for row in range(table.cells.height)]
    found = table.cells.select(
        *table.source.dimensions,
        "statistic",
        "published",
        alone=pl.col("most") - pl.col("least") + 1,
        least=pl.Series([end[0] for end in ends]),
        most=pl.Series([end[1] for end in ends]),
    )
    return found.filter(pl.col("most") - pl.col("least") + 1 < pl.col("alone"))
