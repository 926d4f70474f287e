"""The cheapest pattern of a small component, and a proven least cost where time does not suffice.

A programme over 0 and 1 holds one variable for each cell that may be withheld, and inequalities
that every safe pattern keeps. Those that its solution breaks are added, first with shares of
cells allowed, then over whole cells, until the attacker finds nothing. What comes out counts only
when every sensitive cell has its witness, checked in whole numbers like any other.
Source: Fischetti and Salazar (2001), Management Science 47; see `cuts`.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from disclosure.bounds import prices
from disclosure.cover import Cover
from disclosure.cuts import Attacker, Target
from disclosure.effort import Effort
from disclosure.growing import Growing
from disclosure.improve import cost_of, improve, pattern_of
from disclosure.intervals import open_each_way, protect_all, witness_within
from disclosure.system import TableSystem

LARGEST = 5_000
"""Components of more cells that may move than this are left to the heuristics."""

FEW = 10
"""Shares of cells are left when fewer than one target in ten teaches something."""

NEAR = (400,)
FURTHER = (400, 1_600, 1 << 60)
"""An attacker near the cell is found sooner; one that sees everything, last."""

_UNDER = 1 - 1e-6


def optimum(cover: Cover, effort: Effort) -> tuple[Cover, float]:
    """Return witnesses at the same cost or less, and a cost that no safe pattern undercuts.

    The bound is that of intervals in fractions, without single contributors: whole numbers and
    contributors who know their own cell can only ask for more.
    """
    system = cover.system
    price = prices(system)
    bound = float(price.sum())
    for cells in _components(system):
        if not effort.enough():
            break
        rows = np.unique(system.columns[:, cells].indices)
        ascent = float(price[rows].sum())
        search = _Search(cover, cells, effort)
        if search.cost() > ascent / _UNDER:
            search.run()
            cover = search.best
            bound += max(search.bound - ascent, 0.0)
    return cover, bound


def _components(system: TableSystem) -> list[np.ndarray]:
    """Return the sets of cells, tied by sums, in which sensitive cells can move; small ones."""
    moving = np.flatnonzero(~system.publish)
    touched = abs(system.columns[:, moving])
    ties = sparse.csr_matrix(touched.T @ touched)
    labels = connected_components(ties, directed=False)[1]
    found = []
    for label in np.unique(labels[system.sensitive[moving]]):
        cells = moving[labels == label]
        if len(cells) <= LARGEST:
            found.append(cells)
    return found


class _Search:
    """One component: what is known of its cheapest pattern."""

    def __init__(self, cover: Cover, cells: np.ndarray, effort: Effort) -> None:
        self.best, self.system, self.effort = cover, cover.system, effort
        self.cells = cells
        self.free = cells[~self.system.sensitive[cells]]
        self.bound = 0.0
        self.pool = list(cover.pool)
        costs = self.system.cost[self.free]
        self.whole_costs = bool((costs == np.floor(costs)).all())

    def cost(self) -> float:
        """Return what the best pattern withholds in this component."""
        return float(self.system.cost[self.free[pattern_of(self.best)[self.free]]].sum())

    def run(self) -> None:
        """Improve pattern and bound until they meet, or the work is done."""
        attacker = Attacker(self.system, self.cells, self.effort)
        master = Growing(self.system.cost[self.free], np.ones(len(self.free)), self.effort)
        for cut in attacker.bridgeless():
            master.add(cut.columns, cut.factors, cut.least)
        if self._in_shares(attacker, master):
            self._in_whole(attacker, master)

    def _in_shares(self, attacker: Attacker, master: Growing) -> bool:
        """Add what shares of cells break, until that is little; tell whether work is left."""
        targets = attacker.targets()
        while self.effort.enough() and master.solve():
            self._prove(master.value)
            withheld = self._withheld(attacker, master.solution)
            if _add(master, attacker, withheld, targets, NEAR) * FEW <= len(targets):
                return self.effort.enough()
        return False

    def _in_whole(self, attacker: Attacker, master: Growing) -> None:
        """Add what whole cells break, and keep every pattern that turns out safe and cheaper."""
        while self.effort.enough():
            known = pattern_of(self.best)[self.free].astype(np.float64)
            least = master.solve_whole(known)
            if least is None:
                return
            self._prove(least)
            solution = np.rint(master.solution)
            targets = attacker.targets_of(self._try(solution))
            if self.bound >= self.cost() * _UNDER:
                return
            withheld = self._withheld(attacker, solution)
            if not _add(master, attacker, withheld, targets, FURTHER):
                return

    def _withheld(self, attacker: Attacker, solution: np.ndarray) -> np.ndarray:
        withheld = np.ones(len(self.cells))
        withheld[attacker.free] = np.clip(solution, 0.0, 1.0)
        return withheld

    def _prove(self, least: float) -> None:
        least = float(np.ceil(least - 1e-4)) if self.whole_costs else least * _UNDER
        self.bound = max(self.bound, least)

    def _try(self, solution: np.ndarray) -> np.ndarray:
        """Give a pattern its witnesses; return the cells that have none in it.

        For those more is withheld; what comes out is kept if it is cheaper.
        """
        suppressed = pattern_of(self.best)
        suppressed[self.free] = solution > 0.5
        other = Cover(self.system)
        other.add_all(one for one in self.pool if suppressed[one.cells].all())
        witness_within(other, suppressed, self.effort)
        left = other.open_cells()
        open_each_way(other, suppressed, self.effort)
        protect_all(self.system, other, suppressed, self.effort)
        self.pool += other.witnesses
        if not len(other.open_cells()):
            other, _ = improve(other, suppressed, self.effort, rounds=0)
            if cost_of(other) < cost_of(self.best):
                self.best = other
        return left


def _add(
    master: Growing,
    attacker: Attacker,
    withheld: np.ndarray,
    targets: list[Target],
    sizes: tuple[int, ...],
) -> int:
    """Add the inequalities that a pattern breaks; return how many."""
    count = 0
    for target in targets:
        if not attacker.effort.enough():
            break
        tried = (attacker.cut(withheld, target, size) for size in sizes)
        cut = next((cut for cut in tried if cut is not None), None)
        if cut is not None:
            master.add(cut.columns, cut.factors, cut.least)
            count += 1
    return count
