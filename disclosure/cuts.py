"""What a pattern must withhold so that one cell keeps its interval, as linear inequalities.

Any weighted sum of sums that holds the sensitive cell once says that the cell can move no further
than the withheld cells in it let it: each of them may lose its value, and gain without limit. So
the room that its withheld cells give must reach the protection of the cell: a capacity cut.
Source: Fischetti and Salazar (2001), "Solving the cell suppression problem on tabular data with
linear constraints", Management Science 47: capacity and bridgeless inequalities.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from disclosure.effort import Effort
from disclosure.growing import Growing
from disclosure.system import TableSystem

DENOMINATOR = 5_040
"""Weights of sums are taken as whole multiples of its inverse, so that their sums are exact."""

WIDEST = 80
"""A sum of more cells than this gives no bridgeless inequalities: there is one for each cell."""

LEAST_GAIN = 1e-4
TINY = 1e-5
_OVER = 1 + 1e-9


@dataclass(frozen=True, eq=False)
class Cut:
    """The row factors @ x[columns] >= least, over the cells that may be withheld or not."""

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
    """Finds what a pattern lacks: the sums by which a sensitive cell is known too well.

    It sees one component: `cells`, ascending, and the sums over them, whole. `free` are those of
    them that may be withheld or not.
    """

    def __init__(self, system: TableSystem, cells: np.ndarray, effort: Effort) -> None:
        sums = system.columns[:, cells].tocsr()
        self.sums = sums[np.diff(sums.indptr) > 0]
        self.by_cell = self.sums.T.tocsr().astype(np.int64)
        self.system, self.cells = system, cells
        self.values = system.values[cells].astype(np.float64)
        self.sensitive = system.sensitive[cells]
        self.free = np.flatnonzero(~self.sensitive)
        self.column = np.cumsum(~self.sensitive) - 1
        self.programme = Growing(np.zeros(len(cells)), np.zeros(len(cells)), effort)
        self.programme.keep_sums(self.sums)
        self.aim = 0

    def targets(self) -> list[Target]:
        """Return what every sensitive cell needs; once where up and down are the same question."""
        found = []
        for place in np.flatnonzero(self.sensitive).tolist():
            cell = self.cells[place]
            up, down = float(self.system.up[cell]), float(self.system.down[cell])
            ways = [Target(place, up, 1), Target(place, down, -1)]
            if self.system.integer and up == down == 1:
                ways.pop()
            found += [target for target in ways if target.level > 0]
        return found

    def bridgeless(self) -> Iterator[Cut]:
        """Yield: what moves in a sum does not move alone; an idle cell is not worth withholding."""
        for start, stop in zip(self.sums.indptr[:-1], self.sums.indptr[1:], strict=True):
            places = self.sums.indices[start:stop]
            open_places = places[~self.sensitive[places]]
            held = len(places) - len(open_places)
            columns, ones = self.column[open_places], np.ones(len(open_places))
            if held == 1 and len(columns):
                yield Cut(columns, ones)
            if not held and len(columns) <= WIDEST:
                for place in range(len(columns)):
                    factors = ones.copy()
                    factors[place] = -1.0
                    yield Cut(columns, factors, 0.0)

    def cut(self, withheld: np.ndarray, target: Target) -> Cut | None:
        """Return an inequality that `withheld` (shares, by cell) breaks, or None."""
        lower, upper = self._room(np.minimum(withheld + TINY, 1.0), target)
        solver = self.programme.solver
        solver.changeColsBounds(len(self.cells), self.programme.all, -lower, upper)
        solver.changeColCost(self.aim, 0.0)
        solver.changeColCost(target.cell, -1.0)
        self.aim = target.cell
        solved = self.programme.solve()
        if not solved or -self.programme.value >= target.level * (1 - LEAST_GAIN):
            return None
        return self._lifted(np.asarray(solver.getSolution().row_dual), withheld, target)

    def _room(self, withheld: np.ndarray, target: Target) -> tuple[np.ndarray, np.ndarray]:
        """Return how far each cell may fall and rise; nothing needs to move more than the target.

        That is a choice of where to look, not an assumption: `_lifted` makes any sum a valid cut.
        """
        fall = np.minimum(self.values, target.level) * withheld
        rise = target.level * withheld
        if target.way < 0:
            fall, rise = rise, fall
        fall[target.cell], rise[target.cell] = 0.0, target.level
        return fall, rise

    def _lifted(self, weights: np.ndarray, withheld: np.ndarray, target: Target) -> Cut | None:
        """Return the capacity cut of a weighted sum of sums, in whole numbers until the last."""
        moves = self.by_cell @ np.rint(weights * DENOMINATOR).astype(np.int64)
        once = int(moves[target.cell])
        if not once:
            return None
        share = moves / once
        share[target.cell] = 0.0
        limited = share > 0 if target.way > 0 else share < 0
        room = np.where(limited, np.abs(share) * self.values / target.level * _OVER, 1.0)
        room = np.minimum(np.where(share == 0.0, 0.0, room), 1.0)
        least = 1.0 - float(room[self.sensitive].sum())
        if least <= LEAST_GAIN:
            return None
        factors = np.minimum(room[self.free], least) / least
        if factors @ withheld[self.free] > 1 - LEAST_GAIN:
            return None
        columns = np.flatnonzero(factors)
        return Cut(columns, factors[columns])
