"""What a pattern must withhold so that one cell keeps its interval, as linear inequalities.

In a weighted sum of sums that contains the sensitive cell once, the cell can move only as far as
the withheld cells in that sum allow: each may fall by its value and rise without limit. So the room
that these cells give must be at least the protection of the sensitive cell: a capacity cut.
Source: Fischetti and Salazar (2001), "Solving the cell suppression problem on tabular data with
linear constraints", Management Science 47: capacity and bridgeless inequalities.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from disclosure.algebra.effort import Effort
from disclosure.algebra.section import section
from disclosure.algebra.solver import Program, prices_of
from disclosure.suppression.repair import nearest
from disclosure.suppression.tuning import TUNING
from disclosure.tables.system import TableSystem


@dataclass(frozen=True, eq=False)
class Cut:
    """The inequality factors @ x[columns] >= least over the free cells; x is 1 where withheld."""

    columns: np.ndarray
    factors: np.ndarray
    least: float = 1.0


@dataclass(frozen=True)
class Target:
    """A cell that must be able to move by `level`: up (+1) or down (-1)."""

    cell: int
    level: float
    way: int


class Attacker:
    """Finds sums by which a sensitive cell is known too well.

    It sees one component: `cells`, in ascending order, and all sums over them. `free` are the cells
    that are not sensitive, so that a pattern may withhold them or not.
    """

    def __init__(self, system: TableSystem, cells: np.ndarray) -> None:
        sums = system.columns[:, cells].tocsr()
        self.sums = sums[np.diff(sums.indptr) > 0]
        self.by_cell = self.sums.T.tocsr().astype(np.int64)
        self.system, self.cells = system, cells
        self.room = system.room[cells].astype(np.float64)
        self.sensitive = system.sensitive[cells]
        self.free = np.flatnonzero(~self.sensitive)
        self.column = np.cumsum(~self.sensitive) - 1
        self.by_sum = self.sums.tocsc()
        self.length = np.diff(self.sums.indptr).astype(np.int64)
        self.price = TUNING.cut_cost_distance * np.log2(1 + system.cost[cells])

    def targets(self) -> list[Target]:
        """Return what every sensitive cell needs; one target where up and down are the same."""
        places = np.flatnonzero(self.sensitive)
        return self.targets_of(self.cells[places])

    def targets_of(self, cells: np.ndarray) -> list[Target]:
        """Return what these cells need."""
        found = []
        for place in np.searchsorted(self.cells, cells).tolist():
            cell = self.cells[place]
            up, down = float(self.system.up[cell]), float(self.system.down[cell])
            ways = [Target(place, up, 1), Target(place, down, -1)]
            if self.system.integer and up == down == 1:
                ways.pop()
            found += [target for target in ways if target.level > 0]
        return found

    def bridgeless(self, columns: np.ndarray) -> Iterator[Cut]:
        """Yield the inequalities that say that in a sum no cell moves alone.

        If a sum has one sensitive cell, another must be withheld; if it has none, a free cell is
        withheld only together with another. For the cells free[columns] and the sums over them.
        """
        asked = np.zeros(len(self.cells), dtype=bool)
        asked[self.free[columns]] = True
        for row in np.unique(self.by_sum[:, self.free[columns]].indices).tolist():
            places = self.sums.indices[self.sums.indptr[row] : self.sums.indptr[row + 1]]
            open_places = places[~self.sensitive[places]]
            held = len(places) - len(open_places)
            found, ones = self.column[open_places], np.ones(len(open_places))
            if held == 1:
                yield Cut(found, ones)
            if not held and len(found) <= TUNING.widest_bridgeless_sum:
                for place in np.flatnonzero(asked[open_places]):
                    factors = ones.copy()
                    factors[place] = -1.0
                    yield Cut(found, factors, 0.0)

    def cut(self, withheld: np.ndarray, target: Target, size: int, effort: Effort) -> Cut | None:
        """Return an inequality that `withheld` (a share for each cell) breaks, or None.

        The attacker uses the sums whose cells are all among the `size` nearest to the target.
        """
        price = np.where(withheld > 0.5, 0.0, self.price)
        near = np.sort(
            nearest(
                target.cell, min(size, len(price)), price, self.by_sum.indptr, self.by_sum.indices,
                self.sums.indptr, self.sums.indices,
            )
        )  # fmt: skip
        sums, whole = section(self.by_sum, near, self.length)
        fall, rise = self._room(np.minimum(withheld + TUNING.cut_share_floor, 1.0), target)
        aim = np.where(near == target.cell, -1.0, 0.0)
        zeros = np.zeros(len(whole))
        scale = target.level
        solved = prices_of(
            Program(
                sums, zeros, zeros, -fall[near] / scale, rise[near] / scale, aim,
            ),
            effort,
        )  # fmt: skip
        if solved is None or -solved[0] >= 1 - TUNING.least_cut_gain:
            return None
        weights = np.zeros(len(self.length))
        weights[whole] = solved[1]
        return self._lifted(weights, withheld, target)

    def _room(self, withheld: np.ndarray, target: Target) -> tuple[np.ndarray, np.ndarray]:
        """Return how far each cell may fall and rise; no cell needs to move more than the target.

        This only decides which cut is found: `_lifted` makes a valid cut of any sum.
        """
        fall = np.minimum(self.room, target.level) * withheld
        rise = target.level * withheld
        if target.way < 0:
            fall, rise = rise, fall
        fall[target.cell], rise[target.cell] = 0.0, target.level
        return fall, rise

    def _lifted(self, weights: np.ndarray, withheld: np.ndarray, target: Target) -> Cut | None:
        """Return the capacity cut of a weighted sum of sums, computed in whole numbers."""
        moves = self.by_cell @ np.rint(weights * TUNING.weight_denominator).astype(np.int64)
        once = int(moves[target.cell])
        if not once:
            return None
        share = moves / once
        share[target.cell] = 0.0
        limited = share > 0 if target.way > 0 else share < 0
        room = np.where(limited, np.abs(share) * self.room / target.level * TUNING.just_over, 1.0)
        room = np.minimum(np.where(share == 0.0, 0.0, room), 1.0)
        least = 1.0 - float(room[self.sensitive].sum())
        if least <= TUNING.least_cut_gain:
            return None
        factors = np.minimum(room[self.free], least) / least
        if factors @ withheld[self.free] > 1 - TUNING.least_cut_gain:
            return None
        columns = np.flatnonzero(factors)
        return Cut(columns, factors[columns])
