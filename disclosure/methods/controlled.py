"""Controlled rounding: every figure becomes a multiple of the base, and parts still add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from disclosure import algebra, inference
from disclosure.errors import DesignError
from disclosure.inference.deduction import Ints, Mask, ZeroSums
from disclosure.methods.method import OfStatistics, applies
from disclosure.methods.rules import check_statistics, check_whole
from disclosure.methods.treated import TreatedTable
from disclosure.methods.tuning import TUNING
from disclosure.perturbation.readings import FigureReading, Range
from disclosure.phrase import Phrase
from disclosure.tables.cells import CellTable


@dataclass(frozen=True)
class ControlledRound(OfStatistics):
    """Publish multiples of `base` that add up, each as near to its true value as possible.

    Zero-restricted: a figure that is a multiple already, such as zero, stays. Every other figure
    goes to the multiple just below or just above, so that the sum of all changes is smallest. Up to
    `block` cells that sums tie together are one whole-number program. Of larger sets, the levels of
    the hierarchies are rounded from the top down, each within the totals fixed before: the result
    adds up but may not be the best. Two-way tables always have such a rounding. Where a table of
    more dimensions has none, or its levels have none, figures need to go up to `further` multiples
    further. That is declared, because readers then get a wider range of every figure.

    Source: Cox (1987), A constructive procedure for unbiased controlled rounding; Salazar-Gonzalez
    (2005), A unified mathematical programming framework for different statistical disclosure
    limitation methods; Hundepool et al. (2012), section 5.4.3.
    """

    base: int = 5
    statistics: tuple[str, ...] = ()
    block: int = 3_000
    further: int = 0

    def __post_init__(self) -> None:
        check_statistics(self.statistics)
        check_whole("The base of controlled rounding", self.base, 2)
        check_whole("The block of controlled rounding", self.block, 1)
        check_whole("How many multiples further a figure may be rounded", self.further, 0)

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Round every figure of `statistics` (of all, when none are named)."""
        value = table.cells["value"].fill_null(0).to_numpy()
        among = table.of(self.statistics)
        part = inference.components(table.source.relations, among)
        large = np.bincount(part[among], minlength=1) > self.block
        level = np.where(among, np.where(large[part], levels(table.source), 0), -1)
        rounded = in_blocks(table.source.relations, value, level, self.base, self.further)
        where = table.among(self.statistics)
        return table.read_as(where, np.where(where, rounded, 0), self.range)

    @property
    def range(self) -> Range:
        """How far the true value can be from a figure."""
        reach = self.base - 1 + self.further * self.base
        return Range(reach, reach, self.base)

    def reading(self, statistic: str, before: FigureReading) -> FigureReading:
        """Return the range: true values are rounded, not earlier figures."""
        return self.range if applies(self.statistics, statistic) else before

    def words(self) -> Phrase:
        """Return the sentence, with the base and how far a figure can be from its true value."""
        return Phrase("controlled_round", {"base": self.base, "reach": self.range.above})


def levels(table: CellTable) -> Ints:
    """Return how deep each cell is: the steps from its codes to their roots, added up."""
    deep = np.zeros(table.cells.height, dtype=np.int64)
    for dimension in table.dimensions:
        parents = table.hierarchies.get(dimension, {})
        steps = {}
        for code in table.cells[dimension].unique():
            at, steps[code] = code, 0
            while at in parents:
                at, steps[code] = parents[at], steps[code] + 1
        deep += np.array([steps[code] for code in table.cells[dimension]], dtype=np.int64)
    return deep


def in_blocks(sums: ZeroSums, value: Ints, level: Ints, base: int, furthest: int) -> Ints:
    """Return the rounded values; none goes more than `furthest` multiples beyond its neighbours.

    Cells of level 0 are rounded first; cells of level -1 are left out.
    """
    rounded = value.copy()
    of_sum = np.full(sums.count, -1, dtype=np.int64)
    np.maximum.at(of_sum, sums.relation, level[sums.cell])
    for at in range(int(level.max()) + 1):
        fixed = level < at
        for block, chosen in blocks(sums, level == at, of_sum == at):
            for further in range(furthest + 1):
                steps = solve(sums, chosen, block, fixed, rounded, value, base, further)
                if steps is not None:
                    break
            else:
                raise DesignError(
                    f"{len(block)} cells cannot be rounded to {base} and still add, with figures "
                    f"going {furthest} multiples further. Declare further={furthest + 1}."
                )
            rounded[block] = value[block] // base * base + steps * base
    return rounded


def blocks(sums: ZeroSums, is_open: Mask, usable: Mask) -> Iterator[tuple[Ints, Ints]]:
    """Yield (cells, entries) of each component of open cells tied by usable sums."""
    entries = np.flatnonzero(usable[sums.relation])
    used = SomeSums(sums, entries)
    part = inference.components(used, is_open)
    of_relation = np.full(sums.count, -1, dtype=np.int64)
    np.maximum.at(of_relation, used.relation, part[used.cell])
    for number in np.unique(part[is_open]):
        cells = np.flatnonzero(part == number)
        yield cells, entries[of_relation[used.relation] == number]


class SomeSums:
    """Some entries of sums, in the form of sums."""

    def __init__(self, sums: ZeroSums, entries: Ints) -> None:
        self.relation, self.cell = sums.relation[entries], sums.cell[entries]
        self.coefficient, self.count = sums.coefficient[entries], sums.count


def solve(
    sums: ZeroSums, entries: Ints, block: Ints, fixed: Mask, rounded: Ints, value: Ints, base: int,
    further: int,
) -> Ints | None:  # fmt: skip
    """Return, for each cell of a block, how many multiples above the one below it goes.

    None if there is no such rounding with figures going at most `further` multiples further.
    """
    rest = value[block] % base
    low = value // base
    cell, sign = sums.cell[entries], sums.coefficient[entries]
    _, row = np.unique(sums.relation[entries], return_inverse=True)
    count = int(row.max()) + 1 if len(row) else 0
    given = np.where(fixed[cell], rounded[cell] // base, low[cell]) * sign
    right = -np.bincount(row, given, count)
    is_free = ~fixed[cell]
    place = np.searchsorted(block, cell[is_free])
    cost = np.concatenate([base - 2.0 * rest, np.full(2 * len(block), TUNING.further_price * base)])
    more = np.full(len(block), further)
    most = np.concatenate([rest > 0, more, np.minimum(more, low[block])])
    if count == 0:
        return np.asarray((2 * rest > base).astype(np.int64))
    signs = sign[is_free]
    columns = np.concatenate([place, place + len(block), place + 2 * len(block)])
    entries_of_all = np.concatenate([signs, signs, -signs]), (np.tile(row[is_free], 3), columns)
    found = algebra.cheapest_whole(cost, most, entries_of_all, right, TUNING.controlled_nodes)
    if found is None:
        return None
    up, plus, minus = found.reshape(3, -1)
    steps = up + plus - minus
    exact = np.bincount(row[is_free], steps[place] * sign[is_free], count) == right
    return steps if exact.all() else None
